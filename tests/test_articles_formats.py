"""What each format makes of its articles, and what is said of those that it cannot read."""

import csv
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles import read_articles
from kg.articles.article import digest, has_lone_surrogate, iso_date
from kg.model import Article, Notice, Place

STORM = "A storm hit Freedonia on Monday."
TALKS = "Sylvania and Osterlich signed a treaty."


@pytest.fixture
def read(tmp_path):
    """Read one file of the given name and content."""

    def read_one(name: str, content: str | bytes) -> list[Article | Notice]:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_articles([tmp_path / name]))

    return read_one


def problems(found: list[Article | Notice]) -> list[tuple[str, str, bool]]:
    """Return where notices point (without the folder), what they say and whether something was skipped."""
    return [(n.where.rpartition("/")[2], n.what, n.skipped) for n in found if isinstance(n, Notice)]


WHOLE = {
    "id": "a 7",
    "title": "Storm hits Freedonia",
    "text": f" {STORM}\r\n\tIt has passed. ",
    "published": "2025-01-13",
    "url": "https://example.org/storm",
    "source": "The Daily Example",
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", json.dumps(WHOLE | {"author": "V. Chasuble", "page": 3})),
        ("a.ndjson", json.dumps(WHOLE)),
        ("a.json", json.dumps(WHOLE, indent=2)),
        ("a.json", json.dumps([WHOLE])),
        ("a.jsonl", "\ufeff" + json.dumps(WHOLE)),
        ("a.json", json.dumps(WHOLE, indent=1).encode("utf-16")),
    ],
    ids=["other keys", "ndjson", "indented", "array", "mark", "UTF-16"],
)
def test_json_keeps_the_fields_of_an_article_exactly(name, content, read):
    assert read(name, content) == [Article(**WHOLE, found=(Place(name, 1),))]


def test_the_articles_of_an_array_have_lines_of_their_own(read):
    found = read("a.json", '[\n{"text": "one"},\n\n{"text":\n"two"}]')
    assert [(article.text, article.found) for article in found] == [
        ("one", (Place("a.json", 2),)),
        ("two", (Place("a.json", 4),)),
    ]


def test_an_article_in_json_is_never_split(read):
    text = "\n\n".join(
        (f"Storm hits Freedonia, closes roads\n\n{STORM} " * 9, f"New treaty for Sylvania\n\n{TALKS} " * 9)
    )
    assert [article.text for article in read("a.jsonl", json.dumps({"text": text}))] == [text]


def test_malformed_json_costs_its_line_alone(read):
    lines = [json.dumps({"id": str(i), "text": STORM}) for i in range(1, 10)]
    lines[6] = lines[6].replace(", ", " ")
    found = read("news.jsonl", "\n".join(lines))
    assert problems(found) == [("news.jsonl:7", "not valid JSON (expecting ',' delimiter at column 12)", True)]
    assert [article.id for article in found if isinstance(article, Article)] == list("12345689")


LINES = {
    "malformed first": ('{"text": "cut o', "not valid JSON (unterminated string starting at column 10)"),
    "no UTF-8": (b'{"text": "caf\xe9"}', "not valid UTF-8 (byte 14 of the line)"),
    "list": ('["text"]', "a list, not an object"),
    "nothing": ("null", "null, not an object"),
    "no text": ('{"title": "Storm", "body": "x"}', "no text (only body, title)"),
    "no keys": ("{}", "no text"),
    "number": ('{"text": 5}', "the text is a number, not a string"),
    "several": ('{"text": ["a", "b"]}', "the text is a list, not a string"),
    "null": ('{"text": null}', "no text (only text)"),
    "empty": ('{"text": ""}', "the text is empty"),
    "blank": ('{"text": " \\n"}', "the text is empty"),
    "deep": ('{"text": ' + "[" * 100_000, "not valid JSON (nested too deeply)"),
    "huge number": ('{"id": ' + "1" * 5000 + "}", "not valid JSON (a number of too many digits)"),
}


@pytest.mark.parametrize(("line", "what"), LINES.values(), ids=LINES)
def test_a_line_that_is_no_article_is_skipped(line, what, read):
    fine = json.dumps({"text": STORM}).encode()
    line = line if isinstance(line, bytes) else line.encode()
    found = read("a.jsonl", b"\n".join((fine, line, fine)))
    assert problems(found) == [("a.jsonl:2", what, True)]
    assert [article.found for article in found if isinstance(article, Article)] == [
        (Place("a.jsonl", 1),),
        (Place("a.jsonl", 3),),
    ]


