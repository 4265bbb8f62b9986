"""The graph behind the golden files: small, and full of characters that trip writers up.

Run this file to write the golden files anew; then read the difference.
"""

from pathlib import Path

import networkx as nx

from kg.graph import Evidence

TALKS = 'Anna "Bo" O’Neil <jr> & Ukraine\tmet at the\r\nMünchen \\ peace talks\x07 on Friday.'
ODD_ID = 'wire/100% "new" <a>\n'


def small_graph() -> nx.Graph:
    graph = nx.Graph(version="0.1.0", window="paragraph", sentences=4)
    graph.graph["articles"] = {
        "plain-1": {
            "title": "Talks & <tea>",
            "published": "2022-01-29",
            "url": "https://news.example.org/a b?q=1&r=%C3%A9",
            "source": "Daily Example",
            "found": ["news/first.txt:1", "news/second.txt:12"],
            "mentions": ["country/UA", "event/peace-talks", "person/anna-o’neil"],
        },
        ODD_ID: {
            "title": None,
            "published": "last week",
            "url": "see page 4",
            "source": None,
            "found": [],
            "mentions": ["country/UA", "event/visit-1.", "person/владимир"],
        },
        "timed.2": {
            "title": "Later",
            "published": "2022-02-01T10:00Z",
            "url": None,
            "source": None,
            "found": ["-:1"],
            "copy_of": ODD_ID,
        },
    }
    graph.graph["run"] = {
        "model": "best",
        "model_digest": "0" * 64,
        "settings": {"window": "paragraph", "events": "all"},
        "inputs": {"news/first.txt": "1" * 64, "-": None},
    }
    seen = {"first_seen": "2022-01-29", "last_seen": "2022-02-01"}
    undated = {"first_seen": None, "last_seen": None}
    graph.add_node(
        "person/anna-o’neil",
        kind="person",
        label='Anna "Bo" O’Neil <jr>',
        aliases=["Bo", "O’Neil"],
        mentions=3,
        articles=2,
        candidates=[{"id": "Q11", "score": 0.75}, {"id": "Q9", "score": 1 / 3}, {"id": "nobody", "score": 0.1}],
        replaces=["person/anna"],
    )
    graph.add_node(
        "person/владимир", kind="person", label="Владимир 👍🏽\x00", aliases=[], mentions=1, articles=1, **undated
    )
    graph.add_node(
        "country/UA",
        kind="country",
        label="Ukraine",
        aliases=["Ukrayina"],
        mentions=12,
        articles=2,
        iso="UA",
        iso3="UKR",
        numeric="804",
        wikidata="Q212",
        **seen,
    )
    talks = {
        "type": "talks",
        "named": True,
        "place": "München",
        "place_country": "DE",
        "when": "Friday",
        "date": "2025-02-14",
        "modality": "planned",
        "plover": "CONSULT",
    }
    graph.add_node(
        "event/peace-talks", kind="event", label="peace talks", aliases=[], mentions=2, articles=1, **talks, **seen
    )
    visit = {
        "type": "visit",
        "named": False,
        "place": None,
        "when": None,
        "date": None,
        "modality": "happened",
        "plover": None,
    }
    graph.add_node(
        "event/visit-1.", kind="event", label="visit", aliases=[], mentions=1, articles=1, **visit, **undated
    )

    anna = ("person/anna-o’neil", 0, 16, 'Anna "Bo" O’Neil')
    ukraine = ("country/UA", 24, 31, "Ukraine")
    talks_mention = ("event/peace-talks", 53, 64, "peace talks")
    near = Evidence("plain-1", 0, len(TALKS), TALKS, (anna, ukraine))
    far = Evidence("plain-1", 0, 200, TALKS + " " * 100, (anna, ("country/UA", 190, 197, "Ukraine")))
    counts = {"sentences": 1, "paragraphs": 0, "articles": 1}
    graph.add_edge(
        "person/anna-o’neil",
        "country/UA",
        relation="co-occurrence",
        sentences=1,
        paragraphs=1,
        articles=1,
        weight=1.5,
        npmi=1 / 3,
        npmi_shrunk=1 / 12,
        llr=1.5,
        p=3e-7,
        outlets=1,
        copies=2,
        evidence=[far, near],
        **seen,
    )
    graph.add_edge(
        "person/anna-o’neil",
        "event/peace-talks",
        relation="participant",
        role="source",
        weight=1.0,
        npmi=-1.0,
        evidence=[Evidence("plain-1", 0, len(TALKS), TALKS, (anna, talks_mention))],
        **counts,
        **seen,
    )
    apart = [
        Evidence(ODD_ID, 0, 9, "Владимир.", (("person/владимир", 0, 8, "Владимир"),)),
        Evidence(ODD_ID, 40, 46, "Visit.", (("event/visit-1.", 40, 45, "Visit"),)),
    ]
    graph.add_edge(
        "person/владимир",
        "event/visit-1.",
        relation="participant",
        sentences=0,
        paragraphs=0,
        articles=1,
        weight=0.25,
        npmi=-0.0000001,
        evidence=apart,
        **undated,
    )
    return graph


def backwards(graph: nx.Graph) -> nx.Graph:
    """Return an equal graph, put together in the opposite order."""
    back = nx.Graph(**dict(reversed(graph.graph.items())))
    back.graph["articles"] = dict(reversed(graph.graph["articles"].items()))
    back.add_nodes_from(
        (node, dict(reversed(attributes.items()))) for node, attributes in reversed(list(graph.nodes.items()))
    )
    back.add_edges_from((b, a, dict(reversed(graph.edges[a, b].items()))) for a, b in reversed(list(graph.edges)))
    return back


if __name__ == "__main__":
    from kg.formats import FORMATS, write_all

    write_all(
        small_graph(),
        Path(__file__).parent,
        [name for name in FORMATS if name not in ("parquet", "html")],
        profile="full",
    )
