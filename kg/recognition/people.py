"""From a document to the persons it names: PERSON spans among its entities, without titles.

Runs of capitalised words are candidates. What our lists know of their words ("Sergey" is a given name) and what stands
around them anywhere in the article (a title before, "said" after, a role in apposition) is added up by weights;
candidates above zero are persons. A candidate of one word also profits from a full name that ends or begins with it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kg.gazetteers import words
from kg.recognition.person_features import SYLLABLES, Features, against, context, is_chinese, odds, score, shape
from kg.recognition.word_classes import Letters, fold, folded, letters, seen

# One word of a name: "Lavrov", "Al-Assad", "van der Bellen", "Jean-Claude", "Chih-chien".
_WORD = r"(?:(?:[Pp]-?){0,3}N(?:-[NPn]){0,3})"
_NAME = re.compile(rf"I{{0,3}}{_WORD}(?:I{{1,2}}(?={_WORD})|{_WORD}|q[NBHTL]{{1,2}}q(?=N)){{0,5}}R?")

# Titles that are as often surnames: after another word of a name, and with no name after them, they are part of it.
_SURNAME_TITLES = frozenset(
    (
        *("abbot", "baron", "begum", "bishop", "boss", "canon", "cardinal", "constable", "count", "deacon", "dean"),
        *("driver", "duke", "earl", "elder", "host", "imam", "judge", "justice", "khan", "king", "knight", "major"),
        *("marshal", "master", "model", "monk", "nun", "oba", "page", "pandit", "pope", "priest", "prince", "raja"),
        *("rani", "sen", "shaikh", "sheikh", "singer", "star", "sultan", "tun"),
    )
)


class Candidate(NamedTuple):
    """A run of words that may name a person: the letters from `left` up to `right`, and its words without case."""

    left: int
    right: int
    words: tuple[str, ...]


@Language.component("kg_people")
def make_people(doc: Doc) -> Doc:
    """Add a PERSON entity for each mention of a person in `doc`; entities that are there already are kept."""
    text, by_name = _by_name(doc)
    found = [candidate for name in persons(text, by_name) for candidate in by_name[name]]
    found += _echoes(text, found)
    found += [_candidate(text, c.right + 1, c.right + 2) for c in found if _is_rendered(text, c.right + 1)]
    spans = [Span(doc, *text.span(c.left, c.right), label="PERSON") for c in found]
    doc.ents = (*doc.ents, *filter_spans(spans))
    return doc


def _by_name(doc: Doc) -> tuple[Letters, dict[tuple[str, ...], list[Candidate]]]:
    """Return the letters of `doc` and the candidates in them by name."""
    text = _settled(_masked(letters(doc), doc))
    by_name: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for candidate in candidates(text):
        by_name[candidate.words].append(candidate)
    return text, by_name


def weighed_names(doc: Doc) -> Iterator[tuple[int, int, float, list[str]]]:
    """Yield the candidates of `doc`: start and end in tokens, how much speaks for a person, and what most against."""
    text, by_name = _by_name(doc)
    for name, (value, features) in weighed(text, by_name).items():
        for candidate in by_name[name]:
            yield *text.span(candidate.left, candidate.right), value, against(features, _kind(name))


def _kind(name: tuple[str, ...]) -> str:
    return "full" if len(name) > 1 else "single"


def _is_rendered(text: Letters, i: int) -> bool:
    return text.string[i : i + 1] != "E" and is_chinese(text, i)


def _masked(text: Letters, doc: Doc) -> Letters:
    """Return `text` with the letters of the entities that are there already replaced by E."""
    taken = {i for entity in doc.ents for i in range(entity.start, entity.end)}
    string = ("E" if i in taken and letter != "|" else letter for letter, i in zip(text.string, text.at, strict=True))
    return text._replace(string="".join(string))


def _settled(text: Letters) -> Letters:
    """Return `text` with the letters that only neighbours can decide."""
    for rule in (_surnames, _given_names, _parts, _syllables):
        string = list(text.string)
        for start, new in rule(text):
            string[start : start + len(new)] = new
        text = text._replace(string="".join(string))
    return text


def _surnames(text: Letters) -> Iterator[tuple[int, str]]:
    """Yield the titles, countries and ordinary words that are surnames: "Stephen King", "Tom Holland", "Elon Musk"."""
    pairs = Counter((text.text(m.start()), text.text(m.end())) for m in re.finditer("N(?=B)", text.string))
    for match in re.finditer(r"(?<=N)[BTGHL](?![A-QS-Z-])", text.string):
        i = match.start()
        before, word = text.folded(i - 1), text.folded(i)
        clear = before not in words("common_words") or text.string[i - 2] == "T" or odds(before) > 0
        given = clear and before in folded("given_names")
        repeated = pairs[text.text(i - 1), text.text(i)] > 1
        if word in _SURNAME_TITLES if match.group() == "T" else given and (word in folded("surnames") or repeated):
            yield i, "N"


def _given_names(text: Letters) -> Iterator[tuple[int, str]]:
    """Yield the other words that are names before a name: "Jordan Henderson", "Bill Clinton", "Park Jin"."""
    for match in re.finditer(r"(?<![NH-])[HLTU](?=[NI])|(?<![N-])G(?=N)", text.string):
        i = match.start()
        word, after = text.folded(i), text.folded(i + 1)
        given, initial = word in folded("given_names"), text.string[i + 1] == "I"
        if match.group() == "G":
            person, elsewhere = seen().get(after, (0, 0))
            placed = text.text(i - 1) in ("in", "to", "from", "at", "near")
            is_name = given and not placed and (person > elsewhere or (not elsewhere and after in folded("surnames")))
        elif match.group() == "T":
            is_name = initial and word in _SURNAME_TITLES
        elif match.group() == "H" and given:
            is_name = initial or after in folded("surnames")
        else:
            is_name = not initial and word in folded("family_first_surnames") and bool(SYLLABLES.fullmatch(after))
        if is_name:
            yield i, "N"


def _parts(text: Letters) -> Iterator[tuple[int, str]]:
    """Yield the words that are halves of a name: "Hill-Lewis", "Atta-Mills"."""
    for match in re.finditer(r"[HLBT](?=-N)|(?<=N-)[HLBTU]", text.string):
        word = text.folded(match.start())
        if word in folded("surnames") or word in folded("family_first_surnames"):
            yield match.start(), "N"


def _syllables(text: Letters) -> Iterator[tuple[int, str]]:
    """Yield the syllables of a given name that are ordinary words: "Moon Jae-in", "You Si-kun"."""
    for match in re.finditer(r"[NUBTHL](?:-[lp])+(?!-)", text.string):
        left, right = match.span()
        family = text.string[left - 1] in "NBULH" and fold(text.text(left - 1)) in folded("family_first_surnames")
        given = [text.text(i) for i in range(left + 2, right, 2)]
        known = text.string[left] == "N" and not any(word in words("common_words") for word in given)
        if (family or known) and max(map(len, given)) < 7:
            yield left, "N" + "-n" * len(given)
            if family:
                yield left - 1, "N"


def candidates(text: Letters) -> Iterator[Candidate]:
    """Yield the candidates in reading order, without overlap; "Trump-Putin" is two if both are named elsewhere."""
    runs = [match.span() for match in _NAME.finditer(text.string)]
    alone = {text.text(right - 1) for left, right in runs if text.string[right - 2] != "-"}
    for left, right in runs:
        if text.string[left:right] == "N-N" and text.text(left) in alone and text.text(left + 2) in alone:
            yield _candidate(text, left, left + 1)
            yield _candidate(text, left + 2, right)
        else:
            yield _candidate(text, left, right)


def _candidate(text: Letters, left: int, right: int) -> Candidate:
    parts: list[str] = []
    for i in range(left, right):
        glued = parts and (text.string[i] in "-R'" or text.string[i - 1] == "-")
        if glued and text.string[i] != "R":
            parts[-1] += text.folded(i)
        else:
            parts.append(text.folded(i))
    return Candidate(left, right, tuple(parts))


def persons(text: Letters, by_name: dict[tuple[str, ...], list[Candidate]]) -> list[tuple[str, ...]]:
    """Return the names that are persons, in the order in which the article brings them."""
    return [name for name, (value, _) in weighed(text, by_name).items() if value > 0]


def weighed(
    text: Letters, by_name: dict[tuple[str, ...], list[Candidate]]
) -> dict[tuple[str, ...], tuple[float, Features]]:
    """Return how much speaks for each name being a person's, and the features that do; a person is above 0."""
    features = {name: _features(text, found) for name, found in by_name.items()}
    features |= _with_last_words(features)
    full = {name: score(found, "full") for name, found in features.items() if len(name) > 1}
    accepted = [name for name, value in full.items() if value > 0]
    parts = {
        "ends a full name": {name[-1] for name in accepted},
        "begins a full name": {name[0] for name in accepted},
        "inside a full name": {word for name in accepted for word in name[1:-1]},
        "inside another run": {word for name, value in full.items() if value <= 0 for word in name},
    }

    beside = _beside(text, [candidate for name in accepted for candidate in by_name[name]])

    for name in by_name:
        if len(name) == 1:
            own = {feature: name[0] in known for feature, known in parts.items()}
            own["listed with a person"] = any(c.left in beside or c.right in beside for c in by_name[name])
            features[name] = features[name] | own
    return {name: (full[name] if name in full else score(features[name], "single"), features[name]) for name in by_name}


