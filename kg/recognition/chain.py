"""From tag scores to names: the best legal sequence of tags in a window.

Tags are "O", then for each label a first and an inside tag: 1 + 2 * label and 2 + 2 * label.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# A word whose "O" leads by this much is no part of a name, whatever stands around it.
SURE = 8.0


def decode(scores: Scores, moves: Scores) -> Iterator[tuple[int, int, int, float]]:
    """Yield (first word, last word, label, margin) of the names in the best sequence of tags, in order.

    `moves` holds the score of each move from tag to tag. The margin is the mean lead of the name's tags over "O" and
    any other label: how sure the choice is.
    """
    for start, tags in best_tags(scores, moves):
        first = -1
        for i, tag in enumerate([*tags, 0], start):
            if first >= 0 and (tag == 0 or tag % 2):
                label = (tags[first - start] - 1) // 2
                yield first, i - 1, label, margin(scores[first:i], label)
                first = -1
            if tag % 2:
                first = i


def margin(rows: Scores, label: int) -> float:
    """Return by how much `label` leads over everything else, on average over the words in `rows`."""
    own = rows[:, 1 + 2 * label : 3 + 2 * label].max(axis=1)
    rest = np.delete(rows, (1 + 2 * label, 2 + 2 * label), axis=1).max(axis=1)
    return float((own - rest).mean())


def best_tags(scores: Scores, moves: Scores) -> Iterator[tuple[int, list[int]]]:
    """Yield the stretches of words that may hold names, each with its first word and best sequence of tags (Viterbi).

    No sequence starts with an inside tag, and the words around a stretch are "O".
    """
    sure = scores[:, 0] - scores[:, 1:].max(axis=1) > SURE
    edges = np.flatnonzero(np.diff(np.concatenate(([True], sure, [True]))))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        best = scores[start].copy()
        best[2::2] -= 10_000
        if start:
            best += moves[0]
        back = []
        for row in scores[start + 1 : end]:
            total = best[:, None] + moves
            back.append(total.argmax(axis=0))
            best = total.max(axis=0) + row
        if end < len(scores):
            best = best + moves[:, 0]
        tags = [int(best.argmax())]
        for step in reversed(back):
            tags.append(int(step[tags[-1]]))
        yield start, tags[::-1]
