"""The command line: it reads options, calls one function, and shows what came of it.

Results go to stdout or into files, everything said about them to stderr. Exit codes: 0 all was read, 1 some input was
skipped, 2 wrong usage or nothing could be written. What needs spaCy is imported when a command runs.
"""

import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import kg
from kg.errors import KGError, NoArticles
from kg.model import EVENT_TYPES, Notice

if TYPE_CHECKING:
    import networkx as nx

Value = TypeVar("Value")
Command = TypeVar("Command", bound=Callable[..., Any])

WRONG_USAGE, SKIPPED = 2, 1


class Commands(click.Group):
    """The commands, with our own errors shown as one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(SKIPPED if isinstance(error, NoArticles) else WRONG_USAGE)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(kg.__version__, prog_name="kg")
def main() -> None:
    """Turn news articles into a knowledge graph of the people, countries and events in them.

    Entities are linked where they occur together, and every link keeps the sentences that prove it.

    \b
    Examples:
      kg build articles/ -o graph/          read a folder, write graph/kg.ttl and graph/kg.graphml
      kg build news.jsonl more.csv -o graph/ --window paragraph
      kg extract news.jsonl > records.jsonl  what each article says, one JSON object a line
      cat story.txt | kg extract -

    Open kg.graphml in Gephi; load kg.ttl into a SPARQL store; or call kg.build("articles/") in Python.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")


