"""The query cases of the W3C's tests of the SPARQL 1.1 Protocol, and that what they say of updates is refused.

They go by the names that they have in https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/ and test what
section 2 of https://www.w3.org/TR/sparql11-protocol/ asks. Theirs ask of graphs on the web; here are such graphs, each
with one triple that says what it is. Updates have no cases of success, since the endpoint only reads.
"""

import asyncio
import http.client
import json
import threading
from contextlib import asynccontextmanager
from urllib.parse import urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from kg.server.sparql import Endpoint, Limits

DATA = [f"http://data.example/data{i}.rdf" for i in range(4)]
DIRECT = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
ROWS = ("application/sparql-results+xml", "application/sparql-results+json")
TABLES = (*ROWS, "text/tab-separated-values", "text/csv")
TRIPLES = ("application/rdf+xml", "application/rdf+json", "text/turtle")


def fill(store):
    a, document = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode("http://x.example/Text")
    graphs = [ox.DefaultGraph(), *map(ox.NamedNode, DATA[1:])]
    store.extend(ox.Quad(ox.NamedNode(iri), a, document, graph) for iri, graph in zip(DATA, graphs, strict=True))


@pytest.fixture(scope="module")
def port():
    """The port of an endpoint that holds data0 in the default graph, and data1 to data3 in graphs of those names."""
    endpoint = Endpoint(fill, Limits(timeout=20))

    @asynccontextmanager
    async def running(_):
        await endpoint.start()
        yield
        await endpoint.stop()

    route = Route("/sparql", endpoint.answer, methods=["GET", "HEAD", "POST"])
    config = uvicorn.Config(Starlette(routes=[route], lifespan=running), port=0, log_level="warning")
    socket, server = config.bind_socket(), uvicorn.Server(config)
    socket.listen()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([socket])))
    thread.start()
    yield socket.getsockname()[1]
    server.should_exit = True
    thread.join(20)


