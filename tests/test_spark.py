import json
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_store import ARTICLES, NUMBERS, REMOVALS, stays

import kg
from kg import spark as on_spark
from kg.curation import read_curation
from kg.formats import write_all
from kg.graph import Window

SEEDS = Path(__file__).parent.parent / "seeds"
MEETING = "Xi Jinping met Vladimir Putin in Russia. Putin thanked Xi.\nThe United States will hold talks with China.\n"
VISIT = "Emmanuel Macron visited Germany on Monday. Macron met Olaf Scholz.\n"


def missing() -> str | None:
    """Say what a Spark session lacks here."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "Java is not installed"
    try:
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
        import pyspark  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed"
    return None


@pytest.fixture(scope="module")
def session():
    if lack := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"Spark is to be tested where CI is true, but {lack}")
        pytest.skip(lack)
    session = on_spark.session("local[2]", memory="1g")
    session.conf.set("spark.sql.shuffle.partitions", "2")
    yield session
    session.stop()


def contents(graph):
    return graph.graph, list(graph.nodes(data=True)), list(graph.edges(data=True))


def test_spark_gives_the_same_bytes_as_one_machine(session, tmp_path):
    articles = on_spark.read(session, [SEEDS])
    built = on_spark.build(session, articles, tmp_path / "tables", accuracy="fast")
    write_all(on_spark.graph_in(built), tmp_path / "spark", ("ttl", "graphml"))
    write_all(kg.build(SEEDS, accuracy="fast"), tmp_path / "local", ("ttl", "graphml", "nt"))
    for name in ("kg.ttl", "kg.graphml"):
        assert (tmp_path / "spark" / name).read_bytes() == (tmp_path / "local" / name).read_bytes()
    shards = on_spark.write_shards(built, tmp_path / "shards", 2, suffix=".nt")
    assert [path.name for path in shards] == ["kg-00000-of-00002.nt", "kg-00001-of-00002.nt"]
    triples = [set(path.read_text().splitlines()) for path in shards]
    whole = set((tmp_path / "local" / "kg.nt").read_text().splitlines())
    assert triples[0] | triples[1] == whole
    assert max(map(len, triples)) < len(whole)


def test_corrections_do_on_spark_what_they_do_on_one_machine(session, tmp_path):
    texts = {"a": MEETING, "b": VISIT, "c": "Putin met Olaf Scholz in Peru. Macron stayed in Germany.\n"}
    for id, text in texts.items():
        Path(tmp_path, f"{id}.json").write_text(json.dumps({"id": id, "text": text}), encoding="utf-8")
    corrections = tmp_path / "curation.csv"
    lines = ["merge,Emmanuel Macron,Vladimir Putin", "drop,Germany", "rename,Xi Jinping,Xi", "split,Olaf Scholz,,c"]
    corrections.write_text("\n".join(["operation,entity,value,articles", *lines]), encoding="utf-8")
    known, notices = read_curation(corrections), list[str]()
    files = sorted(tmp_path.glob("*.json"))
    told = {"accuracy": "fast", "curation": known, "on_notice": notices.append}
    built = on_spark.build(session, on_spark.read(session, files), tmp_path / "tables", **told)
    write_all(on_spark.graph_in(built), tmp_path / "spark", ("ttl",))
    graph = kg.build(*files, accuracy="fast", curation=corrections)
    write_all(graph, tmp_path / "local", ("ttl",))
    assert not notices
    assert Path(tmp_path, "spark", "kg.ttl").read_bytes() == Path(tmp_path, "local", "kg.ttl").read_bytes()
    assert {"country/DE", "person/emmanuel-macron"}.isdisjoint(graph)
    assert sum(node.startswith("person/olaf-scholz") for node in graph) == 2


def without(articles, which):
    """Return the table of the articles that a removal leaves."""
    if "articles" in which:
        return articles.where(~articles.id.isin(*which["articles"]))
    if "source" in which:
        return articles.where(articles.source.isNull() | (articles.source != which["source"]))
    undated = articles.published.isNull() | ~articles.published.startswith("20")
    return articles.where(undated | (articles.published >= which["before"]))


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(NUMBERS), min_size=2, max_size=10), st.integers(1, 4), st.sampled_from(REMOVALS))
def test_any_order_partition_repetition_and_removal_gives_the_same_bytes(
    session, tmp_path_factory, numbers, partitions, which
):
    folder = tmp_path_factory.mktemp("any")
    files = [folder / f"{number}.jsonl" for number in numbers]
    for number, file in zip(numbers, files, strict=True):
        file.write_text(json.dumps(ARTICLES[number]), encoding="utf-8")
    session.conf.set("spark.sql.shuffle.partitions", str(partitions))
    left = {file for number, file in zip(numbers, files, strict=True) if stays(ARTICLES[number], which)}
    assume(left)
    articles = without(on_spark.read(session, files, on_notice=str), which)
    built = on_spark.build(session, articles, folder / "tables", accuracy="fast")
    write_all(on_spark.graph_in(built), folder / "spark", ("ttl", "graphml"))
    write_all(kg.build(*left, accuracy="fast", on_notice=str), folder / "local", ("ttl", "graphml"))
    for name in ("kg.ttl", "kg.graphml"):
        assert (folder / "spark" / name).read_bytes() == (folder / "local" / name).read_bytes()


def test_files_of_all_kinds_are_read_alike_with_their_notices(session, tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    lines = [
        {"id": "a", "text": MEETING, "published": "2025-02-15", "source": "S"},
        {"id": "a", "text": MEETING + " ", "source": "again"},
        {"text": VISIT, "published": "Mon, 13 Jan 2025 08:00:00 GMT"},
        {"id": "long", "text": (MEETING + VISIT) * 2},
        {"id": "copy", "text": "LIMA - " + (MEETING + VISIT) * 2},
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n{")
    (folder / "b.csv").write_text(f'id,text\na,"{MEETING}"\nempty,\nc,"{VISIT}"\n')
    if find_spec("fastwarc") or os.environ.get("CI") == "true":
        from test_warc import RECORDS

        (folder / "c.warc").write_bytes(b"".join(RECORDS))
    told, known = [], []
    articles = on_spark.read(session, [folder], on_notice=told.append)
    options = {"accuracy": "fast", "window": Window.ARTICLE, "countries_in_names": True, "events": "all"}
    built = on_spark.build(session, articles, tmp_path / "tables", **options)
    local = kg.build(folder, on_notice=known.append, **options)
    assert contents(on_spark.graph_in(built)) == contents(local)
    assert local.graph["articles"]["copy"]["copy_of"] == "long" or local.graph["articles"]["long"]["copy_of"] == "copy"
    assert told == known


def test_a_table_of_ones_own_needs_only_texts(session, tmp_path):
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in (MEETING, VISIT, "")))
    table = session.createDataFrame([(MEETING,), (VISIT,), ("",)], "text string")
    built = on_spark.build(session, table, tmp_path / "tables", accuracy="fast", window="paragraph")
    graph = on_spark.graph_in(built)
    local = kg.build(tmp_path / "a.jsonl", accuracy="fast", window="paragraph", on_notice=lambda notice: None)
    for article in local.graph["articles"].values():
        article["found"] = []
    assert contents(graph) == contents(local)
    links = session.read.parquet(str(tmp_path / "tables" / "links"))
    assert {(row.a, row.b, row.p) for row in links.collect()} == set(local.edges(data="p"))
