"""From the bytes of a file to its text: by declaration, then as UTF-8, then by detection."""

import codecs
import re
from io import BufferedReader

from charset_normalizer import from_bytes
from charset_normalizer.constant import IANA_SUPPORTED

from kg.articles.article import Origin
from kg.model import Notice

# The largest file that is read whole; only JSON lines are read piece by piece.
MAX_BYTES = 256 * 1024 * 1024

# Reading in one go would set aside as much memory as the largest file needs, for each of the small ones.
READ_FIRST = 1024 * 1024

# UTF-32 before UTF-16: one mark begins with the other.
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

# How files that are no text begin, and what the user can do about each.
SIGNATURES = {
    b"%PDF-": ("a PDF", "save it as text"),
    b"PK\x03\x04": ("a zip archive or an office document", "unpack it or save it as text"),
    b"\xd0\xcf\x11\xe0": ("an old office document", "save it as text"),
    b"{\\rtf": ("a rich text document", "save it as plain text"),
    b"\x1f\x8b": ("a gzip archive", "unpack it"),
    b"BZh": ("a bzip2 archive", "unpack it"),
    b"\xfd7zXZ": ("an xz archive", "unpack it"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "unpack it"),
    b"Rar!": ("a rar archive", "unpack it"),
    b"\x89PNG": ("an image", "give the text that it shows"),
    b"\xff\xd8\xff": ("an image", "give the text that it shows"),
    b"GIF8": ("an image", "give the text that it shows"),
    b"II*\x00": ("an image", "give the text that it shows"),
    b"MM\x00*": ("an image", "give the text that it shows"),
    b"SQLite format 3\x00": ("a database", "export it as CSV or JSON lines"),
    b"PAR1": ("a Parquet file", "export it as CSV or JSON lines"),
    b"\x7fELF": ("a program", "give a text file"),
}

LINE_END = re.compile("\r\n?")
ASCII = bytes(range(128))
NOT_ASCII = re.compile(rb"[\x80-\xff]+")

# What is detected: the encodings in which pages of the last decades were written, not all that Python knows.
ONE_BYTE = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "mac_roman"]
SEVERAL_BYTES = ["big5", "cp949", "euc_jp", "gb18030", "shift_jis"]


def read_whole(
    stream: BufferedReader, origin: Origin, declaration: re.Pattern[bytes] | None = None, limit: int = MAX_BYTES
) -> tuple[str | None, list[Notice]]:
    """Return the text of a file, None if it has none, and notices of what is wrong or doubtful with it.

    `declaration` finds the encoding that the beginning of the file declares in its first group.
    """
    data = stream.read(READ_FIRST)
    if len(data) == READ_FIRST:
        data += stream.read(limit + 1 - READ_FIRST)
    if len(data) > limit:
        what, remedy = f"larger than {limit // 1024**2} MB", "cut it into smaller files, or make it JSON lines"
        return None, [Notice(origin.path, what, remedy)]
    if kind := binary_kind(data):
        return None, [Notice(origin.path, f"seems to be {kind[0]}, not text", kind[1])]
    declared = declaration.search(data[:4096]) if declaration else None
    text, doubt = decode(data, declared[1].decode("ascii", "replace") if declared else None)
    if not text or text.isspace():
        return None, [Notice(origin.path, "empty", "give a file with text in it")]
    remedy = "check the names in it, or save it as UTF-8"
    return text, [Notice(origin.path, doubt, remedy, skipped=False)] if doubt else []


def binary_kind(data: bytes) -> tuple[str, str] | None:
    """Say what `data` seems to be and what to do about it if it is no text, else None.

    >>> binary_kind(b"%PDF-1.7 ..."), binary_kind(b"Rain ends")
    (('a PDF', 'save it as text'), None)
    """
    for signature, verdict in SIGNATURES.items():
        if data.startswith(signature):
            return verdict
    if _mark(data) or _unmarked_utf16(data):
        return None
    sample = data[:65536]
    controls = len(sample) - len(sample.translate(None, bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})))
    if b"\0" in data or controls > len(sample) // 20:
        return "binary data", "give a text file"
    return None


def decode(data: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """Return the text of `data` and, if it was not read for certain, what is doubtful about it.

    A byte order mark counts most, then `declared`, then UTF-8. Text that is UTF-8 but for a few bytes stays UTF-8, with
    U+FFFD for these: the other characters would suffer by a guess.

    >>> decode("Orbán".encode()), decode("Orbán, café, naïve, Žižek".encode() + b" \\xff")[1]
    (('Orbán', None), 'line 1 is not valid UTF-8; 1 character read as U+FFFD')
    """
    if mark := _mark(data):
        return _with_replacements(data[len(mark) :], MARKS[mark])
    if encoding := _unmarked_utf16(data):
        return data.decode(encoding, "replace"), f"not UTF-8; read as {encoding}"
    for encoding in filter(None, (_known(declared), "utf-8")):
        try:
            return data.decode(encoding), None
        except UnicodeError:
            continue
    text, doubt = _with_replacements(data, "utf-8")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    good = len(text) - bad - (len(data) - len(data.translate(None, ASCII)))
    if good > bad:
        return text, doubt
    encoding = _detect(data)
    return data.decode(encoding, "replace"), f"not UTF-8; read as {encoding}"


def unify_line_ends(text: str) -> str:
    """Return `text` with every line ended by a line feed alone."""
    return LINE_END.sub("\n", text) if "\r" in text else text


def _mark(data: bytes) -> bytes | None:
    return next((mark for mark in MARKS if data.startswith(mark)), None)


def _with_replacements(data: bytes, encoding: str) -> tuple[str, str | None]:
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        text, line = data.decode(encoding, "replace"), data.count(b"\n", 0, error.start) + 1
    # Characters that the file itself wrote as U+FFFD are counted too: they are as lost.
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
    return text, f"line {line} is not valid {name}; {bad} character{'s' * (bad > 1)} read as U+FFFD"


def _unmarked_utf16(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark by the zero that every second byte of Latin text is."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) * 4 > len(sample) and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return None


def _known(declared: str | None) -> str | None:
    """Return Python's name of the encoding `declared`, None for what no page is written in (`zip`, `rot13`)."""
    try:
        name = codecs.lookup(declared or "").name.replace("-", "_")
    except LookupError:
        return None
    # Browsers read Latin-1 as Windows-1252, and pages rely on it.
    name = {"iso8859_1": "cp1252", "latin_1": "cp1252", "ascii": "cp1252"}.get(name, name)
    return name if name in IANA_SUPPORTED else None


def _detect(data: bytes) -> str:
    """Return the most likely encoding of the lines of `data` that are not ASCII, Windows-1252 where it is no worse."""
    telling = b"\n".join(line[:2000] for line in data[:4_000_000].split(b"\n") if not line.isascii())[:65536]
    runs = NOT_ASCII.findall(telling)
    # Single accented letters among Latin ones; to the detector pairs of bytes would pass for Korean or Japanese.
    accents = sum(len(run) == 1 for run in runs) * 2 > len(runs)
    found = from_bytes(telling, cp_isolation=ONE_BYTE if accents else ONE_BYTE + SEVERAL_BYTES)
    best = found.best()
    if best is None:
        return "cp1252"
    western = next((match for match in found if "cp1252" in match.could_be_from_charset), None)
    return "cp1252" if western and western.chaos <= best.chaos else best.encoding
