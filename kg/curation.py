"""From a file of corrections to its lines, and from decisions to lines in that file.

The file is a table with the columns operation, entity, value, articles and note, written by hand, in a spreadsheet, or
by `kg review` and `kg curate`. A table of entities that somebody edited (`kg.entities`) serves as well. What the lines
do to the entities of a corpus is said in `kg.corrections`.
"""

import codecs
import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from errno import EISDIR
from io import StringIO
from pathlib import Path
from uuid import uuid4

from kg.articles import CORRECTIONS
from kg.articles.article import LONE_SURROGATE
from kg.articles.encoding import binary_kind, decode, unify_line_ends
from kg.errors import BadCuration, CannotWrite
from kg.model import Kind, Notice

COLUMNS = ("operation", "entity", "value", "articles", "note")
DELIMITERS = ",;\t"
# What stands between the articles in one cell, and between all that is a list in a table of entities.
BETWEEN = "|"
NO_ITEM = "none"


class Operation(StrEnum):
    """What a line does to the entity it names."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    DROP = "drop"
    KIND = "kind"
    WIKIDATA = "wikidata"
    NOT_EVENT = "not-event"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Line:
    """A correction: what is done to the entity, an id or a name, with what value, and in which articles alone.

    `where` is its file and line.
    """

    operation: Operation
    entity: str
    value: str = ""
    articles: tuple[str, ...] = ()
    note: str = ""
    where: str = ""

    @property
    def correction(self) -> tuple[str, str, str, tuple[str, ...]]:
        """What the line says, wherever it stands."""
        return self.operation, self.entity, self.value, self.articles

    def __str__(self) -> str:
        parts = (self.operation, self.entity, self.value, BETWEEN.join(self.articles))
        return f"{self.where}: {', '.join(filter(None, parts))}"


@dataclass(frozen=True, slots=True)
class Curation:
    """The corrections to a corpus, in the order in which they are made; `notices` are of what could not be read."""

    lines: tuple[Line, ...] = ()
    notices: tuple[Notice, ...] = ()


_WITHOUT_VALUE = frozenset((Operation.DROP, Operation.NOT_EVENT))
_IN_ARTICLES = frozenset(
    (Operation.MERGE, Operation.SPLIT, Operation.DROP, Operation.NOT_EVENT, Operation.KIND, Operation.SKIP)
)
_ITEM = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d*)\Z")
_EXAMPLES = {
    Operation.MERGE: "merge,Xi,Xi Jinping",
    Operation.SPLIT: "split,David Chong,Chong",
    Operation.RENAME: "rename,person/xi,Xi Jinping",
    Operation.KIND: "kind,Storm Ciaran,event",
    Operation.WIKIDATA: "wikidata,Xi Jinping,Q15031",
    Operation.SKIP: "skip,person/a-chong,person/chong",
}


def find_curation(inputs: Iterable[str | Path]) -> list[Path]:
    """Return each curation.csv that is among `inputs` or lies in a folder that is, in sorted order."""
    paths = {Path(given, CORRECTIONS) if Path(given).is_dir() else Path(given) for given in inputs}
    return sorted(path for path in paths if path.name == CORRECTIONS and path.is_file())


def read_curation(*paths: str | Path) -> Curation:
    """Return the corrections in the files at `paths`, in this order.

    A line that cannot be read becomes a notice. Raises `BadCuration` if a file cannot be read at all.
    """
    lines: list[Line] = []
    notices: list[Notice] = []
    for path in paths:
        for found in read_lines(path):
            if isinstance(found, Line):
                lines.append(found)
            else:
                notices.append(found)
    return Curation(tuple(lines), tuple(notices))


def read_lines(path: str | Path) -> Iterator[Line | Notice]:
    """Yield the corrections in the file at `path`, each with where it stands, and a notice for what is none."""
    from kg.entities import edits, is_entities  # which writes what it reads as lines

    text, doubt = _text(path)
    if doubt:
        yield Notice(str(path), doubt, "save it as UTF-8", skipped=False)
    table = list(rows(text, str(path)))
    columns: Sequence[str] = ()
    for i, row in enumerate(table):
        if isinstance(row, Notice):
            yield row
        elif columns:
            yield line_of(dict(zip(columns, row[1], strict=False)), row[1][len(columns) :], f"{path}:{row[0]}")
        elif is_entities(header := [cell.casefold() for cell in row[1]]):
            yield from edits(header, table[i + 1 :], str(path))
            return
        elif _operation(header[0]):  # a file without names of columns
            columns = COLUMNS
            yield line_of(dict(zip(columns, row[1], strict=False)), row[1][len(columns) :], f"{path}:{row[0]}")
        elif {"operation", "entity"} <= set(header):
            columns = header
        else:
            known, operations = ", ".join(COLUMNS), ", ".join(Operation)
            what = f"begins with {', '.join(row[1])[:80]!r}, neither names of columns nor a correction"
            raise BadCuration(f"{path}:{row[0]}: {what}; name the columns {known}, or begin with one of {operations}")


def _text(path: str | Path) -> tuple[str, str | None]:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BadCuration(f"{path}: cannot be read ({error.strerror}); check the name and its permissions") from error
    if kind := binary_kind(data):
        raise BadCuration(f"{path}: seems to be {kind[0]}, not a table; export it as CSV")
    text, doubt = decode(data)
    return unify_line_ends(text), doubt


def rows(text: str, where: str) -> Iterator[tuple[int, list[str]] | Notice]:
    """Yield the number of the line and the cells of each row of a table; blank rows and comments are passed over.

    The delimiter is that of , ; and tab which the first row uses most. A row that is none costs itself alone.

    >>> list(rows('operation;entity\\n\\n# so far\\ndrop;"Lee; Bo"', "curation.csv"))
    [(1, ['operation', 'entity']), (4, ['drop', 'Lee; Bo'])]
    """
    lines = text.split("\n")
    i, delimiter = 0, delimiter_of(text)
    while i < len(lines):
        table = csv.reader((line + "\n" for line in lines[i:]), delimiter=delimiter, strict=True)
        first = i + 1
        try:
            for row in table:
                number, first = first, i + 1 + table.line_num
                cells = [cell(value) for value in row]
                if any(cells) and not cells[0].startswith(("#", "sep=")):
                    yield number, cells
            return
        except csv.Error as error:
            yield Notice(f"{where}:{first}", f"not a row of a table ({error})", 'write each " in a cell as ""')
            i = first


def delimiter_of(text: str) -> str:
    """Return the delimiter that the first row of a table uses most, a comma if none."""
    first = next((line for line in text.split("\n") if line.strip() and not line.startswith("#")), "")
    if first.startswith("sep=") and first[4:5] in tuple(DELIMITERS):
        return first[4]
    return max(DELIMITERS, key=first.count)


def cell(text: str) -> str:
    """Return `text` as a cell holds it: on one line, single spaces, no half of a surrogate pair.

    >>> cell(" Xi \\n Jinping\\u00a0")
    'Xi Jinping'
    """
    return LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.replace("\0", "").split()))


def _operation(name: str) -> Operation | None:
    wanted = re.sub(r"[ _]+", "-", name.casefold())
    return next((operation for operation in Operation if operation == wanted), None)


def line_of(fields: Mapping[str, str], more: Sequence[str], where: str) -> Line | Notice:
    """Return the correction that the cells of a row make, or the notice that says why they make none."""
    name = fields.get("operation", "")
    operation, entity, value = _operation(name), fields.get("entity", ""), fields.get("value", "")
    articles = tuple(filter(None, (part.strip() for part in fields.get("articles", "").split(BETWEEN))))
    if operation is None:
        what = f"no operation is {name!r}" if name else "no operation"
        return Notice(where, what, f"write one of {', '.join(Operation)}")
    if any(more):
        return Notice(where, "more cells than columns", "quote cells that hold the delimiter")
    if not entity:
        return Notice(where, f"{operation} without an entity", "name it by its id, label or an alias")
    if value and operation in _WITHOUT_VALUE:
        return Notice(where, f"{operation} takes no value, but has {value!r}", "write a line for each entity")
    if articles and operation not in _IN_ARTICLES:
        return Notice(where, f"{operation} holds for all articles, but has some", "empty the cell")
    if not value and operation not in _WITHOUT_VALUE and not (operation is Operation.SPLIT and articles):
        return Notice(where, f"{operation} without a value", f"write it as in {_EXAMPLES[operation]!r}")
    if operation is Operation.KIND:
        value = value.casefold()
        if value == Kind.COUNTRY:
            remedy = "merge it into one by its code, as in merge,Holland,country/NL"
            return Notice(where, "a country is not made by its kind", remedy)
        if value not in tuple(Kind):
            return Notice(where, f"no kind is {value!r}", "write person or event")
    if operation is Operation.WIKIDATA:
        item = _ITEM.match(value)
        if not item and value != NO_ITEM:
            return Notice(where, f"{value!r} is no item of Wikidata", f"write it as in Q15031, or {NO_ITEM}")
        value = item[1] if item else value
    return Line(operation, entity, value, articles, fields.get("note", ""), where)


def news(lines: Iterable[Line], known: Iterable[Line]) -> list[Line]:
    """List those of `lines` that say something else than the last of the `known` ones on that point of their entity."""
    said = {_point(line): line.correction for line in known}
    return [line for line in lines if said.get(_point(line)) != line.correction]


def _point(line: Line) -> tuple[str, str]:
    by_itself = line.operation in (Operation.RENAME, Operation.KIND, Operation.WIKIDATA)
    return line.entity, line.operation if by_itself else "who it is"


def append(path: str | Path, lines: Sequence[Line]) -> None:
    """Add `lines` at the end of the file at `path`, which is made if there is none.

    What is in it stays as it is. The file is replaced by a whole new one or left as it is: raises `CannotWrite`, or
    `BadCuration` if it is something else than a file of corrections.
    """
    path = Path(path)
    text = _text(path)[0] if path.exists() else ""
    kept = [row for row in rows(text, str(path)) if not isinstance(row, Notice)]
    columns = [name.casefold() for name in kept[0][1]] if kept else list(COLUMNS)
    if kept and _operation(columns[0]):
        columns = list(COLUMNS)
    needed = {"operation", "entity", "value"} | ({"articles"} if any(line.articles for line in lines) else set())
    if missing := sorted(needed - set(columns)):
        raise BadCuration(f"{path}: no column {' nor '.join(missing)}; give a file of corrections, or a new one")
    written = StringIO()
    writer = csv.writer(written, delimiter=delimiter_of(text), lineterminator="\n")
    if not kept:
        writer.writerow(columns)
    for line in lines:
        cells = {name: cell(getattr(line, name)) for name in ("operation", "entity", "value", "note")}
        cells["articles"] = BETWEEN.join(map(cell, line.articles))
        writer.writerow([cells.get(name, "") for name in columns])
    if text and not text.endswith("\n"):
        text += "\n"
    old = path.read_bytes() if path.exists() else b""
    mark = "\ufeff" if not old or old.startswith(codecs.BOM_UTF8) else ""  # without it spreadsheets garble accents
    whole = mark + text + written.getvalue()
    replace_file(path, whole.replace("\n", "\r\n") if b"\r\n" in old else whole)


def replace_file(path: Path, text: str) -> None:
    """Write `text` to the file at `path`, which is replaced as a whole or left as it is. Raises `CannotWrite`."""
    with _beside(path) as new:
        with new.open("x", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(new, path.resolve())


def check_file(path: Path) -> None:
    """Raise what `replace_file` would raise, if that can be known before there is a text."""
    with _beside(path) as new:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        new.touch()


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a name no other run has, in the folder where `path` is, and explain what cannot be written there."""
    target = path.resolve()
    new = target.with_name(f".{target.name}.{uuid4().hex[:12]}.new")
    try:
        yield new
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(f"{path}: cannot be written ({reason}); choose another file; nothing was changed") from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
