"""Make the four face models in `src/lipwright/assets/models` from the mediapipe wheel.

Nothing here runs in production.  In a scratch environment (Python 3.11)::

    pip install tf2onnx==1.16.1 "tensorflow-cpu==2.17.*" "onnx==1.16.*"
    pip download --no-deps mediapipe==0.10.21
    python tools/convert_face_models.py mediapipe-0.10.21-*.whl OUT_FOLDER

The wheel's TFLite files are converted operator by operator.  Four operators exist only in
MediaPipe (Apache-2.0); each is replaced here by standard ONNX ones that compute the same:

* ``Convolution2DTransposeBias`` in the segmentation models;
* ``Landmarks2TransformMatrix``, ``TransformTensorBilinear`` and ``TransformLandmarks`` in
  the attention mesh (Grishchenko et al., "Attention Mesh", 2020), which crops lips and eyes
  out of a feature map and puts the refined points back.

The mesh model's seven outputs are merged into one ``(1, 478, 3)`` tensor, in pixels of its
192 x 192 input.  Weights stay float16, as in the wheel, and are cast when a session loads.
The tool prints the SHA-256 of each file; they must equal those in `lipwright.face.weights`,
except that of ``selfie_wide``: which of its reshapes tf2onnx folds changes from run to run.
Its outputs do not change: bit for bit the same on random input, over the runs compared.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

MODULES = "mediapipe/modules"
SOURCES = {
    "face_detector.onnx": f"{MODULES}/face_detection/face_detection_short_range.tflite",
    "face_mesh.onnx": f"{MODULES}/face_landmark/face_landmark_with_attention.tflite",
    "selfie_square.onnx": f"{MODULES}/selfie_segmentation/selfie_segmentation.tflite",
    "selfie_wide.onnx": f"{MODULES}/selfie_segmentation/selfie_segmentation_landscape.tflite",
}
OPSET = 16
"""The first opset with GridSample."""

EYE_CONTOUR_COUNT = 16
"""The first points of each eye's list run round the lids; the iris takes their mean depth."""


