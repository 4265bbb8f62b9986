"""The commands that show a graph: `kg view` writes a page, `kg serve` answers on a port."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import MissingExtra, UnknownFormat
from kg.model import Notice

if TYPE_CHECKING:
    import networkx as nx


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The HTML file to write.")
@click.option(
    "--accuracy",
    type=click.Choice(["best", "fast"]),
    default="best",
    show_default=True,
    help="How to read articles: with the trained recogniser, or by rules alone.",
)
def view(inputs: tuple[str, ...], output: Path, accuracy: str) -> None:
    """Write the graph as a page to look at, in one HTML file that opens with no network.

    INPUT is a graph that `kg build` has written (kg.json, kg.ttl, or the folder of either), or articles as for
    `kg build`; without it, what is found in this folder, graph/ or exports/.
    The page holds the quotes of all links; mind whom you send it to. Of more than 5,000 names it holds those with the
    heaviest links, and says how many it leaves out.
    """
    from kg.formats import write
    from kg.server.drawing import WHOLE

    if output.suffix.lower() not in (".html", ".htm"):
        raise UnknownFormat(f"{output}: a page ends in .html")
    graph = _graph(inputs, accuracy)
    written = write(graph, output)
    if len(graph) > WHOLE:
        left = f"{WHOLE:,} of the {len(graph):,} names, those with the heaviest links"
        click.echo(f"kg: a page draws at most {left}; the others are left out (kg serve shows all)", err=True)
    click.echo(f"wrote {written} ({written.stat().st_size / 1e6:.1f} MB)", err=True)


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="The port; 0 takes any.")
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="Answer under this name too, besides localhost; again for more.",
)
@click.option("--timeout", type=click.FloatRange(0.1), default=10, show_default=True, help="Seconds a query may take.")
@click.option("--max-rows", type=click.IntRange(1), default=10_000, show_default=True, help="Rows a query may give.")
@click.option(
    "--accuracy",
    type=click.Choice(["best", "fast"]),
    default="best",
    show_default=True,
    help="How to read articles: with the trained recogniser, or by rules alone.",
)
def serve(inputs: tuple[str, ...], accuracy: str, host: str, port: int, **limits: Any) -> None:
    """Serve the graph on this machine: the page, a JSON API, and SPARQL 1.1, all read-only.

    INPUT is as for `kg view`. The page is at /, SPARQL at /sparql. Needs kg[serve].
    """
    try:
        from kg.server.app import run
    except ImportError as error:
        raise MissingExtra(f'serving needs {error.name}: pip install "kg[serve]"') from error
    run(_graph(inputs, accuracy), host=host, port=port, **limits)


def _graph(inputs: tuple[str, ...], accuracy: str) -> "nx.Graph":
    """Return the graph that was written to a file or folder, or else that of the articles there."""
    from kg.opening import graph_file, open_graph

    if not inputs or (len(inputs) == 1 and inputs[0] != "-" and graph_file(inputs[0])):
        return open_graph(*inputs)
    from kg.corpus import build

    def show(notice: Notice) -> None:
        click.echo(f"kg: {notice}", err=True)

    return build(*inputs, accuracy=accuracy, on_notice=show)
