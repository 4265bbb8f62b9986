"""From the scenes of an article to its events: the scenes that tell of one occurrence, put together.

Each scene in turn joins the group with which it has most in common, by weighed evidence: type, noun, those who take
part, time, place, and how it takes up what was told ("the talks"). Where nothing speaks for any, it begins one.
"""

import re
from collections import Counter
from functools import cache
from itertools import islice

from kg.gazetteers import table
from kg.recognition.texts import text_of
from kg.scenes import Scene

# Words of a name that tie it together, and those that make a noun take up what went before, or not.
_LINKS = frozenset({"of", "the", "in", "on", "and", "for", "against", "between"})
POINTING = frozenset({"the", "this", "that", "these", "those", "such", "both"})
_OWNED = frozenset({"his", "her", "their", "its", "'s", "’s", "our"})
_FRESH = frozenset({"a", "an", "another", "new", "first", "second", "other", "any", "some", "every", "each"})
_NEW = frozenset({"recent", "new", "latest", "upcoming", "second", "third", "similar", "previous", "next"})
DETERMINERS = POINTING | _OWNED | _FRESH
# Types between which readers waver.
_KIN = (
    frozenset({"meeting", "talks", "visit", "call", "conference", "agreement"}),
    frozenset({"conflict", "justice", "disaster", "protest", "sanction"}),
    frozenset({"sport", "culture", "conference", "campaign"}),
    frozenset({"business", "agreement", "campaign", "other", "sanction"}),
    frozenset({"election", "personnel"}),
)
_SUFFIX = re.compile(r"(?:ations?|ments?|ings?|ions?|ers?|ed|als?|es|s|e)\Z")
# Of these, one with other people, or other countries, is another one.
_TOLD_BY_COMPANY = frozenset({"meeting", "call", "visit", "talks"})
# Of these a name can come late: what goes on for long is told of before it is named.
_LASTING = frozenset({"conflict", "disaster", "election", "agreement"})
# What is won at an event of sport.
_MEDALS = frozenset({"medal", "medals", "gold", "silver", "bronze", "podium"})
# Of these, who meets somebody else meets again.
_OF_TWO = frozenset({"meeting", "call"})
# The score of what cannot be.
_NEVER = -9.0
# How what people meet for is told, and how far behind it can stand, in characters.
_TO_HOLD = re.compile(r"\bto (?:start|begin|open|hold|have|launch|continue|resume|conduct)\s(?:\w+\s){0,3}\Z")
_SIGHT = 100
# How many events back one is sought again; for texts that are no prose.
_MEMORY = 60


class Group:
    """The scenes of one occurrence so far, with what the next is compared with.

    `kinship` is how like its first scene was to what was told before.
    """

    def __init__(self, scene: Scene, kinship: float = _NEVER) -> None:
        self.scenes: list[Scene] = []
        self.kinship = kinship
        self.types: Counter[str] = Counter()
        self.votes: dict[bool, dict[str, float]] = {}  # for a type: of all scenes (False), and of the named ones (True)
        self.nouns: Counter[str] = Counter()
        self.stems: Counter[str] = Counter()
        self.people: set[str] = set()
        self.countries: set[str] = set()
        self.close: set[str] = set()
        self.times: set[str] = set()
        self.places: set[str] = set()
        self.days: set[str] = set()
        self.named = self.fresh = False
        self.add(scene)

    @property
    def type(self) -> str:
        """The type that most of the scenes say, the surest and the first above all; of a named event, its names."""
        votes = self.votes[self.named]
        return max(votes, key=lambda type_: votes[type_])

    def add(self, scene: Scene) -> None:
        self.scenes.append(scene)
        self.types[scene.span.label_] += 1
        for kind in (False, True) if scene.span.id_ == "named" else (False,):
            votes = self.votes.setdefault(kind, {})
            weight = 1.0 if votes else 1.5
            votes[scene.span.label_] = votes.get(scene.span.label_, 0.0) + scene.probability * scene.certainty * weight
        self.nouns[family(scene.noun)] += 1
        self.stems[stem(scene.head)] += 1
        self.people.update(id_ for id_ in scene.who if id_.startswith("person/"))
        self.countries.update(id_ for id_ in scene.who if id_.startswith("country/"))
        self.close.update(id_ for _, id_ in scene.near)
        self.times.update(filter(None, [scene.when]))
        self.places.update(filter(None, [scene.place]))
        self.days.update(filter(None, [scene.days]))
        self.named |= scene.span.id_ == "named"
        self.fresh |= scene.span.id_ != "named" and any(token.lower_ in _NEW for token in scene.span)


