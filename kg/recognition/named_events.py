"""From a document to the events that have a name: EVENT spans among its entities.

The grammar of such names is short: a proper name, a year or an ordinal before a head noun ("Munich Security
Conference", "2001 Italian general election"), a head noun before its name ("Battle of Puebla", "Hurricane Helene"),
an anniversary, or a name everybody knows ("World War II"). Each token becomes one letter, so that the grammar can be
regular expressions over a string in which a position is a token.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kg.gazetteers import table, words
from kg.recognition.texts import sentences_of, words_of

# The letters: what a token is to the grammar; any other token is "x".
#   C capitalised word    W folk ("People" in "People's War")    G body ("Committee")    M month    D weekday
#   Y year    O ordinal or Roman numeral    d number    m modifier in lower case ("general")    e name particle ("de")
#   H head, name    K head, topic or place    L head after a number    B head before its name    A anniversary
#   h, w, v, b heads in lower case: that need a name before them, that take a place after them (v not with "of"), that
#   stand before a name    J "New" and the like, which begin a name but are none
#   S a name by itself ("COP28")    o of    p on, for, against    i in    n between    a and    t the
#   P possessive    - hyphen or dash    ( ) brackets
_SMALL = {
    "of": "o",
    "on": "p",
    "for": "p",
    "against": "p",
    "in": "i",
    "between": "n",
    "and": "a",
    "&": "a",
    "the": "t",
    "'s": "P",
    "’s": "P",
    "'": "P",
    "’": "P",
    "-": "-",
    "–": "-",
    "—": "-",
    "(": "(",
    ")": ")",
    "anniversary": "A",
    "Anniversary": "A",
} | dict.fromkeys(
    ("de", "del", "la", "du", "des", "di", "da", "do", "dos", "der", "van", "von", "al", "el", "e", "y"), "e"
)
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\Z"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.?\Z"
)
_DAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\Z")
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?\Z")
_ORDINAL = re.compile(
    r"\d+(?:st|nd|rd|th)\Z|[IVX]+\Z|(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ss]eventh|[Ee]ighth)\Z"
    r"|(?:[Nn]inth|[Tt]enth|[Ee]leventh|[Tt]welfth|[Ff]ortieth|[Ff]iftieth|[Hh]undredth)\Z"
)
# Conferences that go by an abbreviation and their number.
_SHORT = re.compile(r"(?:COP|CHOGM|MWC|CES|UNCTAD)-?\d{1,4}\Z")
# What comes after one of these belongs to the name, but its head stands before ("Battle of Puebla").
_LINKS = frozenset({"of", "on", "for", "against", "in", "between"})
# The letters of a head noun by the use that the table gives: capitalised, and in lower case.
_LETTERS_OF_USE = {
    "name": "Hx",
    "topic": "Kx",
    "phrase": "Hh",
    "topical": "Kh",
    "place": "Kw",
    "vote": "Kv",
    "number": "Lx",
    "before": "Bb",
}

# The rules, in the order they are tried at a token. Repetitions are bounded, for a text can be a million capitals long.
_NAME = r"(?:[CWGM]|J(?=-?[CWGMHK]))"
_NAMES = rf"{_NAME}(?:-?{_NAME}|[ae]e?e?{_NAME}|(?<=W)P{_NAME}){{0,9}}"
# A name with heads inside it ("National Science and Technology Forum (NSTF) Awards"), numbers and years.
_INNER = r"(?:[CWGMHKLYOJ](?:-|a|ee?|(?<=W)P|\(C\))?){0,12}"
_GRAMMAR = re.compile(
    "|".join(
        (
            rf"(?P<topic>{_INNER}K(?:[op]t?{_NAMES})(?:[op]t?{_NAMES})?)",
            r"(?P<short>S)",
            rf"(?P<head>{_INNER}[HKL](?:{_NAME}?Y)?(?:ot?{_NAMES})?)",
            rf"(?P<edition>Y(?:-?{_NAMES})?(?:m-?){{0,5}}[wv]i(?:t?{_NAMES}))",
            rf"(?P<phrase>(?:[YO]-?m?|Md?){{0,4}}{_NAMES}(?:[YO])?(?:m-?){{0,5}}[hwv](?!-)|(?:MY|Md|Y)(?:m-?){{0,5}}[hwv])",
            rf"(?P<place>[wv]it?{_NAMES}|w(?:[op]t?{_NAMES}|nt?(?>{_NAME}(?:-?{_NAME}){{0,5}})at?{_NAMES}))",
            rf"(?P<before>(?:C(?=B))?[Bb][CWH](?:-?[CWHY]){{0,8}}(?:ot?{_NAMES})?)",
            rf"(?P<anniversary>OA(?:ot?[xmhwv](?:ot?(?>{_NAMES})(?![-PHK])|o[xm]{{1,2}}nt?{_NAMES}at?{_NAMES})?)?)",
        )
    )
)
_BODY_FOLLOWS = re.compile(r"[CW]{0,2}G")
_BARE = re.compile(r"[HK]+\Z|[CWGM]?Y\Z|O+[HK]\Z")


# The tokens of a well-known name, its type, and the name it usually goes by.
_Known = tuple[tuple[str, ...], str, str]


@Language.component("kg_named_events")
def make_named_events(doc: Doc) -> Doc:
    """Add an EVENT entity for each event named in `doc`; entities that are there already are kept."""
    taken = {i for ent in doc.ents for i in range(ent.start, ent.end)}
    found = [span for span in named_events(doc) if not taken.intersection(range(span.start, span.end))]
    if found:
        doc.ents = [*doc.ents, *found]
    return doc


def named_events(doc: Doc) -> list[Span]:
    """List the names of events in `doc` in reading order, without overlap and without a leading article."""
    letters = "".join(map(letter, words_of(doc)))
    spans = [Span(doc, start, end, label="EVENT") for start, end in well_known(doc)]
    for sentence in sentences_of(doc):
        for match in _GRAMMAR.finditer(letters, sentence.start, sentence.end):
            if name := _trim(letters, *match.span(), kind=match.lastgroup or ""):
                spans.append(Span(doc, *name, label="EVENT"))
    return filter_spans(spans)


def well_known(doc: Doc) -> list[tuple[int, int]]:
    """List where the well-known names of events stand in `doc`, but for those that are part of a body's name."""
    texts = words_of(doc)
    found = list(_known(texts))
    if not found:
        return []
    letters = "".join(map(letter, texts))
    return [(start, end) for start, end in found if not _in_body(letters, start, end)]


