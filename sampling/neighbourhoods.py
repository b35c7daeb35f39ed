"""An entity and the heaviest of what is around it, with every relation among them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.graph import Edges, Floats, Graph
from kg.model import Subgraph
from sampling.items import AT_ONCE, Items, Rows, blocks_of, spread
from sampling.weights import check_weights


@dataclass(frozen=True, slots=True)
class NeighbourhoodSampler:
    """Around every entity that has a neighbour, once, in uniformly random order.

    An item is the entity in the middle and at most `size` - 1 others within `hops` hops of it: all of a
    hop before any of the next, within a hop the heaviest first, which is the sum of the weights of the
    edges to what the hops before put in; of equally heavy ones the lower row. Two entities may have the
    same set around them: that set comes once, with the first of them.
    """

    hops: int = 1
    size: int = 8
    name = "neighbourhoods"
    when_empty = "no two entities of the graph are joined by a relation: try the sampler 'entities'"
    endless = False

    def __post_init__(self) -> None:
        if self.hops < 1:
            raise ValueError(f"hops must be 1 or more, not {self.hops!r}; try hops=1")
        if self.size < 2:
            raise ValueError(f"size must be 2 or more entities, not {self.size!r}; try size=8")

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of 2 to `size` entities and all relations among them; O(n) memory beside the graph.

        Raises ValueError where a weight is negative or not a finite number.
        """
        items, edges = Items(graph), graph.edges
        weights = check_weights(edges.weights)
        centres = rng.permutation(np.flatnonzero(graph.degrees))
        seen = _Seen(centres, len(graph), rng)
        size = min(self.size, max(2, len(graph)))
        for block in blocks_of(len(centres), size):
            members = _around(edges, weights, centres[block], self.hops, size)
            members = members[seen.first(centres[block], members)]
            yield from items.many_among(members)


def _around(edges: Edges, weights: Floats, centres: Rows, hops: int, size: int) -> Rows:
    """The neighbourhood of each centre, the centre first, -1 for none; shape (centres, size).

    Each hop costs O(d log d) for d neighbours of the entities of the hop before.
    """
    n, neighbours = np.int64(len(edges.neighbours)), edges.neighbours
    members = np.full((len(centres), size), -1, dtype=np.int64)
    members[:, 0] = centres
    filled = np.ones(len(centres), dtype=np.int64)
    item, last = np.arange(len(centres)), centres
    for _ in range(hops):
        if not len(last):
            break
        slots_wanted = int((neighbours.starts[last + 1] - neighbours.starts[last]).sum())
        if len(centres) > 1 and slots_wanted > AT_ONCE:
            half = len(centres) // 2
            parts = (centres[:half], centres[half:])
            return np.concatenate([_around(edges, weights, part, hops, size) for part in parts])
        of, slots = spread(neighbours, last)
        keys = item[of] * n + neighbours.values[slots]
        order = np.argsort(keys, kind="stable")
        first = np.diff(keys[order], prepend=-1) > 0
        heavy = np.bincount(np.cumsum(first) - 1, weights=weights[edges.neighbour_edges[slots[order]]])
        keys = keys[order][first]
        known = (np.arange(len(centres))[:, None] * n + members)[members >= 0]
        found = keys.searchsorted(known)
        found = found[keys[np.minimum(found, len(keys) - 1)] == known]
        keys, heavy = np.delete(keys, found), np.delete(heavy, found)
        item, last = keys // n, keys % n
        order = np.lexsort((-heavy, item))
        item, last = item[order], last[order]
        counts = np.bincount(item, minlength=len(centres))
        put = np.arange(len(item)) + np.repeat(filled - np.cumsum(counts) + counts, counts)
        fits = put < size
        members[item[fits], put[fits]] = last[fits]
        filled = np.minimum(filled + counts, size)
        open_ = filled[item] < size
        item, last = item[open_], last[open_]
    return members


class _Seen:
    """Which sets came before, in O(n) memory.

    Whatever entity a set came around is in the set: only its members need to be asked. A set is known
    by the sum of random 64-bit numbers, one for each entity (Zobrist 1970): two different sets have the
    same sum with probability 2^-64.
    """

    def __init__(self, centres: Rows, n: int, rng: np.random.Generator) -> None:
        self.numbers = rng.integers(1 << 64, size=n, dtype=np.uint64)
        self.turns = np.full(n, len(centres))
        self.turns[centres] = np.arange(len(centres))
        self.sums = np.zeros(n, dtype=np.uint64)

    def first(self, centres: Rows, members: Rows) -> Rows:
        """Which of these sets, in the order of all centres, did not come before; as places."""
        there = members >= 0
        sums = np.where(there, self.numbers[members], np.uint64(0)).sum(axis=1, dtype=np.uint64)
        self.sums[centres] = sums
        before = there & (self.turns[members] < self.turns[centres][:, None])
        return np.flatnonzero(~(before & (self.sums[members] == sums[:, None])).any(axis=1))
