"""From carefully read articles to the weights by which mentions are grouped, events kept and participants chosen.

    python -m kg.training.event_weights /path/to/data /path/to/weights

reads `train.articles.jsonl` and `train.gold.jsonl` in the first folder with the recogniser in the second, and writes
the three tables into `kg/gazetteers/`, each fitted on what the ones before it make of the articles. The recogniser has
seen these articles in training and is surer of them, and more often right, than of others. So what it says is blurred
first, until its triggers are as often right as on articles that it has not seen.
"""

import importlib
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

import kg.gazetteers
from kg import event_groups, event_roles, event_worth
from kg.coreference import people
from kg.documents import RULES, split_words
from kg.event_groups import Group, grouped
from kg.event_roles import candidates, cast_of
from kg.event_worth import worth, worth_features
from kg.model import Entity
from kg.recognition.countries import countries
from kg.recognition.events import make_events
from kg.scenes import Scene, named_in_sentences, scenes_of
from kg.training.labels import TYPES
from kg.training.readings import spans_of
from kg.training.spans import Annotated, read_jsonl

HERE = Path(kg.gazetteers.__file__).parent
Array = NDArray[np.float64]
# Examples: the features of each, and whether it is positive.
Examples = tuple[list[list[str]], list[bool]]
Weights = dict[str, float]

# Features of fewer examples are left out; how strongly the weights are drawn to zero.
RARE, PENALTY = 30, 5.0
# How what the recogniser says is blurred: the odds of a trigger by a factor and a random term, and how many types.
SHRINK, SPREAD, MISTAKEN = 0.5, 2.5, 0.2
# How many words are added that are no triggers there, as a share of those that are.
ADDED = 0.35
SEED, COPIES = 1, 3
# What is added to the fitted weights. The fit asks for the likelier answer at each mention; what counts is that no
# event is told twice and no name is swallowed. Tuned on the same articles, by F1 of the events and of the participants.
PAIR_SHIFTS = {
    "always": 0.75,
    "named later, same type": -1.0,
    "named later, unlike": -1.0,
    "of a name, same type": -0.5,
    "of a name, unlike": -0.5,
}
WORTH_SHIFTS = {"always": 0.5, "named": 1.0, "type other": -0.5}
ROLE_SHIFTS = {"always": 0.5}
# What each table says of itself.
_SOURCE = (
    "# Logistic regression (L2 penalty) on careful readings of 210 news articles, by `kg.training.event_weights`.\n"
)
_PAIRS = "# What speaks for (above zero) or against a mention telling of an event that was told of before.\n"
_WORTH = "# What speaks for (above zero) or against a reader listing an event, by how it is mentioned.\n"
_ROLES = "# What speaks for (above zero) or against somebody taking part in an event, for people and for countries.\n"


class Article(NamedTuple):
    """A read article: its document, people and countries, the scenes of its mentions, and where each event stands."""

    doc: Doc
    persons: list[Entity]
    lands: list[Entity]
    scenes: list[Scene]
    reading: Annotated
    spans: list[list[tuple[int, int]]]

    def told(self, scene: Scene) -> set[int]:
        """Return the numbers of the events of the reading that a mention overlaps."""
        start, end = scene.span.start_char, scene.span.end_char
        return {k for k, spans in enumerate(self.spans) if any(low < end and start < high for low, high in spans)}


def pipeline(weights: Path) -> Language:
    """Return the pipeline that sets the mentions of events, with the recogniser in the folder `weights`."""
    importlib.import_module("kg.recognition.model")  # registers the recogniser
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sentences")
    split_words(nlp)
    for name in RULES:
        nlp.add_pipe(name)
    nlp.add_pipe("kg_recognizer", config={"folder": str(weights)})
    nlp.add_pipe("kg_countries")
    return nlp


