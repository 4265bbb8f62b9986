import random
from collections import Counter
from itertools import combinations

import pytest

from kg.graph import count_records
from kg.model import Article, Entity, Kind, Mention, Record
from kg.significance import association, chance, log_likelihood_ratio


@pytest.mark.parametrize(
    ("counts", "ratio", "p"),
    [
        # Of four passages both are in one: by chance either as often or never.
        ((1, 2, 2, 4), 0.0, 0.6),
        ((2, 2, 2, 4), 5.5452, 0.1),
        ((0, 2, 2, 4), -5.5452, 1.0),
        ((4, 4, 4, 4), 0.0, 0.5),
        # Both are in three of three, but one of these does not count.
        ((2, 3, 3, 3), -1.6219, 1.0),
    ],
)
def test_few_passages_are_worked_out_exactly(counts, ratio, p):
    assert (log_likelihood_ratio(*counts), chance(*counts)) == (ratio, p)


def test_more_together_is_less_by_chance_and_the_measures_agree_on_the_side():
    measures = [association(both, 300, 200, 10_000) for both in range(1, 201)]
    assert [m.p for m in measures] == sorted((m.p for m in measures), reverse=True)
    assert [m.npmi for m in measures] == sorted(m.npmi for m in measures)
    assert all((m.llr > 0) == (m.npmi > 0) for m in measures)
    assert all(abs(m.npmi_shrunk) <= abs(m.npmi) for m in measures)


def shuffled(articles: int, sentences: int, entities: int, seed: int) -> list[Record]:
    """Return a corpus in which entities, each as frequent as it is, occur in sentences drawn at random."""
    draw = random.Random(seed)
    told: dict[int, dict[int, list[int]]] = {}
    for entity in range(entities):
        for place in draw.sample(range(articles * sentences), articles * sentences * (3 + entity % 20) // 100):
            told.setdefault(place // sentences, {}).setdefault(entity, []).append(place % sentences)
    text, spans = "x" * sentences, tuple((i, i + 1) for i in range(sentences))
    return [
        Record(
            Article(str(article), text),
            tuple(
                Entity(f"person/{e}", Kind.PERSON, str(e), tuple(Mention(i, i + 1, "x") for i in sorted(at)))
                for e, at in found.items()
            ),
            spans,
            (0,),
        )
        for article, found in told.items()
    ]


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_in_a_shuffled_corpus_about_alpha_of_the_links_are_significant_at_alpha(alpha):
    graphs = [count_records(shuffled(60, 10, 40, seed)) for seed in range(3)]
    significant = Counter(p < alpha for graph in graphs for *_, p in graph.edges(data="p"))
    links = significant.total()
    assert links > 3 * 40 * 39 / 2 * 0.9
    assert significant[True] / links == pytest.approx(alpha, rel=0.3, abs=0.005)


def test_two_that_are_told_of_together_stand_out():
    records = shuffled(60, 10, 40, 1)
    both = [f"person/{i}" for i in (100, 101)]
    pair = tuple(Entity(id, Kind.PERSON, id, (Mention(0, 1, "x"),)) for id in both)
    records = [Record(r.article, r.entities + pair * (i < 6), r.sentences, r.paragraphs) for i, r in enumerate(records)]
    graph = count_records(records)
    assert min(graph.edges, key=lambda edge: graph.edges[edge]["p"]) == tuple(both)
    assert all(graph.has_edge(a, b) for a, b in combinations(both, 2))
