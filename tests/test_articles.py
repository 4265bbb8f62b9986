"""What is read from files, folders and standard input, and what is said of inputs that hold no articles."""

import io
import os
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.articles import MAX_LENGTH, READERS, distinct, read_articles
from kg.articles.article import digest
from kg.model import Article, Notice, Place

STORM = "A storm hit Freedonia on Monday."
TALKS = "Sylvania and Osterlich signed a treaty."


def article(text: str, *found: Place, title: str | None = None, id: str | None = None) -> Article:
    return Article(id or digest(title, text), text, title=title, found=found)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.txt").write_text(STORM)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "talks.MD").write_text(TALKS)
    (tmp_path / "a" / "notes.docx").write_text("passed over")
    (tmp_path / ".hidden.txt").write_text("passed over")
    (tmp_path / "README").write_text("passed over")
    return tmp_path


def test_a_folder_is_read_with_its_folders_in_the_order_of_names(folder):
    assert list(read_articles([folder])) == [
        article(TALKS, Place("a/talks.MD", 1)),
        article(STORM, Place("b.txt", 1)),
    ]


def test_inputs_are_read_in_the_order_given_and_a_file_is_named_without_its_folder(folder):
    inputs = [str(folder / "b.txt"), folder / "a"]
    assert [read.found for read in read_articles(inputs)] == [(Place("b.txt", 1),), (Place("talks.MD", 1),)]


def test_one_input_need_not_be_in_a_list(folder):
    assert list(read_articles(str(folder))) == list(read_articles([folder]))


def test_a_place_names_the_line_on_which_the_text_begins(tmp_path):
    (tmp_path / "a.txt").write_text(f"\n \r\n\r\n  {STORM}\n\n")
    (tmp_path / "b.jsonl").write_text(f'\n\n{{"text": "{STORM}"}}\n')
    assert list(read_articles([tmp_path])) == [article(STORM, Place("a.txt", 4)), article(STORM, Place("b.jsonl", 3))]


def test_a_folder_within_itself_is_read_once(folder):
    (folder / "a" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to("self.txt")
    *articles, notice = read_articles([folder])
    assert [read.text for read in articles] == [TALKS, STORM]
    assert notice.where == f"{folder}/self.txt"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (f'\n {{"id": "7", "text": "{STORM}"}}\n', article(STORM, Place("-", 2), id="7")),
        (f'[{{"id": "7", "text": "{STORM}"}}]', article(STORM, Place("-", 1), id="7")),
        (f"{STORM}\n", article(STORM, Place("-", 1))),
    ],
    ids=["JSON lines", "JSON", "text"],
)
def test_standard_input_is_read_as_what_it_looks_like(start, expected, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(start.encode())))
    assert list(read_articles(["-"])) == [expected]
    assert not sys.stdin.buffer.closed


def test_a_web_page_on_standard_input_is_known_by_its_tags(monkeypatch):
    page = f"<!DOCTYPE html><title>x</title><p>{STORM} {TALKS}"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(page.encode())))
    assert [read.text for read in read_articles(["-"]) if isinstance(read, Article)] == [f"{STORM} {TALKS}"]


def test_a_file_without_suffix_is_read_as_what_it_looks_like(folder):
    assert list(read_articles([folder / "README"])) == [article("passed over", Place("README", 1))]


