"""How well mentions are put together into persons and events, within articles and across them.

    python benchmarks/identity.py DATA [--accuracy best|fast] [--errors]

DATA holds ner/redocred-dev.jsonl and ner/ecbplus-sentences.jsonl (spans with a `cluster`), and dev.articles.jsonl with
dev.gold.jsonl. Prints

- B-cubed (A. Bagga and B. Baldwin, 1998) over the mentions of persons of redocred-dev: with the mentions given, and end
  to end, where a gold mention that was not found stands for itself;
- the same of dev.gold, whose people are told by their surface forms;
- wrong joins and missed joins in the table of cases, tests/cases/identity.tsv;
- F1 over pairs of mentions of events in one topic of ECB+, mentions given, with that of "same lemma of the head".
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kg.documents import load_pipeline
from kg.event_groups import stem
from kg.gazetteers import words
from kg.identity import profile_of, relabelled, resolve
from kg.identity.components import components
from kg.identity.events import ALIKE, Event, join_reported
from kg.model import Article, Kind, Record
from kg.records import extract, record_of

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

Span3 = tuple[str, int, int]  # article, start, end


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("data", type=Path)
    cli.add_argument("--accuracy", default="fast")
    cli.add_argument("--only", default="redocred,dev,cases,ecb")
    cli.add_argument("--errors", action="store_true")
    args = cli.parse_args()
    say: Callable[[str], None] = print if args.errors else (lambda _: None)
    parts = args.only.split(",")
    if "redocred" in parts:
        persons_of_redocred(args.data / "ner/redocred-dev.jsonl", args.accuracy, say)
    if "dev" in parts:
        people_of_gold(args.data / "dev.articles.jsonl", args.data / "dev.gold.jsonl", args.accuracy)
    if "cases" in parts:
        table_of_cases(args.accuracy, say)
    if "ecb" in parts:
        events_of_ecb(args.data / "ner/ecbplus-sentences.jsonl")


def persons_of_redocred(path: Path, accuracy: str, say: Callable[[str], None]) -> None:
    rows = read_jsonl(path)
    gold = {
        (row["id"], e["start"], e["end"]): (row["id"], e["cluster"])
        for row in rows
        for e in row["entities"]
        if e["label"] == "person"
    }
    given = nodes_of(given_records(rows))
    found = nodes_of(extract([Article(row["id"], row["text"]) for row in rows], accuracy=accuracy))
    for name, nodes in (("mentions given", given), ("end to end", found)):
        predicted = {span: nodes.get(span) or overlapping(nodes, span) or span for span in gold}
        show(f"redocred persons, {name}", b_cubed(gold, predicted))
        if name == "mentions given":
            for line in differences(gold, predicted, {row["id"]: row["text"] for row in rows}):
                say(line)


def given_records(rows: Iterable[Mapping[str, Any]]) -> Iterator[Record]:
    """Yield the records of texts whose persons are given; of countries and events what the rules find."""
    nlp = load_pipeline(accuracy="fast")
    linkers = [component for name, component in nlp.pipeline if name in ("kg_sentences", "kg_countries")]
    for row in rows:
        doc = nlp.make_doc(row["text"])
        doc.ents = filter_spans(filter(None, (person(doc, e) for e in row["entities"] if e["label"] == "person")))
        for component in linkers:
            doc = component(doc)
        doc.spans["events"] = []
        yield record_of(doc, Article(row["id"], row["text"]))


def person(doc: Doc, entity: Mapping[str, Any]) -> Span | None:
    span: Span | None = doc.char_span(entity["start"], entity["end"], label="PERSON", alignment_mode="expand")
    return span


def nodes_of(records: Iterable[Record]) -> dict[Span3, str]:
    """Return the node of each mention of a person, by article and offsets."""
    records = list(records)
    identity = resolve(map(profile_of, records))
    return {
        (record.article.id, mention.start, mention.end): entity.id
        for record in records
        for entity in relabelled(record, identity).entities
        if entity.kind is Kind.PERSON
        for mention in entity.mentions
    }


def overlapping(nodes: Mapping[Span3, str], span: Span3) -> str | None:
    article, start, end = span
    near = ((article, a, b) for a in range(start - 25, end) for b in range(max(a, start) + 1, end + 25))
    return next((nodes[other] for other in near if other in nodes), None)


def b_cubed(gold: Mapping[Span3, Hashable], predicted: Mapping[Span3, Hashable]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the mentions of each article by itself."""
    gold_size = Counter(gold.values())
    size = Counter((span[0], predicted[span]) for span in gold)
    both = Counter((gold[span], predicted[span]) for span in gold)
    shared = [(both[gold[s], predicted[s]], size[s[0], predicted[s]], gold_size[gold[s]]) for s in gold]
    precision = sum(n / all_ for n, all_, _ in shared) / len(shared)
    recall = sum(n / all_ for n, _, all_ in shared) / len(shared)
    return precision, recall, 2 * precision * recall / (precision + recall)


