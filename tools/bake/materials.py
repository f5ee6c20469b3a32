"""What skin, eyes, teeth, hair and cloth look like.

Colours are linear reflectances.  Noise runs in rest-pose coordinates (centimetres), so that
pores stay where they are when the face moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.bake.nodes import Colour, Shader
from tools.bake.spec import Cloth, Complexion, Iris
from tools.bake.surface import Floats
from tools.bake.wrinkles import HIGH_CM, LOW_CM, SPAN_DEG

if TYPE_CHECKING:
    import bpy
    from tools.bake.nodes import Socket


def _times(factor: float, colour: Colour) -> Colour:
    return (factor * colour[0], factor * colour[1], factor * colour[2])


_LINE_M = 0.0014


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """What age leaves on skin: maps of `wrinkles.py`."""

    relief: Floats
    spots: Floats


def skin(tone: Complexion, hair: Colour, years: Years | None = None) -> bpy.types.Material:
    """Skin with pores, blotches, lips and painted roots under hair and brows."""
    shader = Shader("skin")
    rest = shader.vector("rest")
    blotch = shader.noise(rest, 2.6, 4, 0.6)
    fine = shader.noise(rest, 11, 3, 0.6)
    colour = _skin_colour(shader, tone, rest, blotch, fine)
    places = shader.around(rest, SPAN_DEG, LOW_CM, HIGH_CM) if years is not None else None
    if years is not None:
        colour = _weathered(shader, tone, years, places, colour)
    colour = _painted(shader, tone, hair, colour)
    lips = shader.value("lips")
    crease = shader.noise(shader.scaled(rest, (7, 1.6, 1.6)), 1.6, 3)
    lip = shader.mix(shader.between(crease, 0.3, 0.75), tone.lip, tone.lip_dark)
    colour = shader.mix(shader.times(lips, tone.lip_strength), colour, lip)
    pores = _pores(shader, tone, lips, years, places)
    shine = shader.plus(
        shader.times(shader.value("shine"), 0.06), shader.times(lips, tone.lip_gloss)
    )
    # Roughness .34-.50 is what keeps a studio light from turning skin into wax.
    rough = shader.math("SUBTRACT", shader.math("MULTIPLY_ADD", fine, 0.16, tone.roughness), shine)
    surface = shader.principled(
        base_color=colour,
        roughness=rough,
        subsurface_weight=1.0,
        # Red light travels furthest in skin; ratios after d'Eon and Luebke (2007).
        subsurface_radius=(1.0, 0.37, 0.2),
        subsurface_scale=tone.scatter_m,
        specular_ior_level=tone.specular,
        ior=1.4,
        normal=pores,
        coat_weight=shader.math("MULTIPLY_ADD", lips, 0.22, tone.oil),
        coat_roughness=0.28,
        coat_normal=pores,
    )
    return shader.finished(surface)


def _skin_colour(
    shader: Shader, tone: Complexion, rest: Socket, blotch: Socket, fine: Socket
) -> Socket:
    colour = shader.mix(
        shader.between(shader.noise(rest, 0.55), 0.3, 0.7), tone.base, tone.base_dark
    )
    colour = shader.mix(shader.times(shader.between(blotch, 0.42, 0.75), 0.5), colour, tone.red)
    colour = shader.mix(shader.times(shader.between(fine, 0.5, 0.8), 0.35), colour, tone.spot)
    spots = shader.times(
        shader.between(shader.cells(rest, 5.5), 0.12, 0.03),
        shader.between(shader.noise(rest, 1.3, 1), 0.45, 0.62),
    )
    colour = shader.mix(shader.times(spots, tone.freckles), colour, tone.spot)
    blood = shader.plus(
        *(
            shader.times(shader.value(name), weight)
            for name, weight in (("cheek", 0.55), ("nose", 0.5), ("ear", 0.6), ("chin", 0.25))
        )
    )
    uneven = shader.between(blotch, 0.25, 0.7, 0.55, 1.15)
    blood = shader.math("MULTIPLY", blood, uneven, clamp=True)
    colour = shader.mix(shader.times(blood, tone.redness), colour, tone.red)
    colour = shader.mix(shader.times(shader.value("under"), tone.shadows), colour, tone.hollow)
    colour = shader.mix(shader.times(shader.value("lid"), tone.lid_colour), colour, tone.hollow)
    return shader.mix(shader.times(shader.value("lidrim"), 0.45), colour, tone.red)


def _weathered(
    shader: Shader, tone: Complexion, years: Years, places: Socket, colour: Socket
) -> Socket:
    """Age spots, and blood that shows in the depth of lines."""
    spot = shader.times(shader.picture(years.spots, places), 0.5 * tone.age)
    brown = _times(0.85, tone.spot)
    colour = shader.mix(spot, colour, brown)
    deep = shader.between(shader.picture(years.relief, places), -0.05, -0.9)
    return shader.mix(shader.times(deep, 0.45), colour, tone.hollow)


def _painted(shader: Shader, tone: Complexion, hair: Colour, colour: Socket) -> Socket:
    """Under the real strands lies a stain, so that gaps between them do not shine through."""
    if tone.liner:
        liner = shader.times(shader.value("liner"), tone.liner)
        colour = shader.mix(liner, colour, (0.02, 0.012, 0.010))
    if tone.stubble:
        root = shader.between(shader.cells(rest := shader.vector("rest"), 13), 0.45, 0.2)
        patch = shader.noise(rest, 0.8)
        share = shader.math("MULTIPLY_ADD", root, 0.35 * tone.stubble, 0.22 * tone.stubble)
        share = shader.times(share, shader.between(patch, 0.2, 0.6, 0.7, 1))
        stain = tuple(0.35 * c + 0.02 for c in hair)
        colour = shader.mix(shader.times(shader.value("beard"), share), colour, stain)
    roots = tuple(0.6 * h + 0.25 * s for h, s in zip(hair, tone.spot, strict=True))
    colour = shader.mix(shader.times(shader.value("stain"), 0.85), colour, roots)
    return shader.mix(shader.times(shader.value("brow"), 0.30), colour, roots)


def _pores(
    shader: Shader, tone: Complexion, lips: Socket, years: Years | None, places: Socket | None
) -> Socket:
    """Relief of skin and lips; every height is evaluated three times a hit, so no cells here."""
    rest = shader.vector("rest")
    grain = shader.noise(rest, 13, 2, 0.7)
    height = shader.times(grain, 1.5, shader.math("SUBTRACT", 1, shader.times(lips, 0.9)))
    folds = shader.noise(shader.scaled(rest, (9, 1.1, 1.1)), 1.3, 2, 0.6)
    folds = shader.math("MULTIPLY_ADD", shader.times(folds, lips), 2.0, height)
    relief = shader.bump(folds, 0.00032, tone.relief)
    if years is None:
        return relief
    # A bump hides in skin that scatters light: lines are drawn deeper than they are.
    return shader.bump(shader.picture(years.relief, places), _LINE_M * tone.age, 1.0, relief)


def wet(name: str, colour: Colour, dark: Colour, coat: float, rough: float) -> bpy.types.Material:
    """Gums, tongue and the inside of the cheeks; darker toward the throat (``depth``)."""
    shader = Shader(name)
    rest = shader.vector("rest")
    mottle = shader.between(shader.noise(rest, 2.4, 4, 0.6), 0.3, 0.7)
    tint = shader.mix(mottle, colour, dark)
    tint = shader.mix(shader.value("depth"), tint, _times(0.12, dark))
    surface = shader.principled(
        base_color=tint,
        roughness=rough,
        subsurface_weight=0.8,
        subsurface_radius=(1.0, 0.4, 0.25),
        subsurface_scale=0.003,
        coat_weight=coat,
        coat_roughness=0.12,
        normal=shader.bump(shader.noise(rest, 9, 3), 0.0006, 0.5),
    )
    return shader.finished(surface)


def teeth() -> bpy.types.Material:
    """Enamel: off-white, yellower at the gums, dark at the back of the mouth."""
    shader = Shader("teeth")
    rest = shader.vector("rest")
    cloud = shader.between(shader.noise(rest, 1.2), 0.3, 0.7)
    colour = shader.mix(cloud, (0.72, 0.66, 0.55), (0.78, 0.73, 0.64))
    colour = shader.mix(shader.times(shader.value("gumline"), 0.6), colour, (0.62, 0.48, 0.33))
    colour = shader.mix(shader.value("depth"), colour, (0.10, 0.07, 0.05))
    surface = shader.principled(
        base_color=colour,
        roughness=0.22,
        subsurface_weight=0.6,
        subsurface_radius=(1.0, 0.8, 0.6),
        subsurface_scale=0.0012,
        coat_weight=0.4,
        coat_roughness=0.08,
        normal=shader.bump(shader.noise(rest, 5), 0.0003, 0.3),
    )
    return shader.finished(surface)


def iris(colours: Iris) -> bpy.types.Material:
    """Pupil, fibres, dark rim, and a white that is never white."""
    shader = Shader("eye")
    outward, rest = shader.value("iris"), shader.vector("rest")
    fibre = shader.noise(shader.vector("fibre"), 14, 5, 0.75)
    ragged = shader.math("MULTIPLY_ADD", shader.math("SUBTRACT", fibre, 0.5), 0.30, outward)
    black = (0.0, 0.0, 0.0)
    inner, middle, outer = colours.inner, colours.middle, colours.outer
    stops = [(0.0, black), (0.38, black), (0.41, _times(0.5, inner)), (0.50, inner)]
    stops += [(0.66, middle), (0.80, outer), (0.93, _times(0.25, outer))]
    colour = shader.ramp(ragged, [*stops, (1.0, _times(0.16, outer))])
    light = shader.mix(0.5, colour, (1.0, 1.0, 1.0), "SOFT_LIGHT")
    colour = shader.mix(shader.times(shader.between(fibre, 0.38, 0.7), 0.55), colour, light)
    in_iris = shader.between(outward, 0.385, 0.41)
    colour = shader.mix(in_iris, (0.002, 0.002, 0.002), colour)
    redness = shader.value("redness")
    white = shader.mix(shader.times(redness, 0.55), colours.white, (0.46, 0.29, 0.24))
    wander = shader.noise(rest, 3.2, 5, 0.75, 1.5)
    vein = shader.between(shader.math("ABSOLUTE", shader.math("SUBTRACT", wander, 0.5)), 0.02, 0.0)
    vein = shader.times(vein, shader.math("MULTIPLY_ADD", redness, 0.45, 0.05))
    white = shader.mix(vein, white, (0.5, 0.12, 0.09))
    limbus = shader.between(outward, 0.93, 1.10)
    surface = shader.principled(
        base_color=shader.mix(limbus, colour, white),
        roughness=0.5,
        subsurface_weight=shader.times(limbus, 0.6),
        subsurface_radius=(1.0, 0.6, 0.4),
        subsurface_scale=0.002,
        specular_ior_level=0.2,
    )
    return shader.finished(surface)


def clear() -> bpy.types.Material:
    """Cornea and tear film: reflects by Fresnel and casts no shadow; no costly refraction."""
    shader = Shader("clear")
    mirror = shader.node("BsdfGlossy", {"Roughness": 0.03, "Color": (1.0, 1.0, 1.0)})
    through = shader.node("BsdfTransparent")
    fresnel = shader.node("Fresnel", {"IOR": 1.376})
    shadow = shader.node("LightPath").outputs["Is Shadow Ray"]
    lit = shader.math("SUBTRACT", 1, shadow)
    blend = shader.node("MixShader")
    shader.feed(blend.inputs[0], shader.times(fresnel.outputs[0], lit))
    shader.feed(blend.inputs[1], through.outputs[0])
    shader.feed(blend.inputs[2], mirror.outputs[0])
    return shader.finished(blend.outputs[0])


def metal(colour: Colour) -> bpy.types.Material:
    """Polished gold, silver ..."""
    shader = Shader("metal")
    return shader.finished(shader.principled(base_color=colour, metallic=1.0, roughness=0.18))


def horn(colour: Colour) -> bpy.types.Material:
    """Buttons."""
    shader = Shader("horn")
    return shader.finished(shader.principled(base_color=colour, roughness=0.3))


def hair(colour: Colour, rough: float, radial: float = 0.42) -> bpy.types.Material:
    """Principled hair (Chiang et al. 2016); strands differ by a third in brightness."""
    shader = Shader("hair")
    random = shader.node("HairInfo").outputs["Random"]
    tint = shader.mix(random, _times(0.66, colour), _times(1.34, colour))
    node = shader.node("BsdfHairPrincipled", parametrization="COLOR")
    inputs = {"Color": tint, "Roughness": rough, "Radial Roughness": radial, "IOR": 1.5}
    for name, value in (inputs | {"Random Roughness": 0.2}).items():
        shader.feed(node.inputs[name], value)
    return shader.finished(node.outputs[0])


_STRIPES = 0.16
"""Of a tie: one in 2.8 cm, along the diagonal of its rest coordinates."""


def cloth(look: Cloth, *, ribbed: bool = False) -> bpy.types.Material:
    """Knit, jersey or a twill weave (or ribbed, for a collar), with sheen; or striped satin."""
    shader = Shader("cloth")
    rest = shader.vector("rest")
    thread, depth_m = _threads(shader, rest, "rib" if ribbed else look.kind)
    fluff = shader.between(shader.noise(rest, 9, 4, 0.7), 0.3, 0.7)
    if look.kind == "satin":
        stripe = shader.bands(rest, _STRIPES, "DIAGONAL", 0, 0)
        fluff = shader.between(stripe, 0.86, 0.91)
    colour = shader.mix(fluff, look.colour, look.colour_light)
    groove = shader.times(shader.between(thread, 0, 0.7, 1, 0), 0.35)
    colour = shader.mix(groove, colour, _times(0.45, look.colour))
    ripple = shader.noise(shader.scaled(rest, (0.30, 0.11, 0.30)), 1, 3, 0.5, 0.8)
    folds = shader.bump(ripple, look.creases_m, 0.6)
    surface = shader.principled(
        base_color=colour,
        roughness=0.5 if look.kind == "satin" else 0.85,
        sheen_weight=look.sheen,
        sheen_roughness=0.45,
        specular_ior_level=0.5 if look.kind == "satin" else 0.2,
        normal=shader.bump(thread, depth_m, 0.7, folds),
    )
    return shader.finished(surface)


def _threads(shader: Shader, rest: Socket, kind: str) -> tuple[Socket, float]:
    """Height of the threads and how deep they are, in metres."""
    if kind == "rib":
        return shader.bands(rest, 1.1, "X", 0.1, 0), 0.0013
    if kind == "knit":
        across = shader.bands(rest, 1.9, "X", 0.5, 1)
        along = shader.bands(rest, 2.4, "Y", 1.2, 1)
        return shader.math("MULTIPLY_ADD", along, 0.5, across), 0.0006
    if kind == "jersey":
        return shader.noise(shader.scaled(rest, (14, 5, 14)), 1, 2, 0.6), 0.0002
    if kind == "satin":
        return shader.noise(shader.scaled(rest, (16, 22, 16)), 1, 2, 0.6), 0.00008
    # No weave: threads finer than two pixels of the plate turn to rings.
    return shader.noise(shader.scaled(rest, (7, 10, 7)), 1, 3, 0.65), 0.00025
