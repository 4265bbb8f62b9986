"""The server: SPARQL as the protocol has it and within its limits, the JSON API, and whom it answers."""

import http.client
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import pyoxigraph
import pytest
from news_graph import EVIL, news_graph

from kg.formats import write
from kg.server.drawing import drawing
from kg.server.results import chosen

LABELS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label WHERE { ?node skos:prefLabel ?label . FILTER(STRSTARTS(?label, "P")) } ORDER BY ?label
"""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LONG_PATH = "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|^!<x:y>)* ?b . ?b (!<x:y>|^!<x:y>)* ?c . ?c (!<x:y>|^!<x:y>)* ?d }"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of `kg serve`, with a limit of two seconds and five rows."""
    graph = write(news_graph(), tmp_path_factory.mktemp("serve") / "kg.json")
    command = [sys.executable, "-m", "kg", "serve", graph, "--port", "0", "--timeout", "2", "--max-rows", "20"]
    with subprocess.Popen([*map(str, command)], stderr=subprocess.PIPE, text=True) as running:
        said = running.stderr.readline()
        try:
            yield re.search(r"http://127\.0\.0\.1:\d+/", said)[0]
        finally:
            running.terminate()
            running.wait(10)


def ask(server, path, *, method="GET", body=None, **headers):
    """Return the status, the headers and the text of an answer."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text


def sparql(server, query, **headers):
    return ask(server, f"/sparql?{urlencode({'query': query})}", **headers)


ANSWERS = [
    ("application/sparql-results+json", lambda text: json.loads(text)["results"]["bindings"][0]["label"]["value"]),
    ("application/sparql-results+xml", lambda text: ElementTree.fromstring(text)[1][0][0][0].text),
    ("text/csv", lambda text: text.split("\r\n")[1]),
    ("text/tab-separated-values", lambda text: text.split("\n")[1].strip('"').removesuffix('"@en')),
]


@pytest.mark.parametrize(("type", "first"), ANSWERS)
def test_rows_come_in_the_type_asked_for(server, type, first):
    status, headers, text = sparql(server, LABELS, Accept=f"{type}, */*;q=0.1")
    assert (status, headers["content-type"].partition(";")[0]) == (200, type)
    assert first(text) == "Peru"


def test_rows_read_as_pyoxigraph_reads_them(server):
    formats = {
        "application/sparql-results+json": pyoxigraph.QueryResultsFormat.JSON,
        "application/sparql-results+xml": pyoxigraph.QueryResultsFormat.XML,
        "text/tab-separated-values": pyoxigraph.QueryResultsFormat.TSV,
    }
    query = "SELECT * { ?s ?p ?o . OPTIONAL { ?o ?q ?r } } ORDER BY ?s ?p ?o ?q ?r LIMIT 20"
    read = []
    for type, format in formats.items():
        _, _, text = sparql(server, query, Accept=type)
        solutions = pyoxigraph.parse_query_results(text.encode(), format=format)
        read.append([[None if term is None else str(term) for term in row] for row in solutions])
    assert len(read[0]) == 20
    assert read[0] == read[1] == read[2]


@pytest.mark.parametrize("type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_triples_come_in_the_type_asked_for(server, type):
    status, headers, text = sparql(server, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 7", Accept=type)
    assert (status, headers["content-type"].partition(";")[0]) == (200, type)
    assert len(list(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.from_media_type(type)))) == 7


def test_queries_come_in_three_ways(server):
    by_get = sparql(server, LABELS)[2]
    direct = {"method": "POST", "body": LABELS, "Content_Type": "application/sparql-query; charset=utf-8"}
    form = {"method": "POST", "body": urlencode({"query": LABELS}), "Content_Type": "application/x-www-form-urlencoded"}
    assert by_get == ask(server, "/sparql", **direct)[2] == ask(server, "/sparql", **form)[2]


POSTED = {"method": "POST", "Content_Type": "application/x-www-form-urlencoded"}
# W3C SPARQL 1.1 protocol tests (bad-*), and what besides them is no query to be answered.
BAD = [
    ({"path": "/sparql?query=ASK%20%7B%7D&query=SELECT%20*%20%7B%7D"}, 400),
    ({"path": "/sparql?query=SELECT%20*%20WHERE"}, 400),
    ({"path": "/sparql", "method": "POST", "body": "ASK {}", "Content_Type": "text/plain"}, 415),
    ({"path": "/sparql", "method": "POST", "body": "ASK {}"}, 415),
    ({"path": "/sparql", "body": b"query=%FF\xff", **POSTED}, 400),
    ({"path": "/sparql", "body": "", **POSTED}, 400),
    ({"path": "/sparql", "method": "PUT"}, 405),
    ({"path": "/sparql?query=ASK%20%7B%7D", "Accept": "image/png"}, 406),
    ({"path": "/sparql?query=" + "A" * 60_000, "Accept": "*/*"}, 400),
    ({"path": "/sparql", "body": "query=" + "A" * 400_000, **POSTED}, 413),
]


@pytest.mark.parametrize(("asked", "status"), BAD)
def test_what_is_no_query_is_told_so(server, asked, status):
    assert ask(server, asked.pop("path"), **asked)[0] == status


REFUSED = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }",
    "ASK { ?s ?p '\\'' . #'\n SERVICE<http://127.0.0.1:1/>{} }",
    "ASK { s\\u0065rvice <http://127.0.0.1:1/> {} }",
    'ASK { ?s ?p "\\u0022 . SERVICE <http://127.0.0.1:1/> {} } #" }',
    "PREFIX : <http://127.0.0.1:1/> ASK { SERVICE:x {} }",
    "ASK { ?s ?p 5SERVICE<http://127.0.0.1:1/>{} }",
    "ASK { ?s ?p true.SERVICE<http://127.0.0.1:1/>{} }",
    "ASK { {}SERVICESILENT<http://127.0.0.1:1/>{} }",
    "ASK { ?s ?p ?o #\r SERVICE <http://127.0.0.1:1/> {}\n }",
    "ASK { ?s <x:\u00a0'> ?o . SERVICE <http://127.0.0.1:1/> {} ?s <x:'> ?o }",
    "PREFIX x: <x:> ASK { ?s x:a\\#b ?o . SERVICE <http://127.0.0.1:1/> {} }",
    "PREFIX x: <x:> ASK { ?s x:a\\'b ?o . SERVICE <http://127.0.0.1:1/> {} ?s x:a\\'b ?o }",
    "ASK { ?s ?p '''a\\''' x''' . SERVICE <http://127.0.0.1:1/> {} ?s ?p '''y''' }",
    "LOAD <file:///etc/passwd>",
    "DELETE WHERE { ?s ?p ?o }",
    "INSERT DATA { <x:a> <x:b> <x:c> }",
    "CLEAR ALL",
]


@pytest.mark.parametrize("query", REFUSED)
def test_updates_and_services_are_refused(server, query):
    before = sparql(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Accept="text/csv")[2]
    assert sparql(server, query)[0] in (400, 403)
    form = {"body": urlencode({"update": query}), **POSTED}
    assert ask(server, "/sparql", **form)[0] == 403
    update = {"method": "POST", "body": query.encode(), "Content_Type": "application/sparql-update"}
    assert ask(server, "/sparql", **update)[0] == 403
    assert sparql(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Accept="text/csv")[2] == before


def test_words_that_only_look_like_them_are_not(server):
    query = 'PREFIX load: <x:SERVICE> ASK { ?service load:drop \'SERVICE \\\' <x>\', """LOAD " """ . # DELETE\n}'
    assert sparql(server, query)[0] == 200


