"""Spoken files."""

from __future__ import annotations

from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.endpoints.lists import page
from lipwright.service.endpoints.single import Single
from lipwright.service.orders import Kind
from lipwright.service.selections import Selection
from lipwright.service.wire import speeches as wire

SPOKEN = Single(Kind.SPEECH, wire.TextToSpeechRequest, wire.text_to_speech)


def create_text_to_speech(call: Call) -> object:
    """Speak a script into a file."""
    return SPOKEN.started(call)


def retrieve_text_to_speech(call: Call) -> object:
    """One spoken file."""
    return SPOKEN.found(call)


def list_text_to_speech(call: Call) -> Reply:
    """Spoken files, newest first."""
    return SPOKEN.listed(call)


def cancel_text_to_speech(call: Call) -> object:
    """Stop it; its credits are given back."""
    return SPOKEN.cancelled(call)


def delete_text_to_speech(call: Call) -> Reply:
    """Remove it and its files; if it is under way, it is cancelled first."""
    return SPOKEN.deleted(call)


def page_text_to_speech(call: Call) -> object:
    """One page of `list_text_to_speech`."""
    wanted = Selection(kinds=(SPOKEN.kind,), limit=call.service.settings.list_limit)
    jobs = call.service.records.jobs(call.account.id, wanted)
    return page(call, [SPOKEN.show(job, call.service.urls) for job in jobs])
