"""From a graph to the rows of tables: the columns that GraphML, GEXF and the CSV files have in common.

A row is what a node or a link carries, and what is made of it for the eye: a node's `look`, a link's best quote.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kg.evidence import best_evidence
from kg.formats.listing import Attributes, Listing
from kg.layout import looks

Row = dict[str, Any]


class Column(NamedTuple):
    """A column of nodes or edges: its name, its type in GraphML, and how a value is made from the row."""

    name: str
    type: str
    value: Callable[[Attributes], Any]


def _column(name: str, type: str) -> Column:
    return Column(name, type, lambda row: row.get(name))


# Okabe and Ito's palette, which the colour-blind can tell apart: blue, orange, bluish green; grey for what is new.
COLOUR_OF_KIND = {"person": (0, 114, 178), "country": (230, 159, 0), "event": (0, 158, 115)}
OTHER_COLOUR = (153, 153, 153)


def colour(row: Attributes) -> tuple[int, int, int]:
    """Return the red, green and blue of a node, by its kind."""
    return COLOUR_OF_KIND.get(row.get("kind", ""), OTHER_COLOUR)


def _colour_column(channel: str) -> Column:
    i = "rgb".index(channel)
    return Column(channel, "int", lambda row: colour(row)[i])


def _look_column(name: str, type: str) -> Column:
    return Column(name, type, lambda row: getattr(row["look"], name))


def _year_column(name: str, date: str) -> Column:
    return Column(name, "int", lambda row: int(row[date][:4]) if row.get(date) else None)


FACTS_OF_NODES = (
    _column("label", "string"),
    _column("kind", "string"),
    _column("mentions", "int"),
    _column("articles", "int"),
    Column("aliases", "string", lambda row: " | ".join(sorted(row.get("aliases") or ()))),
    Column("country", "string", lambda row: row.get("iso") or row.get("place_country")),
    _column("iso", "string"),
    _column("iso3", "string"),
    _column("numeric", "string"),
    _column("wikidata", "string"),
    _column("type", "string"),
    _column("named", "boolean"),
    _column("place", "string"),
    _column("when", "string"),
    _column("date", "string"),
    _column("modality", "string"),
    _column("plover", "string"),
    _column("first_seen", "string"),
    _column("last_seen", "string"),
    _year_column("first_year", "first_seen"),
    _year_column("last_year", "last_seen"),
    _look_column("community", "int"),
)
LOOKS_OF_NODES = (
    *(_colour_column(channel) for channel in "rgb"),
    _look_column("size", "double"),
    _look_column("x", "double"),
    _look_column("y", "double"),
)
NODE_COLUMNS = FACTS_OF_NODES + LOOKS_OF_NODES
EDGE_COLUMNS = (
    _column("weight", "double"),
    _column("relation", "string"),
    _column("role", "string"),
    _column("sentences", "int"),
    _column("paragraphs", "int"),
    _column("articles", "int"),
    _column("npmi", "double"),
    _column("llr", "double"),
    _column("p", "double"),
    _column("first_seen", "string"),
    _column("last_seen", "string"),
    _year_column("first_year", "first_seen"),
    _year_column("last_year", "last_seen"),
    _column("quote", "string"),
    _column("quote_article", "string"),
)


def node_rows(listing: Listing) -> Iterator[tuple[str, Row]]:
    """Yield each node with its row."""
    look = looks(listing)
    for node, attributes in listing.nodes():
        yield node, {"label": node, **attributes, "look": look[node]}


def edge_rows(listing: Listing) -> Iterator[tuple[str, str, Row]]:
    """Yield the two ends of each link with its row; a link without a weight has the weight 1."""
    for a, b, attributes in listing.links():
        yield a, b, {"weight": 1.0, **attributes, **_quote(attributes)}


def _quote(link: Attributes) -> Row:
    best = best_evidence(link.get("evidence", ()))
    return {"quote": best.text, "quote_article": best.article} if best else {}
