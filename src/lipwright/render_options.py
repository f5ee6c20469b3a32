"""The options of `lipwright render`, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lipwright.request import (
    CAPTION_STYLES,
    EFFECTS,
    LAYOUTS,
    MUSIC_CATEGORIES,
    STUDIOS,
    Aspect,
    Fit,
)


def _names(choices: tuple[str, ...]) -> str:
    return ", ".join(choices)


Output = Annotated[Path, typer.Option("-o", "--output", help="File to write (.mp4, .webm, .mov).")]
Avatar = Annotated[str, typer.Option(help="Avatar name, id, or bundle folder.")]
Text = Annotated[str | None, typer.Option(help="What to say.")]
Script = Annotated[Path | None, typer.Option(help="Text file with what to say.")]
Audio = Annotated[Path | None, typer.Option(help="Recording to speak instead.")]
Scenes = Annotated[
    Path | None, typer.Option(help="JSON file with the whole video, instead of other options.")
]
Voice = Annotated[str | None, typer.Option(help="Voice name; default: the avatar's.")]
Rate = Annotated[float, typer.Option(help="Speaking rate, 0.5 to 2.")]
Say = Annotated[
    list[str] | None, typer.Option(help="How a word is said: WORD=OTHER WORDS or WORD=/IPA/.")
]
Shape = Annotated[Aspect, typer.Option(help="Shape of the picture.")]
CaptionStyle = Annotated[str | None, typer.Option(help=f"Caption style: {_names(CAPTION_STYLES)}.")]
Behind = Annotated[
    str | None,
    typer.Option(help=f"Image or video file, #RRGGBB, or one of {_names(STUDIOS)}."),
]
HowFit = Annotated[Fit, typer.Option(help="How a background fills the picture.")]
Effect = Annotated[str | None, typer.Option(help=f"Movement of the background: {_names(EFFECTS)}.")]
Layout = Annotated[
    str | None, typer.Option(help=f"How avatar and background share: {_names(LAYOUTS)}.")
]
Bed = Annotated[
    str | None,
    typer.Option(help=f"Music under the speech: any, a file, or {_names(MUSIC_CATEGORIES)}."),
]
Rates = Annotated[int, typer.Option(help="Frames per second: 24, 25, 30, 50 or 60.")]
Height = Annotated[int, typer.Option(help="Short side of the picture, in pixels.")]
