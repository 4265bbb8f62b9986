"""Known names, as data files beside this module, and the few lines that look them up.

Each file opens with comment lines (`#`) that name its source and licence. Tables are tab-separated with a header row;
word lists hold one entry a line.
"""

import csv
from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of the word list `name`.txt."""
    return frozenset(_lines(f"{name}.txt"))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the table `name`.tsv, in file order, by column name."""
    return tuple(csv.DictReader(_lines(f"{name}.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE))
