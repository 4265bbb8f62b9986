import gzip
import importlib.util
import os

import pytest

from kg.articles import read_articles
from kg.model import Notice

if not importlib.util.find_spec("fastwarc") and os.environ.get("CI") != "true":
    pytest.skip("fastwarc is not installed", allow_module_level=True)

PAGE = """<html><head><title>{title}</title>{head}</head><body><article><p>
Ann Lee met Bo Chen in {place} on Friday, as both had said that they would. They spoke for an hour of rain and snow, and
parted as friends. Nobody else was there, and nothing was signed.</p></article></body></html>"""


def response(url: str, page: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    body = page.encode()
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-01-02T03:04:05Z\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


RECORDS = [
    response("https://daily.example/rain", PAGE.format(title="Rain", head="", place="Peru")),
    response("https://daily.example/gone", PAGE.format(title="Gone", head="", place="Chad"), "404 Not Found"),
    response("https://daily.example/data", "{}", kind="application/json"),
    response(
        "https://other.example/snow",
        PAGE.format(title="Snow", head='<meta property="og:site_name" content="The Other">', place="Mali"),
    ),
]


@pytest.mark.parametrize("name", ["news.warc", "news.warc.gz"])
def test_each_page_of_an_archive_that_was_answered_is_an_article(name, tmp_path):
    records = [gzip.compress(record) if name.endswith("gz") else record for record in RECORDS]
    (tmp_path / name).write_bytes(b"".join(records))
    found = list(read_articles([tmp_path]))
    assert [(a.title, a.url, a.source, str(a.found[0])) for a in found] == [
        ("Rain", "https://daily.example/rain", "daily.example", f"{name}:1"),
        ("Snow", "https://other.example/snow", "The Other", f"{name}:4"),
    ]
    assert ["Peru" in found[0].text, "Mali" in found[1].text] == [True, True]


def test_what_is_no_archive_gives_no_article(tmp_path):
    (tmp_path / "news.warc").write_bytes(b"no archive at all")
    assert all(isinstance(found, Notice) for found in read_articles([tmp_path]))
