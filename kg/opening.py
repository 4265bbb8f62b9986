"""From what a user has at hand to a graph: a graph that `kg build` wrote, or the articles themselves."""

import os
from collections.abc import Callable, Sequence
from gzip import open as unzipped
from pathlib import Path

import networkx as nx

from kg.errors import UnreadableGraph
from kg.model import Notice

# The endings of graphs, and of those in RDF, what is read first coming first; and the folders that are searched if
# none is named.
RDF = (".ttl", ".trig", ".nq", ".nt", ".jsonld", ".ttl.gz", ".trig.gz", ".nq.gz", ".nt.gz", ".jsonld.gz")
FILES = (".json", ".json.gz", *RDF)
FOLDERS = (".", "graph", "exports")
VARIABLE = "KG_GRAPH"


def graph_file(place: str | Path | None = None, endings: Sequence[str] = FILES) -> Path | None:
    """Return the file of a graph at `place`, a file or a folder; None if there are articles instead.

    Without a place it is that in the environment variable KG_GRAPH, or else this folder, `graph/` or `exports/`. Of
    several files in a folder the one whose ending comes first in `endings` counts. Raises `UnreadableGraph`.
    """
    place = place or os.environ.get(VARIABLE) or None
    for folder in [Path(place)] if place else map(Path, FOLDERS):
        for file in (folder, *(folder / f"kg{ending}" for ending in (*endings, *FILES))):
            if file.is_file() and _is_graph(file):
                return file
    if place is None:
        searched = ", ".join(f"{folder}/" for folder in FOLDERS)
        raise UnreadableGraph(
            f"there is no kg.json or kg.ttl in {searched}; run `kg build ARTICLES -o graph/`, or name one by --graph"
        )
    if not Path(place).exists():
        raise UnreadableGraph(f"{place}: there is no such file or folder; give a graph that kg wrote, or articles")
    if Path(place).suffix in (".graphml", ".gexf"):
        raise UnreadableGraph(f"{place}: is for other programs and holds too little; give kg.json or kg.ttl")
    if Path(place).is_file() and _begins(Path(place), 12)[8:] == b"DUCK":
        raise UnreadableGraph(f"{place}: is a store; run `kg export --store {place} -o graph/` and ask graph/")
    return None


def open_graph(place: str | Path | None = None, *, on_notice: Callable[[Notice], None] | None = None) -> nx.Graph:
    """Return the graph at `place`: a file or folder that `kg build` wrote, or the graph of the articles there.

    Without a place it is that in the environment variable KG_GRAPH, or else this folder, `graph/` or `exports/`. In a
    folder kg.json is read before kg.ttl, for it holds everything. `on_notice` gets what is said of articles, see
    `kg.build`. Raises `UnreadableGraph`, `NoArticles`.

    >>> open_graph("exports/").nodes["country/UA"]["label"]
    'Ukraine'
    """
    file = graph_file(place)
    if file is None:
        from kg.corpus import build

        inputs = place or os.environ[VARIABLE]
        return build(inputs, on_notice=on_notice) if on_notice else build(inputs)
    if file.name.endswith(FILES[:2]):
        from kg.formats.nodelink import read

        return read(file)
    from kg.formats.reading import read_rdf

    return read_rdf(file)


def _is_graph(file: Path) -> bool:
    """Say whether a file holds a graph: articles may be JSON as well, but begin otherwise."""
    if file.name.endswith(RDF):
        return True
    if not file.name.endswith(FILES):
        return False
    return _begins(file, 64).lstrip().startswith(b'{"directed"')


def _begins(file: Path, length: int) -> bytes:
    """Return the first bytes of a file, compressed or not."""
    try:
        with unzipped(file) if file.suffix == ".gz" else file.open("rb") as start:
            return start.read(length)
    except (OSError, EOFError) as error:
        raise UnreadableGraph(f"{file}: cannot be read ({error})") from error
