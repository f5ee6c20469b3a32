"""The mouth of one plate: two warps that meet at the lip line, and the inside between them."""

from __future__ import annotations

import numpy as np

from lipwright.arrays import Box, MouthShape, YuvFrame
from lipwright.avatar import Plate
from lipwright.colour import within
from lipwright.mouth.anatomy import Anatomy
from lipwright.mouth.creases import Creases
from lipwright.mouth.curves import below, curve
from lipwright.mouth.edges import Edges
from lipwright.mouth.field import Grid
from lipwright.mouth.flat import FlatInside, is_flat
from lipwright.mouth.head import HeadMotion
from lipwright.mouth.inside import DrawnInside
from lipwright.mouth.layering import lay
from lipwright.mouth.likeness import Likeness
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import LipRig, pose_of
from lipwright.mouth.real import RealMouth
from lipwright.mouth.softening import softened
from lipwright.mouth.source import Source

_BAND = 0.06  # rows above and below the lips in which both warps are drawn
_BESIDE = 0.28  # columns beside them; further out both agree to a tenth of a pixel
_PRESSED = (0.12, 0.16)  # beside, and above and below those: closing a smile presses skin together


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
        plain = self._flat or self._real
        self._creases = None if plain else Creases(plate, anatomy, self._warp, self._rig.relaxed)

    def softened(self, plate: Plate) -> Plate:
        """The plate to sample: as every mouth leaves its skin, unless it is drawn.

        Soft where that is pressed together, without the folds of a smile that no mouth keeps.
        """
        if self._creases:
            plate = self._creases.eased(plate)
        return plate if self._flat else softened(plate, self._anatomy, self._warp)

    def follow(self, head_offsets: Grid) -> None:
        """Take note of where the head is."""
        self._warp.follow(head_offsets)

    def draw(self, into: YuvFrame, source: Source, shape: MouthShape, *, whole: bool) -> None:
        """Draw the mouth into a picture that shows exactly `box`, where the head is.

        Args:
            into: Overwritten.
            source: The plate.
            shape: One rig vector.
            whole: All of the box; else what a mouth moves, in a picture where the head was there.
        """
        drawn = self.box.within(self.box) if whole else self._warp.moving
        pose = pose_of(shape)
        targets = self._likeness.targets(shape) if self._likeness else self._rig.targets(pose)
        edges = Edges.of(targets, self._anatomy, self._warp)
        if self._real:
            # Lips and all between them will be laid over it.
            self._sample(into, source, self._warp.field(targets), drawn)
            self._real.draw(into, edges, targets, shape)
        if self._drawn:
            upper, lower = self._warp.fields(targets)
            self._meet(into, source, (upper, lower), edges, drawn)
            if self._creases:
                self._creases.ease(into, source, upper, self._rig.rounded(pose))
            self._drawn.draw(into, edges, targets, pose)

    def _meet(
        self,
        into: YuvFrame,
        source: Source,
        fields: tuple[Grid, Grid],
        edges: Edges,
        drawn: Box,
    ) -> None:
        """Draw both warps: in squares of pixels where that will do, and finely around the lips."""
        upper, lower = fields
        band = self._band(edges, drawn)
        fine = self._pressed_around(band, drawn)
        self._sample(into, source, upper, drawn._replace(bottom=band.bottom))
        self._sample(into, source, lower, drawn._replace(top=band.bottom))
        self._sample_finely(into, source, upper, fine._replace(bottom=band.bottom))
        self._sample_finely(into, source, lower, fine._replace(top=band.bottom))
        self._join(into, source, lower, edges, band)

    def _sample(self, into: YuvFrame, source: Source, field: Grid, part: Box) -> None:
        if part.height > 0 and part.width > 0:
            at = self._warp.zone.blocks(field, source, part)
            source.remap_blocks(at, within(into, part))

    def _sample_finely(self, into: YuvFrame, source: Source, field: Grid, part: Box) -> None:
        if part.height > 0 and part.width > 0:
            source.remap(self._warp.zone.maps(field, source, part), within(into, part))

    def _pressed_around(self, band: Box, drawn: Box) -> Box:
        """The band, and what is around it where squares of four pixels would show as steps.

        Their pixels lie side by side in the plate too; where a fold is pressed to half its width
        they should lie two apart, and its edge is a saw.
        """
        if not self._anatomy.parted:
            return band
        across, down = (2 * round(share * self._anatomy.unit / 2) for share in _PRESSED)
        left, top, right, bottom = band
        return Box(left - across, top - down, right + across, bottom + down).intersection(drawn)

    def _band(self, edges: Edges, drawn: Box) -> Box:
        """What is around the lips."""
        reach = np.array([_BESIDE, _BAND]) * self._anatomy.unit
        points = np.r_[edges.inner_upper, edges.inner_lower]
        low, high = points.min(0) - reach, points.max(0) + reach
        left, right = np.clip((low[0], high[0]), drawn.left, drawn.right).astype(int) // 2 * 2
        top, bottom = np.clip((low[1], high[1]), drawn.top, drawn.bottom).astype(int) // 2 * 2
        return Box(int(left), int(top), int(right), int(bottom))

    def _join(self, into: YuvFrame, source: Source, lower: Grid, edges: Edges, band: Box) -> None:
        """Blend the lower warp into the upper one under the lip line."""
        if not (band.height and band.width):
            return
        unit = self._anatomy.unit
        under = source.remapped(self._warp.zone.maps(lower, source, band))
        seam = curve(edges.seam - [band.left, band.top])
        share = below(seam, band.width, band.height, 0.03 * unit, 0.015 * unit)
        lay(under, share, within(into, band))
