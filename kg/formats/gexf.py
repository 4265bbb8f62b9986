"""From a graph to GEXF 1.3 that plays on Gephi's timeline at first opening, written as it is made.

Where anything is dated, the graph is dynamic: a node or link is there from the day it was first seen to the day it was
last seen, both included, and a link's weight is given slice by slice: it is shared out by how much of the link's
evidence each holds. Slices are days, months or years, whichever is the shortest of which there are at most a hundred.
What is undated is there always; a node is there as long as any of its links.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, BinaryIO, NamedTuple

from kg.formats.columns import EDGE_COLUMNS, FACTS_OF_NODES, Column, Row, colour, edge_rows, node_rows
from kg.formats.graphml import TEXT_OF_TYPE
from kg.formats.listing import Listing
from kg.formats.settings import Settings
from kg.formats.text import clean_ids, xml_value
from kg.vocabulary import link_id

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
"""

# Some columns are properties in GEXF: they stand in attributes and elements of their own.
NODE_COLUMNS = tuple(column for column in FACTS_OF_NODES if column.name != "label")
EDGE_FACTS = tuple(column for column in EDGE_COLUMNS if column.name != "weight")
TYPES = {"int": "integer"}
MOST_SLICES = 100


class Span(NamedTuple):
    """From the first day to the last, both included, as ISO dates."""

    start: str
    end: str


