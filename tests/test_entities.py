"""The table of nodes: what it holds, and that editing it changes just what was edited."""

import csv
import json
from io import StringIO
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import kg as package
from kg.cli import main
from kg.curation import Line, cell, read_lines
from kg.entities import COLUMNS, to_csv

STORIES = {
    "one.txt": "Ann Lee, the envoy of Chile, met President Juan Ruiz of Peru on Monday. Ann Lee praised Peru.\n",
    "two.txt": "Juan Ruiz and Eva Novák of Chile spoke at the Lima Trade Summit. Lee left Peru on Friday.\n",
    "three.txt": "Bo Poe, who lives in Chile, met J. Ruiz and Tom Hall in Lima. Tom Hall came from Peru.\n",
}


@pytest.fixture
def corpus(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in STORIES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def kg(*arguments: object, code: int = 0):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def built(corpus: Path) -> nx.Graph:
    return package.build(corpus, accuracy="fast", on_notice=lambda notice: pytest.fail(str(notice)))


def rows_of(table: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(table.read_text(encoding="utf-8-sig"), newline="")))


def saved(table: Path, rows: list[dict[str, str]], delimiter: str = ";") -> None:
    """Save the table as a spreadsheet would."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    table.write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def edit(table: Path, changes: dict[str, dict[str, str]]) -> None:
    """Change cells of the rows with these ids."""
    rows = rows_of(table)
    assert changes.keys() <= {row["id"] for row in rows}
    saved(table, [row | changes.get(row["id"], {}) for row in rows])


def differences(before: nx.Graph, after: nx.Graph) -> dict[str, object]:
    """Return what is new of each node that is not as it was: None if it is gone, else the attributes that changed."""
    found: dict[str, object] = {node: None for node in before if node not in after}
    for node, told in after.nodes(data=True):
        was = before.nodes[node] if node in before else {}
        if changed := {name: value for name, value in told.items() if was.get(name, ()) != value}:
            found[node] = changed
    return found


def test_the_table_has_a_row_for_each_node(corpus):
    rows = list(csv.DictReader(StringIO(kg("entities", corpus, "--accuracy", "fast").stdout)))
    graph = built(corpus)
    assert {row["id"]: (row["label"], row["kind"], int(row["mentions"])) for row in rows} == {
        node: (told["label"], told["kind"], told["mentions"]) for node, told in graph.nodes(data=True)
    }
    novak = next(row for row in rows if row["label"] == "Eva Novák")
    assert novak == {
        "id": "person/eva-novak",
        "label": "Eva Novák",
        "kind": "person",
        "wikidata": "",
        "aliases": "",
        "mentions": "1",
        "articles": "1",
        "quote": "“Juan Ruiz and Eva Novák of Chile spoke at the Lima Trade Summit.”",
        "doubts": "",
        "merge_into": "",
        "drop": "",
        "was": '{"label": "Eva Nov\\u00e1k", "wikidata": "", "kind": "person"}',
    }


def test_the_rows_as_json_and_of_one_kind(corpus):
    shown = kg("entities", corpus, "--accuracy", "fast", "--json", "--kind", "country").stdout
    rows = [json.loads(line) for line in shown.splitlines()]
    assert [(row["id"], row["wikidata"], row["articles"]) for row in rows] == [
        ("country/PE", "Q419", 3),
        ("country/CL", "Q298", 3),
    ]


def test_a_round_trip_makes_just_the_changes_that_were_edited_twice_in_a_row(corpus, tmp_path):
    table, curation = tmp_path / "entities.csv", corpus / "curation.csv"
    first = built(corpus)
    kg("entities", corpus, "--accuracy", "fast", "-o", table)
    assert kg("curate", table, "--curation", curation).stdout == f"0 corrections added to {curation}\n"
    assert not curation.exists()
    edit(
        table,
        {
            "person/eva-novak": {"label": "Eva Nováková"},
            "person/bo-poe": {"merge_into": "Ann Lee"},
            "person/tom-hall": {"wikidata": "Q42"},
        },
    )
    assert kg("curate", table, "--curation", curation).stdout == f"3 corrections added to {curation}\n"
    second = built(corpus)
    assert {node: new and set(new) for node, new in differences(first, second).items()} == {
        "person/eva-novak": {"label", "aliases"},
        "person/bo-poe": None,
        "person/ann-lee": {"mentions", "aliases", "articles", "replaces"},
        "person/tom-hall": {"wikidata"},
    }
    assert second.nodes["person/eva-novak"]["label"] == "Eva Nováková"
    assert second.nodes["person/ann-lee"]["mentions"] == first.nodes["person/ann-lee"]["mentions"] + 1
    assert second.nodes["person/tom-hall"]["wikidata"] == "Q42"
    assert kg("curate", table, "--curation", curation).stdout == f"0 corrections added to {curation}\n"
    assert not differences(second, built(corpus))

    kg("entities", corpus, "--accuracy", "fast", "-o", table)
    edit(
        table,
        {
            "person/eva-novak": {"label": "E. Nováková"},
            "person/tom-hall": {"drop": "x", "label": "Tom"},
            "event/lima-trade-summit": {"drop": "yes"},
        },
    )
    assert kg("curate", table, "--curation", curation).stdout == f"3 corrections added to {curation}\n"
    third = built(corpus)
    assert differences(second, third) == {
        "person/eva-novak": {"label": "E. Nováková"},
        "person/tom-hall": None,
        "event/lima-trade-summit": None,
    }
    assert not differences(third, built(corpus))


def test_the_edited_table_serves_as_a_curation_itself(corpus, tmp_path):
    table = tmp_path / "entities.csv"
    kg("entities", corpus, "--accuracy", "fast", "-o", table)
    edit(table, {"person/bo-poe": {"label": "Ann Lee"}, "person/tom-hall": {"kind": "event"}})
    kg("build", corpus, "--accuracy", "fast", "--curation", table, "-o", tmp_path / "out")
    nodes = nx.read_graphml(tmp_path / "out" / "kg.graphml").nodes(data="kind")
    assert ("person/bo-poe" in nodes, nodes["event/tom-hall"]) == (False, "event")


def test_through_the_trained_recogniser(corpus, tmp_path):
    (corpus / "curation.csv").write_text("merge,Bo Poe,Ann Lee\nnot-event,Lima Trade Summit\ndrop,Zoe Zed\n")
    result = kg("build", corpus, "-o", tmp_path / "out")
    (line,) = [line for line in result.stderr.splitlines() if "curation.csv" in line]
    where, what = f"{corpus / 'curation.csv'}:3", "no entity 'Zoe Zed' in these articles"
    assert line == f"kg: {where}: {what}; see kg entities for ids and labels, or delete the line"
    nodes = nx.read_graphml(tmp_path / "out" / "kg.graphml").nodes
    assert {"person/ann-lee", "country/PE"} < set(nodes)
    assert not {"person/bo-poe", "event/lima-trade-summit"} & set(nodes)


def test_a_bad_line_costs_itself_alone_and_shows_in_the_exit_code(corpus, tmp_path):
    (corpus / "curation.csv").write_text("merge,Bo Poe,Ann Lee\nfuse,Ann Lee,Eva\n")
    result = kg("build", corpus, "--accuracy", "fast", "-o", tmp_path / "out", code=1)
    assert f"kg: {corpus / 'curation.csv'}:2: no operation is 'fuse'; skipped; write one of merge" in result.stderr
    assert "person/bo-poe" not in nx.read_graphml(tmp_path / "out" / "kg.graphml").nodes


def test_no_curation_where_one_is_named_is_wrong_usage(corpus, tmp_path):
    result = kg("build", corpus, "--curation", tmp_path / "no.csv", "-o", tmp_path / "out", code=2)
    assert result.stderr.startswith(f"kg: {tmp_path / 'no.csv'}: cannot be read")


def test_a_file_that_cannot_be_written_is_said_before_the_work(tmp_path):
    nowhere = tmp_path / "nowhere"
    for file in (nowhere / "entities.csv", tmp_path):
        result = kg("entities", nowhere, "-o", file, code=2)
        assert result.stderr.startswith(f"kg: {file}: cannot be written")
    assert kg("review", nowhere, "--curation", tmp_path, code=2).stderr.startswith(f"kg: {tmp_path}: cannot be")
    assert list(tmp_path.iterdir()) == []


BAD_ROWS = {
    "": "the column `was`",
    "{}": "the column `was`",
    '{"label": "Ann Lee", "kind": "event", "wikidata": ""}': "no kind is 'robot'",
}


@pytest.mark.parametrize("was", BAD_ROWS)
def test_a_row_that_cannot_be_read_is_named(was, tmp_path):
    path = tmp_path / "entities.csv"
    saved(path, [{"id": "person/ann-lee", "label": "Ann Lee", "kind": "robot", "was": was}])
    (notice,) = read_lines(path)
    assert notice.where == f"{path}:2"
    assert BAD_ROWS[was] in str(notice)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
labels = texts.map(cell).filter(bool)
tables = st.lists(
    st.fixed_dictionaries(
        {
            "label": labels,
            "kind": st.sampled_from(["person", "event"]),
            "wikidata": st.sampled_from(["", "Q1", "Q42"]),
            "aliases": st.lists(texts, max_size=2),
            "quote": texts,
        }
    ),
    min_size=1,
    max_size=4,
).map(lambda rows: [{"id": f"person/{i}", **row} for i, row in enumerate(rows)])


@settings(max_examples=40, deadline=None)
@given(rows=tables, delimiter=st.sampled_from(",;\t"))
def test_a_table_that_was_not_edited_says_nothing(rows, delimiter, tmp_path_factory):
    path = tmp_path_factory.mktemp("entities") / "entities.csv"
    path.write_text(to_csv(rows), encoding="utf-8", newline="")
    assert list(read_lines(path)) == []
    saved(path, rows_of(path), delimiter)
    assert list(read_lines(path)) == []


@settings(max_examples=40, deadline=None)
@given(rows=tables, label=labels)
def test_an_edited_label_says_one_thing(rows, label, tmp_path_factory):
    path = tmp_path_factory.mktemp("entities") / "entities.csv"
    path.write_text(to_csv(rows), encoding="utf-8", newline="")
    edit(path, {"person/0": {"label": label}})
    alike = [row["id"] for row in rows[1:] if (row["kind"], row["label"]) == (rows[0]["kind"], label)]
    told = [(line.operation, line.entity, line.value) for line in read_lines(path) if isinstance(line, Line)]
    if label == rows[0]["label"]:
        assert told == []
    else:
        assert told == [("merge", "person/0", alike[0]) if alike else ("rename", "person/0", label)]
