"""A graph that was written is opened again, from wherever it lies."""

import os

import networkx as nx
import pytest
from golden.graph import small_graph
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.errors import NoArticles, UnreadableGraph
from kg.formats import write
from kg.graph import Evidence
from kg.opening import FILES, open_graph
from kg.store import opened

NEWS = '{"id": "a", "published": "2024-01-02", "text": "Angela Merkel met Emmanuel Macron in France on Friday."}'


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> nx.Graph:
    news = tmp_path_factory.mktemp("news") / "news.jsonl"
    news.write_text(NEWS, encoding="utf-8")
    return kg.build(news, accuracy="fast", window="article")


def kept(graph: nx.Graph, ending: str) -> nx.Graph:
    """Return what a file keeps of `graph`: RDF does not count articles by day."""
    part = graph.copy()
    if not ending.startswith(".json") or ending.startswith(".jsonld"):
        for _, facts in part.nodes(data=True):
            facts.pop("days")
        for _, _, facts in part.edges(data=True):
            facts.pop("days")
    return part


@pytest.mark.parametrize("ending", FILES)
def test_a_file_holds_all_that_a_graph_does(built, ending, tmp_path):
    back = open_graph(write(built, tmp_path / f"kg{ending}"))
    assert back.graph == built.graph
    assert list(back.nodes(data=True)) == list(kept(built, ending).nodes(data=True))
    assert sorted(back.edges(data=True)) == sorted(kept(built, ending).edges(data=True))


def test_iris_with_another_base_give_the_same_graph(built, tmp_path):
    file = write(built, tmp_path / "kg.ttl", base="https://news.example.org/graph#")
    assert list(open_graph(file).nodes(data=True)) == list(kept(built, ".ttl").nodes(data=True))


def test_odd_characters_come_back_as_well_as_rdf_can_hold_them(tmp_path):
    graph = small_graph()
    back = open_graph(write(graph, tmp_path / "kg.ttl"))
    assert set(back) == set(graph)
    assert {node: ids for node, ids in back.nodes(data="replaces") if ids} == {"person/anna-o’neil": ["person/anna"]}
    assert {frozenset(link) for link in back.edges} == {frozenset(link) for link in graph.edges}
    for a, b in graph.edges:
        found = back[a][b]["evidence"]
        assert [(e.article, e.start, e.end) for e in found] == [
            (e.article, e.start, e.end) for e in sorted(graph[a][b]["evidence"])
        ]
        assert back[a][b]["weight"] == graph[a][b]["weight"]


def test_a_graph_is_found_where_users_leave_it(built, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_GRAPH", raising=False)
    with pytest.raises(UnreadableGraph, match=r"no kg\.json or kg\.ttl in \./, graph/, exports/; run `kg build"):
        open_graph()
    write(built, "exports/kg.ttl")
    assert len(open_graph()) == len(built)
    part = built.copy()
    part.remove_nodes_from([node for node in built if node.startswith("event/")])
    write(part, "graph/kg.json")
    assert len(open_graph()) == len(open_graph("graph")) == len(part) < len(built)
    os.makedirs("elsewhere")
    write(built, "elsewhere/other.json")
    monkeypatch.setenv("KG_GRAPH", "elsewhere/other.json")
    assert len(open_graph()) == len(built)


def test_articles_are_read_first(tmp_path):
    (tmp_path / "news.jsonl").write_text(NEWS, encoding="utf-8")
    assert "country/FR" in open_graph(tmp_path)
    assert "country/FR" in open_graph(tmp_path / "news.jsonl")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kg.ttl", "<a> <b"),
        ("kg.ttl", ""),
        ("kg.ttl", "<https://x.example/a> <https://x.example/b> <https://x.example/c> ."),
        ("kg.ttl.gz", "not compressed"),
        ("kg.json.gz", "not compressed"),
        ("kg.json", '{"directed": false, "nodes": 3}'),
        ("kg.json", '{"directed": false'),
    ],
)
def test_a_file_that_holds_no_graph_is_named(name, text, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableGraph, match=name):
        open_graph(tmp_path)


def test_a_place_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnreadableGraph, match="nowhere: there is no such file"):
        open_graph(tmp_path / "nowhere")
    with pytest.raises(UnreadableGraph, match=r"kg\.graphml: is for other programs"):
        open_graph(write(small_graph(), tmp_path / "kg.graphml"))
    with opened(tmp_path / "news.kg", create=True):
        pass
    with pytest.raises(UnreadableGraph, match=r"news\.kg: is a store; run `kg export --store"):
        open_graph(tmp_path / "news.kg")
    (tmp_path / "news.kg").unlink()
    with pytest.raises(NoArticles):
        open_graph(tmp_path, on_notice=lambda notice: None)


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=8
)


@given(labels=st.lists(texts, min_size=2, max_size=5), quote=texts, weight=st.integers(1, 400))
def test_whatever_names_and_quotes_hold_comes_back(labels, quote, weight, tmp_path_factory):
    graph = nx.Graph(version="0", window="sentence", sentences=3)
    graph.graph["articles"] = {
        quote: {
            "title": quote,
            "published": None,
            "url": None,
            "source": quote,
            "found": [quote],
            "mentions": [],
            "copy_of": None,
        }
    }
    seen = {"first_seen": None, "last_seen": None}
    for i, label in enumerate(labels):
        graph.add_node(f"person/{label}-{i}", kind="person", label=label, aliases=[], mentions=i, articles=1, **seen)
    a, b = sorted(graph)[:2]
    mentions = (a, 0, 1, quote[:1]), (b, 1, 2, quote[1:2] or "x")
    graph.add_edge(a, b, relation="co-occurrence", role=None, weight=weight / 4, npmi=0.5, sentences=1, paragraphs=0)
    graph[a][b].update(npmi_shrunk=0.25, llr=1.5, p=3e-7, outlets=1, copies=0)
    graph[a][b].update(articles=1, **seen, evidence=[Evidence(quote, 0, len(quote), quote, mentions)])
    folder = tmp_path_factory.mktemp("written")
    for ending in (".ttl", ".nt", ".jsonld", ".json"):
        back = open_graph(write(graph, folder / f"kg{ending}"))
        assert back.graph == graph.graph
        assert dict(back.nodes) == dict(graph.nodes)
        assert back[a][b] == graph[a][b]
