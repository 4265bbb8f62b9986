import numpy as np
import pytest

from kg.recognition.chain import best_tags, decode

# Two labels: O, first and inside of the one, first and inside of the other.
MOVES = np.zeros((5, 5), np.float32)
MOVES[[0, 3, 4], 2] = MOVES[[0, 1, 2], 4] = -10_000


def scores(*best, lead=5.0):
    rows = np.zeros((len(best), 5), np.float32)
    rows[range(len(best)), best] = lead
    return rows


@pytest.mark.parametrize(
    ("best", "names"),
    [
        ((0, 0), []),
        ((1, 2, 0, 3), [(0, 1, 0), (3, 3, 1)]),
        ((1, 1), [(0, 0, 0), (1, 1, 0)]),
        ((2, 0), []),  # no name starts inside itself
        ((3, 4, 4), [(0, 2, 1)]),
    ],
)
def test_tags_become_names(best, names):
    assert [name[:3] for name in decode(scores(*best), MOVES)] == names


def test_words_that_are_surely_nothing_part_the_stretches():
    rows = scores(0, 1, 2, 0, 0, 3)
    rows[[0, 3, 4], 0] = 50
    assert list(best_tags(rows, MOVES)) == [(1, [1, 2]), (5, [3])]


def test_parting_changes_nothing():
    rng = np.random.default_rng(0)
    rows = rng.normal(0, 2, (40, 5)).astype(np.float32)
    rows[::5, 0] += 30
    parted = [name[:3] for name in decode(rows, MOVES)]
    rows[::5, 0] -= 22.5  # still best, no longer sure
    assert [name[:3] for name in decode(rows, MOVES)] == parted


def test_the_margin_tells_how_sure_a_name_is():
    ((*_, margin),) = decode(scores(1, 2, lead=3.0), MOVES)
    assert margin == 3.0
