#!/usr/bin/env python3
"""How long it takes, and how much memory, to count made-up mentions into nodes, links and evidence.

    python benchmarks/scale.py MENTIONS [--engine local|spark] [--memory GB] [--threads N]

Ten mentions make an article, of 20 sentences in 7 paragraphs; names lie close to each other, most of them near the
beginning. Whom they name is drawn by a power law: one entity is in most articles, and many are in one alone. Everything
runs on this machine, ten thousand articles at a time, as in the main job; a JSON object is printed. For Spark, the
memory is that of the Java process, the tables are written to a temporary folder, as the main job does, and the seconds
include making up the mentions.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

MENTIONS, SENTENCES, ENTITIES = 10, 20, 500_000
AT_ONCE = 10_000  # articles


def random(n: str) -> str:
    """Return SQL for a number from 0 to 1 that looks like a random one, the same on both engines."""
    return f"((abs(sin(({n}) * 12.9898 + 78.233)) * 43758.5453) % 1)"


def article(per_article: int) -> str:
    return f"concat('a', cast(floor(id / {per_article}) as bigint))"


def numbers(per_article: int) -> str:
    return f"(select range as id from range({{first}} * {per_article}, {{last}} * {per_article}))"


# The tables that are counted, for the articles from `first` up to `last`.
TABLES = {
    "articles": f"""
        select concat('a', id) as article, null::text as title, null::text as url, concat('outlet', id % 300) as source,
               concat(2016 + id % 10, '-0', 1 + id % 9, '-11') as published,
               'Ann Lee met Bo in Peru, as they had said that they would on the day before.' as text
        from {numbers(1)}""",
    "places": "select article, 'news.jsonl' as file, 1 as line from articles",
    "sentences": f"""
        select {article(SENTENCES)} as article, cast(id % {SENTENCES} as int) as sentence, 0 as start, 75 as end,
               cast(floor((id % {SENTENCES}) / 3) as int) as paragraph
        from {numbers(SENTENCES)}""",
    "drawn": f"""
        select {article(MENTIONS)} as article, cast(id % {MENTIONS} as int) as nth,
               concat('person/p', cast(floor(power({random("id")} + 0.001, -5)) % {ENTITIES}e0 as bigint)) as entity,
               cast(floor({SENTENCES} * {random("id + 0.5")} * {random("id + 0.25")}) as int) as sentence
        from {numbers(MENTIONS)}""",
    "mentions": """
        select article, entity, nth as number, 5 * nth as start, 5 * nth + 4 as end, 'Name' as text,
               null::text as form, false as within_name, sentence from drawn""",
    "entities": """
        select distinct article, entity, 0 as number, 'person' as kind, entity as label, null::text as type,
               null::boolean as named, null::text as place, null::text as place_country, null::text as when,
               null::text as date, null::text as modality, null::text as plover
        from drawn""",
    "participants": "select article, entity as event, entity, 'source' as role from drawn where false",
    "event_days": "select article, article as event, published as first, published as last from articles where false",
    "lists": "select article, sentence, sentence as list, article as node from sentences where false",
}


def fill(database, first: int, last: int) -> None:  # type: ignore[no-untyped-def]
    """Make the tables for the articles with these numbers."""
    for name, query in TABLES.items():
        database.execute(f"create or replace temp table {name} as {query.format(first=first, last=last)}")


def local(mentions: int, memory: int, threads: int) -> dict[str, float]:
    from kg.aggregate import Window
    from kg.counting import add_copies, add_up, gather, sparing

    making = 0.0
    with sparing() as database:
        add_copies(database, {})
        database.execute(f"set memory_limit = '{memory}GB'; set threads = {threads}")
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        for first in range(0, mentions // MENTIONS, AT_ONCE):
            began = time.perf_counter()
            fill(database, first, min(first + AT_ONCE, mentions // MENTIONS))
            making += time.perf_counter() - began
            gather(database, Window.SENTENCE)
        add_up(database)
        seconds = time.perf_counter() - start - making
        counts = {name: database.table(name).count("*").fetchall()[0][0] for name in ("nodes", "links", "evidence")}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made = {"seconds": round(seconds, 1), "making up the mentions": round(making, 1)}
    return {**made, **counts, "MB before": before // 1024, "peak MB": peak // 1024}


def added_by(columns, batches):  # type: ignore[no-untyped-def]
    """Yield what the articles with these numbers add, a thousand at a time, as the main job does in each worker."""
    from kg.aggregate import Window
    from kg.counting import add_copies, connect
    from kg.spark import added

    for batch in batches:
        for (first,) in zip(batch.column(0).to_pylist(), strict=True):
            with connect() as database:
                add_copies(database, {})
                database.execute("set threads = 1")
                fill(database, first, first + AT_ONCE)
                yield added(database, Window.SENTENCE, columns)


def spark(mentions: int, memory: int, threads: int) -> dict[str, float]:
    from functools import partial

    from kg.aggregate import Window
    from kg.arrow import ddl
    from kg.spark import added_columns, count, session, show

    with tempfile.TemporaryDirectory() as folder:
        views = session(f"local[{threads}]", memory=f"{memory}g")
        columns = added_columns(Window.SENTENCE)
        start = time.perf_counter()
        firsts = views.range(0, mentions // MENTIONS, AT_ONCE, 2 * threads)
        firsts.mapInArrow(partial(added_by, columns), ddl(columns)).write.parquet(f"{folder}/added")
        added = time.perf_counter() - start
        show(views, folder)
        count(views, folder)
        seconds = time.perf_counter() - start
        counts = {name: views.table(name).count() for name in ("nodes", "links", "evidence")}
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
        views.stop()
    return {"seconds": round(seconds, 1), "of them by article": round(added, 1), **counts, "MB written": size // 2**20}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mentions", type=int)
    parser.add_argument("--engine", choices=["local", "spark"], default="local")
    parser.add_argument("--memory", type=int, default=4, metavar="GB", help="default: 4")
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="default: 2")
    given = parser.parse_args()
    run = {"local": local, "spark": spark}[given.engine]
    print(
        json.dumps(
            {"engine": given.engine, "mentions": given.mentions} | run(given.mentions, given.memory, given.threads)
        )
    )


if __name__ == "__main__":
    main()