def _reading_options(command: Command) -> Command:
    """Add what every command that reads articles takes: the inputs, and how to read them."""
    options = [
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
        click.option(
            "--split/--one-per-file",
            default=None,
            help="Split text files at headlines, or never. By default only files that clearly hold several articles.",
        ),
        click.option("--model", metavar="NAME", help="Take the entities from this installed spaCy pipeline instead."),
        click.option(
            "--accuracy",
            type=click.Choice(["best", "fast"]),
            default="best",
            show_default=True,
            help="Read with the trained recogniser, or by rules alone.",
        ),
        click.option(
            "--processes",
            type=click.IntRange(1),
            default=1,
            show_default=True,
            help="Read articles in N processes.",
            metavar="N",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_reading_options
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The folder to write to.")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    default=("ttl", "graphml"),
    show_default=True,
    help="A file format, ttl or graphml; may be given several times.",
)
@click.option(
    "--base",
    metavar="IRI",
    default="https://kg.example/",
    show_default=True,
    help="What the IRIs in kg.ttl begin with.",
)
@click.option(
    "--window",
    type=click.Choice(["sentence", "paragraph", "article"]),
    default="sentence",
    show_default=True,
    help="Link what occurs together within this.",
)
@click.option(
    "--events",
    type=click.Choice(["all", "named", "none"]),
    default="all",
    show_default=True,
    help="Which events to keep: all, those with a name, or none.",
)
@click.option("--types", metavar="TYPE,...", help="Keep events of these types alone, such as meeting,visit.")
@click.option(
    "--knowledge",
    metavar="FILE|URL",
    help="Find Wikidata items of people and events in this table, or ask this reconciliation service.",
)
@click.option("--countries-in-names", is_flag=True, help='Keep those named only as in "Bank of China".')
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def build(
    inputs: tuple[str, ...],
    output: Path,
    formats: tuple[str, ...],
    base: str,
    as_json: bool,
    processes: int,
    model: str | None,
    accuracy: str,
    split: bool | None,
    window: str,
    countries_in_names: bool,
    events: str,
    types: str | None,
    knowledge: str | None,
) -> None:
    """Read articles and write their knowledge graph.

    INPUT is a file (.txt .md .jsonl .json .csv .html), a folder of such files, or - for standard input.
    Existing files in the output folder are replaced only once all is done.
    """
    from kg.corpus import Places, articles, fold, in_order
    from kg.formats import check_target, write_all
    from kg.graph import Window
    from kg.identity.knowledge import read_knowledge
    from kg.records import extract as read_records
    from kg.records import select_events

    wanted = _event_types(types)
    known = read_knowledge(knowledge) if knowledge else None
    check_target(output, formats, base=base)
    progress, places = _Progress(), Places()
    found = articles(in_order(inputs), places, split=split, on_notice=progress.notice)
    records = progress.watch(read_records(found, model=model, accuracy=accuracy, processes=processes))
    records = (select_events(record, events, wanted) for record in records)
    graph = fold(records, places, window=Window(window), countries_in_names=countries_in_names, knowledge=known)
    written = write_all(graph, output, formats, base=base)
    summary = _summary(graph, progress.skipped)
    click.echo(json.dumps(summary, ensure_ascii=False) if as_json else _as_text(summary))
    for path in written:
        click.echo(f"wrote {path}", err=True)
    progress.finish()


def _event_types(types: str | None) -> Collection[str]:
    """Return the types of events in a list with commas, all if there is no list."""
    wanted = [name.strip() for name in types.split(",")] if types else list(EVENT_TYPES)
    if unknown := sorted(set(wanted) - set(EVENT_TYPES)):
        known = ", ".join(EVENT_TYPES)
        raise click.BadParameter(f"no type of event is {', '.join(unknown)}; there are {known}", param_hint="--types")
    return wanted


@main.command()
@_reading_options
def extract(inputs: tuple[str, ...], processes: int, model: str | None, accuracy: str, split: bool | None) -> None:
    """Print what each article says, one JSON object a line, in the order of the input.

    Each object holds the article, its entities with their mentions as offsets (code points, end exclusive) into its
    text, and the offsets of its sentences.
    """
    from kg.corpus import articles
    from kg.records import extract as read_records
    from kg.records import to_json

    progress = _Progress()
    found = articles(inputs, {}, split=split, on_notice=progress.notice)
    for record in progress.watch(read_records(found, model=model, accuracy=accuracy, processes=processes)):
        click.echo(to_json(record))
    if not progress.read:
        raise NoArticles("no article could be read; give files or folders of articles")
    progress.finish()


@main.command()
@click.argument("recipe", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="What the files are relative to.  [default: the recipe]")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Checkpoints and weights go here.")
@click.option("--base", metavar="FOLDER", help="The BERT encoder to start from.  [default: MiniLM, in kg[train]]")
@click.option("--threads", type=click.IntRange(1), help="Use so many cores.  [default: all]", metavar="N")
def train(recipe: Path, data: Path | None, output: Path, base: str | None, threads: int | None) -> None:
    """Train the recogniser of names and events on annotated texts.

    RECIPE is a TOML file that names them. An interrupted training goes on where it was when called again. The best
    weights lie in OUTPUT/weights, with a model card.
    """
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise click.UsageError('training needs more than the recogniser does: pip install "kg[train]"') from error
    from kg.training.recipe import read_recipe
    from kg.training.train import train as run

    def say(line: str) -> None:
        click.echo(line, err=True)

    weights = run(read_recipe(recipe), data or recipe.parent, output, base=base, threads=threads or 0, say=say)
    click.echo(weights)


class _Progress:
    """Counts what is read and skipped; on a terminal, with a progress bar on stderr."""

    def __init__(self) -> None:
        self.read = self.skipped = 0

    def notice(self, notice: Notice) -> None:
        """Show a notice, above the progress bar if there is one."""
        from tqdm import tqdm

        self.skipped += notice.skipped
        with tqdm.external_write_mode(file=sys.stderr):
            click.echo(f"kg: {notice}", err=True)

    def watch(self, values: Iterable[Value]) -> Iterator[Value]:
        """Yield `values`, counting them."""
        from tqdm import tqdm

        for value in tqdm(values, unit=" articles", disable=None, file=sys.stderr, leave=False):
            self.read += 1
            yield value

    def finish(self) -> None:
        """End the command: with exit code 1 if some input was skipped."""
        if self.skipped:
            click.echo(f"kg: skipped {self.skipped} of the inputs, see above", err=True)
            sys.exit(SKIPPED)


def _summary(graph: "nx.Graph", skipped: int) -> dict[str, Any]:
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    label = graph.nodes(data="label")
    strongest = sorted(graph.edges(data="weight"), key=lambda link: (-link[2], link[0], link[1]))[:10]
    return {
        "articles": len(graph.graph["articles"]),
        "skipped": skipped,
        "people": kinds.count("person"),
        "countries": kinds.count("country"),
        "events": kinds.count("event"),
        "links": graph.number_of_edges(),
        "strongest": [{"a": label[a], "b": label[b], "weight": weight} for a, b, weight in strongest],
    }


def _as_text(summary: dict[str, Any]) -> str:
    counts = ("articles", "skipped", "people", "countries", "events", "links")
    lines = [f"{name:<10}{summary[name]:>8,}" for name in counts]
    if summary["strongest"]:
        lines += ["", "strongest links"]
    lines += [f"{link['weight']:>8g}  {link['a']} – {link['b']}" for link in summary["strongest"]]
    return "\n".join(lines)
