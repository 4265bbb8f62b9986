"""From the tables of a graph to files that hold a part of it each."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.graph import to_graph
from kg.spark.engine import RESULTS, Built, collected, show
from kg.vocabulary import BASE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

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
        part = to_graph(collected(replace(built, views=views)))
        while held:
            held.pop().unpersist()
        part.graph["article_count"] = articles
        written.append(write(part, Path(folder, f"kg-{shard:05}-of-{shards:05}{suffix}"), base=base))
    return written
