"""How right `kg extract` is, by the scorers that come with the annotated data.

    python benchmarks/accuracy.py DATA SCORERS [--accuracy best|fast]

DATA holds dev.articles.jsonl with the careful readings dev.gold.jsonl, and span files in ner/. SCORERS is the folder of
score.py, which compares records with readings, and of spans.py, which compares them with spans.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from kg.documents import ACCURACIES, BEST
from kg.model import Article
from kg.records import extract, to_json
from kg.training.spans import read_jsonl


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("data", type=Path)
    cli.add_argument("scorers", type=Path)
    cli.add_argument("--accuracy", choices=sorted(ACCURACIES), default=BEST)
    args = cli.parse_args()
    articles, gold = args.data / "dev.articles.jsonl", args.data / "dev.gold.jsonl"
    worldwide, politics = args.data / "ner/worldwide-dev.jsonl", args.data / "ner/crossner-politics-dev.jsonl"
    score(args.accuracy, articles, args.scorers / "score.py", articles, gold)
    score(args.accuracy, worldwide, args.scorers / "spans.py", worldwide, after=["--by-region"])
    score(args.accuracy, politics, args.scorers / "spans.py", politics)


def score(accuracy: str, texts: Path, scorer: Path, *files: Path, after: list[str] | None = None) -> None:
    """Print what `scorer` says of the records of `texts`, which it takes after `files`."""
    articles = [Article(record["id"], record["text"]) for record in read_jsonl(texts)]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        out.writelines(to_json(record) + "\n" for record in extract(articles, accuracy=accuracy))
        out.flush()
        print(f"\n{texts.name}", flush=True)
        subprocess.run([sys.executable, scorer, *files, out.name, *(after or [])], check=True)


if __name__ == "__main__":
    main()
