#!/usr/bin/env python3
"""How many times as fast several processes are as one, and how many times they could be on this machine.

    python benchmarks/processes.py ARTICLES.jsonl [--accuracy best|fast] [--processes N] [--times N] [--repeat N]

ARTICLES.jsonl holds one {"id", "text"} a line. With `--times`, each article is read so many times, every time with
another sentence of it replaced. Seconds are those of the wall clock, the fewest of the repeats, so nothing else should
run; `others` tells how many cores other work had meanwhile, on Linux. A JSON object is printed: `ceiling` is what a
loop that only counts gains by as many processes, measured before and after; `extract` is the reading alone, once all is
loaded; `build` the command `kg build` from its start to its end.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

COUNT = 10_000_000


def counted(number: int) -> float:
    """Count to `number` and return the seconds that it took."""
    start, total = time.perf_counter(), 0
    for i in range(number):
        total += i * i % 7
    return time.perf_counter() - start


def ceiling(processes: int) -> float:
    """Return how many times as much processes count as one does in the same time."""
    with get_context("spawn").Pool(processes) as pool:
        pool.map(counted, [1] * processes, chunksize=1)  # they are there
        one = min(counted(COUNT) for _ in range(3))
        start = time.perf_counter()
        pool.map(counted, [COUNT] * processes * 3, chunksize=1)
        return round(3 * processes * one / (time.perf_counter() - start), 2)


def changed(articles: Path, times: int, out: Path) -> int:
    """Write each article so many times, each time another sentence replaced; return the number of words."""
    words = 0
    with out.open("w", encoding="utf-8") as file:
        for line in articles.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            for k in range(times):
                sentences = article["text"].split(". ")
                if k:
                    sentences[k % len(sentences)] = f"In round {k} nobody was told of it"
                text = ". ".join(sentences)
                words += len(text.split())
                file.write(json.dumps({"id": f"{article['id']}-{k}", "text": text}) + "\n")
    return words


def extract(articles: Path, accuracy: str, processes: int) -> float:
    """Return the seconds that reading takes once all is loaded."""
    from kg.articles import read_articles
    from kg.records import extract, pipeline

    pipeline(None, accuracy)("Load what is loaded at first use: Ann Lee of Peru met Bo in Paris.")
    given = list(read_articles([articles]))
    start = time.perf_counter()
    for _ in extract(given, accuracy=accuracy, processes=processes):
        pass
    return time.perf_counter() - start


def seconds(what: str, articles: Path, accuracy: str, processes: int) -> tuple[float, float]:
    """Run one measurement in a process of its own; return its seconds, and the cores that other work had meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        how = ["--accuracy", accuracy, "--processes", str(processes)]
        build = ["-m", "kg", "build", str(articles), "-o", folder, "-f", "ttl,graphml"]
        command = [__file__, str(articles), "--once"] if what == "extract" else build
        before, own, start = busy(), sum(os.times()[:4]), time.perf_counter()
        done = subprocess.run([sys.executable, *command, *how], check=True, capture_output=True)
        spent = time.perf_counter() - start
        others = (busy() - before - (sum(os.times()[:4]) - own)) / spent
    return (float(done.stdout) if what == "extract" else spent), round(max(0.0, others), 2)


def busy() -> float:
    """Return how many seconds the cores of this machine have worked, 0 where it does not tell."""
    try:
        user, nice, system, _, _, interrupts, soft, steal, *_ = (
            Path("/proc/stat").read_text().split("\n")[0].split()[1:]
        )
    except OSError:
        return 0.0
    return sum(map(int, (user, nice, system, interrupts, soft, steal))) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Read the options, measure, print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("articles", type=Path)
    cli.add_argument("--accuracy", choices=("best", "fast"), default="best")
    cli.add_argument("--processes", type=int, default=2)
    cli.add_argument("--times", type=int, default=1)
    cli.add_argument("--repeat", type=int, default=3)
    cli.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    args = cli.parse_args()
    if args.once:
        print(extract(args.articles, args.accuracy, args.processes))
        return
    report: dict[str, object] = {"accuracy": args.accuracy, "processes": args.processes}
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder, "articles.jsonl")
        report["words"] = changed(args.articles, args.times, articles)
        report["ceiling"] = ceiling(args.processes)
        for what in ("extract", "build"):
            taken = {
                n: min(seconds(what, articles, args.accuracy, n) for _ in range(args.repeat))
                for n in (1, args.processes)
            }
            report[what] = {f"{n} s": round(spent, 2) for n, (spent, _) in taken.items()}
            report[what] |= {"ratio": round(taken[1][0] / taken[args.processes][0], 2)}
            report[what] |= {"others": [others for _, others in taken.values()]}
        report["ceiling after"] = ceiling(args.processes)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
