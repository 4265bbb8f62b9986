"""The commands about RDF: `kg vocabulary` prints what our terms mean, `kg validate` turns a file into findings."""

import sys
from pathlib import Path

import click

from kg.commands.progress import SKIPPED


@click.command()
@click.option("--shapes", is_flag=True, help="Print the SHACL shapes instead: what holds of every file.")
def vocabulary(shapes: bool) -> None:
    """Print what our own terms in RDF mean, as an ontology in Turtle."""
    from kg import vocabulary as terms

    click.echo(terms.shapes() if shapes else terms.ontology(), nl=False)


@click.command()
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
