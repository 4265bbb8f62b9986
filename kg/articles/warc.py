"""From a web archive (WARC, as of Common Crawl's CC-NEWS) to its articles, one a page that was answered."""

from collections.abc import Iterator
from io import BufferedReader, BytesIO
from typing import Any, cast
from urllib.parse import urlsplit

from kg.articles.article import Origin
from kg.articles.html import read_page
from kg.model import Article, Notice


def read_warc(stream: BufferedReader, origin: Origin, _split: bool | None = None) -> Iterator[Article | Notice]:
    """Yield the article of each web page in an archive, compressed or not; what is no page is passed over.

    The line of an article is the number of its record. The outlet, if the page does not name it, is the host.
    """
    try:
        from fastwarc import ArchiveIterator, WarcRecordType
    except ImportError:
        yield Notice(origin.path, "web archives need fastwarc", 'run: pip install "kg[warc]"')
        return
    number = 0
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if record.record_type == WarcRecordType.response and _is_page(record):
                url = record.headers.get("WARC-Target-URI")
                body = BufferedReader(cast(Any, BytesIO(record.reader.read())))
                fields = {"url": url, "source": urlsplit(url or "").hostname}
                yield from read_page(body, Origin(origin.path, origin.file), number, fields)
    except (OSError, ValueError, EOFError) as error:
        yield Notice(origin.at(number + 1), f"the archive breaks off ({error})", "fetch it again")


def _is_page(record: Any) -> bool:
    """Say whether a record is a page that the server did give."""
    kind = (record.http_content_type or "").lower()
    return kind in ("text/html", "application/xhtml+xml") and record.http_headers.status_code == 200
