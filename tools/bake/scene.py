"""Blender: meshes, strands, the studio and the render.  Centimetres in, metres inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from tools.bake.nodes import Colour, Shader
from tools.bake.surface import Faces, Floats

if TYPE_CHECKING:
    import bpy

Point = tuple[float, float, float]
Edges = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""


def to_blender(points: Floats) -> Floats:
    """Head coordinates (cm, y up, facing +z) as Blender's (m, z up, facing -y)."""
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], -1) * 0.01


def from_blender(points: Floats) -> Floats:
    """The way back."""
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], -1) * 100


def empty_scene() -> None:
    """Forget everything."""
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)


def add_mesh(
    name: str,
    points: Floats,
    faces: Faces,
    materials: Sequence[bpy.types.Material],
    values: Mapping[str, Floats] | None = None,
    material_of: Floats | None = None,
) -> bpy.types.Object:
    """A smooth-shaded mesh with per-vertex values for its shaders."""
    import bpy

    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(to_blender(points).tolist(), [], [list(map(int, face)) for face in faces])
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    for material in materials:
        mesh.materials.append(material)
    if material_of is not None:
        mesh.polygons.foreach_set("material_index", np.asarray(material_of, np.int32))
    for key, each in (values or {}).items():
        kind, slot = ("FLOAT_VECTOR", "vector") if each.ndim == 2 else ("FLOAT", "value")
        attribute = mesh.attributes.new(key, kind, "POINT")
        attribute.data.foreach_set(slot, np.asarray(each, np.float32).ravel())
    mesh.update()
    return _linked(name, mesh)


def add_strands(
    name: str, strands: Floats, radii_cm: Floats, material: bpy.types.Material
) -> bpy.types.Object:
    """Hair curves: `strands` is ``(count, points, 3)``, `radii_cm` one radius a point."""
    import bpy

    count, points = strands.shape[:2]
    curves = bpy.data.hair_curves.new(name)
    curves.add_curves([points] * count)
    radius = curves.attributes.get("radius") or curves.attributes.new("radius", "FLOAT", "POINT")
    spread = np.broadcast_to(radii_cm, (count, points)).astype(np.float32) * 0.01
    radius.data.foreach_set("value", np.ascontiguousarray(spread).ravel())
    curves.materials.append(material)
    strand_object = _linked(name, curves)
    move_strands(strand_object, strands)
    return strand_object


def move_mesh(mesh_object: bpy.types.Object, points: Floats) -> None:
    """New positions for all vertices."""
    flat = to_blender(points).astype(np.float32).ravel()
    mesh_object.data.vertices.foreach_set("co", flat)
    mesh_object.data.update()


def move_strands(strand_object: bpy.types.Object, strands: Floats) -> None:
    """New positions for all points of all strands."""
    flat = to_blender(strands).astype(np.float32).ravel()
    strand_object.data.attributes["position"].data.foreach_set("vector", flat)
    strand_object.data.update_tag()


def _linked(name: str, block: bpy.types.ID) -> bpy.types.Object:
    import bpy

    added = bpy.data.objects.new(name, block)
    bpy.context.collection.objects.link(added)
    return added


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture is taken."""

    focus_cm: Point
    """Between the eyes: the camera stands at this height and looks straight ahead."""
    width_cm: float
    """Of the plane through the focus that fills the picture."""
    drop_cm: float
    """How far the picture's middle lies below the focus, by shifting the lens, not tilting."""
    size_px: tuple[int, int]
    """Width, height."""
    samples: int
    background: Colour
    threads: int = 2


# Metres from the focus: place, size, watts, colour.  One large soft key from the left front, a
# weak cool fill, two rims well behind the ears so that they edge the hair and not the cheeks,
# a floor bounce under the chin, and a small light whose only purpose is the catch-light.
_LIGHTS: tuple[tuple[Point, float, float, Colour], ...] = (
    ((-0.75, -1.15, 0.70), 1.05, 46.0, (1.0, 0.95, 0.89)),
    ((1.30, -1.00, 0.05), 1.40, 11.0, (0.90, 0.95, 1.0)),
    ((0.70, 1.20, 0.70), 0.45, 12.0, (0.95, 0.97, 1.0)),
    ((-0.80, 1.15, 0.55), 0.45, 7.0, (1.0, 0.95, 0.90)),
    ((0.0, -0.90, -0.75), 1.00, 3.0, (1.0, 0.93, 0.88)),
    ((-0.22, -1.25, 0.35), 0.22, 2.2, (1.0, 1.0, 1.0)),
)
_BOUNCES = 6
"""Enough for pale hair, which passes light on from strand to strand."""
_MATTE_LEAST = 8
"""Samples after which a pixel that is all person or none is known to be."""
_SOFT_PX = 10
"""Over which a rendered crop fades into the picture around it."""
_BACKDROP_SHARE = 10
_MARGIN_PX = 24
"""Around the presenter: more than the furthest light of a hair."""
_LENS_MM = 85.0
_SENSOR_MM = 36.0