def write(folder, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


BAD = {
    "missing": ("gone.txt", None, "cannot be read (No such file or directory)"),
    "empty": ("a.txt", b"", "empty"),
    "blank": ("a.txt", b" \n\r\n\t", "empty"),
    "empty JSON lines": ("a.jsonl", b"\n", "empty"),
    "empty table": ("a.csv", b"", "empty"),
    "empty page": ("a.html", b"", "empty"),
    "other kind": ("a.docx", b"x", "seems to be a .docx file, not text that can be read"),
    "other kind, known": ("a.pdf", b"%PDF-1.7", "seems to be a PDF, not text that can be read"),
    "PDF": ("a.txt", b"%PDF-1.7\n\x00", "seems to be a PDF, not text"),
    "image": ("a.html", b"\x89PNG\r\n\x1a\n\0", "seems to be an image, not text"),
    "zip": ("a.csv", b"PK\x03\x04\0\0", "seems to be a zip archive or an office document, not text"),
    "gzip": ("a.jsonl", b"\x1f\x8b\x08\0\0", "seems to be a gzip archive, not text"),
    "rich text": ("a.txt", rb"{\rtf1\ansi A storm}", "seems to be a rich text document, not text"),
    "binary": ("a.md", b"a storm\0hit", "seems to be binary data, not text"),
    "controls": ("a.md", bytes(range(1, 9)) * 3, "seems to be binary data, not text"),
    "binary JSON": ("a.jsonl", b"\0\1\2{}", "seems to be binary data, not text"),
}


@pytest.mark.parametrize(("name", "content", "what"), BAD.values(), ids=BAD)
def test_an_input_that_holds_no_article_becomes_one_skipped_notice(name, content, what, tmp_path):
    path = str(tmp_path / name) if content is None else write(tmp_path, name, content)
    (notice,) = read_articles([path])
    assert isinstance(notice, Notice)
    assert (notice.where, notice.what, notice.skipped) == (path, what, True)
    assert notice.remedy


@pytest.mark.parametrize("content", [{}, {"picture.png": b"x", ".a.txt": b"x"}], ids=["empty", "other kinds"])
def test_a_folder_without_articles_becomes_one_notice(content, tmp_path):
    for name, data in content.items():
        write(tmp_path, name, data)
    (notice,) = read_articles([tmp_path])
    assert (notice.where, notice.what, notice.skipped) == (str(tmp_path), "no articles in it", True)


@pytest.mark.parametrize(
    "path", ["", "a\0b.txt", "\ud800.txt", "a" * 5000 + ".txt"], ids=["empty", "zero", "half", "long"]
)
def test_an_impossible_name_becomes_a_notice(path):
    (notice,) = read_articles([path])
    assert isinstance(notice, Notice)


def test_what_must_not_be_read_becomes_a_notice(folder, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)
    (notice,) = read_articles([folder / "b.txt"])
    assert notice.what == "cannot be read (Permission denied)"
    monkeypatch.setattr(os, "listdir", forbidden)
    assert [notice.what for notice in read_articles([folder])] == [
        "cannot be opened (Permission denied)",
        "no articles in it",
    ]


def test_names_that_are_no_utf_8_can_be_printed(tmp_path):
    with open(os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt"), "wb") as file:
        file.write(STORM.encode())
    assert list(read_articles([tmp_path])) == [article(STORM, Place("caf\N{REPLACEMENT CHARACTER}.txt", 1))]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.txt", b"", b""),
        ("a.jsonl", b'{"text": "', b'"}'),
        ("a.json", b'[{"text": "', b'"}]'),
        ("a.csv", b"text\n", b""),
    ],
)
def test_an_article_may_be_long_but_not_longer_than_the_limit(name, before, after, tmp_path):
    (read,) = read_articles([write(tmp_path, name, before + b"a" * MAX_LENGTH + after)])
    assert isinstance(read, Article)
    (notice,) = read_articles([write(tmp_path, name, before + b"a" * (MAX_LENGTH + 1) + after)])
    assert notice.what == "the text has 1,000,001 characters, more than the 1,000,000 that an article may have"


def test_a_line_of_50_megabytes_is_skipped_and_the_next_one_read(tmp_path):
    path = write(tmp_path, "a.jsonl", b'{"text": "' + b"a" * 50_000_000 + b'"}\n{"text": "fine"}\n')
    notice, read = read_articles([path])
    assert (notice.where, notice.what) == (f"{path}:1", "a line of more than 16 MB")
    assert read == article("fine", Place("a.jsonl", 2))


def test_a_web_page_of_more_than_16_megabytes_is_skipped(tmp_path):
    (notice,) = read_articles([write(tmp_path, "a.html", b"<html>" + b"a" * 17_000_000)])
    assert notice.what == "larger than 16 MB"


def test_an_article_found_again_is_passed_on_once_with_all_its_places():
    here, there = Place("a.txt", 1), Place("b.txt", 9)
    first, again = article(STORM, here), article(f"{STORM}\n", there)
    places: dict[str, set[Place]] = {}
    assert list(distinct([first, article(TALKS, there), again], places)) == [first, article(TALKS, there)]
    assert places == {first.id: {here, there}, digest(None, TALKS): {there}}


def test_another_text_with_the_same_id_becomes_a_notice_that_names_both_places():
    first, second = article(STORM, Place("a.jsonl", 1), id="7"), article(TALKS, Place("a.jsonl", 2), id="7")
    notice = Notice(
        "a.jsonl:2",
        "another article has the same id, '7', and another text (a.jsonl:1)",
        "give each article an id of its own",
    )
    places: dict[str, set[Place]] = {}
    assert list(distinct([first, second], places)) == [first, notice]
    assert places == {"7": {Place("a.jsonl", 1)}}


def test_notices_pass_through_distinct():
    notice = Notice("a.txt", "empty", "give a file with text in it")
    assert list(distinct([notice, notice])) == [notice, notice]


@settings(deadline=None)  # the first web page waits for an import
@given(st.binary(max_size=300), st.sampled_from(sorted(READERS)), st.sampled_from([None, True, False]))
def test_no_bytes_whatever_raise(tmp_path_factory, content, suffix, split):
    path = write(tmp_path_factory.getbasetemp(), f"any{suffix}", content)
    for read in read_articles([path], split=split):
        str(read)
        assert isinstance(read, Notice) or (read.text.encode() and read.id.encode())


JSON_SCRAPS = ["{", "}", "[", "]", '"text":', '"id":', '"Rain"', "1e999", "null", ",", "\\ud800", '"']
OTHER_SCRAPS = ["<p>", "</p>", "<html>", "<!--", "&#0;", "&", "text,id", ";", "# ", "---", "Storm hits Freedonia", "é"]
SCRAPS = st.sampled_from([*JSON_SCRAPS, *OTHER_SCRAPS, *"\n\t\r\ufeff\0 "])


@settings(deadline=None)  # the first web page waits for an import
@given(st.lists(SCRAPS, max_size=40).map("".join), st.sampled_from(sorted(READERS)))
def test_no_scraps_of_the_formats_raise(tmp_path_factory, content, suffix):
    path = write(tmp_path_factory.getbasetemp(), f"scraps{suffix}", content.encode())
    for read in read_articles([path]):
        assert isinstance(read, Notice) or read.text.encode()
