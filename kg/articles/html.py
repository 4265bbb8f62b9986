"""From a web page to its article: main text, title, date and outlet, as trafilatura finds them."""

import logging
import re
from collections.abc import Iterator, Mapping
from io import BufferedReader

from kg.articles.article import Origin, make_article
from kg.articles.encoding import read_whole
from kg.model import Article, Notice

# Pages are some hundred times smaller; what is larger is no page, and taking it apart would need gigabytes.
MAX_BYTES = 16 * 1024 * 1024

CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
# lxml refuses a text that declares an encoding.
DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")


def read_html(stream: BufferedReader, origin: Origin, _split: bool | None = None) -> Iterator[Article | Notice]:
    """Yield the article of a web page: all text of the page, with a notice, where no main text is found."""
    yield from read_page(stream, origin, 1, {})


def read_page(
    stream: BufferedReader, origin: Origin, line: int, known: Mapping[str, str | None]
) -> Iterator[Article | Notice]:
    """Yield the article of one web page; what is `known` of it counts where the page does not say."""
    page, notices = read_whole(stream, origin, CHARSET, MAX_BYTES)
    yield from notices
    if page is None:
        return
    # Imported here: it takes a while, and a run without web pages need not wait for it.
    from trafilatura import bare_extraction, html2txt
    from trafilatura.settings import Document

    for name in ("trafilatura", "htmldate"):  # they report on standard error what a notice says here
        logging.getLogger(name).addHandler(logging.NullHandler())
    page = DECLARATION.sub("", page, count=1)
    found = bare_extraction(page, with_metadata=True, include_comments=False)
    if not isinstance(found, Document):
        found = Document()
    if not found.text and (text := html2txt(page)):
        found.text = text
        yield Notice(origin.path, "no main text found", "all text of the page was read", skipped=False)
    fields = {"title": found.title, "text": found.text or "", "published": found.date, "url": found.url}
    fields["source"] = found.sitename
    yield from make_article(fields | {name: fields[name] or value for name, value in known.items()}, origin, line)
