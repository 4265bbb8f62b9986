"""The files a graph can be written to, by suffix. A file is replaced by a whole new one or left as it is.

A format is a module here and a line in `FORMATS`. Another package adds one by an entry point in the group `kg.formats`,
whose name is the suffix without its dot and whose object is a `Format`.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from gzip import GzipFile
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from shutil import copyfile
from typing import Any, BinaryIO, NamedTuple
from uuid import uuid4

import networkx as nx

from kg.errors import CannotWrite, UnknownFormat
from kg.formats.listing import Listing, listed
from kg.formats.settings import PROFILES, Settings
from kg.vocabulary import BASE, check_base

# A writer takes a graph as a listing, a binary stream to write to, and what the user chose.
Writer = Callable[[Listing, BinaryIO, Settings], None]


class Format(NamedTuple):
    """A format: who reads it, and its files, each by what follows the name and with its writer, "module:function"."""

    about: str
    files: Mapping[str, str | Writer]


def _one(suffix: str, about: str, writer: str) -> Format:
    return Format(about, {suffix: f"kg.formats.{writer}"})


FORMATS: dict[str, Format] = {
    "ttl": _one(".ttl", "Turtle: RDF to read, for SPARQL stores", "turtle:write_turtle"),
    "nt": _one(".nt", "N-Triples: RDF for bulk loaders", "ntriples:write_ntriples"),
    "nq": _one(".nq", "N-Quads: the same, a named graph for each article", "ntriples:write_nquads"),
    "trig": _one(".trig", "TriG: Turtle with a named graph for each article", "turtle:write_trig"),
    "jsonld": _one(".jsonld", "JSON-LD: RDF for web developers", "jsonld:write_jsonld"),
    "graphml": _one(".graphml", "GraphML: Gephi, Cytoscape, yEd, igraph, networkx", "graphml:write_graphml"),
    "gexf": _one(".gexf", "GEXF 1.3: Gephi with its timeline, Gephi Lite", "gexf:write_gexf"),
    "json": _one(".json", "node-link JSON: the web, networkx, and `kg export`", "nodelink:write_nodelink"),
    "html": Format("a page to look at, in one file: any browser", {".html": "kg.server.page:write_page"}),
    "csv": Format(
        "tables for Gephi's spreadsheet import, Excel, R",
        {".nodes.csv": "kg.formats.tables:write_nodes_csv", ".edges.csv": "kg.formats.tables:write_edges_csv"},
    ),
    "neo4j": Format(
        "tables and the command that loads them into Neo4j",
        {
            ".neo4j/nodes.csv": "kg.formats.neo4j:write_nodes",
            ".neo4j/relationships.csv": "kg.formats.neo4j:write_relationships",
            ".neo4j/load.sh": "kg.formats.neo4j:write_command",
        },
    ),
    "parquet": Format(
        "columns for pandas, DuckDB and Spark",
        {
            ".nodes.parquet": "kg.formats.parquet:write_nodes",
            ".links.parquet": "kg.formats.parquet:write_links",
            ".evidence.parquet": "kg.formats.parquet:write_evidence",
        },
    ),
}

GZIP = ".gz"
UNZIPPED = {"neo4j", "parquet"}  # the loader takes plain files; compressed within


def known() -> list[str]:
    """Return the names of all formats: those here, then those of other packages in order."""
    return [*FORMATS, *sorted(_of_other_packages().keys() - FORMATS.keys())]


def _of_other_packages() -> dict[str, EntryPoint]:
    return {point.name.lower(): point for point in entry_points(group="kg.formats")}


def _format(name: str) -> Format | None:
    """Return the format of this name. One of another package is loaded only now, so that a faulty one harms no other.

    Raises `UnknownFormat` if that package does not give one.
    """
    if name in FORMATS or name not in (others := _of_other_packages()):
        return FORMATS.get(name)
    point = others[name]
    try:
        format = point.load()
    except Exception as error:
        raise UnknownFormat(f"the format {name!r} cannot be loaded from {point.value} ({error!r})") from error
    if not isinstance(format, Format):
        raise UnknownFormat(f"{point.value}, named as the format {name!r}, is no kg.formats.Format")
    return format


def check_target(folder: str | Path, formats: Iterable[str], *, base: str = BASE, profile: str = "evidence") -> None:
    """Raise what `write_all` would raise, if that can be known before there is a graph; make missing folders."""
    _settings(base, profile)
    for format in formats:
        for writer in _writers(Path(folder), "kg", format).values():
            _function(writer)
    with _explained(Path(folder)):
        Path(folder).mkdir(parents=True, exist_ok=True)
        probe = _beside(Path(folder, "kg"), "probe")
        probe.touch()
        probe.unlink()


def write(graph: nx.Graph | Listing, path: str | Path, *, base: str = BASE, profile: str = "evidence") -> Path:
    """Write `graph` to `path`, in the format its suffix names, and return the path. Missing folders are made.

    With ".gz" after the suffix the file is compressed. Formats of several files, such as "kg.csv", write each beside
    `path`, and the path of the first is returned. `profile` says how much RDF holds: core, evidence or full.

    Raises `UnknownFormat`, `InvalidBase`, or `CannotWrite`, after which existing files are as they were.
    """
    path = Path(path)
    suffix = path.suffix if path.suffix.lower() != GZIP else "".join(path.suffixes[-2:])
    name = path.name.removesuffix(suffix)
    writers = _writers(path.parent, name, suffix)
    if len(writers) == 1:
        writers = dict(zip([path], writers.values(), strict=True))
    return _write_files(graph, writers, _settings(base, profile))[0]


def write_all(
    graph: nx.Graph | Listing,
    folder: str | Path,
    formats: Iterable[str],
    *,
    base: str = BASE,
    name: str = "kg",
    profile: str = "evidence",
) -> list[Path]:
    """Write `graph` to `folder` in each of `formats`, such as "ttl", ".ttl" or "ttl.gz", and return the files.

    Either all files are replaced or none: raises as `write` does.
    """
    writers: dict[Path, str | Writer] = {}
    for format in formats:
        writers |= _writers(Path(folder), name, format)
    return _write_files(graph, writers, _settings(base, profile))


def _settings(base: str, profile: str) -> Settings:
    if profile not in PROFILES:
        raise UnknownFormat(f"there is no profile {profile!r}; choose one of {', '.join(PROFILES)}")
    return Settings(check_base(base), profile)


def _writers(folder: Path, name: str, format: str) -> dict[Path, str | Writer]:
    """Return the writer of each file of a format."""
    wanted = format.removeprefix(".").lower()
    zipped = GZIP if wanted.endswith(GZIP) else ""
    chosen = _format(wanted.removesuffix(GZIP))
    if chosen is None:
        choice = ", ".join(known())
        raise UnknownFormat(f"cannot write the format {format.removeprefix('.')!r}; choose one of {choice}")
    if zipped and wanted.removesuffix(GZIP) in UNZIPPED:
        raise UnknownFormat(f"{wanted.removesuffix(GZIP)} has no use for gzip; leave {GZIP} out")
    return {Path(folder, f"{name}{ending}{zipped}"): writer for ending, writer in chosen.files.items()}


def _function(writer: str | Writer) -> Writer:
    """Return the function of a writer, from its module if need be: what a format needs is loaded with it."""
    if not isinstance(writer, str):
        return writer
    module, _, function = writer.partition(":")
    found: Writer = getattr(import_module(module), function)
    return found


def _write_files(graph: nx.Graph | Listing, writers: Mapping[Path, str | Writer], settings: Settings) -> list[Path]:
    listing, new = listed(graph), dict[Path, Path]()
    try:
        for path, writer in writers.items():
            write = _function(writer)
            with _explained(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                new[path] = _beside(path, "new")
                with _opened(new[path], zipped=path.suffix.lower() == GZIP) as out:
                    write(listing, out, settings)
        _replace(new)
    finally:
        _remove(new.values())
    return list(writers)


def _beside(path: Path, what: str) -> Path:
    """Return a name no other run has, in the folder where `path` is, past links: only there is renaming one step."""
    target = path.resolve()
    return target.with_name(f".{target.name}.{uuid4().hex[:12]}.{what}")


@contextmanager
def _opened(path: Path, *, zipped: bool) -> Iterator[Any]:
    with path.open("xb") as out:
        if zipped:
            # neither name nor time, so that equal graphs give equal bytes
            with GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as packed:
                yield packed
        else:
            yield out
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
