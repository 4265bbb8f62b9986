"""A graph that is listed from its tables is the graph that lies in memory, whatever is asked for first."""

import errno
import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_graph import ANN, BO, ENTITIES, TEXT, meeting, peru, record

import kg.store.file
from kg import counting
from kg.corpus import fold, tabled
from kg.errors import CannotWrite, NoArticles
from kg.formats import FORMATS, write_all
from kg.graph import Window, count_records, to_graph
from kg.model import Article, Kind, Place


def article(number: int, entities) -> object:
    """A record in which an event has somebody to take part; some are dated, and copies of each other."""
    there = [e for e in entities if e.kind is not Kind.EVENT or any(p.id == "country/PE" for p in entities)]
    day = [None, "2025-02-15", "2024-12-31T08:00:00", "Monday"][number % 4]
    source, place = ["S", None][number % 2], Place("news.jsonl", number + 1)
    told = Article(f"a{number}", TEXT, f"Title {number}", day, f"https://news.example/{number}", source, (place,))
    return replace(record(*there), article=told)


ARTICLES = st.lists(st.lists(st.sampled_from(ENTITIES), unique_by=lambda e: e.id, max_size=4), min_size=1, max_size=6)


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@given(ARTICLES, st.sampled_from(Window), st.sampled_from(["core", "evidence", "full"]))
@settings(max_examples=25, deadline=None)
def test_every_format_has_the_same_bytes_from_tables_as_from_memory(tmp_path_factory, articles, window, profile):
    records = [article(number, entities) for number, entities in enumerate(articles)]
    listed, held = (tmp_path_factory.mktemp(name) for name in ("listed", "held"))
    with tabled(records, window=window) as tables:
        write_all(tables, listed, FORMATS, profile=profile)
        write_all(to_graph(tables), held, FORMATS, profile=profile)
    assert files(listed) == files(held)


RECORDS = [
    article(0, [ANN, BO, peru(), meeting("person/ann-lee", "country/PE")]),
    article(1, [BO, peru()]),
    article(2, [ANN]),
]


def test_lists_may_be_taken_in_turns_and_in_any_order():
    graph = fold(RECORDS)
    with tabled(RECORDS) as tables:
        turns = list(zip(tables.nodes(), tables.links(), tables.outlines(), strict=False))
        assert [node for node, _, _ in turns] == list(graph.nodes(data=True))[: len(turns)]
        assert [link for _, link, _ in turns] == list(graph.edges(data=True))[: len(turns)]
        known = tables.facts["articles"]
        assert [known[id]["title"] for id in ("a2", "a0", "a1", "a1")] == ["Title 2", "Title 0", "Title 1", "Title 1"]
        assert dict(known) == graph.graph["articles"]
        assert known.get("b") is None
        shown = {id: [(a, b) for a, b, _ in tables.proofs(id)] for id in ("a1", "a0", "a2", "b")}
        assert shown == {
            id: [(a, b) for a, b, evidence in graph.edges(data="evidence") if any(e.article == id for e in evidence)]
            for id in shown
        }
        assert [len(shown[id]) for id in ("a0", "a1", "a2", "b")] == [6, 1, 0, 0]
        assert {node: {other for other, _ in tables.around(node)} for node in graph} == {
            n: set(graph[n]) for n in graph
        }


@pytest.mark.parametrize(("batch", "gathered"), [(1, 1), (1, 2), (2, 3), (9, 1)])
@pytest.mark.parametrize("window", Window)
def test_how_many_are_counted_at_a_time_changes_nothing(batch, gathered, window, monkeypatch):
    records = [*RECORDS, article(3, [BO, peru()]), article(4, [ANN, BO])]
    copies = {"a4": "a0", "a1": "a3"}
    expected = count_records(records, window, copies=copies)
    monkeypatch.setattr(counting, "BATCH", batch)
    monkeypatch.setattr(counting, "GATHERED", gathered)
    found = count_records(records, window, copies=copies)
    assert (found.graph, dict(found.nodes), dict(found.edges)) == (expected.graph, expected.nodes, dict(expected.edges))
    assert expected.nodes["person/bo"]["copies"] == 2


def test_what_memory_is_too_small_for_is_done_all_the_same(monkeypatch):
    expected = fold(RECORDS)
    monkeypatch.setattr(counting, "MEMORY", 1)
    with tabled(RECORDS) as tables:
        found = to_graph(tables)
        ((limit,),) = tables.run("select current_setting('memory_limit')")
    assert (dict(found.nodes), dict(found.edges)) == (dict(expected.nodes), dict(expected.edges))
    assert not limit.endswith("KiB")  # it was too little indeed


def test_no_room_for_temporary_files_is_told_in_one_line(monkeypatch):
    def refuse(**_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(kg.store.file, "TemporaryDirectory", refuse)
    with pytest.raises(CannotWrite, match=r"no temporary folder can be made \(No space left on device\); name one in"):
        fold(RECORDS)


def test_no_records_make_no_graph():
    with pytest.raises(NoArticles), tabled([]):
        pass


def test_records_come_from_an_iterator_as_well():
    assert fold(iter(RECORDS)).graph == fold(RECORDS).graph
