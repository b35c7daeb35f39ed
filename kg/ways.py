"""A shortest way between two entities."""

import numpy as np
from numpy.typing import NDArray

from kg.graph import Edges

Rows = NDArray[np.int64]


def way(edges: Edges, source: int, target: int) -> tuple[list[int], float]:
    """Entity rows of a way with the fewest steps, both ends in it, and the weights along it added up.

    Of several the one whose weights add up to most, then the lowest rows; ([], 0.0) where there is none.
    Relations count in either direction. O(n + m).
    """
    if source == target:
        return [source], 0.0
    table = edges.neighbours
    best = np.full(len(table), -np.inf)
    came = np.full(len(table), -1, dtype=np.int64)
    seen = np.zeros(len(table), dtype=bool)
    seen[source], best[source] = True, 0.0
    frontier = np.array([source], dtype=np.int64)
    while len(frontier) and not seen[target]:
        starts = table.starts[frontier]
        sizes = table.starts[frontier + 1] - starts
        tails = np.repeat(frontier, sizes)
        slots = np.arange(len(tails)) - np.repeat(np.cumsum(sizes) - sizes - starts, sizes)
        heads = table.values[slots].astype(np.int64)
        new = ~seen[heads]
        tails, heads, slots = tails[new], heads[new], slots[new]
        sums = best[tails] + edges.weights[edges.neighbour_edges[slots]]
        order = np.lexsort((tails, -sums, heads))
        first = order[np.flatnonzero(np.diff(heads[order], prepend=-1))]
        frontier = heads[first]
        best[frontier], came[frontier], seen[frontier] = sums[first], tails[first], True
    if not seen[target]:
        return [], 0.0
    found = [target]
    while found[-1] != source:
        found.append(int(came[found[-1]]))
    return found[::-1], float(best[target])
