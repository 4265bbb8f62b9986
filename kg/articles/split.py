"""From the text of a file to the stretches of it that are articles.

Several articles often stand in one file with nothing between them but blank lines and the next headline. A headline is
looked for among the lines of their own between blank lines: first by what no headline is (a sentence, a list item, a
by-line, a caption, a sub-head in capitals), then by weighing the evidence in `WEIGHTS`. A wrong cut costs more than a
missed one, so most of the evidence has to come from around the line: a headline's words come back in its lead, the
lead brings new names, and the vocabulary changes. What is known of English here is little more than function words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from kg.gazetteers import words

# What each piece of evidence, between 0 and 1, counts for; `_weigh` measures it. Fitted on articles joined under
# headlines against the sub-heads, captions and questions within single ones, then rounded.
WEIGHTS = {
    "its words are in the lead": 3.0,
    "its words are new": 3.0,
    "the lead's names are new": 5.0,
    "the lead's words are new": 3.0,
    "the words around it differ": 4.5,
    "as long as headlines are": 5.0,
    "few articles and auxiliaries": 1.5,
    "the lead is dated": 1.5,
    "a by-line or dateline follows": 2.0,
    "more blank lines than elsewhere": 3.0,
    "a main heading in Markdown": 3.0,
    "the file begins with a headline": 1.0,
    "a question": -0.5,
    "a question among questions": -4.0,
    "the lead goes on from something": -1.0,
    "an unfinished sentence before": -1.0,
}
# A file is cut only if one headline in it is beyond doubt; then at the likely ones, too.
SURE, LIKELY = 21.25, 20.5
# Of two lines in a row the second is the headline only if it has so much more for it: the first may sum it up.
CLEARLY = 1.5

# A line with other than so many words is no headline; what stands before one is an article from so many words on,
# and behind it there is a lead, a paragraph of at least so many words.
HEADLINE_WORDS = range(3, 31)
BODY_WORDS = 25
LEAD_WORDS = 10

# In characters: the longest headline, the longest line of a file whose paragraphs are wrapped into lines, how much of
# the text before and behind a headline is compared, and how much of a paragraph is read at all.
HEADLINE_LENGTH = 220
WRAPPED_LENGTH = 100
WINDOW = 900
PARAGRAPH_LENGTH = 20_000

SLOW_WORDS = frozenset(
    ("a", "an", "the", "is", "are", "was", "were", "been", "has", "have", "had", "which", "that", "this", "it", "its")
)

OPENING, CLOSING = "\"'“‘«", "\"'”’»)]*_` \N{NO-BREAK SPACE}"
CAPITAL = "A-ZÀ-ÖØ-ÞĀĆČĐĒĘĞİŁŃŌŐŚŞŠŪŹŻŽ"
MONTHS = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)

WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
ENDING = re.compile(r"(?:['’]s?|ing|ers?|ed|es|s|e)$")
# A capitalised word within a sentence.
NAME = re.compile(rf"(?<=[\w,;’)]\s)[{CAPITAL}][\w’'-]+")

RULED_LINE = re.compile(r"\s*(?:[-–—_*=~#+•·.]\s*){3,}")
MARKDOWN = re.compile(r"^#\s+[*_]*|[*_#]+$|^[*_]+(?=\w)")

NOT_A_HEADLINE = re.compile(
    r"""
      [-–—*•·●▪◦►>|+=~&@©(\[{</…]       # lists, quotations, tables, captions in brackets
    | \#\#                                 # a sub-head in Markdown
    | [^\W\d_]?\d{0,3}[.)]\s               # a numbered heading or item
    | (?:[A-Z]|Q\d*|A\d*):\s               # a turn in an interview
    | (?:(?:also|please)\s+)?(?:read|see|watch|listen|click|follow|subscribe|sign\s+up|share|download|join\s+us|visit)
      \b(?:\s+(?:more|also|next|too|here|us|on|this|now|to)\b|\s*:)
    | (?:related|recommended|trending|most\s+read|advertisement|sponsored|promoted|tags?|topics?|keywords?|sources?
        |credit|contact|editors?['’]?s?\s+note|correction|copyright|published|updated|posted|last\s+updated
        |filed\s+under|file\s+photo|photos?|pictures?|images?|video|caption|illustration|screengrab|infographic|table
        |figure|note|subject|from|to|date|sent|cc|re)\b\s*[:|©/(]
    | all\s+rights\s+reserved | more\s+(?:on|from|about)\s+th | what\s+happens\s+next | with\s+files\s+from
    | with\s+(?:inputs?|reporting|additional) | additional\s+reporting | (?:reporting|edited|compiled)\s+by
    """,
    re.VERBOSE | re.IGNORECASE,
)
NOT_IN_A_HEADLINE = re.compile(
    r"https?://|www\.|\w@\w|\t|\s{3,}|\s\|\s.*\s\|\s|\w\.\s+[“\"‘']?\w|…\s*$|\.\.\s*$"
    r"|\((?:photo|image|picture|file|credit|video|ap|afp|reuters|xinhua|getty)\b|\b(?:photo|image|picture)s?\s*(?:by|:|/)",
    re.IGNORECASE,
)
ABBREVIATION = re.compile(
    r"\b(?:[A-Z]\.)+|\b(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Prof|Rev|Jr|Sr|vs|v|No|Mt|Ft)\.", re.IGNORECASE
)
BY_LINE = re.compile(
    rf"(?i:(?:(?:words|text|story|report|reporting|analysis|opinion|commentary)\s+)?by)\s*:?\s+[{CAPITAL}][^.!?]{{2,80}}$"
    r"|(?i:published|updated|posted|last\s+updated|first\s+published|date)\b.{0,80}$"
    rf"|(?:[{CAPITAL}][\w.’'-]++\s?){{1,4}},?\s*"
    r"(?:\||\s[-–—]\s|(?i:correspondent|(?:staff\s)?reporter|staff\s+writer|reuters|afp|ap)$)"
    rf"|(?:[A-Z][a-z]+day,?\s+)?(?:\d{{1,2}}\s+{MONTHS}|{MONTHS}\.?\s+\d{{1,2}}),?\s+\d{{4}}\b.{{0,40}}$"
    r"|\d{4}-\d\d-\d\d\b.{0,40}$|\d{1,2}[./]\d{1,2}[./]\d{2,4}\b.{0,40}$"
)
DATELINE = re.compile(
    rf"(?:[{CAPITAL}][{CAPITAL}.’'-]++,?\s?){{1,4}}(?:[A-Z][\w.]++\s?\d{{0,2}}(?:,?\s\d{{4}})?,?\s*)?"
    r"(?:\([^)]{2,30}\)\s*)?(?:[-–—]+|:)\s"
    rf"|(?:[{CAPITAL}][\w.’'-]++,?\s){{1,4}}(?:[A-Z][a-z]+\.?\s\d{{1,2}},?\s*(?:\d{{4}}\s*)?)?\([^)]{{2,30}}\)\s*[-–—:]"
)
DATED = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|tomorrow|tonight"
    r"|(?:this|last|next)\s(?:week|month|year|morning|afternoon|evening|weekend)"
    rf"|{MONTHS}\.?\s+\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)?\s{MONTHS})\b"
)
GOES_ON = re.compile(
    r"[“\"'‘]?(?:he|she|they|him|his|her|their|it|its|this|these|those|that|but|and|or|so|however|meanwhile|moreover"
    r"|also|then|yet|still|though|instead|nevertheless|nonetheless|furthermore|besides|similarly|in\saddition"
    r"|according\sto\s(?:him|her|them|the)|as\sa\sresult|for\s(?:example|instance)|on\sthe\sother|asked|there|such"
    r"|another|others?|mr|mrs|ms|we|i|you|yes|no)\b"
    r"|[^.]{,60}\b(?:also|added|further|continued)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """An article's stretch of a text, and its headline if its first line is one."""

    start: int
    end: int
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of lines without a blank one among them; `gap` counts the blank lines above, a ruled line as five."""

    start: int
    end: int
    gap: int
    text: str
    headline: str | None

    @property
    def words(self) -> int:
        """The number of words, of the beginning if the text is long."""
        return self.text.count(" ", 0, WINDOW) + self.text.count("\n", 0, WINDOW) + 1

    @property
    def finished(self) -> bool:
        """Whether the text ends as a sentence does."""
        return self.text[-40:].rstrip(CLOSING).endswith((".", "!", "?", "…", "。"))


@dataclass(slots=True)
class Vocabulary:
    """The stems of the words from the last headline on, gathered only as far as a candidate asks for them."""

    blocks: list[Block]
    read: int = 0
    stems: set[str] = field(default_factory=set)

    def read_to(self, i: int) -> None:
        for block in self.blocks[self.read : i]:
            self.stems |= _stems(block.text[:PARAGRAPH_LENGTH])
        self.read = i


def split_articles(text: str, split: bool | None = None) -> Iterator[Part]:
    """Yield the articles of `text` in order: one if `split` is False, cut at all that could be headlines if True.

    >>> [part.title for part in split_articles("Rain ends in the north\\n\\nIt was dry today.")]
    ['Rain ends in the north']
    """
    blocks = list(_blocks(text))
    if not blocks:
        return
    cuts = [] if split is False else list(_liberal_cuts(blocks) if split else _safe_cuts(blocks))
    for first, behind in pairwise([0, *cuts, len(blocks)]):
        yield Part(blocks[first].start, blocks[behind - 1].end, _title(blocks[first:behind]))


def read_headline(line: str, capitals: bool = False) -> str | None:
    """Return `line` without marks of Markdown if it could be a headline by its form alone, else None.

    A line all in `capitals` is a sub-head more often than a headline.

    >>> read_headline("# Rain ends after a week"), read_headline("It rained all week."), read_headline("RAIN AND WIND")
    ('Rain ends after a week', None, None)
    """
    if len(line) > HEADLINE_LENGTH:
        return None
    line = MARKDOWN.sub("", line.strip())
    if line.count(" ") + 1 not in HEADLINE_WORDS or not (line[0].isupper() or line[0].isdigit() or line[0] in OPENING):
        return None
    if line.rstrip(CLOSING)[-1:] in ".,;:…-–—/|" or (line[0] in OPENING and line[-1] in CLOSING):
        return None
    if NOT_A_HEADLINE.match(line) or BY_LINE.match(line) or NOT_IN_A_HEADLINE.search(ABBREVIATION.sub("", line)):
        return None
    return line if capitals or line.upper() != line else None


def _blocks(text: str) -> Iterator[Block]:
    """Yield the stretches between blank and ruled lines."""
    every = text.split("\n")
    wrapped = len(every) > 5 and max(map(len, every)) <= WRAPPED_LENGTH
    lines: list[str] = []
    start = gap = position = 0
    for line in [*every, ""]:
        ruled = len(line) < HEADLINE_LENGTH and RULED_LINE.fullmatch(line) is not None
        if line and not ruled and not line.isspace():
            start = start if lines else position + len(line) - len(line.lstrip())
            lines.append(line)
        else:
            if lines:
                whole = "\n".join(lines).strip()
                yield Block(start, start + len(whole), gap, whole, _headline(lines, wrapped))
                lines, gap = [], 0
            gap += 5 if ruled else 1
        position += len(line) + 1


def _headline(lines: list[str], wrapped: bool) -> str | None:
    """Return the headline that a block consists of, if any; by-lines may stand under it."""
    if len(lines) > 4:
        return None
    above = [line.strip() for line in lines if len(line) < HEADLINE_LENGTH and not BY_LINE.match(line.strip())]
    if wrapped and len(above) == len(lines) == 2:
        return read_headline(" ".join(above))
    return read_headline(lines[0]) if above == [lines[0].strip()] and len(lines[-1]) < HEADLINE_LENGTH else None


def _title(blocks: list[Block]) -> str | None:
    """Return the headline of the article that `blocks` make; one in capitals or right above its lead will do, too."""
    first, _, rest = blocks[0].text[: 4 * HEADLINE_LENGTH].partition("\n")
    if len(blocks) > 1 and (blocks[0].headline or not rest):
        return blocks[0].headline or read_headline(first, capitals=True)
    return read_headline(first, capitals=True) if len(rest.partition("\n")[0]) > WRAPPED_LENGTH else None


def _liberal_cuts(blocks: list[Block]) -> Iterator[int]:
    """Yield the blocks that could be headlines and stand between texts, the first of several in a row."""
    last_text = max((i for i, block in enumerate(blocks) if not block.headline), default=0)
    for i in range(1, last_text):
        if blocks[i].headline and not blocks[i - 1].headline:
            yield i


def _safe_cuts(blocks: list[Block]) -> list[int]:
    """Return the blocks that are headlines by the weight of all evidence."""
    scores = dict(_likely_cuts(blocks))
    return list(scores) if max(scores.values(), default=0.0) >= SURE else []


def _likely_cuts(blocks: list[Block]) -> Iterator[tuple[int, float]]:
    """Yield the blocks that are likely headlines, with the sums of their evidence."""
    usual_gap = sorted(block.gap for block in blocks)[len(blocks) // 2]
    candidates = [block.headline for block in blocks if block.headline]
    questions = (sum(line.endswith("?") for line in candidates) - 1) / max(1, len(candidates))
    vocabulary, body = Vocabulary(blocks), 0

    def score(i: int) -> float:
        headline, lead = blocks[i].headline, _lead(blocks, i)
        if not headline or not lead:
            return 0.0
        evidence = _weigh(blocks, i, lead, vocabulary.stems)
        evidence["more blank lines than elsewhere"] = blocks[i].gap > usual_gap
        evidence["a question among questions"] = questions if headline.endswith("?") else 0
        return sum(WEIGHTS[name] * value for name, value in evidence.items())

    for i, block in enumerate(blocks):
        if not block.headline:
            body += block.words
        elif body >= BODY_WORDS and _lead(blocks, i):
            vocabulary.read_to(i)
            # The line may be a last paragraph without full stop, the headline the one below.
            if (found := score(i)) >= LIKELY and (block.gap > usual_gap or score(i + 1) <= found + CLEARLY):
                yield i, found
                vocabulary, body = Vocabulary(blocks, read=i), 0


def _lead(blocks: list[Block], i: int) -> int | None:
    """Return the block with which the text under the headline `i` begins, by-lines passed over, if there is one."""
    j = i + 1
    while j < min(i + 4, len(blocks)) and len(blocks[j].text) < 120 and BY_LINE.match(blocks[j].text):
        j += 1
    # Between a headline and the lead a line may stand that sums the article up.
    return j if any(block.finished and block.words >= LEAD_WORDS for block in blocks[j : j + 2]) else None


def _weigh(blocks: list[Block], i: int, lead: int, known: set[str]) -> dict[str, float]:
    """Return how far each piece of evidence speaks for the block `i` as a headline; `known` are the words before it."""
    block, headline, opening = blocks[i], blocks[i].headline or "", blocks[lead].text[:HEADLINE_LENGTH]
    after, before = _stretch(blocks[lead : lead + 5]), _stretch(blocks[max(0, i - 5) : i][::-1])
    own, there, near = _stems(headline), _stems(after), _stems(before)
    names = {_stem(name) for name in NAME.findall(after)}
    length, slow = len(headline.split()), sum(word in SLOW_WORDS for word in headline.lower().split())
    return {
        "its words are in the lead": len(own & there) / max(3, len(own)),
        "its words are new": len(own - known) / max(3, len(own)),
        "the lead's names are new": len(names - known) / max(4, len(names)),
        "the lead's words are new": len(there - known) / max(10, len(there)),
        "the words around it differ": 1 - len(there & near) / max(10, min(len(there), len(near))),
        "as long as headlines are": min(1, (length - 1) / 7) if length <= 22 else 0.5,
        "few articles and auxiliaries": 1 - min(2, slow) / 2,
        "the lead is dated": DATED.search(after[:500]) is not None,
        "a by-line or dateline follows": lead > i + 1 or "\n" in block.text or DATELINE.match(opening) is not None,
        "a main heading in Markdown": block.text.startswith("# "),
        "the file begins with a headline": blocks[0].headline is not None,
        "a question": headline.endswith("?"),
        "the lead goes on from something": GOES_ON.match(opening) is not None,
        "an unfinished sentence before": not blocks[i - 1].finished,
    }


def _stretch(blocks: list[Block]) -> str:
    """Return about a `WINDOW` of text from the first of `blocks`."""
    text = ""
    for block in blocks:
        if len(text) > WINDOW:
            break
        text += block.text[:WINDOW] + "\n"
    return text


def _stems(text: str) -> set[str]:
    plain = words("function_words")
    return {_stem(word) for word in WORD.findall(text.lower()) if len(word) > 1 and word not in plain}


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """Return `word` without endings, so that the `Afghanistan` of a headline meets the `Afghan` of its lead.

    >>> _stem("Afghanistan"), _stem("Afghans"), _stem("killed"), _stem("killing")
    ('afghan', 'afghan', 'kill', 'kill')
    """
    return ENDING.sub("", word.lower())[:6]
