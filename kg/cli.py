"""The command line: the commands by their names, and each error of ours as one line and an exit code.

Results go to stdout or into files, everything said about them to stderr. Exit codes: 0 all was read, 1 some input was
skipped, 2 wrong usage or nothing could be written. The modules in `kg.commands` import what needs spaCy or networkx
only when a command runs.
"""

import sys
from typing import Any

import click

import kg
from kg.commands import ask, build, correct, rdf, store, train, view
from kg.commands.progress import SKIPPED, WRONG_USAGE
from kg.errors import KGError, NoArticles

COMMANDS = (
    *(build.build, build.extract),
    *(store.add, store.remove, store.export, store.status),
    *(correct.entities, correct.curate, correct.review, correct.trace),
    *(ask.ask, ask.show, ask.query),
    *(view.view, view.serve),
    *(rdf.validate, rdf.vocabulary),
    train.train,
)


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


for command in COMMANDS:
    main.add_command(command)
