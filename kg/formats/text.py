"""From any text to text that every format can hold."""

import re
from xml.sax.saxutils import escape, quoteattr

from kg.formats.listing import Listing

# Control characters but tab, line feed and carriage return; lone surrogates; and the last two of the basic plane,
# which XML 1.0 forbids.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return `text` with U+FFFD in place of each character that no reader need accept, so that offsets still hold.

    >>> clean("bell\\x07")
    'bell\ufffd'
    """
    if text.isprintable():
        return text
    return _FORBIDDEN.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """Return `text` as the content of an XML element."""
    return text if _is_plain(text) else escape(clean(text), {"\r": "&#13;"})


def xml_value(text: str) -> str:
    """Return `text` as the value of an XML attribute, between quotes."""
    return f'"{text}"' if _is_plain(text) and '"' not in text else quoteattr(clean(text))


def _is_plain(text: str) -> bool:
    """Return whether XML holds `text` as it stands: nearly all text is, and that is soon seen."""
    return text.isprintable() and "&" not in text and "<" not in text and ">" not in text


def clean_ids(listing: Listing) -> dict[str, str]:
    """Return the ids to write for those nodes whose own holds what is cleaned; no two nodes share one."""
    ids: dict[str, str] = {}
    unclean = [node for node, _ in listing.nodes() if clean(node) != node]
    if not unclean:
        return ids
    taken = {node for node, _ in listing.nodes()}
    for node in unclean:
        name = clean(node)
        while name in taken:
            name += "\ufffd"
        ids[node] = name
        taken.add(name)
    return ids
