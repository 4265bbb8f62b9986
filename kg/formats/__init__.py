"""The files a graph can be written to, by suffix. A file is replaced by a whole new one or left as it is."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfile
from typing import BinaryIO
from uuid import uuid4

import networkx as nx

from kg.errors import CannotWrite, UnknownFormat
from kg.formats.graphml import write_graphml
from kg.formats.turtle import write_turtle
from kg.vocabulary import BASE, check_base

# A writer takes the graph, a binary stream, and the base of IRIs, which formats without IRIs pass over.
Writer = Callable[[nx.Graph, BinaryIO, str], None]

WRITERS: dict[str, Writer] = {".ttl": write_turtle, ".graphml": write_graphml}


def check_target(folder: str | Path, formats: Iterable[str], *, base: str = BASE) -> None:
    """Raise what `write_all` would raise, if that can be known before there is a graph; make missing folders."""
    check_base(base)
    for format in formats:
        _writer(_suffix(format))
    with _explained(Path(folder)):
        Path(folder).mkdir(parents=True, exist_ok=True)
        probe = _beside(Path(folder, "kg"), "probe")
        probe.touch()
        probe.unlink()


def write(graph: nx.Graph, path: str | Path, *, base: str = BASE) -> Path:
    """Write `graph` to `path`, in the format its suffix names, and return the path. Missing folders are made.

    Raises `UnknownFormat`, `InvalidBase`, or `CannotWrite`, after which an existing file is as it was.
    """
    path = Path(path)
    return _write_files(graph, {path: _writer(path.suffix)}, base)[0]


def write_all(
    graph: nx.Graph, folder: str | Path, formats: Iterable[str], *, base: str = BASE, name: str = "kg"
) -> list[Path]:
    """Write `graph` to a file in `folder` for each of `formats`, such as "ttl" or ".ttl", and return the files.

    Either all files are replaced or none: raises as `write` does.
    """
    suffixes = [_suffix(format) for format in formats]
    return _write_files(graph, {Path(folder, name + suffix): _writer(suffix) for suffix in suffixes}, base)


def _suffix(format: str) -> str:
    return "." + format.removeprefix(".").lower()


def _writer(suffix: str) -> Writer:
    if suffix.lower() not in WRITERS:
        known = ", ".join(known.removeprefix(".") for known in WRITERS)
        raise UnknownFormat(f"cannot write the format {suffix.removeprefix('.')!r}; choose one of {known}")
    return WRITERS[suffix.lower()]


def _write_files(graph: nx.Graph, writers: dict[Path, Writer], base: str) -> list[Path]:
    check_base(base)
    new: dict[Path, Path] = {}
    try:
        for path, writer in writers.items():
            with _explained(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                new[path] = _beside(path, "new")
                _write_file(new[path], graph, writer, base)
        _replace(new)
    finally:
        _remove(new.values())
    return list(writers)


def _beside(path: Path, what: str) -> Path:
    """Return a name no other run has, in the folder where `path` is, past links: only there is renaming one step."""
    target = path.resolve()
    return target.with_name(f".{target.name}.{uuid4().hex[:12]}.{what}")


def _write_file(path: Path, graph: nx.Graph, writer: Writer, base: str) -> None:
    with path.open("xb") as out:
        writer(graph, out, base)
        out.flush()
        os.fsync(out.fileno())


def _replace(new: dict[Path, Path]) -> None:
    """Put each new file in its place. If one cannot be, those already in place give way to the old ones again."""
    old: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, made in new.items():
            with _explained(path):
                if path.exists():
                    old[path] = _beside(path, "old")
                    _keep(path, old[path])
                os.replace(made, path.resolve())
                placed.append(path)
    except BaseException:
        for path in placed:
            if path in old:
                os.replace(old[path], path.resolve())
            else:
                path.unlink()
        raise
    finally:
        _remove(old.values())


def _keep(path: Path, copy: Path) -> None:
    try:
        os.link(path.resolve(), copy)
    except OSError:  # some file systems know no second names, and some users may give none
        copyfile(path, copy)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


_REMEDIES = {
    "free some space or choose another folder": {errno.ENOSPC, errno.EDQUOT, errno.EFBIG},
    "choose a folder you may write to": {errno.EACCES, errno.EPERM, errno.EROFS},
}


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal into `CannotWrite`, with its reason and what would help."""
    try:
        yield
    except OSError as error:
        remedy = next((remedy for remedy, codes in _REMEDIES.items() if error.errno in codes), "choose another folder")
        reason = error.strerror or str(error)
        raise CannotWrite(f"{path}: cannot be written ({reason}); {remedy}; existing files are unchanged") from error
