"""How long it takes, and how much memory, to count made-up mentions into nodes, links and evidence.

    python benchmarks/scale.py 1000000
    python benchmarks/scale.py 100000 --engine spark

Each article has 20 sentences in 7 paragraphs and 10 mentions, which lie near one another as names do; entities are
drawn by a power law, so that one of them is in most articles and most are in few.
"""

import argparse
import json
import resource
import time

MENTIONS, SENTENCES = 10, 20

# Named by table; in SQL that both engines take, but for the random numbers, which come of a hash.
TABLES = {
    "articles": """
        select concat('a', id) as article, cast(null as string) as title, cast(null as string) as url,
               concat('outlet', id % 300) as source,
               concat(cast(2016 + id % 10 as string), '-0', cast(1 + id % 9 as string), '-11') as published,
               'Ann Lee met Bo in Peru, as they had said that they would on the day before.' as text
        from numbers where id < {articles}""",
    "sentences": f"""
        select concat('a', div_(id, {SENTENCES})) as article, cast(id % {SENTENCES} as int) as sentence,
               0 as start, 75 as {{end}}, cast(div_(id % {SENTENCES}, 3) as int) as paragraph
        from numbers where id < {{articles}} * {SENTENCES}""",
    "drawn": f"""
        select concat('a', div_(id, {MENTIONS})) as article, id % {MENTIONS} as nth,
               concat('person/p', cast(floor(power(random_(id), -1.6)) % 2000000 as bigint)) as entity,
               cast(least({SENTENCES} - 1, floor({SENTENCES} * random_(id + 7) * random_(id + 13))) as int) as sentence
        from numbers where id < {{articles}} * {MENTIONS}""",
    "mentions": """
        select article, entity, cast(nth as int) as number, cast(5 * nth as int) as start,
               cast(5 * nth + 4 as int) as {end}, 'Name' as text,
               cast(null as string) as form, false as within_name, sentence from drawn""",
    "entities": """
        select distinct article, entity, 0 as number, 'person' as kind, entity as label, cast(null as string) as type,
               cast(null as boolean) as named, cast(null as string) as place, cast(null as string) as {when},
               cast(null as string) as date, cast(null as string) as modality, cast(null as string) as plover
        from drawn""",
    "participants": "select article, entity as event, entity, 'source' as role from drawn where false",
    "places": "select article, 'file' as file, 1 as line from articles where false",
    "copies": "select article, article as original from articles where false",
}


def on_duckdb(articles: int) -> dict[str, float]:
    import duckdb

    from kg.aggregate import aggregate

    database = duckdb.connect()
    database.execute("set memory_limit = '6GB'; set threads = 2; set preserve_insertion_order = false")
    database.execute("create macro div_(a, b) as a // b")
    database.execute("create macro random_(n) as ((hash(n) % 1000003) + 1) / 1000004.0")
    database.execute(f"create view numbers as select range as id from range({articles * SENTENCES})")
    for name, query in TABLES.items():
        words = {"articles": articles, "end": '"end"', "when": '"when"'}
        database.execute(f"create table {name} as {query.format(**words)}")
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    aggregate(database)
    figures = {"seconds": time.perf_counter() - start, "megabytes of tables": before // 1024}
    return figures | counted(lambda query: database.execute(query).fetchall())


def counted(run) -> dict[str, float]:
    return {table: run(f"select count(*) from {table}")[0][0] for table in ("mentions", "nodes", "links", "evidence")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=int, help="number of mentions")
    options = parser.parse_args()
    figures = on_duckdb(options.records // MENTIONS)
    figures["peak megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
