"""The media types of SPARQL's answers: what a client accepts, and rows written as it wants them.

W3C: SPARQL 1.1 Query Results in JSON, XML, CSV and TSV; SPARQL 1.1 Protocol.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

Row = Sequence[Any]  # a term or None for each variable

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_json(names: Sequence[str], rows: Iterable[Row] | bool) -> str:
    """Write rows, or the answer to ASK, as SPARQL results in JSON."""
    if isinstance(rows, bool):
        return json.dumps({"head": {}, "boolean": rows})
    bindings = [{name: _json(term) for name, term in zip(names, row, strict=True) if term is not None} for row in rows]
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": bindings}}, ensure_ascii=False)


def _json(term: Any) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        said = {"type": "literal", "value": term.value}
        if term.language:
            return said | {"xml:lang": term.language}
        return said if term.datatype.value == _STRING else said | {"datatype": term.datatype.value}
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}


def to_xml(names: Sequence[str], rows: Iterable[Row] | bool) -> str:
    """Write rows, or the answer to ASK, as SPARQL results in XML."""
    if isinstance(rows, bool):
        return f"{_XML}<head/>\n<boolean>{str(rows).lower()}</boolean>\n</sparql>\n"
    variables = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    written = "".join(
        "<result>"
        + "".join(
            f"<binding name={quoteattr(name)}>{_xml(term)}</binding>"
            for name, term in zip(names, row, strict=True)
            if term is not None
        )
        + "</result>\n"
        for row in rows
    )
    return f"{_XML}<head>{variables}</head>\n<results>\n{written}</results>\n</sparql>\n"


def _xml(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    if isinstance(term, ox.Literal):
        kind = "" if term.datatype.value == _STRING else f" datatype={quoteattr(term.datatype.value)}"
        kind = f" xml:lang={quoteattr(term.language)}" if term.language else kind
        return f"<literal{kind}>{escape(term.value)}</literal>"
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return "<triple>" + "".join(f"<{name}>{_xml(part)}</{name}>" for name, part in parts.items()) + "</triple>"


def to_csv(names: Sequence[str], rows: Iterable[Row] | bool) -> str:
    """Write rows as SPARQL results in CSV: values without their types. ASK gives one word."""
    if isinstance(rows, bool):
        return f"{str(rows).lower()}\r\n"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_csv(term) for term in row] for row in rows)
    return out.getvalue()


def _csv(term: Any) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else str(term.value)


def to_tsv(names: Sequence[str], rows: Iterable[Row] | bool) -> str:
    """Write rows as SPARQL results in TSV: terms as in Turtle. ASK gives one word."""
    if isinstance(rows, bool):
        return f"{str(rows).lower()}\n"
    lines = ["\t".join(f"?{name}" for name in names)]
    lines += ["\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) for row in rows]
    return "\n".join(lines) + "\n"


# By media type, the one for whoever accepts anything first.
ROWS: dict[str, Callable[[Sequence[str], Iterable[Row] | bool], str]] = {
    "application/sparql-results+json": to_json,
    "application/sparql-results+xml": to_xml,
    "text/csv": to_csv,
    "text/tab-separated-values": to_tsv,
    "application/json": to_json,
    "application/xml": to_xml,
    "text/xml": to_xml,
}
TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}


def chosen(accept: str | None, offered: Iterable[str]) -> str | None:
    """Return the media type that an Accept header likes best of those offered, the first of equals; None if none.

    >>> chosen("text/csv;q=0.5, application/*;q=0.9", ["text/csv", "application/xml"])
    'application/xml'
    >>> chosen(None, ["text/csv", "application/xml"])
    'text/csv'
    """
    ranges = [_range(part) for part in (accept or "*/*").split(",") if part.strip()]
    best, found = 0.0, None
    for type in offered:
        fits = [(specific, q) for wanted, specific, q in ranges if _fits(type, wanted)]
        quality = max(fits)[1] if fits else 0
        if quality > best:
            best, found = quality, type
    return found


def _range(part: str) -> tuple[str, int, float]:
    """Return a media range, how specific it is, and its quality."""
    wanted, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((value[2:] for value in parameters if value.startswith("q=")), "1")
    try:
        number = min(max(float(quality), 0), 1)
    except ValueError:
        number = 0.0
    return wanted, 2 - wanted.count("*"), number


def _fits(type: str, wanted: str) -> bool:
    return wanted in ("*/*", type) or (wanted.endswith("/*") and type.startswith(wanted[:-1]))
