"""Do to a store what a bad day does, each time in a process of its own; called by test_store_faults.py.

    python tests/store_faults.py MOMENTS

What is needed is loaded once; each process is a fork of this one, so that 50 of them take seconds.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb  # noqa: F401  loaded before the forks, not in each of them

import kg.store
from kg.corpus import bring_up
from kg.errors import BadStore
from kg.extractor import Settings, extractor
from kg.model import Article
from kg.records import extract, pipeline

FAST = Settings(accuracy="fast")
ARTICLES = [{"id": f"a{i}", "text": f"Ann Lee met Bo Poe of {land} in Peru."} for i, land in enumerate(["Chad"] * 12)]
IN_MEMORY = "/dev/shm"  # where there is one, for a kill does not depend on the disk
OLD = 4  # so many of them are in the store that others are added to

kg.store.records.BATCH = kg.store.articles.PORTION = 2  # commit often


def files_in(folder: Path) -> list[Path]:
    paths = [folder / f"{article['id']}.json" for article in ARTICLES]
    for path, article in zip(paths, ARTICLES, strict=True):
        path.write_text(json.dumps(article), encoding="utf-8")
    return paths


def in_process(task: Callable[[Any], object]) -> tuple[int, Any]:
    """Start `task` in a process; return its id and what it can write lines to, from our end."""
    here, there = os.pipe()
    if not (pid := os.fork()):
        os.close(here)
        try:
            with os.fdopen(there, "w") as told:
                task(told)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    os.close(there)
    return pid, os.fdopen(here)


def outcome(task: Callable[[Any], object]) -> list[str]:
    """Run `task` in a process to its end and return the lines it writes."""
    pid, told = in_process(task)
    lines = told.read().splitlines()
    assert os.waitpid(pid, 0)[1] == 0, lines
    return lines


def change(store: Path, files: list[Path], command: str, told: Any) -> None:
    """Build or add to `store`, and tell how many records are committed each time that some are."""
    keep, sum_ = kg.store.records._keep_records, 0

    def telling(store, records, by):
        nonlocal sum_
        keep(store, records, by)
        sum_ += len(records)
        print(sum_, file=told, flush=True)

    kg.store.records._keep_records = telling
    with kg.store.opened(store, create=True) as kept:
        print("opened", file=told, flush=True)
        bring_up(kept, files, settings=FAST if command == "build" else None)


def look(store: Path, told: Any) -> None:
    """Tell how many records the store holds, and a digest of them or why they give no graph.

    The graph depends on the records alone, so that equal ones give the same graph.
    """
    try:
        with kg.store.opened(store, read_only=True) as kept:
            known = kg.store.status(kept)
            print(known["articles"] - known["waiting"], file=told)
            kg.store.check_finished(kept)
            records = sorted(map(repr, kg.store.kept_records(kept)))
            print(sha256("".join(records).encode()).hexdigest(), file=told)
    except BadStore as error:
        print(error, file=told)


def killed(command: str, moments: int) -> None:
    """Kill a build or an add at random moments; what was committed stays, and the graph is right or there is none."""
    folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if Path(IN_MEMORY).is_dir() else None))
    try:
        files, whole, old = files_in(folder), folder / "whole.kg", folder / "old.kg"
        outcome(partial(change, old, files[:OLD], "build"))
        outcome(partial(change, whole, files, "build"))
        (_, begin), (_, end) = (outcome(partial(look, path)) for path in (old, whole))
        store, start = folder / "my.kg", time.monotonic()
        outcome(partial(change, folder / "timed.kg", files, "build"))
        longest, midway = time.monotonic() - start, 0
        for _ in range(moments):
            for path in (store, kg.store.file.log_of(store)):
                path.unlink(missing_ok=True)
            if command == "add":
                shutil.copyfile(old, store)
            pid, told = in_process(partial(change, store, files, command))
            time.sleep(random.uniform(0, longest))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            lines = told.read().splitlines()
            committed = int(lines[-1]) if lines and lines[-1].isdigit() else 0
            if store.exists():
                seen = outcome(partial(look, store))
                assert int(seen[0]) >= committed + (OLD if command == "add" else 0), (seen, lines)
                assert seen[-1] in (begin, end) or "run it again" in seen[-1] or int(seen[0]) == 0, seen
                midway += "run it again" in seen[-1]
            outcome(partial(change, store, files, command))
            assert outcome(partial(look, store)) == [str(len(files)), end]
        print(f"{command}: {moments} moments, {midway} of them midway")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    pipeline(None, "fast")
    extractor(FAST)
    remembered = {r.article.id: r for r in extract((Article(**fields) for fields in ARTICLES), accuracy="fast")}
    kg.store.records.extract = lambda articles, **_: (remembered[article.id] for article in articles)
    for command in ("build", "add"):
        killed(command, int(sys.argv[1]))
