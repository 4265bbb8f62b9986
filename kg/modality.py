"""From a mention of an event to its modality: it happened, is planned, might be, was not, should be or was long ago.

Cues are words of the sentence (`gazetteers/modality_cues.tsv`). A cue counts if nothing ends its clause before the
mention and if it can govern what the mention is: "will" a verb that is no finite past, or a noun that comes about by
such a verb ("will hold talks", not "will discuss the talks"). Without a cue the date of the event decides.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from kg.dates import Dates, resolve
from kg.gazetteers import table, words
from kg.times import is_phrase, time_of

MODALITIES = ("happened", "planned", "hypothetical", "denied", "demanded", "historical")

# How long ago is history. Where the latest year of the text stands in for the article's date, that may be a year off.
_YEAR, _TWO_YEARS = timedelta(days=365), timedelta(days=2 * 365)
# How much of a sentence is read on either side of a mention, and for its form, in characters.
_SIGHT, _NEAR = 300, 60

# The auxiliaries of a verb, which stand right before it but for adverbs.
_ADVERB = r"(?:\w+ly|not|never|also|now|then|soon|still|yet|just|already|since|again|once|first|both|all|even|ever)"
_CHAINED = (
    r"(?:\b(?:to|will|would|could|can|may|might|must|should|shall|do|does|did|is|are|was|were|am|be|been|being|has|have"
    rf"|had|having|get|got|cannot|let|{_ADVERB}|\w+n't)|'(?:ll|ve|d|s|re|m))"
)
_CHAIN = re.compile(rf"(?:{_CHAINED}\s)+\Z")
# Most words that stand before a mention end no such chain.
_LINK = re.compile(rf"{_CHAINED}\Z")
_NONFINITE = re.compile(
    r"\b(?:to|will|would|could|can|may|might|must|should|shall|cannot|let|wo|ca|won't|can't)\b|'ll\b"
    r"|'d (?:\w+ )?(?:be|have)\b|^be\b"
)
_FINITE = re.compile(r"\b(?:is|are|was|were|am|has|have|had|do|does|did|got)(?:\b|n't)|'(?:s|re|ve|m)\b")
_BE = ("is", "are", "was", "were", "be", "been", "has", "have", "had", "'s")
_SUBJECTS = (" he ", " she ", " they ", " we ", " who ", " it ")
_ARTICLE = r"(?:the|an?|his|her|its|their|our|my|this|that|these|those|any|some|no|another|every|each|\w+'s|\w+s')"
_AFTER_ARTICLE = re.compile(rf"\b{_ARTICLE}\s(?:[\w-]+\s){{0,2}}\Z")
_RIGHT_AFTER_ARTICLE = re.compile(rf"\b(?:{_ARTICLE}|of|in)\s\Z")
_OBJECT = re.compile(r"\s(?:the|an?|his|her|its|their|him|them|it)\b")
_BEFORE_OBJECT_OR_PLACE = re.compile(r"\s(?:the|an?|his|her|its|their|any|him|them|it|each|all|in|to|with|[A-Z0-9])")

# What ends a clause. A comma does not where a verb carries it on; what stands between two commas is skipped.
_BREAK = re.compile(
    r"[;:()“”\"\n,]|\s[–-]\s|—|\b(?:but|while|whereas|although|though|because|which|who|whom|whose|where|when|as|since"
    r"|after|before|that|than|so|said|says|until|following)\b"
)
_HARD_BREAK = re.compile(
    r"[;:()“”\n,]|\s[–-]\s|—|\b(?:but|while|whereas|although|though|who|which|because|after|before)\b"
)
_SCENE_BREAK = re.compile(
    r"[;:()“”\"\n]|\b(?:but|while|whereas|although|though|who|which|compar\w+|like|than|worst|since)\b"
)
_ASIDE = re.compile(
    r",\s(?:who|whom|which|whose|where|according|as|after|amid|despite|led|including|like|along|together|an?|the|not|now"
    r"|aged|however|for|in|on|at|by|with|from|perhaps|\d+)\b[^,;:“”\"]*,"
)
_PREDICATE_BREAK = re.compile(
    r"[;:()\"“”,—–]|\b(?:is|are|was|were|has|have|had|will|would|could|may|might|must|should|did|said|says|and|but|who|which"
    r"|that|what|how|when|where|after|as|before|because|ended|began)\b"
)
# Nouns that are known or new to the reader, and what is not brought about by what stands before.
_KNOWN = re.compile(r"\b(?:the|this|that|these|those|his|her|its|their|our|\w+'s|\w+s')\s(?:[\w-]+\s){0,3}\Z")
_NEW = re.compile(r"\b(?:an?|another|any)\s(?:[\w-]+\s){0,2}\Z")
_THERE_IS = re.compile(
    r"\b(?:there (?:is|was|were|are|had been|will be|would be)|of an|an?|another|any)\s(?:[\w-]+\s){0,2}\Z"
)
_CONDITION = re.compile(r"(?:^|[,\s])(?:if|unless|provided|should the|perhaps|maybe|possibly)\s")
_TO = re.compile(r"^(?:should|must|let)\b| (?:to|that)\Z")
_WILL = re.compile(r"will|'?ll\b")
# What is there already if it is to be undone: "hopes to have the sanctions lifted".
_UNDONE = re.compile(r"\s(?:lifted|eased|relaxed|removed|dropped|scrapped|reversed|ended|stopped|halted|cancell?ed)\b")


# What a mention must be, to be governed by some cues; others govern all forms.
_GOVERNED = {
    "verb": ("noun", "nonfinite", "ing"),
    "subject": ("finite", "nonfinite", "ing"),
    "noun": ("noun", "ing"),
    "adjective": ("noun", "ing"),
    "new": ("noun", "ing"),
}


class Cue(NamedTuple):
    """Words of a sentence that say something of an event near them, by a row of the table."""

    start: int
    end: int
    modality: str
    side: str
    governs: str


class _Said(NamedTuple):
    """A sentence in lower case, and where it mentions an event, as noun, finite, nonfinite ("to meet") or ing."""

    text: str
    start: int
    end: int
    form: str = "noun"


def modality(
    text: str,
    mention: tuple[int, int],
    sentence: tuple[int, int],
    *,
    verb: bool | None = None,
    dates: Dates | None = None,
) -> tuple[str, str | None]:
    """Return what `text` says of the event that it mentions in a sentence, and the words that say so.

    `verb` tells whether the mention is a verb, where that is known; `dates` are those of the article, by
    `kg.dates.read_dates`. Without any cue it happened.

    >>> text = "He will not attend talks that could end the war."
    >>> modality(text, (12, 18), (0, len(text))), modality(text, (44, 47), (0, len(text)))
    (('denied', 'will not'), ('happened', None))
    """
    start, end = max(sentence[0], mention[0] - _SIGHT), min(sentence[1], mention[1] + _SIGHT)
    said = _Said(_lower(text[start:end]), mention[0] - start, mention[1] - start)
    said = said._replace(form=_form(said, verb, text[mention[1] : mention[1] + 2]))
    cue = _decisive(said)
    if cue and cue.modality not in ("planned", "historical"):
        return cue.modality, text[start + cue.start : start + cue.end].strip(" ,")
    dated = _by_date(text, mention, (start, end), said.form, dates) if dates else None
    if cue and not (dated and dated[0] == "historical"):
        return _value(cue, said.text), text[start + cue.start : start + cue.end].strip(" ,")
    return dated or ("happened", None)


def _lower(text: str) -> str:
    """Return `text` in lower case at the same length, with plain apostrophes."""
    lower = text.lower().replace("’", "'")
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _value(cue: Cue, said: str) -> str:
    """Return the modality that `cue` gives; what will be on a condition is hypothetical."""
    on_condition = _WILL.match(said, cue.start) and _CONDITION.search(said)
    return "hypothetical" if cue.modality == "planned" and on_condition else cue.modality


def _by_date(
    text: str, mention: tuple[int, int], sentence: tuple[int, int], form: str, dates: Dates
) -> tuple[str, str] | None:
    """Return what the date of the event says, historical or planned, and the words that give that date."""
    span = time_of(text, mention, sentence, finite=form == "finite")
    days = resolve(text[slice(*span)], dates.published) if span else None
    if not (span and days and dates.now):
        return None
    if date.fromisoformat(days.end) < dates.now - (_YEAR if dates.published else _TWO_YEARS):
        return "historical", text[slice(*span)]
    ahead = dates.published and date.fromisoformat(days.start) > dates.published
    is_past = form == "finite" and _is_past(text[slice(*mention)].split()[0].lower())
    return ("planned", text[slice(*span)]) if ahead and not is_past else None


# As what a mention stands there.


def _form(said: _Said, verb: bool | None, follows: str) -> str:
    """Return the form of a mention; unless `verb` says so it is guessed whether it is a verb."""
    near = said.text[max(0, said.start - _NEAR) : said.start]
    first = said.text[said.start : said.end].split()[0]
    *_, last = near.split() or [""]
    chain = _CHAIN.search(near) if _LINK.search(last) else None
    if verb is False or (verb is None and not _is_verb(said, near, chain, follows)):
        return "noun"
    if chain and _NONFINITE.search(chain.group()):
        return "nonfinite"
    if chain and _FINITE.search(chain.group()):
        return "finite"
    if first.endswith("ing"):
        return "ing"
    return "finite" if _is_past(first) or first.endswith("s") else "nonfinite"


def _is_verb(said: _Said, near: str, chain: re.Match[str] | None, follows: str) -> bool:
    """Guess from what stands around it whether a mention is a verb."""
    first, *rest = said.text[said.start : said.end].split()
    if rest and not (rest[0] in words("particles") or rest[0] in words("function_words")):
        return False
    if first.endswith("ing"):
        is_object = _BEFORE_OBJECT_OR_PLACE.match(said.text, said.end) or follows[1:].isupper() or rest
        return not _AFTER_ARTICLE.search(near) and bool(chain or is_object)
    if _is_past(first) and not _RIGHT_AFTER_ARTICLE.search(near):
        return True
    if chain:
        is_plural = first.endswith("s") and not first.endswith("ss")
        return not is_plural and not chain.group().rstrip().endswith(_BE)
    if near.endswith(_SUBJECTS):
        return True
    return bool(_OBJECT.match(said.text, said.end)) and not _RIGHT_AFTER_ARTICLE.search(near)


def _is_past(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 4) or word in words("irregular_pasts")


# The cues of a sentence, and which of them reach the mention.


def _decisive(said: _Said) -> Cue | None:
    """Return the cue that decides: a denial of the whole, else the nearest before the mention, else the first after."""
    cues = [cue for cue in _cues(said.text, said.form) if _reaches(cue, said)]
    denials = [cue for cue in cues if cue.modality == "denied" and (cue.governs == "clause" or cue.side == "after")]
    before = [cue for cue in reversed(cues) if cue.side == "before"]
    return next(iter([*denials, *before, *cues]), None)


@lru_cache(maxsize=256)
def _cues(said: str, form: str) -> tuple[Cue, ...]:
    """Return the cues of a sentence in lower case that can govern a mention of this form, in order of their ends."""
    plain = said.replace("'ll", " ll").replace("'d ", " d ")
    found = [
        Cue(match.start(), match.end(), *rows[(match.lastindex or 1) - 1])
        for pattern, rows in _patterns(form)
        for match in pattern.finditer(plain)
    ]
    return tuple(sorted(found, key=lambda cue: (cue.end, -cue.start)))


@cache
def _patterns(form: str) -> list[tuple[re.Pattern[str], list[tuple[str, str, str]]]]:
    """Return for each side and what is governed a pattern of all cues for that form, a group a row, and the rows."""
    kinds: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in table("modality_cues"):
        if form in _GOVERNED.get(row["governs"], form):
            kinds.setdefault((row["side"], row["governs"]), []).append(row)
    return [
        (
            re.compile(rf"\b(?=\w)(?:{'|'.join(map(_group, rows))})"),
            [(row["modality"], row["side"], row["governs"]) for row in rows],
        )
        for rows in kinds.values()
    ]


def _group(row: dict[str, str]) -> str:
    """Return the pattern of one row, with an empty group at its end that tells it; at its beginning it would cost."""
    cue = re.sub(r"\{([a-z]+)\}", lambda found: _any_of(found[1]), row["cue"])
    unless = rf"(?!\s(?:{row['unless']})\b)" if row["unless"] else ""
    return rf"(?:{_uncaptured(cue)})(?!\w){_uncaptured(unless)}()"


def _any_of(*names: str) -> str:
    """Return the words of the lists of those names as one group of alternatives."""
    return f"(?:{'|'.join(_uncaptured(row['words']) for row in table('modality_words') if row['name'] in names)})"


def _uncaptured(pattern: str) -> str:
    return re.sub(r"[(](?![?])", "(?:", pattern)


@cache
def _verb_of(*names: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:and |or )?\b{_any_of(*names)}\b")


@cache
def _comes_about() -> re.Pattern[str]:
    return re.compile(rf"(?:\s\w+){{0,2}}?\s{_any_of('occur')}\b")


def _reaches(cue: Cue, said: _Said) -> bool:
    """Tell whether `cue` says something of the mention."""
    if cue.side == "after":
        return cue.start >= said.end and _AFTER[cue.governs](said.text[said.end : cue.start], cue, said)
    if cue.end <= said.start and cue.governs in _BEFORE:
        return _BEFORE[cue.governs](said.text[cue.end : said.start], cue, said)
    if cue.governs == "name":
        return cue.start < said.end
    return cue.governs == "adjective" and said.form == "noun" and said.start <= cue.start and cue.end < said.end


def _verb_reaches(between: str, cue: Cue, said: _Said) -> bool:
    if not _is_one_clause(between, said):
        return False
    if cue.modality == "demanded" and not (" to " in between or _TO.search(said.text[cue.start : cue.end])):
        return False
    if said.form == "noun":
        return not _UNDONE.match(said.text, said.end) and _brings_about(between, denied=cue.modality == "denied")
    return said.form == "nonfinite" or len(between.split()) < 2


def _not_reaches(between: str, cue: Cue, said: _Said) -> bool:
    if said.form == "noun":
        return _is_one_clause(between, said) and _brings_about(between, denied=True)
    return _AUXILIARIES.fullmatch(between) is not None


_AUXILIARIES = re.compile(rf"\s(?:(?:{_ADVERB}|be|been|being|have)\s){{0,2}}")


def _subject_reaches(between: str, cue: Cue, said: _Said) -> bool:
    return len(between.split()) <= 3 and not _BREAK.search(between)


def _noun_reaches(between: str, cue: Cue, said: _Said) -> bool:
    return is_phrase(between, 5 if said.form == "noun" else 1)


def _clause_reaches(between: str, cue: Cue, said: _Said) -> bool:
    if len(between) > 120 or _HARD_BREAK.search(_ASIDE.sub(" ", between)):
        return False
    return said.form != "noun" or bool(_THERE_IS.search(between) or _comes_about().match(said.text, said.end))


def _time_reaches(between: str, cue: Cue, said: _Said) -> bool:
    return len(between) < 120 and not _SCENE_BREAK.search(between)


def _is_predicate(between: str, cue: Cue, said: _Said) -> bool:
    return len(between) < 80 and not _PREDICATE_BREAK.search(between.rstrip(" ,"))


def _is_predicate_of_new(between: str, cue: Cue, said: _Said) -> bool:
    return bool(_NEW.search(said.text, max(0, said.start - _NEAR), said.start)) and _is_predicate(between, cue, said)


_Reach = Callable[[str, Cue, _Said], bool]
_BEFORE: dict[str, _Reach] = {
    "verb": _verb_reaches,
    "not": _not_reaches,
    "subject": _subject_reaches,
    "noun": _noun_reaches,
    "adjective": _noun_reaches,
    "clause": _clause_reaches,
    "time": _time_reaches,
}
_AFTER: dict[str, _Reach] = {"noun": _is_predicate, "new": _is_predicate_of_new, "time": _time_reaches}


def _is_one_clause(between: str, said: _Said) -> bool:
    """Tell whether nothing in `between` ends the clause; "and meet" carries on, an aside between commas is skipped."""
    plain = _ASIDE.sub(" ", between)
    return all(found.group() == "," and _carries_on(plain[found.end() :], said) for found in _BREAK.finditer(plain))


def _carries_on(rest: str, said: _Said) -> bool:
    """Tell whether what follows a comma is one more verb of the same clause: "fly to Rome, meet the pope and pray"."""
    if said.form == "nonfinite" and (not rest.strip() or rest.endswith((" and ", " or ", ", "))):
        return True
    return _verb_of("hold", "attend").match(rest) is not None


def _brings_about(between: str, *, denied: bool) -> bool:
    """Tell whether a verb in `between` has the noun that follows come about, or leads to it.

    What is known already is only denied or planned by a verb of its own: "will attend the talks".
    """
    known = _KNOWN.search(between)
    if denied and known:
        return False
    if any(is_phrase(between[verb.end() :]) for verb in _verb_of("hold").finditer(between)):
        return True
    if denied or _verb_of("topic").search(between):
        return False
    return bool(_verb_of("attend").search(between)) or (not known and 0 < len(between.split()) < 8)
