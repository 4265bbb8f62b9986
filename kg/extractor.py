"""What a record depends on besides its article: the code and data that read it, and how it was told to.

A store keeps this beside each record, so that what an earlier `kg` or another setting read is read again.
"""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import kg
from kg.documents import BEST

# What comes after the records, or beside them. All other files of the package count, so that one forgotten here leads
# to reading again, never to a record that is out of date.
_LATER = {
    *("cli.py", "corpus.py", "extractor.py", "graph.py", "queries", "store", "tables.py", "vocabulary.py"),
    *("counting.py", "evidence.py", "graph_tables.py", "periods.py", "significance.py", "syndication.py"),
    *(
        "corrections.py",
        "curation.py",
        "entities.py",
        "quotes.py",
        "review.py",
        "layout.py",
        "aggregate.py",
        "arrow.py",
        "spark",
        "workers.py",
        "commands",
    ),
    *("articles", "engine", "formats", "identity", "training", "server", "ontology.ttl", "shapes.ttl", "__pycache__"),
}
_WEIGHTS = ("recognition", "weights")


@dataclass(frozen=True, slots=True)
class Settings:
    """How articles are read: by an installed spaCy pipeline, or by the built-in one with this accuracy."""

    model: str | None = None
    accuracy: str = BEST


@cache
def extractor(settings: Settings) -> str:
    """Return, as JSON, what reads articles with these settings: programs, their versions, and a digest of our own.

    >>> sorted(json.loads(extractor(Settings(accuracy="fast"))))
    ['accuracy', 'digest', 'kg', 'model', 'spacy']
    """
    model, accuracy = settings.model, settings.accuracy
    needs_weights = model is None and accuracy == BEST
    made_by = {"kg": kg.__version__, "digest": _digest(needs_weights), "spacy": _version("spacy")}
    if needs_weights:
        made_by["onnxruntime"] = _version("onnxruntime")
    named = None if model is None else f"{model} {_version(model)}".strip()
    return json.dumps(made_by | {"model": named, "accuracy": None if model else accuracy}, sort_keys=True)


@cache
def _digest(weights: bool) -> str:
    home, digest = Path(kg.__file__).parent, sha256()
    for path in sorted(home.rglob("*")):
        parts = path.relative_to(home).parts
        if path.is_file() and not _LATER & set(parts) and (weights or parts[:2] != _WEIGHTS):
            digest.update(f"{'/'.join(parts)} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a pipeline in a folder
        return ""
