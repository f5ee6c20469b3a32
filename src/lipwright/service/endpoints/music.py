"""Tracks that ship with Lipwright."""

from __future__ import annotations

from lipwright.request import MUSIC_CATEGORIES
from lipwright.service.endpoints.calls import Call
from lipwright.service.endpoints.lists import choices, page_of
from lipwright.service.wire import music as wire


def list_music_categories(call: Call) -> object:
    """What the tracks sound like."""
    return wire.categories()


def list_musics(call: Call) -> object:
    """Tracks of a category, or with a word in their name, by pages."""
    category = call.query.get("category", "")
    if category:
        choices(category, "category", MUSIC_CATEGORIES)
    wanted = wire.tracks(category, call.query.get("search", ""))
    at, size = page_of(call, len(wanted))
    here = wanted[(at - 1) * size : at * size]
    return {
        "count": len(wanted),
        "page": at,
        "page_size": size,
        "results": wire.shown(here, call.service.settings.base_url),
    }
