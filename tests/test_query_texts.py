"""Each question gives the same answer in Python, in SPARQL and in Cypher."""

from collections import Counter
from decimal import Decimal

import networkx as nx
import pytest

from kg import queries as q
from kg.formats.rdf import to_rdflib
from kg.graph import Evidence
from kg.queries import cypher, sparql
from kg.queries.links import strength
from kg.queries.stores import ask_cypher, ask_sparql
from kg.vocabulary import BASE, iri

DATES = {"one": "2024-01-05", "two": "2024-01-20", "three": "2024-02-02T10:00Z", "four": None, "five": "last week"}
RU, UA, FR = "country/RU", "country/UA", "country/FR"
ANN, BO, CY = "person/ann-lee", "person/bo-ek", "person/cy-ott"
TALKS, VISIT = "event/kyiv-talks", "event/visit-1"
NODES = {
    RU: ("country", "Russia"),
    UA: ("country", "Ukraine"),
    FR: ("country", "France"),
    ANN: ("person", "Ann Lee"),
    BO: ("person", "Bo Ek"),
    CY: ("person", "Cy Ott"),
    TALKS: ("event", "Kyiv talks"),
    VISIT: ("event", "visit"),
}
# two nodes, the articles that show the link, and the role in an event
LINKS = [
    (RU, UA, ("one", "one", "three", "four"), None),
    (FR, UA, ("two", "five"), None),
    (RU, ANN, ("one", "two", "three"), None),
    (UA, ANN, ("three",), None),
    (FR, BO, ("two",), None),
    (ANN, CY, ("two", "three"), None),
    (RU, TALKS, ("one", "three"), "source"),
    (UA, TALKS, ("one",), "target"),
    (VISIT, BO, ("two",), "source"),
    (FR, VISIT, ("two",), "target"),
    (UA, VISIT, ("five",), None),
]


def evidence(number: int, a: str, b: str, article: str) -> Evidence:
    start = 100 * number
    mentions = (a, start, start + 3, "one"), (b, start + 10, start + 15, "other")
    return Evidence(article, start, start + 40, f'Passage {number} of "{article}".', mentions)


@pytest.fixture(scope="module")
def graph() -> nx.Graph:
    made = nx.Graph(version="0", window="sentence", sentences=20)
    made.graph["articles"] = {
        id: {"title": f"Article {id}", "published": date, "url": None, "source": None, "found": [], "mentions": []}
        for id, date in DATES.items()
    }
    for node, (kind, label) in NODES.items():
        made.add_node(node, kind=kind, label=label, aliases=[], mentions=2, articles=1)
    facts = {"named": True, "place": None, "when": None, "plover": None, "modality": "happened"}
    made.nodes[TALKS].update(facts, type="talks", date="2024-01-04")
    made.nodes[VISIT].update(facts, type="visit", date=None)
    for number, (a, b, shown, role) in enumerate(LINKS):
        proof = sorted(evidence(10 * number + i, a, b, article) for i, article in enumerate(shown))
        relation = {"relation": "participant", "role": role} if "event/" in a + b else {"relation": "co-occurrence"}
        articles = set(shown)
        made.add_edge(a, b, weight=float(len(shown)), articles=len(articles), evidence=proof, **relation)
        for article in articles:
            mentioned = made.graph["articles"][article]["mentions"]
            mentioned.extend({a, b} - set(mentioned))
    return made


def in_sparql(graph: nx.Graph, text: str) -> list[dict]:
    columns, rows = ask_sparql(graph, text)
    return [dict(zip(columns, map(shortened, row), strict=True)) for row in rows]


def shortened(value):
    """Return the id of an IRI of ours, so that it compares."""
    return value.removeprefix(BASE).removeprefix("article/") if isinstance(value, str) else value


def in_cypher(graph: nx.Graph, text: str) -> list[tuple]:
    return [
        tuple(value if value != "" else None for value in row) for _, rows in ask_cypher(graph, text) for row in rows
    ]


