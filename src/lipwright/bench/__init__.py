"""`lipwright bench`: the figures that must hold, measured on this machine in one run.

One module a subject; each gives named figures, and `measured` puts them in one JSON object.  Speed
is CPU time against something measured in the same run, so that a figure means the same on any
machine.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lipwright.bench.figures import Figure, Figures
from lipwright.errors import InvalidRequest

__all__ = ["Asked", "Figure", "Figures", "measured"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure with; every area takes what it needs."""

    avatar: Path | None = None
    voice: str | None = None
    footage: Path | None = None
    """A clip that is made to say something else; the mouth is then measured in it."""
    minutes: float = 3.0
    short_side_px: int = 1080
    kept: Path | None = None
    """A folder for the work on a long video; an interrupted run is taken up again there."""

    @property
    def someone(self) -> Path:
        """The avatar.

        Raises:
            InvalidRequest: There is none.
        """
        if self.avatar is None:
            raise InvalidRequest("Say which avatar to measure with: --avatar NAME.")
        return self.avatar


def _render(asked: Asked) -> Figures:
    from lipwright.bench import rendering

    return rendering.figures(asked.someone)


def _mouth(asked: Asked) -> Figures:
    from lipwright.bench import mouth

    if asked.footage is not None:
        return _clip(asked.footage)
    return mouth.figures(asked.someone)


def _service(asked: Asked) -> Figures:
    from lipwright.bench import service

    return service.figures(asked.someone)


def _clip(footage: Path) -> Figures:
    from lipwright.bench import clip

    return clip.figures(footage)


def _long(asked: Asked) -> Figures:
    from lipwright.bench import lengths

    return lengths.figures(
        *(asked.someone, asked.minutes, asked.short_side_px),
        voice=asked.voice or lengths.FAST_VOICE,
        kept=asked.kept,
    )


def _speech(asked: Asked) -> Figures:
    from lipwright.bench import recordings

    return recordings.figures()


def _voices(asked: Asked) -> Figures:
    from lipwright.bench import voices

    return voices.figures()


def _words(asked: Asked) -> Figures:
    from lipwright.bench import words

    return words.figures(asked.voice)


AREAS: Final[dict[str, Callable[[Asked], Figures]]] = {
    "long": _long,
    "mouth": _mouth,
    "render": _render,
    "service": _service,
    "speech": _speech,
    "voices": _voices,
    "words": _words,
}
"""What can be measured."""


def measured(what: str, asked: Asked | None = None) -> dict[str, Any]:
    """Measure one area; ``{"figures": {name: figure}, "machine": …}``.

    Raises:
        InvalidRequest: There is no such area, or it needs an avatar.
    """
    if what not in AREAS:
        raise InvalidRequest(f'"{what}" cannot be measured; choose one of {", ".join(AREAS)}.')
    asked = asked or Asked()
    if asked.footage is not None and what != "mouth":
        raise InvalidRequest("Only the mouth is measured in footage: lipwright bench mouth.")
    figures = AREAS[what](asked)
    return {
        "figures": {name: figure.as_json() for name, figure in figures.items()},
        "machine": {"cpu": platform.processor() or platform.machine(), "cores": os.cpu_count()},
    }
