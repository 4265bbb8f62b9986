"""`kg ask`, `kg show` and `kg query`, as a user calls them."""

import csv
import io
import json

import networkx as nx
import pytest
from click.testing import CliRunner

import kg
from kg.cli import main
from kg.formats import write

NEWS = [
    ("a", "2024-01-10", "Angela Merkel met Emmanuel Macron in France. Russia and Ukraine held talks in Turkey."),
    ("b", "2024-01-12", "Angela Merkel spoke with Emmanuel Macron about Ukraine."),
    ("c", "2024-02-01", "Angela Merkel spoke with Olaf Scholz. Joe Biden thanked Angela Merkel."),
    ("d", "2024-02-03", "Olaf Scholz praised Angela Merkel, who was \x1b[31min Russia."),
]
QUESTIONS = [
    ["neighbours", "merkel", "--kind", "person", "--min-weight", "1", "--since", "2024-01", "--until", "2024-02"],
    ["links", "merkel", "macron"],
    ["path", "macron", "russia"],
    ["paths", "macron", "russia", "-k", "2", "--longest", "4"],
    ["brokers", "macron", "scholz"],
    ["only-with", "merkel"],
    ["communities"],
    ["timeline", "merkel", "macron", "--by", "day"],
    ["timeline", "merkel"],
    ["events", "russia", "ukraine", "--type", "talks"],
    ["events", "russia"],
    ["trends", "2024-01", "2024-02"],
    ["compare", "graph/kg.json", "--least", "1"],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ask")
    rows = [json.dumps({"id": id, "published": day, "text": text}) for id, day, text in NEWS]
    (folder / "news.jsonl").write_text("\n".join(rows), encoding="utf-8")
    graph = kg.build(folder / "news.jsonl", accuracy="fast")
    write(graph, folder / "graph" / "kg.ttl")
    write(graph, folder / "graph" / "kg.json")
    return folder


@pytest.fixture
def run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.delenv("KG_GRAPH", raising=False)
    return lambda *arguments, **more: CliRunner().invoke(main, list(arguments), **more)


def test_each_question_can_be_asked_here():
    commands = main.commands["ask"].commands
    assert {question[0] for question in QUESTIONS} == set(commands)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_question_is_answered_as_a_table_as_json_and_as_csv(run, question):
    shown = run("ask", *question)
    assert (shown.exit_code, bool(shown.stdout)) == (0, True)
    assert "\x1b" not in shown.stdout
    answers = json.loads(run("ask", *question, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(run("ask", *question, "--csv").stdout)))
    assert [list(row) for row in rows] == [list(answer) for answer in answers]
    assert len(rows) > 0
    assert json.loads(run("ask", *question, "--json", "-n", "1").stdout) == answers[:1]


@pytest.mark.parametrize("place", ["graph", "graph/kg.ttl", "graph/kg.json"])
@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_the_text_of_a_question_is_answered_by_kg_query(run, question, place):
    answers = json.loads(run("ask", *question, "--json").stdout)
    for language in ("sparql", "cypher"):
        text = run("ask", *question, "--as", language)
        assert text.exit_code == 0
        answered = run("query", f"--{language}", "-", "-g", place, "--csv", input=text.stdout)
        assert answered.exit_code == 0, answered.stderr
        if language == "sparql" or question[0] not in ("path", "paths", "trends"):
            lines = list(csv.reader(io.StringIO(answered.stdout)))
            expected = len(answers) if question[0] != "communities" else sum(row["size"] for row in answers)
            assert len(lines) - 1 == expected


def test_names_are_said_where_they_are_not_as_typed(run):
    assert run("ask", "timeline", "merkel").stderr == "kg: merkel is taken for Angela Merkel (person/angela-merkel)\n"
    assert run("ask", "timeline", "angela  merkel").stderr != ""
    assert run("ask", "timeline", "Angela Merkel").stderr == run("ask", "timeline", "angela merkel").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "neighbours", "Mrekel"], "kg: nobody and nothing in the graph goes by 'Mrekel'; near to it are"),
        (
            ["ask", "path", "merkel", "Angela"],
            "'person/angela-merkel' and 'person/angela-merkel' are both Angela Merkel",
        ),
        (["ask", "path", "merkel", "Angela", "--as", "cypher"], "both names are those of person/angela-merkel"),
        (["ask", "neighbours", "merkel", "--kind", "dog"], "no kind is dog; there are person, country, event"),
        (["ask", "neighbours", "merkel", "--since", "May"], "'May' is no period"),
        (["ask", "neighbours", "merkel", "--until", "2024..2025"], "'2024..2025' is no ISO date"),
        (["ask", "neighbours", "merkel", "-g", "nowhere"], "kg: nowhere: there is no such file or folder"),
        (["ask", "trends", "2024-01", "soon"], "kg: 'soon' is no period"),
        (["ask", "trends", "2023", "2024-01"], "kg: no article is dated in 2023; articles are dated from 2024-01-10"),
        (["ask", "compare", "nowhere"], "kg: nowhere: there is no such file or folder"),
        (["ask", "brokers", "merkel", "macron", "--as", "sparql", "--base", "x"], "kg: cannot begin IRIs with 'x'"),
        (["show", "nobody"], "kg: nobody and nothing in the graph goes by 'nobody'"),
        (["query"], "give a query by either --sparql or --cypher"),
        (["query", "--sparql", "a", "--cypher", "b"], "give a query by either --sparql or --cypher"),
        (["query", "--sparql", "missing.rq"], "kg: missing.rq: cannot be read"),
        (["query", "--sparql", "SELECT {"], "kg: the query is no SPARQL: "),
        (["query", "--sparql", "DELETE WHERE { ?s ?p ?o }"], "kg: the query is no SPARQL: "),
        (["query", "--sparql", "LOAD <https://x.example/(a)>"], "kg: the query is no SPARQL: "),
        (
            ["query", "--sparql", "SELECT * { SERVICE <https://x.example/> { ?s ?p ?o } }"],
            "kg: SERVICE asks other machines",
        ),
        (["query", "--cypher", "MATCH (n"], "kg: the query is no Cypher that grand-cypher understands: "),
        (
            ["query", "--cypher", "MATCH (n) RETURN m.label"],
            "kg: the query is no Cypher that grand-cypher understands: ",
        ),
        (["query", "--cypher", "CREATE (n {id: 1})"], "kg: the query is no Cypher that grand-cypher understands: "),
    ],
)
def test_what_cannot_be_answered_is_one_clear_line(run, arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr.splitlines()[-1]


def test_no_answer_is_an_answer(run):
    result = run("ask", "links", "macron", "scholz")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[-1] == "kg: no passage links them; kg ask path may find a way round"
    assert json.loads(run("ask", "links", "macron", "scholz", "--json").stdout) == []


def test_the_rest_of_a_long_table_is_told(run, folder):
    star = nx.star_graph(30)
    star = nx.relabel_nodes(star, {i: f"person/p{i}" for i in star})
    nx.set_node_attributes(star, {node: {"kind": "person", "label": node[7:].title()} for node in star})
    nx.set_edge_attributes(star, {link: {"weight": 1.0, "evidence": []} for link in star.edges})
    write(star, folder / "star.json")
    result = run("ask", "neighbours", "P0", "-g", "star.json")
    assert "kg: 10 more; -n 30 shows all" in result.stderr
    assert "more" not in run("ask", "neighbours", "P0", "-g", "star.json", "-n", "30").stderr


def test_a_card_tells_what_is_known(run):
    text = run("show", "merkel").stdout
    assert text.startswith(
        "Angela Merkel  (person/angela-merkel)\nperson, named 5 times in 4 articles, from 2024-01-10 to 2024-02-03\n"
    )
    assert "\x1b" not in text
    about = json.loads(run("show", "merkel", "--json").stdout)
    assert [other["label"] for other in about["linked"]["people"]] == ["Emmanuel Macron", "Olaf Scholz", "Joe Biden"]


def test_articles_can_be_asked_without_a_graph(run):
    result = run("ask", "timeline", "merkel", "-g", "news.jsonl", "--csv")
    assert (result.exit_code, result.stdout) == (0, "period,articles\n2024-01,2\n2024-02,2\n")


def test_articles_that_cannot_be_read_are_told(run, folder):
    (folder / "some").mkdir()
    (folder / "some" / "a.txt").write_text("Angela Merkel met Emmanuel Macron in Berlin.", encoding="utf-8")
    (folder / "some" / "empty.txt").write_text("", encoding="utf-8")
    result = run("ask", "links", "merkel", "macron", "-g", "some", "--csv")
    assert result.exit_code == 1
    assert "empty.txt" in result.stderr
    assert "Angela Merkel met" in result.stdout
    (folder / "none").mkdir()
    assert run("ask", "communities", "-g", "none").exit_code == 1


def test_queries_of_ones_own(run, folder):
    cypher = "MATCH (c:Country {iso: 'RU'}) RETURN c.label, c.iso3; MATCH (c:Country {iso: 'FR'}) RETURN c.label"
    assert run("query", "--cypher", cypher, "--csv").stdout == "c.label,c.iso3\nRussia,RUS\nc.label\nFrance\n"
    (folder / "query.rq").write_text('SELECT ?iso { ?c schema:name "Russia" ; kg:iso2 ?iso }', encoding="utf-8")
    assert json.loads(run("query", "--sparql", "query.rq", "--json").stdout) == [{"iso": "RU"}]
    assert run("query", "--sparql", 'ASK { ?c schema:name "SERVICE" }').stdout == "false\n"
    turtle = run("query", "--sparql", 'CONSTRUCT { ?c a schema:Country } WHERE { ?c schema:name "Russia" }').stdout
    assert turtle.splitlines()[-1] == "country:RU a schema:Country ."
