#!/usr/bin/env python3
"""Time the whole job on both engines, to the networkx graph, from made-up articles or from records.

    python benchmarks/engines.py [ARTICLES] [--records] [--cores N] [--engine local|spark] [--memory GB]

The articles are those of benchmarks/store.py, of three sentences each and with more names, in eight files; they are
read with the accuracy `fast`. With `--records` nothing is read: each record is made up with two people, two countries
and an event in three sentences. A JSON object is printed: for each engine the seconds of its start, from articles to
records, and from records to the graph; then how many times as long Spark takes. The records lie in memory for the local
engine, and as Parquet, written by four tasks, for Spark; making them up counts for neither. Each engine has a process
of its own; memory is that of the Java process.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from store import FIRST, LANDS, LAST, SAYINGS

FILES, SENTENCES = 8, 3
ENDINGS = "son ova berg ini ez sen wood akis yan moto dottir ides escu well feld"
ISO = "PE TD CL KE NO JP BR CA EG FR GH IN JO MX NP ES"


def names(chance: random.Random) -> tuple[str, str]:
    """Return two names, some of which are much more frequent than others."""
    last = [name + end for name in LAST.split() for end in ENDINGS.split()]
    return tuple(f"{chance.choice(FIRST.split())} {last[int(len(last) * chance.random() ** 2)]}" for _ in "ab")


def facts(number: int) -> dict[str, str]:
    """Return what is known of the article with this number."""
    day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return {"id": f"a{number:07}", "source": f"Daily {number % 20}", "published": day}


def write_articles(folder: Path, articles: int) -> None:
    """Write made-up articles, the same in every run."""
    for file in range(FILES):
        with Path(folder, f"{file}.jsonl").open("w", encoding="utf-8") as out:
            for number in range(file, articles, FILES):
                chance = random.Random(number)
                a, b = names(chance)
                x, y = chance.sample(LANDS.split(), 2)
                text = " ".join(said.format(a=a, b=b, x=x, y=y) for said in chance.sample(SAYINGS, SENTENCES))
                out.write(json.dumps({"text": text} | facts(number)) + "\n")


def records(numbers: Iterator[int]) -> Iterator[Any]:
    """Yield made-up records, the same in every run."""
    from kg.model import Article, Entity, Kind, Mention, Record, slug

    lands = dict(zip(LANDS.split(), ISO.split(), strict=True))

    for number in numbers:
        chance = random.Random(number)
        a, b = names(chance)
        x, y = chance.sample(LANDS.split(), 2)
        weather = " ".join(f"It rained in week {chance.randrange(9999)}." for _ in range(8))
        text = f"{a} met {b} of {x} on Monday. {b} said that {y} had time.\n{a} left. {weather}"

        def entity(id: str, kind: Kind, label: str, said: str = text, **more: Any) -> Entity:
            starts = (at for at in range(len(said)) if said.startswith(label, at))
            return Entity(id, kind, label, tuple(Mention(at, at + len(label), label) for at in starts), **more)

        people = [entity(f"person/{slug(name)}", Kind.PERSON, name) for name in dict.fromkeys((a, b))]
        countries = [entity(f"country/{lands[name]}", Kind.COUNTRY, name, iso=lands[name]) for name in (x, y)]
        met = len(a) + 1
        event = Entity(
            f"event/meeting-{number}",
            Kind.EVENT,
            f"meeting of {a} and {b}",
            (Mention(met, met + 3, "met"),),
            type="meeting",
            named=False,
            participants=tuple(person.id for person in people),
        )
        ends = [at + 1 for at, letter in enumerate(text) if letter == "."]
        starts = [0, *(end + 1 for end in ends[:-1])]
        yield Record(
            Article(text=text, **facts(number)),
            (*people, *countries, event),
            tuple(zip(starts, ends, strict=True)),
            (0, 2),
        )


def local(folder: Path, number: int, cores: int, memory: int) -> dict[str, float]:
    """Return the seconds of the stages in this process, and the size of the graph."""
    clock = Clock()
    from kg.corpus import bring_up, fold
    from kg.extractor import Settings
    from kg.store import kept_records, opened

    clock.lap("start s")
    if number:
        told = list(records(iter(range(number))))
        clock.lap(None)
        graph = fold(told)
    else:
        with opened(None, create=True) as kept:
            bring_up(kept, [folder], settings=Settings(accuracy="fast"), processes=cores)
            clock.lap("articles to records s")
            graph = fold(kept_records(kept))
    clock.lap("records to graph s")
    return clock.laps | {"nodes": len(graph), "links": graph.number_of_edges(), "peak MB": clock.peak()}


def spark(folder: Path, number: int, cores: int, memory: int) -> dict[str, float]:
    """Return the same for Spark."""
    clock = Clock()
    from kg.spark import build_from, extracted, graph_in, kept, read, session

    started = session(f"local[{cores}]", memory=f"{memory}g")
    clock.lap("start s")
    with tempfile.TemporaryDirectory() as tables:
        if number:
            table = kept(started, started.range(0, number, 1, 4), made_up, tables)
            clock.lap(None)
        else:
            table = extracted(started, read(started, [folder]), tables, accuracy="fast")
            clock.lap("articles to records s")
        graph = graph_in(build_from(started, table, tables))
    clock.lap("records to graph s")
    return clock.laps | {"nodes": len(graph), "links": graph.number_of_edges(), "peak MB": clock.peak()}


def made_up(batches: Iterator[Any]) -> Iterator[Any]:
    """Yield the records with the numbers in each batch."""
    for batch in batches:
        yield from records(iter(batch.column(0).to_pylist()))


class Clock:
    """The seconds of one stage after the other."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.last = time.perf_counter()

    def lap(self, stage: str | None) -> None:
        """End a stage; without a name it does not count."""
        now = time.perf_counter()
        if stage:
            self.laps[stage] = round(now - self.last, 1)
        self.last = now

    def peak(self) -> int:
        """Return the most memory that this process had, in megabytes."""
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


ENGINES = {"local": local, "spark": spark}


def main() -> None:
    """Read the options, measure, print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("articles", type=int, nargs="?", default=10_000)
    cli.add_argument("--records", action="store_true")
    cli.add_argument("--cores", type=int, default=2)
    cli.add_argument("--memory", type=int, default=4, metavar="GB")
    cli.add_argument("--engine", choices=ENGINES, help="only this one")
    cli.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = cli.parse_args()
    number = args.articles if args.records else 0
    if args.folder:
        print(json.dumps(ENGINES[args.engine](args.folder, number, args.cores, args.memory)))
        return
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        if not number:
            write_articles(Path(folder), args.articles)
        for engine in [args.engine] if args.engine else ENGINES:
            command = [sys.executable, __file__, str(args.articles), "--engine", engine, "--folder", folder]
            command += ["--cores", str(args.cores), "--memory", str(args.memory), *["--records"][: bool(number)]]
            figures[engine] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(json.dumps({"articles": args.articles, **figures, **ratios(figures)}, indent=1))


def ratios(figures: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return how many times as long Spark takes, in each stage and, with its start, in all."""
    if len(figures) < 2:
        return {}
    one, other = figures["local"], figures["spark"]
    stages = [stage for stage in one if stage.endswith(" s")]
    told = {f"{stage[:-2]}, spark / local": other[stage] / one[stage] for stage in stages[1:]}
    told["all, spark / local"] = sum(other[stage] for stage in stages) / sum(one[stage] for stage in stages)
    return {name: round(value, 2) for name, value in told.items()}


if __name__ == "__main__":
    main()
