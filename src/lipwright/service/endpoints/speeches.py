"""Spoken files."""

from __future__ import annotations

from lipwright.service.endpoints import following, tasks
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.endpoints.lists import page
from lipwright.service.jobs import Goal
from lipwright.service.orders import Kind
from lipwright.service.selections import Selection
from lipwright.service.wire import speeches as wire
from lipwright.service.wire.fields import read

KINDS = (Kind.SPEECH,)


def create_text_to_speech(call: Call) -> object:
    """Speak a script into a file."""
    request = read(wire.TextToSpeechRequest, call.body, call.known)
    job = tasks.started(call, Kind.SPEECH, Goal.VIDEO, request.order(), request.echo())
    return wire.text_to_speech(job, call.service.urls)


def retrieve_text_to_speech(call: Call) -> object:
    """One spoken file."""
    return wire.text_to_speech(tasks.own_job(call, KINDS), call.service.urls)


def list_text_to_speech(call: Call) -> Reply:
    """Spoken files, newest first."""
    return tasks.listed(call, KINDS).reply(wire.text_to_speech, call.service.urls)


def page_text_to_speech(call: Call) -> object:
    """One page of `list_text_to_speech`."""
    wanted = Selection(kinds=KINDS, limit=call.service.settings.list_limit)
    jobs = call.service.records.jobs(call.account.id, wanted)
    return page(call, [wire.text_to_speech(job, call.service.urls) for job in jobs])


def cancel_text_to_speech(call: Call) -> object:
    """Stop it; its credits are given back."""
    return wire.text_to_speech(following.cancelled(call, KINDS), call.service.urls)


def delete_text_to_speech(call: Call) -> Reply:
    """Remove it and its files; if it is under way, it is cancelled first."""
    return following.deleted(call, KINDS)
