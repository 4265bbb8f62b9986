"""Nodes are found in a table of known items or by a reconciliation service."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from kg.errors import BadKnowledge
from kg.identity.knowledge import Candidate, Query, read_knowledge
from kg.model import Kind

TABLE = """id\tlabel\taliases\tkind\tcountry
Q15031\tXi Jinping\tXi Dada\tperson\tCN
Q1\tSteve Smith\t\tperson\tAustralia
Q2\tSteve Smith\tStephen Smith\tperson\tUS
Q362\tWorld War II\tSecond World War\tevent\t
Q3\tAnn Lee\t\tperson\t
Q4\tAnn Lee\t\tperson\t
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "names.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return read_knowledge(path)


def person(name, *countries):
    return Query("node", Kind.PERSON, name, (), frozenset(f"country/{iso}" for iso in countries))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (person("Xi Jinping"), [("Q15031", 1.0, True)]),
        (person("XI Jin-ping", "CN"), [("Q15031", 0.95, True)]),
        (person("Xi Jinping", "PE"), [("Q15031", 0.6, False)]),
        (person("Steve Smith", "AU"), [("Q1", 1.0, True), ("Q2", 0.6, False)]),
        (person("Steve Smith"), [("Q1", 1.0, False), ("Q2", 1.0, False)]),
        (person("Ann Lee", "US"), [("Q3", 1.0, False), ("Q4", 1.0, False)]),
        (Query("node", Kind.EVENT, "WWII"), [("Q362", 0.95, True)]),
        (person("World War"), []),
    ],
)
def test_an_item_is_taken_if_it_is_the_only_one_or_its_country_agrees(table, query, expected):
    found = table.candidates([query]).get("node", ())
    assert [(candidate.item, candidate.score, candidate.exact) for candidate in found] == expected


def test_a_table_without_ids_is_refused(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("name,country\nXi,CN\n", encoding="utf-8")
    with pytest.raises(BadKnowledge, match="no columns id and label"):
        read_knowledge(path)


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        queries = json.loads(parse_qs(body)["queries"][0])
        known = {
            "Xi Jinping": [{"id": "Q15031", "name": "Xi Jinping", "score": 100, "match": True}],
            "Ann Lee": [
                {"id": "Q3", "name": "Ann Lee", "score": 90, "match": True},
                {"id": "Q4", "name": "Ann Lee", "score": 90, "match": False},
            ],
        }
        answer = {id_: {"result": known.get(query["query"], [])} for id_, query in queries.items()}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_service_is_asked_and_believed_only_of_one_bearer_of_a_name(service):
    queries = [Query(name, Kind.PERSON, name) for name in ("Xi Jinping", "Ann Lee", "Bo Bar")]
    assert read_knowledge(service).candidates(queries) == {
        "Xi Jinping": (Candidate("Q15031", "Xi Jinping", 1.0, exact=True),),
        "Ann Lee": (
            Candidate("Q3", "Ann Lee", 0.9, exact=False),
            Candidate("Q4", "Ann Lee", 0.9, exact=False),
        ),
    }


def test_a_service_that_does_not_answer_is_an_error():
    with pytest.raises(BadKnowledge, match="no answer"):
        read_knowledge("http://127.0.0.1:9/").candidates([Query("a", Kind.PERSON, "Xi Jinping")])


def test_the_graph_carries_the_items(tmp_path):
    import kg

    (tmp_path / "names.tsv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "a.txt").write_text("Xi Jinping met Steve Smith in China. Sergey Lavrov waited.\n", encoding="utf-8")
    graph = kg.build(tmp_path / "a.txt", accuracy="fast", knowledge=tmp_path / "names.tsv")
    assert graph.nodes["person/xi-jinping"]["wikidata"] == "Q15031"
    assert [c.item for c in graph.nodes["person/steve-smith"]["candidates"]] == ["Q1", "Q2"]
    assert "wikidata" not in graph.nodes["person/sergey-lavrov"]
