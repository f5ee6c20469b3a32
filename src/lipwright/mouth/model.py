"""The seam between the mouth stage and the rest: what every mouth model offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from lipwright.arrays import IdleMotion, MouthShapes
from lipwright.avatar import Excerpt, Patch, Plate


class MouthModel(Protocol):
    """Moves the mouth, the eyes and the head of a plate."""

    def patches(
        self,
        plate: Plate,
        shapes: MouthShapes,
        idle: IdleMotion,
        *,
        cut_out: bool,
        excerpt: Excerpt | None = None,
    ) -> Iterator[Patch]:
        """Yield one patch a frame.

        A frame depends on its own rows and its place in the video alone, so segments may be
        rendered apart, and the box is the same for every frame of a plate that does not move.

        Args:
            plate: Already framed on the canvas.
            shapes: ``(F, R)``.
            idle: ``(F, K)``, as long as `shapes`.
            cut_out: The person goes over another background: patches carry an alpha.
            excerpt: Which frames of the video these are, and its sound.  A plate that moves
                needs it, as does a model that listens.

        Raises:
            ValueError: `shapes` and `idle` do not have the same length, or the excerpt is missing.
        """
        ...
