"""From a Parquet file to its articles, one a row; the columns are those of a table. An article is never split here."""

from collections.abc import Iterator
from io import BufferedReader

from kg.articles.article import Origin, make_article
from kg.model import Article, Notice

FIELDS = ("id", "title", "text", "published", "url", "source")


def read_parquet(stream: BufferedReader, origin: Origin, _split: bool | None = None) -> Iterator[Article | Notice]:
    """Yield an article for each row, by the names of the columns; a few rows are in memory at a time."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        yield Notice(origin.path, "Parquet files need pyarrow", 'run: pip install "kg[spark]"')
        return
    line = 0
    try:
        file = ParquetFile(stream)
        columns = [name for name in file.schema_arrow.names if name in FIELDS]
        for batch in file.iter_batches(batch_size=256, columns=columns):
            for row in batch.to_pylist():
                line += 1
                if row.get("published") is not None:
                    row["published"] = str(row["published"])  # it may be a date, not a string
                yield from make_article(row, origin, line)
    except (ArrowException, OSError) as error:
        yield Notice(origin.at(line + 1), f"not a Parquet file that can be read ({error})", "write it again")
