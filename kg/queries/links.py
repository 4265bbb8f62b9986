"""Questions the graph can answer. Nothing here changes the graph."""

from typing import NamedTuple

import networkx as nx

from kg.errors import UnknownEntity
from kg.graph import Evidence, best_evidence


class Neighbour(NamedTuple):
    """An entity linked to another: its node id and label, the weight of the link, and the best of its evidence."""

    id: str
    label: str
    weight: float
    evidence: Evidence | None


def neighbours(graph: nx.Graph, entity: str) -> list[Neighbour]:
    """List the entities linked to `entity`, a node id, strongest link first, ties by id.

    Raises `UnknownEntity` if there is no such node.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> neighbours(graph, "country/NL")[0].label
    'China'
    """
    if entity not in graph:
        raise UnknownEntity(f"no entity {entity!r} in the graph; ids look like 'country/UA' or 'person/wang-yi'")
    found = [
        Neighbour(other, graph.nodes[other]["label"], link["weight"], best_evidence(link["evidence"]))
        for other, link in graph[entity].items()
    ]
    return sorted(found, key=lambda neighbour: (-neighbour.weight, neighbour.id))
