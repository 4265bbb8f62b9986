#!/usr/bin/env python3
"""Draw the picture of the seed graph that the README shows (needs matplotlib).

    python docs/draw.py exports/kg.graphml docs/seed-graph.png

Shown are people, countries and named events, in the places, colours and sizes that Gephi shows, linked where they share
a sentence; those that share none with another are left out. A name stands where it covers no other name, that of the
larger node first; a name for which there is no room is left out.
"""

import sys
from itertools import product
from textwrap import wrap

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

WIDTH = 12.5  # inches
LINES = ((30, 2), (20, 3))  # how many characters a line of a name has at most, and how many lines there are
# Where a name may stand, seen from its node: how far to the right and up, and which of its sides is there.
SIDES = (
    *((0, 1, "center", "bottom"), (0, -1, "center", "top"), (1, 0, "left", "center"), (-1, 0, "right", "center")),
    *((0.7, 0.7, "left", "bottom"), (-0.7, 0.7, "right", "bottom")),
    *((0.7, -0.7, "left", "top"), (-0.7, -0.7, "right", "top")),
)


def main(source: str, picture: str) -> None:
    """Read the GraphML file `source` and draw it to the file `picture`."""
    graph = nx.read_graphml(source)
    unnamed = [node for node, data in graph.nodes(data=True) if data["kind"] == "event" and not data["named"]]
    graph.remove_nodes_from(unnamed)
    graph.remove_nodes_from(list(nx.isolates(graph)))
    axes = _axes(graph)
    place = {node: (data["x"], data["y"]) for node, data in graph.nodes(data=True)}
    widths = [0.4 + 0.25 * weight for _, _, weight in graph.edges(data="weight")]
    nx.draw_networkx_edges(graph, place, ax=axes, width=widths, edge_color="#9a9a9a", alpha=0.45)
    colours = {node: tuple(data[channel] / 255 for channel in "rgb") for node, data in graph.nodes(data=True)}
    sizes = [(2 * _radius(data)) ** 2 for _, data in graph.nodes(data=True)]
    shown = {"node_color": list(colours.values()), "edgecolors": "white", "linewidths": 0.8}
    nx.draw_networkx_nodes(graph, place, ax=axes, node_size=sizes, **shown)
    _write_names(graph, axes)
    for kind in ("person", "country", "event"):
        colour = next((colours[node] for node, data in graph.nodes(data=True) if data["kind"] == kind), "none")
        axes.scatter([], [], color=[colour], s=90, label=kind if kind != "event" else "named event")
    note = "the larger, the more strongly linked;\nthe wider a line, the more often together"
    axes.legend(loc="upper left", frameon=False, fontsize=11, title=note, alignment="left")
    plt.savefig(picture, dpi=110)


def _axes(graph: nx.Graph) -> plt.Axes:
    """Return empty axes of the shape that the graph has, with room for names at the margins."""
    x, y = ([data[axis] for _, data in graph.nodes(data=True)] for axis in "xy")
    wide, high = max(x) - min(x), max(y) - min(y)
    figure, axes = plt.subplots(figsize=(WIDTH, min(WIDTH, max(WIDTH / 2, WIDTH * high / wide))))
    figure.subplots_adjust(0, 0, 1, 1)
    axes.set(xlim=(min(x) - 0.11 * wide, max(x) + 0.11 * wide), ylim=(min(y) - 0.05 * high, max(y) + 0.05 * high))
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes


def _radius(data: dict) -> float:
    """Return the radius of a node in points."""
    return 1.7 * data["size"] ** 0.5


def _write_names(graph: nx.Graph, axes: plt.Axes) -> None:
    figure = axes.figure
    figure.canvas.draw()
    frame, taken, left_out = figure.bbox, [], 0
    discs = {}
    for node, data in graph.nodes(data=True):
        (x, y), reach = axes.transData.transform((data["x"], data["y"])), _radius(data) * figure.dpi / 72
        discs[node] = Bbox([(x - reach, y - reach), (x + reach, y + reach)])
    for node, data in sorted(graph.nodes(data=True), key=lambda item: (-item[1]["size"], item[0])):
        others = taken + [disc for other, disc in discs.items() if other != node]
        for lines, side in product(LINES, SIDES):
            text = _name(axes, data, *lines, *side)
            box = text.get_window_extent().padded(1)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if inside and not box.count_overlaps(others):
                taken.append(box)
                break
            text.remove()
        else:
            left_out += 1
    if left_out:
        axes.text(0.99, 0.01, f"names left out: {left_out}", transform=axes.transAxes, ha="right", color="#666666")


def _name(
    axes: plt.Axes, data: dict, width: int, lines: int, right: float, up: float, horizontal: str, vertical: str
) -> plt.Annotation:
    return axes.annotate(
        "\n".join(wrap(data["label"], width, max_lines=lines, placeholder=" …")),
        (data["x"], data["y"]),
        xytext=((_radius(data) + 2) * right, (_radius(data) + 2) * up),
        textcoords="offset points",
        ha=horizontal,
        va=vertical,
        multialignment=horizontal,
        fontsize=9.5,
        linespacing=0.95,
        weight="bold" if data["kind"] == "country" else "normal",
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