def grouped(scenes: list[Scene]) -> list[Group]:
    """Put the scenes of one occurrence together, groups in order of first mention."""
    groups: list[Group] = []
    for scene in scenes:
        best, most = None, _NEVER
        for group in islice(reversed(groups), _MEMORY):
            if (score := likeness(group, scene, groups)) > most:
                best, most = group, score
        if best is None or most <= 0:
            groups.append(Group(scene, most))
        else:
            best.add(scene)
    return _named_at_last(groups)


def _named_at_last(groups: list[Group]) -> list[Group]:
    """Put together what is told of as "the crisis" with the only such event that has a name: "the Ukraine crisis"."""
    kept: list[Group] = []
    for group in groups:
        home = None if group.named or group.type not in _LASTING else _namesake(group, groups)
        if home is None:
            kept.append(group)
        else:
            for scene in group.scenes:
                home.add(scene)
            home.scenes.sort(key=lambda scene: scene.span.start)
    return kept


def won_there(group: Group, groups: list[Group]) -> list[Scene]:
    """Return the scenes that tell of medals, if `group` is the only event of sport with a name, where they are won."""
    if not group.named or group.type != "sport" or sum(g.named and g.type == "sport" for g in groups) > 1:
        return []
    medals = [g for g in groups if g.type == "sport" and not g.named and any(s.head in _MEDALS for s in g.scenes)]
    return [s for g in medals for s in g.scenes if not _at_another_time(group, s)]


def _namesake(group: Group, groups: list[Group]) -> Group | None:
    """Return the only named event of the nouns of `group`, if that is told of with "the" and at no other time."""
    nouns = [scene for scene in group.scenes if not scene.verb]
    homes = [
        other
        for other in groups
        if other.named and not {family(s.noun) for s in other.scenes if s.span.id_ == "named"}.isdisjoint(group.nouns)
    ]
    if len(homes) != 1 or homes[0].type != group.type or group.fresh:
        return None
    alike = {family(scene.noun) for scene in homes[0].scenes if scene.span.id_ == "named"}
    told = [scene for scene in nouns if family(scene.noun) in alike and not scene.plural]
    known = any(scene.before in POINTING for scene in told)
    if known and 2 * len(told) > len(group.scenes) and not any(_at_another_time(homes[0], s) for s in group.scenes):
        return homes[0]
    return None


def likeness(group: Group, scene: Scene, groups: list[Group]) -> float:
    """Return how much speaks for `scene` being one more mention of `group`: above zero, more than against it."""
    if scene.span.id_ == "named" and group.named:
        names = [other for other in group.scenes if other.span.id_ == "named"]
        return -_NEVER if any(_names_agree(other, scene) for other in names) else _NEVER
    if scene.span.id_ == "named" and (scene.span.label_ not in group.types or group.fresh):
        return _NEVER
    if _at_another_time(group, scene) or _of_another_kind(group, scene):
        return _NEVER
    if group.scenes[-1].span.start == scene.span.start:  # one mention of several events
        return _NEVER
    if scene.span.label_ in _TOLD_BY_COMPANY and _in_other_company(group, scene):
        return _NEVER
    if _one_of_several(group, scene):
        return _NEVER
    if scene.span.label_ == "call" and not scene.verb and "call" not in group.types:
        return _NEVER
    if _is_its_aim(group.scenes[-1], scene):
        return -_NEVER
    weights = pair_weights()
    return sum(weights.get(feature, 0.0) for feature in features(group, scene, groups))


def _at_another_time(group: Group, scene: Scene) -> bool:
    """Tell whether a mention and those of `group` are dated, and no two of them to common days."""
    if not (scene.days and group.days):
        return False
    one = scene.days.split("/")
    others = [days.split("/") for days in group.days]
    return all(_is_before(one[-1], other[0]) or _is_before(other[-1], one[0]) for other in others)


def _is_before(end: str, start: str) -> bool:
    """Tell whether a day, month or year is over when another one begins: ISO dates, not as long as each other perhaps.

    >>> _is_before("2023", "2024-03-05"), _is_before("2024", "2024-03-05")
    (True, False)
    """
    return end < start[: len(end)]


def _of_another_kind(group: Group, scene: Scene) -> bool:
    """Tell whether nothing in the words of a mention, not right after one of `group`, is like theirs."""
    type_, last = scene.span.label_, group.scenes[-1]
    return (
        (scene.number != last.number or scene.span.start > last.span.end)
        and type_ not in group.types
        and not any(type_ in kin and not kin.isdisjoint(group.types) for kin in _KIN)
        and not (scene.noun and family(scene.noun) in group.nouns)
        and stem(scene.head) not in group.stems
        and group.types.keys().isdisjoint(_resumed_by(scene.noun))
    )


