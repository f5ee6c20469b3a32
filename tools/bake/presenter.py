"""One presenter in the scene: built from the parameter file, then posed again and again."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tools.bake import (
    collar,
    eyes,
    fur,
    garment,
    hair,
    jacket,
    jewellery,
    materials,
    scene,
    wrinkles,
)
from tools.bake import head as anatomy
from tools.bake.body import BodyModel
from tools.bake.bun import bun
from tools.bake.folds import Shoulders, folded, seamed
from tools.bake.head import HeadModel
from tools.bake.poses import Posture
from tools.bake.spec import Cloth, PresenterSpec, Studs
from tools.bake.strands import Follicles, Skull
from tools.bake.surface import (
    Floats,
    Subdivision,
    scattered,
    smoothstep,
    subdivided,
    unit,
    vertex_normals,
)
from tools.bake.tie import Tie

_RETREAT_CM = 0.13
"""Blinking draws the eyes back by 1 to 2 mm (Evinger et al. 1984); without it the cornea would
shine through the closed lid."""


_TUCK_CM = 4.0
_TONGUE_RISE_CM = 1.55
_TONGUE_REACH_CM = 0.95
"""Up and forward to the ridge behind the upper teeth, near enough to them to be lit and seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """The head in one posture: cage, subdivided skin, and how points ride with the skull."""

    cage: Floats
    skin: Floats
    gaze: Floats
    retreat_cm: float
    """How far the eyeballs are drawn back."""
    turn: Floats
    pivot: Floats

    def moved(self, points: Floats, share: Floats | None = None) -> Floats:
        """Points turned with the head, all of them or by their `share`."""
        turned = (points - self.pivot) @ self.turn.T + self.pivot
        return turned if share is None else points + (turned - points) * share[..., None]


@dataclass(frozen=True, slots=True)
class Sources:
    """The two geometries."""

    head: HeadModel
    body: BodyModel


