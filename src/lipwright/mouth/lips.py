"""The mouth of one plate: two warps that meet at the lip line, and the inside between them."""

from __future__ import annotations

import numpy as np

from lipwright.arrays import MouthShape, YuvFrame
from lipwright.avatar import Plate
from lipwright.colour import within
from lipwright.mouth.anatomy import Anatomy
from lipwright.mouth.boxes import Box
from lipwright.mouth.curves import below, curve
from lipwright.mouth.edges import Edges
from lipwright.mouth.field import Grid
from lipwright.mouth.flat import FlatInside, is_flat
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.inside import DrawnInside
from lipwright.mouth.layering import lay
from lipwright.mouth.likeness import Likeness
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import LipRig, Targets, pose_of
from lipwright.mouth.real import RealMouth
from lipwright.mouth.softening import softened
from lipwright.mouth.source import Source

_BAND = 0.06  # rows above and below the lips in which both warps are drawn
_PRESSED = 0.16  # rows above and below those in which closing a smile presses skin together


class Lips:
    """Draws one plate's mouth in any pose, under any head motion."""

    def __init__(self, plate: Plate, anatomy: Anatomy, head: HeadMotion) -> None:
        self._anatomy, self._rig = anatomy, LipRig(anatomy)
        self._warp = MouthWarp(anatomy, head, plate.frame.shape, real=plate.mouths is not None)
        self.box = self._warp.box
        self._likeness = Likeness(plate.mouths, anatomy) if plate.mouths else None
        self._real = RealMouth(self._likeness, anatomy, self._warp) if self._likeness else None
        self._flat = not self._real and is_flat(plate.frame, anatomy)
        inside = FlatInside if self._flat else DrawnInside
        self._drawn = None if self._real else inside(plate.frame, anatomy, self._warp)

    def softened(self, plate: Plate) -> Plate:
        """The plate to sample: soft where every mouth presses it together, unless it is drawn."""
        return plate if self._flat else softened(plate, self._anatomy, self._warp)

    def follow(self, head_offsets: Grid) -> None:
        """Take note of where the head is."""
        self._warp.follow(head_offsets)

    def draw(self, into: YuvFrame, source: Source, shape: MouthShape) -> None:
        """Draw the mouth into a picture that shows exactly `box`, all of it, where the head is.

        Args:
            into: Overwritten.
            source: The plate.
            shape: One rig vector.
        """
        pose = pose_of(shape)
        targets = self._likeness.targets(shape) if self._likeness else self._rig.targets(pose)
        edges = Edges.of(targets, self._anatomy, self._warp)
        if self._real:
            # Lips and all between them will be laid over it.
            whole = self.box.within(self.box)
            self._sample(into, source, self._warp.field(targets), whole)
            self._real.draw(into, edges, targets, shape)
        if self._drawn:
            self._meet(into, source, targets, edges)
            self._drawn.draw(into, edges, targets, pose)

    def _meet(self, into: YuvFrame, source: Source, targets: Targets, edges: Edges) -> None:
        """Draw both warps."""
        upper, lower = self._warp.fields(targets)
        band = self._band(edges)
        above, under = self._pressed_beside(band)
        self._sample(into, source, upper, band._replace(top=0, bottom=above.top))
        self._sample(into, source, lower, Box(0, under.bottom, band.right, self.box.height))
        for field, part in ((upper, above), (lower, under)):
            if part.height > 0:
                source.remap(self._warp.zone.maps(field, source, part), within(into, part))
        self._join(into, source, (upper, lower), edges, band)

    def _sample(self, into: YuvFrame, source: Source, field: Grid, part: Box) -> None:
        if part.height > 0:
            at = self._warp.zone.blocks(field, source, part)
            source.remap_blocks(at, within(into, part))

    def _pressed_beside(self, band: Box) -> tuple[Box, Box]:
        """The rows above and below the band where squares of four pixels would show as steps.

        Their pixels lie side by side in the plate too; where a fold is pressed to half its width
        they should lie two apart, and its edge is a saw.
        """
        reach = 2 * round(_PRESSED * self._anatomy.unit / 2) if self._anatomy.parted else 0
        top, bottom = max(0, band.top - reach), min(self.box.height, band.bottom + reach)
        above = band._replace(top=top, bottom=band.top)
        return above, band._replace(top=band.bottom, bottom=bottom)

    def _band(self, edges: Edges) -> Box:
        """The rows around the lips."""
        reach = _BAND * self._anatomy.unit
        y = np.r_[edges.inner_upper[:, 1], edges.inner_lower[:, 1]]
        top = int(np.clip(y.min() - reach, 0, self.box.height)) // 2 * 2
        bottom = int(np.clip(y.max() + reach, top, self.box.height)) // 2 * 2
        return Box(0, top, self.box.width, bottom)

    def _join(
        self, into: YuvFrame, source: Source, fields: tuple[Grid, Grid], edges: Edges, band: Box
    ) -> None:
        """Draw the upper warp, and blend the lower one into it under the lip line."""
        if not band.height:
            return
        unit = self._anatomy.unit
        maps, seen = self._warp.zone.maps, within(into, band)
        source.remap(maps(fields[0], source, band), seen)
        under = source.remapped(maps(fields[1], source, band))
        seam = curve(edges.seam - [0, band.top])
        share = below(seam, band.width, band.height, 0.03 * unit, 0.015 * unit)
        lay(under, share, seen)