def blurred(triggers: SpanGroup, usual: dict[str, str], chance: random.Random) -> SpanGroup:
    """Return `triggers` with less sure probabilities, some types exchanged, and some that are none added.

    These are other words of the article that are triggers elsewhere; `usual` gives the type they have there.
    """
    spans: list[Span] = []
    likely: list[float] = []
    for span, probability in zip(triggers, triggers.attrs["probability"], strict=True):
        odds = math.log(max(probability, 1e-4) / max(1 - probability, 1e-4))
        likely.append(1 / (1 + math.exp(-SHRINK * odds - chance.gauss(0, SPREAD))))
        type_ = chance.choice(TYPES) if chance.random() < MISTAKEN else span.label_
        spans.append(Span(triggers.doc, span.start, span.end, type_, span_id=span.id_))
    taken = {span.start for span in spans}
    others = [token for token in triggers.doc if token.lower_ in usual and token.i not in taken]
    for token in chance.sample(others, min(len(others), round(ADDED * len(spans)))):
        spans.append(Span(triggers.doc, token.i, token.i + 1, usual[token.lower_], span_id="reported"))
        likely.append(1 / (1 + math.exp(-chance.gauss(0, SPREAD))))
    named = [*triggers.attrs["named"], *[0.0] * (len(spans) - len(triggers))]
    certain = [*triggers.attrs["type"], *[1.0] * (len(spans) - len(triggers))]
    attrs = {"probability": likely, "type": certain, "named": named}
    return SpanGroup(triggers.doc, name="triggers", attrs=attrs, spans=spans)


def read(nlp: Language, data: Path) -> Iterator[tuple[Article, list[Article]]]:
    """Yield the training articles in `data` with their readings, each also several times blurred."""
    chance = random.Random(SEED)
    readings = {reading["id"]: reading for reading in read_jsonl(data / "train.gold.jsonl")}
    docs = [(readings[record["id"]], nlp(record["text"])) for record in read_jsonl(data / "train.articles.jsonl")]
    usual = {span.text.lower(): span.label_ for _, doc in docs for span in doc.spans["triggers"]}
    for reading, doc in docs:
        persons, lands = people(doc), countries(doc)
        spans = [spans_of(event["mentions"], doc.text) for event in reading["events"]]
        told = doc.spans["triggers"]
        copies = []
        for triggers in (told, *(blurred(told, usual, chance) for _ in range(COPIES))):
            doc.spans["triggers"] = triggers
            scenes = list(scenes_of(make_events(doc), persons, lands))
            copies.append(Article(doc, persons, lands, scenes, reading, spans))
        yield copies[0], copies[1:]


def pairs(article: Article) -> Examples:
    """Return each mention against each event told before it, positive where it is the same by the reading."""
    features: list[list[str]] = []
    same: list[bool] = []
    groups: list[Group] = []
    homes: list[int | None] = []
    for scene in article.scenes:
        told = sorted(article.told(scene), key=lambda k: article.reading["events"][k]["optional"])
        home = told[0] if told else None
        for group, other in zip(groups, homes, strict=True):
            if not (scene.span.id_ == "named" and group.named):  # those are told apart by their words
                features.append(event_groups.features(group, scene, groups))
                same.append(home is not None and home == other)
        if home in homes and home is not None:
            groups[homes.index(home)].add(scene)
        else:
            groups.append(Group(scene))
            homes.append(home)
    return features, same


def matches(article: Article, groups: list[Group]) -> dict[int, int]:
    """Return by number of group the event of the reading that it tells of, one to one, most mentions first."""
    hits = Counter((k, j) for j, group in enumerate(groups) for scene in group.scenes for k in article.told(scene))
    found: dict[int, int] = {}
    for (k, j), _ in sorted(hits.items(), key=lambda hit: (-hit[1], hit[0])):
        if j not in found and k not in found.values():
            found[j] = k
    return found


def listed(article: Article) -> Examples:
    """Return each group of mentions, positive if it tells of a required event; optional ones are left out."""
    groups = grouped(article.scenes)
    found = matches(article, groups)
    kept = [j for j in range(len(groups)) if j not in found or not article.reading["events"][found[j]]["optional"]]
    return [worth_features(groups[j]) for j in kept], [j in found for j in kept]