def set_studio(shot: Shot) -> None:
    """Camera, lights, world and background."""
    import mathutils

    focus = mathutils.Vector(to_blender(np.asarray(shot.focus_cm)).tolist())
    _set_camera(shot, focus)
    for place, size, watts, colour in _LIGHTS:
        _add_light(focus + mathutils.Vector(place), focus, size, watts, colour)
    _set_world()
    _add_backdrop(shot.background, focus)
    set_quality(shot)


def set_quality(shot: Shot) -> None:
    """Cycles on the CPU with a denoiser; bounces enough for skin and hair, no more."""
    import bpy

    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples = "CPU", shot.samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.04
    cycles.adaptive_min_samples = 4
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = _BOUNCES, 2, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 4, 8
    cycles.sample_clamp_indirect = 4
    scene.render.use_persistent_data = True
    scene.render.threads_mode, scene.render.threads = "FIXED", shot.threads
    scene.render.resolution_x, scene.render.resolution_y = shot.size_px
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"


def render(path: Path) -> None:
    """Render to a PNG, written beside and renamed, so that a stopped bake resumes cleanly."""
    import bpy

    partial = path.with_name(f"{path.stem}.partial.png")
    bpy.context.scene.render.filepath = str(partial)
    bpy.ops.render.render(write_still=True)
    partial.replace(path)


def render_matte(path: Path, samples: int, box: Edges, size_px: tuple[int, int]) -> None:
    """Coverage alone: everything one flat emission, not denoised, the backdrop left out.

    Outside `box` there is nobody.
    """
    import bpy

    scene = bpy.context.scene
    backdrop = bpy.data.objects["backdrop"]
    flat = Shader("flat")
    kept = scene.cycles.samples
    bpy.context.view_layer.material_override = flat.finished(flat.node("Emission").outputs[0])
    backdrop.hide_render = True
    scene.render.film_transparent = True
    scene.cycles.use_denoising = False
    scene.cycles.adaptive_min_samples = _MATTE_LEAST
    scene.cycles.samples, scene.cycles.max_bounces = samples, 0
    part = path.with_name(f"{path.stem}.part.png")
    render(part)
    with Image.open(part) as rendered:
        whole = Image.new("RGBA", size_px)
        whole.paste(rendered, box[:2])
        whole.save(path)
    part.unlink()
    bpy.context.view_layer.material_override = None
    backdrop.hide_render = False
    scene.render.film_transparent = False
    scene.cycles.use_denoising = True
    scene.cycles.samples, scene.cycles.max_bounces = kept, _BOUNCES


def render_backdrop(path: Path, size_px: tuple[int, int]) -> None:
    """The wall alone: smooth, so an eighth of the size does; noise of a step keeps it unbanded."""
    import bpy

    settings = bpy.context.scene.render
    shown = [each for each in bpy.data.objects if each.type in ("MESH", "CURVES")]
    for each in shown:
        each.hide_render = each.name != "backdrop"
    settings.resolution_percentage = 100 // _BACKDROP_SHARE
    render(path)
    settings.resolution_percentage = 100
    for each in shown:
        each.hide_render = False
    with Image.open(path) as small:
        large = np.asarray(small.convert("RGB").resize(size_px, Image.Resampling.BICUBIC), float)
    # A step of noise: eight bits of a slow gradient show rings.
    noise = np.random.default_rng(1).uniform(-0.9, 0.9, (*large.shape[:2], 1))
    Image.fromarray(np.uint8(np.clip(large + noise + 0.5, 0, 255))).save(path)


