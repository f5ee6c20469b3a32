"""What the commands that make videos share: options, the bar, the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from lipwright.errors import InvalidRequest

if TYPE_CHECKING:
    from lipwright.quality import Report
    from lipwright.staging import Stages

MouthModelFile = Annotated[
    Path | None, typer.Option("--mouth-model", help="ONNX generator that draws the mouth.")
]
FacePlace = Annotated[
    str | None, typer.Option("--face", help="Whose face, as shares of width and height: 0.7,0.4.")
]

_USUAL_FPS = 30


def stages_of(mouth_model: Path | None) -> Stages:
    """The replaceable parts, with a mouth model of the user's own."""
    from lipwright.steps import stages_with

    return stages_with(mouth_model)


def place_of(face: str | None) -> tuple[float, float] | None:
    """Shares of width and height, as in ``0.7,0.4``."""
    if face is None:
        return None
    try:
        x, y = (float(share) for share in face.split(","))
    except ValueError:
        raise InvalidRequest(f'--face must be two shares like 0.7,0.4; it is "{face}".') from None
    return x, y


def print_report(output: Path, report: Report, as_json: bool) -> None:
    """Say what was written, and what was measured in it."""
    if as_json:
        print(json.dumps({"output": str(output), "report": report.as_json()}))
    else:
        Console().print(f"[green]wrote[/] {output}  {_summary(report)}", highlight=False)


def _summary(report: Report) -> str:
    parts = [f"{report.file.frame_count} frames", f"{report.lufs:.1f} LUFS"]
    if report.av_offset_ms is not None:
        parts.append(f"lips {report.av_offset_ms:+.0f} ms")
    elif report.sync_correlation is not None:  # something moves, but not as was meant
        parts.append(f"{report.av_offset_note}")
    if report.closure_rate is not None:
        parts.append(f"{report.closure_rate:.0%} of {report.closure_count} closures")
    return ", ".join(parts)


def read_script(text: str | None, path: Path | None) -> str | None:
    """What to say, given or from a file."""
    if text is not None and path is not None:
        raise InvalidRequest("Give --text or --script, not both.")
    if path is None:
        return text
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"The script {path} cannot be read as UTF-8 text.") from error


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes (frames done, frames in all) and draws a bar.

    What comes after the last frame is on the bar too: it is full when the file is there.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=quiet, console=Console(stderr=True)) as bar:
        task = bar.add_task("speaking", total=None)

        def advance(done: int, total: int) -> None:
            name = "rendering" if done < total else "finishing"
            bar.update(task, description=name, completed=done, total=total + finishing(total))

        yield advance
        bar.update(task, completed=bar.tasks[task].total)


def finishing(frame_count: int) -> int:
    """How many frames could be drawn while sound is added and the file is measured."""
    from lipwright.request import WATCHED_S

    watched = min(frame_count, _USUAL_FPS * WATCHED_S)
    return frame_count // 16 + watched // 2  # to look at one takes half as long as to draw it
