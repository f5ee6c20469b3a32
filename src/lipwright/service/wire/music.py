"""Tracks that ship: ``/api/musics/`` and ``/api/music_categories/``."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from lipwright import pipeline
from lipwright.request import MUSIC_CATEGORIES
from lipwright.service.wire.tasks import Answer

_IDS: Final = uuid.UUID("7f3d6a52-2f0d-5f0e-9a54-4c5b1a0a7c11")
"""Namespace: a track's id follows from its name, and stays."""


class MusicCategory(Answer):
    """What tracks sound like."""

    name: str


class Music(Answer):
    """A track; its URL may be the ``background_music`` of a video."""

    id: str
    name: str
    url: str
    category: list[str]
    cover_url: str | None
    is_favorite: bool
    duration: float


class MusicPage(Answer):
    """Some of the tracks."""

    count: int
    page: int
    page_size: int
    results: list[Music]


def categories() -> list[dict[str, Any]]:
    """Every `MusicCategory`."""
    return [{"name": name} for name in MUSIC_CATEGORIES]


def tracks(category: str, search: str) -> list[str]:
    """Names of the tracks of a category, whose title holds some words; blanks are any."""
    return [
        bed.name
        for bed in pipeline.music_beds()
        if category in ("", bed.category) and search.casefold() in bed.title.casefold()
    ]


def shown(names: Sequence[str], base_url: str) -> list[dict[str, Any]]:
    """Every field of `Music`, for each name."""
    return [_music(name, base_url) for name in names]


@functools.lru_cache(256)
def _music(name: str, base_url: str) -> dict[str, Any]:
    bed = next(bed for bed in pipeline.music_beds() if bed.name == name)
    return {
        "id": str(uuid.uuid5(_IDS, name)),
        "name": bed.title,
        "url": url(base_url, name, bed.path.suffix),
        "category": [bed.category],
        "cover_url": None,
        "is_favorite": False,
        "duration": round(bed.duration_s, 1),
    }


def url(base_url: str, name: str, suffix: str) -> str:
    """Where a track can be heard."""
    return f"{base_url}/music/{quote(name)}{suffix}"


def bed_at(address: str, base_url: str) -> str | None:
    """Name of the track at an address of ours; None if it is not ours."""
    beds = pipeline.music_beds()
    found = (bed.name for bed in beds if url(base_url, bed.name, bed.path.suffix) == address)
    return next(found, None)
