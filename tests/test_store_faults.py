"""A store on a bad day: killed, full, damaged, read-only or in use, it loses nothing and gives no wrong graph."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

import kg
import kg.store
from kg.corpus import bring_up, fold
from kg.errors import BadStore, CannotWrite, KGError
from kg.extractor import Settings
from kg.formats import write
from kg.records import extract
from kg.store import check_finished, kept_records, opened

FAST = Settings(accuracy="fast")
KEPT = "what was committed is kept"
PLACES = ("Peru", "Chad", "Chile", "Kenya", "Norway", "Japan")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("articles")
    for i, land in enumerate(PLACES):
        # What cannot be compressed makes the store grow with each article.
        noise = " ".join(os.urandom(6).hex() for _ in range(20_000))
        (folder / f"{i}.txt").write_text(f"Ann Lee met Bo Poe in {land}.\n\n{noise}\n", encoding="utf-8")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module", autouse=True)
def _remembered():
    """Read each text once in all these tests."""
    known = {}

    def remembering(articles, **how):
        for article in articles:
            if article not in known:
                (known[article],) = extract([article], **how)
            yield known[article]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kg.store.records, "extract", remembering)
        yield


@pytest.fixture(scope="module")
def kept(files, tmp_path_factory) -> Path:
    """A store of two of the articles; to be copied, not changed."""
    store = tmp_path_factory.mktemp("store") / "my.kg"
    add(store, files[:2], FAST)
    return store


@pytest.fixture
def store(kept, tmp_path) -> Path:
    return Path(shutil.copy(kept, tmp_path / "my.kg"))


def add(store: Path, files, settings: Settings | None = None) -> None:
    with opened(store, create=True) as there:
        bring_up(there, files, settings=settings, on_notice=str)


def exported(store: Path, folder: Path) -> bytes:
    with opened(store, read_only=True) as there:
        check_finished(there)
        return write(fold(kept_records(there)), folder / "kg.ttl").read_bytes()


def built(files, folder: Path) -> bytes:
    return write(kg.build(*files, accuracy="fast"), folder / "kg.ttl").read_bytes()


def test_killed_at_50_moments_it_goes_on_where_it_was():
    script = Path(__file__).with_name("store_faults.py")
    done = subprocess.run([sys.executable, script, "50"], capture_output=True, text=True)
    assert (done.returncode, done.stdout.count(": 50 moments, ")) == (0, 2), done.stderr


@contextmanager
def no_file_larger_than(size: int):
    """Let no file grow beyond `size`: to a program that is as if the disk were full, and needs no rights."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def attempt(*arguments) -> bytes | str:
    """Return the export of a store, or why there is none."""
    try:
        return exported(*arguments)
    except KGError as error:
        return str(error)


@pytest.mark.parametrize(("limit", "told"), [(0, True), (4096, True), (600_000, False), (1_500_000, False)])
def test_a_full_disk_loses_nothing_and_the_next_run_goes_on(limit, told, store, files, tmp_path):
    """What fits into the log is kept, even if it cannot be moved from there into the file."""
    before, after = exported(store, tmp_path), built(files, tmp_path)
    with no_file_larger_than(limit):
        try:
            add(store, files)
        except CannotWrite as error:
            told = str(error) == f"{store}: the disk is full; free some space and run the command again, {KEPT}"
        else:
            told = not told
    assert told
    seen = attempt(store, tmp_path)
    assert seen in (before, after) or "run it again, it goes on where it was" in seen
    add(store, files)
    assert exported(store, tmp_path) == after


def test_a_full_disk_while_the_store_is_made(files, tmp_path):
    with no_file_larger_than(10_000), pytest.raises(CannotWrite, match=r"new.kg: "):
        add(tmp_path / "new.kg", files, FAST)
    assert [path.name for path in tmp_path.iterdir()] == []


