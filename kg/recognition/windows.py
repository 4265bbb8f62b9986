"""From a document to the windows that the encoder reads: pieces of words, with the word's case shape and a hint.

The encoder is uncased, so how a word is written comes beside its pieces, as one of a few shapes. A hint says what the
rules took the word for: they know thousands of names that no training text holds. A window holds whole
sentences of one article, as many as fit; paragraphs are set apart by the separator. Words are spaCy's tokens, here and
in training, so a name can never be cut inside one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from spacy.tokens import Doc, Token

from kg.recognition.texts import sentences_of

SHAPES = ("none", "lower", "capital", "upper", "mixed", "letter", "initial", "digits", "alnum", "other", "mark")
NONE, LOWER, CAPITAL, UPPER, MIXED, LETTER, INITIAL, DIGITS, ALNUM, OTHER, MARK = range(len(SHAPES))

# What the rules may take a word for: the first word of a name, then a later one. Without any rules, nothing is known.
HINTS = (
    *("unknown", "nothing"),
    *(f"{part} {kind}" for kind in ("person", "body", "place", "event", "other") for part in ("first", "inside")),
)
_KINDS = {"PERSON": 0, "ORG": 1, "LOC": 2, "FAC": 2, "GPE": 2, "EVENT": 3}
UNKNOWN, NOTHING = 0, 1

MAX_PIECES = 192
# A word of more pieces is no name; its first pieces stand for it. One of more letters is no word: one piece will do.
MAX_PIECES_IN_WORD, MAX_LETTERS = 16, 40
# Known words are looked up; news repeats itself, and the table is emptied before it grows large.
MAX_KNOWN_WORDS = 200_000

_INITIALS = re.compile(r"(?:[A-Z]\.)+")


@dataclass(slots=True)
class Window:
    """What the encoder reads at once: pieces, shapes and hints; and for each word its token, first and last piece."""

    pieces: list[int]
    shapes: list[int]
    hints: list[int]
    words: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


def shape(word: str) -> int:
    """Return the shape of `word`.

    >>> [SHAPES[shape(word)] for word in ("talks", "Putin", "NATO", "McCain", "A", "J.", "2022", "G20", "习", "-")]
    ['lower', 'capital', 'upper', 'mixed', 'letter', 'initial', 'digits', 'alnum', 'other', 'mark']
    """
    if not any(map(str.isalnum, word)):
        return MARK
    if _INITIALS.fullmatch(word):
        return INITIAL
    letters = [letter for letter in word if letter.isalpha()]
    if not letters:
        return DIGITS
    if any(map(str.isdigit, word)):
        return ALNUM
    if not any(letter.isupper() or letter.islower() for letter in letters):
        return OTHER
    if not any(map(str.isupper, letters)):
        return LOWER
    if len(letters) == 1:
        return LETTER
    if all(map(str.isupper, letters)):
        return UPPER
    return CAPITAL if letters[0].isupper() and not any(map(str.isupper, letters[1:])) else MIXED


class Pieces:
    """The pieces and shape of words, by the vocabulary at `path`."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer  # not for those who read by rules alone

        self.tokenizer = Tokenizer.from_file(str(path))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        ids = self.tokenizer.get_vocab()
        self.start, self.separator, self.unknown = ids["[CLS]"], ids["[SEP]"], ids["[UNK]"]
        self.known: dict[str, tuple[list[int], int]] = {}

    def of(self, word: str) -> tuple[list[int], int]:
        """Return the ids of the pieces of `word`, at least one, and its shape."""
        if found := self.known.get(word):
            return found
        if len(word) > MAX_LETTERS:
            return [self.unknown], shape(word[:MAX_LETTERS])
        ids = self.tokenizer.encode(word, add_special_tokens=False).ids[:MAX_PIECES_IN_WORD]
        found = ids or [self.unknown], shape(word)
        if len(self.known) >= MAX_KNOWN_WORDS:
            self.known.clear()
        self.known[word] = found
        return found


def windows(doc: Doc, pieces: Pieces, size: int = MAX_PIECES) -> Iterator[Window]:
    """Yield the windows of `doc` in order: whole sentences, up to `size` pieces; each word is in one of them.

    A sentence that does not fit into a window of its own is cut between words.
    """
    hints = hints_of(doc)
    window = Window([pieces.start], [NONE], [UNKNOWN])
    for sentence in sentences_of(doc):
        parts = list(_parts(sentence, pieces, size - 2))
        for part in parts:
            length = sum(len(ids) for _, ids, _ in part)
            if window.words and len(window.pieces) + length + 1 > size:
                yield _closed(window, pieces)
                window = Window([pieces.start], [NONE], [UNKNOWN])
            for token, ids, its_shape in part:
                if not ids:  # a break between paragraphs
                    if window.pieces[-1] not in (pieces.separator, pieces.start):
                        _separate(window, pieces)
                    continue
                window.words.append(token)
                window.first.append(len(window.pieces))
                window.pieces += ids
                window.shapes += [its_shape] * len(ids)
                window.hints += [hints[token]] * len(ids)
                window.last.append(len(window.pieces) - 1)
    if window.words:
        yield _closed(window, pieces)


def hints_of(doc: Doc) -> list[int]:
    """Return for each token what the entities of `doc` take it for; "unknown" throughout if there are none."""
    if not doc.ents:
        return [UNKNOWN] * len(doc)
    hints = [NOTHING] * len(doc)
    for ent in doc.ents:
        kind = 2 + 2 * _KINDS.get(ent.label_, 4)
        hints[ent.start : ent.end] = [kind, *[kind + 1] * (len(ent) - 1)]
    return hints


def _separate(window: Window, pieces: Pieces) -> None:
    window.pieces.append(pieces.separator)
    window.shapes.append(NONE)
    window.hints.append(UNKNOWN)


def _closed(window: Window, pieces: Pieces) -> Window:
    if window.pieces[-1] != pieces.separator:
        _separate(window, pieces)
    return window


def _parts(sentence: Iterable[Token], pieces: Pieces, size: int) -> Iterator[list[tuple[int, list[int], int]]]:
    """Yield (token, pieces, shape) of the words of `sentence`, in one part if they fit; a break has no pieces."""
    part: list[tuple[int, list[int], int]] = []
    length = 0
    for token in sentence:
        if token.is_space:
            if "\n" in token.text and part:
                part.append((token.i, [], NONE))
                length += 1
            continue
        ids, its_shape = pieces.of(token.text)
        if part and length + len(ids) > size:
            yield part
            part, length = [], 0
        part.append((token.i, ids, its_shape))
        length += len(ids)
    if part:
        yield part
