"""The parameter file of one presenter, checked."""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path

from tools.bake.nodes import Colour


@dataclass(frozen=True, slots=True)
class Complexion:
    """Skin: linear colours and how strongly they show (0..1)."""

    base: Colour
    base_dark: Colour
    red: Colour
    spot: Colour
    hollow: Colour
    lip: Colour
    lip_dark: Colour
    scatter_m: float = 0.0026
    relief: float = 0.6
    roughness: float = 0.38
    specular: float = 0.42
    oil: float = 0.08
    freckles: float = 0.3
    redness: float = 0.5
    shadows: float = 0.35
    lid_colour: float = 0.3
    lip_strength: float = 0.85
    lip_gloss: float = 0.12
    liner: float = 0.0
    stubble: float = 0.0
    age: float = 0.0
    """How deep lines and folds are: 1 is about sixty."""


@dataclass(frozen=True, slots=True)
class Iris:
    """Colours from the pupil outward."""

    inner: Colour
    middle: Colour
    outer: Colour
    white: Colour = (0.50, 0.46, 0.43)
    radius_cm: float = 0.60


@dataclass(frozen=True, slots=True)
class Brows:
    """Eyebrows and lashes."""

    colour: Colour
    count: int = 1200
    thickness: float = 1.0
    raise_cm: float = 0.0
    tilt_cm: float = 0.0
    strand: float = 1.0
    lashes: float = 1.5
    lash_strand: float = 1.2


@dataclass(frozen=True, slots=True)
class Hair:
    """Hair of the scalp; `style` names a function of `hair.STYLES`."""

    style: str
    hairline: str
    colour: Colour
    strands: int
    points: int = 22
    guides: int = 1500
    radius_cm: float = 0.0050
    length_cm: float = 2.0
    volume_cm: float = 0.6
    bun: bool = False
    """Gathered hair is tied on the crown, not out of sight at the nape."""
    part_cm: float | None = None
    """Gathered and loose hair falls to both sides of a parting here (across, to her left)."""
    sweep: float = 0.0
    """Loose hair is brushed back (1) or falls beside the face (0)."""
    wave_cm: float = 0.3
    tuck: float = 1.0
    """How far loose ends turn inward."""
    clump: float = 0.4
    frizz_cm: float = 0.035
    roughness: float = 0.3


@dataclass(frozen=True, slots=True)
class Body:
    """MakeHuman macro parameters (0..1) and how the body meets the head."""

    gender: float
    muscle: float = 0.4
    weight: float = 0.4
    age: float = 0.52
    scale: float = 1.0
    offset_cm: Colour = (0.0, 0.0, 0.0)
    arms_deg: float = 42.0
    shoulders_deg: float = 6.0
    targets: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cloth:
    """One cloth."""

    colour: Colour
    colour_light: Colour
    kind: str = "knit"
    sheen: float = 0.35
    creases_m: float = 0.006
    folds: float = 1.4
    """How deep: about 1.5 is jersey, 1.2 a thick knit, 0.7 a jacket."""
    seam: float = 0.80
    """Where sleeves are set in, in half shoulder widths of the unposed body."""


@dataclass(frozen=True, slots=True)
class Garment:
    """A sweater or shirt grown from the body's surface."""

    cloth: Cloth
    collar: str = "crew"
    """Or `roll`, or `shirt`, which brings a button tape."""
    neck_cm: float = -13.3
    """Height of the neckline at the front, from the head's origin."""
    neck_slope: float = 0.36
    ease_cm: float = 1.0
    smoothing: int = 12
    collar_cm: float = 1.7
    shoulder: float = 0.08
    """How far shoulders are built out at their corner, as a share: cloth does not cling there."""
    slope: float = 0.0
    """How far shoulders fall from neck to arm, in half shoulder widths."""
    tie: Cloth | None = None
    """Around a shirt's collar."""
    jacket: Cloth | None = None
    """Worn open over it."""
    pocket: bool = True
    """The jacket has a breast pocket; a narrow chest has no room for one beside the lapel."""

    def __post_init__(self) -> None:
        """Check what belongs together."""
        if self.tie is not None and self.collar != "shirt":
            raise ValueError(f'A tie needs the collar "shirt", not "{self.collar}".')


@dataclass(frozen=True, slots=True)
class Card:
    """What the avatar's card says."""

    id: str
    name: str
    gender: str
    age_range: str
    style: str
    location: str
    default_voice: str


@dataclass(frozen=True, slots=True)
class Studs:
    """Balls at the ear lobes."""

    colour: Colour
    radius_cm: float = 0.28


@dataclass(frozen=True, slots=True)
class PresenterSpec:
    """One presenter."""

    card: Card
    seed: int
    identity: tuple[float, ...]
    skin: Complexion
    iris: Iris
    brows: Brows
    hair: Hair
    body: Body
    garment: Garment
    expression: dict[str, float]
    """Blend shapes held at rest."""
    features: dict[str, float] = field(default_factory=dict)
    """Blend shapes that belong to the face itself."""
    studs: Studs | None = None
    background: Colour = (0.30, 0.34, 0.40)


def read_spec(path: Path) -> PresenterSpec:
    """Read a TOML parameter file.

    Raises:
        ValueError: A table has a key the bake does not know, or lacks one it needs.
    """
    return typing.cast(PresenterSpec, _built(PresenterSpec, tomllib.loads(path.read_text())))


def _built(kind: type, table: dict[str, object]) -> object:
    hints = typing.get_type_hints(kind)
    unknown = table.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}.")
    required = {
        each.name
        for each in dataclasses.fields(kind)
        if each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
    }
    if missing := required - table.keys():
        raise ValueError(f"{kind.__name__} lacks {', '.join(sorted(missing))}.")
    return kind(**{name: _converted(hints[name], value) for name, value in table.items()})


def _converted(hint: object, value: object) -> object:
    if isinstance(hint, types.UnionType):
        hint = typing.get_args(hint)[0]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return _built(hint, value)
    is_generic = isinstance(hint, types.GenericAlias)
    return tuple(value) if is_generic and isinstance(value, list) else value
