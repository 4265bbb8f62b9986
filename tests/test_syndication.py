import random
from itertools import permutations

import pytest

from kg.corpus import fold
from kg.model import Article, Entity, Kind, Mention, Record
from kg.syndication import copies

WORDS = [f"word{i}" for i in range(2000)]


def story(seed: int, length: int = 200) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


RAIN, SNOW = story(1), story(2)


@pytest.mark.parametrize(
    ("copy", "is_copy"),
    [
        (RAIN, True),
        (RAIN.upper().replace(" ", "\n"), True),
        ("LIMA (Reuters) - " + RAIN + " Reporting by Ann Lee.", True),
        (" ".join(word for i, word in enumerate(RAIN.split()) if i % 50), True),
        (" ".join(RAIN.split()[:180]), True),
        (" ".join(RAIN.split()[:80]) + " " + SNOW, False),
        (SNOW, False),
        ("Rain.", False),
    ],
)
def test_a_copy_is_mostly_the_same_words_in_the_same_order(copy, is_copy):
    assert copies([Article("a", RAIN), Article("b", copy)]) == ({"b": "a"} if is_copy else {})


def test_the_first_published_stands_for_all_whatever_the_order():
    articles = [
        Article("a", RAIN, published="2025-01-03"),
        Article("b", RAIN, published="2025-01-02"),
        Article("c", RAIN),
        Article("d", SNOW),
    ]
    assert all(copies(order) == {"a": "b", "c": "b"} for order in permutations(articles))


def test_short_texts_are_no_copies():
    assert copies([Article("a", "Rain fell."), Article("b", "Rain fell.")]) == {}


def test_planted_copies_change_no_weight():
    def record(id: str, seed: int) -> Record:
        text = f"Ann Lee met Bo Chen. {story(seed)}"
        people = tuple(
            Entity(f"person/{name.lower().replace(' ', '-')}", Kind.PERSON, name, (Mention(at, at + len(name), name),))
            for name, at in (("Ann Lee", 0), ("Bo Chen", 12))
        )
        return Record(Article(id, text, published="2025-01-01"), people, ((0, 20), (21, len(text))), (0,))

    alone = fold([record("a", 1), record("b", 2)], {})
    copied = fold([record("a", 1), record("b", 2), *(record(f"copy{i}", 1) for i in range(40))], {})
    links = [next(iter(graph.edges(data=True)))[2] for graph in (alone, copied)]
    assert [link.pop("copies") for link in links] == [0, 40]
    assert links[0] == links[1]
    assert (links[0]["weight"], links[0]["articles"]) == (2.0, 2)