class Presenter:
    """All parts of one presenter, and `take`, which puts them in a posture."""

    def __init__(self, spec: PresenterSpec, sources: Sources) -> None:
        self.spec, self.model = spec, sources.head
        self.rng = np.random.default_rng(spec.seed)
        own = self.model.identity(spec.identity)
        own = anatomy.aged(self.model, own, spec.skin.age)
        self.own = self.model.expressed(own, spec.features)
        cage_faces = self.model.faces[anatomy.SKIN_FACES]
        self.surface: Subdivision = subdivided(cage_faces, anatomy.SKIN.stop, 1)
        self.skin = self.surface.matrix @ self.own[anatomy.SKIN]
        self.rest = self.surface.matrix @ self.model.neutral[anatomy.SKIN]
        self.wet_quads = self.surface.source >= anatomy.MOUTH_SOCK_FACES[0]
        self._movers: list[Callable[[Pose], None]] = []
        self._turners: list[Callable[[Pose], None]] = []
        """Of what only the head's turn moves: untouched, its tree of rays is not built again."""
        self._turned_deg = Posture().turn_deg
        self.values = self._skin_values()
        self._add_skin()
        self._add_mouth()
        for sphere in anatomy.EYES:
            self._add_eye(sphere)
        self._add_tears()
        self._add_fur()
        self._add_hair()
        self._add_garment(sources.body)
        if spec.studs is not None:
            self._add_studs(spec.studs)

    @property
    def eye_height_cm(self) -> float:
        """Of the resting eyes."""
        return float(np.mean([self.own[sphere, 1].mean() for sphere in anatomy.EYES]))

    def take(self, posture: Posture) -> Floats:
        """Move everything; give the posed head, as vertices of the template."""
        pose = self._posed(posture.over(self.spec.expression))
        for move in self._movers:
            move(pose)
        if posture.turn_deg != self._turned_deg:
            self._turned_deg = posture.turn_deg
            for turn in self._turners:
                turn(pose)
        return pose.moved(pose.cage, self._neck_share(self.own))

    def _posed(self, posture: Posture) -> Pose:
        yaw, pitch = posture.gaze_deg
        look = "eyeLookUp" if pitch > 0 else "eyeLookDown"
        shapes = dict(posture.shapes)
        shapes[look] = shapes.get(look, 0.0) + abs(pitch) / 30  # lids follow the gaze
        cage = self.model.expressed(self.own, shapes)
        _move_tongue(cage, self.model.neutral, posture)
        chin = self.own[anatomy.LANDMARKS[anatomy.CHIN]]
        return Pose(
            cage=cage,
            skin=self.surface.matrix @ cage[anatomy.SKIN],
            gaze=_turn(-pitch, yaw, 0),
            retreat_cm=_RETREAT_CM * posture.shapes.get("eyeBlink", 0.0),
            turn=_turn(*posture.turn_deg),
            pivot=np.array([0, chin[1] - 5.5, 1.5]),
        )

    def _neck_share(self, points: Floats) -> Floats:
        """How much of the head's turn a point takes: none at the collar, all at the jaw."""
        chin = self.own[anatomy.LANDMARKS[anatomy.CHIN], 1]
        return smoothstep(points[..., 1], chin - 8, chin - 1)

    def _skin_values(self) -> dict[str, Floats]:
        masks = anatomy.regions(self.model)
        line = anatomy.scalp(self.model, self.spec.hair.hairline, masks["ear"])
        matrix = self.surface.matrix
        values = {name: np.clip(matrix @ mask, 0, 1) for name, mask in masks.items()}
        values["scalp"] = np.clip(matrix @ line, 0, 1)
        # Long hair starts thin: stained up to its line the skin would look like the brim of a cap.
        inner = 0.0 if self.spec.hair.style == "coils" else 0.4
        values["stain"] = np.clip((values["scalp"] - inner) / (1 - inner), 0, 1)
        values["brow"] = np.clip(1.2 * fur.brow_mask(self.model, self.rest, self.spec.brows), 0, 1)
        values["depth"] = smoothstep(self.rest[:, 2], 8.5, 3.5) * 0.95
        return values | {"rest": self.rest}

    def _years(self) -> materials.Years | None:
        if not self.spec.skin.age:
            return None
        rng = np.random.default_rng([self.spec.seed, 2])
        return materials.Years(wrinkles.relief(self.model, rng), wrinkles.spots(rng))

    def _dry(self, density: Floats) -> Floats:
        """A density that is zero inside the mouth and the eye sockets."""
        dry = density.copy()
        dry[np.unique(self.surface.quads[self.wet_quads])] = 0
        return dry

    def _add_skin(self) -> None:
        spec = self.spec
        first, last = anatomy.MOUTH_SOCK_FACES
        inside = (self.surface.source >= first) & (self.surface.source < last)
        looks = [
            materials.skin(spec.skin, spec.hair.colour, self._years()),
            materials.wet("cheeks", (0.42, 0.13, 0.12), (0.33, 0.08, 0.08), 0.6, 0.35),
        ]
        mesh = scene.add_mesh(
            "skin", _tucked(self.skin), self.surface.quads, looks, self.values, inside.astype(float)
        )
        share = self._neck_share(self.skin)
        self._movers.append(
            lambda pose: scene.move_mesh(mesh, pose.moved(_tucked(pose.skin), share))
        )

    def _add_mouth(self) -> None:
        gums = materials.wet("gums", (0.50, 0.19, 0.17), (0.42, 0.13, 0.125), 0.5, 0.4)
        self._add_part("gums", (anatomy.GUMS, anatomy.GUM_FACES), gums)
        self._add_part("teeth", (anatomy.TEETH, anatomy.TEETH_FACES), materials.teeth())

    def _add_part(self, name: str, where: tuple[slice, slice], look: object) -> None:
        vertices, faces = where
        cage_faces = anatomy.local_faces(self.model, faces, vertices)
        fine = subdivided(cage_faces, vertices.stop - vertices.start, 1)
        rest = fine.matrix @ self.model.neutral[vertices]
        y = rest[:, 1]
        # The dental arches meet at -3.35 cm; enamel yellows toward the gum of each.
        upper, lower = smoothstep(y, -2.75, -2.15), smoothstep(y, -4.2, -4.9)
        values = {
            "rest": rest,
            "depth": smoothstep(rest[:, 2], 8.8, 4.5) * 0.85,
            "gumline": np.where(y > -3.35, upper, lower),
        }
        mesh = scene.add_mesh(name, fine.matrix @ self.own[vertices], fine.quads, [look], values)
        self._movers.append(
            lambda pose: scene.move_mesh(mesh, pose.moved(fine.matrix @ pose.cage[vertices]))
        )

    def _add_eye(self, sphere: slice) -> None:
        centre, radius = eyes.fitted_sphere(self.own[sphere])
        size = self.spec.iris.radius_cm
        parts = [
            (eyes.eyeball(radius, size), materials.iris(self.spec.iris)),
            (eyes.cornea(radius, size), materials.clear()),
        ]
        for part, look in parts:
            mesh = scene.add_mesh("eye", part.points + centre, part.faces, [look], part.values)
            self._movers.append(
                lambda pose, mesh=mesh, points=part.points: scene.move_mesh(
                    mesh,
                    pose.moved(points @ pose.gaze.T + centre - [0, 0, pose.retreat_cm]),
                )
            )

    def _add_tears(self) -> None:
        where = anatomy.TEARS
        faces = anatomy.local_faces(self.model, anatomy.TEAR_FACES, where)
        mesh = scene.add_mesh("tears", self.own[where], faces, [materials.clear()])
        self._movers.append(lambda pose: scene.move_mesh(mesh, pose.moved(pose.cage[where])))

    def _add_fur(self) -> None:
        spec, quads = self.spec, self.surface.quads
        lash = fur.lashes(self.model, spec.brows.lashes, self.rng)
        dark = materials.hair((0.012, 0.009, 0.008), 0.3)
        radii = fur.lash_radii(spec.brows.lash_strand)
        strands = scene.add_strands("lashes", lash.on(self.own), radii, dark)
        self._movers.append(
            lambda pose: scene.move_strands(strands, pose.moved(lash.on(pose.cage)))
        )
        look = materials.hair(spec.brows.colour, 0.35)
        brow = fur.brows(
            (self.skin, quads, self.rest), self.model, self.values["brow"], spec.brows, self.rng
        )
        self._add_riding("brows", brow, np.linspace(1, 0.2, 7) * 0.0055 * spec.brows.strand, look)
        values = self.values
        bare = np.clip(1 - 2 * values["lips"], 0, 1) * np.clip(1 - 2 * values["scalp"], 0, 1)
        bare = bare * np.clip(1 - 3 * values["lidrim"], 0, 1) * (self.rest[:, 1] > -12)
        fuzz = fur.down(self.skin, quads, self._dry(bare), 16000, self.rng)
        pale = materials.hair((0.55, 0.42, 0.30), 0.4)
        self._add_riding("down", fuzz, np.linspace(1, 0.2, 4) * 0.0009, pale)
        if spec.skin.stubble:
            beard = fur.stubble(self.skin, quads, self._dry(values["beard"]), 0.12, self.rng)
            self._add_riding("stubble", beard, np.linspace(1, 0.4, 4) * 0.0042, look)

    def _add_riding(self, name: str, part: fur.Fur, radii: Floats, look: object) -> None:
        strands = scene.add_strands(name, part.on(self.skin), radii, look)
        self._movers.append(
            lambda pose: scene.move_strands(strands, pose.moved(part.on(pose.skin)))
        )

    def _add_hair(self) -> None:
        spec, quads = self.spec.hair, self.surface.quads
        normals = vertex_normals(self.skin, quads)
        scalp = self.values["scalp"]
        density = self._dry(scalp) ** (1.3 if spec.style == "coils" else 1.0)
        density = density * hair.denser(self.rest, spec.part_cm)
        roots = scattered(self.skin, quads, density, spec.strands, self.rng)
        inside = roots.on(scalp[:, None])[:, 0]
        start = Follicles(roots.on(self.skin), roots.on(self.rest), unit(roots.on(normals)), inside)
        outer = np.unique(quads[~self.wet_quads])
        skull = Skull.over(self.skin[outer], normals[outer])
        strands = hair.grown(start, spec, skull, self.rng)
        look = materials.hair(spec.colour, spec.roughness, 0.45)
        self._add_turning("hair", strands, hair.strand_radii(spec, inside), look)
        if spec.bun:
            knot = bun(spec, self.rng)
            self._add_turning("bun", knot, hair.strand_radii(spec), look)

    def _add_turning(self, name: str, strands: Floats, radii: Floats, look: object) -> None:
        curves = scene.add_strands(name, strands, radii, look)
        share = smoothstep(strands[..., 1], -16, -6)
        self._turners.append(lambda pose: scene.move_strands(curves, pose.moved(strands, share)))

    def _add_studs(self, studs: Studs) -> None:
        look = materials.metal(studs.colour)
        points, faces = jewellery.stud(studs.radius_cm)
        for place in jewellery.lobes(self.skin, self.values["ear"]):
            own = points + place
            mesh = scene.add_mesh("stud", own, faces, [look])
            self._turners.append(
                lambda pose, mesh=mesh, own=own: scene.move_mesh(mesh, pose.moved(own))
            )

    def _add_garment(self, body: BodyModel) -> None:
        between = np.mean([self.own[sphere].mean(0) for sphere in anatomy.EYES], axis=0)
        normals = vertex_normals(self.skin, self.surface.quads)
        outer = np.unique(self.surface.quads[~self.wet_quads])
        outer = outer[self.skin[outer, 1] < -8]
        neck = garment.Flesh(self.skin[outer], normals[outer])
        sewn = garment.sweater(body, self.spec, between, neck)
        wear = self.spec.garment
        worn = self._hung(sewn.cloth, sewn.shoulders, wear.cloth)
        self._put_on(worn, materials.cloth(wear.cloth))
        collars = collar.collar(wear.collar, sewn, neck, wear.collar_cm)
        if wear.tie is not None:
            tie = Tie.on(sewn, worn, neck)
            stand, *leaves, tape = collars
            collars = [stand, *map(tie.over, leaves), tape]
            for piece in tie.pieces():
                self._put_on(piece, materials.cloth(wear.tie))
        self._add_collar(sewn, collars)
        if wear.jacket is not None:
            self._add_jacket(sewn, [worn, *collars], wear.jacket)

    def _add_jacket(self, sewn: garment.Sewn, worn: list[garment.Piece], look: Cloth) -> None:
        hung = self._hung(jacket.shell(sewn), sewn.shoulders, look)
        pieces = [*jacket.tailored(hung, sewn, worn)]
        if self.spec.garment.pocket:
            pieces.append(jacket.pocket(hung, sewn.shoulders))
        twill = materials.cloth(look)
        for piece in pieces:
            self._put_on(piece, twill)

    def _add_collar(self, sewn: garment.Sewn, pieces: list[garment.Piece]) -> None:
        wear = self.spec.garment
        look = materials.cloth(wear.cloth, ribbed=wear.collar != "shirt")
        for piece in pieces:
            self._put_on(piece, look)
        if wear.collar == "shirt":
            points, faces = collar.button()
            for centre, outward in collar.buttons(sewn):
                across = np.array([1.0, 0.0, 0.0])
                frame = np.stack([across, np.cross(outward, across), outward])
                horn = materials.horn((0.62, 0.58, 0.52))
                scene.add_mesh("button", points @ frame + centre, faces, [horn])

    def _hung(self, piece: garment.Piece, shoulders: Shoulders, look: Cloth) -> garment.Piece:
        """What hangs from the shoulders, with folds and the seams of its sleeves."""
        rng = np.random.default_rng([self.spec.seed, 1])
        points = folded(piece.points, piece.quads, shoulders, look.folds, rng)
        points = seamed(points, piece.quads, piece.rest, look.seam * shoulders.half_cm)
        return garment.Piece(points, piece.quads, piece.rest)

    def _put_on(self, piece: garment.Piece, look: object) -> None:
        scene.add_mesh("garment", piece.points, piece.quads, [look], {"rest": piece.rest})


