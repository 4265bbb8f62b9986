"""What the documents say holds: commands, formats, the query and its answers, the seed graph that is committed."""

import re
from pathlib import Path

import pyoxigraph
import rdflib
from click.testing import CliRunner

import kg
from kg.articles import READERS
from kg.cli import main
from kg.filters import select
from kg.formats import FORMATS, write_all
from kg.queries import neighbours

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = README + "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def fenced(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)[1]


def test_every_command_and_format_is_named():
    named = [f"kg {name}" for name in main.commands] + [f"`{name}`" for name in FORMATS]
    assert [name for name in named if name not in DOCUMENTS] == []
    assert [name for name in READERS if name not in README] == []


def test_each_file_and_filter_is_described():
    described = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    files = [Path(ending).name for format in FORMATS.values() for ending in format.files]
    assert [name for name in files if name not in described] == []
    filters = [option.opts[0] for option in main.commands["export"].params if option.name in select.__kwdefaults__]
    assert len(filters) == len(select.__kwdefaults__)
    assert [name for name in filters if name not in described] == []


def test_ci_calls_the_test_command_of_the_readme():
    (command,) = [line for line in fenced("sh").splitlines() if "pytest" in line]
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_committed_graph_is_what_the_main_job_makes(tmp_path):
    committed = sorted((ROOT / "exports").glob("kg.*"))
    assert {".ttl", ".graphml"} <= {path.suffix for path in committed}
    write_all(kg.build(ROOT / "seeds"), tmp_path, [path.suffix for path in committed])
    for path in committed:
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_the_ten_seed_articles_are_found_in_both_files():
    articles = kg.build(ROOT / "seeds").graph["articles"]
    assert sorted(len(article["found"]) for article in articles.values()) == [1] * 4 + [2] * 6
    assert all(article["title"] for article in articles.values())


def test_the_query_gives_one_answer_in_rdflib_in_pyoxigraph_and_in_python():
    query, turtle = fenced("sparql"), (ROOT / "exports" / "kg.ttl").read_bytes()
    by_rdflib = [tuple(map(str, row)) for row in rdflib.Graph().parse(data=turtle).query(query)]
    store = pyoxigraph.Store()
    store.load(turtle, pyoxigraph.RdfFormat.TURTLE)
    by_pyoxigraph = [tuple(value.value for value in row) for row in store.query(query)]
    graph = kg.build(ROOT / "seeds")
    by_python = [(n.label, f"{n.weight:g}", n.evidence.text) for n in neighbours(graph, "country/UA")]
    assert by_rdflib == by_pyoxigraph == by_python
    assert len(by_python) > 10


def test_help_of_each_command_names_its_inputs():
    for name in main.commands:
        inputs = {
            "ask": "COMMAND",
            "query": "--sparql",
            "show": "NAME",
            "train": "RECIPE",
            "curate": "TABLE",
            "add": "[INPUT]...",
            "remove": "--store FILE",
            "status": "--store FILE",
            "export": "GRAPH.json",
            "validate": "FILE",
            "vocabulary": "--shapes",
        }
        assert inputs.get(name, "INPUT...") in CliRunner().invoke(main, [name, "--help"]).stdout
