"""What happened: events and who took part in them."""

from typing import NamedTuple

import networkx as nx

from kg.errors import BadQuestion
from kg.evidence import Evidence, best_evidence
from kg.model import EVENT_TYPES
from kg.queries.answers import Answer
from kg.queries.links import label_and_kind, two
from kg.queries.names import find


class Event(NamedTuple):
    """An event, and the parts that the two who were asked for play in it: source, target or participant."""

    id: str
    label: str
    type: str | None
    date: str | None
    when: str | None
    modality: str | None
    role_a: str | None
    role_b: str | None
    evidence: Evidence | None


def events(
    graph: nx.Graph, a: str, b: str | None = None, *, type: str | None = None, limit: int | None = None
) -> Answer[Event]:
    """List the events in which `a` takes part, or both do, of one type or of any; the latest first, then the undated.

    The quote is the best for the part that `a` plays. Raises `BadQuestion` for a type that there is none of.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> {event.type for event in events(graph, "Russia", "Ukraine", type="conflict")} <= {"conflict"}
    True
    """
    if type is not None and type not in EVENT_TYPES:
        raise BadQuestion(f"no type of event is {type!r}; there are {', '.join(EVENT_TYPES)}")
    ends = two(graph, a, b) if b is not None else (find(graph, a),)
    found = []
    for node in sorted(graph[ends[0]]):
        about = graph.nodes[node]
        links = [graph.get_edge_data(end, node, {}) for end in ends]
        taken = about.get("kind") == "event" and all(link.get("relation") == "participant" for link in links)
        if taken and type in (None, about.get("type")):
            found.append(
                Event(
                    node,
                    label_and_kind(graph, node)[0],
                    about.get("type"),
                    about.get("date"),
                    about.get("when"),
                    about.get("modality"),
                    links[0].get("role"),
                    links[1].get("role") if b is not None else None,
                    best_evidence(links[0].get("evidence") or ()),
                )
            )
    return Answer(Event, sorted(found, key=lambda event: event.date or "", reverse=True)[:limit])
