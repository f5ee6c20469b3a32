"""Videos of several scenes."""

from __future__ import annotations

from lipwright.service.endpoints import following, tasks
from lipwright.service.endpoints.calls import Call, Reply
from lipwright.service.jobs import Goal, Job
from lipwright.service.orders import Kind
from lipwright.service.wire import lipsyncs_v2 as wire
from lipwright.service.wire.fields import read
from lipwright.service.wire.scenes import LipsyncV2Request


def create_lipsync_v2(call: Call) -> object:
    """Start a video of several scenes."""
    return wire.lipsync_v2(_started(call, Goal.VIDEO), call.service.urls)


def create_multi_avatar(call: Call) -> object:
    """The same under its older address."""
    return wire.lipsync_v2(_started(call, Goal.VIDEO), call.service.urls)


def preview_lipsync_v2(call: Call) -> object:
    """Start a preview of several scenes."""
    return wire.lipsync_v2(_started(call, Goal.PREVIEW), call.service.urls)


def _started(call: Call, goal: Goal) -> Job:
    request = read(LipsyncV2Request, call.body, call.known)
    return tasks.started(
        call, Kind.SCENES, goal, request.order(call.service.settings.base_url), request.echo()
    )


def render_lipsync_v2(call: Call) -> object:
    """Render the video of a finished preview; asked twice, it is rendered once."""
    return wire.lipsync_v2(tasks.rendered(call, tasks.ALL_VIDEOS), call.service.urls)


def repeat_preview_v2(call: Call) -> object:
    """The task of a preview, once more."""
    return wire.lipsync_v2(tasks.drafted(call, tasks.ALL_VIDEOS), call.service.urls)


def retrieve_lipsync_v2(call: Call) -> object:
    """One task."""
    return wire.lipsync_v2_retrieve(tasks.own_job(call, tasks.ALL_VIDEOS), call.service.urls)


def list_lipsyncs_v2(call: Call) -> object:
    """Tasks of several scenes, newest first; all, or those of `ids`."""
    kinds = tasks.ALL_VIDEOS if call.query.get("ids") else (Kind.SCENES,)
    return tasks.listed(call, kinds).reply(wire.lipsync_v2, call.service.urls)


def cancel_lipsync_v2(call: Call) -> object:
    """Stop it; its credits are given back."""
    return wire.lipsync_v2(following.cancelled(call, tasks.ALL_VIDEOS), call.service.urls)


def delete_lipsync_v2(call: Call) -> Reply:
    """Remove it and its files; if it is under way, it is cancelled first."""
    return following.deleted(call, tasks.ALL_VIDEOS)


def watch_lipsync_v2(call: Call) -> Reply:
    """A task now and at every change, as server-sent events, to its end."""
    urls = call.service.urls
    return following.watched(call, tasks.ALL_VIDEOS, lambda job: wire.lipsync_v2(job, urls))
