"""From what a user has at hand to a graph: a graph that `kg build` wrote, or the articles themselves."""

import os
from pathlib import Path

import networkx as nx

from kg.errors import UnreadableGraph

# What a folder is searched for, the file that holds most first; and the folders that are searched if none is named.
FILES = ("kg.json", "kg.ttl", "kg.trig", "kg.nq", "kg.nt", "kg.jsonld", "kg.ttl.gz", "kg.nt.gz", "kg.nq.gz", "kg.trig.gz")
FOLDERS = (".", "graph", "exports")
VARIABLE = "KG_GRAPH"


def graph_file(place: str | Path | None = None) -> Path | None:
    """Return the file of a graph at `place`, a file or a folder; None if there are articles instead.

    Without a place it is that in the environment variable KG_GRAPH, or else this folder, `graph/` or `exports/`.
    Raises `UnreadableGraph` if there is nothing.
    """
    place = place or os.environ.get(VARIABLE) or None
    for folder in [Path(place)] if place else map(Path, FOLDERS):
        for file in (folder, *(folder / name for name in FILES)):
            if file.is_file() and (file.name in FILES or _is_graph(file)):
                return file
    if place is None:
        searched = ", ".join(f"{folder}/" for folder in FOLDERS)
        raise UnreadableGraph(
            f"there is no kg.json or kg.ttl in {searched}; run `kg build ARTICLES -o graph/`, or name a graph by --graph"
        )
    if not Path(place).exists():
        raise UnreadableGraph(f"{place}: there is no such file or folder; give a graph that kg has written, or articles")
    return None


def open_graph(place: str | Path | None = None) -> nx.Graph:
    """Return the graph at `place`: a file or folder that `kg build` wrote, or the graph of the articles there.

    Without a place it is that in the environment variable KG_GRAPH, or else this folder, `graph/` or `exports/`. In a
    folder kg.json is read before kg.ttl, for it holds everything. Raises `UnreadableGraph`, `NoArticles`.

    >>> open_graph("exports/").nodes["country/UA"]["label"]
    'Ukraine'
    """
    file = graph_file(place)
    if file is None:
        from kg.corpus import build

        return build(place or os.environ[VARIABLE])
    if file.suffix == ".json":
        from kg.formats.nodelink import read

        return read(file)
    from kg.formats.reading import read_rdf

    return read_rdf(file)


def _is_graph(file: Path) -> bool:
    """Say whether a file of another name holds a graph: articles may be JSON as well, but begin otherwise."""
    suffix = file.with_suffix("").suffix if file.suffix == ".gz" else file.suffix
    if suffix != ".json":
        return suffix in (".ttl", ".trig", ".nq", ".nt", ".jsonld")
    with file.open("rb") as start:
        return start.read(64).lstrip().startswith(b'{"directed"')
