"""From the words after a command to how its articles are read: the options of all commands that read articles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

split_option = click.option(
    "--split/--one-per-file",
    default=None,
    help="Split text files at headlines, or never. By default only files that clearly hold several articles.",
)

processes_option = click.option(
    "--processes",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Read articles in N processes.",
    metavar="N",
)

curation_option = click.option(
    "--curation",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Corrections to apply.  [default: the curation.csv in each folder given]",
)

knowledge_option = click.option(
    "--knowledge",
    metavar="FILE|URL",
    help="Find Wikidata items of people and events in this table, or ask this reconciliation service.",
)


def reading_options(command: Command) -> Command:
    """Add what every command that reads articles takes: the inputs, and how to read them."""
    options = [
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
        split_option,
        click.option("--model", metavar="NAME", help="Take the entities from this installed spaCy pipeline instead."),
        click.option(
            "--accuracy",
            type=click.Choice(["best", "fast"]),
            default="best",
            show_default=True,
            help="Read with the trained recogniser, or by rules alone.",
        ),
        processes_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command
