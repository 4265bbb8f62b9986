"""From a graph to Turtle and TriG: one paragraph a subject, readable as it stands, written as it is made.

TriG puts what an article says into a graph that has the article's IRI as its name.

Written here rather than by rdflib, which takes a hundred times as long and holds all triples in memory, or pyoxigraph,
which every user would have to install (20 MB) and which leaves no line between subjects.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import BinaryIO

from kg import vocabulary as v
from kg.formats.listing import Listing
from kg.formats.ntriples import literal
from kg.formats.rdf import Literal, Triple, sections, triples
from kg.formats.settings import Settings

# Their values stand for themselves, without quotes; so do decimals that have a point.
_BARE = {v.BOOLEAN, v.INTEGER}

_FIRST, _REST = (rf"(?:[{v.LETTERS}{marks}]|%[0-9A-F][0-9A-F])" for marks in ("", v.MARKS))
_LOCAL = rf"{_FIRST}(?:{_REST}|\.+{_REST})*"


def write_turtle(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out`; the IRIs of its nodes, links, articles and quotes begin with the base."""
    name = _head(out, settings.base)
    for paragraph in _paragraphs(triples(listing, settings.base, settings.profile), name):
        out.write(paragraph.encode())


def write_trig(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as TriG, with a named graph for each article."""
    name = _head(out, settings.base)
    for graph, section in sections(listing, settings.base, settings.profile):
        out.write(f"\n{name(graph)} {{\n".encode() if graph else b"")
        for paragraph in _paragraphs(section, name):
            out.write(paragraph.encode())
        out.write(b"}\n" if graph else b"")


def _head(out: BinaryIO, base: str) -> Callable[[str], str]:
    """Write the prefixes, and return the function from an IRI to how it is written."""
    namespaces = v.prefixes(v.check_base(base))
    out.write("".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in namespaces.items()).encode())
    return _names(namespaces)


def _paragraphs(triples: Iterable[Triple], name: Callable[[str], str]) -> Iterator[str]:
    """Yield what is said of each subject: a line a predicate, and a line each for further objects."""
    lines: list[str] = []
    last_subject = last_predicate = None
    for subject, predicate, value in triples:
        text = name(value) if isinstance(value, str) else _literal(value, name)
        if subject != last_subject:
            yield _paragraph(lines)
            lines = [f"\n{name(subject)} {name(predicate)} {text}"]
        elif predicate != last_predicate:
            lines.append(f" ;\n    {name(predicate)} {text}")
        else:
            lines.append(f", {text}" if predicate == v.TYPE else f",\n        {text}")
        last_subject, last_predicate = subject, predicate
    yield _paragraph(lines)


def _paragraph(lines: list[str]) -> str:
    return f"{''.join(lines)} .\n" if lines else ""


def _names(namespaces: dict[str, str]) -> Callable[[str], str]:
    """Return the function from an IRI to how it is written: a prefixed name where one is allowed."""
    prefix_of = {namespace: prefix for prefix, namespace in namespaces.items()}
    longest_first = sorted(map(re.escape, prefix_of), key=lambda namespace: (-len(namespace), namespace))
    prefixed = re.compile(f"({'|'.join(longest_first)})({_LOCAL})")

    @lru_cache(maxsize=100_000)
    def name(iri: str) -> str:
        if iri == v.TYPE:
            return "a"
        match = prefixed.fullmatch(iri)
        return f"{prefix_of[match[1]]}:{match[2]}" if match else f"<{iri}>"

    return name


def _literal(value: Literal, name: Callable[[str], str]) -> str:
    text, datatype, _ = value
    return text if datatype in _BARE or (datatype == v.DECIMAL and "." in text) else literal(value, name)
