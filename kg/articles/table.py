"""From a CSV or TSV file to its articles, one a row. An article is never split here."""

import csv
from collections.abc import Iterator
from io import BufferedReader, StringIO

from kg.articles.article import Origin, make_article
from kg.articles.encoding import MAX_BYTES, read_whole
from kg.model import Article, Notice

DELIMITERS = ",;\t|"


def read_table(stream: BufferedReader, origin: Origin, _split: bool | None = None) -> Iterator[Article | Notice]:
    """Yield an article for each row, by the column names of the first row, in capitals or not.

    The delimiter is the one that the first row uses most. Cells are kept exactly; a quoted cell may hold line ends.
    """
    text, notices = read_whole(stream, origin)
    yield from notices
    if text is None:
        return
    # The csv module's limit of 128 kB a cell is the process's own; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield Notice(origin.at(line), f"not a row of a table ({error})", 'write each " in a cell as ""')
            continue
        if not any(cell.strip() for cell in row):
            continue
        if columns is None:
            columns = [cell.strip().casefold() for cell in row]
            if "text" not in columns:
                named = ", ".join(columns)[:100]
                yield Notice(origin.at(line), f"no column `text` (only {named})", "name the columns in the first row")
                return
            continue
        if len(row) > len(columns):
            what = f"{len(row)} cells under {len(columns)} column names; the last were passed over"
            yield Notice(origin.at(line), what, "quote cells that hold the delimiter", skipped=False)
        fields = dict(zip(columns, row, strict=False))
        yield from make_article(fields, origin, line)
