"""Spoken files."""

from __future__ import annotations

from lipwright.service.endpoints import tasks
from lipwright.service.endpoints.calls import Call
from lipwright.service.endpoints.lists import page
from lipwright.service.jobs import Goal
from lipwright.service.orders import Kind
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


def list_text_to_speech(call: Call) -> list[object]:
    """Spoken files, newest first; all, or those of `ids`."""
    return [wire.text_to_speech(job, call.service.urls) for job in tasks.listed(call, KINDS)]


def page_text_to_speech(call: Call) -> object:
    """One page of `list_text_to_speech`."""
    return page(call, list_text_to_speech(call))
