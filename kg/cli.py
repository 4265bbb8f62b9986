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
from kg.commands import ask, view
from kg.errors import KGError, NoArticles
from kg.model import EVENT_TYPES, Article, Kind, Notice

if TYPE_CHECKING:
    from datetime import datetime

    import networkx as nx

    from kg.curation import Curation
    from kg.identity import Identity
    from kg.identity.knowledge import Knowledge
    from kg.model import Place, Record
    from kg.review import Question, Side
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
      kg build articles/ -o graph/ -f gexf,json,nt.gz --min-weight 2
      kg export graph/kg.json -o ukraine/ --around Ukraine --depth 2
      kg view graph/kg.json -o graph.html   a page to look at, in one file
      kg ask neighbours putin -g graph/      who is linked to whom, and how: see kg ask --help
      kg extract news.jsonl > records.jsonl  what each article says, one JSON object a line
      cat story.txt | kg extract -
      kg entities articles/ -o entities.csv  who and what is in it, as a table to correct in a spreadsheet
      kg review articles/                   decide on likely duplicates, one key each
      kg trace "Ann Lee" articles/          why somebody is in the graph, or why not

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


_curation_option = click.option(
    "--curation",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Corrections to apply.  [default: the curation.csv in each folder given]",
)


_knowledge_option = click.option(
    "--knowledge",
    metavar="FILE|URL",
    help="Find Wikidata items of people and events in this table, or ask this reconciliation service.",
)


def _graph_options(command: Command) -> Command:
    """Add what every command that makes a graph of records takes: what of them goes into it."""
    options = [
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
        _knowledge_option,
        click.option("--countries-in-names", is_flag=True, help='Keep those named only as in "Bank of China".'),
        click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_reading_options
@_curation_option
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep what is read in this file; building again reads only what is new or changed.",
)
@_writing_options
@_graph_options
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where the work is done. Spark writes tables into OUTPUT/tables as well.",
)
@click.option("--master", default="local[*]", show_default=True, help="The Spark cluster.", metavar="URL")
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
    curation: Path | None,
    knowledge: str | None,
    store: Path | None,
    engine: str,
    master: str,
    **filters: Any,
) -> None:
    """Read articles and write their knowledge graph.

    INPUT is a file (.txt .md .jsonl .json .csv .html .parquet .warc .warc.gz), a folder of such files, or - for
    standard input.
    A file curation.csv in such a folder holds corrections: see kg curate --help.
    Existing files in the output folder are replaced only once all is done.
    """
    from kg.corpus import bring_up, corrections_to
    from kg.extractor import Settings
    from kg.formats import check_target
    from kg.identity.knowledge import read_knowledge
    from kg.store import opened

    progress = _Progress()
    wanted = _event_types(types)
    known = read_knowledge(knowledge) if knowledge else None
    chosen, names = _filters(filters), _listed(formats)
    check_target(output, names, base=base, profile=profile)
    corrections = corrections_to(inputs, curation, progress.notice)
    if engine == "spark":
        from kg import spark
        from kg.corpus import in_order

        if store:
            raise click.UsageError(
                "a store is read and filled by the local engine; leave out --store or --engine spark"
            )
        session = spark.session(master)
        given = spark.read(session, in_order(inputs), split=split, on_notice=progress.notice)
        built = spark.build(
            session,
            given,
            output / "tables",
            model=model,
            accuracy=accuracy,
            window=window,
            countries_in_names=countries_in_names,
            events=events,
            types=wanted,
            curation=corrections,
            knowledge=known,
            on_notice=progress.notice,
        )
        graph = spark.graph_in(built)
    else:
        how: dict[str, Any] = {"split": split, "processes": processes, "settings": Settings(model, accuracy)}
        with opened(store, create=True) as kept:
            bring_up(kept, inputs, on_notice=progress.notice, watch=progress.watch, **how)
            graph = _folded(kept, progress, window, countries_in_names, events, wanted, corrections, known)
    if profile == "full":
        from kg.provenance import run_record

        settings = {"window": window, "events": events, "types": ",".join(sorted(wanted))}
        read: list[str | Path] = [*inputs, *([curation] if curation else [])]
        graph.graph["run"] = run_record(read, model=model or accuracy, settings=settings)
    _write(graph, chosen, progress.skipped, output, names, as_json=as_json, base=base, profile=profile)
    progress.finish()


