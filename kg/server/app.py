"""The server: the page at /, what the page asks for under /api/, SPARQL at /sparql. Nothing here changes anything.

A name that a stranger's page has resolve to this machine is no reason to answer it: requests must name a host that was
allowed, and those that come from another site's page are refused.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

import click
import networkx as nx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import BadQuestion, UnknownEntity
from kg.server.api import Api
from kg.server.page import as_json, page
from kg.server.sparql import Endpoint, Limits, triples_of

LOCAL = ("localhost", "127.0.0.1", "[::1]")
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


def app(graph: nx.Graph, *, hosts: Collection[str] = LOCAL, limits: Limits | None = None) -> ASGIApp:
    """Return the application that serves `graph` to those who ask for one of `hosts`."""
    endpoint, api = Endpoint(triples_of(graph), limits or Limits()), Api(graph)
    shown = page({"api": "api"})
    first = as_json(api.graph())

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        await endpoint.start()
        yield
        await endpoint.stop()

    async def explorer(request: Request) -> Response:
        return HTMLResponse(shown)

    async def whole(request: Request) -> Response:
        return Response(first, media_type="application/json")

    def ask(question: Any, *names: str) -> Any:
        def answer(request: Request) -> Response:
            given = {name: request.query_params.get(name) for name in names}
            if missing := [name for name, value in given.items() if value is None]:
                return _error(400, f"missing: {', '.join(missing)}")
            try:
                return Response(as_json(question(*given.values())), media_type="application/json")
            except UnknownEntity as error:
                return _error(404, str(error))
            except BadQuestion as error:
                return _error(400, str(error))

        return answer

    routes = [
        Route("/", explorer),
        Route("/api/graph", whole),
        Route("/api/search", ask(api.search, "q")),
        Route("/api/neighbours", ask(api.neighbours, "id")),
        Route("/api/link", ask(api.link, "a", "b")),
        Route("/api/path", ask(api.path, "from", "to")),
        Route("/sparql", endpoint.answer, methods=["GET", "HEAD", "POST"]),
    ]
    return _Guard(Starlette(routes=routes, lifespan=running), frozenset(host.lower() for host in hosts))


def _error(status: int, reason: str) -> Response:
    return JSONResponse({"error": reason}, status)


class _Guard:
    """Lets through requests for the hosts allowed alone, and adds headers to what comes back."""

    def __init__(self, inner: ASGIApp, hosts: frozenset[str]) -> None:
        self.inner, self.hosts = inner, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return

        async def send_guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        refusal = self._refusal(scope["headers"])
        if refusal:
            await PlainTextResponse(f"{refusal}\n", 403)(scope, receive, send_guarded)
        else:
            await self.inner(scope, receive, send_guarded)

    def _refusal(self, headers: list[tuple[bytes, bytes]]) -> str | None:
        given = [(name, value.decode("latin-1")) for name, value in headers]
        hosts = [value for name, value in given if name == b"host"]
        if len(hosts) != 1 or _name(hosts[0]) not in self.hosts:
            return "this server is not asked for by that name; kg serve --allow-host NAME allows one"
        origins = [value for name, value in given if name == b"origin"]
        if any(origin.partition("://")[2].lower() != hosts[0].lower() for origin in origins):
            return "requests from other sites' pages are refused"
        said = dict(given)
        if said.get(b"sec-fetch-site") == "cross-site" and said.get(b"sec-fetch-mode") != "navigate":
            return "requests from other sites' pages are refused"
        return None


def _name(host: str) -> str:
    """Return the name in a Host header, without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def run(graph: nx.Graph, *, host: str, port: int, allow_host: Collection[str], timeout: float, max_rows: int) -> None:
    """Serve `graph` until interrupted."""
    written = f"[{host}]" if ":" in host else host
    hosts = {*LOCAL, *allow_host, written}
    served = app(graph, hosts=hosts, limits=Limits(timeout=timeout, max_rows=max_rows))
    config = uvicorn.Config(served, host=host, port=port, log_level="warning", server_header=False)
    socket = config.bind_socket()
    socket.listen(config.backlog)  # so that whoever reads the address may ask at once
    click.echo(f"kg: http://{written}:{socket.getsockname()[1]}/ (SPARQL at /sparql; Ctrl+C ends it)", err=True)
    uvicorn.Server(config).run(sockets=[socket])
