"""From a graph to how it looks: the community of each node, a place on the plane, and a size.

Communities are found by the Leiden algorithm (V. A. Traag et al., "From Louvain to Leiden", Scientific Reports 2019).
Each gets a disc of its own: within it nodes are placed by forces along their links, and the discs are placed by forces
along the links between communities (T. Fruchterman and E. Reingold, "Graph Drawing by Force-directed Placement",
Software: Practice and Experience 1991; done here, as networkx takes twice as long and tears apart what is not linked).
A community too large for that is divided likewise. So communities stay apart to the eye, and 50,000 nodes take seconds.
The same graph has the same looks always.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import pi, sqrt
from weakref import WeakKeyDictionary

import numpy as np
from graspologic_native import leiden_csr
from numpy.typing import NDArray

from kg.formats.listing import Listing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# As many nodes are placed by forces at once, each against each.
TOGETHER = 150
ROUNDS, FEWER_ROUNDS = 150, 40
GRAVITY = 4.0
SEED = 7

# The square of the room a node takes around it, by its size; and how far nodes and discs are spread before those that
# overlap are pushed apart.
SPACING = 55.0
NODES_SPREAD, DISCS_SPREAD = 0.8, 0.25
GOLDEN_ANGLE = pi * (3 - sqrt(5))


@dataclass(frozen=True, slots=True)
class Look:
    """How a node looks: its community, numbered from 0, the largest first; its place; and a size from 5 to 50."""

    community: int
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class _Links:
    """Links between nodes 0 to n - 1, each once, with weights."""

    n: int
    a: Ints
    b: Ints
    weight: Floats


_LOOKS: "WeakKeyDictionary[Listing, dict[str, Look]]" = WeakKeyDictionary()


def looks(listing: Listing) -> Mapping[str, Look]:
    """Return how each node looks. What was found for a listing is kept as long as the listing is."""
    if listing not in _LOOKS:
        _LOOKS[listing] = _looks(listing)
    return _LOOKS[listing]


def community_of(listing: Listing) -> dict[str, int]:
    """Return the community of each node, as `looks` has it, without looking for places."""
    if listing in _LOOKS:
        return {node: look.community for node, look in _LOOKS[listing].items()}
    nodes, links, _ = _numbered(listing)
    return dict(zip(nodes, communities(links).tolist(), strict=True))


def _looks(listing: Listing) -> dict[str, Look]:
    nodes, links, sizes = _numbered(listing)
    community = communities(links)
    places = np.round(_places(links, community, sizes), 2) + 0.0
    rows = zip(community.tolist(), places.tolist(), sizes.tolist(), strict=True)
    return {node: Look(group, x, y, size) for node, (group, (x, y), size) in zip(nodes, rows, strict=True)}


def _numbered(listing: Listing) -> tuple[list[str], _Links, Floats]:
    """Return the nodes, their links by their numbers, and their sizes."""
    nodes = [node for node, _ in listing.nodes()]
    number = {node: i for i, node in enumerate(nodes)}
    ends, weights = _arrays((number[a], number[b], link.get("weight", 1.0)) for a, b, link in listing.outlines())
    loops = ends[:, 0] == ends[:, 1]
    links = _Links(len(nodes), ends[~loops, 0], ends[~loops, 1], weights[~loops])
    return nodes, links, _sizes(len(nodes), ends, weights)


def _arrays(links: Iterable[tuple[int, int, float]]) -> tuple[Ints, Floats]:
    kind = np.dtype([("a", np.int64), ("b", np.int64), ("weight", np.float64)])
    rows = np.fromiter(links, kind)
    return np.stack([rows["a"], rows["b"]], axis=1), np.maximum(rows["weight"], 1e-9)


def _sizes(n: int, ends: Ints, weights: Floats) -> Floats:
    """Return a size between 5 and 50 for each node, its area growing with the weights of its links."""
    loops = ends[:, 0] == ends[:, 1]
    strengths = np.bincount(ends[:, 0], weights, n) + np.bincount(ends[~loops, 1], weights[~loops], n)
    most = strengths.max(initial=0) or 1
    return np.round(5 + 45 * np.sqrt(strengths / most), 2)


def communities(links: _Links, resolution: float = 1.0) -> Ints:
    """Return the community of each node, numbered by size, the largest first; of equals the one with the first node.

    A node without links is a community by itself.
    """
    if not len(links.a):
        return np.arange(links.n)
    rows, columns = np.concatenate([links.a, links.b]), np.concatenate([links.b, links.a])
    order = np.lexsort((columns, rows))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=links.n))]).astype(np.int64)
    weight = np.concatenate([links.weight, links.weight])[order]
    _, found = leiden_csr(
        starts, columns[order].astype(np.int32), weight, links.n, resolution=resolution, seed=SEED, trials=1
    )
    alone = links.n + np.arange(links.n)
    return _by_size(np.array([found.get(node, alone[node]) for node in range(links.n)]))


def _by_size(groups: Ints) -> Ints:
    """Number groups anew: the largest first, of equals the one that has the first member."""
    _, first, group, counts = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(counts), np.int64)
    rank[np.lexsort((first, -counts))] = np.arange(len(counts))
    return rank[group]


def _places(links: _Links, community: Ints, sizes: Floats) -> Floats:
    """Return a place for each node, around (0, 0)."""
    if links.n <= TOGETHER and len(links.a):
        return _by_force(links, _radii(sizes), ROUNDS, NODES_SPREAD)
    groups = int(community.max(initial=-1)) + 1
    members = np.split(np.argsort(community, kind="stable"), np.cumsum(np.bincount(community))[:-1])
    if groups == links.n or groups < 2:
        return _spiral(_radii(sizes))
    inner = [_places_within(links, nodes, community, sizes[nodes]) for nodes in members]
    radii = np.array([_extent(places, sizes[nodes]) for places, nodes in zip(inner, members, strict=True)])
    centres = _centres(_between(links, community, groups), radii)
    placed = np.empty((links.n, 2))
    for centre, places, nodes in zip(centres, inner, members, strict=True):
        placed[nodes] = places + centre
    return placed


def _places_within(links: _Links, nodes: Ints, community: Ints, sizes: Floats) -> Floats:
    """Return the places of the nodes of one community, around (0, 0)."""
    if len(nodes) == 1:
        return np.zeros((1, 2))
    number = np.full(links.n, -1)
    number[nodes] = np.arange(len(nodes))
    kept = (number[links.a] >= 0) & (number[links.b] >= 0)
    inside = _Links(len(nodes), number[links.a[kept]], number[links.b[kept]], links.weight[kept])
    if inside.n <= TOGETHER:
        return _by_force(inside, _radii(sizes), FEWER_ROUNDS, NODES_SPREAD)
    return _places(inside, communities(inside), sizes)


def _between(links: _Links, community: Ints, groups: int) -> _Links:
    """Return the links between communities, with the weights of all links between their members."""
    a, b = community[links.a], community[links.b]
    apart = a != b
    low, high = np.minimum(a, b)[apart], np.maximum(a, b)[apart]
    pairs, pair = np.unique(low * groups + high, return_inverse=True)
    weight: Floats = np.bincount(pair, links.weight[apart], len(pairs)).astype(np.float64)
    return _Links(groups, pairs // groups, pairs % groups, weight)


def _centres(between: _Links, radii: Floats) -> Floats:
    """Return a place for each disc: by force, or where there are too many, the linked ones so and the others around."""
    linked = np.arange(between.n)
    if between.n > TOGETHER:
        linked = np.flatnonzero(np.bincount(np.concatenate([between.a, between.b]), minlength=between.n))
    if not 1 < len(linked) <= TOGETHER:
        return _spiral(radii)
    number = np.full(between.n, -1)
    number[linked] = np.arange(len(linked))
    core = _Links(len(linked), number[between.a], number[between.b], between.weight)
    middle = _by_force(core, radii[linked], FEWER_ROUNDS, DISCS_SPREAD)
    alone = np.setdiff1d(np.arange(between.n), linked)
    centres = np.empty((between.n, 2))
    centres[linked] = middle
    hole = float((np.hypot(*middle.T) + radii[linked]).max())
    centres[alone] = _spiral(radii[alone], hole)
    return centres


def _radii(sizes: Floats) -> Floats:
    return np.sqrt(SPACING * sizes)


def _extent(places: Floats, sizes: Floats) -> float:
    return float((np.hypot(*places.T) + _radii(sizes)).max())


def _spiral(radii: Floats, hole: float = 0.0) -> Floats:
    """Return places on a sunflower's spiral, in the order given, each with room for its disc, around a hole."""
    area = 1.3 * np.cumsum(radii**2) - 0.65 * radii**2 + (hole**2 * 1.2 if hole else -0.65 * radii[:1].sum() ** 2)
    distance = np.sqrt(np.maximum(area, 0))
    angle = GOLDEN_ANGLE * np.arange(len(radii))
    return np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)


