"""The store: whatever way the articles come, the graph is that of the articles, to the byte."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
import kg.store
from kg.cli import main
from kg.corpus import bring_up, fold, read_up
from kg.errors import BadStore, KGError, NoArticles
from kg.extractor import Settings
from kg.formats import write
from kg.records import extract
from kg.store import check_finished, kept_records, opened, status, take_out, unread
from kg.tables import digest_of

FAST = Settings(accuracy="fast")

# Three articles under two ids that say something else, or the same with another date, and one that is found twice.
ARTICLES = [
    {"id": "a", "text": "Ann Lee met Bo Poe in Peru.", "source": "Post", "published": "2024-01-01"},
    {"id": "b", "text": "Bo Poe of Chile flew to Peru. Ann Lee did not.", "source": "Star", "published": "2024-02-01"},
    {"id": "c", "text": "Ann Lee visited Chad on Monday.", "source": "Post"},
    {"id": "c", "text": "Eva Roe visited Chad on Monday.", "source": "Star", "published": "2024-03-01"},
    {"id": "d", "text": "Cy Dee met Eva Roe in Chile.", "title": "Talks", "source": "Star", "published": "2023-12-31"},
    {"id": "d", "text": "Cy Dee met Eva  Roe in Chile.", "source": "Post", "published": "2024-01-31"},
    {"id": "a", "text": "Ann Lee met Bo Poe in Peru.", "source": "Post", "published": "2024-01-01"},
    {"text": "Ann Lee and Cy Dee spoke in Lima, Peru.", "published": "01/02/2020"},
]
NUMBERS = range(len(ARTICLES))


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("articles")
    paths = [folder / f"{number}.jsonl" for number in NUMBERS]
    for path, article in zip(paths, ARTICLES, strict=True):
        path.write_text(json.dumps(article), encoding="utf-8")
    return paths


@pytest.fixture(autouse=True)
def _remembered(monkeypatch):
    """Read each text once in all these tests, where one process reads."""

    def remembering(articles, *, processes=1, **how):
        if processes > 1:
            yield from extract(articles, processes=processes, **how)
            return
        for article in articles:
            key = (digest_of(article), *how.items())
            if key not in REMEMBERED:
                (REMEMBERED[key],) = extract([article], **how)
            yield REMEMBERED[key]

    monkeypatch.setattr(kg.store.records, "extract", remembering)


REMEMBERED: dict = {}


def exported(graph, folder: Path) -> dict[str, bytes]:
    return {suffix: write(graph, folder / f"kg{suffix}").read_bytes() for suffix in (".ttl", ".graphml")}


def graph_of(store: Path):
    with opened(store, read_only=True) as kept:
        check_finished(kept)
        return fold(kept_records(kept))


def built(files, folder: Path, **options) -> dict[str, bytes]:
    return exported(kg.build(*files, accuracy="fast", on_notice=str, **options), folder)


def add(store: Path, files, settings: Settings | None = None, processes: int = 1) -> None:
    with opened(store, create=True) as kept:
        bring_up(kept, files, settings=settings, on_notice=str, processes=processes)


def remove(store: Path, **which) -> set[str]:
    with opened(store) as kept:
        gone = take_out(kept, **which)
        read_up(kept)
    return gone


REMOVALS = [
    {"articles": ("c",)},
    {"articles": ("d", "a", "no such id")},
    {"source": "Star"},
    {"source": "Post"},
    {"before": "2024-01-31"},
    {"before": "2023-01-01"},
]


def stays(article: dict, which: dict) -> bool:
    """Say, in a way of its own, whether `article` is left by a removal."""
    if "articles" in which:
        return article.get("id") not in which["articles"]
    if "source" in which:
        return article.get("source") != which["source"]
    dated = article.get("published", "").startswith("20")
    return not dated or article["published"] >= which["before"]


steps = st.lists(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=5), min_size=1, max_size=4)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps, st.lists(st.sampled_from(REMOVALS), max_size=2), st.booleans())
def test_any_order_portion_repetition_and_removal_gives_the_graph_of_what_is_left(
    files, tmp_path_factory, steps, removals, rebuild
):
    folder = tmp_path_factory.mktemp("any")
    store, now = folder / "my.kg", set()
    add(store, [files[n] for n in steps[0]], FAST)
    now |= {*steps[0]}
    for portion in steps[1:]:
        add(store, [files[n] for n in portion])
        now |= {*portion}
    for which in removals:
        remove(store, **which)
        now = {n for n in now if stays(ARTICLES[n], which)}
    if rebuild:
        now = {*steps[-1]}
        add(store, [files[n] for n in sorted(now, reverse=True)], FAST)
    if now:
        assert exported(graph_of(store), folder) == built([files[n] for n in now], folder)
    else:
        with pytest.raises(NoArticles):
            graph_of(store)


def test_memory_store_and_two_processes_give_the_same_bytes(files, tmp_path):
    one = built(files, tmp_path)
    assert built(reversed(files), tmp_path, store=tmp_path / "one.kg") == one
    assert built(files, tmp_path, processes=2) == one


def test_what_memory_does_not_hold_is_the_same(files, tmp_path, monkeypatch):
    right = built(files, tmp_path)
    monkeypatch.setattr(kg.store.file, "MEMORY", 1)
    monkeypatch.setattr(kg.store.file, "MEMORY_OF_FILE", 1)
    monkeypatch.setattr(kg.store.articles, "PORTION", 2)
    monkeypatch.setattr(kg.store.records, "BATCH", 2)
    assert built(files, tmp_path) == right
    assert built(files, tmp_path, store=tmp_path / "one.kg") == right


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations(NUMBERS), st.integers(1, len(ARTICLES) - 1), st.sampled_from(REMOVALS))
def test_two_processes_give_the_same_bytes_in_any_order_and_after_a_removal(files, tmp_path_factory, order, cut, which):
    folder = tmp_path_factory.mktemp("two")
    add(folder / "my.kg", [files[n] for n in order[:cut]], FAST, processes=2)
    add(folder / "my.kg", [files[n] for n in (*order[cut:], order[0])], processes=2)
    remove(folder / "my.kg", **which)
    left = [files[n] for n in order if stays(ARTICLES[n], which)]
    assert exported(graph_of(folder / "my.kg"), folder) == built(left, folder) == built(left, folder, processes=2)


def test_of_versions_with_one_id_the_first_place_counts_and_the_other_waits(files, tmp_path):
    notices = []
    with opened(tmp_path / "my.kg", create=True) as kept:
        bring_up(kept, [files[3]], settings=FAST)
        bring_up(kept, [files[2]], on_notice=notices.append)
        texts = [record.article.text for record in kept_records(kept)]
    assert texts == ["Ann Lee visited Chad on Monday."]
    assert list(map(str, notices)) == [
        "3.jsonl:1: another article has the same id, 'c', and another text (2.jsonl:1); skipped; "
        "give each article an id of its own"
    ]
    assert remove(tmp_path / "my.kg", source="Post") == {"c"}
    with opened(tmp_path / "my.kg") as kept:
        assert [record.article.text for record in kept_records(kept)] == ["Eva Roe visited Chad on Monday."]


def test_only_what_is_new_or_changed_is_read_again(files, tmp_path):
    def number_read(inputs, settings) -> int:
        numbers = []
        with opened(tmp_path / "my.kg", create=True) as kept:
            watch = lambda values, number, doing: (numbers.append(number), values)[1]  # noqa: E731
            bring_up(kept, inputs, settings=settings, on_notice=str, watch=watch)
        return numbers[-1]

    changed = tmp_path / "0.jsonl"
    changed.write_text(json.dumps(ARTICLES[0] | {"text": "Ann Lee met nobody."}), encoding="utf-8")
    assert number_read(files[:2], FAST) == 2
    assert number_read(files[:3], FAST) == 1
    assert number_read(files[:3], FAST) == 0
    assert number_read([changed, *files[1:3]], FAST) == 1
    assert number_read([files[4]], None) == 1
    assert number_read([], None) == 0
    assert number_read(files[:3], Settings(accuracy="best")) == 3


def test_records_of_another_version_of_kg_are_read_again(files, tmp_path, monkeypatch):
    add(tmp_path / "my.kg", files[:2], FAST)
    for module in (kg.store.records, kg.store.state):
        monkeypatch.setattr(module, "extractor", lambda settings: '{"kg": "9"}')
    with opened(tmp_path / "my.kg") as kept:
        assert status(kept)["up_to_date"] is False
        assert unread(kept) == 2


def test_an_empty_input_or_an_unknown_model_leaves_the_store_as_it_was(files, tmp_path):
    store = tmp_path / "my.kg"
    add(store, files, FAST)
    before = exported(graph_of(store), tmp_path)
    (tmp_path / "empty").mkdir()
    for inputs, how in [([tmp_path / "empty"], FAST), (files[:1], Settings("no_such_model"))]:
        with pytest.raises(KGError):
            add(store, inputs, how)
    assert exported(graph_of(store), tmp_path) == before


def test_a_store_stopped_midway_gives_no_graph_until_it_is_finished(files, tmp_path, monkeypatch):
    store = tmp_path / "my.kg"
    add(store, files[:2], FAST)
    with opened(store) as kept, pytest.raises(KeyboardInterrupt):
        bring_up(kept, files, on_notice=str, watch=interrupted)
    with pytest.raises(BadStore, match="kg add was stopped midway; run it again"):
        graph_of(store)
    add(store, [])
    assert exported(graph_of(store), tmp_path) == built(files, tmp_path)


def interrupted(values, number, doing):
    for i, value in enumerate(values):
        if number and i == 2:
            raise KeyboardInterrupt
        yield value


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def test_the_commands_of_a_store(files, tmp_path):
    store, out = tmp_path / "my.kg", tmp_path / "out"
    assert run("build", *files[:2], "--accuracy", "fast", "--store", store, "-o", out).exit_code == 0
    first = (out / "kg.ttl").read_bytes()
    assert run("add", files[4], "--store", store).stdout == f"1 article added, 3 in {store}\n"
    said = run("remove", "--store", store, "--article", "d")
    assert (said.exit_code, said.stdout) == (0, f"1 article removed, 2 in {store}\n")
    assert run("export", "--store", store, "-o", tmp_path / "again").exit_code == 0
    assert (tmp_path / "again" / "kg.ttl").read_bytes() == first
    known = json.loads(run("status", "--store", store, "--json").stdout)
    shown = ("articles", "waiting", "sources", "first", "last", "accuracy", "unfinished", "up_to_date")
    assert [known[name] for name in shown] == [2, 0, 2, "2024-01-01", "2024-02-01", "fast", None, True]
    assert run("status", "--store", store).stdout.splitlines()[:2] == [
        "articles                 2",
        "not yet read             0",
    ]


def test_nothing_of_what_was_removed_is_left_in_the_file(files, tmp_path):
    store, secret = tmp_path / "it's.kg", tmp_path / "secret.txt"
    secret.write_text(" ".join(f"Ann Lee met Xenophon{i} in Peru." for i in range(50)), encoding="utf-8")
    run("build", *files, secret, "--accuracy", "fast", "--store", store, "-o", tmp_path)
    assert store.read_bytes().count(b"enophon") >= 50
    run("remove", "--store", store, "--article", distinct_id(secret))
    assert store.read_bytes().count(b"enophon") == 0
    assert exported(graph_of(store), tmp_path) == built(files, tmp_path)


def distinct_id(path: Path) -> str:
    (article,) = kg.read_articles([path])
    return article.id


WRONG = [
    (["remove", "--store", "STORE"], 2, "say what to remove with one of --article, --source and --before"),
    (["remove", "--store", "STORE", "--article", "zz"], 1, "kg: zz: no article in STORE has this id; skipped"),
    (["add", "--store", "NONE"], 2, "kg: NONE: there is no such store; make it with kg build"),
    (["export", "--store", "TEXT", "-o", "OUT"], 2, "kg: TEXT: damaged, or no store of kg; put back a copy"),
]


@pytest.mark.parametrize(("arguments", "code", "line"), WRONG)
def test_wrong_usage_of_a_store_is_one_line(arguments, code, line, files, tmp_path):
    names = {name: str(tmp_path / name) for name in ("STORE", "NONE", "TEXT", "OUT")}
    add(tmp_path / "STORE", files[:1], FAST)
    (tmp_path / "TEXT").write_text("no store", encoding="utf-8")
    result = run(*(names.get(argument, argument) for argument in arguments))
    for name, path in names.items():
        line = line.replace(name, path)
    assert (result.exit_code, result.exception.__class__) == (code, SystemExit)
    assert line in result.stderr


def test_another_database_is_no_store(tmp_path):
    import duckdb

    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        connection.execute("CREATE TABLE t (a INT)")
    with pytest.raises(BadStore, match="a DuckDB file, but no store of kg"):
        graph_of(tmp_path / "other.duckdb")