def project(answer, *names: str) -> list[tuple]:
    return [tuple(row[name] if isinstance(row, dict) else getattr(row, name) for name in names) for row in answer]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"kinds": ["person"]},
        {"kinds": ["person", "event"], "min_weight": 2},
        {"since": "2024-02"},
        {"until": "2024-01", "limit": 2},
        {"since": "2024-01-06", "until": "2024"},
    ],
)
@pytest.mark.parametrize("node", [RU, UA, VISIT])
def test_neighbours(graph, node, options):
    answer = project(q.neighbours(graph, node, **options), "id", "label", "weight")
    assert project(in_sparql(graph, sparql.neighbours(node, **options)), "id", "label", "weight") == answer
    assert [row[:3] for row in in_cypher(graph, cypher.neighbours(node, **options))] == answer
    assert answer or "until" in options or "min_weight" in options or "since" in options or "kinds" in options


def test_the_quotes_of_neighbours(graph):
    answer = [(n.id, n.evidence.text) for n in q.neighbours(graph, RU)]
    assert project(in_sparql(graph, sparql.neighbours(RU)), "id", "quote") == answer
    assert [(row[0], row[3]) for row in in_cypher(graph, cypher.neighbours(RU))] == answer


@pytest.mark.parametrize("pair", [(RU, UA), (FR, UA), (RU, BO)])
def test_links(graph, pair):
    fields = "date", "text", "title", "article", "start", "end", "url"
    answer = project(q.links(graph, *pair), *fields)
    assert project(in_sparql(graph, sparql.links(*pair)), *fields) == answer
    assert in_cypher(graph, cypher.links(*pair)) == answer


@pytest.mark.parametrize("node", NODES)
def test_only_with(graph, node):
    answer = project(q.only_with(graph, node), "id", "label", "weight")
    assert project(in_sparql(graph, sparql.only_with(node)), "id", "label", "weight") == answer
    assert in_cypher(graph, cypher.only_with(node)) == answer


@pytest.mark.parametrize("pair", [(RU, UA), (FR, RU), (CY, UA)])
def test_brokers(graph, pair):
    fields = "id", "label", "strength", "weight_a", "weight_b"
    answer = project(q.brokers(graph, *pair), *fields)
    assert project(in_sparql(graph, sparql.brokers(*pair)), *fields) == answer
    found = [
        (id, label, strength((one, other)), one, other)
        for id, label, one, other in in_cypher(graph, cypher.brokers(*pair))
    ]
    assert sorted(found, key=lambda row: (-row[2], row[0])) == answer


@pytest.mark.parametrize("kinds", [(), ("country",), ("country", "person")])
@pytest.mark.parametrize("longest", [1, 2, 3, 4])
@pytest.mark.parametrize("pair", [(RU, UA), (BO, CY), (CY, FR)])
def test_paths(graph, pair, longest, kinds):
    answer = [(p.strength, p.nodes[1:-1]) for p in q.paths(graph, *pair, k=4, longest=longest, kinds=kinds)]
    by_sparql = in_sparql(graph, sparql.paths(*pair, k=4, longest=longest, kinds=kinds))
    assert [(row["strength"], way_of(row)) for row in by_sparql] == answer
    by_cypher = ways_in_cypher(graph, cypher.paths(*pair, longest=longest, kinds=kinds))
    assert sorted(by_cypher, key=lambda way: (-way[0], len(way[1]), way[1]))[:4] == answer


@pytest.mark.parametrize("pair", [(RU, UA), (BO, CY), (CY, FR)])
@pytest.mark.parametrize("longest", [1, 3, 4])
def test_path(graph, pair, longest):
    answer = [(p.strength, p.nodes[1:-1]) for p in q.path(graph, *pair, longest=longest)]
    by_sparql = in_sparql(graph, sparql.path(*pair, longest=longest))
    assert [(row["strength"], way_of(row)) for row in by_sparql] == answer
    by_cypher = ways_in_cypher(graph, cypher.path(*pair, longest=longest))
    assert sorted(by_cypher, key=lambda way: (len(way[1]), -way[0], way[1]))[:1] == answer


def way_of(row: dict) -> tuple[str, ...]:
    return tuple(row[name] for name in sorted(row) if name.startswith("node_") and row[name])


