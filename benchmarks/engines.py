#!/usr/bin/env python3
"""Time the whole job on both engines: from made-up articles to the networkx graph, on as many cores.

    python benchmarks/engines.py [ARTICLES] [--cores N] [--engine local|spark] [--memory GB]

The articles are those of benchmarks/store.py, of three sentences each and with more names, in eight files; they are
read with the accuracy `fast`. A JSON object is printed: for each engine the seconds of its start, from articles to
records, and from records to the graph; then how many times as long Spark takes. Each engine has a process of its own;
memory is that of the Java process.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from store import FIRST, LANDS, LAST, SAYINGS

FILES, SENTENCES = 8, 3
ENDINGS = "son ova berg ini ez sen wood akis yan moto dottir ides escu well feld"


def write_articles(folder: Path, articles: int) -> None:
    """Write made-up articles, the same in every run."""
    first, last = FIRST.split(), [name + end for name in LAST.split() for end in ENDINGS.split()]
    for file in range(FILES):
        with Path(folder, f"{file}.jsonl").open("w", encoding="utf-8") as out:
            for number in range(file, articles, FILES):
                chance = random.Random(number)
                a, b = (f"{chance.choice(first)} {last[int(len(last) * chance.random() ** 2)]}" for _ in "ab")
                x, y = chance.sample(LANDS.split(), 2)
                text = " ".join(said.format(a=a, b=b, x=x, y=y) for said in chance.sample(SAYINGS, SENTENCES))
                day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
                article = {"id": f"a{number:07}", "text": text, "source": f"Daily {number % 20}", "published": day}
                out.write(json.dumps(article) + "\n")


def local(folder: Path, cores: int, memory: int) -> dict[str, float]:
    """Return the seconds of the stages in this process, and the size of the graph."""
    times = [time.perf_counter()]
    from kg.corpus import bring_up, fold
    from kg.extractor import Settings
    from kg.store import kept_records, opened

    times.append(time.perf_counter())
    with opened(None, create=True) as kept:
        bring_up(kept, [folder], settings=Settings(accuracy="fast"), processes=cores)
        times.append(time.perf_counter())
        graph = fold(kept_records(kept))
    return report(times, graph)


def spark(folder: Path, cores: int, memory: int) -> dict[str, float]:
    """Return the same for Spark."""
    times = [time.perf_counter()]
    from kg.spark import build_from, extracted, graph_in, read, session

    started = session(f"local[{cores}]", memory=f"{memory}g")
    times.append(time.perf_counter())
    with tempfile.TemporaryDirectory() as tables:
        records = extracted(started, read(started, [folder]), tables, accuracy="fast")
        times.append(time.perf_counter())
        graph = graph_in(build_from(started, records, tables))
    return report(times, graph)


def report(times: list[float], graph) -> dict[str, float]:  # type: ignore[no-untyped-def]
    times.append(time.perf_counter())
    stages = ("start s", "articles to records s", "records to graph s")
    seconds = (round(after - before, 1) for before, after in pairwise(times))
    return dict(zip(stages, seconds, strict=True)) | {"nodes": len(graph), "links": graph.number_of_edges()}


ENGINES = {"local": local, "spark": spark}


def main() -> None:
    """Read the options, measure, print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("articles", type=int, nargs="?", default=100_000)
    cli.add_argument("--cores", type=int, default=2)
    cli.add_argument("--memory", type=int, default=4, metavar="GB")
    cli.add_argument("--engine", choices=ENGINES, help="only this one")
    cli.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = cli.parse_args()
    if args.folder:
        print(json.dumps(ENGINES[args.engine](args.folder, args.cores, args.memory)))
        return
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        write_articles(Path(folder), args.articles)
        for engine in [args.engine] if args.engine else ENGINES:
            command = [sys.executable, __file__, "--engine", engine, "--folder", folder]
            command += ["--cores", str(args.cores), "--memory", str(args.memory)]
            figures[engine] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    ratios = {
        f"{stage[:-2]}, spark / local": round(figures["spark"][stage] / figures["local"][stage], 2)
        for stage in ("articles to records s", "records to graph s")
        if len(figures) == 2
    }
    if ratios:
        totals = {name: sum(v for k, v in told.items() if k.endswith(" s")) for name, told in figures.items()}
        ratios["all, spark / local"] = round(totals["spark"] / totals["local"], 2)
    print(json.dumps({"articles": args.articles, **figures, **ratios}, indent=1))


if __name__ == "__main__":
    main()
