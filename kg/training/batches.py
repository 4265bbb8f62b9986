"""From sources to batches: examples of each source, mixed anew each epoch, windows of like length together."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kg.recognition.windows import CAPITAL, LETTER, LOWER, MIXED, UNKNOWN, UPPER, Pieces
from kg.training.labels import OUTSIDE
from kg.training.readings import known_of
from kg.training.recipe import Recipe
from kg.training.spans import Example, Known, examples, happenings, joined, read_jsonl, reader, tags_of

# How often a window is written all in capitals, all in small letters, as a title, or with a lead in capitals.
SHOUTED, SMALL, TITLED, LED = 0.04, 0.02, 0.02, 0.03
# How often a window comes without hints, so that the model learns to do without.
UNAIDED = 0.15
_CASED, _CAPITALS = (LOWER, CAPITAL, MIXED), (UPPER, CAPITAL, MIXED, LETTER)

Made = dict[str, list[Example]]


def prepare(recipe: Recipe, data: Path, pieces: Pieces) -> Made:
    """Return the examples of each source; texts with a careful reading are a source of their own, in two sizes."""
    made: Made = {}
    nlp = reader()
    for source in recipe.sources:
        readings = {r["id"]: r for r in read_jsonl(data / source.readings)} if source.readings else {}
        records = [record for file in source.files for record in read_jsonl(data / file)]
        records = list(joined(records)) if source.happens else records
        own = made.setdefault(source.name, [])
        for record, doc in zip(records, nlp.pipe(record["text"] for record in records), strict=True):
            if reading := readings.get(record["id"]):
                known = known_of(doc, record, reading, source)
                read = made.setdefault(f"{source.name}, read", [])
                read += examples(doc, known, pieces, source.size)
                read += examples(doc, known, pieces, source.size * 5 // 8)
                continue
            known = Known.nothing(len(doc))
            if source.happens:
                known.happens = happenings(doc, record, source)
            else:
                known.tags = tags_of(doc, record, source)
            windows = list(examples(doc, known, pieces, source.size))
            if source.partial:  # stretches without any name teach little
                windows = [e for e in windows if not all(tags & OUTSIDE for tags in e.tags)]
            own += windows
    return {name: items for name, items in made.items() if items}


def batches_of(made: Made, recipe: Recipe, epoch: int) -> list[list[Example]]:
    """Return the batches of an epoch in random order; of a source with a share below one, another part each time."""
    rng = random.Random(f"{recipe.seed}-{epoch}")
    shares = {source.name: source.share for source in recipe.sources}
    chosen: list[Example] = []
    for name, items in made.items():
        share = shares.get(name, 1.0)
        order = list(range(len(items)))
        random.Random(f"{recipe.seed}-{name}").shuffle(order)
        size = max(1, int(len(items) * share))
        chosen += [items[order[(epoch * size + k) % len(items)]] for k in range(size)]
    chosen.sort(key=lambda e: (len(e.window.pieces) + rng.randrange(12), rng.random()))
    batches = list(_filled(chosen, recipe.pieces))
    rng.shuffle(batches)
    return batches


def _filled(chosen: list[Example], most: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    longest = 0
    for example in chosen:
        longest = max(longest, len(example.window.pieces))
        if batch and longest * (len(batch) + 1) > most:
            yield batch
            batch, longest = [], len(example.window.pieces)
        batch.append(example)
    if batch:
        yield batch


def recased(shapes: list[int], rng: random.Random) -> list[int]:
    """Return the shapes of a window as they are, or now and then as in a headline or in careless writing."""
    chance = rng.random()
    if (chance := chance - SHOUTED) < 0:
        return [UPPER if s in _CASED else s for s in shapes]
    if (chance := chance - SMALL) < 0:
        return [LOWER if s in _CAPITALS else s for s in shapes]
    if (chance := chance - TITLED) < 0:
        return [CAPITAL if s == LOWER else s for s in shapes]
    if chance - LED < 0:
        end = rng.randrange(8, 30)
        return [UPPER if s in _CASED and i < end else s for i, s in enumerate(shapes)]
    return shapes


def collate(batch: list[Example], rng: random.Random | None = None) -> dict[str, Tensor]:
    """Return the batch as tensors, padded; with `rng`, some windows are written in another case."""
    windows = [example.window for example in batch]
    shapes = [recased(window.shapes, rng) if rng else window.shapes for window in windows]
    return {
        "pieces": _table([window.pieces for window in windows]),
        "shapes": _table(shapes),
        "hints": _table([[UNKNOWN] * len(w.hints) if rng and rng.random() < UNAIDED else w.hints for w in windows]),
        "mask": _table([[1] * len(window.pieces) for window in windows]).bool(),
        "first": _table([window.first for window in windows]),
        "last": _table([window.last for window in windows]),
        "lengths": torch.tensor([len(window.words) for window in windows]),
        "tags": _table([example.tags for example in batch], OUTSIDE),
        "types": _table([example.types for example in batch], -1),
        "weights": _table([example.weights for example in batch], 0, np.float32),
        "named": _table([example.named for example in batch], -1),
        "happens": _table([example.happens for example in batch], -1),
    }


def _table(rows: Sequence[Sequence[float]], fill: int = 0, dtype: type = np.int64) -> Tensor:
    table: NDArray[Any] = np.full((len(rows), max(map(len, rows))), fill, dtype)
    for i, row in enumerate(rows):
        table[i, : len(row)] = row
    return torch.from_numpy(table)
