"""The worked example of docs/curation.md: its files are written, its commands are run, and they print what it shows."""

import doctest
import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from kg.cli import main
from kg.curation import Operation

TEXT = (Path(__file__).parent.parent / "docs" / "curation.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(text|csv|console) ?(\S*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_example_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("news").mkdir()
    commands = 0
    for kind, file, content in BLOCK.findall(TEXT):
        if kind == "console":
            command, _, expected = content.removeprefix("$ kg ").partition("\n")
            shown = CliRunner().invoke(main, shlex.split(command), catch_exceptions=False).output
            matches = doctest.OutputChecker().check_output(expected, shown, doctest.ELLIPSIS)
            assert matches, f"{command}\n{shown}\nis not\n{expected}"
            commands += 1
        else:
            Path(file).write_text(content, encoding="utf-8")
    assert commands == 4


def test_each_operation_has_its_row():
    assert [operation for operation in Operation if f"| `{operation}` |" not in TEXT] == []
