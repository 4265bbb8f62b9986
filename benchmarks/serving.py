"""How fast `kg serve` answers on a large graph, 100,000 nodes and 1,000,000 links, and how soon its page is seen.

    python benchmarks/serving.py [NODES] [LINKS]

prints how long it takes to load, the median and the longest time of each question over HTTP, over nodes and pairs drawn
at random and over the hubs, and the first paint of the page in Chromium.
"""

import asyncio
import gc
import http.client
import random
import shutil
import sys
import threading
from itertools import pairwise
from statistics import median
from time import perf_counter, sleep
from urllib.parse import urlencode

import uvicorn
from explorer import ARGUMENTS
from playwright.sync_api import sync_playwright
from queries import synthetic

from kg.queries import sparql
from kg.server.app import app


def serve(nodes: int, links: int) -> tuple[list[str], int]:
    """Serve a graph in the background; return the ids of its nodes, those with most links first, and the port."""
    graph = synthetic(nodes, links)
    gc.collect()
    gc.freeze()
    start = perf_counter()
    config = uvicorn.Config(app(graph), port=0, log_level="error")
    print(f"{'ready for the page':<32}{perf_counter() - start:>10.1f} s")
    socket, server = config.bind_socket(), uvicorn.Server(config)
    socket.listen()
    threading.Thread(target=lambda: asyncio.run(server.serve([socket])), daemon=True).start()
    return list(graph), socket.getsockname()[1]


def ask(port: int, path: str, **query: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"{path}?{urlencode(query)}", headers={"Accept": "text/csv, application/json"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def measure(name: str, port: int, path: str, queries: list[dict[str, str]]) -> None:
    times = []
    for query in queries:
        start = perf_counter()
        status, text = ask(port, path, **query)
        times.append(1000 * (perf_counter() - start))
        assert status == 200, text
    print(f"{name:<32}{median(times):>10.1f} ms{max(times):>10.1f} ms at most", flush=True)


def first_paint(address: str) -> None:
    with sync_playwright() as running:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = running.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        # an empty page shows what of a first paint is the browser's own start
        empty = "data:text/html,<html data-ready><p>Nothing"
        for visit, url in {"empty": empty, "first visit": address, "second visit": address}.items():
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(url)
            page.wait_for_selector("html[data-ready]", timeout=120_000)
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            ready = page.evaluate("performance.now()")
            print(f"{f'page, {visit}':<32}{paint:>10.0f} ms to its first paint, {ready:.0f} ms in all")
            page.close()
        browser.close()


def main() -> None:
    nodes, links = (int(given) for given in (*sys.argv[1:], 100_000, 1_000_000)[:2])
    ids, port = serve(nodes, links)
    start, draw = perf_counter(), random.Random(2)
    anyone = [draw.choice(ids) for _ in range(50)]
    for when in ("while SPARQL loads", "after loading"):
        print(when)
        for what, ones in (("random", anyone), ("hubs", ids[:20])):
            measure(f"neighbours, {what}", port, "/api/neighbours", [{"id": one} for one in ones])
            pairs = [{"from": a, "to": b} for a, b in pairwise(ones) if a != b]
            measure(f"path, {what}", port, "/api/path", pairs)
        letters = [{"q": text} for text in ("d", "do", "dake", "be mi", "mulitu", "bekrdi")]
        measure("search", port, "/api/search", letters)
        if when.startswith("while"):
            first_paint(f"http://127.0.0.1:{port}/")
            while ask(port, "/sparql", query="ASK {}")[0] != 200:
                sleep(1)
            print(f"{'ready for SPARQL':<32}{perf_counter() - start:>10.1f} s")
    for what, ones in (("random", anyone), ("hubs", ids[:20])):
        texts = [{"query": sparql.neighbours(one, limit=60)} for one in ones]
        measure(f"neighbours in SPARQL, {what}", port, "/sparql", texts)


if __name__ == "__main__":
    main()
