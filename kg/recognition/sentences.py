"""From a document to its sentences: rules for news English, which is full of dots that end nothing.

A sentence ends at a full stop, question mark, exclamation mark or ellipsis (with the quotes and brackets that close
after it) when what follows could begin one, and at the end of a paragraph. "U.S.", "Jan. 29", "Gen. Smith" and
"J. K. Rowling" end nothing. Where both readings are possible ("… in the U.S. The senator …") a word that commonly
opens a sentence decides.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import numpy as np
from spacy.attrs import IDX, SENT_START
from spacy.language import Language
from spacy.tokens import Doc
from thinc.types import Ints2d

from kg.gazetteers import words
from kg.recognition.texts import text_of

# A stop with what closes after it, the space, and the first character of what follows.
_STOP = re.compile(r"""(?<=\S)(?P<stop>[.!?…]+)(?P<closing>["'”’)\]»]*)(?P<space>[ \t\u00a0]+)(?=(?P<next>\S))""")
_WORD_BEFORE = re.compile(r"[\w.'’&-]*\Z")
_WORD_AFTER = re.compile(r"""["'“‘(\[«]*(?P<word>[\w'’]+)""")
_INITIALS = re.compile(r"(?:\w\.)+\w\Z|\w\Z")
_BREAK = re.compile(r"[ \t\u00a0]*\n\s*")
# How far before a stop to look for the word that it may abbreviate; no abbreviation is longer.
_REACH = 24


@Language.component("kg_sentences")
def split_sentences(doc: Doc) -> Doc:
    """Set the sentence starts of `doc`, where no earlier component has."""
    if not len(doc) or doc.has_annotation("SENT_START"):
        return doc
    marks = np.full(len(doc), -1, dtype="int64")
    marks[0] = 1
    for i in np.searchsorted(doc.to_array(IDX), list(sentence_starts(text_of(doc)))).tolist():
        # A boundary inside a token or before blank ones takes effect at the next token that is not blank.
        while i < len(doc) and doc[i].is_space:
            i += 1
        marks[i : i + 1] = 1
    # All at once: setting `token.is_sent_start` looks through the whole document each time.
    return doc.from_array([SENT_START], cast(Ints2d, marks.reshape(-1, 1).astype("uint64")))


def sentence_starts(text: str) -> Iterator[int]:
    """Yield the offsets at which a sentence of `text` begins, except the first, in order.

    >>> text = 'The U.S. team met Gen. Li on Jan. 29. "It went well." He left for the U.S. The talks go on.'
    >>> [text[start:][:7] for start in sentence_starts(text)]
    ['"It wen', 'He left', 'The tal']
    """
    wrapped = is_wrapped(text)
    marks = [m.end("space") for m in _STOP.finditer(text) if _ends_sentence(text, m)]
    marks += [m.end() for m in _BREAK.finditer(text) if _ends_paragraph(text, m, wrapped)]
    yield from sorted(set(marks) - {len(text)})


def is_wrapped(text: str) -> bool:
    """Tell whether the lines of `text` were broken at a fixed width, as in e-mail, so that a newline ends nothing.

    True when most lines that are followed by another stop in mid-sentence and are of similar, moderate length.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    inner = [line for line, following in pairwise(lines) if line and following]
    if len(inner) < 3:
        return False
    broken = sum(40 <= len(line) <= 100 and line[-1] not in '.!?…:"”' for line in inner)
    return broken * 2 > len(inner)


def _ends_paragraph(text: str, gap: re.Match[str], wrapped: bool) -> bool:
    return not wrapped or gap.group().count("\n") > 1


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    after = _WORD_AFTER.match(text, stop.end("space"))
    following = after["word"] if after else ""
    if following[:1].islower():
        return False
    if stop["stop"] != "." or stop["closing"]:
        # "?" and "!" inside a quotation may go on: '"Why?" Smith asked' begins with a capital all the same, so accept.
        return bool(following) or stop["next"] in "\"“'‘([«—–-"
    before = _WORD_BEFORE.search(text, max(0, stop.start() - _REACH), stop.start())
    word = before.group() if before else ""
    if word.lower().rstrip(".") in words("abbreviations_before_name"):
        return False
    if word.lower().rstrip(".") in words("abbreviations_before_number") and following[:1].isdigit():
        return False
    if _INITIALS.match(word) or word.lower() in words("abbreviations"):
        return following.lower() in words("sentence_openers")
    return True
