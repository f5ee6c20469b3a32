"""Alpha as a straight line of colour in every small window: what matting is built on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_ROUNDING = 1e-5
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


class LocalLines:
    """The windows of one picture, to which many mattes can be fitted.

    A matte that is fitted in all windows and averaged is the guided filter's (He, Sun and Tang,
    2010).  What it differs by from the matte itself is the matting Laplacian's product with it
    (He, Sun and Tang, "Fast matting using large kernel matting Laplacian matrices", 2010).
    """

    def __init__(self, guide: Floats, radius: int, flatness: float) -> None:
        """`guide` is ``(H, W, 3)`` in [0, 1]; edges with less variance are not followed."""
        self._guide = guide
        self._box = (2 * radius + 1, 2 * radius + 1)
        self._centre = self._mean(guide)
        self._inverse = self._inverted(flatness)

    def fitted(self, matte: Floats) -> tuple[Floats, Floats]:
        """Slope ``(H, W, 3)`` and offset ``(H, W)`` of each place, mean of all its windows."""
        level = self._mean(matte)
        shared = self._mean(self._guide * matte[..., None]) - self._centre * level[..., None]
        slope = np.empty_like(shared)
        for row in range(3):
            slope[..., row] = sum(
                self._inverse[min(row, k), max(row, k)] * shared[..., k] for k in range(3)
            )
        offset = level - np.einsum("ijk,ijk->ij", slope, self._centre)
        return self._mean(slope), self._mean(np.asarray(offset, np.float32))

    def smoothed(self, matte: Floats) -> Floats:
        """The fitted lines at the picture's own colours."""
        slope, offset = self.fitted(matte)
        return along(slope, offset, self._guide)

    def _mean(self, image: Floats) -> Floats:
        return np.asarray(cv2.boxFilter(image, -1, self._box), np.float32)

    def _inverted(self, flatness: float) -> dict[tuple[int, int], Floats]:
        """The inverse of each window's covariance, by its cofactors; symmetrical."""
        # where next to nothing is added, the cofactors of a flat window cancel out in 32 bits
        guide = self._guide if flatness > _ROUNDING else self._guide.astype(np.float64)
        centre = cv2.boxFilter(guide, -1, self._box)
        var = {
            (i, j): cv2.boxFilter(guide[..., i] * guide[..., j], -1, self._box)
            - centre[..., i] * centre[..., j]
            for i, j in _PAIRS
        }
        for k in range(3):
            var[k, k] += guide.dtype.type(flatness)
        xx, xy, xz, yy, yz, zz = (var[pair] for pair in _PAIRS)
        cofactors = (
            yy * zz - yz * yz,
            xz * yz - xy * zz,
            xy * yz - xz * yy,
            xx * zz - xz * xz,
            xy * xz - xx * yz,
            xx * yy - xy * xy,
        )
        scale = 1 / (xx * cofactors[0] + xy * cofactors[1] + xz * cofactors[2])
        return {
            pair: np.asarray(part * scale, np.float32)
            for pair, part in zip(_PAIRS, cofactors, strict=True)
        }


def along(slope: Floats, offset: Floats, guide: NDArray[np.float32]) -> Floats:
    """``(H, W)`` alpha of colours in [0, 1], each on its place's line."""
    return np.asarray(np.einsum("ijk,ijk->ij", slope, guide) + offset, np.float32)
