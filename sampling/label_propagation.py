"""Communities without any library: every entity takes the label that weighs most around it."""

import numpy as np

from kg.graph import Edges, Floats
from sampling.items import Rows, spread

ROUNDS = 12
SETTLED = 0.001
"""It ends when fewer than this share of the entities changed their label in a round."""


def label_propagation(edges: Edges, weights: Floats, rng: np.random.Generator) -> Rows:
    """A label for each entity row, the same for rows of one community; one without neighbours keeps its own.

    In each round two random halves take turns, so that a star does not swap its labels for ever. A row keeps
    its label where no other weighs more; of others that weigh the same the lowest wins. The same `rng` gives
    the same labels. At most 12 rounds of O(m log m).

    Source: Raghavan, Albert and Kumara 2007, doi:10.1103/PhysRevE.76.036106; departs from it in taking half of the
    rows at once instead of one after the other.
    """
    n = len(edges.neighbours)
    labels = np.arange(n, dtype=np.int64)
    joined = np.flatnonzero(edges.neighbours.lengths)
    if not len(joined):
        return labels
    weights = weights if (weights > 0).any() else np.ones_like(weights)
    for _ in range(ROUNDS):
        changed = 0
        order = rng.permutation(joined)
        for half in (order[::2], order[1::2]):
            new = _heaviest(edges, weights, labels, half)
            changed += int(np.count_nonzero(new != labels[half]))
            labels[half] = new
        if changed <= SETTLED * len(joined):
            break
    return labels


def _heaviest(edges: Edges, weights: Floats, labels: Rows, rows: Rows) -> Rows:
    """For each of these rows the label that weighs most among its neighbours."""
    of, slots = spread(edges.neighbours, rows)
    around = labels[edges.neighbours.values[slots]]
    key = of * np.int64(len(labels)) + around
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    if not len(first):
        return labels[rows]
    heavy = np.add.reduceat(weights[edges.neighbour_edges[slots]][order], first)
    of, around = of[order][first], around[order][first]
    heavy = heavy * np.where(around == labels[rows[of]], 1 + 1e-9, 1.0)
    begins = np.flatnonzero(np.diff(of, prepend=-1))
    most = np.repeat(np.maximum.reduceat(heavy, begins), np.diff(begins, append=len(of)))
    best = np.flatnonzero(heavy == most)
    best = best[np.diff(of[best], prepend=-1) > 0]  # of several that weigh most the lowest label
    new = labels[rows].copy()
    new[of[best]] = around[best]
    return new
