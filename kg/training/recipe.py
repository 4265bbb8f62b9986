"""From a recipe, a TOML file, to what is trained on and how.

A recipe names files of annotated texts, says how the labels of each are to be read, which files only measure, and the
settings of the training. `news.toml` beside this module is the recipe of the weights in the package; `docs/training.md`
explains its keys.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import BadRecipe


@dataclass(frozen=True)
class Source:
    """Files of annotated texts and how to read them.

    `reads` says what one of their labels may be in our set, where that is not just itself; `outside` what a word
    without label may be besides no name at all (by default, everything that the file does not annotate). In a
    `partial` source not every name is annotated: a capitalised word without label may be anything. With `happens`,
    the spans are no names but words that tell of something: it gives for each label whether that is an occurrence.
    Each epoch takes the `share` of the source's windows, of at most `size` pieces.
    """

    name: str
    files: tuple[str, ...]
    reads: dict[str, list[str]] = field(default_factory=dict)
    outside: list[str] | None = None
    partial: bool = False
    happens: dict[str, bool] = field(default_factory=dict)
    share: float = 1.0
    size: int = 192
    licence: str = "unknown"
    readings: str = ""  # a file of careful readings (people, countries, events) of some of the same texts


@dataclass(frozen=True)
class Measure:
    """A file that is only measured on: spans, with for each label the labels of ours that count as it, or readings."""

    name: str
    file: str
    labels: dict[str, list[str]] = field(default_factory=dict)
    readings: str = ""
    regions: dict[str, list[str]] = field(default_factory=dict)  # how the ids of each region's texts begin


@dataclass(frozen=True)
class Recipe:
    """What is trained on, what is measured on, and how training goes."""

    sources: tuple[Source, ...]
    measures: tuple[Measure, ...]
    title: str = "recogniser"
    epochs: int = 5
    seed: int = 1
    rate: float = 1.2e-4  # of the encoder
    head_rate: float = 1e-3
    pieces: int = 2048  # in a step
    dropout: float = 0.1
    int8_from: int | None = None  # from this epoch on (1 is the first), train with products rounded as int8 rounds them
    layers: int | None = None  # keep so many of the encoder's layers, by default all
    inner: int | None = None  # keep so many neurons in the middle of each layer, by default all
    notes: str = ""  # what else the model card should say
    best: tuple[str, ...] = ()  # what the best epoch is chosen by: "worldwide-dev/person"


def read_recipe(path: Path) -> Recipe:
    """Return the recipe in the file at `path`; raises `BadRecipe`, which says what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        sources = tuple(_made(Source, entry) for entry in told.pop("source", []))
        measures = tuple(_made(Measure, entry) for entry in told.pop("measure", []))
        recipe: Recipe = _made(Recipe, {**told, "sources": sources, "measures": measures})
    except OSError as error:
        raise BadRecipe(f"cannot read the recipe {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise BadRecipe(f"{path} is no recipe: {error}; kg/training/news.toml is one") from error
    if not sources:
        raise BadRecipe(f"{path} names no [[source]] to train on")
    return recipe


def _made(kind: type, told: dict[str, Any]) -> Any:
    return kind(
        **{key: tuple(value) if isinstance(value, list) and key != "outside" else value for key, value in told.items()}
    )
