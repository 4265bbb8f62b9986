"""From a graph to Turtle: one paragraph a subject, readable as it stands, written as it is made.

Written here rather than by rdflib, which takes a hundred times as long and holds all triples in memory, or pyoxigraph,
which every user would have to install (20 MB) and which leaves no line between subjects.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import BinaryIO

import networkx as nx

from kg import vocabulary as v
from kg.formats.rdf import Literal, Triple, triples

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\n\r\t]')

# Their values stand for themselves, without quotes; so do decimals that have a point.
_BARE = {v.BOOLEAN, v.INTEGER}

_FIRST, _REST = (rf"(?:[{v.LETTERS}{marks}]|%[0-9A-F][0-9A-F])" for marks in ("", v.MARKS))
_LOCAL = rf"{_FIRST}(?:{_REST}|\.+{_REST})*"


def write_turtle(graph: nx.Graph, out: BinaryIO, base: str = v.BASE) -> None:
    """Write `graph` to `out`; the IRIs of its nodes, links, articles and quotes begin with `base`."""
    namespaces = v.prefixes(v.check_base(base))
    out.write("".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in namespaces.items()).encode())
    for paragraph in _paragraphs(triples(graph, base), _names(namespaces)):
        out.write(paragraph.encode())


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


def _literal(literal: Literal, name: Callable[[str], str]) -> str:
    text, datatype, language = literal
    if datatype in _BARE or (datatype == v.DECIMAL and "." in text):
        return text
    if _ESCAPED.search(text):
        text = _ESCAPED.sub(lambda character: _ESCAPES[character[0]], text)
    if language:
        return f'"{text}"@{language}'
    return f'"{text}"' if datatype == v.STRING else f'"{text}"^^{name(datatype)}'
