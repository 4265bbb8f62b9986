"""The command line: it reads options, calls one function, and shows what came of it.

Results go to stdout or into files, everything said about them to stderr. Exit codes: 0 all was read, 1 some input was
skipped, 2 wrong usage or nothing could be written. What needs spaCy is imported when a command runs.
"""

import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import kg
from kg.errors import KGError, NoArticles
from kg.model import EVENT_TYPES, Kind, Notice
from kg.server.commands import serve, view

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
      kg build articles/ -o graph/ -f gexf,json,nt.gz --min-weight 2
      kg export graph/kg.json -o ukraine/ --around Ukraine --depth 2
      kg view graph/kg.json -o graph.html   a page to look at, in one file
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


def _writing_options(command: Command) -> Command:
    """Add what every command that writes a graph takes: where, in which formats, and which part of it."""
    number = click.IntRange(1)
    options = [
        click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The folder to write to."),
        click.option(
            "-f",
            "--format",
            "formats",
            metavar="FORMAT,...",
            multiple=True,
            default=("ttl,graphml",),
            show_default=True,
            help="Of ttl nt nq trig jsonld graphml gexf json html csv neo4j parquet; .gz after a name compresses.",
        ),
        click.option(
            "--profile",
            type=click.Choice(["core", "evidence", "full"]),
            default="evidence",
            show_default=True,
            help="How much RDF holds: the links, their quotes, or also how it was made and what roles there are.",
        ),
        click.option(
            "--base",
            metavar="IRI",
            default="https://kg.example/",
            show_default=True,
            help="What the IRIs in RDF begin with.",
        ),
        click.option("--kinds", metavar="KIND,...", help="Keep these alone, of person, country, event."),
        click.option("--since", metavar="DATE", help="Keep what was seen on or after this day, month or year."),
        click.option("--until", metavar="DATE", help="Keep what was seen on or before this day, month or year."),
        click.option("--min-weight", type=float, default=0, metavar="N", help="Keep links of this weight or more."),
        click.option("--min-articles", type=number, metavar="N", help="Keep links that this many articles show."),
        click.option(
            "--backbone",
            type=click.FloatRange(0, 1),
            metavar="ALPHA",
            help="Keep links that stand out at this level, such as 0.05 (disparity filter).",
        ),
        click.option("--around", metavar="NAME", help="Keep what is near this person, country or event."),
        click.option("--depth", type=number, default=1, show_default=True, metavar="N", help="How many links away."),
        click.option("--top", type=number, metavar="N", help="Keep the N nodes whose links weigh most."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_reading_options
@_writing_options
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
@click.option("--countries-in-names", is_flag=True, help='Keep those named only as in "Bank of China".')
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def build(
    inputs: tuple[str, ...],
    output: Path,
    formats: tuple[str, ...],
    profile: str,
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
    **filters: Any,
) -> None:
    """Read articles and write their knowledge graph.

    INPUT is a file (.txt .md .jsonl .json .csv .html), a folder of such files, or - for standard input.
    Existing files in the output folder are replaced only once all is done.
    """
    from kg.corpus import Places, articles, fold, in_order
    from kg.formats import check_target
    from kg.graph import Window
    from kg.records import extract as read_records
    from kg.records import select_events

    wanted = _event_types(types)
    chosen, names = _filters(filters), _listed(formats)
    check_target(output, names, base=base, profile=profile)
    progress, places = _Progress(), Places()
    found = articles(in_order(inputs), places, split=split, on_notice=progress.notice)
    records = progress.watch(read_records(found, model=model, accuracy=accuracy, processes=processes))
    records = (select_events(record, events, wanted) for record in records)
    graph = fold(records, places, window=Window(window), countries_in_names=countries_in_names)
    if profile == "full":
        from kg.provenance import run_record

        settings = {"window": window, "events": events, "types": ",".join(sorted(wanted))}
        graph.graph["run"] = run_record(inputs, model=model or accuracy, settings=settings)
    _write(graph, chosen, progress.skipped, output, names, as_json=as_json, base=base, profile=profile)
    progress.finish()


@main.command()
@click.argument("graph", metavar="GRAPH.json", type=click.Path(path_type=Path))
@_writing_options
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def export(
    graph: Path, output: Path, formats: tuple[str, ...], profile: str, base: str, as_json: bool, **filters: Any
) -> None:
    """Write a graph, or a part of it, in other formats, without reading the articles again.

    GRAPH.json is what `kg build -f json` has written.
    """
    from kg.formats import check_target
    from kg.formats.nodelink import read

    chosen, names = _filters(filters), _listed(formats)
    check_target(output, names, base=base, profile=profile)
    _write(read(graph), chosen, 0, output, names, as_json=as_json, base=base, profile=profile)


@main.command()
@click.option("--shapes", is_flag=True, help="Print the SHACL shapes instead: what holds of every file.")
def vocabulary(shapes: bool) -> None:
    """Print what our own terms in RDF mean, as an ontology in Turtle."""
    from kg import vocabulary as terms

    click.echo(terms.shapes() if shapes else terms.ontology(), nl=False)


main.add_command(view)
main.add_command(serve)


@main.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def validate(file: Path) -> None:
    """Check an RDF file against the shapes of our vocabulary; exit code 1 if it breaks them.

    FILE may be in any RDF format that kg writes, by kg or by another program, and compressed.
    """
    from kg.validation import findings

    found = 0
    for finding in findings(file):
        click.echo(finding)
        found += 1
    click.echo(f"kg: {file}: {f'{found} findings' if found else 'conforms'}", err=True)
    if found:
        sys.exit(SKIPPED)


def _listed(given: Iterable[str]) -> list[str]:
    """Return the names in lists with commas."""
    return [name.strip() for names in given for name in names.split(",")]


def _filters(given: dict[str, Any]) -> dict[str, Any]:
    """Return the filters that were given, as `kg.filters.select` takes them."""
    chosen = {name: value for name, value in given.items() if value and name != "depth"}
    if "kinds" in chosen:
        chosen["kinds"] = _listed([chosen["kinds"]])
        if unknown := sorted(set(chosen["kinds"]) - set(Kind)):
            raise click.BadParameter(f"no kind is {', '.join(unknown)}; there are {', '.join(Kind)}")
    for name in ("since", "until"):
        if name in chosen and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", chosen[name]):
            raise click.BadParameter(f"{chosen[name]!r} is no ISO date, such as 2024-05-31, 2024-05 or 2024")
    return chosen | ({"depth": given["depth"]} if "around" in chosen else {})


def _write(
    graph: "nx.Graph",
    filters: dict[str, Any],
    skipped: int,
    output: Path,
    formats: list[str],
    *,
    as_json: bool,
    **settings: str,
) -> None:
    """Write the part of a graph that the filters let through, and say what was written and what was filtered out."""
    from kg.filters import left_out, select
    from kg.formats import write_all

    part = select(graph, **filters) if filters else graph
    written = write_all(part, output, formats, **settings)
    summary = _summary(part, skipped)
    if filters:
        summary["filtered out"] = left_out(graph, part)
    click.echo(json.dumps(summary, ensure_ascii=False) if as_json else _as_text(summary))
    for path in written:
        click.echo(f"wrote {path}", err=True)


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
    if "filtered out" in summary:
        lines += ["", "filtered out"] + [f"{name:<10}{number:>8,}" for name, number in summary["filtered out"].items()]
    if summary["strongest"]:
        lines += ["", "strongest links"]
    lines += [f"{link['weight']:>8g}  {link['a']} – {link['b']}" for link in summary["strongest"]]
    return "\n".join(lines)