def _tucked(skin: Floats) -> Floats:
    """The template's bust lowered beside the neck: its rim stood out of falling shoulders."""
    moved = skin.copy()
    beside = smoothstep(np.abs(skin[:, 0]), 6.5, 9.0) * smoothstep(skin[:, 1], -9.5, -11.0)
    moved[:, 1] -= _TUCK_CM * beside
    return moved


def _turn(pitch: float, yaw: float, roll: float) -> Floats:
    (sx, sy, sz), (cx, cy, cz) = (
        [function(math.radians(angle)) for angle in (pitch, yaw, roll)]
        for function in (math.sin, math.cos)
    )
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    return about_z @ about_y @ about_x


def _move_tongue(cage: Floats, neutral: Floats, posture: Posture) -> None:
    """Raise or put out the tongue: the template's expressions have neither."""
    x, y, z = neutral[anatomy.GUMS].T
    between_arches = smoothstep(np.abs(x), 2.75, 2.2) * smoothstep(y, -5.3, -4.9)
    between_arches = between_arches * smoothstep(y, -2.6, -3.0) * smoothstep(z, 2.0, 3.5)
    from_arch = np.hypot(x, np.maximum(z - 7.2, 0) * 0.78)
    tongue = between_arches * smoothstep(from_arch, 2.35, 2.05)
    tip = tongue * smoothstep(z, 4.5, 9.2)
    up, out = posture.tongue_up, posture.tongue_out
    moved = cage[anatomy.GUMS]
    moved[:, 1] += up * tip * _TONGUE_RISE_CM + out * tip * 0.45
    moved[:, 2] += up * tip * _TONGUE_REACH_CM + out * tongue * smoothstep(z, 3, 8) * 0.9
