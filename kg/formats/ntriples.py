"""From a graph to N-Triples and N-Quads: a statement a line, for bulk loaders and for `sort`, `grep` and `diff`.

N-Quads name the article that a statement comes from as its graph; what comes from none is in the default graph.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from kg import vocabulary as v
from kg.formats.listing import Listing
from kg.formats.rdf import Literal, Triple, sections, triples
from kg.formats.settings import Settings

ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
ESCAPED = re.compile(r'[\\"\n\r\t]')

# Lines are handed on by so many at a time.
BATCH = 1000


def write_ntriples(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as N-Triples."""
    _write(out, _lines(triples(listing, settings.base, settings.profile), " .\n"))


def write_nquads(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as N-Quads, with a named graph for each article."""
    for graph, section in sections(listing, settings.base, settings.profile):
        _write(out, _lines(section, f" <{graph}> .\n" if graph else " .\n"))


def _write(out: BinaryIO, lines: Iterator[str]) -> None:
    while batch := "".join(islice(lines, BATCH)):
        out.write(batch.encode())


def _lines(triples: Iterator[Triple], end: str) -> Iterator[str]:
    name: Callable[[str], str] = lru_cache(maxsize=10_000)("<{}>".format)
    for subject, predicate, value in triples:
        text = f"<{value}>" if isinstance(value, str) else literal(value, name)
        yield f"<{subject}> <{predicate}> {text}{end}"


def literal(literal: Literal, name: Callable[[str], str]) -> str:
    """Return a literal as all these languages write it, its datatype as `name` does."""
    text, datatype, language = literal
    if ESCAPED.search(text):
        text = ESCAPED.sub(lambda character: ESCAPES[character[0]], text)
    if language:
        return f'"{text}"@{language}'
    return f'"{text}"' if datatype == v.STRING else f'"{text}"^^{name(datatype)}'
