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
from kg.model import EVENT_TYPES, Article, Notice

if TYPE_CHECKING:
    from datetime import datetime

    import networkx as nx

    from kg.store import Store

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
      kg build archive/ --store my.kg -o graph/   and keep what was read, so that it can grow: kg add --help
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
        _split_option,
        click.option("--model", metavar="NAME", help="Take the entities from this installed spaCy pipeline instead."),
        click.option(
            "--accuracy",
            type=click.Choice(["best", "fast"]),
            default="best",
            show_default=True,
            help="Read with the trained recogniser, or by rules alone.",
        ),
        _processes_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


_split_option = click.option(
    "--split/--one-per-file",
    default=None,
    help="Split text files at headlines, or never. By default only files that clearly hold several articles.",
)
_processes_option = click.option(
    "--processes",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Read articles in N processes.",
    metavar="N",
)
_store_option = click.option(
    "--store", type=click.Path(path_type=Path), metavar="FILE", required=True, help="The store, which kg build made."
)


def _graph_options(command: Command) -> Command:
    """Add what every command that writes a graph takes: where, how, and what of the records goes into it."""
    for option in reversed(_GRAPH_OPTIONS):
        command = option(command)
    return command


_GRAPH_OPTIONS = [
    click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The folder to write to."),
    click.option(
        "-f",
        "--format",
        "formats",
        multiple=True,
        default=("ttl", "graphml"),
        show_default=True,
        help="A file format, ttl or graphml; may be given several times.",
    ),
    click.option(
        "--base",
        metavar="IRI",
        default="https://kg.example/",
        show_default=True,
        help="What the IRIs in kg.ttl begin with.",
    ),
    click.option(
        "--window",
        type=click.Choice(["sentence", "paragraph", "article"]),
        default="sentence",
        show_default=True,
        help="Link what occurs together within this.",
    ),
    click.option(
        "--events",
        type=click.Choice(["all", "named", "none"]),
        default="all",
        show_default=True,
        help="Which events to keep: all, those with a name, or none.",
    ),
    click.option("--types", metavar="TYPE,...", help="Keep events of these types alone, such as meeting,visit."),
    click.option("--countries-in-names", is_flag=True, help='Keep those named only as in "Bank of China".'),
    click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
]


@main.command()
@_reading_options
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep what is read in this file; building again reads only what is new or changed.",
)
@_graph_options
def build(
    inputs: tuple[str, ...],
    processes: int,
    model: str | None,
    accuracy: str,
    split: bool | None,
    store: Path | None,
    output: Path,
    formats: tuple[str, ...],
    base: str,
    **graph: Any,
) -> None:
    """Read articles and write their knowledge graph.

    INPUT is a file (.txt .md .jsonl .json .csv .html), a folder of such files, or - for standard input.
    Existing files in the output folder are replaced only once all is done.
    """
    from kg.corpus import bring_up
    from kg.extractor import Settings
    from kg.formats import check_target
    from kg.store import opened

    graph["types"] = _event_types(graph["types"])
    check_target(output, formats, base=base)
    progress, settings = _Progress(), Settings(model, accuracy)
    how: dict[str, Any] = {"split": split, "processes": processes}
    how |= {"on_notice": progress.notice, "watch": progress.watch}
    with opened(store, create=True) as kept:
        bring_up(kept, inputs, settings=settings, **how)
        _write_graph(kept, progress, output, formats, base, **graph)
    progress.finish()


def _write_graph(
    store: "Store",
    progress: "_Progress",
    output: Path,
    formats: tuple[str, ...],
    base: str,
    *,
    window: str,
    countries_in_names: bool,
    events: str,
    types: Collection[str],
    as_json: bool,
) -> None:
    """Write the graph of what `store` holds, and print a summary."""
    from kg.corpus import fold
    from kg.formats import write_all
    from kg.graph import Window
    from kg.records import select_events
    from kg.store import kept_records

    records = (select_events(record, events, types) for record in kept_records(store))
    graph = fold(records, window=Window(window), countries_in_names=countries_in_names)
    written = write_all(graph, output, formats, base=base)
    summary = _summary(graph, progress.skipped)
    click.echo(json.dumps(summary, ensure_ascii=False) if as_json else _as_text(summary))
    for path in written:
        click.echo(f"wrote {path}", err=True)