def ways_in_cypher(graph: nx.Graph, text: str) -> list[tuple]:
    ways = [(row[: len(row) // 2], row[len(row) // 2 :]) for row in in_cypher(graph, text)]
    return [(strength(weights), nodes) for nodes, weights in ways]


def test_communities(graph):
    answer = [(c.community, node) for c in q.communities(graph) for node in c.nodes]
    assert project(in_sparql(graph, sparql.communities()), "community", "id") == answer
    assert [row[:2] for row in in_cypher(graph, cypher.communities())] == answer
    assert len({number for number, _ in answer}) > 1


@pytest.mark.parametrize("by", ["day", "month", "year"])
@pytest.mark.parametrize("who", [(UA,), (RU, UA), (FR, UA), (BO, RU)])
def test_timeline(graph, who, by):
    answer = list(q.timeline(graph, *who, by=by))
    assert project(in_sparql(graph, sparql.timeline(*who, by=by)), "period", "articles") == answer
    assert in_cypher(graph, cypher.timeline(*who, by=by)) == answer


@pytest.mark.parametrize("least", [1, 2])
@pytest.mark.parametrize("of", ["pairs", "nodes"])
def test_trends(graph, of, least):
    keys = ("id_a", "id_b") if of == "pairs" else ("id_a",)
    answer = sorted(project(q.trends(graph, "2024-01", "2024-02/", of=of, least=least), *keys, "first", "second"))
    text = sparql.trends("2024-01", "2024-02/", of=of, least=least)
    assert project(in_sparql(graph, text), *keys, "first", "second") == answer
    tables = ask_cypher(graph, cypher.trends("2024-01", "2024-02/", of=of))
    counts = [Counter({tuple(row[: len(keys)]): row[-1] for row in rows}) for _, rows in tables]
    found = [(*key, counts[0][key], counts[1][key]) for key in sorted(counts[0] | counts[1])]
    assert [row for row in found if row[-1] + row[-2] >= least] == answer


@pytest.mark.parametrize("of", ["pairs", "nodes"])
def test_compare(graph, of):
    keys = ("id_a", "id_b") if of == "pairs" else ("id_a",)
    answer = sorted(project(q.compare(graph, graph, of=of, least=0), *keys, "first"))
    assert project(in_sparql(graph, sparql.compare(of=of)), *keys, "articles") == answer
    assert [(*row[: len(keys)], row[-1]) for row in in_cypher(graph, cypher.compare(of=of))] == answer


@pytest.mark.parametrize("type", [None, "talks", "visit"])
@pytest.mark.parametrize("who", [(UA,), (RU, UA), (FR, UA), (BO,)])
def test_events(graph, who, type):
    fields = ["id", "label", "type", "date", "when", "modality", "role_a", "role_b"][: 6 + len(who)]
    answer = project(q.events(graph, *who, type=type), *fields)
    assert project(in_sparql(graph, sparql.events(*who, type=type)), *fields) == answer
    assert in_cypher(graph, cypher.events(*who, type=type)) == answer


def test_ids_in_texts_are_those_of_the_files():
    assert f"<{iri(BASE, 'country/UA')}>" in sparql.neighbours(UA)
    assert "<https://news.example/country/UA>" in sparql.neighbours(UA, base="https://news.example/")


@pytest.mark.parametrize(
    "text",
    [
        sparql.neighbours(RU, kinds=["person", "event"], min_weight=2, since="2024-01"),
        sparql.links(RU, UA),
        sparql.only_with(ANN),
        sparql.brokers(RU, UA),
        sparql.path(BO, ANN),
        sparql.paths(RU, UA, k=4),
        sparql.timeline(UA),
        sparql.timeline(RU, UA, by="day"),
        sparql.trends("2024-01", "2024-02", least=1),
        sparql.trends("2024-01", "2024-02", of="nodes"),
        sparql.compare(of="pairs"),
        sparql.events(RU, UA, type="talks"),
    ],
)
def test_another_store_answers_alike(graph, text):
    columns, rows = ask_sparql(graph, text)
    found = to_rdflib(graph).query(text)
    assert [str(variable) for variable in found.vars] == columns
    assert [[shown(value) for value in row] for row in found] == [[shown(value) for value in row] for row in rows]
    assert rows


def shown(value) -> str | None:
    value = value.toPython() if hasattr(value, "toPython") else value
    return None if value is None else f"{value:g}" if isinstance(value, (int, float, Decimal)) else str(value)
