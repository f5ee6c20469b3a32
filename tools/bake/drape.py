"""Cloth that falls: Blender's cloth solver over a body whose arms come down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tools.bake import scene
from tools.bake.surface import Faces, Floats, Indices

if TYPE_CHECKING:
    import bpy

_MOVE_FRAMES = 25
_SETTLE_FRAMES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """What falls, and where it hangs."""

    stages: Sequence[Floats]
    """Where it would be if it were part of the body, at each stage of the body."""
    quads: Indices
    held: Floats
    """0 free .. 1 goes with the body."""
    stiffness: float


def draped(fall: Fall, stages: Sequence[Floats], faces: Faces) -> Floats:
    """`fall` after the body went through `stages` and the cloth came to rest on it."""
    import bpy

    body = _moving("body", stages, faces)
    _as_obstacle(body)
    cloth = _moving("falling", fall.stages, fall.quads)
    _as_cloth(cloth, fall)
    world = bpy.context.scene
    world.frame_start, world.frame_end = 1, _MOVE_FRAMES + _SETTLE_FRAMES
    for frame in range(1, world.frame_end + 1):
        world.frame_set(frame)
    evaluated = cloth.evaluated_get(bpy.context.evaluated_depsgraph_get())
    flat = np.empty(fall.stages[0].size, np.float32)
    evaluated.data.vertices.foreach_get("co", flat)
    world.frame_set(1)
    bpy.data.objects.remove(cloth)
    bpy.data.objects.remove(body)
    return scene.from_blender(flat.reshape(-1, 3).astype(float))


def _moving(name: str, stages: Sequence[Floats], faces: Faces) -> bpy.types.Object:
    moving = scene.add_mesh(name, stages[0], faces, [])
    for index, points in enumerate(stages):
        key = moving.shape_key_add(name=f"stage {index}", from_mix=False)
        flat = scene.to_blender(points).astype(np.float32).ravel()
        key.data.foreach_set("co", flat)
    keys = moving.data.shape_keys
    keys.use_relative = False
    for frame, at in ((1, 0), (_MOVE_FRAMES, len(stages) - 1)):
        keys.eval_time = keys.key_blocks[at].frame
        keys.keyframe_insert("eval_time", frame=frame)
    return moving


def _as_obstacle(body: bpy.types.Object) -> None:
    body.modifiers.new("collision", "COLLISION")
    body.collision.thickness_outer = 0.004
    body.collision.thickness_inner = 0.03
    body.collision.cloth_friction = 15


def _as_cloth(cloth: bpy.types.Object, fall: Fall) -> None:
    group = cloth.vertex_groups.new(name="pinned")
    for vertex in np.flatnonzero(fall.held > 0.01).tolist():
        group.add([vertex], float(fall.held[vertex]), "REPLACE")
    modifier = cloth.modifiers.new("cloth", "CLOTH")
    settings = modifier.settings
    settings.quality = 5
    settings.mass = 0.25
    settings.vertex_group_mass = "pinned"
    settings.tension_stiffness = settings.compression_stiffness = 25
    settings.shear_stiffness = 12
    settings.bending_stiffness = fall.stiffness
    settings.air_damping = 3
    modifier.collision_settings.collision_quality = 2
    modifier.collision_settings.distance_min = 0.004
    modifier.point_cache.frame_start = 1
    modifier.point_cache.frame_end = _MOVE_FRAMES + _SETTLE_FRAMES
