#!/usr/bin/env python3
"""Time the main job stage by stage, and, if given, another script that does the same in the usual way.

    python benchmarks/speed.py ARTICLES.jsonl [--accuracy best|fast] [--processes N] [--peer SCRIPT] [--repeat N]

ARTICLES.jsonl holds one {"id", "text"} a line. SCRIPT is called as `python SCRIPT ARTICLES.jsonl FOLDER` and must print
a JSON object with `words_per_second`, its speed from the articles to the graph. Everything runs on this machine, one
after the other, in a process of its own; the median of the repeats is printed, as one JSON object, with peak memory in
megabytes (the largest process).
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure(articles: Path, accuracy: str, processes: int) -> dict[str, float]:
    """Run the main job once in this process and return the seconds of its stages, its speed and peak memory."""
    seconds = {}
    start = time.perf_counter()
    from kg.corpus import Places, fold
    from kg.corpus import articles as read
    from kg.formats import write_all
    from kg.records import extract, pipeline

    pipeline(None, accuracy)("Load what is loaded at first use: Ann Lee of Peru met Bo in Paris.")
    seconds["load"] = time.perf_counter() - start

    places: Places = {}
    start = time.perf_counter()
    records = list(extract(read([articles], places), accuracy=accuracy, processes=processes))
    seconds["extract"] = time.perf_counter() - start

    start = time.perf_counter()
    graph = fold(records, places)
    seconds["graph"] = time.perf_counter() - start

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_all(graph, Path(folder), ("ttl", "graphml"))
        seconds["write"] = time.perf_counter() - start

    words = sum(len(record.article.text.split()) for record in records)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {f"{stage} s": round(spent, 3) for stage, spent in seconds.items()} | {
        "words": words,
        "nodes": len(graph),
        "links": graph.number_of_edges(),
        "words_per_second": round(words / (seconds["extract"] + seconds["graph"])),
        "peak MB": round(peak / 1024),
    }


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def printed(command: list[str]) -> dict[str, float]:
    """Run `command` and return the JSON object that it prints."""
    result: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result


def main() -> None:
    """Read the options, measure, print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("articles", type=Path)
    cli.add_argument("--accuracy", choices=("best", "fast"), default="best")
    cli.add_argument("--processes", type=int, default=1)
    cli.add_argument("--peer", type=Path)
    cli.add_argument("--repeat", type=int, default=3)
    cli.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    args = cli.parse_args()
    if args.once:
        print(json.dumps(measure(args.articles, args.accuracy, args.processes)))
        return
    itself = [sys.executable, __file__, str(args.articles), "--once", "--accuracy", args.accuracy]
    itself += ["--processes", str(args.processes)]
    figures = {"kg": [], "peer": []}
    for _ in range(args.repeat):
        figures["kg"].append(printed(itself))
        if args.peer:
            with tempfile.TemporaryDirectory() as folder:
                peer = printed([sys.executable, str(args.peer), str(args.articles), folder])
            figures["peer"].append({"words_per_second": peer["words_per_second"]})
    report = {name: median(runs) for name, runs in figures.items() if runs}
    if args.peer:
        report["ratio"] = round(report["kg"]["words_per_second"] / report["peer"]["words_per_second"], 2)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
