"""From pairs to the groups that they connect."""

from collections.abc import Iterable
from typing import TypeVar

Member = TypeVar("Member", str, tuple[str, str], int)


def components(members: Iterable[Member], pairs: Iterable[tuple[Member, Member]]) -> list[list[Member]]:
    """Return the groups of `members` that `pairs` connect, each sorted, in sorted order.

    >>> components("abcd", [("a", "c"), ("c", "d")])
    [['a', 'c', 'd'], ['b']]
    """
    root = {member: member for member in members}
    for a, b in pairs:
        a, b = _root(root, a), _root(root, b)
        if a != b:
            root[max(a, b)] = min(a, b)
    groups: dict[Member, list[Member]] = {}
    for member in sorted(root):
        groups.setdefault(_root(root, member), []).append(member)
    return list(groups.values())


def _root(root: dict[Member, Member], member: Member) -> Member:
    while root[member] != member:
        root[member] = root[root[member]]
        member = root[member]
    return member
