"""News articles in, knowledge graph out: people, countries and events, every link with the sentences that prove it.

>>> import kg
>>> graph = kg.build("seeds/")
>>> graph.nodes["country/UA"]["label"]
'Ukraine'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.articles import read_articles as read_articles
    from kg.corpus import build as build
    from kg.filters import select as select
    from kg.formats import write as write
    from kg.formats.nodelink import read as read
    from kg.formats.rdf import to_rdflib as to_rdflib
    from kg.opening import open_graph as open_graph
    from kg.queries import find as find
    from kg.queries import neighbours as neighbours
    from kg.records import extract as extract

__version__ = "0.1.0"

# Loaded at first use, so that `import kg` and `kg --help` need neither spaCy nor networkx.
_HOME = {
    "build": "kg.corpus",
    "extract": "kg.records",
    "find": "kg.queries",
    "neighbours": "kg.queries",
    "open_graph": "kg.opening",
    "read": "kg.formats.nodelink",
    "read_articles": "kg.articles",
    "select": "kg.filters",
    "to_rdflib": "kg.formats.rdf",
    "write": "kg.formats",
}
__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
