"""From a graph to Turtle and TriG: one paragraph a subject, readable as it stands, written as it is made.

TriG puts what an article says into a graph that has the article's IRI as its name.

Written here rather than by rdflib, which takes many times as long and holds all triples in memory, or by pyoxigraph,
for which each triple would have to be made into an object of its own, and which leaves no line between subjects.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import BinaryIO

from kg import vocabulary as v
from kg.formats.listing import Listing
from kg.formats.ntriples import literal, quoted
from kg.formats.rdf import Description, descriptions, sections
from kg.formats.settings import Settings
from kg.formats.terms import Literal, Terms

# Their values stand for themselves, without quotes; so do decimals that have a point.
_BARE = {v.BOOLEAN, v.INTEGER}

_FIRST, _REST = (rf"(?:[{v.LETTERS}{marks}]|%[0-9A-F][0-9A-F])" for marks in ("", v.MARKS))
_LOCAL = rf"{_FIRST}(?:{_REST}|\.+{_REST})*"

# How many forms of a paragraph are remembered: most subjects have the same predicates as many others.
FORMS = 1000


def write_turtle(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out`; the IRIs of its nodes, links, articles and quotes begin with the base."""
    terms = _head(out, settings.base)
    _write(out, descriptions(listing, terms, settings.profile), terms.address)


def write_trig(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as TriG, with a named graph for each article."""
    terms = _head(out, settings.base)
    for graph, section in sections(listing, terms, settings.profile):
        out.write(f"\n{graph} {{\n".encode() if graph else b"")
        _write(out, section, terms.address)
        out.write(b"}\n" if graph else b"")


def _head(out: BinaryIO, base: str) -> Terms[str]:
    """Write the prefixes, and return how terms are written with them."""
    namespaces = v.prefixes(v.check_base(base))
    out.write("".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in namespaces.items()).encode())
    name = _names(namespaces)
    return Terms(base, name, lambda value: _literal(value, name), quoted, str)


def _write(out: BinaryIO, described: Iterable[Description[str]], name: Callable[[str], str]) -> None:
    """Write a paragraph for each subject: a line a predicate, and a line each for further objects."""
    form = lru_cache(FORMS)(lambda predicates: _form(predicates, name))
    for subject, properties in described:
        if properties:
            predicates, values = zip(*properties, strict=True)
            out.write((form(predicates) % (subject, *values)).encode())


def _form(predicates: Iterable[str], name: Callable[[str], str]) -> str:
    """Return a paragraph with these predicates, and "%s" for its subject and each of its objects."""
    lines, separator, last = ["\n%s"], " ", None
    for predicate in predicates:
        if predicate == last:
            lines.append(", %s" if predicate == v.TYPE else ",\n        %s")
        else:
            written = "a" if predicate == v.TYPE else name(predicate)
            lines.append(f"{separator}{written} %s")
            separator = " ;\n    "
        last = predicate
    return f"{''.join(lines)} .\n"


def _names(namespaces: dict[str, str]) -> Callable[[str], str]:
    """Return the function from an IRI to how it is written: a prefixed name where one is allowed."""
    prefix_of = {namespace: prefix for prefix, namespace in namespaces.items()}
    longest_first = sorted(map(re.escape, prefix_of), key=lambda namespace: (-len(namespace), namespace))
    prefixed = re.compile(f"({'|'.join(longest_first)})({_LOCAL})")

    def name(iri: str) -> str:
        match = prefixed.fullmatch(iri)
        return f"{prefix_of[match[1]]}:{match[2]}" if match else f"<{iri}>"

    return name


def _literal(value: Literal, name: Callable[[str], str]) -> str:
    text, datatype, _ = value
    return text if datatype in _BARE or (datatype == v.DECIMAL and "." in text) else literal(value, name)