def may_mount() -> bool:
    """Say whether this process has the right to mount, which root lacks in most containers."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff"))
    return bool(int(line.split()[1], 16) >> 21 & 1)  # CAP_SYS_ADMIN


def test_a_full_file_system(kept, files, tmp_path):
    volume = tmp_path / "volume"
    volume.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kept.stat().st_size + 1_000_000}", "tmpfs", volume]
    if os.getuid():
        pytest.skip("only root can mount a small file system; the limit on files does the same")
    if subprocess.run(mount, capture_output=True).returncode:
        assert not may_mount(), "root may mount file systems here, but not this one"
        pytest.skip("no file system can be mounted here; the limit on files does the same")
    try:
        store = Path(shutil.copy(kept, volume / "my.kg"))
        with pytest.raises(CannotWrite, match="disk is full; free some space"):
            add(store, files)
        subprocess.run(["mount", "-o", "remount,size=100m", volume], check=True)
        add(store, files)
        assert exported(store, tmp_path) == built(files, tmp_path)
    finally:
        subprocess.run(["umount", volume], check=True)


def damaged(store: Path, start: int, end: int) -> None:
    with store.open("r+b") as file:
        file.seek(start)
        bytes_ = file.read(end - start)
        file.seek(start)
        file.write(bytes(byte ^ 0xFF for byte in bytes_))


def test_a_damaged_page_anywhere_gives_the_right_graph_or_an_error(kept, tmp_path):
    right, size, told = exported(kept, tmp_path), kept.stat().st_size, 0
    last = range(size - 4096, size, 1024)
    for start in [*last, *range(0, size - 4096, size // 40 // 4096 * 4096)]:
        store = Path(shutil.copy(kept, tmp_path / "damaged.kg"))
        damaged(store, start, start + 16)
        seen = attempt(store, tmp_path)
        assert seen == right or "damaged.kg: damaged, or no store of kg" in seen
        told += seen != right
    assert told > 3


@pytest.mark.parametrize("left", [0.99, 0.5, 0.01, 0])
def test_a_store_cut_short_is_an_error(left, store):
    os.truncate(store, int(store.stat().st_size * left))
    with pytest.raises(BadStore, match="damaged, or no store of kg"):
        exported(store, store.parent)


def test_of_two_that_add_at_once_the_second_is_told_and_the_first_ends_well(store, files, tmp_path):
    (midway, say_midway), (go_on, let_go_on) = os.pipe(), os.pipe()

    def waiting(articles, **how):
        os.write(say_midway, b".")
        os.read(go_on, 1)
        yield from extract(articles, **how)

    if not (first := os.fork()):
        try:
            kg.store.records.extract = waiting
            add(store, files[:3])
        finally:
            os._exit(sys.exc_info()[0] is not None)
    try:
        os.read(midway, 1)
        for arguments in ("add", files[3]), ("remove", "--source", "Post"), ("export", "-o", tmp_path):
            command = [sys.executable, "-m", "kg", *arguments, "--store", store]
            second = subprocess.run(command, capture_output=True, text=True, check=False)
            assert (second.returncode, second.stdout) == (2, "")
            assert second.stderr.splitlines() == [f"kg: {store}: in use by another run of kg; wait until it has ended"]
    finally:
        os.write(let_go_on, b".")
        ended = os.waitpid(first, 0)[1]
    assert os.waitstatus_to_exitcode(ended) == 0
    assert exported(store, tmp_path) == built(files[:3], tmp_path)


def test_a_store_that_may_only_be_read_is_exported_but_not_changed(kept, files, tmp_path):
    right = exported(kept, tmp_path)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(shutil.copy(kept, Path(folder) / "my.kg"))
        store.chmod(0o444)
        Path(folder).chmod(0o555)
        if not (child := os.fork()):
            if not os.getuid():
                os.setuid(65534)
            os._exit(_reads_but_cannot_write(store, right))
        status = os.waitpid(child, 0)[1]
        Path(folder).chmod(0o755)
    assert os.waitstatus_to_exitcode(status) == 0


def _reads_but_cannot_write(store: Path, right: bytes) -> int:
    with opened(store, read_only=True) as there, tempfile.TemporaryDirectory() as out:
        if write(fold(kept_records(there)), Path(out, "kg.ttl")).read_bytes() != right:
            return 1
    for path in (store, store.with_name("new.kg")):
        try:
            add(path, [], FAST)
        except CannotWrite as error:
            print(error, file=sys.stderr)
        else:
            return 2
    return 0
