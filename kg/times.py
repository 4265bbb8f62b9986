"""From a text to where it tells times, and which of them is the time of an event that it mentions.

What an expression means is settled in `kg.dates`.
"""

import re
from datetime import date
from functools import lru_cache

from kg.gazetteers import words

# Names of days and months are capitalised, all else may be at the start of a sentence.

_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DATE = r"\d{1,2}(?:st|nd|rd|th)?(?!\d|,\d)"
_YEAR = r"(?:1[0-9]|20)\d\d\b"
_COUNT = (
    r"(?i:\d+|an?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|a\shundred"
    r"|several|many|a\sfew|a\scouple\sof|half\sa)"
)
_UNIT = r"(?:days?|weeks?|weekends?|months?|years?|decades?|century|centuries|hours?|minutes?)"
_PART = r"(?:early|mid|late)[-\s]"
_SPAN = (
    r"(?:week|weekend|month|year|day|night|morning|afternoon|evening|spring|summer|autumn|fall|winter|century|decade)"
)
_DAY_OF_MONTH = rf"(?:{_MONTH}\s{_DATE}|{_DATE}\s(?:of\s)?{_MONTH})"
# What a number before it counts, so that it is no year.
_COUNTED = (
    r"(?:people|troops|soldiers|men|women|children|points|votes|euros|dollars|jobs|homes|met(?:re|er)s|miles"
    r"|kilomet(?:re|er)s|pounds|ton(?:ne)?s|members|workers)"
)
# A season before another noun is no time: "by summer floods".
_NO_NOUN = (
    r"(?!\s(?!(?:in|on|at|to|for|from|by|and|or|with|after|before|when|as|but|while|he|she|it|they|the|an?|of)\b)[a-z])"
)
_TO = r"(?:\s?[-–—]\s?|\s(?:to|and|until|through|till)\s)"
_WHEN = re.compile(
    rf"""\b(?=[\dA-Z]|la|ne|th|on|ea|un|by|si|be|fr|in|du|fo|of|mi|ye|to|tw|pa|co|an?\b|fi|se|ei|ni|te|el|ma|ha|ov|wi|sp|su
               |au|fa)(?:
      (?:(?i:last|next|this|on|early|late|earlier|until|by|since)\s)?{_WEEKDAY}(?:\s(?:morning|afternoon|evening|night))?
          (?:(?:,\s|{_TO}){_WEEKDAY})*(?:,?\s{_DAY_OF_MONTH}(?:,?\s\d{{4}})?)?
    | (?:(?i:since|until|by|between|from)\s)?{_MONTH}\s{_DATE}
          (?:,?\s\d{{4}}\b)?(?:{_TO}(?:{_MONTH}\s)?{_DATE}(?:,?\s\d{{4}}\b)?)?
    | (?:\d{{1,2}}(?:{_TO})(?=\d))?{_DATE}\s(?:of\s)?{_MONTH}
          (?:,?\s\d{{4}}\b)?(?:{_TO}{_DATE}\s{_MONTH}(?:\s\d{{4}}\b)?)?
    | (?:(?i:in|since|until|by|between|from|during)\s)?(?i:{_PART})?{_MONTH}(?:\sof)?,?\s\d{{4}}\b
          (?:{_TO}{_MONTH}\s\d{{4}}\b)?
    | (?:(?i:in|since|until|by|for|last|next|this|of)\s(?i:{_PART})?|(?i:{_PART})){_MONTH}
          (?=[\s,.;:)]|['’]s|$)(?!,?\s\d)
    | (?i:between|from)\s{_YEAR}{_TO}{_YEAR}
    | (?:(?i:in|since|until|by|during|of)\s)(?i:{_PART})?{_YEAR}(?:-(?:\d\d)?\d\d\b)?(?!\s?[a-z]*(?:people|%))
    | (?i:(?:in|since|until|by|during)\s)?(?i:the\s)?(?i:{_PART})?(?:1[0-9]|20)\d0s\b
    | (?i:the\s)?(?i:{_PART})?(?:\d\d(?:st|nd|rd|th)|(?:six|seven|eigh|nine)teenth|twentieth)[\s-](?i:century)\b
    | (?i:the\s)?(?i:spring|summer|autumn|fall|winter)\s(?:of\s)?{_YEAR}
    | (?<![\d$€£.,-])(?:19|20)\d\d(?:-\d\d)?-\d\d\b
    | (?<![\d$€£.,-])(?i:{_PART})?(?:1[6-9]\d\d|20[0-4]\d)\b(?:-(?:\d\d)?\d\d\b)?(?![.,]?\d|\s?%|\s{_COUNTED}\b)
    | (?i:yesterday|today|tomorrow|tonight)\b(?!\s[A-Z]\w+\s[A-Z])(?:\s(?:morning|afternoon|evening|night)\b)?
    | (?i:last|next|this|past|coming|earlier\sthis|later\sthis|early\sthis|late\sthis|early\snext|late\snext|late\slast
          |early\slast|the\sfollowing|the\sprevious|the\ssame)\s{_SPAN}\b
    | (?i:in|by|until|since|during)\s(?:the\s)?(?:early\s|late\s)?(?:spring|summer|autumn|fall|winter)\b{_NO_NOUN}
    | {_COUNT}\s{_UNIT}\s(?:ago|earlier|later|from\snow)\b
    | (?i:in|over|during|for|within)\sthe\s(?:past|last|next|coming)\s(?:{_COUNT}\s)?{_UNIT}\b
    | (?i:in|within)\s{_COUNT}\s(?:days|weeks|months|years)(?:['’]\stime)?\b
    )""",
    re.VERBOSE,
)
# One of these stands in each time expression, and few sentences have any.
_ANCHOR = re.compile(
    r"\d|[Dd]ay\b|[Yy]ear|[Mm]onth|[Ww]eek|[Nn]ight|[Ee]vening|[Mm]orning|[Aa]fternoon|[Dd]ecade|[Cc]entur|[Hh]our|[Mm]inute"
    r"|[Yy]ester|[Tt]oday|[Tt]omorrow|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter"
)
# How far before its anchor a time expression can begin, in characters ("the early nineteenth century").
_LONGEST_LEAD = 40
# A pattern that begins with its digits is found fast in a long text.
_YEARS = re.compile(r"(?:1[0-9]|20)\d\d(?<![\d$€£.,]\d{4})\b(?![.,]?\d)")
_YEARS_OF_DATES = re.compile(rf"\b(?:{_MONTH}\s{_DATE}|{_DATE}\s(?:of\s)?{_MONTH}),?\s((?:19|20)\d\d)\b")
_AHEAD = re.compile(r"\b(?:by|until|till|before|to|for|than|about|some|over)\s\Z", re.IGNORECASE)


