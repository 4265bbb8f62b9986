"""From files or a table to the articles of a build, as a table of Spark in which each is once."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.arrow import Batches, Columns, batch_of, ddl, tuples
from kg.articles import files_of, read_file
from kg.articles.article import Origin, make_article
from kg.corpus import in_order
from kg.model import Article, Notice

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FIELDS = ("id", "title", "text", "published", "url", "source")

_FOUND: Columns = (
    dict.fromkeys(FIELDS, "string")
    | {"file": "string", "line": "int", "input": "int", "position": "int"}
    | {"notice": "string", "skipped": "boolean"}
)


def read(
    spark: "SparkSession",
    inputs: Iterable[str | Path],
    *,
    split: bool | None = None,
    on_notice: Callable[[Notice], None] = print,
) -> "DataFrame":
    """Return the articles of files and folders, each file read by one task, as a table that `build` takes."""
    files = [(str(path), file, i) for i, (path, file) in enumerate(files_of(in_order(inputs)))]
    table = spark.createDataFrame(files, "path string, file string, input int").repartition(max(1, len(files)), "input")
    found = table.mapInArrow(partial(_read, split=split), ddl(_FOUND)).persist()
    for row in found.where("notice is not null").orderBy("input", "position").collect():
        where, what, remedy = json.loads(row.notice)
        on_notice(Notice(where, what, remedy, row.skipped))
    return found.where("notice is null").drop("notice", "skipped")


def _read(batches: Batches, split: bool | None) -> Batches:
    for batch in batches:
        for path, file, number in tuples(batch):
            rows = []
            for position, found in enumerate(read_file(path, file, split)):
                if isinstance(found, Notice):
                    notice = json.dumps([found.where, found.what, found.remedy])
                    rows.append((*[None] * 8, number, position, notice, found.skipped))
                else:
                    (place,) = found.found
                    given = (getattr(found, field) for field in FIELDS)
                    rows.append((*given, place.file, place.line, number, position, None, None))
                if len(rows) == 256:
                    yield batch_of(rows, _FOUND)
                    rows = []
            yield batch_of(rows, _FOUND)


def with_all_fields(given: "DataFrame") -> "DataFrame":
    """Return `given` with all columns that an article can have."""
    from pyspark.sql import functions as f

    columns = [f.col(name).cast("string") if name in given.columns else f.lit(None).cast("string") for name in FIELDS]
    table = given.select(*(column.alias(name) for name, column in zip(FIELDS, columns, strict=True)))
    if "position" in given.columns:
        return given.select(*FIELDS, "file", "line", "input", "position")
    return table.mapInArrow(_make, ddl(_FOUND)).drop("notice", "skipped")


def _make(batches: Batches) -> Batches:
    """Give each row of a table the id and the date that an article of a file would have."""
    for batch in batches:
        rows = []
        for values in tuples(batch):
            for found in make_article(dict(zip(FIELDS, values, strict=True)), Origin("table", "table"), 1):
                if isinstance(found, Article):
                    given = (getattr(found, field) for field in FIELDS)
                    rows.append((*given, None, None, 0, 0, None, None))
        yield batch_of(rows, _FOUND)


def distinct(articles: "DataFrame") -> "DataFrame":
    """Return each article once, as it occurs first, with all places where the same text was found under its id."""
    from pyspark.sql import Window as Over
    from pyspark.sql import functions as f

    same = f.sha2(f.trim(f.regexp_replace("text", r"\s+", " ")), 256)
    order = Over.partitionBy("id").orderBy("input", "position", "same")
    first = articles.withColumn("same", same).withColumn("first", f.first("same").over(order))
    ranked = first.withColumn("nth", f.row_number().over(order)).where("same = first")
    places = ranked.where("file is not null").groupBy("id").agg(f.collect_set(f.struct("file", "line")).alias("places"))
    return ranked.where("nth = 1").select(*FIELDS).join(places, "id", "left").select(*FIELDS, "places")
