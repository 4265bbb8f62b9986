import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from itertools import count, islice
from pathlib import Path

import pytest

from kg.errors import LostWorker
from kg.workers import AHEAD, can_fork, in_processes


def nothing():
    pass


def halved_slowly(number: int) -> float:
    time.sleep(0.02 * (number % 3 == 0))
    return number / 2


def one_over(number: int) -> float:
    return 1 / number


def end(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def who(_: int) -> tuple[int, list[str]]:
    return os.getpid(), LOADED


LOADED: list[str] = []


def load():
    LOADED.append("here")


@pytest.mark.parametrize("fork", [True, False])
def test_results_come_in_the_order_of_the_values(fork):
    assert list(in_processes(halved_slowly, range(40), 2, prepare=nothing, fork=fork)) == [n / 2 for n in range(40)]


@pytest.mark.parametrize("fork", [True, False])
def test_every_process_has_what_was_prepared(fork):
    LOADED.clear()
    told = list(in_processes(who, range(8), 2, prepare=load, fork=fork))
    assert {tuple(loaded) for _, loaded in told} == {("here",)}
    assert os.getpid() not in {process for process, _ in told}
    assert ["here"] * (fork and can_fork()) == LOADED  # here only if the processes are copies of this one


def test_an_endless_row_of_values_is_taken_as_needed():
    taken = count()
    results = in_processes(halved_slowly, taken, 2, prepare=nothing)
    assert list(islice(results, 5)) == [0, 0.5, 1, 1.5, 2]
    results.close()
    assert next(taken) <= 5 + 2 * AHEAD + 1


def test_an_error_is_raised_here_as_itself():
    with pytest.raises(ZeroDivisionError):
        list(in_processes(one_over, [1, 0], 2, prepare=nothing))


def test_a_process_that_is_ended_from_outside_is_told_of_in_one_line():
    with pytest.raises(LostWorker, match="ended from outside, perhaps for want of memory"):
        list(in_processes(end, [1, 2], 2, prepare=nothing))


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_a_process_with_threads_is_not_copied():
    assert can_fork() is (threading.active_count() == 1)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    assert not can_fork()
    done.set()
    thread.join()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
@pytest.mark.parametrize("fork", [True, False])
def test_the_processes_end_with_the_one_they_work_for(fork, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(f"""
        import os, time
        from kg.workers import in_processes
        def own(_):
            return os.getpid()
        def nothing():
            pass
        if __name__ == "__main__":
            for process in in_processes(own, range(10**9), 2, prepare=nothing, fork={fork}):
                print(process, flush=True)
                time.sleep(0.05)
        """)
    )
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as running:
        seen = {int(running.stdout.readline()) for _ in range(2 * AHEAD)}
        running.kill()
    assert seen
    deadline = time.monotonic() + 20
    while any(is_running(process) for process in seen):
        assert time.monotonic() < deadline, "the processes work on for nobody"
        time.sleep(0.05)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")  # one that has ended, and that nobody has asked about, still has its number
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