def usual_name(name: list[str]) -> str | None:
    """Return the usual name of the well-known event that the tokens `name` name, or None if it is not among them.

    >>> usual_name(["WWII"]), usual_name(["Spring", "Festival"]), usual_name(["Eaton", "Fire"])
    ('World War II', 'Spring Festival', None)
    """
    return next((usual for tokens, _, usual in _known_events().get(name[0], ()) if tokens == tuple(name)), None)


def head_of(name: list[str]) -> tuple[str, str]:
    """Return the head noun of the event that the tokens `name` name, in lower case, and the type that it gives.

    A well-known event has the type the table gives it; a name without a head noun is its last word, of type "other".

    >>> head_of("Battle of Puebla".split()), head_of("Taipei mayoral election".split()), head_of(["World", "War", "II"])
    (('battle', 'conflict'), ('election', 'election'), ('war', 'conflict'))
    """
    noun, type_ = _head(name)
    known = (type_ for tokens, type_, _ in _known_events().get(name[0], ()) if tokens == tuple(name))
    return noun, next(known, type_)


def _head(name: list[str]) -> tuple[str, str]:
    lower = [word.lower() for word in name]
    if "anniversary" in lower:
        return "anniversary", "culture"
    heads = _heads()
    found = [(i, word) for i, word in enumerate(lower) if word in heads]
    if not found:
        return lower[-1], "other"
    link = next((i for i, word in enumerate(lower) if word in _LINKS), len(lower))
    head = max((pair for pair in found if pair[0] < link), default=found[-1])[1]
    return head, heads[head][0]


@lru_cache(maxsize=65536)
def letter(text: str) -> str:
    """Return the letter that the token `text` is to the grammar (the table above)."""
    if small := _SMALL.get(text):
        return small
    lower = text.lower()
    if head := _heads().get(lower):
        return _LETTERS_OF_USE[head[1]][text == lower]
    if text[0].isdigit():
        return "Y" if _YEAR.match(text) else "O" if _ORDINAL.match(text) else "d" if text.isdigit() else "x"
    if _ORDINAL.match(text) and (len(text) > 1 or text not in "IVX"):
        return "O"
    if text[0].isupper():
        if text in ("New", "All", "Old"):
            return "J"
        if _SHORT.match(text):
            return "S"
        if _MONTH.match(text):
            return "M"
        if _DAY.match(text):
            return "D"
        if lower in words("not_in_event_names") or lower in words("sentence_openers"):
            return "x"
        return "W" if text in words("event_folk") else "G" if text in words("event_bodies") else "C"
    return "m" if lower in words("event_modifiers") else "x"


def _known(texts: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the well-known names, the longest at each place."""
    known = _known_events()
    for i, text in enumerate(texts):
        if text in known:
            for tokens, _, _ in known[text]:
                if tuple(texts[i : i + len(tokens)]) == tokens:
                    yield i, i + len(tokens)
                    break


def _in_body(letters: str, start: int, end: int) -> bool:
    """Tell whether a name is but part of a body's: "World Cup Organising Committee", "Museum of World War II"."""
    return bool(_BODY_FOLLOWS.match(letters, end)) or letters[max(0, start - 2) : start] == "Go"


def _trim(letters: str, start: int, end: int, *, kind: str) -> tuple[int, int] | None:
    """Return the bounds of the name within a match, or None if it is none: a bare head, a body, a job."""
    if kind in ("head", "topic", "phrase"):
        while end - start > 1 and letters[start] in "-aeP":
            start += 1
    core = letters[start:end]
    if kind in ("head", "topic") and _BARE.match(core):
        return None
    if "L" in core and not re.search("[HKOY]", core):
        return None
    if _in_body(letters, start, end) or (kind in ("head", "phrase") and core[-1] == "G"):
        return None
    return start, end


@cache
def _heads() -> dict[str, tuple[str, str]]:
    return {row["head"]: (row["type"], row["use"]) for row in table("event_heads")}


@cache
def _known_events() -> dict[str, tuple[_Known, ...]]:
    """The well-known names by their first token, the longest first."""
    from spacy.lang.en import English

    tokenize = English().tokenizer
    rows: dict[str, list[_Known]] = {}
    for row in table("events"):
        for name in {row["name"], row["name"].replace("'", "’")}:
            tokens = tuple(token.text for token in tokenize(name))
            rows.setdefault(tokens[0], []).append((tokens, row["type"], row["alias_of"] or row["name"]))
    return {first: tuple(sorted(names, key=lambda n: (-len(n[0]), n))) for first, names in rows.items()}
