"""`lipwright bench`: the figures that must hold, measured on this machine in one run.

One module a subject; each gives named figures, and `measured` puts them in one JSON object.  Speed
is CPU time against something measured in the same run, so that a figure means the same on any
machine.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lipwright.bench.figures import Figure, Figures
from lipwright.errors import InvalidRequest

__all__ = ["Figure", "Figures", "measured"]


def _render(avatar: Path | None, voice: str | None) -> Figures:
    from lipwright.bench import rendering

    return rendering.figures(_needed(avatar))


def _mouth(avatar: Path | None, voice: str | None) -> Figures:
    from lipwright.bench import mouth

    return mouth.figures(_needed(avatar))


def _service(avatar: Path | None, voice: str | None) -> Figures:
    from lipwright.bench import service

    return service.figures(_needed(avatar))


def _clip(footage: Path) -> Figures:
    from lipwright.bench import clip

    return clip.figures(footage)


def _needed(avatar: Path | None) -> Path:
    if avatar is None:
        raise InvalidRequest("Say which avatar to measure with: --avatar NAME.")
    return avatar


def _speech(avatar: Path | None, voice: str | None) -> Figures:
    from lipwright.bench import recordings

    return recordings.figures()


def _voices(avatar: Path | None, voice: str | None) -> Figures:
    from lipwright.bench import voices

    return voices.figures()


def _words(avatar: Path | None, voice: str | None) -> Figures:
    from lipwright.bench import words

    return words.figures(voice)


AREAS: Final[dict[str, Callable[[Path | None, str | None], Figures]]] = {
    "mouth": _mouth,
    "render": _render,
    "service": _service,
    "speech": _speech,
    "voices": _voices,
    "words": _words,
}
"""What can be measured; an area that needs no avatar or no voice ignores it."""


def measured(
    what: str,
    avatar: Path | None = None,
    voice: str | None = None,
    footage: Path | None = None,
) -> dict[str, Any]:
    """Measure one area; ``{"figures": {name: figure}, "machine": …}``.

    With `footage`, the mouth is that of a clip which is made to say something else.

    Raises:
        InvalidRequest: There is no such area, or it needs an avatar.
    """
    if what not in AREAS:
        raise InvalidRequest(f'"{what}" cannot be measured; choose one of {", ".join(AREAS)}.')
    if footage is not None and what != "mouth":
        raise InvalidRequest("Only the mouth is measured in footage: lipwright bench mouth.")
    figures = _clip(footage) if footage is not None else AREAS[what](avatar, voice)
    return {
        "figures": {name: figure.as_json() for name, figure in figures.items()},
        "machine": {"cpu": platform.processor() or platform.machine(), "cores": os.cpu_count()},
    }
