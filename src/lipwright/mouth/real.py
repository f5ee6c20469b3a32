"""Real mouths of the same person, laid over the warped ones."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from lipwright.arrays import Box, MouthShape, YuvFrame
from lipwright.colour import within
from lipwright.mouth.anatomy import Anatomy, Points
from lipwright.mouth.boxes import even_around
from lipwright.mouth.curves import Weights, blurred, outlined
from lipwright.mouth.edges import Edges
from lipwright.mouth.layering import lay, mixed
from lipwright.mouth.likeness import Likeness
from lipwright.mouth.mouthwarp import MouthWarp
from lipwright.mouth.pose import Targets

_LAID_BEYOND: Final = (
    0.032  # a real mouth is laid this far over the skin around its lips, and fades
)


class RealMouth:
    """Lays the pictures of one plate's atlas."""

    def __init__(self, likeness: Likeness, anatomy: Anatomy, warp: MouthWarp) -> None:
        self._likeness, self._unit, self._warp = likeness, anatomy.unit, warp
        self._whole = warp.box.within(warp.box)

    def draw(self, into: YuvFrame, edges: Edges, targets: Targets, shape: MouthShape) -> None:
        """Lay real lips, and all between them, over the warped ones in the mouth's box."""
        outline = edges.lips
        part = even_around(outline, 2.6 * _LAID_BEYOND * self._unit + 2, self._whole)
        if part.width < 4 or part.height < 4:
            return
        chosen = self._likeness.chosen(targets, shape)
        nodes, at = self._warp.near(part)
        fields = self._likeness.offsets([picture for picture, _ in chosen], targets, at)
        seen = []
        for (index, weight), offsets in zip(chosen, fields, strict=True):
            source = self._likeness.pictures[index]
            field = self._warp.with_offsets(nodes, offsets)
            seen.append(
                (source.remapped_blocks(self._warp.zone.blocks(field, source, part)), weight)
            )
        small = _laid_share(outline - [part.left, part.top], part, self._unit)
        share = cv2.resize(small, (part.width, part.height), interpolation=cv2.INTER_LINEAR)
        lay(mixed(seen), np.asarray(share, np.float32), within(into, part), small)


def _laid_share(outline: Points, part: Box, unit: float) -> Weights:
    """1 on the lips and a little around them, falling to 0: soft, so half the size will do."""
    line = (outline + 0.5) / 2 - 0.5
    wide = outlined(line, part.width // 2, part.height // 2, _LAID_BEYOND * unit)
    return blurred(wide.astype(np.float32), 0.25 * _LAID_BEYOND * unit)
