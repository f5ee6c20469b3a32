"""Lipwright: a script or a recording, plus an avatar, becomes a lip-synced talking video.

The stages, in the order that data flows: `speech`, `viseme`, `face`, `mouth`, `compose`, `encode`,
`quality`.  Read `pipeline` first.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lipwright.request import (
    Aspect,
    Background,
    Captions,
    Container,
    Music,
    Output,
    RenderRequest,
    Scene,
)

if TYPE_CHECKING:
    from lipwright.pipeline import render

# ONNX Runtime's own builds report to their maker unless they are told not to before they are
# loaded; nothing that is made here is anybody else's business
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"

__all__ = [
    "Aspect",
    "Background",
    "Captions",
    "Container",
    "Music",
    "Output",
    "RenderRequest",
    "Scene",
    "render",
]


def __getattr__(name: str) -> object:
    """Import `render` when it is first asked for: it brings every stage, and takes a second."""
    if name == "render":
        from lipwright.pipeline import render

        return render
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
