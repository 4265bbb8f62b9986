"""From what a text calls a place to the country it lies in, as far as a table knows."""

import re
from functools import cache

from kg.gazetteers import table

# What stands around the name of a place and changes nothing, and the words that make a place of a city's name.
_PART = re.compile(
    r"\A(?:the |downtown |central |greater |(?:north|south|east|west)\w*[ -])+"
    r"|[’']s\Z| (?:City|County|Province|State|Prefecture|Oblast|Region|District|Municipality|Airport|Stadium)\Z"
)


def country_of(place: str) -> str | None:
    """Return the ISO code of the country that `place` is or lies in; None if unknown, or if it may lie in several.

    >>> country_of("Munich"), country_of("northern Myanmar"), country_of("The Hague"), country_of("Los Angeles County")
    ('DE', 'MM', 'NL', 'US')
    >>> country_of("Cambridge"), country_of("the village")
    (None, None)
    """
    name = " ".join(place.split())
    while name:
        if found := _countries().get(name):
            return found
        shorter = _PART.sub("", name, count=1)
        if shorter == name:
            return None
        name = shorter
    return None


@cache
def _countries() -> dict[str, str]:
    """Return the countries of places by name: countries themselves, their capitals, other cities."""
    found = {name: row["iso"] for row in table("city_countries") for name in row["cities"].split("; ")}
    for row in table("country_names"):
        if row["kind"] in ("name", "abbreviation", "metonym") and " " not in row["iso"]:
            found[row["form"]] = row["iso"]
    return found
