"""The process in which a query runs, so that one that takes too long can be ended without harm to others.

It reads a request a line from stdin (JSON) and answers on stdout: a line of JSON about the answer, then its bytes. It
may open no file and no connection once the store is open, and has no more memory than it needs.
"""

import json
import sys
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.server.results import ROWS, TRIPLES

MEMORY = 4 << 30
LARGEST = 64 << 20


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what is said about the answer, and the answer.

    `request` has query, base, rows, triples, limit and graphs. If it names graphs, it asks of these alone, whatever
    the query says.
    """
    try:
        graphs: dict[str, Any] = {}
        if any(request["graphs"]):
            default, named = ([ox.NamedNode(iri) for iri in iris] for iris in request["graphs"])
            graphs = {"default_graph": default, "named_graphs": named}
        found = store.query(request["query"], base_iri=request["base"], **graphs)
        about, body = _written(found, request)
        if len(body) > LARGEST:
            return {"error": "refused", "message": "the answer is too large; ask for less"}, b""
        return about, body
    except (SyntaxError, ValueError) as error:
        return {"error": "malformed", "message": str(error)[:2000]}, b""
    except (OSError, MemoryError, RuntimeError) as error:
        return {"error": "refused", "message": str(error)[:2000] or type(error).__name__}, b""


def _written(found: Any, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    limit = request["limit"]
    if isinstance(found, ox.QueryTriples):
        type = request["triples"]
        if type is None:
            return {"error": "not acceptable"}, b""
        triples = list(islice(found, limit + 1))
        written = ox.serialize(triples[:limit], format=TRIPLES[type])
        return {"type": type, "cut": len(triples) > limit}, written or b""
    type = request["rows"]
    if type is None:
        return {"error": "not acceptable"}, b""
    if isinstance(found, ox.QueryBoolean):
        return {"type": type, "cut": False}, ROWS[type]([], bool(found)).encode()
    names = [variable.value for variable in found.variables]
    rows = [[row[name] for name in names] for row in islice(found, limit + 1)]
    return {"type": type, "cut": len(rows) > limit}, ROWS[type](names, rows[:limit]).encode()


def _shut_in() -> None:
    """Give up what a query has no use for. Where the system knows no such limits, queries are only timed."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def main(path: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    store = ox.Store.read_only(path)
    _shut_in()
    for line in requests:
        about, body = answer(store, json.loads(line))
        answers.write(json.dumps(about | {"length": len(body)}).encode() + b"\n" + body)
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