def find_times(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the text from `start` to `end` speaks of times, with the preposition that leads in ("since 2014").

    >>> text = "He left on Friday, came back in February 2024 and has stayed since."
    >>> [text[start:end] for start, end in find_times(text, 0, len(text))]
    ['on Friday', 'in February 2024']
    >>> text = "It was hit by summer floods in 2024."
    >>> [text[start:end] for start, end in find_times(text, 0, len(text))]
    ['in 2024']
    """
    return [(start + first, start + last) for first, last in _times_in(text[start:end])]


@lru_cache(maxsize=256)
def _times_in(sentence: str) -> tuple[tuple[int, int], ...]:
    if not (anchor := _ANCHOR.search(sentence)):
        return ()
    return tuple(found.span() for found in _WHEN.finditer(sentence, max(0, anchor.start() - _LONGEST_LEAD)))


# Where the time of an event stands.

_BEYOND = re.compile(
    r"[;:()“”\"\n]|\s[–—]\s|—|\b(?:but|while|which|who|that|when|where|will|since|whereas|although|though)\b"
)
_ASIDE = re.compile(
    r",\s(?:who|whom|which|whose|where|according|as|after|amid|despite|led|including|like|along|together|a|an|the|not|now"
    r"|aged|however|for|in|on|at|by|with|from|perhaps|\d+)\b[^,;:“”\"]*,"
)
# What is said besides of somebody has its own time and people: "Ann, who met Bo on Friday, was not at the talks".
OF_ANOTHER = re.compile(r",\s(?:who|whom|whose|which)\s[^,;:“”\"]*,")
_SAID = re.compile(
    r"\b(?:said|says|told [\w ]{1,30}|reported|announced|added|wrote|tweeted|statement|interview)"
    r"(?: (?:late|early))?\s(?:in\s)?\Z"
)
_OTHER_TIME = re.compile(r"\b(?:after|before|until)\s\Z", re.IGNORECASE)
_LED = re.compile(
    r"(?:on|in|during|by|from|between|until|yesterday|today|tomorrow|tonight|last|next|this|earlier|later)\b|.* ago\Z"
)
_NOUN_AFTER = re.compile(
    r"['’]s?\s|(?!\s(?:in|on|at|to|for|from|by|and|or|with|after|before|during|that|when|as|over|but|of|while|amid|he|she"
    r"|they|it)\b)\s[a-z]"
)
_SETTING = re.compile(r"\b(?:in|after|during|at|following|before)\s(?:the\s)?\Z", re.IGNORECASE)


def time_of(
    text: str, mention: tuple[int, int], sentence: tuple[int, int], *, finite: bool = False
) -> tuple[int, int] | None:
    """Return where a sentence tells when the event is that it mentions: in the mention, else nearest in its clause.

    When somebody said something is not when it happened, and a time may belong to another noun ("the 1986 disaster"),
    never to a `finite` verb.

    >>> text = "She met survivors of the 1986 disaster on Friday, he said on Sunday."
    >>> [text[slice(*time_of(text, span, (0, len(text))))] for span in ((4, 7), (30, 38))]
    ['on Friday', '1986']
    """
    spans = find_times(text, *sentence)
    for span in sorted(spans, key=lambda span: (max(span[0] - mention[1], mention[0] - span[1]), span)):
        if mention[0] <= span[0] < mention[1] or _is_time_of(text, span, mention, sentence[0], finite):
            return span
    return None


def _is_time_of(text: str, span: tuple[int, int], mention: tuple[int, int], start: int, finite: bool) -> bool:
    """Tell whether the time `span` can be that of the mention, by what stands between and around."""
    between = text[min(span[1], mention[1]) : max(span[0], mention[0])]
    expression = text[slice(*span)].lower()
    if expression.startswith("since") or _SAID.search(text, max(start, span[0] - 45), span[0]):
        return False
    if _OTHER_TIME.search(text, max(start, span[0] - 8), span[0]):
        return False
    if any(own.start() < span[0] < own.end() <= mention[0] for own in OF_ANOTHER.finditer(text, start, mention[0])):
        return False
    if expression.startswith("of "):
        return not between.strip() and mention[1] <= span[0]
    if span[1] > mention[0]:
        return not _is_attribute(text, span, expression) and not _BEYOND.search(between)
    if _is_attribute(text, span, expression):
        return not finite and is_phrase(between)
    return not _BEYOND.search(_ASIDE.sub(" ", between).lstrip(" ,").removeprefix("when "))


def _is_attribute(text: str, span: tuple[int, int], expression: str) -> bool:
    """Tell whether a time belongs to the noun that follows it: "the 1986 disaster", "next week's summit"."""
    if text.startswith(("'s", "’s", "' ", "’ "), span[1]):
        return True
    led = _LED.match(expression) or _SETTING.search(text, max(0, span[0] - 15), span[0])
    return not led and _NOUN_AFTER.match(text, span[1]) is not None


def is_phrase(between: str, most: int = 5) -> bool:
    """Tell whether what stands before a noun is of one phrase with it: few words, none of which ends a phrase.

    >>> is_phrase(" second round of "), is_phrase(" calm after the "), is_phrase(", ")
    (True, False, False)
    """
    found = between.lower().split()
    return len(found) <= most and words("phrase_ends").isdisjoint(found) and not re.search(r"[,;:()“”\"—–]", between)


def latest_day(text: str) -> date | None:
    """Return the last day of the latest year that full dates of `text` name, or else that it names at all.

    Years that are only looked ahead to ("by 2050") do not count.
    """
    years = _YEARS_OF_DATES.findall(text) or [
        found.group()
        for found in _YEARS.finditer(text)
        if not _AHEAD.search(text, max(0, found.start() - 10), found.start())
    ]
    return date(max(map(int, years)), 12, 31) if years else None
