"""How fast questions are answered on a large graph: 100,000 nodes and 1,000,000 links, with hubs as real ones have.

    python benchmarks/queries.py [NODES] [LINKS]

prints the median and the longest time of each question, over nodes and pairs drawn at random and over the hubs.
"""

import gc
import random
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import networkx as nx

from kg import queries as q
from kg.graph import Evidence

KINDS = ("person", "event", "person", "country")


def synthetic(nodes: int, links: int) -> nx.Graph:
    """Return a graph in which the first nodes have most of the links; the same each time."""
    draw = random.Random(1)
    names = ["".join(draw.choice("bdfgklmnprst") + draw.choice("aeiou") for _ in range(3)).title() for _ in range(5000)]
    graph = nx.Graph()
    days = ((f"a{i}", f"20{i % 20:02}-01-{i % 28 + 1:02}") for i in range(nodes // 2))
    graph.graph["articles"] = {id: {"published": day, "mentions": []} for id, day in days}
    for i in range(nodes):
        kind, label = KINDS[i % 4], f"{draw.choice(names)} {draw.choice(names)}"
        graph.add_node(f"{kind}/n{i}", kind=kind, label=label, aliases=[], mentions=nodes // (i + 1) + 1, articles=1)
    ids, made = list(graph), 0
    while made < links:
        a, b = ids[int(nodes * draw.random() ** 2.5)], ids[int(nodes * draw.random() ** 1.5)]
        if a != b and not graph.has_edge(a, b):
            proof = Evidence(f"a{draw.randrange(nodes // 2)}", 0, 40, "x" * 40, ((a, 0, 3, "xxx"), (b, 10, 13, "xxx")))
            graph.add_edge(a, b, weight=float(draw.choice((1, 1, 1, 1, 2, 3, 5))), articles=1, evidence=[proof])
            made += 1
    return graph


def measure(name: str, question: Callable[..., Any], asked: Sequence[tuple[str, ...]]) -> None:
    times = []
    for names in asked:
        start = perf_counter()
        question(*names)
        times.append(1000 * (perf_counter() - start))
    print(f"{name:<32}{median(times):>10.1f} ms{max(times):>10.1f} ms at most")


def main() -> None:
    nodes, links = (int(given) for given in (*sys.argv[1:], 100_000, 1_000_000)[:2])
    gc.disable()  # the graph is all there is to collect
    graph = synthetic(nodes, links)
    ids, draw = list(graph), random.Random(2)
    labels = [(graph.nodes[draw.choice(ids)]["label"],) for _ in range(50)]
    measure("first name", lambda name: q.find(graph, name), labels[:1])
    measure("name", lambda name: q.find(graph, name), labels)
    measure("misspelt name", lambda name: q.find(graph, f"{name[:2]}x{name[3:]}"), labels)
    measure("suggestions for two letters", lambda name: q.suggestions(graph, name[:2]), labels)
    ministers = nx.Graph()
    ministers.add_nodes_from(
        (node, {**about, "label": f"Minister {about['label']}"}) for node, about in graph.nodes.data()
    )
    q.suggestions(ministers, "x")
    alike = [("m",), ("minister",), ("ministre",), ("the minister",), ("minister d",)]
    measure("suggestions, all names fit", lambda name: q.suggestions(ministers, name), alike)
    measure("name, all names fit", lambda name: q.find(ministers, name), alike)
    anyone = [(draw.choice(ids),) for _ in range(50)]
    pairs = [(draw.choice(ids), draw.choice(ids)) for _ in range(50)]
    hubs = [(node,) for node in ids[:20]]
    for what, ones, twos in (("random", anyone, pairs), ("hubs", hubs, list(pairwise(ids[:21])))):
        measure(f"neighbours, {what}", lambda name: q.neighbours(graph, name), ones)
        measure(f"card, {what}", lambda name: q.card(graph, name), ones)
        measure(f"only with, {what}", lambda name: q.only_with(graph, name), ones)
        measure(f"path, {what}", lambda a, b: q.path(graph, a, b), twos)
        measure(f"paths, {what}", lambda a, b: q.paths(graph, a, b), twos)
        measure(f"brokers, {what}", lambda a, b: q.brokers(graph, a, b), twos)
    measure("trends", lambda: q.trends(graph, "2000", "2001"), [()])
    measure("communities", lambda: q.communities(graph), [()])


if __name__ == "__main__":
    main()