def send(port, method, parameters=(), body=None, type=None, accept=None):
    """Return the status, the media type and the text of the answer to a request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {name: value for name, value in {"Content-Type": type, "Accept": accept}.items() if value}
    connection.request(method, f"/sparql?{urlencode(parameters)}", body, headers)
    answer = connection.getresponse()
    said = answer.status, (answer.getheader("Content-Type") or "").partition(";")[0], answer.read().decode()
    connection.close()
    return said


def graphs(default=(), named=()):
    return [("default-graph-uri", DATA[i]) for i in default] + [("named-graph-uri", DATA[i]) for i in named]


def are_there(*numbers):
    return " . ".join(f"<{DATA[i]}> a ?type" for i in numbers)


ASKED = {
    "query_get": ("GET", [("query", "ASK {}")]),
    "query_post_form": ("POST", [], urlencode({"query": "ASK {}"}), FORM),
    "query_post_direct": ("POST", [], "ASK {}", DIRECT),
    "query_dataset_default_graph": ("POST", graphs([1]), f"ASK {{ {are_there(1)} }}", DIRECT),
    "query_dataset_default_graphs_get": ("GET", [("query", f"ASK {{ {are_there(1, 2)} }}"), *graphs([1, 2])]),
    "query_dataset_default_graphs_post": ("POST", graphs([1, 2]), f"ASK {{ {are_there(1, 2)} }}", DIRECT),
    "query_dataset_default_graphs_form": (
        "POST",
        [],
        urlencode([("query", f"ASK {{ {are_there(1, 2)} }}"), *graphs([1, 2])]),
        FORM,
    ),
    "query_dataset_named_graphs_get": (
        "GET",
        [("query", f"ASK {{ GRAPH ?g1 {{ {are_there(1)} }} GRAPH ?g2 {{ {are_there(2)} }} }}"), *graphs([], [1, 2])],
    ),
    "query_dataset_named_graphs_post": ("POST", graphs([], [1, 2]), "ASK { GRAPH ?g { ?s ?p ?o } }", DIRECT),
    "query_multiple_dataset": ("POST", graphs([2]), f"ASK FROM <{DATA[1]}> {{ {are_there(2)} }}", DIRECT),
}


@pytest.mark.parametrize("accept", [None, *ROWS])
@pytest.mark.parametrize("case", ASKED)
def test_queries_that_are_true(port, case, accept):
    status, type, text = send(port, *ASKED[case], **{"accept": accept})
    assert (status, type in ROWS if accept is None else type == accept) == (200, True)
    if type == ROWS[1]:
        assert json.loads(text)["boolean"] is True
    else:
        assert ElementTree.fromstring(text).findtext("{http://www.w3.org/2005/sparql-results#}boolean") == "true"


DATASETS = [
    # what the request says, what the query says, what is in the default graph, what in named ones
    ((), "", {0}, {1, 2, 3}),
    (graphs([1, 2]), "", {1, 2}, set()),
    (graphs([], [1, 2]), "", set(), {1, 2}),
    (graphs([3], [1, 2]), "", {3}, {1, 2}),  # query_dataset_full
    (graphs([2]), f"FROM <{DATA[1]}> FROM NAMED <{DATA[3]}>", {2}, set()),
    (graphs([], [3]), f"FROM <{DATA[1]}>", set(), {3}),
    ((), f"FROM <{DATA[1]}> FROM NAMED <{DATA[3]}>", {1}, {3}),
    ([("default-graph-uri", "http://data.example/none.rdf")], "", set(), set()),
]


@pytest.mark.parametrize(("asked", "clause", "default", "named"), DATASETS)
def test_the_request_says_which_graphs_are_meant_and_else_the_query(port, asked, clause, default, named):
    query = f"SELECT ?s ?g {clause} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    _, _, text = send(port, "POST", asked, query, DIRECT, "text/csv")
    rows = {tuple(line.split(",")) for line in text.split()[1:]}
    assert rows == {(DATA[i], "") for i in default} | {(DATA[i], DATA[i]) for i in named}


TYPES = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", TABLES),
    "query_content_type_ask": ("ASK {}", ROWS),
    "query_content_type_describe": ("DESCRIBE <http://example.org/>", TRIPLES),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", TRIPLES),
}


@pytest.mark.parametrize("case", TYPES)
def test_answers_have_a_type_that_fits_the_query(port, case):
    query, types = TYPES[case]
    status, type, _ = send(port, "POST", [], query, DIRECT)
    assert (status, type in types) == (200, True)


def test_relative_iris_are_relative_to_the_endpoint(port):
    _, _, text = send(port, "GET", [("query", "CONSTRUCT { <s> <#p> 1 } WHERE {}")], accept="application/n-triples")
    here = f"http://127.0.0.1:{port}"
    assert text.startswith(f'<{here}/s> <{here}/sparql#p> "1"')


UTF16 = "ASK {}".encode("utf-16")
CONFLICT = {"using-named-graph-uri": DATA[1], "update": f"WITH <{DATA[2]}> DELETE {{ ?s ?p 1 }} WHERE {{ ?s ?p 1 }}"}
BAD = {
    "bad_query_method": (405, ("PUT", [("query", "ASK {}")])),
    "bad_multiple_queries": (400, ("GET", [("query", "ASK {}"), ("query", "SELECT * {}")])),
    "bad_multiple_queries_form": (400, ("POST", [], urlencode([("query", "ASK {}"), ("query", "ASK {}")]), FORM)),
    "bad_query_wrong_media_type": (415, ("POST", [], "ASK {}", "text/plain")),
    "bad_query_missing_form_type": (415, ("POST", [], urlencode({"query": "ASK {}"}))),
    "bad_query_missing_direct_type": (415, ("POST", [], "ASK {}")),
    "bad_query_non_utf8": (415, ("POST", [], UTF16, f"{DIRECT}; charset=UTF-16")),
    "bad_query_non_utf8_unsaid": (400, ("POST", [], UTF16, DIRECT)),
    "bad_query_syntax": (400, ("GET", [("query", "ASK {")])),
    "bad_query_syntax_direct": (400, ("POST", [], "ASK {", DIRECT)),
    "bad_graph_iri": (400, ("GET", [("query", "ASK {}"), ("default-graph-uri", "not an iri")])),
    "bad_update_get": (403, ("GET", [("update", "CLEAR ALL")])),
    "bad_multiple_updates": (403, ("POST", [], urlencode([("update", "CLEAR NAMED"), ("update", "CLEAR ALL")]), FORM)),
    "bad_update_wrong_media_type": (415, ("POST", [], "CLEAR NAMED", "text/plain")),
    "bad_update_missing_form_type": (415, ("POST", [], urlencode({"update": "CLEAR NAMED"}))),
    "bad_update_non_utf8": (
        415,
        ("POST", [], "CLEAR NAMED".encode("utf-16"), "application/sparql-update; charset=UTF-16"),
    ),
    "bad_update_syntax": (403, ("POST", [], urlencode({"update": "CLEAR XYZ"}), FORM)),
    "bad_update_dataset_conflict": (403, ("POST", [], urlencode(CONFLICT), FORM)),
    "update_post_form": (403, ("POST", [], urlencode({"update": "CLEAR ALL"}), FORM)),
    "update_post_direct": (403, ("POST", [], "CLEAR ALL", "application/sparql-update")),
    "update_as_query": (403, ("POST", [], urlencode({"query": "CLEAR ALL"}), FORM)),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_requests_and_updates_are_refused(port, case):
    status, request = BAD[case]
    found, type, text = send(port, *request)
    assert found == status
    assert (type, text.strip() != "") == ("text/plain", True)
    assert json.loads(send(port, "GET", [("query", f"ASK {{ {are_there(0)} }}")])[2])["boolean"] is True