def casts(article: Article, kind: str) -> Examples:
    """Return everybody of `kind` against each event found, positive where the reading has them take part."""
    groups = [group for group in grouped(article.scenes) if worth(group) > 0]
    doc, people, lands = article.doc, article.persons, article.lands
    cast = cast_of(doc.text, people, lands, named_in_sentences(doc, people, lands))
    features: list[list[str]] = []
    right: list[bool] = []
    who = _who(article)
    for j, k in matches(article, groups).items():
        event = article.reading["events"][k]
        taking_part = {*event["people"], *event["countries"]}
        for id_, found in candidates(groups[j].scenes, groups[j].type, cast).items():
            if id_.startswith(kind):
                features.append(found)
                right.append(who.get(id_) in taking_part)
    return features, right


def _who(article: Article) -> dict[str, str]:
    """Return by id the name or ISO code under which the reading knows our people and countries."""
    found = {land.id: land.iso or "" for land in article.lands}
    for person in article.persons:
        own = {(mention.start, mention.end) for mention in person.mentions}
        for known in article.reading["people"]:
            spans = spans_of(known["mentions"], article.doc.text)
            if 2 * sum(any(low < end and start < high for low, high in spans) for start, end in own) > len(own):
                found[person.id] = known["name"]
    return found


def fit(found: Iterable[Examples], rare: int = RARE, penalty: float = PENALTY) -> Weights:
    """Return the weights of a logistic regression, features that are rare left out."""
    rows: list[list[str]] = []
    positive: list[bool] = []
    for features, right in found:
        rows += features
        positive += right
    counts = Counter(feature for row in rows for feature in set(row))
    names = sorted(feature for feature, count in counts.items() if count >= rare)
    column = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        matrix[i, [column[feature] for feature in row if feature in column]] = 1
    weights = solve(matrix, np.array(positive, float), np.array([0.01 if n == "always" else penalty for n in names]))
    return dict(zip(names, weights.tolist(), strict=True))


def solve(matrix: Array, positive: Array, penalty: Array, steps: int = 40) -> Array:
    """Return the weights that fit best, by Newton's method.

    >>> solve(np.array([[1.0], [1.0], [1.0], [1.0]]), np.array([1.0, 1.0, 1.0, 0.0]), np.array([0.0])).round(2).tolist()
    [1.1]
    """
    weights = np.zeros(matrix.shape[1])
    for _ in range(steps):
        likely = 1 / (1 + np.exp(-(matrix @ weights)))
        slope = matrix.T @ (likely - positive) + penalty * weights
        bend = (matrix * (likely * (1 - likely))[:, None]).T @ matrix + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def write(name: str, told: str, columns: dict[str, Weights]) -> None:
    """Write a table of weights, "always" first, then by name of feature."""
    features = sorted({f for weights in columns.values() for f in weights}, key=lambda f: (f != "always", f))
    rows = ["\t".join(["feature", *columns])]
    rows += ["\t".join([f, *(f"{weights.get(f, 0):.2f}" for weights in columns.values())]) for f in features]
    (HERE / f"{name}.tsv").write_text(told + _SOURCE + "\n".join(rows) + "\n", encoding="utf-8")
    kg.gazetteers.table.cache_clear()
    event_groups.pair_weights.cache_clear()
    event_worth.worth_weights.cache_clear()
    event_roles.role_weights.cache_clear()


def shifted(weights: Weights, shifts: Weights) -> Weights:
    return weights | {feature: weights.get(feature, 0.0) + shift for feature, shift in shifts.items()}


def main(data: Path, weights: Path) -> None:
    """Fit and write the three tables."""
    found = list(read(pipeline(weights), data))
    plain, blurs = [article for article, _ in found], [copy for _, copies in found for copy in copies]
    write("event_pair_weights", _PAIRS, {"weight": shifted(fit(map(pairs, blurs)), PAIR_SHIFTS)})
    write("event_worth_weights", _WORTH, {"weight": shifted(fit(map(listed, blurs)), WORTH_SHIFTS)})
    kinds = {kind: fit(casts(article, kind) for article in [*plain, *blurs]) for kind in ("person", "country")}
    write("event_role_weights", _ROLES, {kind: shifted(found, ROLE_SHIFTS) for kind, found in kinds.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
