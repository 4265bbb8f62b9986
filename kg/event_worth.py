"""From the groups of mentions of an article to those that a reader would list as its events.

How a group is mentioned is weighed; what is only said, or is but a kind of deed, is none whatever its weight.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from kg.event_groups import DETERMINERS, Group, manner_of
from kg.gazetteers import table, words


def listed(groups: Sequence[Group]) -> list[Group]:
    """Return those of `groups` that a reader would list.

    Of the events that one mention tells of ("separate calls to Putin and Xi"), either is as worthy as the other.
    """
    worthy = {group.scenes[0].span.start for group in groups if worth(group) > 0}
    return [g for g in groups if g.scenes[0].span.start in worthy and not is_speech(g) and not is_kind(g)]


def worth(group: Group) -> float:
    """Return how much speaks for a reader listing what `group` tells of: above zero, more than against it."""
    weights = worth_weights()
    return sum(weights.get(feature, 0.0) for feature in worth_features(group))


def worth_features(group: Group) -> list[str]:
    """List what speaks for and against a reader listing `group`, by the names in the table."""
    scenes, first = group.scenes, group.scenes[0]
    sure = max(scene.probability for scene in scenes)
    found = ["always", f"sure {_bucket(sure, (0.5, 0.7, 0.8, 0.9, 0.95, 0.98))}"]
    found.append(f"scenes {_bucket(len(scenes), (2, 3, 5, 8))}")
    found.append(f"likely scenes {_bucket(sum(scene.probability >= 0.8 for scene in scenes), (1, 2, 4))}")
    found.append(f"kinship {_bucket(group.kinship, (-5, -4, -3, -2, -1, -0.5))}")
    found.append(f"begins {_bucket(first.number, (1, 2, 4, 8, 16))}")
    found.append("named" if group.named else manner_of(first))
    found.append(f"type {group.type}")
    if any(scene.ruled for scene in scenes):
        found.append("rules agree")
    for name, there in (
        ("people", group.people),
        ("countries", group.countries),
        ("place", group.places),
        ("time", group.times),
    ):
        if there:
            found.append(name)
    once = "once, " if len(scenes) == 1 else ""
    if once:
        found.append(f"once: {manner_of(first)}")
    told_as = Counter(scene.modality for scene in scenes).most_common(1)[0][0]
    found += [f"said {told_as}", f"{once}said {told_as}"]
    if all(scene.quoted for scene in scenes):
        found += ["in quotes", f"{once}in quotes"]
    close = {id_.partition("/")[0] for scene in scenes for _, id_ in scene.near}
    found += [f"close {kind}" for kind in sorted(close)] or ["nobody close"]
    if not first.verb and manner_of(first) == "bare":
        found.append(f"bare {'plural' if first.plural else 'singular'}")
    if all(scene.plural and not scene.verb for scene in scenes) and not group.named:
        found.append("plural only")
    found.append(f"{len(group.people) if len(group.people) < 3 else 'many'} people")
    return found


def _bucket(value: float, edges: tuple[float, ...]) -> str:
    return f"from {max(below)}" if (below := [edge for edge in edges if value >= edge]) else f"below {edges[0]}"


def is_speech(group: Group) -> bool:
    """Tell whether nothing but words for what somebody said tell of `group`."""
    return not group.named and all(scene.head in words("event_speech") for scene in group.scenes)


def is_kind(group: Group) -> bool:
    """Tell whether nothing but bare words for a kind of deed tell of `group`: "fraud", not "the fraud of 1990"."""
    kinds = words("event_kinds")
    return not group.named and all(s.head in kinds and s.before not in DETERMINERS and not s.when for s in group.scenes)


def is_bare(group: Group) -> bool:
    """Tell whether a group is a single mention without a name, with nobody, no place and no time beside it."""
    first = group.scenes[0]
    return len(group.scenes) == 1 and not group.named and not (first.near or first.place or first.when)


@cache
def worth_weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in table("event_worth_weights")}