# What a pattern of ours might take long for, and a parser that calls itself might fall over.
KNOTS = ["a.-" * 33_000, "'a\\" * 30_000, "<a" * 49_000, "a:" * 49_000, "'''" * 33_000, '"' * 99_999, "(" * 90_000]
KNOTS += ["ASK " + "{" * 40_000 + "}" * 40_000, "ASK { FILTER(" + "!" * 80_000 + "true) }"]


@pytest.mark.parametrize("query", KNOTS, ids=range(len(KNOTS)))
def test_a_knotty_text_holds_up_nobody(server, query):
    posted = {"method": "POST", "body": query, "Content_Type": "application/sparql-query"}
    with ThreadPoolExecutor() as pool:
        began = time.monotonic()
        knotty = pool.submit(ask, server, "/sparql", **posted)
        assert ask(server, "/api/search?q=pe")[0] == 200
        assert time.monotonic() - began < 2
        assert knotty.result()[0] in (400, 413, 500, 504)
    assert sparql(server, LABELS)[0] == 200


MANY = "a" * 9000
ONES = "{" + " 1" * 3000 + "}"
GREEDY = [
    "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?d)) AS ?x) ?g ?h ?i }",
    f"SELECT ?z {{ BIND(REPLACE('{MANY}', 'a', '{MANY}b') AS ?x) BIND(REPLACE(?x, 'b', '{MANY}') AS ?z) }}",
    f"SELECT * {{ VALUES ?a {ONES} VALUES ?b {ONES} VALUES ?c {ONES} }} ORDER BY ?a",
]


