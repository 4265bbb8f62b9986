"""From an event to a label that people can read: "Lavrov–Rubio phone call", "Ding Xuexiang's visit to the Netherlands".

A named event goes by its name. A reported one is called by who does it, what it is, to whom, and where or when.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.event_groups import Group
from kg.event_roles import PARTICIPANT, SOURCE, TARGET, acts
from kg.gazetteers import words
from kg.model import Entity, Kind
from kg.recognition.event_rules import readings
from kg.recognition.named_events import usual_name
from kg.recognition.texts import text_of
from kg.scenes import Scene

# Of these types two who take part are joined by a dash.
_MUTUAL = frozenset({"meeting", "talks", "call", "agreement", "conference", "sport", "election"})
_MUTUAL_NOUNS = frozenset({"war", "conflict", "clash", "dispute", "fighting", "partnership", "venture", "trade", "row"})
# What has one author, although it is of a type of which two take part.
_ONE_SIDED = frozenset({"proposal", "offer", "plan", "endorsement", "decision", "apology", "letter"})
# What ties the place of an event to it.
_LOCAL = frozenset({"left in", "right in", "left at", "right at"})
# Of these types, whoever is named beside them suffers it: "arrest of", not "'s arrest".
_SUFFERED = frozenset({"justice", "personnel", "conflict"})
_DONE = frozenset({"resignation", "appeal", "lawsuit", "victory", "appointment", "re-election", "retirement", "death"})
# What leads to whom it is done, by type, and by noun.
_TOWARDS = {
    "visit": "to",
    "sanction": "against",
    "protest": "against",
    "talks": "with",
    "call": "to",
    "meeting": "with",
}
_TOWARDS_NOUN = {
    **dict.fromkeys(("attack", "strike", "assault", "raid", "airstrike", "aggression", "crackdown"), "on"),
    **dict.fromkeys(("war", "threat", "lawsuit", "charges", "case"), "against"),
    **dict.fromkeys(("donation", "letter", "gift", "grant", "aid", "loan"), "to"),
    **dict.fromkeys(("investment", "project"), "in"),
}
# What an event is called of which the text gives but a verb that no table knows.
_NOUN_OF_TYPE = {
    **{
        type_: type_
        for type_ in ("meeting", "call", "visit", "talks", "agreement", "conference", "conflict", "protest")
    },
    **{"election": "election", "sanction": "sanctions", "disaster": "disaster", "justice": "case", "sport": "match"},
}
# The same for the other types, if no noun can be made of the verb either.
_NOUN_OF_VAGUE_TYPE = {"culture": "event", "personnel": "change", "business": "deal", "campaign": "campaign"}
# Of these types what they are aimed at says most.
_AIMED = frozenset({"campaign", "protest"})
_AGAINST = re.compile(
    r"\s(against\s(?:(?!(?:in|on|at|of|from|by|with|that|which|who|to|as|and|after|for|originating|is|was|has)\b)"
    r"[\w’'-]+(?:\s|(?=[,.;:!?\n]|\Z))){1,5})"
)
# Where that stands after which an event is called.
_CALLED = frozenset({"modifier of a noun", "inside of a noun"})
# Where those stand who act together.
_PLACES_OF_SOURCES = frozenset({"left of a verb", "owner", "pronoun"})
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_TAKES_ARTICLE = re.compile(
    r"(?:Netherlands|United|Philippines|Maldives|Bahamas|Gambia|US|U\.S\.?|UK|U\.K\.?|UAE|EU|DRC|Democratic|Dominican|"
    r"Czech|Central African|Middle East|West Bank|Vatican|Congo|Solomon|Marshall|Hague)\b"
)


class Name(NamedTuple):
    """What a participant is called in a label: alone, and joined with others."""

    full: str
    short: str
    forms: frozenset[str]
    nation: str | None = None


def names_of(entities: list[Entity], nations: Mapping[str, str] | None = None) -> dict[str, Name]:
    """Return by id what each of `entities` is called, and of which of `nations`.

    Short is the single word that a person goes by most often.
    """
    names = {}
    for entity in entities:
        single = Counter(m.text for m in entity.mentions if " " not in m.text)
        short = min(single, key=lambda word: (-single[word], word)) if single else entity.label.split()[-1]
        forms = frozenset(mention.text for mention in entity.mentions)
        short = short if entity.kind is Kind.PERSON else entity.label
        names[entity.id] = Name(entity.label, short, forms, (nations or {}).get(entity.id))
    return names


def full_name(scenes: Sequence[Scene]) -> str | None:
    """Return the usual name of a well-known event, else the fullest form of the name used most, or None."""
    names = [scene for scene in scenes if scene.span.id_ == "named"]
    if not names:
        return None
    usual = (usual_name([token.text for token in scene.span]) for scene in names)
    if well_known := next(filter(None, usual), None):
        return well_known
    counts = Counter(" ".join(scene.span.text.split()) for scene in names)
    size = {" ".join(scene.span.text.split()): scene.words for scene in names}
    most = max(counts, key=lambda name: (counts[name], len(name), name))
    fullest = max((name for name in counts if size[name] >= size[most]), key=lambda name: (len(name), name))
    return next((_with_event(s) for s in names if " ".join(s.span.text.split()) == fullest), fullest)


def _with_event(scene: Scene) -> str:
    """Return the name at `scene`, of an anniversary with the name of the event that it is of, if it stands next."""
    span, doc = scene.span, scene.span.doc
    name = " ".join(span.text.split())
    if scene.noun != "anniversary":
        return name
    for other in doc.spans["events"]:
        between = doc[span.end : other.start].text if span.end < other.start < span.end + 4 else ""
        if other.id_ == "named" and between in ("of", "of the"):
            return f"{name} {between} {' '.join(other.text.split())}"
    return name


def label_of(group: Group, roles: list[tuple[str, str]], names: dict[str, Name]) -> str:
    """Return what the event is called that `group` tells of, whose participants have these `roles`."""
    label = " ".join((full_name(group.scenes) or _reported(group, roles, names)).split())
    return label[:1].upper() + label[1:]


def _reported(group: Group, roles: list[tuple[str, str]], names: dict[str, Name]) -> str:
    scenes, type_ = group.scenes, group.type
    noun = _noun(group)
    place = next((scene.place for scene in scenes if scene.place), None)
    when = next((scene.when for scene in scenes if scene.when), None)
    ranked = _ranked(scenes, [id_ for id_, _ in roles])
    role_of = dict(roles)
    mutual = type_ in _MUTUAL or (type_ == "conflict" and noun not in _TOWARDS_NOUN)
    if (mutual and noun not in _ONE_SIDED) or noun in _MUTUAL_NOUNS:
        pair = _pair(ranked, scenes, type_)
        if len(pair) == 2:
            return "–".join(names[id_].short for id_ in pair) + f" {noun}"
        if called := _called_after(scenes, noun):
            return called
    if type_ == "disaster":  # nobody does it, and of people it is seldom told whom it struck
        ranked = [id_ for id_ in ranked if id_.startswith("country/")]
    sources = (id_ for id_ in ranked if role_of[id_] == SOURCE and acts(id_, scenes))
    source = _first_of_row(next(sources, None), role_of, scenes)
    target = next((id_ for id_ in ranked if role_of[id_] == TARGET and id_ != source), None)
    if target and target.startswith("country/") and type_ not in _TOWARDS and noun not in _TOWARDS_NOUN:
        source, target = source or target, None
    if type_ == "visit" and source and (nation := names[source].nation):
        if target == nation:
            target = None
        if not target and not place:  # abroad, then
            target = next((id_ for id_ in ranked if id_.startswith("country/") and id_ != nation), None)
    if source is None and (alone := next((id_ for id_ in ranked if role_of[id_] == PARTICIPANT), None)):
        if type_ in _SUFFERED and noun not in _DONE and alone.startswith("person/"):
            target = target or alone
        elif alone.startswith("person/") or not place:
            source = alone
    if source and source.startswith("person/"):
        noun = _deed(source, noun, scenes)
    return _phrase(type_, noun, source, target, names, place, when, scenes)


def _called_after(scenes: Sequence[Scene], noun: str) -> str | None:
    """Return a mention by `noun` with the country before it that it is called after: "Ukraine peace talks"."""
    for scene in scenes:
        span = scene.span
        called = [start for start, id_ in scene.near if not _CALLED.isdisjoint(scene.ties.get(id_, ()))]
        if called and min(called) <= span.start_char and _singular(scene.head) == noun:
            return text_of(span.doc)[min(called) : span.end_char]
    return None


def _first_of_row(source: str | None, role_of: dict[str, str], scenes: Sequence[Scene]) -> str | None:
    """Return who is named first of the people who act together with `source`: "Rubio and Waltz will travel"."""
    for scene in scenes:
        if source and source.startswith("person/") and source in scene.ties:
            place = scene.ties[source] & _PLACES_OF_SOURCES
            beside = [i for _, i in sorted(scene.near) if i.startswith("person/") and role_of.get(i) == SOURCE]
            along = [i for i in scene.ties if role_of.get(i) == SOURCE and i.startswith("person/") and i not in beside]
            row = [i for i in (*along, *beside) if place and place <= scene.ties[i]]
            return row[0] if row else source
    return source


def _phrase(
    type_: str,
    noun: str,
    source: str | None,
    target: str | None,
    names: dict[str, Name],
    place: str | None,
    when: str | None,
    scenes: Sequence[Scene],
) -> str:
    """Join the parts of a label: whose, what, towards whom, and where or when if nothing else tells it apart."""
    known = {form for id_ in (source, target) if id_ for form in names[id_].forms}
    if type_ in _AIMED and not (target and target.startswith("person/")) and (aim := _aim(scenes)):
        return f"{noun} {aim}"
    parts = [noun]
    acts = type_ in ("visit", "sanction", "business") or noun in _ONE_SIDED
    if source and source.startswith("country/") and not target and not acts:
        if about := _topic(scenes, known):
            return f"{noun} on {_with_article(about)}"
        parts += ["in", _with_article(place if place and place not in known else names[source].full)]
        return " ".join(parts)
    if source:
        parts.insert(0, _possessive(names[source].full))
    if type_ == "visit" and place and place not in known:
        parts += ["to", _with_article(place)]
    elif target and (leads := _TOWARDS_NOUN.get(noun) or _TOWARDS.get(type_) or ("of" if type_ in _SUFFERED else "")):
        parts += [leads, _with_article(names[target].full)]
    elif place and place not in known:
        parts += ["in", _with_article(place)]
    if type_ == "visit" and when and _YEAR.search(when) and scenes[0].modality == "historical":
        parts.append(f"({when})")
    if parts == [noun]:
        parts = [_told(scenes[0]) if not scenes[0].verb else noun]
        parts += [f"({when})"] if when else []
    return " ".join(parts)


def _told(scene: Scene) -> str:
    """Return a mention with the body right before it and what it is on: "UN Security Council briefing on Ukraine"."""
    span, doc = scene.span, scene.span.doc
    start = next((ent.start for ent in doc.ents if ent.end == span.start and ent.label_ == "ORG"), span.start)
    names = (*doc.ents, *doc.spans.get("countries", ()))
    ends = [n.end for n in names if 0 < n.start - span.end <= 2 and doc[span.end : n.start].text in ("on", "on the")]
    return str(doc[start : max([span.end, *ends])].text)


def _deed(source: str, noun: str, scenes: Sequence[Scene]) -> str:
    """Return the noun for what `source` does, by a verb, if `noun` is always said nearer to another event."""
    told = [s.ties.get(source, frozenset()) for s in scenes if not s.verb and _singular(s.head) == noun]
    if told and all("closer to another event" in ties for ties in told):
        deeds = (s for s in scenes if s.verb and "left of a verb" in s.ties.get(source, ()))
        nouns = (r.noun for deed in deeds for r in readings().get(deed.head, ()) if r.part == "verb")
        return next(nouns, noun)
    return noun


def _topic(scenes: Sequence[Scene], forms: set[str]) -> str | None:
    """Return that of `forms` of which a mention says right after "on" that it is about it."""
    for scene in scenes:
        after = text_of(scene.span.doc)[scene.span.end_char : scene.span.end_char + 60]
        for form in sorted(forms, key=len, reverse=True):
            if re.match(rf"\son\s(?:the\s)?{re.escape(form)}\b", after):
                return form
    return None


def _aim(scenes: Sequence[Scene]) -> str | None:
    """Return what a mention says after "against" that it is aimed at: "against cross-border telecom fraud"."""
    for scene in scenes:
        text = text_of(scene.span.doc)
        if not scene.verb and (found := _AGAINST.match(text, scene.span.end_char, scene.span.end_char + 80)):
            return " ".join(found[1].split())
    return None


def _noun(group: Group) -> str:
    """Return the noun by which most of the mentions of the group's type call it; "" if only unknown verbs do."""
    votes: dict[str, float] = defaultdict(float)
    for scene in group.scenes:
        if scene.noun and scene.span.label_ == group.type and not _is_past(scene):
            votes[_singular(scene.noun if scene.verb else scene.head)] += scene.probability * (1 if scene.verb else 1.5)
    if not votes:
        return _NOUN_OF_TYPE.get(group.type) or _noun_of_verb(group)
    noun = max(votes, key=lambda word: votes[word])
    told = [scene for scene in group.scenes if not scene.verb and _singular(scene.head) == noun]
    if group.type == "disaster" and 2 * sum(scene.plural for scene in told) > len(told):
        return f"{noun}s"
    if group.type == "call" and any("phone" in scene.span.text.lower() for scene in group.scenes):
        return "phone call"
    return noun