def write_gexf(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out`."""
    for element in _elements(listing):
        out.write(element.encode())


def _elements(listing: Listing) -> Iterator[str]:
    names, (spans, whole) = clean_ids(listing), _spans(listing)
    of_node, of_edge = _writer(NODE_COLUMNS), _writer(EDGE_FACTS)
    published = {id: article.get("published") for id, article in listing.facts.get("articles", {}).items()}
    slice_of = _slicing(whole)
    yield _HEAD
    mode = 'mode="dynamic" timeformat="date" timerepresentation="interval"' if whole else 'mode="static"'
    yield f'  <graph defaultedgetype="undirected" {mode}>\n'
    yield from _declared("node", "static", NODE_COLUMNS)
    if whole:  # before the static columns: graphology, which Gephi Lite reads with, knows the last block alone
        yield '    <attributes class="edge" mode="dynamic">\n'
        yield '      <attribute id="weight" title="Weight" type="double"/>\n    </attributes>\n'
    yield from _declared("edge", "static", EDGE_FACTS)
    yield "    <nodes>\n"
    for node, row in node_rows(listing):
        name = xml_value(names.get(node, node))
        yield f"      <node id={name} label={xml_value(row['label'])}{_times(spans.get(node))}>\n"
        yield of_node(row) + _viz(row) + "      </node>\n"
    yield "    </nodes>\n    <edges>\n"
    for a, b, row in edge_rows(listing):
        ends = f"source={xml_value(names.get(a, a))} target={xml_value(names.get(b, b))}"
        span = _span(row)
        weight = TEXT_OF_TYPE["double"](row["weight"]) or "1.0"
        days = [_day(published.get(e.article), span) for e in row.get("evidence", ()) if span]
        slices = _slices(Counter(slice_of(day) for day in days if day), row["weight"], span) if span else ""
        yield f'      <edge id="{link_id(a, b)}" {ends} weight="{weight}"{_times(span)}>\n'
        yield of_edge(row, slices) + "      </edge>\n"
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _declared(element: str, mode: str, columns: Iterable[Column]) -> Iterator[str]:
    yield f'    <attributes class="{element}" mode="{mode}">\n'
    for name, type, _ in columns:
        yield f'      <attribute id="{name}" title="{name}" type="{TYPES.get(type, type)}"/>\n'
    yield "    </attributes>\n"


def _writer(columns: Iterable[Column]) -> Callable[..., str]:
    """Return the function from a row to its values, a line each, with more lines after them."""
    ways = [(f'          <attvalue for="{name}" value=', value, VALUE_OF_TYPE[type]) for name, type, value in columns]

    def values(row: Row, more: str = "") -> str:
        lines = ["        <attvalues>\n"]
        for key, value_of, text_of in ways:
            value = value_of(row)
            if value is not None and (text := text_of(value)):
                lines.append(f"{key}{text}/>\n")
        return "".join([*lines, more, "        </attvalues>\n"])

    return values


def _between_quotes(text_of: Callable[[Any], str]) -> Callable[[Any], str]:
    def value_of(value: Any) -> str:
        text = text_of(value)
        return f'"{text}"' if text else ""

    return value_of


# From a value to what stands for it between quotes, by the type of the column; "" is left out.
VALUE_OF_TYPE = {type: _between_quotes(text_of) for type, text_of in TEXT_OF_TYPE.items()} | {
    "string": lambda value: xml_value(value) if value else ""
}


def _viz(row: Row) -> str:
    red, green, blue = colour(row)
    look = row["look"]
    return (
        f'        <viz:color r="{red}" g="{green}" b="{blue}"/>\n'
        f'        <viz:position x="{look.x}" y="{look.y}" z="0.0"/>\n'
        f'        <viz:size value="{look.size}"/>\n'
    )


def _times(span: Span | None) -> str:
    return f' start="{span.start}" end="{span.end}"' if span else ""


def _span(attributes: Mapping[str, Any]) -> Span | None:
    start, end = attributes.get("first_seen"), attributes.get("last_seen")
    return Span(start, end) if start and end else None


def _spans(listing: Listing) -> tuple[dict[str, Span], Span | None]:
    """Return when each node is there, and the time that all of it takes, if any of it has a time.

    A node with an undated link is there always, and so has no span.
    """
    spans = {node: span for node, attributes in listing.nodes() if (span := _span(attributes))}
    whole = None
    for a, b, attributes in listing.outlines():
        span = _span(attributes)
        whole = _both(whole, span)
        for node in (a, b):
            if node in spans and span is None:
                del spans[node]
            elif node in spans:
                spans[node] = _both(spans[node], span) or spans[node]
    for span in spans.values():
        whole = _both(whole, span)
    return spans, whole


def _both(one: Span | None, other: Span | None) -> Span | None:
    """Return the shortest span that holds both."""
    if one and other:
        return Span(min(one.start, other.start), max(one.end, other.end))
    return one or other


def _day(published: str | None, span: Span) -> date | None:
    """Return the day of an article, or the nearest one to it in a link's span: an event is told of on other days."""
    with suppress(ValueError):
        day = date.fromisoformat((published or "")[:10])
        return min(max(day, date.fromisoformat(span.start)), date.fromisoformat(span.end))
    return None


def _slicing(whole: Span | None) -> Callable[[date], Span]:
    """Return the function from a day to the slice that it is in."""
    if not whole:
        return _of_day
    days = (date.fromisoformat(whole.end) - date.fromisoformat(whole.start)).days
    if days < MOST_SLICES:
        return _of_day
    return _of_month if days < 30 * MOST_SLICES else _of_year


def _of_day(day: date) -> Span:
    return Span(day.isoformat(), day.isoformat())


def _of_month(day: date) -> Span:
    end = monthrange(day.year, day.month)[1]
    return Span(day.replace(day=1).isoformat(), day.replace(day=end).isoformat())


def _of_year(day: date) -> Span:
    return Span(f"{day.year:04}-01-01", f"{day.year:04}-12-31")


def _slices(shares: Counter[Span], weight: float, span: Span) -> str:
    """Return the weight of a link slice by slice, each cut to the time that the link is there."""
    evidence = shares.total()
    return "".join(
        f'          <attvalue for="weight" value="{round(weight * share / evidence, 6)}"'
        f"{_times(Span(max(start, span.start), min(end, span.end)))}/>\n"
        for (start, end), share in sorted(shares.items())
    )
