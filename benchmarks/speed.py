#!/usr/bin/env python3
"""Time the main job stage by stage, and, if given, another script that does the same in the usual way.

    python benchmarks/speed.py ARTICLES.jsonl [--accuracy best|fast] [--processes N] [--peer SCRIPT] [--repeat N]

ARTICLES.jsonl holds one {"id", "text"} a line. SCRIPT is run as `python SCRIPT ARTICLES.jsonl FOLDER` and must print a
JSON object with `words_per_second`, its speed from the articles to the graph, by a clock of Python's module `time`.

Everything runs on this machine, in a process of its own, kg and the other script in turn; the fastest of the repeats of
each is printed, as one JSON object, with peak memory in megabytes (the largest process). Seconds are those that the
process had of the processor (the clocks of SCRIPT are set so as well), which other work on the machine changes little;
with several processes they are those of the wall clock. `taskset -c 0` gives the figures of one core.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Runs a script with the processor's clock in place of those of the wall.
BY_PROCESSOR = """
import runpy, sys, time
time.perf_counter = time.time = time.monotonic = time.process_time
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def measure(articles: Path, accuracy: str, processes: int) -> dict[str, float]:
    """Run the main job once in this process and return the seconds of its stages, its speed and peak memory."""
    clock = time.perf_counter if processes > 1 else time.process_time
    seconds = {}
    start = clock()
    from kg.corpus import Places, fold
    from kg.corpus import articles as read
    from kg.formats import write_all
    from kg.records import extract, pipeline

    pipeline(None, accuracy)("Load what is loaded at first use: Ann Lee of Peru met Bo in Paris.")
    seconds["load"] = clock() - start

    places: Places = {}
    start = clock()
    records = list(extract(read([articles], places), accuracy=accuracy, processes=processes))
    seconds["extract"] = clock() - start

    start = clock()
    graph = fold(records, places)
    seconds["graph"] = clock() - start

    with tempfile.TemporaryDirectory() as folder:
        start = clock()
        write_all(graph, Path(folder), ("ttl", "graphml"))
        seconds["write"] = clock() - start

    words = sum(len(record.article.text.split()) for record in records)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {f"{stage} s": round(spent, 3) for stage, spent in seconds.items()} | {
        "words": words,
        "nodes": len(graph),
        "links": graph.number_of_edges(),
        "words_per_second": round(words / (seconds["extract"] + seconds["graph"])),
        "peak MB": round(peak / 1024),
    }


def fastest(runs: list[dict[str, float]]) -> dict[str, float]:
    return max(runs, key=lambda run: run["words_per_second"])


def printed(*command: str) -> dict[str, float]:
    """Run Python with `command` and return the JSON object that it prints."""
    done = subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE)
    result: dict[str, float] = json.loads(done.stdout)
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
    itself = [__file__, str(args.articles), "--once", "--accuracy", args.accuracy, "--processes", str(args.processes)]
    runner = [] if args.processes > 1 else ["-c", BY_PROCESSOR]
    figures = {"kg": [], "peer": []}
    for _ in range(args.repeat):
        figures["kg"].append(printed(*itself))
        if args.peer:
            with tempfile.TemporaryDirectory() as folder:
                peer = printed(*runner, str(args.peer), str(args.articles), folder)
            figures["peer"].append({"words_per_second": peer["words_per_second"]})
    report = {name: fastest(runs) for name, runs in figures.items() if runs}
    if args.peer:
        report["ratio"] = round(report["kg"]["words_per_second"] / report["peer"]["words_per_second"], 2)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
