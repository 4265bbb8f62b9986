"""Tables, JSON and Parquet that other programs read back."""

import csv
import io
import json

import networkx as nx
import pytest
from golden.graph import small_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import UnreadableGraph
from kg.formats import write, write_all
from kg.formats.listing import listed
from kg.formats.neo4j import write_nodes, write_relationships
from kg.formats.nodelink import read, write_nodelink
from kg.formats.settings import Settings
from kg.formats.tables import write_edges_csv, write_nodes_csv
from kg.formats.text import clean

TEXT = st.text(st.characters(), max_size=20)


def table(writer, graph):
    out = io.BytesIO()
    writer(listed(graph), out, Settings())
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_gephi_finds_the_columns_that_it_knows_by_name():
    nodes, edges = (table(writer, small_graph()) for writer in (write_nodes_csv, write_edges_csv))
    assert list(nodes[0])[:2] == ["Id", "Label"]
    assert list(edges[0])[:5] == ["Source", "Target", "Type", "Id", "Weight"]
    assert {edge["Type"] for edge in edges} == {"Undirected"}
    assert {end for edge in edges for end in (edge["Source"], edge["Target"])} <= {node["Id"] for node in nodes}
    assert len({edge["Id"] for edge in edges}) == len(edges) == 3


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@home", "\tx"])
def test_no_table_program_takes_a_name_for_a_formula(text):
    graph = nx.Graph()
    graph.add_node("a", label=text)
    assert table(write_nodes_csv, graph)[0]["Label"] == f"'{text}"
    assert table(write_nodes, graph)[0]["label"] == text


@given(name=TEXT, label=TEXT, alias=TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(name, label, alias):
    graph = nx.Graph()
    graph.add_node(f"person/{name}", kind="person", label=label, aliases=[alias])
    (node,), (row,) = table(write_nodes_csv, graph), table(write_nodes, graph)
    assert node["Id"] == row["id:ID"] == clean(f"person/{name}")
    assert node["Label"].removeprefix("'") == clean(label).removeprefix("'")
    assert row["label"] == clean(label)
    assert row["aliases:string[]"] == clean(alias).replace("|", "¦")


HEADERS = {"id:ID", ":LABEL", ":START_ID", ":END_ID", ":TYPE"}
NEO4J_TYPES = {"", "int", "double", "boolean", "date", "string[]"}


@pytest.mark.parametrize("writer", [write_nodes, write_relationships])
def test_neo4j_takes_the_header(writer):
    names = list(table(writer, small_graph())[0])
    assert len(set(names)) == len(names)
    assert {name.partition(":")[2] for name in names if name not in HEADERS} <= NEO4J_TYPES
    assert {name for name in names if name in HEADERS} in ({"id:ID", ":LABEL"}, {":START_ID", ":END_ID", ":TYPE"})


def test_neo4j_gets_labels_and_directions():
    nodes = {row["id:ID"]: row[":LABEL"] for row in table(write_nodes, small_graph())}
    assert nodes["country/UA"] == "Entity|Country"
    links = [(row[":START_ID"], row[":TYPE"], row[":END_ID"]) for row in table(write_relationships, small_graph())]
    assert links == [
        ("country/UA", "CO_OCCURS_WITH", "person/anna-o’neil"),
        ("person/anna-o’neil", "TAKES_PART_IN", "event/peace-talks"),
        ("person/владимир", "TAKES_PART_IN", "event/visit-1."),
    ]
    assert set(nodes) >= {end for a, _, b in links for end in (a, b)}


def test_the_load_command_names_its_files(tmp_path):
    *tables, command = write_all(small_graph(), tmp_path, ["neo4j"])
    assert all(path.name in command.read_text() for path in tables)


def test_node_link_json_holds_all_that_the_graph_holds(tmp_path):
    graph = small_graph()
    for node in graph.nodes.values():
        node["label"] = clean(node["label"])
    for *_, link in graph.edges(data=True):
        link["evidence"].sort()
    for name in ("kg.json", "kg.json.gz"):
        assert nx.utils.graphs_equal(read(write(graph, tmp_path / name)), graph)


def test_what_was_read_back_is_written_the_same(tmp_path):
    write_all(small_graph(), tmp_path / "one", ["json", "ttl", "graphml"], profile="full")
    write_all(read(tmp_path / "one" / "kg.json"), tmp_path / "two", ["json", "ttl", "graphml"], profile="full")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_networkx_reads_node_link_json(tmp_path):
    written = json.loads(write(small_graph(), tmp_path / "kg.json").read_text())
    back = nx.node_link_graph(written, edges="links")
    assert sorted(back) == sorted(small_graph())
    assert back.edges["country/UA", "person/anna-o’neil"]["weight"] == 1.5
    assert {"x", "y", "size", "color", "community"} <= back.nodes["country/UA"].keys()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"graph": {}, "nodes": [{}], "links": []}', "no json"])
def test_what_is_no_graph_is_refused_in_one_line(text, tmp_path):
    (tmp_path / "kg.json").write_text(text)
    with pytest.raises(UnreadableGraph, match=r"kg\.json: no graph can be read .*give a kg\.json that kg has written"):
        read(tmp_path / "kg.json")


@given(label=TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_from_json(label):
    graph = nx.Graph()
    graph.add_node("a", label=label)
    out = io.BytesIO()
    write_nodelink(listed(graph), out, Settings())
    (node,) = json.loads(out.getvalue())["nodes"]
    assert node["label"].encode("utf-16", "surrogatepass") == node["label"].encode("utf-16")
    assert len(node["label"]) == len(label)
