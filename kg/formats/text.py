"""From any text to text that every format can hold."""

import re

# Control characters but tab, line feed and carriage return; lone surrogates; and the last two of the basic plane,
# which XML 1.0 forbids.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return `text` with U+FFFD in place of each character that no reader need accept, so that offsets still hold.

    >>> clean("bell\\x07")
    'bell\ufffd'
    """
    return _FORBIDDEN.sub("\ufffd", text)
