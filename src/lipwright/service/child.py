"""The process that does one heavy step, and dies with the worker that started it.

It branches off a process that has imported all it needs (`stem`).  A task comes in on stdin as
JSON; progress and the result go out on stdout, a JSON line each.  A native crash, a runaway
allocation or a hang costs this process only.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TextIO

from pydantic import TypeAdapter

from lipwright.avatar import AvatarCard
from lipwright.errors import InvalidRequest, LipwrightError
from lipwright.request import RenderRequest, RevoiceRequest, Scene
from lipwright.service.confinement import limit
from lipwright.service.disk import NO_ROOM, is_no_room
from lipwright.service.pictures import is_picture, nearest_aspect
from lipwright.service.renderer import Look, Renderer, Spoken, VideoRequest, open_renderer
from lipwright.timeline import SAMPLE_RATE

PARENT_VARIABLE: Final = "LIPWRIGHT_PARENT_PID"
"""Where a process finds whom to die with, if its arguments do not say it."""
PR_SET_PDEATHSIG: Final = 1
PATIENT_NICENESS: Final = 5
"""A preview beside it gets about three quarters of a core; alone it is as fast as ever."""


@dataclass(frozen=True, slots=True)
class Task:
    """One heavy step."""

    verb: Literal["speak", "draw", "join", "pictures", "say", "avatar"]
    memory_mb: int = 4096
    step_s: float = 1800
    """How long it may take."""
    urgent: bool = False
    """Somebody waits for it: it goes before the others when the cores are busy."""
    request: VideoRequest | None = None
    avatar: Path | None = None
    card: AvatarCard | None = None
    source: Path | None = None
    scene: Scene | None = None
    speech: Path | None = None
    notes: Path | None = None
    """Where an interrupted look at a clip is taken up again."""
    mouth_model: Path | None = None
    frames: tuple[int, int] | None = None
    segments: tuple[Path, ...] = ()
    output: Path | None = None
    thumbnail: Path | None = None


TASK: Final = TypeAdapter(Task)
Say = Callable[[dict[str, Any]], None]


def attend(renderer_name: str, renderer: Renderer) -> None:
    """Do the task that comes on stdin."""
    out = _private_stdout()
    task = TASK.validate_json(sys.stdin.buffer.read())
    if not task.urgent:
        os.nice(PATIENT_NICENESS)
    limit(task.memory_mb, task.step_s)
    _offer_to_the_oom_killer()

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    try:
        if task.mouth_model is not None:
            renderer = open_renderer(renderer_name, task.mouth_model)
        say({"result": _done(task, renderer, say)})
    except (LipwrightError, OSError) as error:
        full = is_no_room(error)
        if not (full or isinstance(error, LipwrightError)):
            raise
        message = NO_ROOM if full else str(error)
        say({"error": message, "invalid": isinstance(error, InvalidRequest) and not full})
    except MemoryError:
        say({"error": f"It needs more than {task.memory_mb} MB of memory.", "invalid": False})


def _private_stdout() -> TextIO:
    # whatever a native library prints goes to the log, not between our lines
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return out


def die_with(parent_pid: int) -> None:
    """Have this process killed when its parent dies, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before we asked to be told
        os._exit(1)


def _offer_to_the_oom_killer() -> None:
    # when the machine runs out of memory, one step is lost and not the worker
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800")


def _done(task: Task, renderer: Renderer, say: Say) -> Any:  # noqa: ANN401 - any JSON value
    match task:
        case Task(verb="pictures", avatar=Path() as avatar, output=Path() as folder):
            return renderer.pictures(avatar, folder)
        case Task(verb="say", scene=Scene() as scene, output=Path() as path):
            return _timed(renderer.say(scene, path))
        case Task(verb="avatar", source=Path() as source, card=AvatarCard() as card):
            return _avatar(task, renderer, source, card, say)
        case Task(request=RenderRequest() | RevoiceRequest() as request, speech=Path() as speech):
            return _filmed(task, renderer, request, speech, say)
        case _:
            raise ValueError(f"incomplete task: {task.verb}")


def _filmed(task: Task, renderer: Renderer, request: VideoRequest, speech: Path, say: Say) -> Any:  # noqa: ANN401 - any JSON value
    match task.verb:
        case "speak":
            return _spoken(task, renderer, request, speech, say)
        case "draw":
            return _drawn(task, renderer, request, speech, say)
        case "join":
            return _joined(task, renderer, request, speech)
        case verb:
            raise ValueError(f"incomplete task: {verb}")


def _spoken(
    task: Task, renderer: Renderer, request: VideoRequest, speech: Path, say: Say
) -> dict[str, Any]:
    spoken = renderer.speak(request, speech, _look(task, say))
    segments = [[frames.start, frames.stop] for frames in renderer.plan(request, speech)]
    return {**_timed(spoken), "segments": segments}


def _look(task: Task, say: Say) -> Look:
    return Look(lambda done: say({"done": done}), task.notes)


def _timed(spoken: Spoken) -> dict[str, Any]:
    return {
        "words": [
            {
                "start_s": round(word.start / SAMPLE_RATE, 3),
                "duration_s": round((word.end - word.start) / SAMPLE_RATE, 3),
                "text": word.value,
            }
            for word in spoken.words
        ],
        "duration_s": spoken.sample_count / SAMPLE_RATE,
    }


def _avatar(
    task: Task, renderer: Renderer, source: Path, card: AvatarCard, say: Say
) -> dict[str, Any]:
    """The bundle in `avatar`, its previews in `output`, if that is given."""
    if task.avatar is None:
        raise ValueError("incomplete task: avatar")
    made = renderer.make_avatar(source, card, task.avatar, _look(task, say))
    previews: list[str] = []
    if task.output is not None:  # somebody will choose it
        renderer.introduce(task.avatar)
        task.output.mkdir()
        renderer.pictures(task.avatar, task.output)
        previews = sorted(path.name for path in task.output.iterdir())
    aspect = nearest_aspect(source) if is_picture(source) else None
    return {"aspect": aspect, "notes": list(made.notes), "previews": previews}


def _drawn(task: Task, renderer: Renderer, request: VideoRequest, speech: Path, say: Say) -> None:
    if task.frames is None or task.output is None:
        raise ValueError("incomplete task: draw")
    renderer.render_segment(
        request, speech, range(*task.frames), task.output, lambda done: say({"done": done})
    )


def _joined(task: Task, renderer: Renderer, request: VideoRequest, speech: Path) -> dict[str, Any]:
    if task.output is None or task.thumbnail is None:
        raise ValueError("incomplete task: join")
    return renderer.assemble(request, speech, task.segments, task.output, task.thumbnail)
