"""How well events are found, typed, cast and told from what did not happen, and what they cost.

    python benchmarks/events.py DATA [--accuracy best|fast] [--part dev]

DATA holds PART.articles.jsonl and PART.gold.jsonl, articles and careful readings of them. An event is right if one of
its mentions overlaps one of a mention of the reading's event, one to one, most mentions first; optional ones count
neither way. Of the right ones the type and the participants are compared. The cases of modality are those of the tests;
the cost is that of the events over all that comes before them, of one core.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from kg.coreference import people
from kg.documents import ACCURACIES, BEST, load_pipeline
from kg.model import Article, Entity, Kind
from kg.occurrences import events
from kg.recognition.countries import countries
from kg.records import record_of
from kg.training.readings import spans_of
from kg.training.spans import read_jsonl

TESTS = Path(__file__).parent.parent / "tests"
Reading = dict[str, Any]
Spans = list[list[tuple[int, int]]]


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("data", type=Path)
    cli.add_argument("--accuracy", choices=sorted(ACCURACIES), default=BEST)
    cli.add_argument("--part", default="dev")
    args = cli.parse_args()
    files = [args.data / f"{args.part}.{what}.jsonl" for what in ("articles", "gold")]
    articles = [Article(record["id"], record["text"]) for record in read_jsonl(files[0])]
    nlp = load_pipeline(accuracy=args.accuracy)
    records = [record_of(nlp(article.text), article) for article in articles]
    readings = {reading["id"]: reading for reading in read_jsonl(files[1])}
    tally: Counter[str] = Counter()
    for article, record in zip(articles, records, strict=True):
        tally += compared(article.text, record.entities, readings[article.id])
    for name, figure in figures(tally).items():
        print(f"{name:24} {figure:.4f}")
    right, cases = modality_cases()
    print(f"{'modality':24} {right / cases:.4f} of {cases} cases")
    print(f"{'cost of events':24} {cost(args.accuracy, [article.text for article in articles]):.1%}")


def pairs_of(gold: Spans, found: Spans) -> dict[int, int]:
    """Return by number of a reading's item the number of the found one that tells of it, most mentions first."""
    hits = Counter(
        (i, j)
        for i, spans in enumerate(gold)
        for j, own in enumerate(found)
        for start, end in own
        if any(low < end and start < high for low, high in spans)
    )
    pairs: dict[int, int] = {}
    for i, j in sorted(hits, key=lambda pair: (-hits[pair], pair)):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def compared(text: str, entities: tuple[Entity, ...], reading: Reading) -> Counter[str]:
    """Return what an article adds to the counts that `figures` makes figures of."""
    found = [entity for entity in entities if entity.kind is Kind.EVENT]
    persons = [entity for entity in entities if entity.kind is Kind.PERSON]
    pairs = pairs_of(*(_spans(text, reading["events"], found)))
    names = {
        persons[j].id: reading["people"][i]["name"]
        for i, j in pairs_of(*_spans(text, reading["people"], persons)).items()
    }
    names |= {entity.id: entity.iso or "" for entity in entities if entity.kind is Kind.COUNTRY}
    tally: Counter[str] = Counter(found=len(found))
    for i, event in enumerate(reading["events"]):
        if event["optional"]:
            tally["found"] -= i in pairs
            continue
        tally["told"] += 1
        tally["named"] += event["kind"] == "named"
        if i in pairs:
            ours, theirs = found[pairs[i]], {*event["people"], *event["countries"]}
            cast = {names.get(id_, id_) for id_ in ours.participants}
            tally["right"] += 1
            tally["named right"] += event["kind"] == "named"
            tally["type right"] += ours.type == event["type"]
            tally.update({"cast found": len(cast), "cast told": len(theirs), "cast right": len(cast & theirs)})
    return tally


def _spans(text: str, told: list[Reading], found: list[Entity]) -> tuple[Spans, Spans]:
    return [spans_of(one["mentions"], text) for one in told], [[(m.start, m.end) for m in e.mentions] for e in found]


def figures(tally: Counter[str]) -> dict[str, float]:
    """Return the figures by name.

    >>> figures(Counter({"found": 4, "told": 2, "right": 2}))["events F1"]
    0.6666666666666666
    """

    def share(part: str, whole: str) -> float:
        return tally[part] / tally[whole] if tally[whole] else 0.0

    def f1(right: str, found: str, told: str) -> float:
        return 2 * tally[right] / (tally[found] + tally[told]) if tally[right] else 0.0

    return {
        "events precision": share("right", "found"),
        "events recall": share("right", "told"),
        "events F1": f1("right", "found", "told"),
        "named events recall": share("named right", "named"),
        "type accuracy": share("type right", "right"),
        "roles F1": f1("cast right", "cast found", "cast told"),
    }


def modality_cases() -> tuple[int, int]:
    """Return how many of the tests' cases of modality are read rightly, and how many there are."""
    sys.path.insert(0, str(TESTS))
    from test_modality import CASES, FAULTS, KEPT_BACK, read, rows

    cases = [*rows(CASES), *rows(KEPT_BACK), *FAULTS]
    return sum(read(marked)[0] == value for marked, value in cases), len(cases)


def cost(model: str, texts: list[str]) -> float:
    """Return the seconds that events take as a share of those of all that comes before them."""
    nlp = load_pipeline(accuracy=model)
    nlp.remove_pipe("kg_events")
    make_events = load_pipeline(accuracy="fast").get_pipe("kg_events")
    start = time.process_time()
    docs = list(nlp.pipe(texts))
    who = [(people(doc), countries(doc)) for doc in docs]
    between = time.process_time()
    for doc, (persons, lands) in zip(docs, who, strict=True):
        events(make_events(doc), persons, lands, "")
    return (time.process_time() - between) / (between - start)


if __name__ == "__main__":
    main()
