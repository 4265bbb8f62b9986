"""From a run of `kg build` to its record: which program, model and settings made the graph, and of which files."""

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import file_digest, sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.articles import READERS


def run_record(inputs: Iterable[str | Path], *, model: str, settings: Mapping[str, str]) -> dict[str, Any]:
    """Return what `kg.formats.rdf` tells of a run in its full profile. Standard input has no digest."""
    return {
        "model": model,
        "model_digest": _digest_of_weights() if model == "best" else None,
        "settings": dict(settings),
        "inputs": {name: digest for path in inputs for name, digest in _digests(Path(path))},
    }


def _digests(path: Path) -> Iterable[tuple[str, str | None]]:
    """Return each file to read, named as articles say where they were found, with the SHA-256 digest of its bytes."""
    if not path.is_dir():
        return [(path.name, _digest(path))]
    names = sorted(file.relative_to(path) for file in path.rglob("*") if file.suffix.lower() in READERS)
    shown = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    return [(name.as_posix(), _digest(path / name)) for name in shown if (path / name).is_file()]


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:  # standard input, or what cannot be read and has a notice
        return None


@cache
def _digest_of_weights() -> str:
    """Return one digest of all files of the recogniser's weights."""
    digest = sha256()
    for file in sorted(files("kg.recognition").joinpath("weights").iterdir(), key=lambda file: file.name):
        if file.is_file():
            digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()
