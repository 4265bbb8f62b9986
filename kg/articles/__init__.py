"""From files, folders and standard input to articles: a reader a format, and a notice for whatever could not be read.

Nothing here raises for bad input: what is wrong with it is a `Notice` in the place where the article would have been.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

from kg.articles.article import LONE_SURROGATE, MAX_LENGTH, Origin
from kg.articles.encoding import binary_kind
from kg.articles.html import read_html
from kg.articles.jsonl import read_json
from kg.articles.parquet import read_parquet
from kg.articles.table import read_table
from kg.articles.text import read_text
from kg.articles.warc import read_warc
from kg.model import Article, Notice, Place

__all__ = ["MAX_LENGTH", "READERS", "distinct", "files_of", "read_articles", "read_file"]

# Enough to tell by its beginning how a file is laid out.
BUFFER = 64 * 1024

# Corrections to the graph, not articles (`kg.curation`).
CORRECTIONS = "curation.csv"

Reader = Callable[[BufferedReader, Origin, bool | None], Iterator[Article | Notice]]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_text,
    ".jsonl": read_json,
    ".ndjson": read_json,
    ".json": read_json,
    ".csv": read_table,
    ".tsv": read_table,
    ".html": read_html,
    ".htm": read_html,
    ".parquet": read_parquet,
    ".warc": read_warc,
    ".warc.gz": read_warc,
}


def read_articles(inputs: Iterable[str | Path], *, split: bool | None = None) -> Iterator[Article | Notice]:
    """Yield every article of `inputs` as often as it occurs, in the order of the inputs, with notices between them.

    An input is a file, a folder (read with all folders in it, in the order of names; hidden files, those of other
    kinds and its curation.csv are passed over) or `-` for standard input. `split` says whether a text file is cut at
    headlines: None where it is safe, True wherever a line could be one, False never.
    """
    for given in [inputs] if isinstance(inputs, str | Path) else inputs:
        if str(given) == "-":
            yield from _read_standard_input(split)
        elif os.path.isdir(given):
            yield from _read_folder(str(given), split)
        elif Path(given).name != CORRECTIONS:
            yield from read_file(str(given), Path(given).name, split)


def files_of(inputs: Iterable[str | Path]) -> Iterator[tuple[str, str]]:
    """Yield each file of `inputs` that would be read, with the name that the places of its articles have for it.

    What cannot be opened is passed on as if it were a file, so that reading it gives the notice.
    """
    for given in inputs:
        if os.path.isdir(given):
            for entry in _walk(str(given), frozenset()):
                if isinstance(entry, str):
                    yield entry, Path(os.path.relpath(entry, given)).as_posix()
        elif Path(given).name != CORRECTIONS:
            yield str(given), Path(given).name


def distinct(
    articles: Iterable[Article | Notice], places: dict[str, set[Place]] | None = None
) -> Iterator[Article | Notice]:
    """Pass on each article once, where it first occurs; enter into `places` everywhere that each id was found.

    An article with the id of an earlier one but another text (but for white space) becomes a notice that names both
    places. Only ids and digests of texts are kept in memory.
    """
    places = {} if places is None else places
    first: dict[str, tuple[bytes, str]] = {}
    for article in articles:
        if isinstance(article, Notice):
            yield article
            continue
        text = sha256(" ".join(article.text.split()).encode("utf-8", "replace")).digest()
        here = ", ".join(map(str, article.found))
        new = article.id not in first
        known, there = first.setdefault(article.id, (text, here))
        if known == text:
            places.setdefault(article.id, set()).update(article.found)
        else:
            what = f"another article has the same id, {_shortened(article.id)!r}, and another text ({there})"
            yield Notice(here, what, "give each article an id of its own")
        if new:
            yield article


def _read_folder(folder: str, split: bool | None) -> Iterator[Article | Notice]:
    empty = True
    for entry in _walk(folder, frozenset()):
        if entry == os.path.join(folder, CORRECTIONS):
            continue
        if isinstance(entry, str):
            for found in read_file(entry, Path(os.path.relpath(entry, folder)).as_posix(), split):
                empty = empty and isinstance(found, Notice)
                yield found
        else:
            yield entry
    if empty:
        yield Notice(_printable(folder), "no articles in it", f"give a folder with {' '.join(READERS)} files")


def _walk(folder: str, above: frozenset[tuple[int, int]]) -> Iterator[str | Notice]:
    """Yield the files of `folder` that can be read, in the order of names; a folder within itself only once."""
    try:
        status = os.stat(folder)
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Notice(_printable(folder), f"cannot be opened ({error.strerror})", "check the name and its permissions")
        return
    if (status.st_dev, status.st_ino) in above:
        return
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        if os.path.isdir(path):
            yield from _walk(path, above | {(status.st_dev, status.st_ino)})
        elif _suffix(name) in READERS and (os.path.isfile(path) or os.path.islink(path)):
            yield path


def read_file(path: str, file: str, split: bool | None = None) -> Iterator[Article | Notice]:
    """Yield every article of the file at `path`, whose places have the name `file` for it."""
    origin, suffix = Origin(_printable(path), _printable(file)), _suffix(path)
    try:
        os.stat(path)
    except (OSError, ValueError) as error:  # the latter for names that no file can have
        yield _unreadable(origin, error)
        return
    try:
        with open(path, "rb", buffering=BUFFER) as opened:
            stream = cast(BufferedReader, opened)
            if suffix and suffix not in READERS:
                kind, remedy = binary_kind(stream.peek()) or (f"a {suffix} file", f"give one of {' '.join(READERS)}")
                yield Notice(origin.path, f"seems to be {kind}, not text that can be read", remedy)
            else:
                yield from READERS.get(suffix, _sniff)(stream, origin, split)
    except OSError as error:
        yield _unreadable(origin, error)


def _suffix(path: str) -> str:
    """Return the suffix that tells how a file is read.

    >>> _suffix("a.b/NEWS.Txt"), _suffix("CC-NEWS.warc.gz"), _suffix("page.html.gz")
    ('.txt', '.warc.gz', '.gz')
    """
    name = path.lower()
    return (
        next((suffix for suffix in READERS if suffix.count(".") > 1 and name.endswith(suffix)), None)
        or (os.path.splitext(name)[1])
    )


def _unreadable(origin: Origin, error: OSError | ValueError) -> Notice:
    reason = error.strerror if isinstance(error, OSError) else error
    return Notice(origin.path, f"cannot be read ({reason})", "check the name and its permissions")


def _read_standard_input(split: bool | None) -> Iterator[Article | Notice]:
    stream: BufferedReader = BufferedReader(cast(Any, sys.stdin.buffer), BUFFER)
    try:
        yield from _sniff(stream, Origin("-", "-"), split)
    except OSError as error:
        yield _unreadable(Origin("-", "-"), error)
    finally:
        stream.detach()  # or standard input would be closed with it


def _sniff(stream: BufferedReader, origin: Origin, split: bool | None) -> Iterator[Article | Notice]:
    """Read what has no suffix as what its beginning looks like: JSON, a web page, else text."""
    beginning = stream.peek()[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith((b"{", b"[")) and not beginning.startswith(b"{\\rtf"):
        return read_json(stream, origin)
    is_page = beginning.startswith(b"<") and (b"<html" in beginning or b"<!doctype html" in beginning)
    return read_html(stream, origin) if is_page else read_text(stream, origin, split)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _printable(path: str) -> str:
    """Return `path` with U+FFFD for what is no UTF-8 in it, so that it can be printed and written."""
    return LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", path)
