"""The least-used entities first, each with the least-used of what is around it: even coverage of entities."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace
from itertools import islice, zip_longest

import numpy as np

from kg.graph import Edges, Floats, Graph
from kg.model import Subgraph
from sampling.accounting import Coverage
from sampling.items import AT_ONCE, FIRST, MOST, Items
from sampling.weights import check_weights

MANY = 256  # neighbours, above which they are kept in order

Leads = tuple[int, list[int]]
"""The best of some rows, and how good they are: times used and place of the weight, as one number."""


@dataclass(frozen=True, slots=True)
class BalancedSampler:
    """Connected sets of `size` entities, until each that has a neighbour is in `rounds` of them or more.

    The next item starts from an entity that is in the fewest, ties at random, and grows: again and again
    it takes in, of all that are joined to any in it, the one that is in the fewest; of these the one with
    the heaviest single edge, then at random. What `covered` counts for entities counts as items before
    the first. A component with fewer than `size` entities is one item.

    No set of entities comes twice. An entity is given up before its `rounds` only when every such set
    that it is in has come. Each entity starts at most `rounds` items, so n * `rounds` are the most there
    can be; an entity on which others hang is in as many as they need.

    Source: after the coverage-balanced sampling of Synthesize-on-Graph, arXiv 2505.00979.
    """

    size: int = 3
    rounds: int = 1
    covered: Coverage | None = None
    name = "balanced"
    when_empty = (
        "no two entities of the graph are joined by a relation, or all that are have been covered: "
        "try the sampler 'entities', or more rounds"
    )
    endless = False

    def __post_init__(self) -> None:
        if self.size < 2:
            raise ValueError(f"size must be 2 or more entities, not {self.size!r}; try size=3")
        if self.rounds < 1:
            raise ValueError(f"rounds must be 1 or more, not {self.rounds!r}; try rounds=1")

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of 2 to `size` entities and all relations among them.

        Raises ValueError where a weight is negative or not a finite number.
        """
        items = Items(graph)
        weights = check_weights(graph.edges.weights)
        used = times_used(self.covered, graph)
        plan = _Growth(graph.edges, weights, used, self.size, rng).plan(self.rounds)
        most = max(1, min(MOST, AT_ONCE // self.size))
        some = min(FIRST, most)
        while sets := list(islice(plan, some)):
            yield from items.many_among(np.array(list(zip_longest(*sets, fillvalue=-1))).T)
            some = min(2 * some, most)


def times_used(covered: Coverage | None, graph: Graph) -> list[int]:
    """By how many texts each entity row is covered. Entities the graph does not have count nothing."""
    used = [0] * len(graph)
    if covered is not None:
        for (row,), times in covered.counts_in(graph, "entities").items():
            used[row] = times
    return used


class _Growth:
    """Grows connected sets from the entities that are used least; `used` is kept up to date."""

    def __init__(
        self, edges: Edges, weights: Floats, used: list[int], size: int, rng: np.random.Generator
    ) -> None:
        self.neighbours, self.used, self.before, self.size = edges.neighbours, used, used.copy(), size
        self.starts = edges.neighbours.starts.tolist()
        distinct, places = np.unique(-weights, return_inverse=True)
        self.kinds, self.places = max(1, len(distinct)), places.astype(np.int32)[edges.neighbour_edges]
        self.hubs: dict[int, _Hub] = {}
        self.done: set[tuple[int, ...]] = set()
        self.chances = _chances(rng)

    def plan(self, rounds: int) -> Iterator[list[int]]:
        """Sets of rows until each that has a neighbour is used `rounds` times, or cannot be."""
        used, chances = self.used, self.chances
        waiting: dict[int, list[int]] = {}
        for row in np.flatnonzero(self.neighbours.lengths).tolist():
            if used[row] < rounds:
                waiting.setdefault(used[row], []).append(row)
        may_repeat = min(waiting, default=rounds) + 1 < rounds
        while waiting:
            times = min(waiting)
            rows = waiting[times]
            while rows:
                place = int(next(chances) * len(rows))
                rows[place], rows[-1] = rows[-1], rows[place]
                first = rows.pop()
                if used[first] != times or not (members := self.grow(first)):
                    continue
                if may_repeat:
                    self.done.add(tuple(sorted(members)))
                for row in members:
                    used[row] += 1
                    if used[row] < rounds:
                        waiting.setdefault(used[row], []).append(row)
                yield members
            del waiting[times]

    def grow(self, first: int) -> list[int]:
        """A new set around a row, [] where all have come; O(size) steps for each that came with that row.

        Depth first: `barred[i]` must not come in after member i, as all sets with it have come.
        """
        members, barred = [first], [frozenset[int]()]
        fresh = self.used[first] == self.before[first]
        beside: dict[int, Leads] = {}
        while members:
            full = len(members) == self.size
            if not full and (best := self._best(members, barred[-1], beside)) >= 0:
                members.append(best)
                barred.append(barred[-1])
                continue
            if full or not barred[-1]:
                if fresh or tuple(sorted(members)) not in self.done:
                    return members
            else:  # too few are left around what these have in common
                while len(barred) > 1 and barred[-2] is barred[-1]:
                    members.pop()
                    barred.pop()
            last = members.pop()
            barred.pop()
            if members:
                barred[-1] |= {last}
            beside.clear()
        return []

    def _best(self, members: list[int], barred: frozenset[int], beside: dict[int, Leads]) -> int:
        """The row to take in, -1 for none. `beside` keeps what is best beside each member while it is."""
        closed, chances = barred.union(members), self.chances
        best = (-1, 0.0, -1)
        for member in members:
            key, ties = beside.get(member, _NONE)
            while ties and ties[-1] in closed:
                ties.pop()
                self._draw(ties)
            if not ties:
                key, ties = beside[member] = self._beside(member, closed)
            if ties:
                lead = (key, next(chances), ties[-1])
                best = lead if best[2] < 0 else min(best, lead)
        return best[2]

    def _beside(self, row: int, closed: frozenset[int]) -> Leads:
        start, stop = self.starts[row], self.starts[row + 1]
        if stop - start > MANY:
            if row not in self.hubs:
                self.hubs[row] = _Hub(self, start, stop)
            return self.hubs[row].best(closed)
        rows, keys = self.keys(start, stop)
        least = min(keys)
        ties = _equal(rows, keys, least, closed)
        if not ties:
            open_ = (key for other, key in zip(rows, keys, strict=True) if other not in closed)
            least = min(open_, default=least)
            ties = _equal(rows, keys, least, closed)
        self._draw(ties)
        return least, ties

    def keys(self, start: int, stop: int) -> tuple[list[int], list[int]]:
        """The rows in these slots, and for each one number: times used, then place of the weight."""
        rows: list[int] = self.neighbours.values[start:stop].tolist()
        if self.kinds == 1:
            return rows, list(map(self.used.__getitem__, rows))
        used, kinds = self.used, self.kinds
        places = self.places[start:stop].tolist()
        return rows, [used[row] * kinds + place for row, place in zip(rows, places, strict=True)]

    def _draw(self, ties: list[int]) -> None:
        """Put one of them, at random, last."""
        if ties:
            place = int(next(self.chances) * len(ties))
            ties[place], ties[-1] = ties[-1], ties[place]


_NONE: Leads = (0, [])


class _Hub:
    """The neighbours of one entity in a heap, so that none of them is looked at for each item.

    Entities are only ever used more often: what lies on top is moved down when it turns out to be. That
    is once at most for each time one of them is used. Ties come in an order drawn once.
    """

    def __init__(self, growth: "_Growth", start: int, stop: int) -> None:
        order = sorted(
            range(stop - start), key=[next(growth.chances) for _ in range(start, stop)].__getitem__
        )
        rows, keys = growth.keys(start, stop)
        self.rows = [rows[i] for i in order]
        self.places = growth.places[start:stop][order].tolist()
        self.used, self.kinds = growth.used, growth.kinds
        self.heap = [keys[i] * len(rows) + turn for turn, i in enumerate(order)]
        heapify(self.heap)

    def best(self, closed: frozenset[int]) -> Leads:
        """The neighbour that is best and not among the closed ones."""
        heap, count, aside, found = self.heap, len(self.rows), list[int](), list[int]()
        while heap and not found:
            key, turn = divmod(heap[0], count)
            now = self.used[self.rows[turn]] * self.kinds + self.places[turn]
            if now > key:
                heapreplace(heap, now * count + turn)
            elif self.rows[turn] in closed:
                aside.append(heappop(heap))
            else:
                found = [self.rows[turn]]
        for one in aside:
            heappush(heap, one)
        return key, found


def _equal(rows: list[int], keys: list[int], key: int, closed: frozenset[int]) -> list[int]:
    """The rows with that key that are not closed."""
    return [row for row, one in zip(rows, keys, strict=True) if one == key and row not in closed]


def _chances(rng: np.random.Generator) -> Iterator[float]:
    """Random numbers from 0 to 1, without end; 1,024 are drawn at once."""
    while True:
        yield from rng.random(1024).tolist()
