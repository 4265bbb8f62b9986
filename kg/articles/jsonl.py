"""From JSON to its articles: an object a line, one object, or an array of objects. An article is never split here."""

import json
from collections.abc import Iterator
from io import BufferedReader

from kg.articles.article import Origin, kind_of, make_article
from kg.articles.encoding import read_whole
from kg.model import Article, Notice

# The longest article with every character as a pair of \\u escapes takes 12 MB; a longer line is not kept in memory.
MAX_LINE = 16 * 1024 * 1024

MARK = b"\xef\xbb\xbf"
BLANK = " \t\r\n"


def read_json(stream: BufferedReader, origin: Origin, _split: bool | None = None) -> Iterator[Article | Notice]:
    """Yield the articles of a JSON file in order; where each has a line of its own, a malformed one costs no other."""
    return _read_lines(stream, origin) if _is_object_a_line(stream.peek()) else _read_document(stream, origin)


def _is_object_a_line(beginning: bytes) -> bool:
    """Tell from the beginning of a file whether each line is an object, even if the first is malformed.

    >>> _is_object_a_line(b'{"text": "a}\\n{"text": "b"}'), _is_object_a_line(b'{\\n  "text": "a"\\n}')
    (True, False)
    """
    first, _, rest = beginning.removeprefix(MARK).lstrip().partition(b"\n")
    rest = rest.lstrip()
    if b"\0" in first or first[:1] == b"[":
        return False
    return rest[:1] == b"{" or (first[:1] == b"{" and (not rest or first.rstrip().endswith(b"}")))


def _read_lines(stream: BufferedReader, origin: Origin) -> Iterator[Article | Notice]:
    """Read one object a line; of an overlong line no more than `MAX_LINE` is ever in memory."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE + 1)
        if not line.isspace():
            yield from _read_line(line, origin, number)


def _read_line(line: bytes, origin: Origin, number: int) -> Iterator[Article | Notice]:
    where = origin.at(number)
    if len(line) > MAX_LINE:
        yield Notice(where, f"a line of more than {MAX_LINE // 1024**2} MB", "give each article a line of its own")
        return
    try:
        value = json.loads(line.rstrip().decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        yield Notice(where, f"not valid UTF-8 (byte {error.start + 1} of the line)", "save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        yield Notice(where, f"not valid JSON ({_explain(error)})", "mend the line and run again")
    else:
        yield from _read_value(value, origin, number)


def _read_document(stream: BufferedReader, origin: Origin) -> Iterator[Article | Notice]:
    """Read JSON that runs over several lines: objects, or an array of them, one after another."""
    text, notices = read_whole(stream, origin)
    yield from notices
    if text is None:
        return
    decoder, line, seen, in_array = json.JSONDecoder(), 1, 0, False
    position = _skip(text, 0, BLANK)
    while position < len(text):
        line, seen = line + text.count("\n", seen, position), position
        if not in_array and text[position] == "[":
            in_array, position = True, _skip(text, position + 1, BLANK)
        elif in_array and text[position] == "]":
            in_array, position = False, _skip(text, position + 1, BLANK)
        else:
            try:
                value, position = decoder.raw_decode(text, position)
            except (ValueError, RecursionError) as error:
                wrong = error.lineno if isinstance(error, json.JSONDecodeError) else line
                what = f"not valid JSON ({_explain(error)}); nothing was read from here on"
                yield Notice(origin.at(wrong), what, "mend it and run again")
                return
            yield from _read_value(value, origin, line)
            position = _skip(text, position, BLANK + "," if in_array else BLANK)
    if in_array:
        yield Notice(origin.path, "the array is not closed (cut off?)", "check that the file is whole", skipped=False)


def _read_value(value: object, origin: Origin, line: int) -> Iterator[Article | Notice]:
    if isinstance(value, dict):
        yield from make_article(value, origin, line)
    else:
        yield Notice(origin.at(line), f"{kind_of(value)}, not an object", "give each article as an object with `text`")


def _skip(text: str, position: int, characters: str) -> int:
    while position < len(text) and text[position] in characters:
        position += 1
    return position


def _explain(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')} at column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number of too many digits"
