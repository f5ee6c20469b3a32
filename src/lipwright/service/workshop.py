"""The steps of a job, each of which may be done again: deterministic keys, whole files only.

Nothing here knows about workflows; `engine` says what follows what.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lipwright import pipeline
from lipwright.errors import InvalidRequest, LipwrightError, RenderFailed, UnreadableMedia
from lipwright.service.catalogue import Catalogue
from lipwright.service.child import Task
from lipwright.service.crew import Crew
from lipwright.service.fetch import Fetcher
from lipwright.service.forecast import Step
from lipwright.service.jobs import Goal, Job, State, Word
from lipwright.service.making import Maker
from lipwright.service.metrics import ENDED, FILMED
from lipwright.service.noting import noted
from lipwright.service.orders import RevoiceOrder, Stage, VideoOrder
from lipwright.service.pace import Tally
from lipwright.service.pacing import repeated
from lipwright.service.pricing import price
from lipwright.service.records import Records, as_body
from lipwright.service.renderer import VideoRequest
from lipwright.service.requests import Requests
from lipwright.service.scene_orders import Asset
from lipwright.service.settings import Settings
from lipwright.service.storage import KINDS_OF_FILES, Store, content_type
from lipwright.service.trials import Trials
from lipwright.service.uploads import Uploads
from lipwright.service.urls import Urls
from lipwright.service.webhooks import Messenger
from lipwright.service.wire import tasks


@dataclass(frozen=True, slots=True)
class Workshop:
    """Does the steps, with everything they need."""

    settings: Settings
    records: Records
    store: Store
    urls: Urls
    catalogue: Catalogue
    files: Fetcher
    receivers: Fetcher
    scratch: Path
    """Folder for files under way; on the disk of a `FolderStore`, so that moving is renaming."""
    crew: Crew
    trials: Trials

    async def collect(self, job: Job) -> None:
        """Fetch the caller's files, unless an earlier try did."""
        had = await asyncio.to_thread(self.store.names, f"work/{job.id}")
        for asset in job.order.assets():
            if asset.name not in had:
                await self._collect(job, asset)

    async def _collect(self, job: Job, asset: Asset) -> None:
        async with self._folder() as folder:
            try:
                await self._fetch(job, asset.url, folder / asset.name)
            except LipwrightError as error:
                kind = InvalidRequest if isinstance(error, InvalidRequest) else RenderFailed
                raise kind(f"The {asset.what} could not be fetched: {error}") from error
            await asyncio.to_thread(
                self.store.put, f"work/{job.id}/{asset.name}", folder / asset.name
            )

    def stages(self, job: Job) -> list[Stage]:
        """What is to be done for the job now, in order; nothing if it is at its end."""
        if not self.records.start(job):
            return []
        self.records.pace.begin(job)
        made = job.drafted and job.goal is Goal.VIDEO  # for the preview
        return [stage for stage in job.order.stages if not (made and stage is Stage.MAKE)]

    async def make(self, job: Job) -> dict[str, Any]:
        """Make what is not a video; the report."""
        maker = Maker(
            self.settings, self.records, self.store, self.catalogue, self.crew, self.scratch
        )
        report = await maker.make(job)
        await asyncio.to_thread(self.records.pace.end_step, job, Step.MAKE)
        return report

    async def _fetch(self, job: Job, url: str, path: Path) -> None:
        upload_id = self.urls.upload_id(url)
        if upload_id is None:
            await self.files.download(url, path)
        else:
            await asyncio.to_thread(self._copy_upload, job.account_id, upload_id, path)

    def _copy_upload(self, account_id: str, upload_id: str, path: Path) -> None:
        uploads = Uploads(self.records.engine, self.store, self.scratch, self.settings)
        upload = uploads.find(account_id, upload_id)
        if upload is None or not upload.is_whole:
            raise UnreadableMedia("There is no such upload, or not all of it was sent.")
        shutil.copyfile(uploads.content(upload, path.parent), path)

    async def speak(self, job: Job) -> list[list[int]]:
        """Make the speech; the frames of each segment, as [start, stop]."""
        tally = Tally()
        async with self._folder() as folder, self._under_way(job, Step.SPEAK, tally):
            speech = folder / "speech"
            speech.mkdir()
            request = await asyncio.to_thread(self._request, job, folder)
            async with noted(self.store, job.id, folder) as notes:
                task = Task(request=request, speech=speech, notes=notes, **self._task("speak", job))
                said = await self.crew.attempt(task, tally.advance)
            words = [Word(**word) for word in said["words"]]
            await asyncio.to_thread(self._keep_speech, job, speech)
            await asyncio.to_thread(self._keep_captions, job, words, folder)
            await asyncio.to_thread(self.records.spoken, job, words, said["duration_s"])
        await asyncio.to_thread(self.records.pace.end_step, job, Step.SPEAK)
        segments: list[list[int]] = said["segments"]
        return segments

    def _keep_speech(self, job: Job, speech: Path) -> None:
        if job.drafted:
            public = speech.parent / "speech.wav"
            os.link(speech / "speech.wav", public)
            self.store.put(f"public/{job.id}/speech.wav", public)
        for path in sorted(speech.iterdir()):
            self.store.put(f"work/{job.id}/speech/{path.name}", path)

    def _keep_captions(self, job: Job, words: list[Word], folder: Path) -> None:
        path = folder / "captions.vtt"
        path.write_text(pipeline.subtitles([word.timed for word in words], "vtt"), "utf-8")
        self.store.put(f"public/{job.id}/captions.vtt", path)

    async def draw(self, job: Job, part: int, frames: tuple[int, int], frame_count: int) -> None:
        """Draw one segment."""
        tally = Tally(frame_count, part)
        tally.advance(0)
        async with self._folder() as folder, self._under_way(job, Step.DRAW, tally):
            output = folder / _segment_name(job, part)
            request = await asyncio.to_thread(self._request, job, folder)
            speech = await asyncio.to_thread(self._speech, job, folder)
            task = Task(
                request=request,
                speech=speech,
                frames=frames,
                output=output,
                **self._task("draw", job),
            )
            await self.crew.attempt(task, tally.advance)
            await asyncio.to_thread(self.store.put, _segment_key(job, part), output)
        await asyncio.to_thread(self.records.pace.advance, job, Step.DRAW, tally.done)

    async def join(self, job: Job, count: int) -> dict[str, Any]:
        """Join the segments with the sound; the measured report."""
        await asyncio.to_thread(self.records.pace.end_step, job, Step.DRAW)
        async with self._folder() as folder, self._under_way(job, Step.JOIN):
            request = await asyncio.to_thread(self._request, job, folder)
            speech = await asyncio.to_thread(self._speech, job, folder)
            keys = [_segment_key(job, part) for part in range(count)]
            parts = await asyncio.to_thread(lambda: [self.store.get(k, folder) for k in keys])
            name = "preview" if job.goal is Goal.PREVIEW else "output"
            output = folder / f"{name}.{job.order.suffix}"
            thumbnail = folder / "thumbnail.jpg"
            report: dict[str, Any] = await self.crew.attempt(
                Task(
                    request=request,
                    speech=speech,
                    segments=tuple(parts),
                    output=output,
                    thumbnail=thumbnail,
                    **self._task("join", job),
                )
            )
            for path in (output, thumbnail):
                await asyncio.to_thread(self.store.put, f"public/{job.id}/{path.name}", path)
        await asyncio.to_thread(self.records.pace.end_step, job, Step.JOIN)
        return report

    @asynccontextmanager
    async def _under_way(
        self, job: Job, step: Step, tally: Tally | None = None
    ) -> AsyncIterator[None]:
        """Say now and then that a step goes on, and how far it is where that is known."""

        def report() -> None:
            self.records.pace.advance(job, step, tally.done if tally else None)

        await asyncio.to_thread(report)
        async with repeated(report):
            yield

    async def hand_over(self, job: Job) -> None:
        """Put the finished file where the caller wants it.

        Raises:
            InvalidRequest: They would not take it.
            RenderFailed: Nobody answered.
        """
        if not isinstance(job.order, VideoOrder) or job.order.output_upload_url is None:
            return
        async with self._folder() as folder:
            name = f"output.{job.order.suffix}"
            output = await asyncio.to_thread(self.store.get, f"public/{job.id}/{name}", folder)
            try:
                await self.files.upload(job.order.output_upload_url, output, content_type(name))
            except LipwrightError as error:
                kind = InvalidRequest if isinstance(error, InvalidRequest) else RenderFailed
                raise kind(f"The video could not be put at output_upload_url: {error}") from error

    def finish(self, job: Job, report: dict[str, Any]) -> None:
        """End the job well, then remove what only it needed."""
        credits_ = price(
            *(self.settings, job.order.tariff, job.goal, job.duration_s), drafted=job.drafted
        )
        body = self._body(job, State.SUCCEEDED, None)
        if job.goal is Goal.PREVIEW and not self.settings.preview_webhooks:
            body = None
        if self.records.succeed(job, credits_, report, body):
            ENDED.labels(job.goal, State.SUCCEEDED).inc()
            FILMED.labels(job.goal).inc(job.duration_s)
        # a preview's speech stays: the final video has the same
        unused = f"work/{job.id}/preview" if job.goal is Goal.PREVIEW else f"work/{job.id}"
        self.store.delete(unused)

    def give_up(self, job: Job, reason: str) -> None:
        """End the job badly, then remove what only it needed."""
        if self.records.fail(job, reason, self._body(job, State.FAILED, reason)):
            ENDED.labels(job.goal, State.FAILED).inc()
        self.store.delete(f"work/{job.id}")

    def _body(self, job: Job, state: State, failure: str | None) -> str | None:
        return as_body(tasks.webhook(job.ended(state, failure), self.urls))

    async def deliver(self, event_id: str, attempt: int) -> float | None:
        """Try to deliver a webhook; seconds until the next try, None if there is none to make."""
        pauses_s = self.settings.webhook_retries_s
        return await Messenger(self.records.outbox, self.receivers, pauses_s).deliver(
            event_id, attempt
        )

    def clear(self, job_id: str) -> None:
        """Remove the files of a cancelled job; of a deleted one all of them."""
        job = self.records.job(job_id)
        if job is None or job.deleted_at is not None:
            for kind in KINDS_OF_FILES:
                self.store.delete(f"{kind}/{job_id}")
        elif job.state is State.CANCELLED:
            self.store.delete(f"work/{job_id}")

    async def draw_pictures(self, avatar_id: str) -> None:
        """Make the preview pictures of an avatar."""
        persona = await asyncio.to_thread(self.catalogue.persona, avatar_id)
        if persona is None:
            return
        async with self._folder() as folder:
            pictures = folder / "pictures"
            pictures.mkdir()
            task = Task(avatar=persona.folder, output=pictures, **self._task("pictures"))
            await self.crew.attempt(task)
            for path in sorted(pictures.iterdir()):
                await asyncio.to_thread(self.store.put, f"public/{avatar_id}/{path.name}", path)

    def _task(self, verb: str, job: Job | None = None) -> dict[str, Any]:
        urgent = job is not None and job.goal is Goal.PREVIEW
        return {
            "verb": verb,
            "memory_mb": self.settings.child_memory_mb,
            "step_s": self.settings.step_timeout_s,
            "urgent": urgent,
            "mouth_model": self.settings.mouth_model,
        }

    @asynccontextmanager
    async def _folder(self) -> AsyncIterator[Path]:
        with TemporaryDirectory(dir=self.scratch) as folder:
            yield Path(folder)

    def _request(self, job: Job, folder: Path) -> VideoRequest:
        requests = Requests(self.catalogue, self.store)
        match job.order:
            case VideoOrder() as order:
                return requests.video(job, order, folder)
            case RevoiceOrder() as order:
                return requests.revoice(job, order, folder)
            case order:
                raise RenderFailed(f"{order.makes} is not filmed.")

    def _speech(self, job: Job, folder: Path) -> Path:
        prefix, place = f"work/{job.id}/speech", folder / "speech"
        place.mkdir()
        paths = [self.store.get(f"{prefix}/{n}", place) for n in self.store.names(prefix)]
        return paths[0].parent


def _segment_name(job: Job, part: int) -> str:
    return f"{part:04}.{job.order.suffix}"


def _segment_key(job: Job, part: int) -> str:
    return f"work/{job.id}/{job.goal}/{_segment_name(job, part)}"
