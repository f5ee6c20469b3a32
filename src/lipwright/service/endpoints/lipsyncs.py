"""Videos of one scene."""

from __future__ import annotations

from lipwright.service.endpoints import following, tasks
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.jobs import Goal, Job
from lipwright.service.orders import Kind
from lipwright.service.wire import lipsyncs as wire
from lipwright.service.wire.fields import read


def create_lipsync(call: Call) -> object:
    """Start a video."""
    return wire.lipsync(_started(call, Goal.VIDEO), call.service.urls)


def preview_lipsync(call: Call) -> object:
    """Start a preview: the same speech and mouth at a lower resolution."""
    return wire.lipsync(_started(call, Goal.PREVIEW), call.service.urls)


def _started(call: Call, goal: Goal) -> Job:
    request = read(wire.LipsyncRequest, call.body, call.known)
    return tasks.started(call, Kind.VIDEO, goal, request.order(), request.echo())


def render_lipsync(call: Call) -> object:
    """Render the video of a finished preview; asked twice, it is rendered once."""
    return wire.lipsync(tasks.rendered(call, tasks.ALL_VIDEOS), call.service.urls)


def repeat_preview(call: Call) -> object:
    """The task of a preview, once more."""
    return wire.lipsync(tasks.drafted(call, tasks.ALL_VIDEOS), call.service.urls)


def retrieve_lipsync(call: Call) -> object:
    """One task."""
    return wire.lipsync_retrieve(tasks.own_job(call, tasks.ALL_VIDEOS), call.service.urls)


def list_lipsyncs(call: Call) -> object:
    """Tasks, newest first; all, or those of `ids`."""
    return tasks.listed(call, tasks.ALL_VIDEOS).reply(wire.lipsync, call.service.urls)


def cancel_lipsync(call: Call) -> object:
    """Stop a task; its credits are given back."""
    return wire.lipsync(following.cancelled(call, tasks.ALL_VIDEOS), call.service.urls)


def delete_lipsync(call: Call) -> Reply:
    """Remove a task and its files; if it is under way, it is cancelled first."""
    return following.deleted(call, tasks.ALL_VIDEOS)


def watch_lipsync(call: Call) -> Reply:
    """A task now and at every change, as server-sent events, to its end."""
    urls = call.service.urls
    return following.watched(call, tasks.ALL_VIDEOS, lambda job: wire.lipsync(job, urls))
