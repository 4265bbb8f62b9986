"""How fast a graph is written, by format, and in how much memory, with rdflib's serializers in the same run.

    python benchmarks/export.py                         20,000 nodes, 100,000 links
    python benchmarks/export.py 200000 2000000 ttl graphml

The graph is made up and listed, not held (`synthetic.py`). Times are of the processor, so that other programs on the
machine change little. Each format is written in a process of its own; its memory is the most that this process held.
"""

import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from synthetic import Synthetic

from kg.formats import FORMATS, write_all
from kg.formats.rdf import descriptions, to_rdflib
from kg.formats.terms import plain_terms
from kg.layout import looks
from kg.vocabulary import BASE

RDF = ("ttl", "nt", "nq", "trig", "jsonld")
FOR_RDFLIB = (2_000, 10_000)


def measure(format: str, nodes: int, links: int) -> tuple[float, float, float, float]:
    """Return the seconds to write a format, those for its looks, the mebibytes of its files and of memory."""
    graph = Synthetic(nodes, links)
    with TemporaryDirectory() as folder:
        start = time.process_time()
        if format not in (*RDF, "ttl.gz"):
            looks(graph)
        looked = time.process_time()
        size = sum(path.stat().st_size for path in write_all(graph, folder, [format]))
        end = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return end - start, looked - start, size / 2**20, memory


def count_triples(nodes: int, links: int) -> int:
    described = descriptions(Synthetic(nodes, links), plain_terms(BASE), "evidence")
    return sum(len(properties) for _, properties in described)


def in_own_process(function, *arguments):  # type: ignore[no-untyped-def]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def rdflib_lines() -> Iterator[str]:
    """Yield how fast rdflib writes a smaller graph of the same make, and kg the same one.

    kg writes terms as it makes them, so its time is that from the graph to the file; rdflib's is told without and with
    the time to make an rdflib graph.
    """
    graph = Synthetic(*FOR_RDFLIB)
    start = time.process_time()
    theirs = to_rdflib(graph)
    built = time.process_time() - start
    yield f"rdflib, {len(theirs):,} triples: made at {len(theirs) / built:,.0f} triples/s"
    for format, name in (("ttl", "turtle"), ("nt", "nt")):
        start = time.process_time()
        theirs.serialize(format=name, encoding="utf-8")
        taken = time.process_time() - start
        with TemporaryDirectory() as folder:
            start = time.process_time()
            write_all(graph, folder, [format])
            ours = time.process_time() - start
        yield (
            f"  {format}: serialized by rdflib at {len(theirs) / taken:,.0f} triples/s, made and serialized by kg at"
            f" {len(theirs) / ours:,.0f}: {taken / ours:.1f} times as fast as its serializer,"
            f" {(built + taken) / ours:.1f} times as fast as both"
        )


def main(nodes: int = 20_000, links: int = 100_000, *formats: str) -> None:
    """Print a line a format."""
    wanted = formats or (*FORMATS, "ttl.gz")
    number = in_own_process(count_triples, nodes, links) if {*RDF, "ttl.gz"} & {*wanted} else 0
    print(f"{nodes:,} nodes, {links:,} links, {number:,} triples")
    print(f"{'format':<10}{'CPU s':>8}{'of it looks':>12}{'triples/s':>12}{'MB':>8}{'MB memory':>11}")
    for format in wanted:
        seconds, looked, size, memory = in_own_process(measure, format, nodes, links)
        rate = f"{number / seconds:,.0f}" if format in (*RDF, "ttl.gz") else ""
        print(f"{format:<10}{seconds:>8.1f}{looked:>12.1f}{rate:>12}{size:>8.0f}{memory:>11.0f}", flush=True)
    for line in rdflib_lines():
        print(line, flush=True)


if __name__ == "__main__":
    main(*map(int, islice(sys.argv, 1, 3)), *sys.argv[3:])
