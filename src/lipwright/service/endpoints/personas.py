"""Avatars."""

from __future__ import annotations

from typing import Any

from lipwright.service.catalogue import Persona
from lipwright.service.endpoints.calls import Call
from lipwright.service.endpoints.lists import choices, page
from lipwright.service.problems import not_found
from lipwright.service.wire import personas as wire


def list_personas(call: Call) -> list[dict[str, Any]]:
    """Avatars, filtered."""
    return [wire.persona(found, call.service.urls) for found in _filtered(call)]


def page_personas(call: Call) -> object:
    """One page of `list_personas`."""
    return page(call, list_personas(call))


def retrieve_persona(call: Call) -> object:
    """One avatar."""
    found = call.service.catalogue.persona(call.path["id"].lower())
    if found is None:
        raise not_found()
    return wire.persona(found, call.service.urls)


def _filtered(call: Call) -> list[Persona]:
    wanted = {
        name: choices(call.query[name], name, known)
        for name, known in wire.PERSONA_CHOICES.items()
        if call.query.get(name)
    }
    keyword = call.query.get("keyword", "").casefold()
    return [
        found
        for found in call.service.catalogue.personas()
        if all(getattr(found.card, name) in values for name, values in wanted.items())
        and keyword in " ".join((found.card.name, *found.card.notes)).casefold()
    ]