@pytest.mark.parametrize("query", GREEDY, ids=range(len(GREEDY)))
def test_a_query_that_wants_all_memory_is_cut_and_leaves_the_others_alone(server, query):
    posted = {"method": "POST", "body": query, "Content_Type": "application/sparql-query"}
    assert ask(server, "/sparql", **posted)[0] in (500, 504)
    assert sparql(server, LABELS)[0] == 200


@pytest.mark.parametrize("query", [ENDLESS, LONG_PATH])
def test_a_query_without_end_is_cut_while_others_are_answered(server, query):
    with ThreadPoolExecutor() as pool:
        began = time.monotonic()
        endless = pool.submit(sparql, server, query)
        time.sleep(0.3)
        assert sparql(server, "ASK {}")[0] == 200
        assert time.monotonic() - began < 1.5
        status, _, text = endless.result()
    assert (status, text) == (504, "the query was cut after 2 s; ask for less\n")
    assert 1.8 < time.monotonic() - began < 5
    assert sparql(server, LABELS)[0] == 200


def test_many_such_at_once_leave_the_server_alive(server):
    with ThreadPoolExecutor(24) as pool:
        statuses = list(pool.map(lambda _: sparql(server, ENDLESS)[0], range(24)))
    assert set(statuses) <= {503, 504}
    assert {503, 504} <= set(statuses)
    assert sparql(server, LABELS)[0] == 200


def test_rows_beyond_the_limit_are_left_out_and_that_is_said(server):
    _, headers, text = sparql(server, "SELECT * { ?s ?p ?o }", Accept="text/csv")
    assert (len(text.split("\r\n")) - 2, headers["x-kg-cut-at"]) == (20, "20")
    assert "x-kg-cut-at" not in sparql(server, LABELS)[1]


def test_the_service_describes_itself(server):
    status, headers, text = ask(server, "/sparql", Accept="text/turtle")
    assert (status, headers["content-type"]) == (200, "text/turtle")
    said = {triple.object.value for triple in pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.TURTLE)}
    assert {"http://www.w3.org/ns/sparql-service-description#SPARQL11Query", f"{server}sparql"} <= said


def test_the_request_that_the_document_shows_works(server):
    document = (Path(__file__).parent.parent / "docs" / "explorer.md").read_text(encoding="utf-8")
    shown = re.search(r"curl -G localhost:8321/sparql -H 'Accept: (.+?)' --data-urlencode 'query=(.+?)'", document)
    accept, query = shown.groups()
    status, _, text = sparql(server, query, Accept=accept)
    assert (status, text.split("\r\n")[0], text.count("\r\n")) == (200, "s,p,o", 4)


