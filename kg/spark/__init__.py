"""The main job on Spark: the same graph, to the byte, from corpora that one machine cannot hold.

`read` takes articles from files, `build` makes the tables of their graph, `graph_in` collects it, `tabled` lists it for
the writers, `write_shards` writes it in parts. Needs kg[spark] and Java 17.
"""

from kg.spark.articles import read
from kg.spark.engine import (
    Built,
    NoSpark,
    added,
    added_columns,
    build,
    build_from,
    count,
    extracted,
    graph_in,
    kept,
    session,
    show,
    tabled,
)
from kg.spark.shards import write_shards

__all__ = [
    "Built",
    "NoSpark",
    "added",
    "added_columns",
    "build",
    "build_from",
    "count",
    "extracted",
    "graph_in",
    "kept",
    "read",
    "session",
    "show",
    "tabled",
    "write_shards",
]
