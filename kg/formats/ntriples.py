"""From a graph to N-Triples and N-Quads: a statement a line, for bulk loaders and for `sort`, `grep` and `diff`.

N-Quads name the article that a statement comes from as its graph; what comes from none is in the default graph.
"""

from collections.abc import Callable, Iterable
from typing import BinaryIO

from kg import vocabulary as v
from kg.formats.listing import Listing
from kg.formats.rdf import Description, descriptions, sections
from kg.formats.settings import Settings
from kg.formats.terms import Literal, Terms
from kg.formats.text import clean

# The backslash first, since it stands in what the others become.
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_ntriples(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as N-Triples."""
    _write(out, descriptions(listing, _terms(settings.base), settings.profile), " .\n")


def write_nquads(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as N-Quads, with a named graph for each article."""
    for graph, section in sections(listing, _terms(settings.base), settings.profile):
        _write(out, section, f" {graph} .\n" if graph else " .\n")


def _write(out: BinaryIO, described: Iterable[Description[str]], end: str) -> None:
    for subject, properties in described:
        lines = [f"{subject} <{predicate}> {value}{end}" for predicate, value in properties]
        out.write("".join(lines).encode())


def _terms(base: str) -> Terms[str]:
    address: Callable[[str], str] = "<{}>".format
    return Terms(base, address, lambda value: literal(value, address), quoted, f'"{{}}"^^<{v.INTEGER}>'.format)


def quoted(text: str) -> str:
    """Return a text between quotes, cleaned, as all these languages write it.

    >>> print(quoted('two\\n"lines"'))
    "two\\n\\"lines\\""
    """
    if not text.isprintable():
        text = clean(text)
        for character, escape in ESCAPES.items():
            text = text.replace(character, escape)
    elif '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def literal(literal: Literal, address: Callable[[str], str]) -> str:
    """Return a literal as all these languages write it, its datatype as `address` does."""
    text, datatype, language = literal
    if language:
        return f"{quoted(text)}@{language}"
    return quoted(text) if datatype == v.STRING else f'"{text}"^^{address(datatype)}'