class Graph:
    """An ONNX graph under change."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.proto = model.graph
        self._count = 0

    def name(self, stem: str) -> str:
        """A new name for a tensor."""
        self._count += 1
        return f"lw_{stem}_{self._count}"

    def constant(self, value: np.ndarray, stem: str = "constant") -> str:
        """Add an initializer; its name."""
        name = self.name(stem)
        self.proto.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def initializer(self, name: str) -> np.ndarray:
        """The value of an initializer."""
        return next(numpy_helper.to_array(i) for i in self.proto.initializer if i.name == name)

    def replace(self, node: onnx.NodeProto, nodes: list[onnx.NodeProto]) -> None:
        """Put `nodes` where `node` stood."""
        at = list(self.proto.node).index(node)
        self.proto.node.remove(node)
        for offset, new in enumerate(nodes):
            self.proto.node.insert(at + offset, new)


class Nodes:
    """Collects nodes; each call adds one and names its output."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.made: list[onnx.NodeProto] = []

    def add(self, op: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """Add one node; the name of its output."""
        out = output or self.graph.name(op)
        self.made.append(helper.make_node(op, list(inputs), [out], **attributes))
        return out

    def floats(self, *values: float) -> str:
        """A constant float vector."""
        return self.graph.constant(np.array(values, np.float32))

    def ints(self, *values: int) -> str:
        """A constant integer vector."""
        return self.graph.constant(np.array(values, np.int64))

    def columns(self, matrix: str, start: int, end: int, axis: int = 1) -> str:
        """``matrix[:, start:end]``, or rows with `axis` 0."""
        return self.add("Slice", matrix, self.ints(start), self.ints(end), self.ints(axis))


def transposed_convolution(graph: Graph, node: onnx.NodeProto) -> None:
    """Convolution2DTransposeBias, NHWC with OHWI weights and stride 2, as ConvTranspose."""
    features, weights, bias = node.input
    kernel = graph.initializer(weights).astype(np.float32).transpose(3, 0, 1, 2)
    nodes = Nodes(graph)
    x = nodes.add("Transpose", features, perm=[0, 3, 1, 2])
    w = graph.constant(kernel, "kernel")
    b = graph.constant(graph.initializer(bias).astype(np.float32).ravel(), "bias")
    y = nodes.add(
        "ConvTranspose", x, w, b,
        strides=[2, 2], kernel_shape=list(kernel.shape[2:]), auto_pad="SAME_UPPER",
    )  # fmt: skip
    nodes.add("Transpose", y, output=node.output[0], perm=[0, 2, 3, 1])
    graph.replace(node, nodes.made)


def transform_matrix(graph: Graph, node: onnx.NodeProto) -> None:
    """Landmarks2TransformMatrix: the upright box of some points, as a 4 x 4 crop matrix.

    It maps crop pixels to the landmarks' pixels: ``centre + R S (p - crop / 2)``.
    """
    settings = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    if settings["target_rotation_radians"] != 0:
        raise SystemExit("the mesh model changed: its crops are rotated")
    nodes = Nodes(graph)
    points = nodes.add("Squeeze", node.input[0], nodes.ints(0))
    points = nodes.columns(points, 0, 2)
    left = nodes.add("Gather", points, nodes.ints(settings["left_rotation_idx"]), axis=0)
    right = nodes.add("Gather", points, nodes.ints(settings["right_rotation_idx"]), axis=0)
    across = nodes.add("Sub", right, left)
    length = nodes.add("ReduceL2", across, axes=[1], keepdims=1)
    along = nodes.add("Div", across, length)  # (cos, sin) of the feature's tilt
    cos, sin = nodes.columns(along, 0, 1), nodes.columns(along, 1, 2)
    back = nodes.add("Neg", sin)
    # The rows of `tilt` carry a row vector from upright to tilted, those of `upright` back.
    tilt = nodes.add(
        "Concat", nodes.add("Concat", cos, sin, axis=1), nodes.add("Concat", back, cos, axis=1),
        axis=0,
    )  # fmt: skip
    upright = nodes.add("Transpose", tilt, perm=[1, 0])
    subset = nodes.add("Gather", points, nodes.ints(*settings["subset_idxs"]), axis=0)
    turned = nodes.add("MatMul", subset, upright)
    low = nodes.add("ReduceMin", turned, axes=[0], keepdims=1)
    high = nodes.add("ReduceMax", turned, axes=[0], keepdims=1)
    middle = nodes.add("Mul", nodes.add("Add", low, high), nodes.floats(0.5))
    centre = nodes.add("MatMul", middle, tilt)
    crop = np.array([settings["output_width"], settings["output_height"]], np.float32)
    scale = np.array([settings["scale_x"], settings["scale_y"]], np.float32) / crop
    size = nodes.add("Mul", nodes.add("Sub", high, low), nodes.floats(*scale))
    linear = nodes.add("Mul", nodes.add("Transpose", tilt, perm=[1, 0]), size)
    corner = nodes.add("MatMul", linear, graph.constant((crop / 2).reshape(2, 1)))
    offset = nodes.add("Sub", nodes.add("Transpose", centre, perm=[1, 0]), corner)
    zero = graph.constant(np.zeros((2, 1), np.float32))
    top = nodes.add("Concat", linear, zero, offset, axis=1)
    bottom = graph.constant(np.array([[0, 0, 1, 0], [0, 0, 0, 1]], np.float32))
    full = nodes.add("Concat", top, bottom, axis=0)
    nodes.add("Unsqueeze", full, nodes.ints(0), output=node.output[0])
    graph.replace(node, nodes.made)


def crop_features(graph: Graph, node: onnx.NodeProto, side: int) -> None:
    """TransformTensorBilinear: sample the feature map where the crop matrix says."""
    settings = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    rows, columns = settings["output_height"], settings["output_width"]
    nodes = Nodes(graph)
    matrix = nodes.add("Squeeze", node.input[1], nodes.ints(0))
    affine = nodes.columns(matrix, 0, 2, axis=0)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) + 0.5
    places = np.stack([x, y, np.zeros_like(x), np.ones_like(x)], -1).reshape(-1, 4)
    at = nodes.add("MatMul", graph.constant(places), nodes.add("Transpose", affine, perm=[1, 0]))
    # -0.5 back to pixel centres, then to [-1, 1] over the centres of the outer pixels.
    unit = nodes.add("Mul", nodes.add("Sub", at, nodes.floats(0.5)), nodes.floats(2 / (side - 1)))
    unit = nodes.add("Sub", unit, nodes.floats(1))
    grid = nodes.add("Reshape", unit, nodes.ints(1, rows, columns, 2))
    features = nodes.add("Transpose", node.input[0], perm=[0, 3, 1, 2])
    crop = nodes.add("GridSample", features, grid, align_corners=1, mode="bilinear")
    nodes.add("Transpose", crop, output=node.output[0], perm=[0, 2, 3, 1])
    graph.replace(node, nodes.made)