def _one_of_several(group: Group, scene: Scene) -> bool:
    """Tell whether one is a disaster by name and the other are several of the kind: "Eaton Fire" and "the fires"."""
    if scene.span.label_ != "disaster":
        return False
    if scene.span.id_ == "named":
        told = [other for other in group.scenes if not other.verb and other.noun.rstrip("s").endswith(scene.noun)]
        return not scene.plural and 2 * sum(other.plural for other in told) > len(told)
    names = [other for other in group.scenes if other.span.id_ == "named"]
    alike = any(scene.noun.rstrip("s").endswith(other.noun) for other in names)
    return scene.plural and alike and not any(other.plural for other in names)


def _in_other_company(group: Group, scene: Scene) -> bool:
    """Tell whether those right beside a mention are others than those right beside the mentions of `group`."""
    close = {id_ for _, id_ in scene.near}
    if scene.verb and scene.span.label_ in _OF_TWO and _is_of_lands(scene) and _is_of_people(group):
        return True
    for kind in ("person/", "country/"):
        one, other = ({id_ for id_ in ids if id_.startswith(kind)} for ids in (close, group.close))
        if one and other:
            pairs = scene.span.label_ in _OF_TWO and len(one) > 1 and len(other) > 1
            return one.isdisjoint(other) or (pairs and not (one <= other or other <= one))
    return False


def _is_its_aim(last: Scene, scene: Scene) -> bool:
    """Tell whether those who meet do so for these talks: "will meet in Geneva to start talks"."""
    if not (last.verb and last.span.label_ == "meeting" and scene.span.label_ in ("talks", "meeting")):
        return False
    between = text_of(scene.span.doc)[last.span.end_char : scene.span.start_char]
    return last.number == scene.number and len(between) < _SIGHT and bool(_TO_HOLD.search(between))


def _is_of_lands(scene: Scene) -> bool:
    """Tell whether those who act in a mention are of two countries and unnamed: "US and Russian officials"."""
    acting = {id_ for id_, ties in scene.ties.items() if "left of a verb" in ties and "a clause between" not in ties}
    return len(acting) > 1 and not any(id_.startswith("person/") for id_ in acting)


def _is_of_people(group: Group) -> bool:
    """Tell whether two people at least are right beside the mentions of `group`."""
    return sum(id_.startswith("person/") for id_ in group.close) > 1


def features(group: Group, scene: Scene, groups: list[Group]) -> list[str]:
    """List what speaks for and against `scene` being one more mention of `group`, by the names in the table."""
    type_, noun, word = scene.span.label_, family(scene.noun), stem(scene.head)
    same_type = type_ in group.types
    same_noun = bool(noun) and noun in group.nouns
    same_stem = word in group.stems
    last = group.scenes[-1]
    size = len(group.scenes)
    found = ["always"]
    if same_noun or same_stem:
        found.append(f"word {_share(max(group.nouns[noun] * bool(noun), group.stems[word]), size)}")
    if same_type:
        found.append(f"type {_share(group.types[type_], size)}")
    else:
        found.append(f"other type than {_share(max(group.types.values()), size)}")
    if size > 3:
        common = "word" if same_noun or same_stem else "type" if same_type else "unlike"
        found.append(f"{'many' if size > 8 else 'several'} scenes, {common}")
    if same_type:
        found += ["same type", f"same type {type_}"]
    elif any(type_ in kin and not kin.isdisjoint(group.types) for kin in _KIN):
        found.append("kin type")
    else:
        found.append("other type")
    if same_noun or same_stem:
        found.append("same word" if same_stem else "same noun")
        found.append("same word, same type" if same_type else "same word, other type")
    elif same_type:
        found.append("other word, same type")
    alike = same_type or same_noun or same_stem
    manner = manner_of(scene)
    found += [manner, f"{manner}, {'alike' if alike else 'unlike'}"]
    if same_noun or same_stem:
        found.append(f"{manner}, same word")
    if noun and any(type_ in _resumed_by(scene.noun) for type_ in group.types):
        found += ["takes it up", f"takes it up, {manner}"]
    found.append(f"distance {_distance(scene.number - last.number)}{'' if alike else ', unlike'}")
    if last.number == scene.number and scene.span.start - last.span.end <= 3:
        found.append(f"side by side, {'alike' if alike else 'kin type' if 'kin type' in found else 'other type'}")
    people = {id_ for id_ in scene.who if id_.startswith("person/")}
    countries = {id_ for id_ in scene.who if id_.startswith("country/")}
    for kind, one, other in (("people", people, group.people), ("countries", countries, group.countries)):
        if one and other:
            found.append(f"{kind} {'shared' if one & other else 'differ'}{'' if alike else ', unlike'}")
            if alike and kind == "people":
                found.append(f"people {'shared' if one & other else 'differ'}, {type_}")
        elif one:
            found.append(f"{kind} new")
    if alike:
        found += _beside(group, scene, manner)
    if scene.when and group.times:
        found.append(f"time {'shared' if scene.when in group.times else 'differs'}")
    if scene.place and group.places:
        found.append(f"place {'shared' if scene.place in group.places else 'differs'}")
    found.append(f"{'verb' if scene.verb else 'noun'} after {'verb' if last.verb else 'noun'}")
    if group.named:
        found.append(f"of a name, {'same noun' if same_noun else 'same type' if same_type else 'unlike'}")
        found.append(f"of a name, {manner}")
    if scene.span.id_ == "named":
        found.append(f"named later, {'same noun' if same_noun else 'same type' if same_type else 'unlike'}")
    if same_type:
        rivals = sum(type_ in other.types for other in groups)
        found.append("only one of the type" if rivals == 1 else "one of several of the type")
        nearest = next(other for other in reversed(groups) if type_ in other.types)
        if nearest is group and rivals > 1:
            found.append("latest of the type")
    if group is groups[0]:
        found.append("first of all")
    if (scene.plural and not scene.verb) != (last.plural and not last.verb) and not scene.verb and not last.verb:
        found.append("number differs" + (", same word" if same_noun or same_stem else ""))
    return found


