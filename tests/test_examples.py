"""The commands that the README and docs/ show are run, in their order, on a few articles written for it."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# What waits for keys or requests, trains for an hour, or starts processes: of these the words alone are checked.
ONLY_READ = {"serve", "review", "train"}
ONLY_READ_WITH = {"--engine", "--processes"}

ARTICLES = {
    "monday": (
        "Xi Jinping met Vladimir Putin in Moscow on Monday. Vladimir Putin spoke of Ukraine, Xi Jinping of China.\n\n"
        "Volodymyr Zelensky said that Ukraine would go on. Volodymyr Zelensky called Vladimir Putin from Ukraine."
    ),
    "tuesday": (
        "Vladimir Putin and Xi Jinping signed a paper on Ukraine. The United States criticised Russia.\n\n"
        "Volodymyr Zelensky of Ukraine will travel to the United States."
    ),
}


def examples(document):
    """Return the words of each `kg` command that a document shows; what is two spaces after it says what it does."""
    shown = re.findall(r"^    (kg .+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return [shlex.split(re.split(r"\s{2,}", line)[0])[1:] for line in shown]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with what the examples read."""
    folder = tmp_path_factory.mktemp("examples")
    for name in ("articles", "seeds", "news", "archive"):
        (folder / name).mkdir()
        for title, text in ARTICLES.items():
            (folder / name / f"{title}.txt").write_text(f"News of {title}\n\n{text}\n")
    rows = [{"id": title, "text": text, "published": "2024-02-01"} for title, text in ARTICLES.items()]
    for name in ("news.jsonl", "today.jsonl"):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if examples(d)], ids=lambda document: document.name)
def test_each_command_that_is_shown_works(document, folder, monkeypatch):
    monkeypatch.chdir(folder)
    for words in examples(document):
        asked, file = (words[:-2], words[-1]) if ">" in words else (words, None)
        if asked[0] in ONLY_READ or ONLY_READ_WITH & {*asked}:
            command = main.commands[asked[0]]
            assert command.make_context(asked[0], asked[1:], resilient_parsing=True).params
            assert [word for word in asked if word.startswith("--") and not knows(command, word)] == []
            continue
        result = CliRunner().invoke(main, asked)
        assert result.exit_code == 0, f"kg {shlex.join(words)}: {result.stderr}"
        if file:
            Path(file).write_text(result.stdout)


def knows(command, option):
    return any(option in parameter.opts for parameter in command.params)