def differences(gold, predicted, texts) -> Iterator[str]:
    by_article = defaultdict(list)
    for span in gold:
        by_article[span[0]].append(span)
    for article, spans in by_article.items():
        seen = set()
        for one, other in combinations(spans, 2):
            apart = gold[one] != gold[other]
            if apart == (predicted[one] != predicted[other]):
                continue
            names = tuple(texts[article][s:e] for _, s, e in (one, other))
            if names not in seen:
                seen.add(names)
                yield f"{article}: {'FUSED' if apart else 'split'} {names}"


def show(name: str, figures: tuple[float, float, float]) -> None:
    print(f"{name:40} precision {figures[0]:.4f} recall {figures[1]:.4f} F1 {figures[2]:.4f}", flush=True)


def people_of_gold(articles: Path, gold: Path, accuracy: str) -> None:
    """Print how many people of the gold standard were found, one node for each of them."""
    texts = {row["id"]: row["text"] for row in read_jsonl(articles)}
    records = list(extract([Article(id_, text) for id_, text in texts.items()], accuracy=accuracy))
    identity = resolve(map(profile_of, records))
    right = found = there = 0
    for record, row in zip(records, read_jsonl(gold), strict=True):
        persons = [e for e in relabelled(record, identity).entities if e.kind is Kind.PERSON]
        hits = []
        for i, wanted in enumerate(row["people"]):
            spans = spans_of(wanted["mentions"], texts[row["id"]])
            for j, entity in enumerate(persons):
                on = sum(any(m.start < end and start < m.end for start, end in spans) for m in entity.mentions)
                if on * 2 > len(entity.mentions):
                    hits.append((-on, i, j))
        pairs: dict[int, int] = {}
        for _, i, j in sorted(hits):
            if i not in pairs and j not in pairs.values():
                pairs[i] = j
        optional = [person["optional"] for person in row["people"]]
        right += sum(not optional[i] for i in pairs)
        found += len(persons) - sum(optional[i] for i in pairs)
        there += optional.count(False)
    precision, recall = right / found, right / there
    show(f"dev.gold people, {accuracy}", (precision, recall, 2 * precision * recall / (precision + recall)))


def spans_of(surfaces: Iterable[str], text: str) -> list[tuple[int, int]]:
    taken: list[tuple[int, int]] = []
    for surface in sorted(set(surfaces), key=len, reverse=True):
        for match in re.finditer(r"(?<!\w)" + re.escape(surface) + r"(?!\w)", text):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                taken.append(match.span())
    return taken


