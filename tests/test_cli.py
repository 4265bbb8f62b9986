"""The command line as a user meets it: what is printed where, exit codes, and one clear line for each bad input."""

import json
import resource
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import networkx
import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner

from kg.cli import main
from kg.filters import left_out, select
from kg.formats.nodelink import read

STORY = "Envoys meet in Peru\n\nAnn Lee, the Canadian envoy, met President Juan Ruiz of Peru on Monday in Lima.\n"
GOOD = {"id": "good", "text": STORY}


def kg(*arguments: object, stdin: str | bytes | None = None):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin, catch_exceptions=False)


@pytest.fixture
def story(tmp_path) -> Path:
    path = tmp_path / "in" / "story.txt"
    path.parent.mkdir()
    path.write_text(STORY, encoding="utf-8")
    return path


def test_help_teaches_by_examples():
    shown = kg("--help").stdout
    assert "kg build articles/ -o graph/" in shown
    assert "kg extract news.jsonl > records.jsonl" in shown


def test_help_loads_nothing_heavy():
    heavy = "{'spacy', 'networkx', 'rdflib', 'numpy', 'trafilatura', 'tqdm', 'pyoxigraph', 'duckdb'}"
    code = f"import sys, kg, kg.cli; print(sorted({heavy} & sys.modules.keys()))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_build_writes_both_files_and_prints_a_summary(story, tmp_path):
    result = kg("build", story.parent, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["kg.graphml", "kg.ttl"]
    assert [line.split() for line in result.stdout.splitlines()[:4]] == [
        ["articles", "1"],
        ["skipped", "0"],
        ["people", "2"],
        ["countries", "2"],
    ]
    assert "strongest links" in result.stdout
    assert "Ann Lee – Juan Ruiz" in result.stdout or "Juan Ruiz – Ann Lee" in result.stdout


def test_the_summary_as_json(story, tmp_path):
    summary = json.loads(kg("build", story, "-o", tmp_path, "--json").stdout)
    assert (summary["articles"], summary["people"], summary["countries"]) == (1, 2, 2)
    assert {"a", "b", "weight"} == summary["strongest"][0].keys()


SELECTED = [
    ([], {"meeting", "conference"}),
    (["--events", "named"], {"conference"}),
    (["--events", "none"], set()),
    (["--types", "meeting,visit"], {"meeting"}),
]


@pytest.mark.parametrize(("options", "types"), SELECTED)
def test_events_are_selected_by_name_and_type(options, types, tmp_path):
    story = "Ann Lee met Bo Poe of Peru on Monday. Ann Lee of Chile spoke at the Munich Security Conference."
    kg("build", "-", "-o", tmp_path, *options, stdin=story)
    nodes = networkx.read_graphml(tmp_path / "kg.graphml").nodes(data="type")
    assert {type for _, type in nodes if type} == types


def test_extract_prints_one_record_a_line_in_input_order(tmp_path):
    lines = [{"id": f"n{i}", "text": f"Ann Lee met Bo Poe in Peru {i} times."} for i in (2, 1, 3)]
    news = tmp_path / "news.jsonl"
    news.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    records = [json.loads(line) for line in kg("extract", news).stdout.splitlines()]
    assert [(record["id"], record["text"]) for record in records] == [(line["id"], line["text"]) for line in lines]
    peru = next(e for e in records[0]["entities"] if e["kind"] == "country")
    assert peru == {
        "id": "country/PE",
        "kind": "country",
        "label": "Peru",
        "iso": "PE",
        "mentions": [{"start": 22, "end": 26, "text": "Peru", "form": "name", "within_name": False}],
    }


def test_extract_reads_standard_input():
    result = kg("extract", "-", stdin=STORY)
    (record,) = map(json.loads, result.stdout.splitlines())
    assert record["title"] == "Envoys meet in Peru"
    assert record["text"] == STORY.strip()


def test_two_processes_print_what_one_prints(tmp_path):
    news = tmp_path / "news.jsonl"
    lines = (json.dumps({"id": str(i), "text": f"{STORY} It was visit {i}."}) for i in range(80))
    news.write_text("\n".join(lines), encoding="utf-8")
    one, two = (
        subprocess.run([sys.executable, "-m", "kg", "extract", news, "--processes", n], capture_output=True, check=True)
        for n in "12"
    )
    assert one.stdout == two.stdout
    assert one.stdout.count(b"\n") == 80


def test_the_hash_seed_and_the_order_of_files_leave_no_trace(tmp_path):
    files = []
    for i, text in enumerate((STORY, STORY.replace("Peru", "Chile"), STORY.replace("Ann", "Eva"))):
        files.append(tmp_path / f"{i}.txt")
        files[-1].write_text(text, encoding="utf-8")
    written = set()
    for seed, order in (("0", files), ("1", files[::-1]), ("2", [tmp_path])):
        out = tmp_path / f"out{seed}"
        command = [sys.executable, "-m", "kg", "build", *order, "-o", out]
        subprocess.run(command, check=True, capture_output=True, env={"PYTHONHASHSEED": seed})
        written.add(((out / "kg.ttl").read_bytes(), (out / "kg.graphml").read_bytes()))
    assert len(written) == 1


# What a bad input looks like, what the one line about it must say, and whether anything is skipped.
BAD_FILES = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\n\t\n", "empty"),
    "binary.txt": (bytes(range(256)) * 40, "binary"),
    "report.txt": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
    "long.txt": (b"word " * 10_000_000 + b"\n", "1,000,000"),
    "broken.json": (b'{"id": "a", "text": ', "JSON"),
    "notext.jsonl": (b'{"id": "a", "title": "b"}\n', "text"),
    "latin.jsonl": (b'{"id": "a", "text": "Caf\xe9 in Peru."}\n', "UTF-8"),
    "table.csv": (b"id,title\n1,Peru\n", "text"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_gets_one_line_and_the_others_are_read(name, story):
    content, expected = BAD_FILES[name]
    bad = story.parent / name
    bad.write_bytes(content)
    result = kg("extract", story, bad)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    line, total = result.stderr.splitlines()
    assert line.startswith(f"kg: {bad}")
    assert expected in line
    assert "skipped" in line
    assert total.startswith("kg: skipped 1 ")


def test_a_missing_file_is_named_and_the_others_are_read(story, tmp_path):
    result = kg("extract", tmp_path / "nowhere.txt", story)
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 1)
    assert result.stderr.splitlines()[0].startswith(f"kg: {tmp_path / 'nowhere.txt'}")


def test_malformed_json_in_line_7_costs_line_7_alone(tmp_path):
    lines = [json.dumps({"id": str(i), "text": STORY}) for i in range(1, 10)]
    lines[6] = '{"id": "7", "text": "Peru" oops}'
    news = tmp_path / "news.jsonl"
    news.write_text("\n".join(lines), encoding="utf-8")
    result = kg("extract", news)
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == list("12345689")
    assert result.stderr.splitlines()[0].startswith(f"kg: {news}:7: ")


def test_one_id_for_two_texts_keeps_the_first_and_names_both_places(tmp_path):
    news = tmp_path / "news.jsonl"
    news.write_text("\n".join(json.dumps({"id": "x", "text": text}) for text in ("Peru.", "Chile.")), encoding="utf-8")
    result = kg("extract", news)
    assert result.exit_code == 1
    assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == ["Peru."]
    assert "news.jsonl:1" in result.stderr
    assert "news.jsonl:2" in result.stderr


def test_an_article_that_occurs_twice_counts_once_and_both_places_are_kept(story):
    (story.parent / "copy.txt").write_text(STORY + "\n", encoding="utf-8")
    import kg as package

    articles = package.build(story.parent).graph["articles"]
    assert [article["found"] for article in articles.values()] == [["copy.txt:1", "story.txt:1"]]


def test_invalid_utf8_in_a_text_file_is_read_with_a_word_about_it(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes("Ann Lee of Peru met José Núñez at the café in Bogotá, Colombia, on Monday.\n".encode("cp1252"))
    result = kg("extract", path)
    (record,) = map(json.loads, result.stdout.splitlines())
    assert "José Núñez at the café in Bogotá" in record["text"]
    assert result.exit_code == 0
    assert "UTF-8" in result.stderr


def test_a_folder_without_articles_leaves_what_was_built_before(story, tmp_path):
    out, nothing = tmp_path / "out", tmp_path / "nothing"
    nothing.mkdir()
    kg("build", story, "-o", out)
    before = {path: path.read_bytes() for path in out.iterdir()}
    result = kg("build", nothing, "-o", out)
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(nothing) in result.stderr
    assert {path: path.read_bytes() for path in out.iterdir()} == before


WRONG_USAGE = [
    (["--format", "docx"], "docx"),
    (["--model", "xx_no_such_model"], "xx_no_such_model"),
    (["--window", "page"], "page"),
    (["--base", "not an iri"], "not an iri"),
    (["--processes", "0"], "processes"),
    (["--accuracy", "perfect"], "perfect"),
    (["--events", "some"], "some"),
    (["--types", "meeting,party"], "party"),
]


@pytest.mark.parametrize(("options", "named"), WRONG_USAGE)
def test_wrong_usage_says_what_would_have_been_right(options, named, story, tmp_path):
    result = kg("build", story, "-o", tmp_path / "out", *options)
    assert result.exit_code == 2
    assert named in result.stderr
    assert not list(tmp_path.glob("out/*"))


def test_no_input_is_wrong_usage():
    assert kg("build", "-o", "out").exit_code == 2


def test_an_output_that_cannot_be_written_is_said_before_the_work(story, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = kg("build", story, "-o", tmp_path / "file" / "out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("kg: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_full_disk_leaves_the_old_files_and_nothing_else(story, tmp_path):
    out = tmp_path / "out"
    kg("build", story, "-o", out)
    before = {path: path.read_bytes() for path in out.iterdir()}
    (story.parent / "more.txt").write_text(STORY.replace("Peru", "Chile") * 9, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "kg", "build", story.parent, "-o", out],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900)),
    )
    assert result.returncode == 2
    assert [line[:4] for line in result.stderr.splitlines()] == ["kg: "]
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_control_characters_and_torn_surrogates_reach_no_file(tmp_path):
    news = tmp_path / "news.jsonl"
    text = "Ann \\ud800Lee of Peru\\u0000 met\\u001b[31m Bo Poe\\uffff of Chile.\\u000b \\ud83d\\ude00"
    news.write_text(f'{{"id": "a\\u0001\\udfff<&>\\"b", "title": "\\u0007 t", "text": "{text}"}}\n', encoding="utf-8")
    result = kg("build", news, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert len(networkx.read_graphml(tmp_path / "out" / "kg.graphml")) > 0
    turtle = (tmp_path / "out" / "kg.ttl").read_bytes()
    assert len(rdflib.Graph().parse(data=turtle)) == len(set(pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE)))


def test_formats_may_be_listed_and_compressed(story, tmp_path):
    kg("build", story, "-o", tmp_path / "out", "-f", "nt.gz, gexf", "-f", "csv")
    written = {"kg.nt.gz", "kg.gexf", "kg.nodes.csv", "kg.edges.csv"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == written


def test_a_written_graph_is_exported_as_it_would_have_been_built(story, tmp_path):
    kg("build", story, "-o", tmp_path / "one", "-f", "json,ttl,graphml", "--profile", "full")
    result = kg("export", tmp_path / "one" / "kg.json", "-o", tmp_path / "two", "--profile", "full")
    assert result.exit_code == 0
    for name in ("kg.ttl", "kg.graphml"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


NEWS = (
    ("2024-01-05", "Ann Lee met Juan Ruiz of Peru in Lima. Ann Lee thanked Juan Ruiz."),
    ("2024-03-07", "Ann Lee visited Chile. Eva Roth of Chile met Ann Lee. Eva Roth spoke."),
    (None, "Bo Poe praised Ann Lee in Kenya. Juan Ruiz thanked Ann Lee."),
    ("2024-03-08", "Carl Berg toured Norway."),
)
FILTERS = [
    {"kinds": ["person", "country"]},
    {"since": "2024-02"},
    {"until": "2024-02-01"},
    {"min_weight": 2},
    {"min_articles": 2},
    {"backbone": 0.4},
    {"around": "Juan Ruiz", "depth": 2},
    {"top": 3},
]


def test_each_filter_does_the_same_to_what_is_built_and_to_what_is_exported_and_in_python(tmp_path):
    news, store, built = tmp_path / "news.jsonl", tmp_path / "my.kg", tmp_path / "built"
    articles = [{"id": str(i), "published": day, "text": text} for i, (day, text) in enumerate(NEWS)]
    news.write_text("\n".join(map(json.dumps, articles)))
    fast = ("--accuracy", "fast", "--store", store)
    kg("build", news, *fast, "-o", built, "-f", "json")
    whole = read(built / "kg.json")
    for filters in FILTERS:
        part = select(whole, **filters)
        assert 0 < len(part) < len(whole), filters
        left = left_out(whole, part) | ({"undated": 2} if filters.keys() & {"since", "until"} else {})
        options = [f"--{name.replace('_', '-')}={_option(value)}" for name, value in filters.items()]
        for command in (("build", news, *fast), ("export", built / "kg.json")):
            summary = json.loads(kg(*command, "-o", tmp_path / "part", "-f", "json", "--json", *options).stdout)
            assert summary["filtered out"] == left
            assert networkx.utils.graphs_equal(read(tmp_path / "part" / "kg.json"), part)


def _option(value):
    return ",".join(value) if isinstance(value, list) else value


def test_the_summary_says_what_was_filtered_out(story, tmp_path):
    options = ["-o", tmp_path, "--kinds", "person,country", "--around", "ann lee", "--json"]
    summary = json.loads(kg("build", story, *options).stdout)
    assert (summary["people"], summary["events"]) == (2, 0)
    assert summary["filtered out"]["event"] == 1
    assert "filtered out" in kg("build", story, "-o", tmp_path, "--top", "1").stdout


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--around", "Nobody"], "nobody and nothing in the graph goes by 'Nobody'"),
        (["--kinds", "city"], "no kind is city; there are person, country, event"),
        (["--since", "yesterday"], "'yesterday' is no ISO date"),
        (["--until", "2024-13"], "'2024-13' is no ISO date"),
        (["--depth", "2"], "there is nothing to go that far from; give --around too"),
        (["--backbone", "0"], "0.0 is not in the range 0<x<=1"),
        (["-f", "xlsx"], "cannot write the format 'xlsx'; choose one of ttl, nt, nq"),
    ],
)
def test_a_filter_that_cannot_be_met_is_refused_in_one_line(options, error, story, tmp_path):
    result = kg("build", story, "-o", tmp_path / "out", *options)
    assert result.exit_code == 2
    assert error in result.stderr


def test_the_run_is_told_in_the_full_profile(story, tmp_path):
    kg("build", story.parent, "-o", tmp_path, "--profile", "full", "--accuracy", "fast")
    written = (tmp_path / "kg.ttl").read_text(encoding="utf-8")
    assert f'schema:sha256 "{sha256(story.read_bytes()).hexdigest()}"' in written
    assert 'kg:setting "events=all"' in written
    assert 'schema:name "fast"' in written


def test_the_vocabulary_and_its_shapes_are_printed():
    for options, wanted in ([], "owl:Ontology"), (["--shapes"], "sh:NodeShape"):
        printed = kg("vocabulary", *options).stdout
        assert wanted in printed
        rdflib.Graph().parse(data=printed, format="turtle")


def test_a_file_is_validated(story, tmp_path):
    pytest.importorskip("pyshacl")
    kg("build", story, "-o", tmp_path)
    good = kg("validate", tmp_path / "kg.ttl")
    assert (good.exit_code, good.stdout) == (0, "")
    assert good.stderr == f"kg: {tmp_path / 'kg.ttl'}: conforms\n"
    (tmp_path / "bad.ttl").write_text(
        (tmp_path / "kg.ttl").read_text("utf-8").replace('kg:iso2 "PE"', 'kg:iso2 "Peru"')
    )
    bad = kg("validate", tmp_path / "bad.ttl")
    assert bad.exit_code == 1
    wanted = "https://kg.example/country/PE kg:iso2: an alpha-2 code is two capital letters (is 'Peru')\n"
    assert bad.stdout == wanted
