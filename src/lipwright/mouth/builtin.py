"""The mouth model that ships: warps plates that are still, and lays real mouths on films."""

from __future__ import annotations

from collections.abc import Iterator

from lipwright.arrays import IdleMotion, MouthShapes
from lipwright.avatar import Excerpt, Patch, Plate
from lipwright.mouth.boxes import same_length
from lipwright.mouth.filmed import filmed_patches
from lipwright.mouth.warp import WarpMouth


class BuiltInMouth:
    """A `MouthModel` for every kind of plate."""

    def patches(
        self,
        plate: Plate,
        shapes: MouthShapes,
        idle: IdleMotion,
        *,
        cut_out: bool,
        excerpt: Excerpt | None = None,
    ) -> Iterator[Patch]:
        """Yield one patch a frame; see `MouthModel.patches`.  Films move by themselves."""
        if plate.film is None:
            return WarpMouth().patches(plate, shapes, idle, cut_out=cut_out)
        same_length(shapes, idle)
        if excerpt is None:
            raise ValueError("a plate that moves needs to know which frames these are")
        return filmed_patches(plate, shapes, excerpt, cut_out=cut_out)
