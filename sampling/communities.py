"""Communities of entities that are joined more closely to one another, none larger than wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from importlib import import_module
from itertools import pairwise

import numpy as np

from kg.graph import Edges, Floats, Graph
from kg.model import GraphError, Subgraph
from kg.ragged import Ragged
from sampling.items import Items, Rows, blocks_of, spread
from sampling.weights import check_weights


@dataclass(frozen=True, slots=True)
class CommunitySampler:
    """Leiden communities, divided further until none has more than `size` entities; in random order.

    No entity is in two items. Each that has a neighbour is in one, unless all its neighbours are in full
    items that would not hold together, or be one entity, without them: a leaf of a hub with many leaves.
    The entities of an item are connected by relations among them. A higher `resolution` divides more.

    Source: Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z; their algorithm, run again
    on every community that is too large, from the library graspologic-native (the extra `communities`).
    """

    size: int = 8
    resolution: float = 1.0
    name = "communities"
    when_empty = "no two entities of the graph are joined by a relation: try the sampler 'entities'"
    endless = False

    def __post_init__(self) -> None:
        if self.size < 2:
            raise ValueError(f"size must be 2 or more entities, not {self.size!r}; try size=8")
        if not 0 < self.resolution < float("inf"):
            raise ValueError(f"resolution must be above 0 and finite, not {self.resolution!r}; try 1.0")

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of 2 to `size` entities and all relations among them.

        Raises ValueError where a weight is negative or not a finite number, and GraphError where
        graspologic-native is not installed.
        """
        items, edges = Items(graph), graph.edges
        weights = check_weights(edges.weights)
        if not len(edges):
            return
        found = leiden(edges, weights, self.size, self.resolution, rng)
        members = _table(bounded(items, weights, found, self.size))
        members = members[rng.permutation(len(members))]
        for block in blocks_of(*members.shape):
            yield from items.many_among(members[block])


def leiden(edges: Edges, weights: Floats, size: int, resolution: float, rng: np.random.Generator) -> Rows:
    """Community of each entity row; one that the algorithm does not divide may have more than `size`.

    The algorithm runs on the whole graph, and again on every community that is too large, by itself.
    Where all weights are 0 they count alike.
    """
    try:
        library = import_module("graspologic_native")
    except ImportError:
        raise GraphError(
            "the sampler 'communities' needs graspologic-native, which is not installed. "
            "Install it with: pip install 'entigraph[communities]'"
        ) from None
    weights = weights / (weights.max() or 1.0)  # their sums stay finite
    seed = int(rng.integers(1 << 63))
    found = np.zeros(len(edges.neighbours), dtype=np.int64)
    rows = np.flatnonzero(edges.neighbours.lengths)
    while len(rows):
        near, heavy = _within(edges, weights, found, rows)
        bounds = np.flatnonzero(np.diff(found[rows], prepend=-1, append=-1)).tolist()
        new = np.empty(len(rows), dtype=np.int64)
        for start, stop in pairwise(bounds):
            slots = slice(near.starts[start], near.starts[stop])
            _, parts = library.leiden_csr(
                near.starts[start : stop + 1] - near.starts[start],
                near.values[slots] - np.int32(start),
                heavy[slots] if heavy[slots].any() else np.ones_like(heavy[slots]),
                stop - start,
                resolution=resolution,
                seed=seed,
            )
            places = np.fromiter(parts.keys(), np.int64, stop - start)
            new[start + places] = start + np.fromiter(parts.values(), np.int64, stop - start)
        sizes, before = np.bincount(new)[new], np.repeat(np.diff(bounds), np.diff(bounds))
        found[rows] = found.max() + 1 + new
        rows = rows[(sizes > size) & (sizes < before)]
        rows = rows[np.argsort(found[rows], kind="stable")]
    return found


def _within(edges: Edges, weights: Floats, communities: Rows, rows: Rows) -> tuple[Ragged, Floats]:
    """For each of these rows its neighbours in its community, as places in `rows`; and the weight of each."""
    of, slots = spread(edges.neighbours, rows)
    place = np.full(len(communities), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows))
    others = place[edges.neighbours.values[slots]]
    inside = (others >= 0) & (communities[rows[others]] == communities[rows[of]])
    starts = np.searchsorted(of[inside], np.arange(len(rows) + 1))
    return Ragged(starts, others[inside]), weights[edges.neighbour_edges[slots[inside]]]