def _overlap(one: set[str], other: set[str]) -> str:
    return "none" if one.isdisjoint(other) else "all" if one <= other or other <= one else "some"


def _share(count: int, size: int) -> str:
    return (
        "of all" if count == size else "of most" if 2 * count >= size else "of some" if 4 * count >= size else "of few"
    )


def _beside(group: Group, scene: Scene, manner: str) -> list[str]:
    """Say whether those right beside a mention are those right beside the mentions of `group`."""
    found = []
    for kind in ("person/", "country/"):
        one = {id_ for _, id_ in scene.near if id_.startswith(kind)}
        other = {id_ for id_ in group.close if id_.startswith(kind)}
        if one and other:
            found += [
                f"close {kind} {_overlap(one, other)}, {scene.span.label_}",
                f"close {kind} {_overlap(one, other)}",
            ]
            if one.isdisjoint(other):
                found.append(f"close {kind} none, {manner}")
    return found


def manner_of(scene: Scene) -> str:
    """Say how a mention stands: as a verb, or as a noun that takes up what is known, or brings something new."""
    if scene.verb:
        return "verb"
    if scene.span.id_ == "named":
        return "name"
    if scene.before in POINTING and not any(token.lower_ in _NEW for token in scene.span):
        return "the"
    if scene.before in _OWNED:
        return "owned"
    return "a" if scene.before in _FRESH or any(token.lower_ in _NEW for token in scene.span) else "bare"


def _distance(sentences: int) -> str:
    return "same" if sentences == 0 else "next" if sentences == 1 else "close" if sentences <= 4 else "far"


def _names_agree(one: Scene, other: Scene) -> bool:
    """Tell whether two names can name one event: one says no more than the other, perhaps with another head noun."""
    words, others = one.words, other.words
    if words <= others or others <= words:
        return True
    words, others = words - _heads_and_links(), others - _heads_and_links()
    return family(one.noun) == family(other.noun) and bool(words and others) and (words <= others or others <= words)


@cache
def _heads_and_links() -> frozenset[str]:
    return frozenset(row["head"] for row in table("event_heads")) | _LINKS


@cache
def family(noun: str) -> str:
    """Return the noun that stands for all that can tell of the same event as `noun`.

    >>> family("wars"), family("crisis"), family("fire")
    ('war', 'war', 'fire')
    """
    singular = noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
    for row in table("event_nouns"):
        if row["noun"] in (noun, singular) and row["like"]:
            return row["like"]
    return singular


@cache
def _resumed_by(noun: str) -> frozenset[str]:
    return frozenset(" ".join(row["resumes"] or "" for row in table("event_nouns") if row["noun"] == noun).split())


def stem(word: str) -> str:
    """Return what the forms of a word and of the noun made of it have in common, roughly.

    >>> stem("arrested"), stem("arrests"), stem("elections"), stem("elected"), stem("signing")
    ('arrest', 'arrest', 'elect', 'elect', 'sign')
    """
    short = _SUFFIX.sub("", word)
    return (short if len(short) > 2 else word)[:6]


@cache
def pair_weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in table("event_pair_weights")}