def table_of_cases(accuracy: str, say: Callable[[str], None]) -> None:
    from identity_cases import cases, is_right

    wrong = [case for case in cases() if not is_right(case, accuracy)]
    for same, name in ((False, "false joins"), (True, "missed joins")):
        some = [case for case in cases() if case.same == same]
        missed = [case for case in wrong if case.same == same]
        print(f"cases, {accuracy}, {name}: {len(missed)} of {len(some)} ({len(missed) / len(some):.1%})")
        for case in missed:
            say(f"  {case.kind}: {case.text!r}")


# What ECB+ marks as the action of an event.
ACTIONS = frozenset(("occurrence", "state", "reporting", "aspectual", "causative", "perception", "negated"))
_CAPITALISED = re.compile(r"(?<!\w)[A-Z][\w’'-]+")
_PARTICLES = frozenset(
    ("up", "down", "into", "in", "out", "off", "on", "to", "of", "for", "with", "from", "over", "away")
)


def events_of_ecb(path: Path) -> None:
    """Print how well mentions of events are told to be one event across the articles of a topic, by the trigger alone.

    The company of an article is its capitalised words and those of its participants, places and times: the gold spans
    without their clusters.
    """
    rows = read_jsonl(path)
    company: dict[str, set[str]] = defaultdict(set)
    mentions = []
    for row in rows:
        article = row["id"].rsplit("-s", 1)[0]
        company[article] |= {word.lower().removesuffix("'s") for word in _CAPITALISED.findall(row["text"])}
        for i, e in enumerate(row["entities"]):
            if e["label"] in ACTIONS:
                mentions.append((article, f"{row['id']}-{i}", stem(_head(e["text"])), e["cluster"]))
            elif e["label"] in ("person-mention", "place-mention", "time"):
                company[article] |= {w for w in re.findall(r"\w+", e["text"].lower()) if len(w) > 3 or w.isdigit()}
    light = {stem(word) for word in words("light_verbs")}
    common = words("function_words")
    told: dict[tuple[str, str], Event] = {}
    for article, _, word, _ in mentions:
        features = frozenset(company[article] - common)
        told[article, word] = Event((article, word), word, False, "", (word,), frozenset(), features, "", "", "")
    of_topic: dict[str, list[Event]] = defaultdict(list)
    for (article, word), event in told.items():
        if word not in light:
            of_topic[_topic(article)].append(event)
    joins = [
        (a, b)
        for events in of_topic.values()
        for a, b, *_ in join_reported(events, lambda a, b: True, ALIKE, lambda event: event.keys)
    ]
    group_of = {key: i for i, group in enumerate(components(told, joins)) for key in group}
    gold = {(article, id_): (_topic(article), cluster or id_) for article, id_, _, cluster in mentions}
    ours = {
        (article, id_): (_topic(article), id_ if word in light else str(group_of[article, word]))
        for article, id_, word, _ in mentions
    }
    lemma = {(article, id_): (_topic(article), word) for article, id_, word, _ in mentions}
    for name, predicted in (("same lemma of the head", lemma), ("ours", ours)):
        show(f"ECB+ events across articles, {name}", pairs_across(gold, predicted))


def _head(trigger: str) -> str:
    """Return the word of a trigger that says most: the last of a noun phrase, the verb before a particle."""
    found = re.findall(r"[a-z'-]+", trigger.lower()) or [trigger.lower()]
    return found[0] if len(found) > 1 and (found[-1] in _PARTICLES or found[0].endswith("ed")) else found[-1]


def _topic(article: str) -> str:
    return article.split("_")[0]


def pairs_across(gold: Mapping[Any, Hashable], predicted: Mapping[Any, Hashable]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over pairs of mentions of two articles; keys begin with the article."""

    def pairs(groups: Mapping[Any, Hashable]) -> int:
        whole, inside = Counter(groups.values()), Counter((groups[key], key[0]) for key in groups)
        return sum(n * (n - 1) for n in whole.values()) - sum(n * (n - 1) for n in inside.values())

    both = pairs({key: (gold[key], predicted[key]) for key in gold})
    precision, recall = both / pairs(predicted), both / pairs(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
