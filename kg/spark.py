"""The main job on Spark: from files or a table of articles to the tables of the graph, on any number of machines.

The steps are those of `kg.corpus`, and so are the functions: `kg.articles` reads and `kg.records` extracts wherever
there is room, the model loaded once in each worker; `kg.identity` tells on the driver who is who; the queries of
`kg.aggregate` count. Each step is written as Parquet into the output folder before the next begins; all machines must
see that folder.
Needs kg[spark] and Java 17.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.aggregate import ADDED, Window, connect, make, of_all, of_articles
from kg.arrow import Columns, batch_of, columns_of, ddl, nested, tuples
from kg.articles import files_of, read_file
from kg.articles.article import Origin, make_article
from kg.corpus import NO_CURATION, NOTHING, add_items, in_order, who_is_who
from kg.curation import Curation
from kg.documents import BEST
from kg.errors import KGError, NoArticles
from kg.graph import to_graph
from kg.identity import Identity, relabelled
from kg.identity.knowledge import Knowledge
from kg.model import EVENT_TYPES, Article, Notice, Place, Record
from kg.records import extract, select_events
from kg.significance import Association, association
from kg.syndication import BAND, BANDS, alike, grouped, signature_of
from kg.tables import records_of, rows_of
from kg.vocabulary import BASE

if TYPE_CHECKING:
    import duckdb
    import networkx as nx
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

Batches = Iterator["pyarrow.RecordBatch"]
OnNotice = Callable[[Notice], None]

FIELDS = ("id", "title", "text", "published", "url", "source")

_FOUND: Columns = (
    dict.fromkeys(FIELDS, "string")
    | {"file": "string", "line": "int", "input": "int", "position": "int"}
    | {"notice": "string", "skipped": "boolean"}
)
_RECORD: Columns = {"article": "string", "published": "string", "signature": "array<int>", "record": "string"}
_PAIR: Columns = {"first": "string", "article": "string"}
_MEASURES: Columns = dict.fromkeys(Association._fields, "double")

# The tables that are written besides what articles add; `links` with its measures.
RESULTS = ("totals", "nodes", "node_days", "aliases", "facts", "links", "link_days", "evidence")

# Records counted at a time in each worker.
_AT_ONCE = 1000


class NoSpark(KGError):
    """Spark, or the Java it needs, is not installed."""


def session(master: str = "local[*]", memory: str = "2g") -> "SparkSession":
    """Return a Spark session of our own on `master`. Raises `NoSpark`."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise NoSpark('Spark is not installed; run: pip install "kg[spark]"') from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers of local mode have what is installed here
    builder = SparkSession.builder.master(master).appName("kg")
    settings = {
        "spark.driver.memory": memory,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "8",
        "spark.log.level": "ERROR",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise NoSpark(f"Spark does not start ({str(error)[:100]}); it needs Java 17 or later, and JAVA_HOME") from error


@dataclass(frozen=True)
class Built:
    """What a build made: a session that has the tables of the graph as views, and who is who."""

    views: "SparkSession"
    identity: Identity
    window: Window
    folder: str


def read(
    spark: "SparkSession", inputs: Iterable[str | Path], *, split: bool | None = None, on_notice: OnNotice = print
) -> "DataFrame":
    """Return the articles of files and folders, each file read by one task, as a table that `build` takes."""
    files = [(str(path), file, i) for i, (path, file) in enumerate(files_of(in_order(inputs)))]
    table = spark.createDataFrame(files, "path string, file string, input int").repartition(max(1, len(files)), "input")
    found = table.mapInArrow(partial(_read, split=split), ddl(_FOUND)).persist()
    for row in found.where("notice is not null").orderBy("input", "position").collect():
        where, what, remedy = json.loads(row.notice)
        on_notice(Notice(where, what, remedy, row.skipped))
    return found.where("notice is null").drop("notice", "skipped")


def build(
    spark: "SparkSession",
    articles: "DataFrame",
    folder: str | Path,
    *,
    model: str | None = None,
    accuracy: str = BEST,
    **how: Any,
) -> Built:
    """Write the tables of the graph of `articles` to `folder`, as Parquet; return what is needed to query them.

    `articles` needs a column `text` and may have `id`, `title`, `published`, `url` and `source`. `model` and `accuracy`
    are those of `kg.records.extract`, and the other options those of `build_from`.

    Raises `NoArticles` if there are none.
    """
    return build_from(spark, extracted(spark, articles, folder, model=model, accuracy=accuracy), folder, **how)


def extracted(
    spark: "SparkSession",
    articles: "DataFrame",
    folder: str | Path,
    *,
    model: str | None = None,
    accuracy: str = BEST,
) -> "DataFrame":
    """Write what each article says to `folder`, as the table `records`, and return that."""
    return kept(spark, _distinct(_articles(articles)), partial(_extract, model, accuracy), folder)


def kept(
    spark: "SparkSession", given: "DataFrame", records: Callable[[Batches], Iterator[Record]], folder: str | Path
) -> "DataFrame":
    """Write the records that a function makes of each part of a table to `folder`, and return their table."""
    return _stored(spark, given.mapInArrow(partial(_told, records), ddl(_RECORD)), folder, "records")


def build_from(
    spark: "SparkSession",
    records: "DataFrame",
    folder: str | Path,
    *,
    window: Window | str = Window.SENTENCE,
    countries_in_names: bool = False,
    events: str = "all",
    types: Collection[str] = EVENT_TYPES,
    curation: Curation = NO_CURATION,
    knowledge: Knowledge | None = None,
    on_notice: OnNotice = print,
) -> Built:
    """Write the tables of the graph of a table of `records`. The options are those of `kg.corpus`.

    Raises `NoArticles` if there are none.
    """
    told = list(_records(records))
    if not told:
        raise NoArticles(NOTHING)
    identity = who_is_who(told, curation, on_notice, knowledge)
    copied = _copies(records)
    copies = spark.createDataFrame(list(copied.items()), "article string, original string")
    _stored(spark, copies.coalesce(1), folder, "copies")
    names = Identity(identity.node_of, labels=identity.labels)
    shared = spark.sparkContext.broadcast((names, copied))
    window = Window(window)
    added = partial(_added_by, shared, partial(select_events, which=events, types=types), window)
    _stored(spark, records.select("record").mapInArrow(added, ddl(added_columns(window))), folder, "added")
    apart = spark.newSession()  # whose views are not the caller's
    show(apart, folder, ["copies"])
    count(apart, folder, countries_in_names=countries_in_names)
    return Built(apart, identity, window, str(folder))


def count(views: "SparkSession", folder: str | Path, *, countries_in_names: bool = False) -> None:
    """Make the tables of the graph from the views of what articles add; write them to `folder`, as views too."""
    for name, query in of_all(countries_in_names=countries_in_names):
        table = views.sql(query)
        if name in RESULTS:
            table = _stored(views, _measured(views, table) if name == "links" else table, folder, name)
        table.createOrReplaceTempView(name)


def added_columns(window: Window) -> Columns:
    """Return the columns of what `added` makes."""
    with connect((), {}) as database:
        make(database, of_articles(window))
        return columns_of(database, ADDED)


def added(database: "duckdb.DuckDBPyConnection", window: Window, columns: Columns) -> "pyarrow.RecordBatch":
    """Return what the articles in `database` add, each table a column."""
    make(database, of_articles(window))
    return nested(database, ADDED, columns)


def show(views: "SparkSession", folder: str | Path, names: Iterable[str] = ()) -> None:
    """Make views of what articles add, which lies in `folder`, and of the tables there of the given names."""
    rows = views.read.parquet(os.path.join(folder, "added"))
    for name in ADDED:
        rows.selectExpr(f"inline({name})").createOrReplaceTempView(name)
    for name in names:
        views.read.parquet(os.path.join(folder, name)).createOrReplaceTempView(name)


# What a shard holds: links by their ends, and nodes by their ids, with all that belongs to them.
_SHARD = {
    "links": "select * from links where pmod(hash(a, b), {shards}) = {shard}",
    "own": "select node from nodes where pmod(hash(node), {shards}) = {shard}",
    "nodes": """
        select * from nodes semi join (select node from own union select a from links union select b from links) held
        using (node)""",
    "aliases": "select * from aliases semi join nodes using (node)",
    "facts": "select * from facts semi join nodes using (node)",
    "node_days": "select * from node_days semi join nodes using (node)",
    "link_days": "select * from link_days semi join links using (a, b)",
    "evidence": "select * from evidence semi join links using (a, b)",
    "articles": """
        select * from articles where pmod(hash(article), {shards}) = {shard} or article in (
            select article from evidence union select m.article from mentioned m semi join own on own.node = m.node)""",
    "places": "select * from places semi join articles using (article)",
    "mentioned": "select * from mentioned semi join articles using (article)",
}


def write_shards(
    built: Built, folder: str | Path, shards: int, *, suffix: str = ".nt.gz", base: str = BASE
) -> list[Path]:
    """Write the graph in so many files, with no more of it in memory at a time than one of them holds.

    What belongs to several is in each: with N-Triples, all files together say what one would.
    """
    from kg.formats import write

    written, held, articles = [], list["DataFrame"](), built.views.table("articles").count()
    for shard in range(shards):
        views = built.views.newSession()
        show(views, built.folder, [*RESULTS, "copies"])
        for name, query in _SHARD.items():
            table = views.sql(query.format(shard=shard, shards=shards))
            held.append(table.persist())
            table.createOrReplaceTempView(name)
        part = graph_in(replace(built, views=views))
        while held:
            held.pop().unpersist()
        part.graph["article_count"] = articles
        written.append(write(part, Path(folder, f"kg-{shard:05}-of-{shards:05}{suffix}"), base=base))
    return written


def graph_in(built: Built) -> "nx.Graph":
    """Return the networkx graph of what was built, the same as `kg.build` makes of these articles.

    It has to fit into the memory of one machine.
    """
    graph = to_graph(lambda query: list(tuples(built.views.sql(query).toArrow())), built.window)
    add_items(graph, built.identity)
    return graph


def _stored(spark: "SparkSession", table: "DataFrame", folder: str | Path, name: str) -> "DataFrame":
    """Write a table into `folder`; return it as read from there, so that nothing is worked out twice."""
    path = os.path.join(folder, name)
    table.write.mode("overwrite").parquet(path)
    return spark.read.schema(table.schema).parquet(path)


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


def _articles(given: "DataFrame") -> "DataFrame":
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


def _distinct(articles: "DataFrame") -> "DataFrame":
    """Return each article once, as it occurs first, with all places where the same text was found under its id."""
    from pyspark.sql import Window as Over
    from pyspark.sql import functions as f

    same = f.sha2(f.trim(f.regexp_replace("text", r"\s+", " ")), 256)
    order = Over.partitionBy("id").orderBy("input", "position", "same")
    first = articles.withColumn("same", same).withColumn("first", f.first("same").over(order))
    ranked = first.withColumn("nth", f.row_number().over(order)).where("same = first")
    places = ranked.where("file is not null").groupBy("id").agg(f.collect_set(f.struct("file", "line")).alias("places"))
    return ranked.where("nth = 1").select(*FIELDS).join(places, "id", "left").select(*FIELDS, "places")


def _extract(model: str | None, accuracy: str, batches: Batches) -> Iterator[Record]:
    def articles() -> Iterator[Article]:
        for batch in batches:
            for id, title, text, published, url, source, places in tuples(batch):
                found = sorted(Place(place["file"], place["line"]) for place in places or ())
                yield Article(id, text, title, published, url, source, tuple(found))

    return extract(articles(), model=model, accuracy=accuracy)


def _told(records: Callable[[Batches], Iterator[Record]], batches: Batches) -> Batches:
    rows = []
    for record in records(batches):
        article, signature = record.article, signature_of(record.article.text)
        rows.append((article.id, article.published, signature, json.dumps(rows_of([record]))))
        if len(rows) == 64:
            yield batch_of(rows, _RECORD)
            rows = []
    yield batch_of(rows, _RECORD)


def _record(told: str) -> Record:
    (record,) = records_of({table: [tuple(row) for row in rows] for table, rows in json.loads(told).items()})
    return record


def _records(records: "DataFrame") -> Iterator[Record]:
    for row in records.select("record").toLocalIterator():
        yield _record(row.record)


def _added_by(shared: Any, selected: Callable[[Record], Record], window: Window, batches: Batches) -> Batches:
    """Yield what records add, some at a time, by the names that the nodes have."""
    names, copies = shared.value
    copies_of = defaultdict(list)
    for copy, original in copies.items():
        copies_of[original].append(copy)
    columns = added_columns(window)
    for batch in batches:
        for first in range(0, batch.num_rows, _AT_ONCE):
            told = batch.column("record").slice(first, _AT_ONCE).to_pylist()
            records = [selected(relabelled(_record(one), names)) for one in told]
            ids = {record.article.id for record in records}
            near = {copy: id for id in ids for copy in copies_of.get(id, ())}
            near |= {id: copies[id] for id in ids & copies.keys()}
            with connect(records, near) as database:
                database.execute("set threads = 1")  # a worker has one core
                yield added(database, window, columns)


def _copies(records: "DataFrame") -> dict[str, str]:
    """Return the article that stands for each copy; only articles that agree in a band of their signatures meet."""
    from pyspark.sql import functions as f

    told = records.where("signature is not null").select("article", "signature")
    banded = told.select("article", f.explode(f.array(*map(f.lit, BANDS))).alias("n"), "signature")
    banded = banded.selectExpr("article", "n", f"slice(signature, n + 1, {BAND}) as band")
    groups = banded.groupBy("n", "band").agg(f.min("article").alias("first"), f.count("*").alias("articles"))
    first = groups.where("articles > 1").drop("articles")
    met = banded.join(first, ["n", "band"]).where("first <> article").select("first", "article").distinct()
    both = met.join(told, "article").join(told.toDF("first", "other"), "first")
    pairs = both.mapInArrow(_alike, ddl(_PAIR)).collect()
    ids = {id for pair in pairs for id in pair}
    dated = records.select("article", "published").where(f.col("article").isin(ids)).collect() if ids else []
    return grouped([tuple(pair) for pair in pairs], {row.article: row.published for row in dated})


def _alike(batches: Batches) -> Batches:
    for batch in batches:
        rows = [(first, article) for first, article, one, other in tuples(batch) if alike(one, other)]
        yield batch_of(rows, _PAIR)


def _measured(spark: "SparkSession", links: "DataFrame") -> "DataFrame":
    """Return `links` with what they mean."""
    (passages,) = spark.table("totals").select("passages").first() or (0,)
    schema = f"{links.schema.toDDL()}, {ddl(_MEASURES)}"
    return links.mapInArrow(partial(_measure, int(passages)), schema)


def _measure(passages: int, batches: Batches) -> Batches:
    import pyarrow

    for batch in batches:
        counts = (batch.column(name).to_pylist() for name in ("passages", "a_passages", "b_passages"))
        measures = batch_of([association(n, a, b, passages) for n, a, b in zip(*counts, strict=True)], _MEASURES)
        names = [*batch.schema.names, *measures.schema.names]
        yield pyarrow.RecordBatch.from_arrays([*batch.columns, *measures.columns], names)
