"""Videos of several scenes: what ``/api/lipsyncs_v2/`` answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lipwright.service.jobs import Job
from lipwright.service.orders import Kind
from lipwright.service.urls import Urls
from lipwright.service.wire import tasks
from lipwright.service.wire.fields import AspectName, Status


class LipsyncV2(tasks.Answer):
    """A task of several scenes."""

    id: str
    output: str | None
    video_thumbnail: str | None
    created_at: str
    updated_at: str
    credits_used: int
    duration: int
    progress: float
    failed_reason: str | None
    status: Status
    preview: str | None
    editor_url: str | None
    aspect_ratio: AspectName
    video_inputs: list[dict[str, Any]]
    background_music: dict[str, Any] | None
    cta_end: dict[str, Any] | None
    name: str | None
    media_job: str | None
    webhook_url: str | None
    model_version: str


class LipsyncV2Retrieve(LipsyncV2):
    """A task of several scenes, with its words."""

    word_alignments: list[tasks.WordAlignment]


def lipsync_v2(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `LipsyncV2`; a task of one scene in the form of one of several."""
    echo = job.echo if job.kind is Kind.SCENES else _as_scenes(job.echo)
    return {**echo, **tasks.common(job), **tasks.video(job, urls)}


def lipsync_v2_retrieve(job: Job, urls: Urls) -> dict[str, Any]:
    """Every field of `LipsyncV2Retrieve`."""
    return {**lipsync_v2(job, urls), "word_alignments": tasks.word_alignments(job)}


def _as_scenes(echo: Mapping[str, Any]) -> dict[str, Any]:
    audio, text = echo["audio_url"], echo["text"]
    voice = {"type": "audio", "url": audio} if audio else {"type": "text", "input_text": text}
    character = {"type": "avatar", "avatar_id": echo["creator"]}
    scene = {"character": character, "voice": {**voice, "voice_id": echo["accent"]}}
    kept = ("aspect_ratio", "name", "webhook_url", "model_version")
    return {
        **{name: echo[name] for name in kept},
        "video_inputs": [scene],
        "background_music": None,
        "cta_end": None,
    }


def as_one_scene(echo: Mapping[str, Any]) -> dict[str, Any]:
    """A task of several scenes in the form of one of one scene: the first one's avatar and voice.

    Clients poll tasks of both kinds under the older address.
    """
    scenes = echo["video_inputs"]
    first, voices = scenes[0], [scene["voice"] for scene in scenes]
    captions = first["caption_setting"] or {"style": "normal-black", "offset": {"x": 0, "y": 0.4}}
    background = first["background"] or {}
    kept = ("aspect_ratio", "name", "webhook_url", "model_version")
    return {
        **{name: echo[name] for name in kept},
        "creator": first["character"]["avatar_id"],
        "text": "\n".join(voice["input_text"] for voice in voices if voice["input_text"]) or None,
        "audio_url": next((voice["url"] for voice in voices if voice["url"]), None),
        "accent": first["voice"]["voice_id"],
        "no_caption": first["caption_setting"] is None or first["caption_setting"]["hidden"],
        "no_music": echo["background_music"] is None,
        "caption_style": captions["style"],
        "caption_position": "center",
        "caption_offset_x": f"{captions['offset']['x']:g}",
        "caption_offset_y": f"{-captions['offset']['y']:g}",
        "background_asset_image_url": background.get("url"),
        "background_color": background.get("color"),
        "green_screen": False,
        "transparent_background": False,
    }
