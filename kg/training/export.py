"""From trained weights to the file that the package ships: one ONNX graph with int8 weights.

The graph is written out node by node with the fused operators of onnxruntime (multi-head attention, bias + GELU, skip
+ layer norm), so that no tracing and no optimiser stands between the network and what runs. It reads one window at a
time: no padding and no mask, and the scales of the int8 activations depend on that window alone, so the answer does.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kg.recognition.windows import MAX_PIECES
from kg.training.labels import LABELS, TYPES
from kg.training.network import MOST, NEVER, Shape, illegal_moves

Array = NDArray[np.float32]
Weights = dict[str, Array]


def export(weights: Weights, shape: Shape, tokenizer: Path, folder: Path, *, quantise: bool = True) -> Path:
    """Write the graph and the tokenizer into `folder`, and return it; without `quantise`, in float32."""
    folder.mkdir(parents=True, exist_ok=True)
    model = build(weights, shape, quantise=quantise)
    moves = np.maximum(weights["transitions"] + illegal_moves()[0].numpy(), NEVER).round(4)
    told = {"labels": LABELS, "types": TYPES, "size": MAX_PIECES, "moves": moves.astype(float).tolist()}
    helper.set_model_props(model, {key: json.dumps(value) for key, value in told.items()})
    (folder / "recogniser.onnx").write_bytes(model.SerializeToString())
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    return folder


def build(weights: Weights, shape: Shape, *, quantise: bool = True) -> onnx.ModelProto:
    """Return the graph from what a window holds to the tag scores and event scores of its words."""
    graph = _Graph(weights, quantise)
    x = graph.embedded(min(shape.positions, MAX_PIECES + 64))
    for i in range(shape.layers):
        x = graph.layer(f"layers.{i}", x, shape)
    graph.output("tags", graph.scores("tags", words := graph.words(x)))
    graph.output("events", graph.scores("events", graph.node("Gelu", graph.scores("reading", words), ours=False)))
    inputs = [_value(name, TensorProto.INT64, (1, "n")) for name in ("pieces", "shapes", "hints")]
    inputs += [_value(name, TensorProto.INT64, ("w",)) for name in ("first", "last")]
    sizes = {name: weights[f"{name}.bias"].shape[0] for name in ("tags", "events")}
    outputs = [_value(name, TensorProto.FLOAT, ("w", size)) for name, size in sizes.items()]
    made = helper.make_graph(graph.nodes, "recogniser", inputs, outputs, graph.constants)
    operators = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(made, opset_imports=operators, ir_version=9)


def quantised(weight: Array, axis: int, most: int = 127) -> tuple[NDArray[np.int8], Array]:
    """Return `weight` as whole numbers up to `most`, and the scale of each of its columns (`axis` 0) or rows (1).

    >>> whole, scale = quantised(np.array([[0.5, -2.0], [1.0, 1.0]], np.float32), axis=0)
    >>> whole.tolist()
    [[64, -127], [127, 64]]
    """
    scale = np.abs(weight).max(axis=axis, keepdims=True) / most
    scale[scale == 0] = 1
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32).squeeze(axis)


def _value(name: str, kind: int, shape: Sequence[str | int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


class _Graph:
    """The nodes and constants written so far; each method adds a step and returns the name of its result."""

    def __init__(self, weights: Weights, quantise: bool) -> None:
        self.weights, self.quantise = weights, quantise
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic] | None = None) -> str:
        """Add a constant, by default the weight of that name."""
        array = self.weights[name] if value is None else value
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator: str, *inputs: str, ours: bool = True, **attributes: Any) -> str:
        """Add a node; those that are not `ours`, the standard's, are onnxruntime's own."""
        return self.several(operator, *inputs, count=1, ours=ours, **attributes)[0]

    def several(self, operator: str, *inputs: str, count: int, ours: bool = True, **attributes: Any) -> list[str]:
        names = [f"{operator}.{len(self.nodes)}.{n}" for n in range(count)]
        domain = "" if ours else "com.microsoft"
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names

    def output(self, name: str, x: str) -> None:
        self.nodes.append(helper.make_node("Identity", [x], [name]))

    def embedded(self, positions: int) -> str:
        table = self.weights["pieces.weight"]
        if self.quantise:
            whole, scale = quantised(table, axis=1)
            rows = self.node("Gather", self.constant("pieces.weight", whole), "pieces")
            scales = self.node("Gather", self.constant("pieces.scale", scale[:, None]), "pieces")
            x = self.node("Mul", self.node("Cast", rows, to=TensorProto.FLOAT), scales)
        else:
            x = self.node("Gather", self.constant("pieces.weight"), "pieces")
        for name in ("shapes", "hints"):
            x = self.node("Add", x, self.node("Gather", self.constant(f"{name}.weight"), name))
        zero = self.constant("zero", np.array([0]))
        length = self.node("Shape", "pieces", start=1, end=2)
        places = self.constant("positions.weight", self.weights["positions.weight"][:positions])
        x = self.node("Add", x, self.node("Slice", places, zero, length, zero))
        self.constant("thirds", np.array([table.shape[1]] * 3))
        return self.node(
            "LayerNormalization", x, self.constant("norm.weight"), self.constant("norm.bias"), epsilon=1e-12
        )

    def layer(self, name: str, x: str, shape: Shape) -> str:
        thirds = self.several("Split", self.product(f"{name}.qkv", x, bias=True), "thirds", count=3, axis=-1)
        seen = self.node("MultiHeadAttention", *thirds, ours=False, num_heads=shape.heads)
        x = self.normed(f"{name}.norm1", f"{name}.attended", self.product(f"{name}.attended", seen), x)
        inner = self.product(f"{name}.inner", x)
        inner = self.node("BiasGelu", inner, self.constant(f"{name}.inner.bias"), ours=False)
        return self.normed(f"{name}.norm2", f"{name}.outer", self.product(f"{name}.outer", inner), x)

    def product(self, name: str, x: str, *, bias: bool = False) -> str:
        """Add the product of `x` with a weight; without `bias`, the next node adds that."""
        weight = self.weights[f"{name}.weight"].T
        biases = [self.constant(f"{name}.bias")] if bias else []
        if not self.quantise:
            y = self.node("MatMul", x, self.constant(f"{name}.weight", weight))
            return self.node("Add", y, *biases) if bias else y
        whole, scale = quantised(weight, axis=0, most=MOST)
        inputs = [self.constant(f"{name}.weight", whole), self.constant(f"{name}.scale", scale)]
        return self.node("DynamicQuantizeMatMul", x, *inputs, *(["", *biases] if bias else []), ours=False)

    def normed(self, norm: str, linear: str, y: str, x: str) -> str:
        y = self.node("Add", self.node("Add", y, self.constant(f"{linear}.bias")), x)
        return self.node(
            "LayerNormalization", y, self.constant(f"{norm}.weight"), self.constant(f"{norm}.bias"), epsilon=1e-12
        )

    def words(self, x: str) -> str:
        x = self.node("Squeeze", x, "zero")
        ends = self.node("Add", self.node("Gather", x, "first"), self.node("Gather", x, "last"))
        return self.node("Mul", ends, self.constant("half", np.array(0.5, np.float32)))

    def scores(self, name: str, x: str) -> str:
        weight = self.constant(f"{name}.weight", self.weights[f"{name}.weight"].T)
        return self.node("Gemm", x, weight, self.constant(f"{name}.bias"))
