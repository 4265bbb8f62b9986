"""From a recipe and its figures to a model card: what the weights were made of and how well they do."""

import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from kg.training.evaluate import Figures
from kg.training.network import Shape
from kg.training.recipe import Recipe

_WHAT = (
    "Token classifier over a BERT encoder, with added embeddings of the case shapes of words and of what rules",
    "take them for; ONNX with int8 weights.",
)
_TABLE = ("| what | precision | recall | F1 | gold |", "|---|---|---|---|---|")
_SETTINGS = ("epochs", "int8_from", "seed", "rate", "head_rate", "pieces", "dropout")


def write_card(path: Path, recipe: Recipe, shape: Shape, figures: dict[str, Figures], *, epoch: int) -> None:
    """Write the model card in Markdown."""
    path.write_text("\n".join(_lines(recipe, shape, figures, epoch)) + "\n", encoding="utf-8")


def _lines(recipe: Recipe, shape: Shape, figures: dict[str, Figures], epoch: int) -> list[str]:
    lines = [f"# {recipe.title}", ""]
    lines += [*_WHAT, "", *recipe.notes.strip().splitlines(), ""]
    lines += ["## Trained on", "", "| source | share an epoch | licence |", "|---|---|---|"]
    lines += [f"| {source.name} | {source.share} | {source.licence} |" for source in recipe.sources]
    lines += ["", "## Settings", "", f"Epoch {epoch} was the best. Written {_today()}.", ""]
    lines += [f"- {key}: {value}" for key, value in asdict(shape).items()]
    lines += [f"- {key}: {getattr(recipe, key)}" for key in _SETTINGS]
    for name, own in figures.items():
        lines += ["", f"## Measured on {name}", "", *_TABLE]
        lines += [f"| {x} | {f['p']:.3f} | {f['r']:.3f} | {f['f1']:.3f} | {f['gold']:.0f} |" for x, f in own.items()]
    return lines


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}"