def transform_points(graph: Graph, node: onnx.NodeProto) -> None:
    """TransformLandmarks: carry points of the crop back by the crop matrix."""
    nodes = Nodes(graph)
    points = nodes.add("Squeeze", node.input[0], nodes.ints(0))
    matrix = nodes.columns(nodes.add("Squeeze", node.input[1], nodes.ints(0)), 0, 2, axis=0)
    linear, offset = nodes.columns(matrix, 0, 2), nodes.columns(matrix, 3, 4)
    moved = nodes.add("MatMul", points, nodes.add("Transpose", linear, perm=[1, 0]))
    moved = nodes.add("Add", moved, nodes.add("Transpose", offset, perm=[1, 0]))
    nodes.add("Unsqueeze", moved, nodes.ints(0), output=node.output[0])
    graph.replace(node, nodes.made)


def merge_outputs(graph: Graph, subsets: list[list[int]]) -> None:
    """One (1, 478, 3) output: the mesh, its lips and eyes moved to the refined points.

    Refined points have no depth of their own and keep the mesh's; an iris takes the mean
    depth of its eyelids.
    """
    nodes = Nodes(graph)
    lips, left, right = subsets
    mesh = nodes.add("Reshape", "output_mesh_identity", nodes.ints(468, 3))
    flat, depth = nodes.columns(mesh, 0, 2), nodes.columns(mesh, 2, 3)
    parts = ((lips, "output_lips"), (left, "output_left_eye"), (right, "output_right_eye"))
    for subset, name in parts:
        refined = nodes.add("Reshape", name, nodes.ints(len(subset), 2))
        index = graph.constant(np.array(subset, np.int64)[:, None])
        flat = nodes.add("ScatterND", flat, index, refined)
    full = [nodes.add("Concat", flat, depth, axis=1)]
    for subset, name in ((left, "output_left_iris"), (right, "output_right_iris")):
        lids = nodes.add("Gather", depth, nodes.ints(*subset[:EYE_CONTOUR_COUNT]), axis=0)
        mean = nodes.add("ReduceMean", lids, axes=[0], keepdims=1)
        iris_depth = nodes.add("Expand", mean, nodes.ints(5, 1))
        iris = nodes.add("Reshape", name, nodes.ints(5, 2))
        full.append(nodes.add("Concat", iris, iris_depth, axis=1))
    points = nodes.add("Concat", *full, axis=0)
    nodes.add("Unsqueeze", points, nodes.ints(0), output="landmarks")
    nodes.add("Reshape", "conv_faceflag", nodes.ints(1), output="presence")
    graph.proto.node.extend(nodes.made)
    del graph.proto.output[:]
    for name, shape in (("landmarks", [1, 478, 3]), ("presence", [1])):
        kind = onnx.TensorProto.FLOAT
        graph.proto.output.append(helper.make_tensor_value_info(name, kind, shape))


def replace_mediapipe_operators(model: onnx.ModelProto) -> None:
    """Replace every operator that only MediaPipe has."""
    graph = Graph(model)
    subsets = {}
    for node in [n for n in model.graph.node if n.op_type.startswith("TFL_")]:
        match node.op_type.removeprefix("TFL_"):
            case "Convolution2DTransposeBias":
                transposed_convolution(graph, node)
            case "Landmarks2TransformMatrix":
                listed = next(a for a in node.attribute if a.name == "subset_idxs")
                subsets[node.output[0]] = list(listed.ints)
                transform_matrix(graph, node)
            case "TransformTensorBilinear":
                crop_features(graph, node, side=48)
            case "TransformLandmarks":
                transform_points(graph, node)
            case unknown:
                raise SystemExit(f"no replacement for {unknown}")
    if subsets:
        merge_outputs(graph, [subsets[name] for name in sorted(subsets)])


