"""From a graph to what the page draws: nodes with their places, links, and the quotes that prove them, as plain JSON.

Nodes, links and articles are told by their number in a list. A quote is its text cut at the two names, so that the page
marks them without counting characters: the pieces at odd places are names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import networkx as nx

from kg.evidence import Evidence, nearest_first
from kg.formats.listing import Attributes, Listing
from kg.layout import looks

# A page draws so many nodes smoothly; of a graph of more, it shows those with the heaviest links.
WHOLE = 5_000

NODE_FACTS = ("aliases", "iso3", "wikidata", "type", "named", "place", "when", "date", "modality", "plover")
LINK_FACTS = ("role", "sentences", "articles", "npmi", "first_seen", "last_seen")


def drawing(listing: Listing, *, quotes: bool = True) -> dict[str, Any]:
    """Return what the page draws of a whole graph, in the order of ids; `quotes` may be left to be asked for."""
    look = looks(listing)
    nodes = [{**node_row(id, node), **_place(look[id])} for id, node in listing.nodes()]
    number = {node["id"]: i for i, node in enumerate(nodes)}
    shown = listing.facts.get("articles", {})
    articles = [article_row(id, shown[id]) for id in sorted(shown)]
    place = {article["id"]: i for i, article in enumerate(articles)}
    links = []
    for a, b, link in listing.links():
        if a != b:
            row = link_row(number[a], number[b], link, place)
            links.append(row | {"quotes": quote_rows(link.get("evidence", ()), place)} if quotes else row)
    return {"articles": articles, "nodes": nodes, "links": links}


def core(listing: Listing, size: int) -> nx.Graph:
    """Return the graph of the `size` nodes whose links weigh most together, of equals the first by id.

    >>> from kg.formats.listing import listed
    >>> links = [("a", "b", {"weight": 1}), ("b", "c", {"weight": 2}), ("c", "d", {"weight": 4})]
    >>> sorted(core(listed(nx.Graph(links)), 2))
    ['c', 'd']
    """
    strength: dict[str, float] = defaultdict(float)
    for a, b, link in listing.outlines():
        for end in {a, b}:
            strength[end] += link.get("weight", 1)
    nodes = dict(listing.nodes())
    shown = set(sorted(nodes, key=lambda node: (-strength[node], node))[:size])
    part = nx.Graph(**listing.facts)
    part.add_nodes_from((node, nodes[node]) for node in shown)
    part.add_edges_from((a, b, link) for a, b, link in listing.links() if a in shown and b in shown)
    return part


def _place(look: Any) -> dict[str, Any]:
    return {"x": look.x, "y": look.y, "community": look.community}


def node_row(id: str, node: Attributes) -> dict[str, Any]:
    """Return what the page says of a node: what is not known is left out."""
    counts = {"mentions": node.get("mentions", 0), "articles": node.get("articles", 0)}
    kind = {"id": id, "kind": node.get("kind", "other"), "label": node.get("label", id)}
    return kind | counts | _known(node, (*NODE_FACTS, "first_seen", "last_seen"))


def link_row(a: int | str, b: int | str, link: Attributes, place: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page says of a link, and the articles that show it."""
    ends = {"a": a, "b": b, "weight": link.get("weight", 1)}
    return ends | _known(link, LINK_FACTS) | {"in": sorted({place[e.article] for e in link.get("evidence", ())})}


def article_row(id: str, article: Attributes) -> dict[str, Any]:
    """Return what the page says of an article."""
    return {"id": id, **_known(article, ("title", "published", "url", "source", "found"))}


def _known(row: Attributes, names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if row.get(name) not in (None, [], ())}


def quote_rows(evidence: Iterable[Evidence], place: Mapping[str, int]) -> list[list[Any]]:
    """Return the quotes of a link, those first whose names are nearest: the article's number, then the pieces.

    >>> names = (("person/bo", 40, 42, "Bo"), ("country/PE", 50, 54, "Peru"))
    >>> quote_rows([Evidence("x", 40, 55, "Bo visits Peru.", names)], {"x": 4})
    [[4, '', 'Bo', ' visits ', 'Peru', '.']]
    """
    return [[place[e.article], *_pieces(e)] for e in nearest_first(evidence)]


def _pieces(evidence: Evidence) -> list[str]:
    """Return the text cut where the names in it begin and end; names that overlap are marked as one."""
    size = len(evidence.text)
    cuts = [0]
    for _, start, end, _ in sorted(evidence.mentions, key=lambda mention: mention[1:3]):
        first, last = (min(max(at - evidence.start, 0), size) for at in (start, end))
        if len(cuts) > 1 and first < cuts[-1]:
            cuts[-1] = max(cuts[-1], last)
        else:
            cuts += [first, last]
    return [evidence.text[a:b] for a, b in pairwise([*cuts, size])]