def test_a_client_of_others_making_reads_it(server):
    import SPARQLWrapper as wrapper

    client = wrapper.SPARQLWrapper(f"{server}sparql", returnFormat=wrapper.JSON)
    client.setQuery(LABELS)
    for method in (wrapper.GET, wrapper.POST):
        client.setMethod(method)
        found = client.queryAndConvert()
        assert [row["label"]["value"] for row in found["results"]["bindings"]] == ["Peru"]


STRANGERS = [
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": ""},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
]


@pytest.mark.parametrize("headers", STRANGERS)
@pytest.mark.parametrize("path", ["/", "/api/graph", "/sparql?query=ASK%7B%7D"])
def test_strangers_are_not_answered(server, headers, path):
    status, _, text = ask(server, path, **headers)
    assert status in (400, 403)
    assert "Peru" not in text


def test_the_page_itself_is_answered(server):
    assert ask(server, "/api/graph", Origin=server.rstrip("/"), Sec_Fetch_Site="same-origin")[0] == 200
    assert ask(server, "/", Host=f"localhost:{urlsplit(server).port}")[0] == 200


PATHS = [
    "/../pyproject.toml",
    "/static/explorer.js",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd",
    "/api/../../x",
    "/api",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_file_is_served(server, path):
    assert ask(server, path)[0] == 404


def test_the_api_tells_what_the_page_asks(server):
    whole = json.loads(ask(server, "/api/graph")[2])
    own = drawing_without_quotes()
    assert {name: whole[name] for name in own} == json.loads(json.dumps(own))
    found = json.loads(ask(server, "/api/search?q=zay")[2])["nodes"]
    assert found[0]["label"] == "Émile Zay"
    link = json.loads(ask(server, "/api/link?" + urlencode({"a": "country/PE", "b": "person/di-alone"}))[2])
    assert link["quotes"][0][1:] == [f"🌍 {EVIL} ", *pieces("Peru")]
    path = json.loads(ask(server, "/api/path?from=person/cy-roe&to=person/ann-lee")[2])
    assert path["path"] == ["person/cy-roe", "person/bo-poe", "person/ann-lee"]
    assert ask(server, "/api/neighbours?id=nobody")[0] == 404
    assert ask(server, "/api/link?a=country/PE")[0] == 400
    assert ask(server, "/api/path?from=country/PE&to=country/PE")[0] == 400
    assert ask(server, "/api/graph", method="POST")[0] == 405


def drawing_without_quotes():
    from kg.formats.listing import listed

    return drawing(listed(news_graph()), quotes=False)


def pieces(other):
    return ["Di <img src=x onerror=document.title='owned'>", " & ", other, " met, sentence 0."]


def test_the_page_allows_its_own_script_alone(server, tmp_path):
    _, headers, text = ask(server, "/")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    one = write(news_graph(), tmp_path / "one.html").read_text(encoding="utf-8")
    assert "connect-src 'none'" in one
    assert EVIL not in one
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", one.replace("www.w3.org", ""))


@pytest.mark.parametrize(
    ("accept", "type"),
    [(None, "a/b"), ("", "a/b"), ("c/d", "c/d"), ("*/*;q=0.1, c/*", "c/d"), ("a/b;q=0, */*", "c/d"), ("x/y", None)],
)
def test_the_best_type_is_chosen(accept, type):
    assert chosen(accept, ["a/b", "c/d"]) == type


def test_what_serving_needs_is_told(monkeypatch):
    from click.testing import CliRunner

    from kg.cli import main

    monkeypatch.setitem(sys.modules, "kg.server.app", None)
    result = CliRunner().invoke(main, ["serve", str(Path(__file__).parent.parent / "exports")])
    assert (result.exit_code, 'pip install "kg[serve]"' in result.stderr) == (2, True)