def _is_past(scene: Scene) -> bool:
    """Tell whether a mention that is taken for a noun is a past tense that no table knows: "sent"."""
    irregular = scene.head in words("irregular_pasts")
    return not scene.verb and (irregular or scene.head.endswith("ed")) and scene.head not in readings()


def _noun_of_verb(group: Group) -> str:
    """Return the noun for what the verbs of a group say, where they have one: "filing" for "filed"."""
    for scene in group.scenes:
        if made := gerund(scene.head):
            return made
    return _NOUN_OF_VAGUE_TYPE.get(group.type, "event")


def gerund(verb: str) -> str:
    """Return the noun in -ing of a regular past tense; "" of another form.

    >>> gerund("filed"), gerund("tried"), gerund("met")
    ('filing', 'trying', '')
    """
    if verb.endswith("ing") and len(verb) > 5:
        return verb
    if not verb.endswith("ed") or len(verb) < 5 or verb.endswith("eed"):
        return ""
    return f"{verb[:-3]}ying" if verb.endswith("ied") else f"{verb[:-2]}ing"


def _singular(noun: str) -> str:
    plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is", "news"))
    kept = {
        "talks",
        "sanctions",
        "charges",
        "tariffs",
        "games",
        "consultations",
        "discussions",
        "negotiations",
        "olympics",
    }
    return noun[:-1] if plural and noun not in kept and len(noun) > 4 else noun


