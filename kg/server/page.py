"""From a graph to the page that shows it: one HTML file that needs no other file and no network.

`static/` holds the page as built from the sources in `page/` (see the README there). What the page may load is said in
its content security policy: its own script and style, by their digests, and nothing from anywhere else.
"""

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from kg.formats.listing import Listing, listed
from kg.formats.settings import Settings
from kg.server.drawing import WHOLE, core, drawing

_NO_HTML = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"})
_SURROGATE = re.compile("[\ud800-\udfff]")


def write_page(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as a page that holds all of it, or of more than `WHOLE` nodes the core; it says so."""
    nodes, links = (sum(1 for _ in part) for part in (listing.nodes(), listing.outlines()))
    shown = listed(core(listing, WHOLE)) if nodes > WHOLE else listing
    out.write(page(drawing(shown) | {"total": {"nodes": nodes, "links": links}}).encode())


def page(data: dict[str, Any]) -> str:
    """Return the page with what it is to show: a drawing, or `{"api": address}` of the server to ask."""
    style, script = _static("explorer.css"), _static("explorer.js")
    connect = "'self'" if "api" in data else "'none'"
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'sha256-{_digest(style)}'; "
        f"connect-src {connect}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {"POLICY": policy, "STYLE": style, "DATA": as_json(data), "SCRIPT": script}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _static("explorer.html"))


def as_json(data: Any) -> str:
    """Return JSON that no browser takes for HTML, wherever it stands. Lone surrogates are replaced."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _SURROGATE.sub("\ufffd", text).translate(_NO_HTML)


@cache
def _static(name: str) -> str:
    return (files("kg.server") / "static" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
