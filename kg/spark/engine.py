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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.aggregate import Window, of_all, of_articles
from kg.arrow import Batches, Columns, batch_of, columns_of, ddl, nested, tuples
from kg.collector import collector_paused
from kg.corpus import NO_CURATION, NOTHING, told_of_nodes, who_is_who
from kg.counting import ADDED, BATCH, add_copies, connect, empty, fetched, fill, make, sparing
from kg.curation import Curation
from kg.documents import BEST
from kg.errors import KGError, NoArticles
from kg.graph import to_graph
from kg.graph_tables import Tables
from kg.identity import Identity, relabelled
from kg.identity.knowledge import Knowledge
from kg.identity.profiles import from_json, profile_of, to_json
from kg.model import EVENT_TYPES, Article, Notice, Place, Record
from kg.records import extract, select_events
from kg.significance import Association, association
from kg.spark.articles import distinct, with_all_fields
from kg.syndication import BAND, BANDS, alike, grouped, signature_of
from kg.tables import records_of, rows_of

if TYPE_CHECKING:
    import duckdb
    import networkx as nx
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

OnNotice = Callable[[Notice], None]
Renamed = dict[str, dict[str, str | None]]

_RECORD: Columns = {
    "article": "string",
    "published": "string",
    "signature": "array<int>",
    "profile": "string",
    "record": "string",
}
_PAIR: Columns = {"first": "string", "article": "string"}
_MEASURES: Columns = dict.fromkeys(Association._fields, "double")

# The tables that are written besides what articles add; `links` with its measures.
RESULTS = ("totals", "nodes", "node_days", "aliases", "facts", "links", "link_days", "evidence")


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
    return kept(spark, distinct(with_all_fields(articles)), partial(_extract, model, accuracy), folder)


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
    identity = _identity(records, curation, on_notice, knowledge)
    copied = _copies(records)
    copies = spark.createDataFrame(list(copied.items()), "article string, original string")
    _stored(spark, copies.coalesce(1), folder, "copies")
    shared = spark.sparkContext.broadcast((_renamed(identity), identity.labels, copied))
    window = Window(window)
    added = partial(_added_by, shared, partial(select_events, which=events, types=types), window)
    _stored(spark, records.select("article", "record").mapInArrow(added, ddl(added_columns(window))), folder, "added")
    apart = spark.newSession()  # whose views are not the caller's
    show(apart, folder, ["copies"])
    count(apart, folder, countries_in_names=countries_in_names)
    return Built(apart, identity, window, str(folder))


def _identity(records: "DataFrame", curation: Curation, on_notice: OnNotice, knowledge: Knowledge | None) -> Identity:
    """Return who is who, told here from all profiles; the records come here only if there are corrections."""
    with collector_paused():
        profiles = [from_json(told) for told in _here(records, "profile")]
        if not profiles:
            raise NoArticles(NOTHING)
        return who_is_who(map(_record, _here(records, "record")), profiles, curation, on_notice, knowledge)


def count(views: "SparkSession", folder: str | Path, *, countries_in_names: bool = False) -> None:
    """Make the tables of the graph from the views of what articles add; write them to `folder`, as views too."""
    for name, query in of_all(countries_in_names=countries_in_names):
        table = views.sql(query)
        if name in RESULTS:
            table = _stored(views, _measured(views, table) if name == "links" else table, folder, name)
        table.createOrReplaceTempView(name)


def added_columns(window: Window) -> Columns:
    """Return the columns of what `added` makes."""
    with connect() as database:
        add_copies(database, {})
        empty(database)
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


def graph_in(built: Built) -> "nx.Graph":
    """Return the networkx graph of what was built, the same as `kg.build` makes of these articles.

    It has to fit into the memory of one machine.
    """
    with collector_paused(), tabled(built) as tables:
        return to_graph(tables)


@contextmanager
def tabled(built: Built) -> Iterator[Tables]:
    """Give the graph of what was built, listed from its tables: memory need not hold it.

    DuckDB reads the tables if their folder is one of this machine, else Spark collects them.
    """
    folders = {name: Path(built.folder, name) for name in (*RESULTS, "copies", "added")}
    if not all(any(folder.glob("*.parquet")) for folder in folders.values()):
        yield collected(built)
        return
    with sparing() as database:
        for name, folder in folders.items():
            database.read_parquet(f"{folder}/*.parquet").create_view(name)
        for name in ("articles", "places", "mentioned"):
            database.execute(f"create view {name} as select unnest({name}, recursive := true) from added")
        yield Tables(partial(fetched, database), built.window, told_of_nodes(built.identity))


def collected(built: Built) -> Tables:
    """Return the tables of the graph, which Spark collects as they are asked for."""

    def run(query: str) -> Iterator[tuple[Any, ...]]:
        return tuples(built.views.sql(query).toArrow())

    return Tables(run, built.window, told_of_nodes(built.identity))


def _stored(spark: "SparkSession", table: "DataFrame", folder: str | Path, name: str) -> "DataFrame":
    """Write a table into `folder`; return it as read from there, so that nothing is worked out twice."""
    path = os.path.join(folder, name)
    table.write.mode("overwrite").parquet(path)
    return spark.read.schema(table.schema).parquet(path)


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
        codes = None if signature is None else signature.tolist()
        told = to_json(profile_of(record)), json.dumps(rows_of([record]))
        rows.append((article.id, article.published, codes, *told))
        if len(rows) == 64:
            yield batch_of(rows, _RECORD)
            rows = []
    yield batch_of(rows, _RECORD)


def _record(told: str) -> Record:
    (record,) = records_of({table: [tuple(row) for row in rows] for table, rows in json.loads(told).items()})
    return record


def _here(records: "DataFrame", column: str) -> Iterator[str]:
    """Yield the values of a column, which come to the driver part by part."""
    for (value,) in records.select(column).toLocalIterator(prefetchPartitions=True):
        yield value


def _renamed(identity: Identity) -> Renamed:
    """Return which entities go by another id than in their article, by article: None is for those that are no node."""
    renamed: Renamed = defaultdict(dict)
    for article, id in identity.uncorrected.keys() - identity.node_of.keys():
        renamed[article][id] = None
    for (article, id), node in identity.node_of.items():
        if node != id:
            renamed[article][id] = node
    return dict(renamed)


def _names_in(record: Record, renamed: Renamed, labels: Mapping[str, str]) -> Identity:
    """Return who is who in one record."""
    other, article = renamed.get(record.article.id, {}), record.article.id
    nodes = ((entity.id, other.get(entity.id, entity.id)) for entity in record.entities)
    return Identity({(article, id): node for id, node in nodes if node is not None}, labels=labels)


def _added_by(shared: Any, selected: Callable[[Record], Record], window: Window, batches: Batches) -> Batches:
    """Yield what records add, some at a time, by the names that the nodes have."""
    renamed, labels, copies = shared.value
    copies_of = defaultdict(list)
    for copy, original in copies.items():
        copies_of[original].append(copy)
    columns = added_columns(window)
    for batch in batches:
        ids = set(batch.column("article").to_pylist())
        near = {copy: id for id in ids for copy in copies_of.get(id, ())}
        near |= {id: copies[id] for id in ids & copies.keys()}
        with connect() as database:
            database.execute("set threads = 1")  # a worker has one core
            add_copies(database, near)
            empty(database)
            for first in range(0, batch.num_rows, BATCH):
                records = map(_record, batch.column("record").slice(first, BATCH).to_pylist())
                named = (relabelled(record, _names_in(record, renamed, labels)) for record in records)
                fill(database, list(map(selected, named)))
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