def _ranked(scenes: Sequence[Scene], ids: list[str]) -> list[str]:
    """Return those of `ids` with the closest to a mention first: of the earliest mention that has anybody close."""
    close = [id_ for scene in scenes for _, id_ in scene.near if id_ in ids]
    return list(dict.fromkeys([*close, *ids]))


def _pair(ranked: list[str], scenes: Sequence[Scene], type_: str) -> list[str]:
    """Return the two who are joined in a label, people rather than countries, as the text names them first.

    People who always stand by another event give way to countries, but for a call: countries do not phone.
    """
    people = [id_ for id_ in ranked if id_.startswith("person/")]
    countries = [id_ for id_ in ranked if id_.startswith("country/") and not _is_of_other_speech(id_, scenes)]
    countries.sort(key=lambda id_: _aside(id_, scenes))
    if type_ != "call" and len(countries) > 1 and all(_aside(id_, scenes) for id_ in people):
        people = []
    pair = people[:2] if len(people) > 1 else countries[:2]
    first = {id_: start for scene in reversed(scenes) for start, id_ in reversed(scene.near)}
    order = next((scene.who for scene in scenes if set(pair) <= set(scene.who)), ())
    return sorted(pair, key=lambda id_: order.index(id_) if id_ in order else first.get(id_, 0))


def _is_of_other_speech(id_: str, scenes: Sequence[Scene]) -> bool:
    """Tell whether words of saying always part what has this id from an event."""
    tied = [scene.ties[id_] for scene in scenes if id_ in scene.ties]
    return bool(tied) and all("speech between" in ties for ties in tied)


def _aside(id_: str, scenes: Sequence[Scene]) -> int:
    """Return 2 if what has this id is the place of an event, 1 if it always stands by another event, else 0."""
    tied = [scene.ties[id_] for scene in scenes if id_ in scene.ties]
    if any(not _LOCAL.isdisjoint(ties) for ties in tied):
        return 2
    return int(bool(tied) and all("closer to another event" in ties for ties in tied))


def _possessive(name: str) -> str:
    """Return the form of a name before what is its own.

    >>> _possessive("Ding Xuexiang"), _possessive("United States")
    ("Ding Xuexiang's", "United States'")
    """
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _with_article(place: str) -> str:
    """Return `place` as it stands after "in": "the Netherlands".

    >>> _with_article("Netherlands"), _with_article("Munich")
    ('the Netherlands', 'Munich')
    """
    return f"the {place}" if _TAKES_ARTICLE.match(place) else place
