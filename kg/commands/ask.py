"""The commands that ask a graph: `kg ask`, `kg show` and `kg query`."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from kg.commands.progress import SKIPPED
from kg.errors import BadQuestion
from kg.model import EVENT_TYPES, Kind, Notice

if TYPE_CHECKING:
    import networkx as nx
    from rich.console import Console

    from kg.queries.answers import Answer
    from kg.queries.cards import Card

Command = TypeVar("Command", bound=Callable[..., Any])

# So many rows on a screen, if the user does not say; and so wide where there is no screen.
ROWS, WIDTH = 20, 120

# What is said where there is no answer.
_NOTHING = {
    "links": "no passage links them; kg ask path may find a way round",
    "path": "no path leads from one to the other",
    "paths": "no path is as short as that; try a greater --longest",
    "timeline": "no article that tells of it is dated",
    "trends": "nothing is shown by as many articles; try --least 1",
    "compare": "nothing is shown by as many articles; try --least 1",
}

_graph = click.option(
    "-g",
    "--graph",
    metavar="PATH",
    help="A graph that kg wrote, its folder, or articles.  [default: $KG_GRAPH, else the first of . graph/ exports/]",
)
_limit = click.option(
    "-n", "--limit", type=click.IntRange(1), metavar="N", help=f"At most N rows.  [default: {ROWS} on screen, else all]"
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
_as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print CSV, for spreadsheets.")
_as_text = click.option(
    "--as", "language", type=click.Choice(["sparql", "cypher"]), help="Print the question in this language instead."
)
_base = click.option(
    "--base", metavar="IRI", default="https://kg.example/", help="What the IRIs begin with, for --as sparql."
)


def _kinds(default: str = "") -> Callable[[Command], Command]:
    return click.option(
        "--kind",
        "kinds",
        metavar="KIND,...",
        default=default,
        callback=_listed,
        help=f"Of person, country, event.  [default: {default or 'all'}]",
    )


def _listed(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    kinds = tuple(name.strip() for name in value.split(",") if name.strip())
    if unknown := sorted(set(kinds) - set(Kind)):
        raise click.BadParameter(f"no kind is {', '.join(unknown)}; there are {', '.join(Kind)}")
    return kinds


def _date(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from kg.queries.times import period

    if value is None:
        return None
    first, last = period(value)
    if first != last:
        raise click.BadParameter(f"{value!r} is no ISO date, such as 2024-05-31, 2024-05 or 2024")
    return first


def _question(command: Command) -> Command:
    for option in (_base, _as_text, _as_csv, _as_json, _limit, _graph):
        command = option(command)
    return command


@click.group()
def ask() -> None:
    """Ask a graph who is linked to whom, how, and when.

    Names are found as you type them: "putin", "the US", "Zelensky".

    \b
    Examples:
      kg build articles/ -o graph/                  first make a graph
      kg ask neighbours putin --kind country
      kg ask path "Xi Jinping" Ukraine
      kg ask events US Russia --type meeting
      kg ask trends 2024-01 2024-02 --csv > trends.csv
      kg ask brokers US Russia --as sparql          the question for a SPARQL store
    """


@ask.command()
@click.argument("name")
@_kinds()
@click.option("--min-weight", type=float, default=0, metavar="N", help="Links of this weight or more.")
@click.option("--since", metavar="DATE", callback=_date, help="Links that an article of this time or later shows.")
@click.option("--until", metavar="DATE", callback=_date, help="Links that an article of this time or earlier shows.")
@_question
def neighbours(name: str, **options: Any) -> None:
    """Whom and what NAME is linked to, strongest link first, with a quote."""
    _answer("neighbours", [name], options)


@ask.command()
@click.argument("a")
@click.argument("b")
@_question
def links(a: str, b: str, **options: Any) -> None:
    """The passages that link A and B, latest first."""
    _answer("links", [a, b], options)


@ask.command()
@click.argument("a")
@click.argument("b")
@_kinds()
@click.option("--longest", type=click.IntRange(1), metavar="N", help="Of at most N links.  [default: any number]")
@_question
def path(a: str, b: str, **options: Any) -> None:
    """The shortest path from A to B, link by link, with a quote for each."""
    _answer("path", [a, b], options)


@ask.command()
@click.argument("a")
@click.argument("b")
@_kinds()
@click.option("-k", type=click.IntRange(1), default=3, show_default=True, metavar="K", help="How many paths.")
@click.option(
    "--longest", type=click.IntRange(1), default=3, show_default=True, metavar="N", help="Of at most N links."
)
@_question
def paths(a: str, b: str, **options: Any) -> None:
    """The K strongest paths from A to B, link by link, with a quote for each."""
    _answer("paths", [a, b], options)


@ask.command()
@click.argument("a")
@click.argument("b")
@_kinds("person,country")
@_question
def brokers(a: str, b: str, **options: Any) -> None:
    """Who stands between A and B, linked to both."""
    _answer("brokers", [a, b], options)


@ask.command("only-with")
@click.argument("name")
@_kinds("person,country")
@_question
def only_with(name: str, **options: Any) -> None:
    """Who appears with NAME and with nobody else."""
    _answer("only_with", [name], options)


@ask.command()
@_question
def communities(**options: Any) -> None:
    """Who belongs together, the largest group first."""
    _answer("communities", [], options)


@ask.command()
@click.argument("a")
@click.argument("b", required=False)
@click.option("--by", type=click.Choice(["day", "month", "year"]), default="month", show_default=True)
@_question
def timeline(a: str, b: str | None, **options: Any) -> None:
    """How many articles mention A, or show the link of A and B, over time."""
    _answer("timeline", [a, *([b] if b else [])], options)


@ask.command()
@click.argument("a")
@click.argument("b", required=False)
@click.option("--type", metavar="TYPE", type=click.Choice(list(EVENT_TYPES)), help=f"Of {' '.join(EVENT_TYPES)}.")
@_question
def events(a: str, b: str | None, **options: Any) -> None:
    """The events in which A takes part, or A and B both do, latest first."""
    _answer("events", [a, *([b] if b else [])], options)


_least = click.option(
    "--least", type=click.IntRange(1), default=2, show_default=True, metavar="N", help="Of at least N articles in all."
)


@ask.command()
@click.argument("first")
@click.argument("second")
@click.option("--of", type=click.Choice(["pairs", "nodes"]), default="pairs", show_default=True)
@_least
@_question
def trends(first: str, second: str, **options: Any) -> None:
    """Which pairs rise or fall from the period FIRST to the period SECOND, and how sure that is.

    A period is like 2024, 2024-01 or 2023-11..2024-02. g2 is the log-likelihood ratio (Dunning 1993), above 0 if the
    share of articles rises; p is that of Fisher's exact test, q the false discovery rate (Benjamini and Hochberg 1995).
    """
    _answer("trends", [first, second], options, names=False)


@ask.command()
@click.argument("other", metavar="GRAPH")
@click.option("--of", type=click.Choice(["nodes", "pairs"]), default="nodes", show_default=True)
@_least
@_question
def compare(other: str, **options: Any) -> None:
    """What sets another GRAPH apart from this one, by articles, and how sure that is; see kg ask trends."""
    _answer("compare", [other], options, names=False)


@click.command()
@click.argument("name")
@_graph
@_as_json
@click.option("-n", "--limit", type=click.IntRange(1), default=5, show_default=True, help="Links of each kind.")
def show(name: str, graph: str | None, as_json: bool, limit: int) -> None:
    """Show what the graph knows of NAME on one page: other names, counts, strongest links with quotes."""
    from kg.queries import card

    reading = _Reading()
    opened = reading.open(graph)
    about = card(opened, reading.find(opened, name), limit=limit)
    if as_json:
        linked = {kind: links.records() for kind, links in about.linked.items()}
        _json({**{field.name: getattr(about, field.name) for field in fields(about)}, "linked": linked})
    else:
        _print_card(about)
    reading.finish()


@click.command()
@click.option("--sparql", metavar="FILE|-|TEXT", help="A SPARQL query; our prefixes need not be declared.")
@click.option("--cypher", metavar="FILE|-|TEXT", help="A Cypher query.")
@_graph
@_as_json
@_as_csv
def query(sparql: str | None, cypher: str | None, graph: str | None, as_json: bool, as_csv: bool) -> None:
    """Ask a graph in SPARQL or Cypher. `kg ask ... --as sparql` prints queries to begin with.

    \b
    Examples:
      kg query --sparql query.rq
      kg query --cypher 'MATCH (p:Person)-[r]-(c:Country) RETURN p.label, c.label, r.weight LIMIT 5'
    """
    from kg.opening import RDF, graph_file
    from kg.queries.stores import ask_cypher, ask_sparql

    if (sparql is None) == (cypher is None):
        raise click.UsageError("give a query by either --sparql or --cypher")
    reading = _Reading()
    if cypher is not None:
        text = _query_text(cypher)
        for columns, rows in ask_cypher(reading.open(graph), text):
            _print_table(columns, rows, as_json=as_json, as_csv=as_csv)
    elif sparql is not None:
        text = _query_text(sparql)
        file = graph_file(graph, RDF)
        answer = ask_sparql(file if file and file.name.endswith(RDF) else reading.open(graph), text)
        if isinstance(answer, bool):
            click.echo(json.dumps(answer))
        elif isinstance(answer, str):
            click.echo(answer, nl=False)
        else:
            _print_table(*answer, as_json=as_json, as_csv=as_csv)
    reading.finish()


def _query_text(given: str) -> str:
    """Return the text of a query: standard input for -, the query itself if it looks like one, else a file."""
    if given == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    if "{" in given or "(" in given:
        return given
    try:
        return Path(given).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestion(f"{given}: cannot be read ({error}); give a file that holds a query, or the query") from error


class _Reading:
    """Opens graphs, and says what was read and who was meant."""

    def __init__(self) -> None:
        self.skipped = 0

    def open(self, place: str | Path | None) -> "nx.Graph":
        from kg.opening import open_graph

        return open_graph(place, on_notice=self.notice)

    def notice(self, notice: Notice) -> None:
        self.skipped += notice.skipped
        click.echo(f"kg: {notice}", err=True)

    def find(self, graph: "nx.Graph", name: str) -> str:
        from kg.model import plain
        from kg.queries import find
        from kg.queries.answers import as_text

        node = find(graph, name)
        label = graph.nodes[node].get("label", node)
        if name != node and plain(name) != plain(label):
            click.echo(f"kg: {name} is taken for {as_text(label)} ({node})", err=True)
        return node

    def finish(self) -> None:
        """End the command: with exit code 1 if some article was skipped."""
        if self.skipped:
            sys.exit(SKIPPED)


def _answer(question: str, given: Sequence[str], options: dict[str, Any], *, names: bool = True) -> None:
    """Ask the question of the same name in `kg.queries`, or print it as text."""
    from kg import queries

    shown = {name: options.pop(name) for name in ("graph", "limit", "as_json", "as_csv", "language", "base")}
    reading = _Reading()
    graph = reading.open(shown["graph"])
    words = [reading.find(graph, name) for name in given] if names else list(given)
    if language := shown["language"]:
        click.echo(_text(question, language, words, options, shown), nl=False)
    else:
        asked = [reading.open(other) for other in words] if question == "compare" else words
        answer = getattr(queries, question)(graph, *asked, **options)
        _print_answer(answer, shown["limit"], as_json=shown["as_json"], as_csv=shown["as_csv"])
        if not answer:
            click.echo(f"kg: {_NOTHING.get(question, 'the graph has none')}", err=True)
    reading.finish()


def _text(question: str, language: str, words: list[str], options: dict[str, Any], shown: dict[str, Any]) -> str:
    if len(words) == 2 and words[0] == words[1]:
        raise BadQuestion(f"both names are those of {words[0]}; name two that differ")
    written = getattr(import_module(f"kg.queries.{language}"), question)
    known = set(written.__kwdefaults__ or ())
    more = {"limit": shown["limit"]} if "limit" in known and shown["limit"] else {}
    more |= {"base": shown["base"]} if "base" in known else {}
    asked = {name: value for name, value in options.items() if name in known} | more
    return str(written(*([] if question == "compare" else words), **asked))


def _print_answer(answer: "Answer[Any]", limit: int | None, *, as_json: bool, as_csv: bool) -> None:
    from kg.queries import Path as Way
    from kg.queries.answers import Answer

    if as_json:
        _json(answer.records()[:limit])
    elif as_csv:
        _csv(list(answer.columns), [[_flat(value) for value in row] for row in answer[:limit]])
    elif answer and isinstance(answer[0], Way):
        for way in answer[:limit]:
            _print_way(way)
    elif answer:
        rows = limit or ROWS
        part = Answer(type(answer[0]), answer[:rows])
        _table(*part.table())
        if len(answer) > rows:
            click.echo(f"kg: {len(answer) - rows} more; -n {len(answer)} shows all", err=True)


def _flat(value: Any) -> Any:
    from kg.evidence import Evidence

    if isinstance(value, Evidence):
        return value.text
    return " | ".join(str(_flat(part)) for part in value) if isinstance(value, tuple) else value


def _print_table(columns: list[str], rows: list[list[Any]], *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        _json([dict(zip(columns, row, strict=True)) for row in rows])
    elif as_csv:
        _csv(columns, rows)
    else:
        from kg.queries.answers import as_text

        _table(columns, [[as_text(value) for value in row] for row in rows])


def _json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _csv(columns: list[str], rows: list[list[Any]]) -> None:
    from kg.formats.tables import write_csv

    sys.stdout.flush()
    write_csv(sys.stdout.buffer, columns, rows)
    sys.stdout.buffer.flush()


def _console() -> "Console":
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False)


def _table(columns: list[str], rows: list[list[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, column in enumerate(columns):
        number = all(_is_number(row[i]) for row in rows)
        wide = any(len(row[i]) > 40 for row in rows)
        side: Literal["left", "right"] = "right" if number else "left"
        table.add_column(Text(column), justify=side, ratio=1 if wide else None, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    _console().print(table)


def _is_number(text: str) -> bool:
    return not text or text.lstrip("-").replace(".", "", 1).replace("e-", "", 1).isdigit()


def _print_way(way: Any) -> None:
    from kg.queries.answers import as_text

    steps = zip(way.labels, way.labels[1:], way.weights, way.evidence, strict=False)
    rows = [[*map(as_text, (a, b, weight)), as_text(proof.text if proof else None)] for a, b, weight, proof in steps]
    click.echo(f"{' – '.join(map(as_text, way.labels))}, strength {as_text(way.strength)}")
    _table(["from", "to", "weight", "quote"], rows)


def _print_card(card: "Card") -> None:
    from kg.queries.answers import as_text

    click.echo(f"{as_text(card.label)}  ({card.id})\n{card.counts()}")
    for name, text in {"also": card.aliases, **card.facts}.items():
        if text:
            click.echo(f"{name}: {as_text(text)}")
    for kind, linked in card.linked.items():
        if linked:
            click.echo(f"\n{kind}")
            head, rows = linked.table()
            kept = [i for i, name in enumerate(head) if name in ("label", "weight", "articles", "quote")]
            _table([head[i] for i in kept], [[row[i] for i in kept] for row in rows])
