"""From the scenes of an event to those who take part in it, each with a role: source, target or participant.

What ties somebody to each mention is weighed together with how the article speaks of them: evidence above zero makes a
participant. Who acts is the source, whom it is done to the target; those who meet or talk are participants all.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from kg.gazetteers import table, words
from kg.model import Entity
from kg.scenes import MEANT_ELSEWHERE, Scene

SOURCE, TARGET, PARTICIPANT = "source", "target", "participant"
# Types of which all who take part do the same thing.
_MUTUAL = frozenset({"meeting", "talks", "call", "agreement", "conference", "sport", "election"})
# These are made by people: if nobody else takes part, those beside the first mention do.
_OF_PEOPLE = frozenset({"meeting", "call", "visit"})
_OTHER = "closer to another event"
# Who speaks of a disaster, or does something else there, is not struck by it.
_OUTSIDE = frozenset({"speaks", f"only {_OTHER}"})
# The score of whom the text says to have done it: "reached by Russia".
_CERTAIN = 1.0
# Ties that tell more if there are no mentions without them.
_BESIDES = "said besides"
_TELLING = ("speaks", "speech between", _OTHER, MEANT_ELSEWHERE, _BESIDES)
# People of whom nothing else is said take no part.
_OTHERS = frozenset({f"only {MEANT_ELSEWHERE}", f"only {_BESIDES}"})
# What ties whoever acts to an event, and those to whom it is done.
_SOURCES = frozenset(
    {
        "left of a verb",
        "right by",
        "left by",
        "owner",
        "modifier of a noun",
        "right from",
        "pronoun",
        "right of of a noun",
    }
)
_TARGETS = frozenset(
    {"subject of a passive", "right against", "right to", "right on", "right for", "right of a verb", "right into"}
)
# What stands between a country and the name of somebody who holds an office there, besides titles and capitalised
# words, and how long it can be.
_TITLE = 80
_LINKS = frozenset(("of", "and", "for", "the", "to", "'s", "’s", "former", "then", "late", "acting", "counterpart"))
# Who speaks of an event from afar takes part in it only if he is its own agent.
_ACTS = frozenset({"owner", "right by", "pronoun", "right with"})
_BESIDE = frozenset({"touching", "close", "owner", "inside"})
_BARRIERS = frozenset({"a clause between", "an event between"})
_FAR = frozenset({"far", "farthest", "a clause between", "an event between"})
# The nearest of those whom the sentences of an event do not name are sought so many sentences back.
_BACK = 3


class Cast(NamedTuple):
    """Who can take part in the events of an article: in order of mention, with how often and where each is named.

    `nations` are the countries of people, where the text says them with a name ("Russian President Vladimir Putin").
    """

    ids: tuple[str, ...]
    counts: dict[str, int]
    main: dict[str, str]
    sentences: dict[int, frozenset[str]]
    places: dict[str, str]
    nations: dict[str, str]


def cast_of(
    text: str, people: Sequence[Entity], countries: Sequence[Entity], sentences: dict[int, frozenset[str]]
) -> Cast:
    """Return those in `text` who can take part; `sentences` holds the ids that each sentence names."""
    entities = sorted(
        (entity for entity in [*people, *countries] if not all(mention.within_name for mention in entity.mentions)),
        key=lambda entity: entity.mentions[0],
    )
    counts = {e.id: sum(not mention.within_name for mention in e.mentions) for e in entities}
    main = {}
    for kind in ("person", "country"):
        own = [id_ for id_ in counts if id_.startswith(kind)]
        if own:
            main[kind] = max(own, key=lambda id_: counts[id_])
    places = {mention.text: e.id for e in countries for mention in e.mentions}
    return Cast(tuple(e.id for e in entities), counts, main, sentences, places, nations_of(text, people, countries))


def nations_of(text: str, people: Sequence[Entity], countries: Sequence[Entity]) -> dict[str, str]:
    """Return by id of a person the id of the country that `text` most often names right before or after the name."""
    named = sorted((m.start, m.end, e.id) for e in countries for m in e.mentions)
    starts = [start for start, _, _ in named]
    found: dict[str, str] = {}
    for person in people:
        votes: Counter[str] = Counter()
        for mention in person.mentions:
            k = bisect_left(starts, mention.start)
            for _, end, id_ in named[max(0, k - 1) : k]:
                votes[id_] += _is_title(text[end : mention.start])
            for start, end, id_ in named[k : k + 1]:
                is_owner = text.startswith(("'s ", "’s "), end) or text[:start].endswith((" of ", " of the "))
                between = text[mention.end : start]
                votes[id_] += is_owner and between.startswith(", ") and _is_title(between[1:])
        if votes.total():
            found[person.id] = max(votes, key=lambda id_: votes[id_])
    return found


def _is_title(between: str) -> bool:
    """Tell whether what stands between a country and a name is an office or the like.

    >>> _is_title(" President "), _is_title("’s Minister of Climate and Green Growth "), _is_title(" welcomed ")
    (True, True, False)
    """
    if len(between) > _TITLE or not between.endswith(" "):
        return False
    said = [word for word in re.split(r"[ -]|(?='s|’s)", between.strip()) if word and word not in _LINKS]
    titles = words("titles") | words("roles")
    return all(word[:1].isupper() or word in titles for word in said) and bool(said or between == " ")


def participants(scenes: Sequence[Scene], type_: str, cast: Cast) -> list[tuple[str, str]]:
    """List who takes part in what `scenes` tell of, each with a role, in order of mention."""
    named = any(scene.span.id_ == "named" for scene in scenes)
    beside = _beside(scenes[0]) if type_ in _OF_PEOPLE and not named else frozenset()
    found: dict[str, float] = {}
    for id_, features in candidates(scenes, type_, cast).items():
        weights = role_weights()[id_.partition("/")[0]]
        afar = "only speaks" in features and not _FAR.isdisjoint(features) and _ACTS.isdisjoint(features)
        outside = type_ == "disaster" and id_.startswith("person/") and not _OUTSIDE.isdisjoint(features)
        other = id_.startswith("person/") and not _OTHERS.isdisjoint(features)
        never = afar or outside or other or "only speaks, after it" in features
        score = _CERTAIN if "agent" in features else sum(weights.get(feature, 0.0) for feature in features)
        found[id_] = -1.0 if never else score
    if any(score > 0 and id_.startswith("person/") for id_, score in found.items()):
        beside = frozenset()
    return [
        (id_, PARTICIPANT if named else role([scene.ties[id_] for scene in scenes if id_ in scene.ties], type_))
        for id_, score in found.items()
        if score > 0 or id_ in beside
    ]


def acts(id_: str, scenes: Sequence[Scene]) -> bool:
    """Tell whether somebody acts in one of `scenes`, no other event and no clause between; a country always does."""
    tied = [scene.ties[id_] for scene in scenes if id_ in scene.ties]
    return id_.startswith("country/") or any(
        not ties.isdisjoint(("pronoun", "owner"))
        or (not _SOURCES.isdisjoint(ties) and _TARGETS.isdisjoint(ties) and _BARRIERS.isdisjoint(ties))
        for ties in tied
    )


def _beside(scene: Scene) -> frozenset[str]:
    """Return the people right beside a mention who do more there than speak of it."""
    return frozenset(
        id_ for _, id_ in scene.near if id_.startswith("person/") and "speaks" not in scene.ties.get(id_, ())
    )


def role(ties: Sequence[Collection[str]], type_: str) -> str:
    """Return the role of somebody whom these ties, of one mention each, bind to an event of the type.

    >>> role([["left of a verb"]], "visit"), role([["right against"]], "sanction"), role([["right with"]], "meeting")
    ('source', 'target', 'participant')
    """
    if type_ in _MUTUAL:
        return PARTICIPANT
    source = target = 0.0
    for tied in ties:
        weight = 3.0 if "touching" in tied or "close" in tied else 1.5 if "near" in tied else 0.5
        if _TARGETS.isdisjoint(tied):
            source += weight * (not _SOURCES.isdisjoint(tied))
        else:
            target += weight
    if source == target == 0:
        return PARTICIPANT
    return TARGET if target > source else SOURCE


def candidates(scenes: Sequence[Scene], type_: str, cast: Cast) -> dict[str, list[str]]:
    """Return for each of `cast` what speaks for and against its taking part, by the names in the table."""
    tied: dict[str, Counter[str]] = {}
    beside = {(scene.number, id_) for scene in scenes for id_, ties in scene.ties.items() if _OTHER not in ties}
    for scene in scenes:
        for id_, ties in scene.ties.items():
            same = (scene.number, id_) in beside  # the other event is this one, mentioned there again
            tied.setdefault(id_, Counter()).update(ties - {_OTHER} if same else ties)
    named_event = any(scene.span.id_ == "named" for scene in scenes)
    lands = {f"country/{scene.place_country}" for scene in scenes if scene.place_country}
    numbers = {scene.number for scene in scenes}
    before = _named_before(min(numbers), cast)
    named = {kind: any(id_.startswith(kind) for id_ in tied) for kind in ("person", "country")}
    place = {cast.places[scene.place] for scene in scenes if scene.place and scene.place in cast.places}
    total = {kind: sum(n for id_, n in cast.counts.items() if id_.startswith(kind)) for kind in ("person", "country")}
    found: dict[str, list[str]] = {}
    for id_ in cast.ids:
        kind = id_.partition("/")[0]
        if id_ not in tied and id_ != cast.main.get(kind) and before.get(kind) != id_ and kind == "person":
            continue
        features = ["always", f"type {type_}", *sorted(tied.get(id_, ()))]
        features.append(f"named {cast.counts[id_] if cast.counts[id_] < 4 else 'often'}")
        features.append(f"of {min(sum(other.startswith(kind) for other in cast.ids), 6)} in all")
        there = "there" if id_ in tied else "absent"
        if named_event:
            features += ["of a name", f"of a name, {there}"]
        if id_ in scenes[0].ties:
            features.append("in its first sentence")
        if id_ in lands:
            features += ["country of its place", f"country of its place, {there}"]
        if id_ in tied:
            shared = sum(id_ in scene.ties for scene in scenes)
            features.append("in its sentences")
            features.append(f"in {'one' if shared == 1 else 'some'} of {'one' if len(scenes) == 1 else 'several'}")
            features += [f"only {tie}" for tie in _TELLING if tied[id_][tie] == shared]
            if "only speaks" in features and not any(tie.startswith(("left", "owner")) for tie in tied[id_]):
                features.append("only speaks, after it")
            if 2 * shared > len(scenes) > 1:
                features.append("in most of its sentences")
            rivals = sum(other.startswith(kind) for other in tied)
            features.append(f"of {min(rivals, 5)} in its sentences")
        else:
            features.append(f"nobody of the kind in its sentences: {not named[kind]}")
            if before.get(kind) == id_:
                features.append(f"named before, others of the kind there: {named[kind]}")
        if id_ == cast.main.get(kind):
            features += [f"main, {'there' if id_ in tied else 'absent, others there' if named[kind] else 'absent'}"]
        share = cast.counts[id_] / total[kind]
        features.append(
            f"share {'all' if share == 1 else 'most' if share > 0.5 else 'some' if share > 0.2 else 'little'}"
        )
        if share == 1 and id_ not in tied:
            features.append("the only one, absent")
        if id_ in place:
            features.append("place")
        if ours := [person for person, nation in cast.nations.items() if nation == id_ and person in tied]:
            features.append("nation of somebody there")
            if any(not _BESIDE.isdisjoint(tied[person]) for person in ours):
                features.append("nation of somebody beside")
        elif kind == "country" and any(person in tied for person in cast.nations):
            how = "absent" if id_ not in tied else "beside" if _FAR.isdisjoint(tied[id_]) else "afar"
            features += ["others' nations there", f"others' nations there, {how}"]
            if id_ == cast.main.get(kind):
                features.append(f"others' nations there, main, {how}")
        found[id_] = features
    return found


def _named_before(number: int, cast: Cast) -> dict[str, str]:
    """Return by kind whom the nearest sentence before `number` names."""
    found: dict[str, str] = {}
    for back in range(1, _BACK + 1):
        for id_ in sorted(cast.sentences.get(number - back, ()), key=cast.ids.index):
            found.setdefault(id_.partition("/")[0], id_)
    return found


@cache
def role_weights() -> dict[str, dict[str, float]]:
    rows = table("event_role_weights")
    return {kind: {row["feature"]: float(row[kind]) for row in rows} for kind in ("person", "country")}
