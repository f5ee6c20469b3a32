"""Writing Blender shader trees as expressions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from tools.bake.surface import Floats

if TYPE_CHECKING:
    import bpy

    Socket = bpy.types.NodeSocket
    Node = bpy.types.Node
    Value = Socket | float | Sequence[float]

Colour = tuple[float, float, float]


class Shader:
    """One material under construction; every method adds a node and gives its output."""

    def __init__(self, name: str) -> None:
        import bpy

        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()
        self._output = self.tree.nodes.new("ShaderNodeOutputMaterial")

    def node(self, kind: str, inputs: dict[str, Value] | None = None, **settings: object) -> Node:
        """Any node, its inputs by name."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, setting in settings.items():
            setattr(node, name, setting)
        for name, value in (inputs or {}).items():
            self.feed(node.inputs[name], value)
        return node

    def feed(self, socket: Socket, value: Value) -> None:
        """Link an output, or set a constant."""
        import bpy

        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, tuple) and len(value) == 3 and socket.type == "RGBA":
            socket.default_value = (*value, 1)
        else:
            socket.default_value = value

    def value(self, name: str) -> Socket:
        """A per-vertex number of the mesh."""
        return self.node("Attribute", attribute_name=name).outputs["Fac"]

    def vector(self, name: str) -> Socket:
        """A per-vertex vector of the mesh."""
        return self.node("Attribute", attribute_name=name).outputs["Vector"]

    def math(self, operation: str, *operands: Value, clamp: bool = False) -> Socket:
        """A scalar operation by Blender's name."""
        node = self.node("Math", operation=operation, use_clamp=clamp)
        for socket, operand in zip(node.inputs, operands, strict=False):
            self.feed(socket, operand)
        return node.outputs[0]

    def times(self, *factors: Value) -> Socket:
        """The product."""
        product = factors[0]
        for factor in factors[1:]:
            product = self.math("MULTIPLY", product, factor)
        return product

    def plus(self, *terms: Value) -> Socket:
        """The sum."""
        total = terms[0]
        for term in terms[1:]:
            total = self.math("ADD", total, term)
        return total

    def mix(self, share: Value, first: Value, second: Value, blend: str = "MIX") -> Socket:
        """`share` of the second colour over the first."""
        node = self.node("Mix", data_type="RGBA", blend_type=blend)
        for socket, value in zip(
            (node.inputs[0], node.inputs[6], node.inputs[7]), (share, first, second), strict=True
        ):
            self.feed(socket, value)
        return node.outputs[2]

    def noise(
        self, at: Value, scale: float, detail: float = 2, rough: float = 0.5, warp: float = 0
    ) -> Socket:
        """Fractal noise about one half."""
        inputs = {
            "Vector": at,
            "Scale": scale,
            "Detail": detail,
            "Roughness": rough,
            "Distortion": warp,
        }
        return self.node("TexNoise", inputs).outputs[0]

    def cells(self, at: Value, scale: float) -> Socket:
        """Distance to the nearest of random points."""
        return self.node("TexVoronoi", {"Vector": at, "Scale": scale}).outputs["Distance"]

    def bands(self, at: Value, scale: float, direction: str, warp: float, detail: float) -> Socket:
        """Waves along an axis."""
        inputs = {"Vector": at, "Scale": scale, "Distortion": warp, "Detail": detail}
        node = self.node("TexWave", inputs, wave_type="BANDS", bands_direction=direction)
        return node.outputs[1]

    def between(
        self, value: Value, low: float, high: float, start: float = 0, end: float = 1
    ) -> Socket:
        """Map low..high to start..end, clamped."""
        node = self.node("MapRange", clamp=True)
        for socket, operand in zip(node.inputs, (value, low, high, start, end), strict=False):
            self.feed(socket, operand)
        return node.outputs[0]

    def scaled(self, vector: Value, factors: Colour) -> Socket:
        """A vector stretched per axis."""
        node = self.node("VectorMath", operation="MULTIPLY")
        self.feed(node.inputs[0], vector)
        node.inputs[1].default_value = factors
        return node.outputs[0]

    def picture(self, values: Floats, at: Value) -> Socket:
        """A map of numbers, rows from below, at places in 0..1; outside it goes on as its edge."""
        import bpy

        rows, columns = values.shape
        image = bpy.data.images.new("map", columns, rows, float_buffer=True, is_data=True)
        grey = np.repeat(values[..., None], 4, 2).astype(np.float32)
        image.pixels.foreach_set(grey.ravel())
        node = self.node("TexImage", {"Vector": at}, extension="EXTEND", interpolation="Cubic")
        node.image = image
        return self.node("SeparateColor", {"Color": node.outputs[0]}).outputs[0]

    def around(self, rest: Value, span_deg: float, low_cm: float, high_cm: float) -> Socket:
        """Places on a map around the head: across by azimuth, up by height, 0..1."""
        parts = self.node("SeparateXYZ", {"Vector": rest}).outputs
        azimuth = self.math("ARCTAN2", parts[0], parts[2])
        across = self.math("MULTIPLY_ADD", azimuth, 0.5 / math.radians(span_deg), 0.5)
        scale = 1 / (high_cm - low_cm)
        up = self.math("MULTIPLY_ADD", parts[1], scale, -low_cm * scale)
        return self.node("CombineXYZ", {"X": across, "Y": up}).outputs[0]

    def ramp(self, value: Value, stops: Sequence[tuple[float, Colour]]) -> Socket:
        """Colours at positions along 0..1."""
        node = self.node("ValToRGB", {"Fac": value})
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position = position
            element.color = (*colour, 1)
        return node.outputs[0]

    def bump(
        self, height: Value, distance_m: float, strength: float, under: Socket | None = None
    ) -> Socket:
        """A normal from a height, on top of the normal `under`."""
        inputs: dict[str, Value] = {
            "Strength": strength,
            "Distance": distance_m,
            "Height": height,
        }
        if under is not None:
            inputs["Normal"] = under
        return self.node("Bump", inputs).outputs[0]

    def principled(self, **inputs: Value) -> Socket:
        """Blender's Principled BSDF; `base_color` feeds "Base Color", and so on."""
        node = self.node("BsdfPrincipled", subsurface_method="RANDOM_WALK")
        names = {socket.name.lower().replace(" ", "_"): socket for socket in node.inputs}
        for name, value in inputs.items():
            self.feed(names[name], value)
        return node.outputs[0]

    def finished(self, surface: Socket) -> bpy.types.Material:
        """The material with this surface."""
        self.tree.links.new(surface, self._output.inputs["Surface"])
        return self.material
