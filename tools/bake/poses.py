"""Expressions, as weights of ICT-FaceKit's blend shapes and a few deformers of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Shapes = Mapping[str, float]


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


BLINK = Posture({"eyeBlink": 1.0})
HALF_BLINK = Posture({"eyeBlink": 0.5})

VISEMES: dict[str, Posture] = {
    "sil": Posture(),
    "PP": Posture({"mouthPress": 0.45, "mouthRollLower": 0.35, "mouthRollUpper": 0.30}),
    "FF": Posture(
        {
            "jawOpen": 0.06,
            "mouthRollLower": 0.75,
            "mouthUpperUp": 0.32,
            "mouthShrugLower": 0.25,
        }
    ),
    "TH": Posture(
        {"jawOpen": 0.15, "mouthLowerDown": 0.35, "mouthUpperUp": 0.22},
        tongue_up=0.5,
        tongue_out=0.9,
    ),
    "DD": Posture(
        {"jawOpen": 0.12, "mouthLowerDown": 0.42, "mouthUpperUp": 0.25, "mouthStretch": 0.1},
        tongue_up=0.9,
    ),
    "kk": Posture(
        {"jawOpen": 0.18, "mouthLowerDown": 0.38, "mouthUpperUp": 0.18, "mouthStretch": 0.15}
    ),
    "CH": Posture(
        {"jawOpen": 0.05, "mouthFunnel": 0.55, "mouthLowerDown": 0.25, "mouthUpperUp": 0.2}
    ),
    "SS": Posture(
        {
            "jawOpen": 0.02,
            "mouthStretch": 0.35,
            "mouthLowerDown": 0.55,
            "mouthUpperUp": 0.38,
            "mouthSmile": 0.12,
        }
    ),
    "nn": Posture({"jawOpen": 0.14, "mouthLowerDown": 0.32, "mouthUpperUp": 0.18}, tongue_up=1.0),
    "RR": Posture(
        {"jawOpen": 0.12, "mouthFunnel": 0.38, "mouthPucker": 0.18, "mouthLowerDown": 0.18}
    ),
    "aa": Posture({"jawOpen": 0.42, "mouthLowerDown": 0.35, "mouthUpperUp": 0.25}),
    "E": Posture(
        {
            "jawOpen": 0.22,
            "mouthStretch": 0.3,
            "mouthSmile": 0.18,
            "mouthLowerDown": 0.42,
            "mouthUpperUp": 0.25,
        }
    ),
    "ih": Posture(
        {
            "jawOpen": 0.13,
            "mouthStretch": 0.3,
            "mouthSmile": 0.25,
            "mouthLowerDown": 0.45,
            "mouthUpperUp": 0.28,
        }
    ),
    "oh": Posture({"jawOpen": 0.32, "mouthFunnel": 0.5, "mouthPucker": 0.25}),
    "ou": Posture({"jawOpen": 0.14, "mouthPucker": 0.75, "mouthFunnel": 0.3}),
}
"""One posture per viseme, tuned by looking."""
