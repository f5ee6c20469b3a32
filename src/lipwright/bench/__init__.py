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


def _render(avatar: Path | None) -> Figures:
    from lipwright.bench import rendering

    return rendering.figures(_needed(avatar))


def _mouth(avatar: Path | None) -> Figures:
    from lipwright.bench import mouth

    return mouth.figures(_needed(avatar))


def _needed(avatar: Path | None) -> Path:
    if avatar is None:
        raise InvalidRequest("Say which avatar to measure with: --avatar NAME.")
    return avatar


def _speech(avatar: Path | None) -> Figures:
    from lipwright.bench import recordings

    return recordings.figures()


def _voices(avatar: Path | None) -> Figures:
    from lipwright.bench import voices

    return voices.figures()


AREAS: Final[dict[str, Callable[[Path | None], Figures]]] = {
    "mouth": _mouth,
    "render": _render,
    "speech": _speech,
    "voices": _voices,
}
"""What can be measured; an area that needs no avatar ignores it."""


def measured(what: str, avatar: Path | None = None) -> dict[str, Any]:
    """Measure one area; ``{"figures": {name: figure}, "machine": …}``.

    Raises:
        InvalidRequest: There is no such area, or it needs an avatar.
    """
    if what not in AREAS:
        raise InvalidRequest(f'"{what}" cannot be measured; choose one of {", ".join(AREAS)}.')
    figures = AREAS[what](avatar)
    return {
        "figures": {name: figure.as_json() for name, figure in figures.items()},
        "machine": {"cpu": platform.processor() or platform.machine(), "cores": os.cpu_count()},
    }