def _by_force(links: _Links, radii: Floats, rounds: int, spread: float) -> Floats:
    """Return places by forces along the links, spread until discs do not overlap."""
    return _apart(_settled(links, rounds), radii, rounds, spread)


def _settled(links: _Links, rounds: int) -> Floats:
    """Return places by the forces of Fruchterman and Reingold, with a pull to the middle for what is linked least.

    All nodes push each other away, links pull, and each round moves a node less far than the one before. Only sums,
    products and roots act on the places: every processor rounds these alike, and one other digit would move all.
    """
    pull = np.zeros((links.n, links.n))
    np.add.at(pull, (links.a, links.b), np.sqrt(links.weight / links.weight.max(initial=1.0)))
    near = 2 / sqrt(links.n)
    pull = (pull + pull.T) / near
    angle, distance = GOLDEN_ANGLE * np.arange(links.n), np.sqrt((np.arange(links.n) + 0.5) / links.n)
    x, y = np.round(distance * np.cos(angle), 6), np.round(distance * np.sin(angle), 6)
    for step in np.linspace(0.2, 0, rounds, endpoint=False):
        right, up = x[:, None] - x, y[:, None] - y
        far = np.sqrt(np.maximum(right * right + up * up, 1e-4))
        push = (near / far) ** 2 - pull * far
        to_right, upwards = (right * push).sum(axis=1) - GRAVITY * x, (up * push).sum(axis=1) - GRAVITY * y
        length = np.maximum(np.sqrt(to_right * to_right + upwards * upwards), 0.01)
        x, y = x + step * to_right / length, y + step * upwards / length
    return np.stack([x, y], axis=1)


def _apart(places: Floats, radii: Floats, rounds: int, spread: float) -> Floats:
    """Scale places to the area that the discs take, then push apart those that overlap."""
    places = places - places.mean(axis=0)
    distance = np.sqrt((places**2).sum(axis=1).mean()) or 1.0
    places *= np.sqrt(spread * (radii**2).sum()) / distance
    room = radii[:, None] + radii[None, :]
    np.fill_diagonal(room, 0)
    x, y = places.T
    for _ in range(rounds):
        right, up = x[:, None] - x, y[:, None] - y
        distance = np.sqrt(right * right + up * up)
        overlap = np.maximum(room - distance, 0)
        if overlap.max() < 0.01:
            break
        push = 0.25 * overlap / np.maximum(distance, 1e-6)
        x, y = x + (right * push).sum(axis=1), y + (up * push).sum(axis=1)
    return np.stack([x - x.mean(), y - y.mean()], axis=1)
