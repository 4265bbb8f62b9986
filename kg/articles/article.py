"""From the fields that a file gives to an `Article`, or to the notice that says why there is none.

Every reader ends here, so that an id, a missing text or a date mean the same in all formats.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from kg.model import Article, Notice, Place

# spaCy refuses longer texts, and nobody's news article is longer: more is a file that should have been split.
MAX_LENGTH = 1_000_000

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an input comes from: `path` as the user gave it (for notices), `file` as an article's places name it."""

    path: str
    file: str

    def at(self, line: int) -> str:
        return f"{self.path}:{line}"


def make_article(fields: Mapping[str, object], origin: Origin, line: int) -> Iterator[Article | Notice]:
    """Yield the article that `fields` describe, after a notice of each doubt; only a skipped notice if there is none.

    `id` and `text` are kept exactly, save that half a surrogate pair, which no file can hold, becomes U+FFFD. Fields
    other than `id`, `title`, `text`, `published`, `url` and `source` are passed over.
    """
    where, text = origin.at(line), fields.get("text")
    if problem := _unusable(text, fields):
        yield Notice(where, *problem)
        return
    assert isinstance(text, str)
    values: dict[str, str | None] = {}
    for name in ("id", "title", "published", "url", "source"):
        values[name], doubt = _plain(name, fields.get(name))
        if doubt:
            yield Notice(where, doubt, "the rest of the article was read", skipped=False)
    values["text"] = text
    torn = sorted(name for name, value in values.items() if value and has_lone_surrogate(value))
    if torn:
        values |= {name: LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", values[name] or "") for name in torn}
        what = f"half a surrogate pair in {' and '.join(torn)}, read as U+FFFD"
        yield Notice(where, what, "write the character itself or both halves", skipped=False)
    title, kept = values["title"], values["text"] or ""
    yield Article(
        id=values["id"] or digest(title, kept),
        text=kept,
        title=title,
        published=iso_date(values["published"]) if values["published"] else None,
        url=values["url"],
        source=values["source"],
        found=(Place(origin.file, line),),
    )


def digest(title: str | None, text: str) -> str:
    """Return an id for an article that has none: the same for copies that differ in white space alone.

    A title with which the text itself begins adds nothing, whether or not a reader made it out as the title.

    >>> digest("Rain ends", "Rain ends\\n\\nIt was dry.  ") == digest(None, "Rain ends It was dry.")
    True
    """
    headline, body = " ".join((title or "").split()), " ".join(text.split())
    whole = body if body.startswith(headline) else f"{headline}\n{body}"
    return sha256(whole.encode("utf-8", "replace")).hexdigest()[:20]


def iso_date(given: str) -> str:
    """Return `given` in the form YYYY-MM-DD[Thh:mm…] if it is an ISO 8601 or e-mail (RSS) date, else as it is.

    Nothing is guessed: `01/02/2025` is January in one country and February in the next.

    >>> [iso_date(given) for given in ("20250113", "Mon, 13 Jan 2025 08:00:00 GMT", "01/02/2025")]
    ['2025-01-13', '2025-01-13T08:00:00+00:00', '01/02/2025']
    """
    given = given.strip()
    for parse in (date.fromisoformat, datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(given).isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return given


def has_lone_surrogate(text: str) -> bool:
    """Say whether `text` holds half a surrogate pair, as the JSON escape `\\ud800` alone does."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _unusable(text: object, fields: Mapping[str, object]) -> tuple[str, str] | None:
    """Say what is wrong with `text` and what would be right, or None if it will do."""
    if text is None:
        names = ", ".join(sorted(str(name) for name in fields if name is not None)[:8])
        return f"no text (only {names[:100]})" if names else "no text", "give each article its text as `text`"
    if not isinstance(text, str):
        return f"the text is {kind_of(text)}, not a string", "give the text as one string"
    if not text or text.isspace():
        return "the text is empty", "give the article a text or leave it out"
    if len(text) > MAX_LENGTH:
        what = f"the text has {len(text):,} characters, more than the {MAX_LENGTH:,} that an article may have"
        return what, "cut it into its articles"
    return None


def _plain(name: str, value: object) -> tuple[str | None, str | None]:
    """Return what `value` gives for the field `name`, and what is doubtful about it.

    >>> _plain("id", 7), _plain("source", {"id": "x", "name": "Daily"}), _plain("title", ["A"])
    (('7', None), ('Daily', None), (None, 'title is a list, not a string, and was passed over'))
    """
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        value = value["name"]  # news services and schema.org give the outlet as an object
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        value = str(value)
    if value is None or isinstance(value, str):
        return (value or None if name == "id" else (value or "").strip() or None), None
    return None, f"{name} is {kind_of(value)}, not a string, and was passed over"


def kind_of(value: object) -> str:
    """Name the JSON type of `value` in words.

    >>> kind_of([]), kind_of(None)
    ('a list', 'null')
    """
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "a string")
