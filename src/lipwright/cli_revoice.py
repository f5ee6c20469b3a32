"""The command `lipwright revoice`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from lipwright.cli_making import (
    FacePlace,
    MouthModelFile,
    place_of,
    print_report,
    progress_bar,
    read_script,
    stages_of,
)
from lipwright.cli_rows import Json
from lipwright.errors import InvalidRequest
from lipwright.request import RevoiceRequest, SyncMode

_MOST_PROCESSES: Final = 4
"""Each takes up to 800 MB for a clip of 4K."""


def revoice(  # noqa: PLR0913 - an option is an argument
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write (.mp4).")],
    video: Annotated[Path, typer.Option(help="Clip of a person: at most 5 minutes and 4K.")],
    text: Annotated[str | None, typer.Option(help="What to say.")] = None,
    script: Annotated[Path | None, typer.Option(help="Text file with what to say.")] = None,
    audio: Annotated[Path | None, typer.Option(help="Recording to speak instead.")] = None,
    voice: Annotated[str | None, typer.Option(help="Voice name.")] = None,
    sync_mode: Annotated[
        SyncMode, typer.Option(help="What happens where clip and speech differ in length.")
    ] = SyncMode.CUT_OFF,
    face: FacePlace = None,
    notes: Annotated[
        Path | None, typer.Option(help="Folder in which a stopped run goes on.")
    ] = None,
    mouth_model: MouthModelFile = None,
    as_json: Json = False,
) -> None:
    """Make a clip say something else; only the mouth changes."""
    from lipwright import pipeline
    from lipwright.side_by_side import cores

    if output.suffix.lower() != ".mp4":
        raise InvalidRequest(f"{output} must end in .mp4.")
    request = RevoiceRequest(
        video, read_script(text, script), audio, voice, sync_mode, place_of(face)
    )
    with progress_bar(as_json) as advance:
        report = pipeline.revoice(
            request,
            output,
            notes=notes,
            stages=stages_of(mouth_model),
            processes=min(cores(), _MOST_PROCESSES),
            progress=advance,
        )
        print_report(output, report, as_json)
