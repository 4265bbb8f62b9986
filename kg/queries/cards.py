"""One page about a node: what it is called, how often it occurs, and whom and what it is linked to most."""

from dataclasses import dataclass
from html import escape

import networkx as nx

from kg.queries.answers import Answer
from kg.queries.links import Neighbour, label_and_kind, neighbours
from kg.queries.names import find

HEADINGS = {"person": "people", "country": "countries", "event": "events"}

# What is known of a node, as a card names it.
_FACTS = {
    "iso": "ISO code",
    "wikidata": "Wikidata",
    "type": "type of event",
    "place": "place",
    "when": "when, as written",
    "date": "date",
    "modality": "modality",
    "plover": "PLOVER class",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What there is to say about a node; `linked` holds its strongest links by kind, each with a quote."""

    id: str
    label: str
    kind: str
    aliases: tuple[str, ...]
    mentions: int
    articles: int
    first_seen: str | None
    last_seen: str | None
    facts: dict[str, str]
    linked: dict[str, Answer[Neighbour]]

    def counts(self) -> str:
        """Return in words how often the node occurs, and when."""
        times = "once" if self.mentions == 1 else f"{self.mentions} times"
        text = f"{self.kind}, named {times} in {self.articles} article{'s' if self.articles != 1 else ''}"
        if not self.first_seen:
            return text
        return f"{text}, from {self.first_seen} to {self.last_seen}"

    def _repr_html_(self) -> str:
        facts = {"also": " · ".join(self.aliases), **self.facts}
        items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts.items() if text)
        tables = "".join(f"<h4>{kind}</h4>{links._repr_html_()}" for kind, links in self.linked.items() if links)
        return f"<h3>{escape(self.label)}</h3><p>{escape(self.counts())}</p><dl>{items}</dl>{tables}"


def card(graph: nx.Graph, name: str, *, limit: int = 5) -> Card:
    """Return the card of a node, with `limit` links of each kind. Raises `UnknownEntity`.

    >>> import kg
    >>> card(kg.open_graph("exports/"), "ukraine").facts
    {'ISO code': 'UA', 'Wikidata': 'Q212'}
    """
    node = find(graph, name)
    about = graph.nodes[node]
    label, kind = label_and_kind(graph, node)
    return Card(
        node,
        label,
        kind,
        tuple(about.get("aliases") or ()),
        about.get("mentions", 0),
        about.get("articles", 0),
        about.get("first_seen"),
        about.get("last_seen"),
        {heading: str(about[name]) for name, heading in _FACTS.items() if about.get(name)},
        {heading: neighbours(graph, node, kinds=[kind], limit=limit) for kind, heading in HEADINGS.items()},
    )