def test_a_malformed_first_line_leaves_the_others(read):
    found = read("a.jsonl", '{"text": "cut o\n{"text": "fine"}\n')
    assert [(n.where.rpartition(":")[2], n.skipped) for n in found if isinstance(n, Notice)] == [("1", True)]
    assert [article.text for article in found if isinstance(article, Article)] == ["fine"]


def test_an_array_is_read_up_to_where_it_breaks(read):
    found = read("a.json", '[{"text": "one"},\n{"text": "two"},\n{"text": oops}, {"text": "four"}]')
    assert problems(found) == [
        ("a.json:3", "not valid JSON (expecting value at column 10); nothing was read from here on", True)
    ]
    assert [article.text for article in found if isinstance(article, Article)] == ["one", "two"]


def test_an_array_cut_off_is_read_with_a_notice(read):
    found = read("a.json", '[{"text": "one"},\n')
    assert problems(found) == [("a.json", "the array is not closed (cut off?)", False)]


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"id": 7}, None),
        ({"id": "7", "title": None, "source": {"name": "Daily"}}, None),
        ({"id": ["7"]}, "id is a list, not a string, and was passed over"),
        ({"id": True}, "id is true or false, not a string, and was passed over"),
        ({"id": "7", "title": 2}, "title is a number, not a string, and was passed over"),
        ({"id": "7", "published": {}}, "published is an object, not a string, and was passed over"),
    ],
)
def test_a_field_of_another_type_is_passed_over_with_a_notice(fields, doubt, read):
    found = read("a.jsonl", json.dumps(fields | {"text": STORM}))
    assert problems(found) == ([("a.jsonl:1", doubt, False)] if doubt else [])
    (article,) = (article for article in found if isinstance(article, Article))
    assert article.id == ("7" if doubt is None or fields["id"] == "7" else digest(None, STORM))
    assert article.source == ("Daily" if "source" in fields else None)


def test_half_a_surrogate_pair_becomes_a_replacement_character(read):
    notice, article = read("a.jsonl", r'{"id": "\udc00", "title": "\ud83d\ude00", "text": "a\ud800b"}')
    assert problems([notice]) == [("a.jsonl:1", "half a surrogate pair in id and text, read as U+FFFD", False)]
    assert article == Article("\ufffd", "a\ufffdb", title="\U0001f600", found=(Place("a.jsonl", 1),))


@given(st.lists(st.fixed_dictionaries({"id": st.text(min_size=1), "text": st.text()}), max_size=5), st.booleans())
def test_ids_and_texts_survive_json_lines_exactly(tmp_path_factory, rows, escaped):
    rows = [row for row in rows if row["text"].strip()]
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=escaped) + "\n" for row in rows), "utf-8", newline="")
    assert [{"id": read.id, "text": read.text} for read in read_articles([path]) if isinstance(read, Article)] == [
        row for row in rows if not has_lone_surrogate(row["id"] + row["text"])
    ]


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from(",;\t|"))
def test_ids_and_texts_survive_tables_exactly(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.getbasetemp() / "round.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    found = list(read_articles([path]))
    assert [(read.id, read.text) for read in found if isinstance(read, Article)] == rows or any(
        "binary" in what for _, what, _ in problems(found)
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f'Id,TITLE,"Text"\n7,Storm,"{STORM}\nIt ""passed"""\n8,,{TALKS}\n'),
        ("a.csv", f'\ufeffid;title;text\r\n7;Storm;"{STORM}\nIt ""passed"""\r\n\r\n8;;{TALKS}'),
        ("a.tsv", f'id\ttitle\ttext\n7\tStorm\t"{STORM}\nIt ""passed"""\n8\t\t{TALKS}\n'),
    ],
    ids=["comma", "semicolon", "tab"],
)
def test_a_table_gives_an_article_a_row(name, content, read):
    last = content.rstrip("\n").count("\n") + 1
    assert read(name, content) == [
        Article("7", f'{STORM}\nIt "passed"', title="Storm", found=(Place(name, 2),)),
        Article("8", TALKS, found=(Place(name, last),)),
    ]


TABLES = {
    "no column": ("id,body\n7,x\n", [("a.csv:1", "no column `text` (only id, body)", True)]),
    "short row": ("id,text\n7\n", [("a.csv:2", "no text (only id)", True)]),
    "empty cell": ("id,text\n7,\n", [("a.csv:2", "the text is empty", True)]),
    "long row": (
        "id,text\n7,Rain, and wind\n",
        [("a.csv:2", "3 cells under 2 column names; the last were passed over", False)],
    ),
    "stray quote": (
        'id,text\n7,"Rain" fell\n8,"It ended"\n',
        [("a.csv:2", "not a row of a table (',' expected after '\"')", True)],
    ),
    "open quote": ('id,text\n7,"Rain\n', [("a.csv:2", "not a row of a table (unexpected end of data)", True)]),
}


