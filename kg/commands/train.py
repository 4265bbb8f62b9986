"""The command that turns annotated texts into the weights of the recogniser: `kg train`."""

from pathlib import Path

import click


@click.command()
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
