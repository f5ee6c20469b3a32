"""What can be asked about a task beside itself."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from lipwright import pipeline
from lipwright.request import Container
from lipwright.service.endpoints import tasks
from lipwright.service.endpoints.calls import Call, Reply, Service
from lipwright.service.jobs import Goal, Job, Word
from lipwright.service.orders import Kind, VideoOrder
from lipwright.service.pricing import price
from lipwright.service.problems import detail, invalid
from lipwright.service.wire import results as wire
from lipwright.service.wire.fields import read
from lipwright.service.wire.lipsyncs import LipsyncRequest, lipsync, lipsync_retrieve
from lipwright.service.wire.lipsyncs_v2 import lipsync_v2_retrieve
from lipwright.service.wire.problems import problems
from lipwright.service.wire.scenes import LipsyncV2Request
from lipwright.service.wire.tasks import word_alignments

SPOKEN = (*tasks.ALL_VIDEOS, Kind.PORTRAIT, Kind.SPEECH, Kind.REVOICE)
BYTES_A_SECOND = {Container.MP4: 118_000, Container.WEBM_ALPHA: 122_000}
"""Of 1080p, measured with a presenter that ships; a background that moves takes more."""
FULL_SIDE_PX = 1080
MORE_WORDS, FEW_WORDS = 2, 10
"""Edited words may be so many times as many as before, and a few more."""


def estimate_lipsync(call: Call) -> object:
    """What a video would come to; nothing is started."""
    return _estimate(call, read(LipsyncRequest, call.body, call.known).order())


def estimate_lipsync_v2(call: Call) -> object:
    """What a video of several scenes would come to; nothing is started."""
    base = call.service.settings.base_url
    return _estimate(call, read(LipsyncV2Request, call.body, call.known).order(base))


def _estimate(call: Call, order: VideoOrder) -> dict[str, object]:
    heard = any(scene.recording_url for scene in order.scenes)
    seconds, settings = order.estimated_s, call.service.settings
    share = (order.short_side_px / FULL_SIDE_PX) ** 2
    size = ceil(seconds * BYTES_A_SECOND[order.container] * share)
    return {
        "seconds": None if heard else round(float(seconds), 1),
        "credits": price(settings, order.tariff, Goal.VIDEO, seconds, drafted=False),
        "preview_credits": price(settings, order.tariff, Goal.PREVIEW, seconds, drafted=True),
        "bytes": None if heard else size,
    }


def retrieve_report(call: Call) -> object:
    """What was measured in the finished file."""
    job = tasks.own_job(call, SPOKEN)
    if job.report is None:
        raise detail(400, "There is no report yet; try again when the task is done.")
    return wire.report(job)


def captions_srt(call: Call) -> object:
    """The words as a SubRip file."""
    text = pipeline.subtitles([word.timed for word in _spoken(call).words], "srt")
    return Reply(text, media_type="application/x-subrip")


def captions_vtt(call: Call) -> object:
    """The words as a WebVTT file."""
    return Reply(
        pipeline.subtitles([word.timed for word in _spoken(call).words], "vtt"),
        media_type="text/vtt",
    )


def captions_json(call: Call) -> object:
    """Every word, when it begins and how long it is."""
    return word_alignments(_spoken(call))


def _spoken(call: Call) -> Job:
    job = tasks.own_job(call, SPOKEN)
    if not job.duration_s:
        raise detail(400, "The words are not known yet; try again when something was spoken.")
    return job


def edit_words(call: Call) -> object:
    """Spell the words of a finished preview anew, for the captions of its video."""
    return lipsync_retrieve(_respelled(call), call.service.urls)


def edit_words_v2(call: Call) -> object:
    """Spell the words of a finished preview of several scenes anew."""
    return lipsync_v2_retrieve(_respelled(call), call.service.urls)


def _respelled(call: Call) -> Job:
    service, job = call.service, tasks.own_job(call, tasks.ALL_VIDEOS)
    request = read(wire.WordsRequest, call.body, call.known)
    if not (job.goal is Goal.PREVIEW and job.preview_ready):
        raise detail(400, "Words can be edited when a preview is ready, until it is rendered.")
    _check_count(len(job.words), len(request.word_alignments))
    words = _keep_words(service, job, [word.text for word in request.word_alignments])
    if not service.records.reword(job, words):
        raise detail(400, "The task was rendered meanwhile.")
    return tasks.own_job(call, tasks.ALL_VIDEOS)


def _check_count(there: int, sent: int) -> None:
    """Whoever corrects captions adds a few words; a long text of another speech is a mistake."""
    if not there:
        raise detail(400, "No words were spoken in this task, so none can be edited.")
    if sent > (most := MORE_WORDS * there + FEW_WORDS):
        message = f"This task has {there} words; send at most {most}."
        raise invalid({"word_alignments": [message]})


def _keep_words(service: Service, job: Job, texts: Sequence[str]) -> list[Word]:
    """Put other words into the kept speech; these, with their times."""
    key = f"work/{job.id}/speech/speech.json"
    with TemporaryDirectory(dir=service.scratch) as name:
        folder = Path(name)
        kept = service.store.get(key, folder)
        if kept.parent != folder:
            kept = Path(shutil.copyfile(kept, folder / kept.name))
        words = [Word.of(word) for word in service.catalogue.renderer.respell(folder, texts)]
        captions = folder / "captions.vtt"
        captions.write_text(pipeline.subtitles([word.timed for word in words], "vtt"), "utf-8")
        service.store.put(key, kept)
        service.store.put(f"public/{job.id}/captions.vtt", captions)
    return words


def create_batch(call: Call) -> object:
    """Start up to 500 videos: all of them, or none."""
    request = read(wire.BatchRequest, call.body, call.known)
    asked = [(each.order(), each.echo()) for each in request.requests]
    jobs = tasks.all_started(call, Kind.VIDEO, Goal.VIDEO, asked)
    return {"results": [lipsync(job, call.service.urls) for job in jobs]}


def list_errors(call: Call) -> object:
    """Every way to fail, and whether to try again."""
    return problems()
