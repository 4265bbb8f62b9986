"""One function over many values in several processes: the results in the order of the values.

On Linux the processes are forked, so that they begin with all that is loaded here; not if this process has threads,
for one of them may hold a lock that nobody would open in the copy. Elsewhere each process starts and loads anew.
"""

import gc
import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

from kg.errors import LostWorker

Value = TypeVar("Value")
Result = TypeVar("Result")

# Values on their way for each process: enough that none waits while another has a long one, or while results are used.
AHEAD = 16


def in_processes(
    function: Callable[[Value], Result],
    values: Iterable[Value],
    processes: int,
    *,
    prepare: Callable[[], Any],
    fork: bool = True,
) -> Iterator[Result]:
    """Yield `function` of each of `values`, in their order; no more than a few of them are taken in advance.

    `prepare` loads what the function needs: here, before the processes are forked, or in each of them; with `fork`
    false always in each. Raises `LostWorker` if one of them is ended from outside.
    """
    forked = fork and can_fork()
    if forked:
        prepare()
    pool = ProcessPoolExecutor(
        processes,
        mp_context=get_context("fork" if forked else "spawn"),
        initializer=_begin,
        initargs=(None if forked else prepare,),
    )
    waiting: deque[Future[Result]] = deque()
    try:
        with warnings.catch_warnings():
            # Python sees the idle threads of numpy and DuckDB; no worker uses those.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            pool.submit(os.getpid)  # begins them
        for value in values:
            waiting.append(pool.submit(function, value))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise LostWorker(
            "a process that read articles was ended from outside, perhaps for want of memory; "
            "run the command again, with fewer --processes"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def can_fork() -> bool:
    """Tell whether a copy of this process is safe to work in."""
    return sys.platform == "linux" and threading.active_count() == 1


def _begin(prepare: Callable[[], Any] | None) -> None:
    """Make this process one that ends with its parent, however that ends, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare:
        prepare()
    gc.freeze()  # what is inherited is shared with the parent, as long as nobody touches it


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
