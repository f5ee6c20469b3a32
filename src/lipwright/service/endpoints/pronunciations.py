"""How the account's words are said."""

from __future__ import annotations

from lipwright.service import pronunciations as kept
from lipwright.service.endpoints.calls import Call
from lipwright.service.wire import pronunciations as wire
from lipwright.service.wire.fields import read


def retrieve_pronunciations(call: Call) -> object:
    """The account's dictionary."""
    return wire.pronunciations(kept.dictionary(call.service.engine, call.account.id))


def replace_pronunciations(call: Call) -> object:
    """Put a new dictionary in its place; tasks that were made before keep the old one."""
    entries = read(wire.PronunciationsRequest, call.body, call.known).entries()
    kept.keep(call.service.engine, call.account.id, entries)
    return wire.pronunciations(entries)