def halve_weights(model: onnx.ModelProto) -> None:
    """Store weights as float16 where that loses nothing, with a Cast that loading folds."""
    casts = []
    for weights in model.graph.initializer:
        value = numpy_helper.to_array(weights)
        half = value.astype(np.float16)
        if value.dtype != np.float32 or value.size < 64 or (half != value).any():
            continue
        name = weights.name
        weights.CopyFrom(numpy_helper.from_array(half, f"{name}_half"))
        kind = onnx.TensorProto.FLOAT
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=kind))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def share_equal_weights(graph: onnx.GraphProto) -> None:
    """One weight for each value; how many copies the converter makes changes by run."""
    first: dict[bytes, str] = {}
    same = {}
    for weight in graph.initializer:
        value = numpy_helper.to_array(weight)
        key = repr((value.dtype.str, value.shape)).encode() + value.tobytes()
        same[weight.name] = first.setdefault(key, weight.name)
    for node in graph.node:
        node.input[:] = [same.get(name, name) for name in node.input]


def tensor_order(graph: onnx.GraphProto) -> list[str]:
    """Every tensor that the outputs need, each after what it is made of."""
    makers = {name: node for node in graph.node for name in node.output}
    order: dict[str, None] = {}
    pending = [port.name for port in reversed(graph.output)]
    while pending:
        name = pending[-1]
        needed = makers[name].input if name in makers and name not in order else []
        waiting = [one for one in needed if one and one not in order]
        if waiting:
            pending.extend(reversed(waiting))
        else:
            order.setdefault(pending.pop())
    return list(order)


def make_canonical(model: onnx.ModelProto) -> None:
    """Order nodes and weights, and name tensors, by the graph's structure alone.

    The converter walks over sets, so its own order and names change from run to run.
    """
    graph = model.graph
    share_equal_weights(graph)
    order = tensor_order(graph)
    makers = {node.output[0]: node for node in graph.node}
    weights = {weight.name: weight for weight in graph.initializer}
    ports = {port.name for port in (*graph.input, *graph.output)}
    names = {name: name if name in ports else f"t{i}" for i, name in enumerate(order)}
    nodes = [makers[name] for name in order if name in makers]
    used = [weights[name] for name in order if name in weights]
    for index, node in enumerate(nodes):
        node.name, node.doc_string = f"n{index}", ""
        node.input[:] = [names.get(name, "") for name in node.input]
        node.output[:] = [names.get(name, "") for name in node.output]
        attributes = sorted(node.attribute, key=lambda attribute: attribute.name)
        del node.attribute[:]
        node.attribute.extend(attributes)
    for weight in used:
        weight.name = names[weight.name]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend(used)
    graph.name, graph.doc_string = "face", ""


def converted(tflite: Path, scratch: Path) -> onnx.ModelProto:
    """The ONNX model of one TFLite file."""
    raw = scratch / f"{tflite.stem}.onnx"
    command = [sys.executable, "-m", "tf2onnx.convert", "--opset", str(OPSET)]
    command += ["--tflite", str(tflite), "--output", str(raw)]
    subprocess.run(command, check=True)
    model = onnx.load(raw)
    replace_mediapipe_operators(model)
    del model.opset_import[:]
    model.opset_import.append(helper.make_opsetid("", OPSET))
    halve_weights(model)
    make_canonical(model)
    model.producer_name, model.doc_string = "lipwright", ""
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Convert all four and print their hashes."""
    parser = argparse.ArgumentParser(description="Make the face models from the mediapipe wheel.")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(arguments.wheel) as wheel, tempfile.TemporaryDirectory() as scratch:
        for name, member in SOURCES.items():
            tflite = Path(wheel.extract(member, scratch))
            content = converted(tflite, Path(scratch)).SerializeToString(deterministic=True)
            (arguments.folder / name).write_bytes(content)
            print(f"{hashlib.sha256(content).hexdigest()}  {len(content):>8}  {name}")


if __name__ == "__main__":
    main()