def _folded(
    store: "Store",
    progress: "_Progress",
    window: str,
    countries_in_names: bool,
    events: str,
    types: Collection[str],
    corrections: "Curation",
    knowledge: "Knowledge | None",
) -> "nx.Graph":
    """Return the graph of all that `store` holds."""
    from kg.corpus import fold
    from kg.graph import Window
    from kg.store import kept_records

    return fold(
        kept_records(store),
        window=Window(window),
        countries_in_names=countries_in_names,
        events=events,
        types=types,
        curation=corrections,
        knowledge=knowledge,
        on_notice=progress.notice,
    )


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

    An article without a date is before no day. The file is written anew, so that nothing of them is left in it. The
    graph changes with the next kg export.

    \b
    Examples:
      kg remove --store my.kg --article 7a480c1a480c8db176be
      kg remove --store my.kg --before 2024-01-01
    """
    from kg.corpus import read_up
    from kg.store import compact, opened, status, take_out

    if sum(map(bool, (ids, source, before))) != 1:
        raise click.UsageError("say what to remove with one of --article, --source and --before")
    progress = _Progress()
    with opened(store) as kept:
        day = before.date().isoformat() if before else None
        gone = take_out(kept, articles=ids, source=source, before=day)
        read_up(kept, processes=processes, watch=progress.watch)
        left = status(kept)["articles"]
    if gone:
        compact(store)
    for id in sorted({*ids} - gone):
        progress.notice(Notice(id, f"no article in {store} has this id", "see the ids with kg extract"))
    click.echo(f"{_articles(len(gone))} removed, {left:,} in {store}")
    progress.finish()


@main.command()
@click.argument("graph", metavar="[GRAPH.json]", required=False, type=click.Path(path_type=Path))
@click.option("--store", type=click.Path(path_type=Path), metavar="FILE", help="Write the graph of this store instead.")
@click.option("--curation", type=click.Path(path_type=Path), metavar="FILE", help="With --store: corrections to apply.")
@_writing_options
@_graph_options
def export(
    graph: Path | None,
    store: Path | None,
    curation: Path | None,
    output: Path,
    formats: tuple[str, ...],
    profile: str,
    base: str,
    as_json: bool,
    window: str,
    countries_in_names: bool,
    events: str,
    types: str | None,
    knowledge: str | None,
    **filters: Any,
) -> None:
    """Write a graph, or a part of it, without reading the articles again.

    GRAPH.json is what `kg build -f json` has written. With --store, it is the graph of all articles in the store, and
    the options of kg build that concern the graph apply.
    """
    from kg.corpus import corrections_to
    from kg.formats import check_target
    from kg.formats.nodelink import read
    from kg.identity.knowledge import read_knowledge
    from kg.store import check_finished, opened

    if (graph is None) == (store is None):
        raise click.UsageError("name what to export: GRAPH.json, or a store with --store FILE")
    progress = _Progress()
    wanted = _event_types(types)
    chosen, names = _filters(filters), _listed(formats)
    check_target(output, names, base=base, profile=profile)
    if graph:
        made = read(graph)
    else:
        known = read_knowledge(knowledge) if knowledge else None
        corrections = corrections_to((), curation, progress.notice)
        with opened(store, read_only=True) as kept:
            check_finished(kept)
            made = _folded(kept, progress, window, countries_in_names, events, wanted, corrections, known)
    _write(made, chosen, progress.skipped, output, names, as_json=as_json, base=base, profile=profile)
    progress.finish()


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


@main.command()
@click.option("--shapes", is_flag=True, help="Print the SHACL shapes instead: what holds of every file.")
def vocabulary(shapes: bool) -> None:
    """Print what our own terms in RDF mean, as an ontology in Turtle."""
    from kg import vocabulary as terms

    click.echo(terms.shapes() if shapes else terms.ontology(), nl=False)


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
    records = read_records(found, model=model, accuracy=accuracy, processes=processes)
    for record in progress.watch(records, progress.number_of(inputs, split)):
        click.echo(to_json(record))
    if not progress.read:
        raise NoArticles("no article could be read; give files or folders of articles")
    progress.finish()


@main.command()
@_reading_options
@_curation_option
@_knowledge_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The table to write.  [default: to stdout]")
@click.option("--kind", type=click.Choice(["person", "country", "event"]), help="List these alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead.")
def entities(
    inputs: tuple[str, ...],
    output: Path | None,
    kind: str | None,
    as_json: bool,
    curation: Path | None,
    **reading: Any,
) -> None:
    """List who and what is in the graph, as a table to look through and to correct.

    Each row has the id, label, kind, Wikidata item, aliases, numbers of mentions and articles, a quote, and what is
    doubtful; the most mentioned come first. Edit the columns label, kind and wikidata, put an id or a label into
    merge_into, or an x into drop; then hand the table to kg curate.

    \b
    Examples:
      kg entities articles/ -o entities.csv
      kg entities articles/ --kind person --json | head
    """
    from kg.corpus import graph_of
    from kg.curation import check_file, replace_file
    from kg.entities import entities as listed
    from kg.entities import to_csv
    from kg.graph import Window
    from kg.identity import relabelled

    if output:
        check_file(output)
    progress = _Progress()
    raw, identity, places = _resolved(inputs, curation, progress, **reading)
    records = [relabelled(record, identity) for record in raw]
    graph = graph_of(records, identity, places, Window.SENTENCE)
    rows = [row for row in listed(graph, records, identity) if kind in (None, row["kind"])]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) if as_json else to_csv(rows)
    if output:
        replace_file(output, text if as_json else "\ufeff" + text)  # without the mark spreadsheets garble accents
        click.echo(f"wrote {output}", err=True)
    else:
        click.echo(text, nl=False)
    progress.finish()


def _resolved(
    inputs: tuple[str, ...], curation: Path | None, progress: "_Progress", knowledge: str | None = None, **reading: Any
) -> "tuple[list[Record], Identity, dict[str, set[Place]]]":
    """Return the records of the articles, who is who in them, and where the articles were found."""
    from kg.corpus import corrections_to, who_is_who
    from kg.identity.knowledge import read_knowledge

    known = read_knowledge(knowledge) if knowledge else None
    corrections = corrections_to(inputs, curation, progress.notice)
    records, places = _read(inputs, progress, **reading)
    return records, who_is_who(records, corrections, progress.notice, known), places


def _read(
    inputs: tuple[str, ...], progress: "_Progress", split: bool | None, **reading: Any
) -> "tuple[list[Record], dict[str, set[Place]]]":
    """Return the records of the articles, and where these were found. Raises `NoArticles` if there are none."""
    from kg.corpus import Places, articles, in_order
    from kg.records import extract as read_records

    places = Places()
    found = articles(in_order(inputs), places, split=split, on_notice=progress.notice)
    records = list(progress.watch(read_records(found, **reading)))
    if not records:
        raise NoArticles("no article could be read; give files or folders of articles")
    return records, places


@main.command()
@click.argument("name")
@_reading_options
@_curation_option
@click.option("--json", "as_json", is_flag=True, help="Print all that is known as one JSON object.")
def trace(name: str, inputs: tuple[str, ...], curation: Path | None, as_json: bool, **reading: Any) -> None:
    """Say why NAME, a label, an alias or the id of a node, is in the graph of INPUT..., or why it is not.

    Shown are its mentions with quotes, what was taken for the same and why, the corrections that touched it; and each
    other place where the name occurs, with what it was read as, or the rule or score that left it out.

    \b
    Examples:
      kg trace "Xi Jinping" articles/
      kg trace country/GE articles/ --json
    """
    from dataclasses import asdict

    from kg.corpus import corrections_to
    from kg.identity import resolve
    from kg.records import pipeline
    from kg.trace import to_text
    from kg.trace import trace as traced

    progress = _Progress()
    corrections = corrections_to(inputs, curation, progress.notice)
    raw, _ = _read(inputs, progress, **reading)
    nlp = pipeline(reading["model"], reading["accuracy"])
    found = traced(name, raw, resolve(raw), corrections, nlp)
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else to_text(found))
    progress.finish()
    if not found.nodes and not found.elsewhere:
        sys.exit(SKIPPED)


@main.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--curation", type=click.Path(path_type=Path), metavar="FILE", required=True, help="The file to add to.")
def curate(table: Path, curation: Path) -> None:
    """Add to a file of corrections what was changed in TABLE, which kg entities wrote and somebody edited.

    A file of corrections is a table with the columns operation, entity, value, articles and note. As curation.csv in a
    folder of articles, it is applied whenever these are read. Write it by hand as well; docs/curation.md tells more.

    \b
    Operations:
      merge,Xi,Xi Jinping            the first is the second (by id, label or alias)
      split,David Chong,Chong        what is called Chong is somebody else
      split,Bo Lee,,a1|a2            the one in the articles a1 and a2 is somebody else
      rename,person/xi,Xi Jinping
      drop,Monday                    is nothing
      not-event,Hope Summit          is no event
      kind,Storm Kay,event           is an event, or a person
      wikidata,Xi Jinping,Q15031

    \b
    Example:
      kg curate entities.csv --curation articles/curation.csv
    """
    from kg.curation import append, news, read_curation

    progress, edited = _Progress(), read_curation(table)
    for notice in edited.notices:
        progress.notice(notice)
    known = read_curation(curation).lines if curation.exists() else ()
    if lines := news(edited.lines, known):
        append(curation, lines)
    click.echo(f"{len(lines)} corrections added to {curation}")
    progress.finish()


@main.command()
@_reading_options
@click.option(
    "--curation",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Corrections to apply, and to add to.  [default: curation.csv in the folder given]",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Ask no more than N questions.")
def review(inputs: tuple[str, ...], curation: Path | None, limit: int | None, **reading: Any) -> None:
    """Decide who is who, where it is doubtful: one key for each question.

    Asked is what was joined or left apart with a doubt, and names that are alike; first what most mentions hang on.
    Press y if the two are the same, n if they are different, s to skip, q to quit. Each answer is written to the file
    of corrections at once, and not asked again. Where no terminal is, answers are read from lines.

    \b
    Examples:
      kg review articles/
      kg review news.jsonl --curation corrections.csv --limit 20
    """
    from kg.curation import append, check_file
    from kg.review import decide, questions

    file = curation or _only_curation(inputs)
    check_file(file)
    progress = _Progress()
    raw, identity, _ = _resolved(inputs, file if file.exists() else None, progress, **reading)
    asked = questions(raw, identity)[:limit]
    decided = 0
    for line in decide(asked, _ask):
        append(file, [line])
        decided += 1
    left = "nothing is left to decide" if not asked else f"{decided} of {len(asked)} decided"
    click.echo(f"{left}; corrections are in {file}" if decided else left)
    progress.finish()


def _only_curation(inputs: tuple[str, ...]) -> Path:
    """Return the file of corrections beside the articles, whether or not there is one yet."""
    from kg.articles import CORRECTIONS

    if len(inputs) == 1 and Path(inputs[0]).is_dir():
        return Path(inputs[0], CORRECTIONS)
    raise click.UsageError("name the file that the answers are written to: --curation FILE")


def _ask(question: "Question", left: int) -> str:
    """Show a question and return the answer to it, "q" at the end of the input."""
    click.echo(f"\n[{left}] Are these the same? {question.reason} ({question.score:.2f})")
    for side in (question.a, question.b):
        click.echo(f"\n  {click.style(side.label, bold=True)}  {side.ref}  {_times(side)}")
        for title, quote in side.quotes:
            click.echo(f"      “{quote}”  ({title})")
    now = "they are taken for one now" if question.joined else "they are two now"
    while True:
        click.echo(f"\n{now}: [y] same  [n] different  [s] skip  [q] quit  ", nl=False)
        try:
            given = click.getchar() if sys.stdin.isatty() else sys.stdin.readline() or "q"
        except (EOFError, KeyboardInterrupt):
            given = "q"
        click.echo(given.strip())
        if (key := given.strip().lower()[:1]) in ("y", "n", "s", "q") and key:
            return key


def _times(side: "Side") -> str:
    count, articles = side.mentions, len(side.articles)
    return f"{count} mention{'s' * (count != 1)} in {articles} article{'s' * (articles != 1)}"


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


for command in (ask.ask, ask.show, ask.query, view.view, view.serve):
    main.add_command(command)


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
    if "filtered out" in summary:
        lines += ["", "filtered out"] + [f"{name:<10}{number:>8,}" for name, number in summary["filtered out"].items()]
    if summary["strongest"]:
        lines += ["", "strongest links"]
    lines += [f"{link['weight']:>8g}  {link['a']} – {link['b']}" for link in summary["strongest"]]
    return "\n".join(lines)
