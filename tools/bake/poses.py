"""Postures, as weights of ICT-FaceKit's blend shapes and a few deformers of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Shapes = Mapping[str, float]

GAZE_DEG: Final = 6.0
"""Turn of the eyes at a gaze of 1, as in `lipwright.arrays`, which Blender cannot import."""


@dataclass(frozen=True, slots=True)
class Posture:
    """Everything that can move."""

    shapes: Shapes = field(default_factory=dict)
    tongue_up: float = 0.0
    tongue_out: float = 0.0
    gaze_deg: tuple[float, float] = (0.0, 0.0)
    """Yaw to her left, pitch up."""
    turn_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of the head: pitch, yaw, roll."""

    def over(self, base: Shapes) -> Posture:
        """This posture added to resting shapes."""
        names = base.keys() | self.shapes.keys()
        added = {name: base.get(name, 0.0) + self.shapes.get(name, 0.0) for name in sorted(names)}
        return Posture(added, self.tongue_up, self.tongue_out, self.gaze_deg, self.turn_deg)


def mouth_posture(rig: Sequence[float]) -> Posture:
    """The mouth at a rig vector, columns as in `lipwright.arrays.RIG`.

    Weights are tuned so that the jaw's drop is the engine's (0.14 of the eye distance at 1), and
    by looking.  Between open and pressed lips everything is linear.
    """
    jaw, width, pucker, upper, lower, press, tuck, tongue, out = rig
    wide, narrow = max(width, 0.0), max(-width, 0.0)
    round_shapes = {
        "mouthPucker": 0.55 * pucker + 0.35 * narrow,
        "mouthFunnel": 0.30 * pucker + 0.15 * narrow,
    }
    opened = {
        "jawOpen": 0.46 * jaw + 0.034 * tuck,
        "mouthLowerDown": 0.10 * jaw + 0.70 * lower,
        "mouthUpperUp": 0.06 * jaw + 0.50 * upper + 0.33 * tuck,
        "mouthStretch": 0.36 * wide,
        "mouthSmile": 0.14 * wide,
        "mouthRollLower": 0.60 * tuck,
        "mouthShrugLower": 0.10 * tuck,
        **round_shapes,
    }
    sealed = {
        "jawOpen": 0.24 * jaw,
        "mouthClose": 0.24 * jaw + 0.35 * round_shapes["mouthFunnel"],
        "mouthPress": 0.35,
        "mouthRollLower": 0.30,
        "mouthRollUpper": 0.26,
        "mouthStretch": 0.25 * wide,
        "mouthPucker": 0.75 * round_shapes["mouthPucker"],
        "mouthFunnel": 0.35 * round_shapes["mouthFunnel"],
    }
    names = sorted(opened.keys() | sealed.keys())
    shapes = {
        name: (1 - press) * opened.get(name, 0.0) + press * sealed.get(name, 0.0) for name in names
    }
    return Posture(shapes, tongue_up=tongue * (1 - press), tongue_out=out * (1 - press))


def eyes_posture(state: Sequence[float]) -> Posture:
    """Lids and gaze at ``blink, gaze_x, gaze_y``, as in `lipwright.arrays.IDLE`."""
    blink, across, down = state
    return Posture({"eyeBlink": blink}, gaze_deg=(GAZE_DEG * across, -GAZE_DEG * down))