def bounded(items: Items, weights: Floats, communities: Rows, size: int) -> Rows:
    """The communities in connected parts of 2 to `size` entities: a number for each row, -1 for left out.

    What is too large is divided by growing parts of even size, see `_grown`; entities left alone then find
    a place, see `_Parts.settle`.
    """
    edges, n = items.edges, len(communities)
    parts = _connected(edges, communities)
    sizes = np.bincount(parts, minlength=n)
    home = np.where(sizes[parts] == 1, -1, parts)
    order = np.argsort(parts, kind="stable")
    ends, free = np.cumsum(sizes), n
    for part in np.flatnonzero(sizes > size).tolist():
        rows = order[ends[part] - sizes[part] : ends[part]]
        count = -(-len(rows) // size)
        for some in _grown(edges, weights, rows, -(-len(rows) // count)):
            home[some] = free if len(some) > 1 else -1
            free += 1
    if ((home < 0) & (edges.neighbours.lengths > 0)).any():
        return _Parts(items, weights, home, size).settle()
    return home


def _connected(edges: Edges, labels: Rows) -> Rows:
    """Number of the connected component of each row, along edges whose ends have the same label."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    kept = labels[edges.low] == labels[edges.high]
    shape = (len(labels), len(labels))
    ends = (edges.low[kept], edges.high[kept])
    graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=shape)
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _grown(edges: Edges, weights: Floats, rows: Rows, size: int) -> Iterator[list[int]]:
    """Connected rows in connected parts of up to `size`; every row once. O(size m + m log m) for m edges.

    Each part starts at the row with the fewest neighbours that are still free and takes in, again and
    again, the free row with the heaviest edges to it; of equal ones that with fewer free neighbours, then
    the lower. So what hangs on one entity alone goes with it.
    """
    of, slots = spread(edges.neighbours, rows)
    others = edges.neighbours.values[slots]
    place = np.minimum(rows.searchsorted(others), len(rows) - 1)
    inside = rows[place] == others
    starts = np.searchsorted(of[inside], np.arange(len(rows) + 1)).tolist()
    heads = place[inside].tolist()
    heavy = weights[edges.neighbour_edges[slots[inside]]].tolist()
    known, free = rows.tolist(), [True] * len(rows)
    degree = [starts[row + 1] - starts[row] for row in range(len(rows))]
    waiting = [(count, row) for row, count in enumerate(degree)]
    heapify(waiting)
    while waiting:
        newest = heappop(waiting)[1]
        if not free[newest]:
            continue
        part: list[int] = []
        near: dict[int, float] = {}
        while True:
            free[newest] = False
            part.append(newest)
            for slot in range(starts[newest], starts[newest + 1]):
                if free[row := heads[slot]]:
                    near[row] = near.get(row, 0.0) + heavy[slot]
                    degree[row] -= 1
                    heappush(waiting, (degree[row], row))
            if len(part) == size or not near:
                break
            newest = min(near, key=lambda row: (-near[row], degree[row], row))
            del near[newest]
        yield [known[row] for row in part]


class _Parts:
    """Disjoint parts of a graph, and a place in them for what was left alone."""

    def __init__(self, items: Items, weights: Floats, home: Rows, size: int) -> None:
        self.items, self.weights, self.size = items, weights, size
        self.home = home.tolist()
        self.members: dict[int, list[int]] = {}
        for row, part in enumerate(self.home):
            if part >= 0:
                self.members.setdefault(part, []).append(row)
        self.free = max(self.members, default=-1) + 1
        self.needed: set[int] = set()
        self.alone = np.flatnonzero((home < 0) & (items.edges.neighbours.lengths > 0)).tolist()

    def settle(self) -> Rows:
        """The part of each row once nothing more can be placed, -1 for what could not be."""
        while True:
            left = [row for row in self.alone if self.home[row] < 0 and not self._placed(row)]
            if len(left) == len(self.alone):
                return np.array(self.home, dtype=np.int64)
            self.alone = left

    def _placed(self, row: int) -> bool:
        """Along its heaviest edge that will do: to one that is alone, to a part with room, or with one
        whose part holds together without it. Ties go to the lower row."""
        edges = self.items.edges
        slots = slice(edges.neighbours.starts[row], edges.neighbours.starts[row + 1])
        heavy = self.weights[edges.neighbour_edges[slots]]
        others = edges.neighbours.values[slots][np.argsort(-heavy, kind="stable")].tolist()
        for other in others:
            part = self.home[other]
            if part < 0:
                self._put([row, other], self.free)
                return True
            if len(self.members[part]) < self.size:
                self._put([*self.members[part], row], part)
                return True
        for other in others:
            part = self.home[other]
            if other not in self.needed and self._whole(
                rest := [one for one in self.members[part] if one != other]
            ):
                self._put(rest, part)
                self._put([row, other], self.free)
                return True
            self.needed.add(other)
        return False

    def _put(self, rows: list[int], part: int) -> None:
        self.members[part] = rows
        for row in rows:
            self.home[row] = part
        self.needed.difference_update(rows)
        self.free = max(self.free, part + 1)

    def _whole(self, rows: list[int]) -> bool:
        """Whether these are two rows or more, and connected."""
        edges, group = self.items.edges, {row: {row} for row in rows}
        for edge in self.items.edges_among(rows):
            one, two = group[int(edges.low[edge])], group[int(edges.high[edge])]
            if one is not two:
                one |= two
                group.update(dict.fromkeys(two, one))
        return len(rows) > 1 and len(group[rows[0]]) == len(rows)


def _table(home: Rows) -> Rows:
    """The rows of each part, -1 for none; shape (parts, rows of the largest)."""
    order = np.argsort(home, kind="stable")[np.count_nonzero(home < 0) :]
    _, starts, of, sizes = np.unique(home[order], return_index=True, return_inverse=True, return_counts=True)
    table = np.full((len(sizes), max(sizes, default=2)), -1, dtype=np.int64)
    table[of, np.arange(len(order)) - starts[of]] = order
    return table
