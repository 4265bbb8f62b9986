#!/usr/bin/env python3
"""Draw the picture of the seed graph that the README shows (needs matplotlib).

    python docs/draw.py exports/kg.graphml docs/seed-graph.png

Shown are people, countries and named events, in the places, colours and sizes that Gephi shows, linked where they share
a sentence; those that share none with another are left out.
"""

import sys
from textwrap import shorten

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.patheffects import withStroke


def main(source: str, picture: str) -> None:
    """Read the GraphML file `source` and draw it to the file `picture`."""
    graph = nx.read_graphml(source)
    graph.remove_nodes_from(
        [node for node, data in graph.nodes(data=True) if data["kind"] == "event" and not data["named"]]
    )
    graph.remove_nodes_from(list(nx.isolates(graph)))
    nodes = graph.nodes(data=True)
    place = {node: (data["x"], data["y"]) for node, data in nodes}
    _, axes = plt.subplots(figsize=(12.5, 11))
    axes.set_aspect("equal")
    widths = [0.4 + 0.25 * weight for _, _, weight in graph.edges(data="weight")]
    nx.draw_networkx_edges(graph, place, ax=axes, width=widths, edge_color="#b8b8b8", alpha=0.7)
    colours = [tuple(data[channel] / 255 for channel in "rgb") for _, data in nodes]
    sizes = [14 * data["size"] for _, data in nodes]
    nx.draw_networkx_nodes(graph, place, ax=axes, node_color=colours, node_size=sizes, linewidths=0)
    halo = [withStroke(linewidth=2.5, foreground="white")]
    for node, data in nodes:
        name = shorten(data["label"], 34, placeholder=" …")
        weight = "bold" if data["kind"] == "country" else "normal"
        above = 4 + data["size"] / 6
        where = {"xytext": (0, above), "textcoords": "offset points", "ha": "center"}
        axes.annotate(name, place[node], fontsize=8, weight=weight, path_effects=halo, **where)
    for kind in ("person", "country", "event"):
        colour = next(c for c, (_, data) in zip(colours, nodes, strict=True) if data["kind"] == kind)
        axes.scatter([], [], color=[colour], s=90, label=kind)
    axes.legend(loc="lower right", frameon=False, fontsize=10)
    axes.margins(0.04)
    axes.set_axis_off()
    plt.tight_layout()
    plt.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:])
