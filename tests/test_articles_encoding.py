"""How the bytes of a file are read as text."""

import pytest

from kg.articles import read_articles
from kg.articles.encoding import decode

TEXT = "Prime Minister Rufus Firefly met Gómez in Malmö – “a good day”, he said."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_without_doubt(encoding):
    assert decode(TEXT.encode(encoding)) == (TEXT, None)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_mark_counts_more_than_a_declaration(mark):
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert decode(mark + TEXT.encode(encoding), "utf-8") == (TEXT, None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised(encoding):
    assert decode(TEXT.encode(encoding)) == (TEXT, f"not UTF-8; read as {encoding}")


def test_a_declaration_counts_more_than_utf_8():
    assert decode("é".encode(), "windows-1252") == ("Ã©", None)
    assert decode("Владимир".encode("koi8-r"), "KOI8-R") == ("Владимир", None)


@pytest.mark.parametrize("declared", ["none-such", "rot13", "unicode_escape", "utf-8", ""])
def test_a_declaration_that_cannot_be_true_is_passed_over(declared):
    assert decode("Malmö \\x41".encode(), declared) == ("Malmö \\x41", None)
    assert decode("Malmö \\x41".encode("cp1252"), declared) == ("Malmö \\x41", "not UTF-8; read as cp1252")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TEXT, "cp1252"),
        ("Президент приехал в столицу Фредонии в понедельник.", "cp1251"),
        ("Президент приехал в столицу Фредонии в понедельник.", "koi8_r"),
        ("外交部长周五在会议上说，各方应当对话。", "gb18030"),
    ],
)
def test_other_encodings_are_detected_with_a_notice(text, encoding):
    english = "It rained on Monday in the north of the country, officials said.\n" * 3
    assert decode((english + text).encode(encoding)) == (english + text, f"not UTF-8; read as {encoding}")


def test_utf_8_with_a_few_bad_bytes_stays_utf_8():
    text, doubt = decode(f"{TEXT}\n{TEXT}".encode() + b"\nbad \xff and \xfe")
    assert text == f"{TEXT}\n{TEXT}\nbad \ufffd and \ufffd"
    assert doubt == "line 3 is not valid UTF-8; 2 characters read as U+FFFD"


def test_what_is_doubtful_is_said_of_the_file_that_is_read(tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT.encode("cp1252"))
    notice, article = read_articles([tmp_path])
    assert str(notice) == f"{tmp_path}/a.txt: not UTF-8; read as cp1252; check the names in it, or save it as UTF-8"
    assert article.text == TEXT
