"""From an RDF file to what is wrong with it, by the shapes of our vocabulary; needs `kg[validate]`."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import MissingExtra, UnreadableGraph
from kg.vocabulary import PREFIXES, shapes

if TYPE_CHECKING:
    import rdflib

# The syntax of each kind of file, by the name that rdflib has for it.
SYNTAX = {
    ".ttl": "turtle",
    ".nt": "nt",
    ".nq": "nquads",
    ".trig": "trig",
    ".jsonld": "json-ld",
    ".rdf": "xml",
}


def findings(path: str | Path) -> Iterator[str]:
    """Yield what is wrong with the file, a line each, sorted; nothing if it conforms. All named graphs count as one.

    Raises `UnreadableGraph` or, without pyshacl, `MissingExtra`.
    """
    try:
        import pyshacl
    except ImportError as error:
        raise MissingExtra('validating needs more than kg does: pip install "kg[validate]"') from error
    import rdflib
    from rdflib.namespace import SH

    _, report, _ = pyshacl.validate(_read(Path(path)), shacl_graph=rdflib.Graph().parse(data=shapes(), format="turtle"))
    lines = []
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        parts = [report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)]
        focus, way, value, message = (None if part is None else _shortened(str(part)) for part in parts)
        where = f"{focus} {way}" if way else f"{focus}"
        lines.append(f"{where}: {message}" + (f" (is {value!r})" if value else ""))
    yield from sorted(set(lines))


def _read(path: Path) -> "rdflib.Graph":
    import rdflib

    suffixes = [suffix.lower() for suffix in path.suffixes]
    zipped = suffixes[-1:] == [".gz"]
    syntax = SYNTAX.get("".join(suffixes[-2:-1] if zipped else suffixes[-1:]))
    if syntax is None:
        raise UnreadableGraph(f"{path}: not known to be RDF; give one of {' '.join(SYNTAX)}, or these with .gz")
    read = rdflib.Dataset(default_union=True)
    try:
        data = path.read_bytes()
        read.parse(data=gzip.decompress(data) if zipped else data, format=syntax)
    except Exception as error:  # rdflib's parsers raise what they like
        reason = " ".join(str(error).split())[:200]
        raise UnreadableGraph(f"{path}: cannot be read as RDF ({reason}); give a whole file of that format") from error
    union = rdflib.Graph()
    for subject, predicate, value, _ in read.quads((None, None, None, None)):
        union.add((subject, predicate, value))
    return union


def _shortened(text: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text
