"""What a question gives back: a list of rows that notebooks show as a table."""

from collections.abc import Iterable, Sequence
from html import escape
from textwrap import shorten
from typing import Any, Generic, TypeVar

from kg.evidence import Evidence
from kg.formats.text import clean

Row = TypeVar("Row", bound=tuple[Any, ...])

# A quote beside other columns is cut to so many letters.
QUOTE = 160

# Columns that people do without, though programs may not.
_FOR_PROGRAMS = {"id", "id_a", "id_b", "article", "start", "end", "url", "nodes", "name"}


class Answer(list[Row], Generic[Row]):
    """A list of rows, all named tuples of one type, in the order of the answer. `columns` names what they hold."""

    def __init__(self, row: type[Row], rows: Iterable[Row] = ()) -> None:
        super().__init__(rows)
        self.columns: tuple[str, ...] = row._fields  # type: ignore[attr-defined]

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as JSON can hold them; a quote with its article and offsets."""
        return [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self]

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Return the head and the rows for people: names instead of ids, numbers short, no empty columns."""
        cells = [[as_text(value) for value in row] for row in self]
        shown = [
            i
            for i, name in enumerate(self.columns)
            if name not in _FOR_PROGRAMS and (not cells or any(row[i] for row in cells))
        ]
        head = [self.columns[i].replace("_", " ").replace("evidence", "quote") for i in shown]
        return head, [[row[i] for i in shown] for row in cells]

    def _repr_html_(self) -> str:
        head, rows = self.table()
        titles = "".join(f"<th scope='col'>{escape(name)}</th>" for name in head)
        lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def _plain(value: Any) -> Any:
    if isinstance(value, Evidence):
        return {"text": value.text, "article": value.article, "start": value.start, "end": value.end}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def as_text(value: Any) -> str:
    """Return a value as people read it, in one line, and without what would steer a terminal."""
    if value is None:
        return ""
    if isinstance(value, Evidence):
        return shorten(clean(value.text), QUOTE, placeholder=" …")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, str):
        return " ".join(clean(value).split())
    if isinstance(value, Sequence):
        return " · ".join(filter(None, map(as_text, value)))
    return str(value)
