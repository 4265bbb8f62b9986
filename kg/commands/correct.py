"""The commands that turn articles into what to look through, and what somebody decides into corrections.

`kg entities` lists, `kg trace` explains, `kg curate` and `kg review` write the file of corrections.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.progress import SKIPPED, Progress
from kg.commands.reading import curation_option, knowledge_option, reading_options
from kg.errors import NoArticles

if TYPE_CHECKING:
    from kg.identity import Identity
    from kg.model import Place, Record
    from kg.review import Question, Side


@click.command()
@reading_options
@curation_option
@knowledge_option
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
    progress = Progress()
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


@click.command()
@click.argument("name")
@reading_options
@curation_option
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
    from kg.identity import profile_of, resolve
    from kg.records import pipeline
    from kg.trace import to_text
    from kg.trace import trace as traced

    progress = Progress()
    corrections = corrections_to(inputs, curation, progress.notice)
    raw, _ = _read(inputs, progress, **reading)
    nlp = pipeline(reading["model"], reading["accuracy"])
    found = traced(name, raw, resolve(map(profile_of, raw)), corrections, nlp)
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else to_text(found))
    progress.finish()
    if not found.nodes and not found.elsewhere:
        sys.exit(SKIPPED)


@click.command()
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

    progress, edited = Progress(), read_curation(table)
    for notice in edited.notices:
        progress.notice(notice)
    known = read_curation(curation).lines if curation.exists() else ()
    if lines := news(edited.lines, known):
        append(curation, lines)
    click.echo(f"{len(lines)} corrections added to {curation}")
    progress.finish()


@click.command()
@reading_options
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
    progress = Progress()
    raw, identity, _ = _resolved(inputs, file if file.exists() else None, progress, **reading)
    asked = questions(raw, identity)[:limit]
    decided = 0
    for line in decide(asked, _ask):
        append(file, [line])
        decided += 1
    left = "nothing is left to decide" if not asked else f"{decided} of {len(asked)} decided"
    click.echo(f"{left}; corrections are in {file}" if decided else left)
    progress.finish()


def _resolved(
    inputs: tuple[str, ...], curation: Path | None, progress: Progress, knowledge: str | None = None, **reading: Any
) -> "tuple[list[Record], Identity, dict[str, set[Place]]]":
    """Return the records of the articles, who is who in them, and where the articles were found."""
    from kg.corpus import corrections_to, who_is_who
    from kg.identity import profile_of
    from kg.identity.knowledge import read_knowledge

    known = read_knowledge(knowledge) if knowledge else None
    corrections = corrections_to(inputs, curation, progress.notice)
    records, places = _read(inputs, progress, **reading)
    profiles = map(profile_of, records)
    return records, who_is_who(records, profiles, corrections, progress.notice, known), places


def _read(
    inputs: tuple[str, ...], progress: Progress, split: bool | None, **reading: Any
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
