"""From records or a graph to files and a summary: the options of `kg build` and `kg export`, and what they do alike."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.commands.reading import knowledge_option
from kg.model import EVENT_TYPES, Kind

if TYPE_CHECKING:
    import networkx as nx

    from kg.formats.listing import Listing
    from kg.graph_tables import Tables

# So many of the links with the most weight are shown.
STRONGEST = 10

Command = TypeVar("Command", bound=Callable[..., Any])


def writing_options(command: Command) -> Command:
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
            type=click.FloatRange(0, 1, min_open=True),
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


def graph_options(command: Command) -> Command:
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
        knowledge_option,
        click.option("--countries-in-names", is_flag=True, help='Keep those named only as in "Bank of China".'),
        click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def listed(given: Iterable[str]) -> list[str]:
    """Return the names in lists with commas."""
    return [name.strip() for names in given for name in names.split(",")]


def chosen_filters(given: dict[str, Any]) -> dict[str, Any]:
    """Return the filters that were given, as `kg.filters.select` takes them."""
    chosen = {name: value for name, value in given.items() if value and name != "depth"}
    if "kinds" in chosen:
        chosen["kinds"] = listed([chosen["kinds"]])
        if unknown := sorted(set(chosen["kinds"]) - set(Kind)):
            raise click.BadParameter(f"no kind is {', '.join(unknown)}; there are {', '.join(Kind)}")
    for name in ("since", "until"):
        if name in chosen and not _is_period(chosen[name]):
            raise click.BadParameter(f"{chosen[name]!r} is no ISO date, such as 2024-05-31, 2024-05 or 2024")
    if "around" not in chosen and given["depth"] > 1:
        raise click.BadParameter("there is nothing to go that far from; give --around too", param_hint="--depth")
    return chosen | ({"depth": given["depth"]} if "around" in chosen else {})


def _is_period(text: str) -> bool:
    """Return whether this is a day, a month or a year."""
    with suppress(ValueError):
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
        return bool(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text, re.ASCII))
    return False


def event_types(types: str | None) -> Collection[str]:
    """Return the types of events in a list with commas, all if there is no list."""
    wanted = [name.strip() for name in types.split(",")] if types else list(EVENT_TYPES)
    if unknown := sorted(set(wanted) - set(EVENT_TYPES)):
        known = ", ".join(EVENT_TYPES)
        raise click.BadParameter(f"no type of event is {', '.join(unknown)}; there are {known}", param_hint="--types")
    return wanted


def write_part(
    graph: "nx.Graph | Tables",
    filters: dict[str, Any],
    skipped: int,
    output: Path,
    formats: list[str],
    *,
    as_json: bool,
    **settings: str,
) -> None:
    """Write the part of a graph that the filters let through, and say what was written and what was filtered out."""
    from kg.formats import write_all
    from kg.formats.listing import listed

    left_out: dict[str, int] = {}
    if filters:
        graph, left_out = _filtered(graph, filters)
    written = write_all(graph, output, formats, **settings)
    summary = _summary(listed(graph), skipped)
    if filters:
        summary["filtered out"] = left_out
    click.echo(json.dumps(summary, ensure_ascii=False) if as_json else _as_text(summary))
    for path in written:
        click.echo(f"wrote {path}", err=True)


def _filtered(graph: "nx.Graph | Tables", filters: dict[str, Any]) -> "tuple[nx.Graph, dict[str, int]]":
    """Return the part of a graph that the filters let through, and how much of what was left out."""
    from kg.filters import left_out, select
    from kg.graph import to_graph
    from kg.graph_tables import Tables

    whole = to_graph(graph) if isinstance(graph, Tables) else graph
    part = select(whole, **filters)
    out = left_out(whole, part)
    if {"since", "until"} & filters.keys():
        out["undated"] = sum(not whole.nodes[n].get("first_seen") for n in whole if n not in part)
    return part, out


def _summary(listing: "Listing", skipped: int) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    labels = {}
    for node, attributes in listing.nodes():
        kinds[attributes.get("kind", "other")] += 1
        labels[node] = attributes.get("label", node)
    links = 0

    def weighed() -> Iterator[tuple[float, str, str]]:
        nonlocal links
        for a, b, link in listing.outlines():
            links += 1
            yield -link.get("weight", 1), a, b

    strongest = [(labels[a], labels[b], -weight) for weight, a, b in nsmallest(STRONGEST, weighed())]
    return {
        "articles": len(listing.facts["articles"]),
        "skipped": skipped,
        "people": kinds["person"],
        "countries": kinds["country"],
        "events": kinds["event"],
        "links": links,
        "strongest": [{"a": a, "b": b, "weight": weight} for a, b, weight in strongest],
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
