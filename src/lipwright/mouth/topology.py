"""Which of the 478 landmarks is what, and how far each follows the jaw.

Lip lists run from the viewer's left corner to the right one; upper and lower share corners.
"""

from __future__ import annotations

from typing import Final

import numpy as np

OUTER_UPPER: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
OUTER_LOWER: Final = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
INNER_UPPER: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LOWER: Final = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
LIP_CORNERS: Final = (61, 291)

EYE_CORNERS: Final = (33, 263)
"""Outer corners; their distance is the unit of every length in this stage."""
FOREHEAD: Final = 10
CHIN: Final = 152
CHEEK_SIDES: Final = (234, 454)

JAW_FOLLOW: Final = {
    152: 1.0,
    148: 1.0,
    377: 1.0,
    176: 0.97,
    400: 0.97,
    149: 0.92,
    378: 0.92,
    150: 0.82,
    379: 0.82,
    136: 0.66,
    365: 0.66,
    172: 0.48,
    397: 0.48,
    58: 0.28,
    288: 0.28,
    132: 0.1,
    361: 0.1,
}
"""Jaw line: share of the jaw's drop, falling towards the hinge."""

CHIN_FOLLOW: Final = {
    200: 0.93,
    199: 1.0,
    175: 1.0,
    18: 0.88,
    83: 0.88,
    313: 0.88,
    182: 0.86,
    406: 0.86,
    194: 0.85,
    418: 0.85,
    208: 0.93,
    428: 0.93,
    32: 0.9,
    262: 0.9,
    171: 0.98,
    396: 0.98,
    211: 0.86,
    431: 0.86,
    210: 0.72,
    430: 0.72,
    204: 0.78,
    424: 0.78,
    202: 0.66,
    422: 0.66,
}
"""Skin of the chin: share of the jaw's drop."""

CHEEK_FOLLOW: Final = {
    216: 0.42,
    436: 0.42,
    212: 0.42,
    432: 0.42,
    214: 0.25,
    434: 0.25,
    207: 0.25,
    427: 0.25,
}
"""Cheeks beside the mouth: share of the nearer lip corner's motion."""

STILL: Final = (
    *(2, 98, 327, 1, 4, 5, 6, 168, 290, 60, 49, 279, 36, 266, 50, 280, 117, 346, 123, 352),
    *(33, 133, 263, 362, 145, 374, 234, 454, 127, 356, 205, 425),
)
"""Nose, eyes and upper cheeks: the mouth never moves them."""

JAW_CORNERS: Final = (132, 361, 58, 288, 172, 397, 136, 365)
"""Where the still ring around the jaw is anchored."""

LEFT_EYE_UPPER: Final = (33, 246, 161, 160, 159, 158, 157, 173, 133)
LEFT_EYE_LOWER: Final = (33, 7, 163, 144, 145, 153, 154, 155, 133)
RIGHT_EYE_UPPER: Final = (362, 398, 384, 385, 386, 387, 388, 466, 263)
RIGHT_EYE_LOWER: Final = (362, 382, 381, 380, 374, 373, 390, 249, 263)
"""Eyelids, the viewer's left to right."""

LEFT_BROW: Final = (70, 63, 105, 66, 107)
RIGHT_BROW: Final = (336, 296, 334, 293, 300)
LEFT_BROW_BASE: Final = (46, 53, 52, 65, 55)
RIGHT_BROW_BASE: Final = (285, 295, 282, 283, 276)
"""Upper and lower edges of the brows."""

SKIN: Final = (50, 280, 205, 425, 117, 346)
LOWER_LIP: Final = (16, 15, 85, 315)

FACE_OVAL: Final = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)

UPPER_INNER_SHARE: Final = np.linspace(-1.0, 1.0, 11)
"""Place of each lip landmark between the corners, -1 to 1."""

LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue in brightness (BT.601, as the pictures are)."""
