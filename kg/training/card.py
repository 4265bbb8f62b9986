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
_TABLE = ("| what | precision | recall | F1 | F1 in float32 | gold |", "|---|---|---|---|---|---|")
_SETTINGS = ("epochs", "int8_from", "seed", "rate", "head_rate", "pieces")

Measured = dict[str, Figures]


def write_card(path: Path, recipe: Recipe, shape: Shape, figures: Measured, exact: Measured, *, epoch: int) -> None:
    """Write the model card in Markdown: `figures` are those of the int8 weights, `exact` those of float32."""
    path.write_text("\n".join(_lines(recipe, shape, figures, exact, epoch)) + "\n", encoding="utf-8")


def _lines(recipe: Recipe, shape: Shape, figures: Measured, exact: Measured, epoch: int) -> list[str]:
    lines = [f"# {recipe.title}", ""]
    lines += [*_WHAT, "", *recipe.notes.strip().splitlines(), ""]
    lines += ["## Trained on", "", "| source | share an epoch | licence |", "|---|---|---|"]
    lines += [f"| {source.name} | {source.share} | {source.licence} |" for source in recipe.sources]
    lines += ["", "## Settings", "", f"Epoch {epoch} was the best. Written {_today()}.", ""]
    lines += [f"- {key}: {value}" for key, value in asdict(shape).items()]
    lines += [f"- {key}: {getattr(recipe, key)}" for key in _SETTINGS]
    for name, own in figures.items():
        lines += ["", f"## Measured on {name}", "", *_TABLE]
        lines += [_row(what, own[what], exact[name][what]["f1"]) for what in own]
    return lines


def _row(what: str, own: dict[str, float], exact: float) -> str:
    return f"| {what} | {own['p']:.3f} | {own['r']:.3f} | {own['f1']:.3f} | {exact:.3f} | {own['gold']:.0f} |"


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}"
