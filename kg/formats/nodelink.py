"""From a graph to node-link JSON and back: all that the graph holds, for the web, for networkx, and for `kg export`.

`networkx.node_link_graph(json.load(file), edges="links")` reads it, and so does d3. Nodes carry their looks besides.
Lone surrogates, which JSON lets through and its readers do not, are replaced; all else comes back as it was.
"""

import gzip
import json
import re
from pathlib import Path
from typing import Any, BinaryIO

import networkx as nx

from kg.errors import UnreadableGraph
from kg.evidence import Evidence
from kg.formats.columns import colour, edge_rows, node_rows
from kg.formats.listing import Attributes, Listing, candidates
from kg.formats.settings import Settings
from kg.vocabulary import link_id

_LOOKS = ("color", "community", "size", "x", "y")
_GZIPPED = b"\x1f\x8b"
_SURROGATE = re.compile("[\ud800-\udfff]")


def write_nodelink(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out`: a node or a link a line."""
    facts = {name: value for name, value in listing.facts.items() if name != "articles"}
    facts["articles"] = {id: dict(listing.facts["articles"][id]) for id in sorted(listing.facts.get("articles", {}))}
    head = {"directed": False, "multigraph": False, "graph": facts}
    out.write(f"{_json(head)[:-1]},\n".encode())
    _write_list(out, "nodes", (_node(node, row) for node, row in node_rows(listing)), ",\n")
    _write_list(out, "links", (_link(a, b, row) for a, b, row in edge_rows(listing)), "}\n")


def _write_list(out: BinaryIO, name: str, rows: Any, end: str) -> None:
    out.write(f'"{name}": ['.encode())
    separator = "\n"
    for row in rows:
        out.write(f"{separator}{_json(row)}".encode())
        separator = ",\n"
    out.write(f"\n]{end}".encode())


def _json(value: Any) -> str:
    return _SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, default=str))


def _node(node: str, row: dict[str, Any]) -> dict[str, Any]:
    look = row.pop("look")
    red, green, blue = colour(row)
    looks = {"color": f"#{red:02x}{green:02x}{blue:02x}", "community": look.community, "size": look.size}
    known = {"candidates": candidates(row)} if row.get("candidates") else {}
    return {"id": node, **row, **known, **looks, "x": look.x, "y": look.y}


def _link(a: str, b: str, row: dict[str, Any]) -> dict[str, Any]:
    evidence = [
        {"article": e.article, "start": e.start, "end": e.end, "text": e.text, "mentions": e.mentions}
        for e in row.get("evidence", ())
    ]
    kept = {name: value for name, value in row.items() if name not in ("quote", "quote_article")}
    return {"id": link_id(a, b), "source": a, "target": b, **kept, "evidence": evidence}


def read(path: str | Path) -> nx.Graph:
    """Return the graph that a file in this format holds, compressed or not. Raises `UnreadableGraph`."""
    try:
        data = Path(path).read_bytes()
        written = json.loads(gzip.decompress(data) if data.startswith(_GZIPPED) else data)
        graph = nx.Graph(**written["graph"])
        graph.add_nodes_from((node["id"], _without(node, ("id", *_LOOKS))) for node in written["nodes"])
        for link in written["links"]:
            graph.add_edge(link["source"], link["target"], **_without(link, ("id", "source", "target", "evidence")))
            graph[link["source"]][link["target"]]["evidence"] = [_evidence(**e) for e in link["evidence"]]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise UnreadableGraph(f"{path}: no graph can be read ({error}); give a kg.json that kg has written") from error
    return graph


def _evidence(article: str, start: int, end: int, text: str, mentions: list[list[Any]]) -> Evidence:
    return Evidence(article, start, end, text, tuple((node, s, e, words) for node, s, e, words in mentions))


def _without(row: Attributes, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