@main.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@_store_option
@_split_option
@_processes_option
def add(inputs: tuple[str, ...], store: Path, split: bool | None, processes: int) -> None:
    """Add articles to a store, read as those in it were.

    An article that is in the store already is not read again. Without INPUT, what a stopped run or an earlier version
    of kg has left to be read is read.

    \b
    Example:
      kg add today.jsonl --store my.kg && kg export --store my.kg -o graph/
    """
    from kg.corpus import bring_up
    from kg.store import opened, status

    progress = _Progress()
    with opened(store) as kept:
        before = status(kept)["articles"]
        bring_up(kept, inputs, split=split, processes=processes, on_notice=progress.notice, watch=progress.watch)
        after = status(kept)["articles"]
    click.echo(f"{_articles(after - before)} added, {after:,} in {store}")
    progress.finish()


def _articles(number: int) -> str:
    return f"{number:,} article{'s' * (number != 1)}"


@main.command()
@_store_option
@click.option("--article", "ids", multiple=True, metavar="ID", help="Remove this article; may be given several times.")
@click.option("--source", metavar="NAME", help="Remove all articles of this source.")
@click.option(
    "--before", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Remove all articles published before this day."
)
@_processes_option
def remove(store: Path, ids: tuple[str, ...], source: str | None, before: "datetime | None", processes: int) -> None:
    """Take articles out of a store, as if they had never been in it.

    An article without a date is before no day. The graph changes with the next kg export.

    \b
    Examples:
      kg remove --store my.kg --article 7a480c1a480c8db176be
      kg remove --store my.kg --before 2024-01-01
    """
    from kg.corpus import read_up
    from kg.store import opened, status, take_out

    if sum(map(bool, (ids, source, before))) != 1:
        raise click.UsageError("say what to remove with one of --article, --source and --before")
    progress = _Progress()
    with opened(store) as kept:
        day = before.date().isoformat() if before else None
        gone = take_out(kept, articles=ids, source=source, before=day)
        read_up(kept, processes=processes, watch=progress.watch)
        left = status(kept)["articles"]
    for id in sorted({*ids} - gone):
        progress.notice(Notice(id, f"no article in {store} has this id", "see the ids with kg extract"))
    click.echo(f"{_articles(len(gone))} removed, {left:,} in {store}")
    progress.finish()


@main.command()
@_store_option
@_graph_options
def export(store: Path, output: Path, formats: tuple[str, ...], base: str, **graph: Any) -> None:
    """Write the knowledge graph of all articles in a store.

    Existing files in the output folder are replaced only once all is done.
    """
    from kg.formats import check_target
    from kg.store import check_finished, opened

    graph["types"] = _event_types(graph["types"])
    check_target(output, formats, base=base)
    with opened(store, read_only=True) as kept:
        check_finished(kept)
        _write_graph(kept, _Progress(), output, formats, base, **graph)


@main.command()
@_store_option
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(store: Path, as_json: bool) -> None:
    """Say what a store holds, and whether anything is left to do."""
    from kg.store import opened
    from kg.store import status as status_of

    with opened(store, read_only=True) as kept:
        known = status_of(kept)
    click.echo(json.dumps(known, ensure_ascii=False) if as_json else "\n".join(_as_lines(known)))


def _as_lines(status: dict[str, Any]) -> Iterator[str]:
    """Yield what `kg status` prints."""
    counts = {"articles": "articles", "waiting": "not yet read", "mentions": "mentions", "sources": "sources"}
    yield from (f"{text:<14}{status[name]:>12,}" for name, text in counts.items())
    yield f"{'published':<14}{status['first'] or 'unknown'} to {status['last'] or 'unknown'}"
    yield f"{'read':<14}with {status['model'] or 'accuracy ' + status['accuracy']}"
    yield f"{'size':<14}{status['bytes'] / 1e6:,.1f} MB"
    if status["unfinished"]:
        yield f"kg {status['unfinished']} was stopped midway; run it again, it goes on where it was"
    elif not status["up_to_date"]:
        yield "read by another version of kg; the next build or add reads all articles anew"


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
    records = read_records(found, model=model, accuracy=accuracy, processes=processes)
    for record in progress.watch(records, progress.number_of(inputs, split)):
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

    def watch(self, values: Iterable[Value], number: int | None = None) -> Iterator[Value]:
        """Yield `values`, counting them; with the `number` of them, the bar tells the time left."""
        from tqdm import tqdm

        self.read = 0
        bar = {"unit": " articles", "disable": None, "file": sys.stderr, "leave": False, "dynamic_ncols": True}
        for value in tqdm(values, desc=None if number is None else "reading", total=number, **bar):
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