def person_box(size_px: tuple[int, int]) -> Edges:
    """What the presenter covers of the picture (left, top, right, bottom), with a margin."""
    import bpy

    places = []
    for each in bpy.data.objects:
        if each.name != "backdrop" and each.type in ("MESH", "CURVES"):
            attribute = each.data.attributes["position"].data
            flat = np.empty(3 * len(attribute), np.float32)
            attribute.foreach_get("vector", flat)
            places.append(projected(from_blender(flat.reshape(-1, 3)[::7]), size_px))
    points = np.concatenate(places)
    low = np.maximum(points.min(0) - _MARGIN_PX, 0) // 2 * 2
    high = np.minimum((points.max(0) + _MARGIN_PX) // 2 * 2, size_px)
    (left, top), (right, bottom) = low.astype(int).tolist(), high.astype(int).tolist()
    return left, top, right, bottom


def cut(still: Path, box: Edges, path: Path) -> None:
    """Save a box (left, top, right, bottom) of a picture that was rendered whole."""
    with Image.open(still) as picture:
        picture.crop(box).save(path)


def render_over(rest: Path, at: tuple[int, int], path: Path) -> None:
    """Render, and lay the picture into another one at this pixel, with a soft edge."""
    part = path.with_name(f"{path.stem}.part.png")
    render(part)
    with Image.open(part) as rendered, Image.open(rest) as under:
        if under.mode == "RGB":
            rendered = rendered.convert("RGB")
        (width, height), (left, top) = rendered.size, at
        x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
        # Where the part reaches the picture's own border nothing fades.
        far = [np.inf if edge else 0 for edge in (not left, not top)]
        far += [np.inf if left + width == under.width else 0]
        far += [np.inf if top + height == under.height else 0]
        across = np.minimum(x + far[0], width - x + far[2])
        down = np.minimum(y + far[1], height - y + far[3])
        inside = np.minimum(across, down[:, None]) / _SOFT_PX
        share = Image.fromarray(np.uint8(255 * np.clip(inside, 0, 1)))
        under.paste(rendered, at, share)
        under.save(path)
    part.unlink()


def crop_to(box: Edges, size_px: tuple[int, int]) -> None:
    """Render only this box: left, top, right, bottom in pixels of the whole picture."""
    import bpy

    settings = bpy.context.scene.render
    settings.use_border = settings.use_crop_to_border = True
    width, height = size_px
    settings.border_min_x, settings.border_max_x = box[0] / width, box[2] / width
    settings.border_min_y, settings.border_max_y = 1 - box[3] / height, 1 - box[1] / height


def projected(points: Floats, size_px: tuple[int, int]) -> Floats:
    """Where head-coordinate points fall in the picture, ``(N, 2)`` pixels, centres whole."""
    import bpy

    bpy.context.view_layer.update()  # a camera that was just placed has no matrix yet
    camera = bpy.context.scene.camera
    seen = np.array(camera.matrix_world.inverted())
    place = to_blender(points) @ seen[:3, :3].T + seen[:3, 3]
    scale = camera.data.lens / camera.data.sensor_width * size_px[0]
    flat = place[:, :2] / -place[:, 2:] * scale
    shift = np.array([camera.data.shift_x, camera.data.shift_y]) * size_px[0]
    return (flat - shift) * [1, -1] + np.array(size_px) / 2 - 0.5


def _set_camera(shot: Shot, focus: object) -> None:
    import bpy
    import mathutils

    lens = bpy.data.cameras.new("camera")
    lens.lens, lens.sensor_width = _LENS_MM, _SENSOR_MM
    lens.shift_y = -shot.drop_cm / shot.width_cm
    camera = _linked("camera", lens)
    bpy.context.scene.camera = camera
    distance_m = shot.width_cm * 0.01 * _LENS_MM / _SENSOR_MM
    camera.location = focus + mathutils.Vector((0, -distance_m, 0.0))
    camera.rotation_euler = (focus - camera.location).to_track_quat("-Z", "Y").to_euler()


def _add_light(place: object, focus: object, size: float, watts: float, colour: Colour) -> None:
    import bpy

    lamp = bpy.data.lights.new("light", "AREA")
    lamp.size, lamp.energy, lamp.color = size, watts, colour
    light = _linked("light", lamp)
    light.location = place
    light.rotation_euler = (focus - place).to_track_quat("-Z", "Y").to_euler()


def _set_world() -> None:
    import bpy

    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    sky = world.node_tree.nodes["Background"]
    sky.inputs[0].default_value = (0.75, 0.83, 1, 1)
    sky.inputs[1].default_value = 0.20


def _add_backdrop(colour: Colour, focus: Sequence[float]) -> None:
    """A glowing wall with a soft round light behind the head; it lights nothing itself."""
    shader = Shader("backdrop")
    window = shader.node("TexCoord").outputs["Window"]
    mapping = shader.node("Mapping", {"Vector": window})
    mapping.inputs["Location"].default_value = (-0.42, -0.55, 0)
    glow = shader.node("TexGradient", {"Vector": mapping.outputs[0]}, gradient_type="SPHERICAL")
    dim = (colour[0] * 0.35, colour[1] * 0.35, colour[2] * 0.35)
    tint = shader.ramp(glow.outputs[0], [(0.1, dim), (0.95, colour)])
    material = shader.finished(shader.node("Emission", {"Color": tint}).outputs[0])
    wall = np.array([(-400, -300, -160), (400, -300, -160), (400, 500, -160), (-400, 500, -160)])
    backdrop = add_mesh("backdrop", wall.astype(float), [(0, 1, 2, 3)], [material])
    backdrop.visible_diffuse = backdrop.visible_glossy = backdrop.visible_shadow = False
