"""The page as it is shipped: built from the sources beside it, as large as it should be, and with its licences."""

import hashlib
from pathlib import Path

SERVER = Path(__file__).parent.parent / "kg" / "server"


def test_the_page_was_built_from_the_sources_as_they_are():
    names = ["build.mjs", "explorer.css", "explorer.html", "package-lock.json"]
    names += [f"src/{path.name}" for path in (SERVER / "page" / "src").iterdir()]
    digests = {name: hashlib.sha256((SERVER / "page" / name).read_bytes()).hexdigest() for name in names}
    built = dict(reversed(line.split()) for line in (SERVER / "static" / "SOURCES.sha256").read_text().splitlines())
    assert built == digests, "the page's sources changed: npm ci && npm run build in kg/server/page"


def test_what_is_bundled_has_its_licence():
    licences = (SERVER / "static" / "LICENSES.txt").read_text(encoding="utf-8")
    assert all(f"{name} " in licences for name in ("graphology", "sigma"))
    assert (SERVER / "static" / "explorer.js").stat().st_size < 300_000
