#!/usr/bin/env python3
"""Time adding 1 % of the articles to a store against building it anew, and the memory of n and of 10 n articles.

    python benchmarks/store.py [ARTICLES] [--accuracy fast|best] [--processes N] [--folder FOLDER]

The articles are made up, about 75 words each, the same in every run. Each step runs in a process of its own, one after
the other; one JSON object is printed: seconds, and peak memory in megabytes.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FIRST = "Ann Bo Cy Dana Eva Finn Grace Hugo Ines Jan Kofi Lena Mei Nils Olga Pablo Rosa Sven Tara Uma"
LAST = "Abbott Brandt Castro Diallo Eriksen Fofana Garcia Haddad Ivanov Jensen Keita Larsen Mensah Novak Okafor"
LANDS = "Peru Chad Chile Kenya Norway Japan Brazil Canada Egypt France Ghana India Jordan Mexico Nepal Spain"
SAYINGS = [
    "{a} met {b} of {x} in {y} on Monday.",
    "{a}, the foreign minister of {x}, visited {y} for talks with {b}.",
    "Officials in {x} said the agreement with {y} would be signed within weeks, and prices rose on the news.",
    "“We have time,” {a} said after the election in {x}.",
    "The harvest was good, and most of what the farmers had sown in spring was sold before the first frost came.",
    "{b} of {y} accused {x} of breaking the rules of trade.",
]


def write_articles(path: Path, numbers: range) -> None:
    """Write the made-up articles with these numbers, one JSON object a line."""
    with path.open("w", encoding="utf-8") as out:
        for number in numbers:
            chance = random.Random(number)
            people = [f"{chance.choice(FIRST.split())} {chance.choice(LAST.split())}" for _ in range(4)]
            said = (
                chance.choice(SAYINGS).format(
                    a=chance.choice(people),
                    b=chance.choice(people),
                    x=chance.choice(LANDS.split()),
                    y=chance.choice(LANDS.split()),
                )
                for _ in range(5)
            )
            article = {"id": f"https://news.example/{number}", "text": " ".join(said), "source": f"Daily {number % 20}"}
            out.write(json.dumps(article | {"published": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"}) + "\n")


def build(store: Path, articles: Path, accuracy: str, processes: int) -> None:
    """Build the store anew, or bring it up to what the articles are now; one without a suffix is in memory."""
    from kg.corpus import bring_up
    from kg.extractor import Settings
    from kg.store import opened

    with opened(store if store.suffix else None, create=True) as kept:
        bring_up(kept, [articles], settings=Settings(accuracy=accuracy), processes=processes)


def add(store: Path, articles: Path, accuracy: str, processes: int) -> None:
    """Add the articles to the store."""
    from kg.corpus import bring_up
    from kg.store import opened

    with opened(store) as kept:
        bring_up(kept, [articles], processes=processes)


def export(store: Path, articles: Path, accuracy: str, processes: int) -> None:
    """Write the graph of the store."""
    from kg.corpus import tabled
    from kg.formats import write_all
    from kg.store import kept_records, opened

    with opened(store, read_only=True) as kept, tabled(kept_records(kept)) as tables:
        write_all(tables, store.parent / "out", ["ttl", "graphml"])


STEPS: dict[str, Callable[[Path, Path, str, int], None]] = {"build": build, "add": add, "export": export}


def main() -> None:
    """Read the options, measure, print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("articles", type=int, nargs="?", default=2000)
    cli.add_argument("--accuracy", choices=("best", "fast"), default="fast")
    cli.add_argument("--processes", type=int, default=1)
    cli.add_argument("--folder", type=Path, help="work in this folder instead of the one for temporary files")
    cli.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    args = cli.parse_args()
    if args.step:
        step, store, articles = args.step
        start = time.perf_counter()
        STEPS[step](Path(store), Path(articles), args.accuracy, args.processes)
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(json.dumps({"s": round(time.perf_counter() - start, 2), "peak MB": round(peak / 1024)}))
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        print(json.dumps(measure(Path(folder), args), indent=1))


def measure(folder: Path, args: argparse.Namespace) -> dict[str, object]:
    """Return the figures of all steps."""
    few = max(1, args.articles // 100)
    tenth, most, new, all_ = (folder / f"{name}.jsonl" for name in ("tenth", "most", "new", "all"))
    write_articles(tenth, range(args.articles // 10))
    write_articles(most, range(args.articles - few))
    write_articles(new, range(args.articles - few, args.articles))
    write_articles(all_, range(args.articles))

    def step(name: str, store: str, articles: Path) -> dict[str, float]:
        command = [sys.executable, __file__, "--step", name, str(folder / store), str(articles)]
        command += ["--accuracy", args.accuracy, "--processes", str(args.processes)]
        figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return figures

    figures = {
        "build a tenth": step("build", "tenth.kg", tenth),
        "build all": step("build", "all.kg", all_),
        "build again, nothing new": step("build", "all.kg", all_),
        "build 99 %": step("build", "grown.kg", most),
        "add 1 %": step("add", "grown.kg", new),
        "build a tenth in memory": step("build", "memory", tenth),
        "build all in memory": step("build", "memory", all_),
        "export a tenth": step("export", "tenth.kg", tenth),
        "export all": step("export", "grown.kg", all_),
    }
    anew = figures["build all"]["s"]
    return {
        "articles": args.articles,
        **figures,
        "add / build": round(figures["add 1 %"]["s"] / anew, 4),
        "add and export / build and export": round(
            (figures["add 1 %"]["s"] + figures["export all"]["s"]) / (anew + figures["export all"]["s"]), 4
        ),
        "memory of building all / a tenth": round(
            figures["build all"]["peak MB"] / figures["build a tenth"]["peak MB"], 2
        ),
        "the same in memory": round(
            figures["build all in memory"]["peak MB"] / figures["build a tenth in memory"]["peak MB"], 2
        ),
        "memory of exporting all / a tenth": round(
            figures["export all"]["peak MB"] / figures["export a tenth"]["peak MB"], 2
        ),
        "store MB": round((folder / "grown.kg").stat().st_size / 1e6, 1),
    }


if __name__ == "__main__":
    main()
