"""How well and how fast the recogniser reads, by the measures of a recipe.

    python benchmarks/recogniser.py DATA [--weights FOLDER] [--recipe kg/training/news.toml]

Prints precision, recall and F1 of each label and region, of event triggers by threshold, and words per second of one
core: of the recogniser by itself and with the tokenizer and the rules that give it hints.
"""

import argparse
import time
from pathlib import Path

from kg.recognition.model import HERE, Recognizer
from kg.training.evaluate import evaluate
from kg.training.recipe import read_recipe
from kg.training.spans import read_jsonl, reader

RECIPE = Path(__file__).parent.parent / "kg/training/news.toml"


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("data", type=Path)
    cli.add_argument("--weights", type=Path, default=HERE)
    cli.add_argument("--recipe", type=Path, default=RECIPE)
    args = cli.parse_args()
    measures = read_recipe(args.recipe).measures
    for name, figures in evaluate(args.weights, measures, args.data).items():
        print(f"\n{name:32} precision  recall      F1    gold")
        for label, f in figures.items():
            print(f"{label:32} {f['p']:9.4f} {f['r']:7.4f} {f['f1']:7.4f} {f['gold']:7.0f}")
    texts = [record["text"] for record in read_jsonl(args.data / measures[0].file)]
    words = sum(len(text.split()) for text in texts)
    nlp, recognise = reader(), Recognizer(args.weights)
    start = time.process_time()
    docs = list(nlp.pipe(texts))
    between = time.process_time()
    for doc in docs:
        recognise(doc)
    end = time.process_time()
    print(f"\nrecogniser {words / (end - between):,.0f} words/s, with tokenizer and rules {words / (end - start):,.0f}")


if __name__ == "__main__":
    main()