def _beside(text: Letters, found: list[Candidate]) -> set[int]:
    """Return the letters at which a name joined to one of these by a comma or "and" would begin or end."""
    before = {c.left - 1 for c in found if text.string[c.left - 1] in ",a"}
    before |= {c.left - 2 for c in found if text.string[c.left - 2 : c.left] == ",a"}
    after = {c.right + 1 for c in found if text.string[c.right : c.right + 1] in (",", "a")}
    return before | after | {c.right + 2 for c in found if text.string[c.right : c.right + 2] == ",a"}


def _features(text: Letters, found: list[Candidate]) -> Features:
    first = found[0]
    return context(text, [(c.left, c.right) for c in found]) | shape(first.words, text.string[first.left : first.right])


def _with_last_words(features: dict[tuple[str, ...], Features]) -> dict[tuple[str, ...], Features]:
    """Return the features of the names of several words, which profit from their last word standing alone elsewhere."""
    singles = {name[0] for name in features if len(name) == 1}
    signs = {"title before", "verb after", "role before"}
    spoken = {name[0] for name, found in features.items() if len(name) == 1 and signs & found.keys()}
    return {
        name: found
        | {
            "last word alone elsewhere": name[-1] in singles,
            "last word alone with a title or verb": name[-1] in spoken,
        }
        for name, found in features.items()
        if len(name) > 1
    }


def _echoes(text: Letters, found: list[Candidate]) -> list[Candidate]:
    """Return the places where a surname that is also a title, a head noun or an ordinary word stands alone.

    In an article on Taylor Swift, "Swift" is she; at the start of a sentence only before a verb of speaking or "'s".
    """
    full = [c for c in found if len(c.words) > 1]
    surnames = {text.text(c.right - 1) for c in full}
    surnames |= {text.text(c.left) for c in full if c.words[0] in folded("family_first_surnames")}
    echoes = []
    for match in re.finditer(r"(?<![A-Zh-])[THLB](?![A-Z0-])", text.string):
        i = match.start()
        opens = text.string[i - 1] in "|q" and text.string[i + 1 : i + 2] != "s"
        if text.text(i) in surnames and not (opens and text.text(i + 1) not in words("speech_verbs")):
            echoes.append(_candidate(text, i, i + 1))
    return echoes
