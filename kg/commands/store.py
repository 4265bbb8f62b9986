"""The commands on a store: `kg add` and `kg remove` change what it holds, `kg status` tells it, `kg export` writes it.

`kg export` also writes a graph again that `kg build` has written.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.progress import Progress
from kg.commands.reading import processes_option, split_option
from kg.commands.writing import chosen_filters, event_types, graph_options, listed, write_part, writing_options
from kg.model import Notice

if TYPE_CHECKING:
    from datetime import datetime

    import networkx as nx

    from kg.graph_tables import Tables

_store_option = click.option(
    "--store", type=click.Path(path_type=Path), metavar="FILE", required=True, help="The store, which kg build made."
)


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@_store_option
@split_option
@processes_option
def add(inputs: tuple[str, ...], store: Path, split: bool | None, processes: int) -> None:
    """Add articles to a store, read as those in it were.

    An article that is in the store already is not read again. Without INPUT, what a stopped run or an earlier version
    of kg has left to be read is read.

    \b
    Example:
      kg add today.jsonl --store my.kg && kg export --store my.kg -o graph/
    """
    from kg.corpus import bring_up
    from kg.store import number_of_articles, opened

    progress = Progress()
    with opened(store) as kept:
        before = number_of_articles(kept)
        bring_up(kept, inputs, split=split, processes=processes, on_notice=progress.notice, watch=progress.watch)
        after = number_of_articles(kept)
    click.echo(f"{_articles(after - before)} added, {after:,} in {store}")
    progress.finish()


@click.command()
@_store_option
@click.option("--article", "ids", multiple=True, metavar="ID", help="Remove this article; may be given several times.")
@click.option("--source", metavar="NAME", help="Remove all articles of this source.")
@click.option(
    "--before", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Remove all articles published before this day."
)
@processes_option
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
    from kg.store import compact, number_of_articles, opened, take_out

    if sum(map(bool, (ids, source, before))) != 1:
        raise click.UsageError("say what to remove with one of --article, --source and --before")
    progress = Progress()
    with opened(store) as kept:
        day = before.date().isoformat() if before else None
        gone = take_out(kept, articles=ids, source=source, before=day)
        read_up(kept, processes=processes, watch=progress.watch)
        left = number_of_articles(kept)
    if gone:
        compact(store)
    for id in sorted({*ids} - gone):
        progress.notice(Notice(id, f"no article in {store} has this id", "see the ids with kg extract"))
    click.echo(f"{_articles(len(gone))} removed, {left:,} in {store}")
    progress.finish()


def _articles(number: int) -> str:
    return f"{number:,} article{'s' * (number != 1)}"


@click.command()
@click.argument("graph", metavar="[GRAPH.json]", required=False, type=click.Path(path_type=Path))
@click.option("--store", type=click.Path(path_type=Path), metavar="FILE", help="Write the graph of this store instead.")
@click.option("--curation", type=click.Path(path_type=Path), metavar="FILE", help="With --store: corrections to apply.")
@writing_options
@graph_options
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
    from kg.corpus import corrections_to, tabled
    from kg.formats import check_target
    from kg.formats.nodelink import read
    from kg.identity.knowledge import read_knowledge
    from kg.store import check_finished, kept_records, opened

    if (graph is None) == (store is None):
        raise click.UsageError("name what to export: GRAPH.json, or a store with --store FILE")
    progress = Progress()
    wanted = event_types(types)
    chosen, names = chosen_filters(filters), listed(formats)
    check_target(output, names, base=base, profile=profile)
    how: dict[str, Any] = {"window": window, "countries_in_names": countries_in_names, "events": events}
    how |= {"types": wanted, "on_notice": progress.notice}
    how["knowledge"] = read_knowledge(knowledge) if knowledge else None
    with ExitStack() as open_tables:
        if graph:
            made: nx.Graph | Tables = read(graph)
        else:
            how["curation"] = corrections_to((), curation, progress.notice)
            with opened(store, read_only=True) as kept:
                check_finished(kept)
                made = open_tables.enter_context(tabled(kept_records(kept), watch=progress.watch, **how))
        write_part(made, chosen, progress.skipped, output, names, as_json=as_json, base=base, profile=profile)
    progress.finish()


@click.command()
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
