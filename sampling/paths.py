"""Ways of two or three edges through the graph: how one entity leads to another."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph
from sampling.items import Items, Rows, blocks
from sampling.permutation import KeyedPermutation
from sampling.wedges import slot_pairs

HOPS = (2, 3)


@dataclass(frozen=True, slots=True)
class PathSampler:
    """Every path of `hops` edges (2 or 3) over distinct entities exactly once, in uniformly random order.

    Which path comes when is computed from its number, so no list is made: 8 bytes an entity, or an edge
    for three hops, beside the graph, and the first path is there at once.
    """

    hops: int = 2
    name = "paths"
    when_empty = "no path of that length is in the graph: try 'paths:hops=2' or the sampler 'edges'"
    endless = False

    def __post_init__(self) -> None:
        if self.hops not in HOPS:
            raise ValueError(
                f"a path has 2 or 3 hops, saw {self.hops!r}; for longer ways take the sampler 'walks'"
            )

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of the entities along a path and the relations along it, not those across it."""
        items = Items(graph)
        for entities, edges in (_two if self.hops == 2 else _three)(items, rng):
            yield from items.many(entities, edges)


def _two(items: Items, rng: np.random.Generator) -> Iterator[tuple[Rows, Rows]]:
    """By the entity in the middle and two of its edges."""
    neighbours, numbers = items.edges.neighbours, items.edges.neighbour_edges
    for middle, one, two in slot_pairs(neighbours.starts, rng):
        entities = (middle, neighbours.values[one], neighbours.values[two])
        yield (
            np.stack(entities, axis=1, dtype=np.int64),
            np.stack((numbers[one], numbers[two]), axis=1, dtype=np.int64),
        )


def _three(items: Items, rng: np.random.Generator) -> Iterator[tuple[Rows, Rows]]:
    """By the edge in the middle and one more edge at each end; a way that closes is a triangle, and left out."""
    edges = items.edges
    starts, degree = edges.neighbours.starts, edges.neighbours.lengths
    ends = np.cumsum((degree[edges.low] - 1) * (degree[edges.high] - 1))
    order = KeyedPermutation(int(ends[-1]) if len(ends) else 0, rng)
    for block in blocks(len(order)):
        numbers = order.many(block.start, block.stop)
        middle = ends.searchsorted(numbers, side="right")
        rank = numbers - np.where(middle > 0, ends[middle - 1], 0)
        b, c = edges.low[middle], edges.high[middle]
        at_b, at_c = np.divmod(rank, degree[c] - 1)
        # The other end of the middle edge is passed over: neighbours ascend.
        one, two = starts[b] + at_b, starts[c] + at_c
        one += edges.neighbours.values[one] >= c
        two += edges.neighbours.values[two] >= b
        a, d = edges.neighbours.values[one], edges.neighbours.values[two]
        keep = a != d
        entities = np.stack((a, b, c, d), axis=1, dtype=np.int64)
        along = (edges.neighbour_edges[one], middle, edges.neighbour_edges[two])
        yield entities[keep], np.stack(along, axis=1, dtype=np.int64)[keep]
