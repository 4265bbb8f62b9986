"""From a plain text or Markdown file to its articles."""

from collections.abc import Iterator
from io import BufferedReader

from kg.articles.article import Origin, make_article
from kg.articles.encoding import read_whole, unify_line_ends
from kg.articles.split import split_articles
from kg.model import Article, Notice


def read_text(stream: BufferedReader, origin: Origin, split: bool | None) -> Iterator[Article | Notice]:
    """Yield the articles of a text file in order, cut at headlines as `split` says (None: where it is safe).

    An article's text is the verbatim stretch of the file, headline included, without blank lines around it.
    """
    text, notices = read_whole(stream, origin)
    yield from notices
    if text is None:
        return
    text = unify_line_ends(text)
    line, seen = 1, 0
    for part in split_articles(text, split):
        line, seen = line + text.count("\n", seen, part.start), part.start
        yield from make_article({"title": part.title, "text": text[part.start : part.end]}, origin, line)
