"""From what is read and skipped to what a command says on stderr while it runs, and the exit code it ends with."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from kg.model import Article, Notice

Value = TypeVar("Value")

# Exit codes: some input was skipped; wrong usage, or nothing could be written.
SKIPPED, WRONG_USAGE = 1, 2


class Progress:
    """Counts what is read and skipped; on a terminal, with a progress bar on stderr."""

    def __init__(self) -> None:
        self.read = self.skipped = 0

    def notice(self, notice: Notice) -> None:
        """Show a notice, above the progress bar if there is one."""
        from tqdm import tqdm

        self.skipped += notice.skipped
        with tqdm.external_write_mode(file=sys.stderr):
            click.echo(f"kg: {notice}", err=True)

    def watch(self, values: Iterable[Value], number: int | None = None, doing: str = "reading") -> Iterator[Value]:
        """Yield `values`, counting them; the bar says what is done and, with their `number`, the time left."""
        from tqdm import tqdm

        self.read = 0
        tqdm.monitor_interval = 0  # no thread beside the work: a process with threads cannot be forked
        shown = {"unit": " articles", "disable": None, "file": sys.stderr, "leave": False, "dynamic_ncols": True}
        bar = {**shown, "miniters": 1}
        for value in tqdm(values, desc=doing, total=number, **bar):
            self.read += 1
            yield value

    def number_of(self, inputs: tuple[str, ...], split: bool | None) -> int | None:
        """Count the articles of `inputs` in advance, if there is somebody to see it and they can be read twice."""
        from kg.articles import read_articles

        if not sys.stderr.isatty() or not all(Path(given).is_dir() or Path(given).is_file() for given in inputs):
            return None
        return len({article.id for article in read_articles(inputs, split=split) if isinstance(article, Article)})

    def finish(self) -> None:
        """End the command: with exit code 1 if some input was skipped."""
        if self.skipped:
            click.echo(f"kg: skipped {self.skipped} of the inputs, see above", err=True)
            sys.exit(SKIPPED)
