"""SPARQL 1.1 over the graph, read-only: a query is checked, handed to a process of its own, and timed.

Updates are refused, and so is SERVICE, which would have this machine ask others. W3C: SPARQL 1.1 Protocol, SPARQL 1.1
Service Description.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import networkx as nx
import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kg.formats import write
from kg.queries.words import asks_others, is_update
from kg.server.results import ROWS, TRIPLES, chosen

LONGEST_QUERY = 100_000
WAITING = 16


class _Refused(Exception):
    """A request that is answered by a status and a reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(slots=True)
class Limits:
    """How long a query may run, in seconds, how many rows it may give, and how many run at once."""

    timeout: float = 10
    max_rows: int = 10_000
    workers: int = 2


def triples_of(graph: nx.Graph) -> Callable[[ox.Store], None]:
    """Return what fills a store with the triples of a graph."""

    def fill(store: ox.Store) -> None:
        with tempfile.TemporaryDirectory(prefix="kg-triples-") as folder:
            triples = write(graph, Path(folder, "kg.nt"))
            store.bulk_load(path=str(triples), format=ox.RdfFormat.N_TRIPLES)

    return fill


class Endpoint:
    """A SPARQL endpoint. Its store, which `fill` fills, lies in a folder of its own, which goes with it."""

    def __init__(self, fill: Callable[[ox.Store], None], limits: Limits) -> None:
        self.limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="kg-sparql-", ignore_cleanup_errors=True)
        self._store = str(Path(self._folder.name, "store"))
        self._fill: Callable[[ox.Store], None] | None = fill
        self._idle: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()
        self._all: set[asyncio.subprocess.Process] = set()
        self._waiting = 0

    async def start(self) -> None:
        """Begin to fill the store; once that is done, processes answer."""
        self._loading = asyncio.create_task(self._load())

    async def _load(self) -> None:
        await asyncio.to_thread(self._make)
        self._fill = None
        for _ in range(self.limits.workers):
            await self._idle.put(await self._process())

    def _make(self) -> None:
        assert self._fill is not None
        store = ox.Store(self._store)
        self._fill(store)
        store.optimize()
        store.flush()

    async def stop(self) -> None:
        """End the processes, and remove the store."""
        self._loading.cancel()
        for process in list(self._all):
            await self._end(process)
        self._folder.cleanup()

    async def _process(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "kg.server.worker", self._store)
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        self._all.add(process)
        return process

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        self._all.discard(process)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def answer(self, request: Request) -> Response:
        """Answer a request as the protocol has it."""
        try:
            asked = await _asked(request)
            if asked is None:
                return _description(request)
            accept = request.headers.get("accept")
            types = {"rows": chosen(accept, ROWS), "triples": chosen(accept, TRIPLES)}
            return await self._answer(asked | types | {"limit": self.limits.max_rows})
        except _Refused as refusal:
            headers = {"Retry-After": "5"} if refusal.status == 503 else {}
            return PlainTextResponse(f"{refusal}\n", refusal.status, headers)

    async def _answer(self, asked: dict[str, Any]) -> Response:
        about, body = await self._ask(asked)
        if "error" in about:
            status = {"malformed": 400, "not acceptable": 406}.get(about["error"], 500)
            offered = f"choose one of {', '.join([*ROWS, *TRIPLES])}"
            raise _Refused(status, about.get("message") or offered)
        cut = {"X-KG-Cut-At": str(self.limits.max_rows)} if about["cut"] else {}
        type = about["type"] + ("; charset=utf-8" if about["type"].startswith("text/") else "")
        return Response(body, headers={"Vary": "Accept", "Content-Type": type} | cut)

    async def _ask(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Have a process answer; one that takes too long or dies is replaced."""
        if self._waiting >= WAITING:
            raise _Refused(503, "too many queries are waiting; try again")
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.timeout):
                process = await self._idle.get()
        except TimeoutError as error:
            busy = "the graph is still being loaded" if self._fill else "all queries take long at the moment"
            raise _Refused(503, f"{busy}; try again") from error
        finally:
            self._waiting -= 1
        try:
            async with asyncio.timeout(self.limits.timeout):
                answer = await _exchange(process, asked)
        except BaseException as error:
            await asyncio.shield(self._replace(process))
            if isinstance(error, TimeoutError):
                raise _Refused(504, f"the query was cut after {self.limits.timeout:g} s; ask for less") from error
            if isinstance(error, asyncio.IncompleteReadError | BrokenPipeError | ConnectionResetError | ValueError):
                raise _Refused(500, "the query took more than it may, memory perhaps; ask for less") from error
            raise
        await self._idle.put(process)
        return answer

    async def _replace(self, process: asyncio.subprocess.Process) -> None:
        await self._end(process)
        await self._idle.put(await self._process())


async def _exchange(process: asyncio.subprocess.Process, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asked).encode() + b"\n")
    await process.stdin.drain()
    about: dict[str, Any] = json.loads(await process.stdout.readuntil(b"\n"))
    return about, await process.stdout.readexactly(about["length"])


async def _asked(request: Request) -> dict[str, Any] | None:
    """Return the query and the graphs that it is asked of; None if there is none, which asks for the description."""
    fields = [*request.query_params.multi_items()]
    if request.method == "POST":
        kind, *said = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
        if any(part.startswith("charset=") and part[8:].strip('"') not in ("utf-8", "utf8") for part in said):
            raise _Refused(415, "post in UTF-8")
        body = await _body(request)
        if kind == "application/sparql-query":
            fields.append(("query", body))
        elif kind == "application/x-www-form-urlencoded":
            fields += parse_qsl(body, keep_blank_values=True)
        elif kind == "application/sparql-update":
            raise _Refused(403, "this endpoint is read-only: updates are refused")
        else:
            raise _Refused(415, "post application/sparql-query or application/x-www-form-urlencoded")
    if any(name == "update" for name, _ in fields):
        raise _Refused(403, "this endpoint is read-only: updates are refused")
    queries = [value for name, value in fields if name == "query"]
    if not queries and request.method != "POST":
        return None
    if len(queries) != 1:
        raise _Refused(400, "give one query")
    graphs = [[v for name, v in fields if name == which] for which in ("default-graph-uri", "named-graph-uri")]
    return {"query": _checked(queries[0]), "graphs": graphs, "base": _address(request)}


async def _body(request: Request) -> str:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > 3 * LONGEST_QUERY:
            raise _Refused(413, f"a query may have {LONGEST_QUERY:,} letters")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise _Refused(400, "the query is not in UTF-8") from error


def _checked(query: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise _Refused(413, f"a query may have {LONGEST_QUERY:,} letters")
    if asks_others(query):
        raise _Refused(403, "SERVICE is refused: this endpoint asks no other")
    if is_update(query):
        raise _Refused(403, "this endpoint is read-only: updates are refused")
    return query


def _address(request: Request) -> str:
    """Return the endpoint's own address, against which the relative IRIs of a query are resolved."""
    return str(request.url.replace(query=""))


def _description(request: Request) -> Response:
    """Return what the endpoint can do, in RDF."""
    type = chosen(request.headers.get("accept"), TRIPLES) or "text/turtle"
    sd, formats = "http://www.w3.org/ns/sparql-service-description#", "http://www.w3.org/ns/formats/"
    here = ox.NamedNode(_address(request))
    service, dataset, graph = here, ox.BlankNode("dataset"), ox.BlankNode("graph")

    def say(subject: Any, name: str, value: Any) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(sd + name), value)

    a = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    names = [f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")]
    names += ["Turtle", "N-Triples", "RDF_XML", "JSON-LD"]
    triples = [
        ox.Triple(service, a, ox.NamedNode(f"{sd}Service")),
        say(service, "endpoint", here),
        say(service, "supportedLanguage", ox.NamedNode(f"{sd}SPARQL11Query")),
        *(say(service, "resultFormat", ox.NamedNode(formats + name)) for name in names),
        say(service, "defaultDataset", dataset),
        ox.Triple(dataset, a, ox.NamedNode(f"{sd}Dataset")),
        say(dataset, "defaultGraph", graph),
        ox.Triple(graph, a, ox.NamedNode(f"{sd}Graph")),
    ]
    prefixes = {"sd": sd, "formats": formats}
    body = ox.serialize(triples, format=TRIPLES[type], prefixes=prefixes)
    return Response(body, headers={"Content-Type": type, "Vary": "Accept"})
