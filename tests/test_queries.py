"""Questions on small graphs. That SPARQL and Cypher agree is tested in `test_query_texts.py`."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import queries as q
from kg.errors import BadQuestion, UnknownEntity
from kg.graph import Evidence
from kg.queries.answers import Answer
from kg.queries.periods import chance, false_discovery_rates


def proof(text: str, article: str = "a") -> list[Evidence]:
    return [Evidence(article, 0, len(text), text, ())]


def links(*weighted: tuple[str, str, float]) -> nx.Graph:
    """Return a graph of people with one-word names; `weighted` are two of them and the weight of their link."""
    graph = nx.Graph()
    for a, b, weight in weighted:
        graph.add_edge(a, b, weight=weight, evidence=proof(f"{a} met {b}."))
    nx.set_node_attributes(graph, {node: {"kind": "person", "label": node.title()} for node in graph})
    return graph


def dated(**days: str) -> nx.Graph:
    """Return a graph of two linked people who are together in articles of these days."""
    graph = links(("ann", "bob", 1.0), ("ann", "cyd", 1.0))
    graph.graph["articles"] = {id: {"published": day, "mentions": ["ann", "bob"]} for id, day in days.items()}
    graph["ann"]["bob"]["evidence"] = [e for id in days for e in proof("Ann met Bob.", id) * 2]
    return graph


def test_neighbours_come_strongest_first_ties_by_id():
    graph = links(("uk", "un", 1.0), ("uk", "eu", 2.0), ("au", "uk", 1.0), ("un", "eu", 9.0))
    assert [(n.id, n.label, n.weight, n.evidence.text) for n in q.neighbours(graph, "uk")] == [
        ("eu", "Eu", 2.0, "uk met eu."),
        ("au", "Au", 1.0, "au met uk."),
        ("un", "Un", 1.0, "uk met un."),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("person/xi-jinping", "person/xi-jinping"),
        ("xi", "person/xi-jinping"),
        ("XI JINPING", "person/xi-jinping"),
        ("jinping", "person/xi-jinping"),
        ("putin", "person/vladimir-putin"),
        ("Vladimir", "person/vladimir-putin"),  # more often mentioned than the other
        ("Poutin", "person/vladimir-putin"),
        ("Zelensky", "person/volodymyr-zelenskyy"),
        ("the US", "country/US"),
        ("u.s.", "country/US"),
        ("USA", "country/US"),
        ("United States", "country/US"),
        ("american", "country/US"),
        ("unit", "country/US"),  # the event has this beginning too
        ("United Nations summit", "event/united-nations-summit"),
        ("Lu", "person/lu-xiang"),
        ("Guterres", "person/antonio-guterres"),
        ("Antonio", "person/antonio-guterres"),
        ("bissau", "country/GW"),
    ],
)
def test_a_name_is_found_as_it_is_typed(names, typed, found):
    assert q.find(names, typed) == found


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Trmup", r"'Trmup'; near to it are Donald Trump$"),
        ("Fiji", r"'Fiji'; it is a country, FJ, that no article names$"),
        ("qqqqqq", r"'qqqqqq'; give a label, an alias, or an id such as country/UA$"),
        ("", r"''; give a label"),
        ("?!", r"'\?!'; give a label"),
    ],
)
def test_a_name_that_nobody_has_is_an_error_that_lists_near_ones(names, typed, hint):
    with pytest.raises(UnknownEntity, match=hint):
        q.find(names, typed)


@given(typed=st.text(max_size=12))
def test_whatever_is_typed_is_found_or_refused(names, typed):
    suggested = [found.id for found in q.suggestions(names, typed, 30)]
    try:
        assert q.find(names, typed) in suggested
    except UnknownEntity:
        assert suggested == []


def test_suggestions_are_likeliest_first_and_each_once(names):
    assert [found.id for found in q.suggestions(names, "vla")] == ["person/vladimir-putin", "person/vladimir-pozner"]
    assert q.suggestions(names, "us")[0][:4] == ("country/US", "United States", "country", 50)
    assert [found.label for found in q.suggestions(names, "united")] == ["United States", "United Nations summit"]
    assert [found.name for found in q.suggestions(names, "zelensky")] == ["Volodymyr Zelenskyy"]
    assert len(q.suggestions(names, "a", limit=1)) == 1
    assert q.suggestions(names, " ") == q.suggestions(names, "qqqqqq") == []


def test_a_node_that_came_later_is_found(names):
    grown = names.copy()
    assert q.find(grown, "putin") == "person/vladimir-putin"
    grown.add_node("person/new", kind="person", label="Newcomer")
    assert q.find(grown, "newcomer") == "person/new"


@pytest.fixture(scope="module")
def names() -> nx.Graph:
    graph = nx.Graph()
    for node, label, mentions, aliases in (
        ("person/xi-jinping", "Xi Jinping", 9, ["Xi"]),
        ("person/vladimir-putin", "Vladimir Putin", 8, ["Putin"]),
        ("person/vladimir-pozner", "Vladimir Pozner", 2, []),
        ("person/volodymyr-zelenskyy", "Volodymyr Zelenskyy", 5, []),
        ("person/donald-trump", "Donald Trump", 5, []),
        ("person/lu-xiang", "Lü Xiang", 1, []),
        ("person/antonio-guterres", "António Guterres", 1, []),
        ("country/US", "United States", 50, ["US"]),
        ("country/GW", "Guinea-Bissau", 1, []),
        ("event/united-nations-summit", "United Nations summit", 90, []),
    ):
        graph.add_node(node, label=label, kind=node.partition("/")[0], mentions=mentions, aliases=aliases)
    return graph


def test_a_path_is_the_shortest_then_the_strongest():
    graph = links(
        ("a", "b", 1), ("b", "z", 9), ("a", "c", 5), ("c", "z", 5), ("a", "d", 9), ("d", "e", 9), ("e", "z", 9)
    )
    assert [(p.nodes, p.strength) for p in q.path(graph, "a", "z")] == [(("a", "c", "z"), 2.5)]
    assert q.path(graph, "a", "z", longest=1) == []
    found = q.paths(graph, "a", "z", k=2)
    assert [(p.nodes, p.strength) for p in found] == [(("a", "d", "e", "z"), 3.0), (("a", "c", "z"), 2.5)]
    assert [e.text for e in found[1].evidence] == ["a met c.", "c met z."]


def test_paths_can_be_kept_from_some_kinds_and_may_not_exist():
    graph = links(("a", "b", 1), ("b", "z", 1), ("a", "c", 1), ("c", "d", 1), ("d", "z", 1), ("x", "y", 1))
    graph.nodes["b"]["kind"] = "event"
    assert q.path(graph, "a", "z", kinds=["person"])[0].nodes == ("a", "c", "d", "z")
    assert [p.nodes for p in q.paths(graph, "a", "z", kinds=["person"])] == [("a", "c", "d", "z")]
    assert q.path(graph, "a", "x") == q.paths(graph, "a", "x") == []


def test_paths_are_the_best_of_all_there_are():
    graph = nx.gnm_random_graph(14, 40, seed=3)
    graph = nx.relabel_nodes(graph, {i: f"n{i:02}" for i in graph})
    for i, (a, b) in enumerate(sorted(graph.edges)):
        graph[a][b].update(weight=1.0 + i * 7 % 5, evidence=[])
    for b in ("n05", "n09", "n13"):
        every = list(nx.all_simple_paths(graph, "n00", b, cutoff=4))
        strengths = {
            tuple(way): round(1 / sum(1 / graph[x][y]["weight"] for x, y in pairwise(way)), 6) for way in every
        }
        best = sorted(strengths, key=lambda way: (-strengths[way], len(way), way))[:5]
        assert [p.nodes for p in q.paths(graph, "n00", b, k=5, longest=4)] == best
        least = min(map(len, every))
        shortest = [way for way in strengths if len(way) == least]
        expected = min(shortest, key=lambda way: (-strengths[way], way))
        assert q.path(graph, "n00", b)[0].nodes == expected


def test_two_names_of_one_node_are_refused():
    with pytest.raises(BadQuestion, match="are both Ann; name two that differ"):
        q.path(links(("ann", "bob", 1)), "ann", "Ann")


def test_company_is_people_and_countries():
    graph = links(("hub", "loner", 1), ("hub", "friend", 2), ("friend", "other", 1), ("loner", "event/talks", 1))
    graph.nodes["event/talks"]["kind"] = "event"
    assert [n.id for n in q.only_with(graph, "hub")] == ["loner"]


def test_a_timeline_counts_articles_once_and_leaves_out_the_undated():
    graph = dated(one="2024-01-05", two="2024-01-06T12:00Z", three="2024-03-01", four="last week", five="")
    assert q.timeline(graph, "ann", "bob") == [("2024-01", 2), ("2024-03", 1)]
    assert q.timeline(graph, "bob", by="year") == [("2024", 3)]
    assert q.timeline(graph, "bob", "cyd") == []


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("2023", "2024", "no article is dated in 2023; articles are dated from 2024-01-05 to 2024-03-01"),
        ("2024", "2024-03", "the periods 2024 and 2024-03 overlap"),
        ("January", "2024", "'January' is no period"),
        ("..", "2024", "'..' is no period"),
    ],
)
def test_periods_that_cannot_be_compared(first, second, message):
    graph = dated(one="2024-01-05", three="2024-03-01")
    with pytest.raises(BadQuestion, match=message):
        q.trends(graph, first, second)


def test_what_rises_is_above_zero_and_what_falls_below():
    graph = dated(
        **{f"d{i}": f"2024-01-{i:02}" for i in range(1, 11)}, **{f"e{i}": f"2024-02-{i:02}" for i in range(1, 11)}
    )
    for i in range(2, 11):
        graph["ann"]["cyd"]["evidence"] += proof("Ann met Cyd.", f"e{i}")
    graph["ann"]["bob"]["evidence"] = [e for e in graph["ann"]["bob"]["evidence"] if e.article[0] == "d"]
    rise, fall = sorted(q.trends(graph, "2024-01", "2024-02"), key=lambda change: -change.g2)
    assert rise[:6] == ("ann", "cyd", "Ann", "Cyd", 0, 9)
    assert fall[:6] == ("ann", "bob", "Ann", "Bob", 10, 0)
    assert rise.g2 > 0 > fall.g2
    assert rise.q < 0.001
    back = {(c.id_a, c.id_b): -c.g2 for c in q.trends(graph, "2024-02", "2024-01")}
    assert back == {(c.id_a, c.id_b): c.g2 for c in (rise, fall)}


def test_two_graphs_that_share_no_node_are_compared():
    one, other = dated(x="2024-01-01", y="2024-01-02"), dated(x="2024-01-01", y="2024-01-02")
    other = nx.relabel_nodes(other, {"bob": "dan"})
    other.nodes["dan"]["label"] = "Dan"
    for article in other.graph["articles"].values():
        article["mentions"] = ["ann", "dan"]
    assert [(c.a, c.first, c.second) for c in q.compare(one, other)] == [("Bob", 2, 0), ("Dan", 0, 2), ("Ann", 2, 2)]
    with pytest.raises(BadQuestion, match="no articles"):
        q.compare(one, nx.Graph())


def test_chances_are_those_of_published_tables():
    assert chance(3, 4, 1, 4) == 0.4857  # the lady tasting tea, both ways
    assert chance(0, 5, 0, 5) == 1.0
    assert chance(400, 1000, 600, 1000) < 1e-15
    assert false_discovery_rates({}) == {}


def test_communities_leave_out_who_is_alone():
    graph = links(("a", "b", 5), ("b", "c", 5), ("a", "c", 5), ("x", "y", 5), ("c", "x", 0.25))
    graph.add_node("alone", kind="person", label="Alone")
    assert [(c.community, c.size, c.nodes) for c in q.communities(graph)] == [
        (0, 3, ("a", "b", "c")),
        (1, 2, ("x", "y")),
    ]


def test_an_answer_shows_itself_as_a_table():
    graph = links(("ann", "<b>", 1.0))
    answer = q.neighbours(graph, "ann")
    assert answer._repr_html_() == (
        "<table><thead><tr><th scope='col'>label</th><th scope='col'>kind</th><th scope='col'>weight</th>"
        "<th scope='col'>articles</th><th scope='col'>quote</th></tr></thead>"
        "<tbody><tr><td>&lt;B&gt;</td><td>person</td><td>1</td><td>0</td>"
        "<td>ann met &lt;b&gt;.</td></tr></tbody></table>"
    )
    assert answer.records()[0]["evidence"] == {"text": "ann met <b>.", "article": "a", "start": 0, "end": 12}
    assert "<td>" not in Answer(q.Neighbour)._repr_html_()
    assert "<h3>Ann</h3><p>person, named 0 times in 0 articles</p>" in q.card(graph, "ann")._repr_html_()