@pytest.mark.parametrize(("content", "expected"), TABLES.values(), ids=TABLES)
def test_a_table_says_which_rows_are_wrong(content, expected, read):
    assert problems(read("a.csv", content)) == expected


def test_a_cell_may_be_longer_than_the_csv_module_allows_by_itself(read):
    assert [len(article.text) for article in read("a.csv", "text\n" + "a" * 200_000)] == [200_000]


PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>Storm hits Malmö | The Daily Example</title>
<meta property="og:site_name" content="The Daily Example"><link rel="canonical" href="https://example.org/storm">
<meta property="article:published_time" content="2025-01-13T08:00:00Z"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Storm hits Malmö</h1>
<p>A storm hit the city of Malmö on Monday, and the mayor asked people to stay at home until it had passed.</p>
<p>Nobody should go out, the mayor told reporters in the town hall, where a hundred people had spent the night.</p>
</article><footer>Copyright The Daily Example</footer><script>var x = "no";</script></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "unknown-8"])
def test_a_page_gives_its_main_text_title_date_and_outlet(charset, read):
    encoding = charset if charset != "unknown-8" else "utf-8"
    (article,) = read("a.html", PAGE.format(charset=charset).encode(encoding))
    assert (article.title, article.published, article.source) == ("Storm hits Malmö", "2025-01-13", "The Daily Example")
    assert article.url == "https://example.org/storm"
    assert "A storm hit the city of Malmö on Monday, and the mayor asked" in article.text
    assert "Home" not in article.text
    assert "Copyright" not in article.text


def test_a_page_may_declare_its_encoding_as_xml_does(read):
    page = '<?xml version="1.0" encoding="utf-8"?>\n' + PAGE.format(charset="utf-8")
    assert [article.title for article in read("a.htm", page)] == ["Storm hits Malmö"]


def test_a_page_without_text_is_skipped(read):
    assert problems(read("a.html", "<html><body><img src='x.png'></body></html>"))[-1][1:] == (
        "the text is empty",
        True,
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("\ufeffone", "one"),
        ("\n  one \N{NO-BREAK SPACE}\n\n", "one"),
        ("one\ftwo\u2028three", "one\ftwo\u2028three"),
    ],
    ids=["line ends", "mark", "space around", "other breaks"],
)
def test_a_text_is_kept_but_for_line_ends_and_space_around(content, text, read):
    assert [article.text for article in read("a.txt", content)] == [text]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=300))
def test_the_texts_of_a_file_are_found_in_it(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "verbatim.txt"
    path.write_bytes(content.encode())
    lines = content.replace("\r\n", "\n").replace("\r", "\n")
    for found in read_articles([path], split=True):
        assert isinstance(found, Notice) or found.text in lines


@pytest.mark.parametrize(
    ("given_date", "kept"),
    [
        ("2025-01-13", "2025-01-13"),
        ("2025-01-13T08:00:00+01:00", "2025-01-13T08:00:00+01:00"),
        ("2025-01-13 08:00", "2025-01-13T08:00:00"),
        ("20250113", "2025-01-13"),
        ("Mon, 13 Jan 2025 08:00:00 +0100", "2025-01-13T08:00:00+01:00"),
        (" last week ", "last week"),
        ("13/01/2025", "13/01/2025"),
        ("2025", "2025"),
    ],
)
def test_dates_are_brought_into_iso_form_but_not_guessed(given_date, kept):
    assert iso_date(given_date) == kept


def test_the_id_of_an_article_without_one_is_a_digest_of_title_and_text():
    assert digest("Rain", "It rained.") == digest("Rain ", "It\nrained. ") == "84a9d9331d260fed3d84"
    assert len({digest("Rain", "It rained."), digest("Snow", "It rained."), digest("Rain", "It snowed.")}) == 3


def test_the_rows_of_a_parquet_file_are_articles(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    import pyarrow

    rows = [
        {"id": "a", "text": "Rain fell.", "published": date(2025, 1, 2), "other": 1},
        {"id": "b", "text": None, "published": None, "other": 2},
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "news.parquet")
    article, notice = read_articles([tmp_path])
    assert article == Article("a", "Rain fell.", published="2025-01-02", found=(Place("news.parquet", 1),))
    assert (notice.where, notice.what) == (f"{tmp_path}/news.parquet:2", "no text (only id, published, text)")
    (tmp_path / "news.parquet").write_bytes(b"PAR1 no more")
    (notice,) = (found for found in read_articles([tmp_path / "news.parquet"]))
    assert "not a Parquet file" in notice.what
