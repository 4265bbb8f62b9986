"""From pairs to the groups that they connect."""

from collections.abc import Iterable
from typing import Generic, TypeVar

Member = TypeVar("Member", str, int, tuple[str, str], tuple[tuple[str, ...], str])


class Links(Generic[Member]):
    """Members and the groups into which they are joined; a group goes by the least of its members."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self._root: dict[Member, Member] = {member: member for member in members}

    def root(self, member: Member) -> Member:
        """Return the member by which the group of `member` goes."""
        root = self._root
        root.setdefault(member, member)
        while root[member] != member:
            root[member] = root[root[member]]
            member = root[member]
        return member

    def join(self, a: Member, b: Member) -> None:
        """Make the groups of `a` and `b` one."""
        a, b = sorted((self.root(a), self.root(b)))
        self._root[b] = a

    def groups(self) -> list[list[Member]]:
        """Return the groups, each sorted, in sorted order."""
        groups: dict[Member, list[Member]] = {}
        for member in sorted(self._root):
            groups.setdefault(self.root(member), []).append(member)
        return list(groups.values())


def components(members: Iterable[Member], pairs: Iterable[tuple[Member, Member]]) -> list[list[Member]]:
    """Return the groups of `members` that `pairs` connect, each sorted, in sorted order.

    >>> components("abcd", [("a", "c"), ("c", "d")])
    [['a', 'c', 'd'], ['b']]
    """
    links = Links(members)
    for a, b in pairs:
        links.join(a, b)
    return links.groups()
