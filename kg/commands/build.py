"""The commands that turn articles into their graph or their records: `kg build` and `kg extract`."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from kg.commands.progress import Progress
from kg.commands.reading import curation_option, reading_options
from kg.commands.writing import chosen_filters, event_types, graph_options, listed, write_part, writing_options
from kg.errors import NoArticles


@click.command()
@reading_options
@curation_option
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep what is read in this file; building again reads only what is new or changed.",
)
@writing_options
@graph_options
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
    from kg.corpus import bring_up, corrections_to, tabled
    from kg.extractor import Settings
    from kg.formats import check_target
    from kg.graph_tables import Tables
    from kg.identity.knowledge import read_knowledge
    from kg.store import kept_records, opened

    progress = Progress()
    wanted = event_types(types)
    chosen, names = chosen_filters(filters), listed(formats)
    how: dict[str, Any] = {
        "window": window,
        "countries_in_names": countries_in_names,
        "events": events,
        "types": wanted,
        "knowledge": read_knowledge(knowledge) if knowledge else None,
        "on_notice": progress.notice,
    }
    check_target(output, names, base=base, profile=profile)
    how["curation"] = corrections_to(inputs, curation, progress.notice)
    with ExitStack() as open_tables:
        if engine == "spark":
            from kg import spark

            if store:
                raise click.UsageError(
                    "a store is read and filled by the local engine; leave out --store or --engine spark"
                )
            session = spark.session(master)
            given = spark.read(session, inputs, split=split, on_notice=progress.notice)
            built = spark.build(session, given, output / "tables", model=model, accuracy=accuracy, **how)
            graph = open_tables.enter_context(spark.tabled(built))
        else:
            with opened(store, create=True) as kept:
                reading: dict[str, Any] = {"split": split, "processes": processes, "watch": progress.watch}
                settings = Settings(model, accuracy)
                bring_up(kept, inputs, settings=settings, on_notice=progress.notice, **reading)
                graph = open_tables.enter_context(tabled(kept_records(kept), watch=progress.watch, **how))
        if profile == "full":
            from kg.provenance import run_record

            chosen_how = {"window": window, "events": events, "types": ",".join(sorted(wanted))}
            read: list[str | Path] = [*inputs, *([curation] if curation else [])]
            facts = graph.facts if isinstance(graph, Tables) else graph.graph
            facts["run"] = run_record(read, model=model or accuracy, settings=chosen_how)
        write_part(graph, chosen, progress.skipped, output, names, as_json=as_json, base=base, profile=profile)
    progress.finish()


@click.command()
@reading_options
def extract(inputs: tuple[str, ...], processes: int, model: str | None, accuracy: str, split: bool | None) -> None:
    """Print what each article says, one JSON object a line, in the order of the input.

    Each object holds the article, its entities with their mentions as offsets (code points, end exclusive) into its
    text, and the offsets of its sentences.
    """
    from kg.corpus import articles
    from kg.records import extract as read_records
    from kg.records import to_json

    progress = Progress()
    found = articles(inputs, {}, split=split, on_notice=progress.notice)
    records = read_records(found, model=model, accuracy=accuracy, processes=processes)
    for record in progress.watch(records, progress.number_of(inputs, split)):
        click.echo(to_json(record))
    if not progress.read:
        raise NoArticles("no article could be read; give files or folders of articles")
    progress.finish()
