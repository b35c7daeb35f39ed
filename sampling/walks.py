"""Random walks: from every entity, along the relations."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.graph import Edges, Floats, Graph
from kg.model import Subgraph
from sampling.items import Items, Rows, blocks, spread

TRIES = 16
LEAST = 1e-6  # of p and q: sums of what they weigh stay exact enough


@dataclass(frozen=True, slots=True)
class WalkSampler:
    """`rounds` walks of up to `length` steps from every entity that is joined to another.

    Each step goes to a neighbour. With p = q = 1 all are as likely. Else they are weighted as node2vec
    does (Grover and Leskovec 2016, doi:10.1145/2939672.2939754), after a step from t to v: 1 / p for t
    itself, 1 for a neighbour of t, 1 / q for the others. Without `backtrack` the edge just walked is not
    taken back, and a walk ends where there is no other.
    """

    length: int = 4
    p: float = 1.0
    q: float = 1.0
    backtrack: bool = True
    rounds: int = 1
    name = "walks"
    when_empty = "no two entities of the graph are joined by a relation: try the sampler 'entities'"
    endless = False

    def __post_init__(self) -> None:
        for name, count in (("length", self.length), ("rounds", self.rounds)):
            if count < 1:
                raise ValueError(f"the {name} of walks must be 1 or more, saw {count!r}")
        for name, value in (("p", self.p), ("q", self.q)):
            if not LEAST <= value <= 1 / LEAST:
                raise ValueError(f"{name} of a walk must be from {LEAST:g} to {1 / LEAST:g}, saw {value!r}")

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of the entities met and the relations along the edges walked; two may be the same."""
        items = Items(graph)
        starts = np.flatnonzero(graph.edges.neighbours.lengths)
        for _ in range(self.rounds):
            order = rng.permutation(starts)
            for block in blocks(len(order)):
                yield from items.many(*self.walk(graph.edges, order[block], rng))

    def walk(self, edges: Edges, starts: Rows, rng: np.random.Generator) -> tuple[Rows, Rows]:
        """A walk from each of these entity rows: the rows met (walks, length + 1), the edges (walks, length).

        A walk that ended early is filled up with -1. All walks go on by one step at a time.
        """
        met = np.full((len(starts), self.length + 1), -1, dtype=np.int64)
        walked = np.full((len(starts), self.length), -1, dtype=np.int64)
        met[:, 0] = starts
        alive = np.flatnonzero(edges.neighbours.lengths[starts])
        for step in range(self.length):
            here = met[alive, step]
            before = met[alive, step - 1] if step else np.full(len(alive), -1)
            slots = self._slots(edges, here, before, rng)
            alive, slots = alive[slots >= 0], slots[slots >= 0]
            met[alive, step + 1] = edges.neighbours.values[slots]
            walked[alive, step] = edges.neighbour_edges[slots]
        return met, walked

    def _slots(self, edges: Edges, here: Rows, before: Rows, rng: np.random.Generator) -> Rows:
        """The slot of `edges.neighbours` that each walk takes; -1 where it ends.

        Neighbours are tried at random and taken as often as their weight asks, those of a weight above all
        others' (going back, where p is small) beside them; after some tries all are weighed.
        """
        neighbours = edges.neighbours
        first, choices = neighbours.starts[here], neighbours.starts[here + 1] - neighbours.starts[here]
        came = before >= 0
        passed = came & (not self.backtrack)
        choices = choices - passed
        most = max(1.0, 1 / self.q)
        back = came * max(0.0, 1 / self.p - most) if self.backtrack else np.zeros(len(here))
        found = np.full(len(here), -1, dtype=np.int64)
        left = np.flatnonzero(choices)
        for _ in range(TRIES):
            point = rng.random(len(left)) * (choices[left] * most + back[left])
            slots = first[left] + np.minimum((point / most).astype(np.int64), choices[left] - 1)
            slots += passed[left] & (neighbours.values[slots] >= before[left])  # neighbours ascend
            if self.p == self.q == 1:
                found[left] = slots
                return found
            returns = point >= choices[left] * most
            slots[returns] = _slot(edges, here[left[returns]], before[left[returns]])
            luck = rng.random(len(left)) * most
            taken = returns | ~came[left]
            open_ = np.flatnonzero(~taken)
            taken[open_] = luck[open_] < self._bias(edges, slots[open_], before[left[open_]], luck[open_])
            found[left[taken]] = slots[taken]
            left = left[~taken]
            if not len(left):
                return found
        found[left] = self._weighed(edges, here[left], before[left], rng)
        return found

    def _bias(self, edges: Edges, slots: Rows, before: Rows, luck: Floats | None = None) -> Floats:
        """What each slot counts for a walk that came from `before`; exact where `luck` does not decide already."""
        starts, there = edges.neighbours.starts, edges.neighbours.values[slots].astype(np.int64)
        bias = np.full(len(slots), min(1.0, 1 / self.q))
        asked = np.flatnonzero(luck >= bias) if luck is not None else np.arange(len(slots))
        one, two = there[asked], before[asked]
        # Looked for among the neighbours of the one that has fewer.
        fewer = starts[one + 1] - starts[one] < starts[two + 1] - starts[two]
        joined = _slot(edges, np.where(fewer, one, two), np.where(fewer, two, one)) >= 0
        bias[asked] = np.where(joined, 1.0, 1 / self.q)
        bias[there == before] = 1 / self.p if self.backtrack else 0.0
        return bias

    def _weighed(self, edges: Edges, here: Rows, before: Rows, rng: np.random.Generator) -> Rows:
        """The slot taken, by weighing all of them: for those whom trying at random did not help."""
        of, slots = spread(edges.neighbours, here)
        ends = np.cumsum(self._bias(edges, slots, before[of]))
        last = np.cumsum(np.bincount(of, minlength=len(here))) - 1
        below = np.concatenate(([0.0], ends[last[:-1]]))
        wanted = below + rng.random(len(here)) * (ends[last] - below)
        return np.asarray(slots[np.minimum(ends.searchsorted(wanted, side="right"), last)], dtype=np.int64)


def _slot(edges: Edges, of: Rows, neighbour: Rows) -> Rows:
    """The slot in which each entity row has that neighbour; -1 where they are not joined, or a row is -1."""
    starts, values = edges.neighbours.starts, edges.neighbours.values
    row = np.maximum(of, 0)
    below, above = starts[row], starts[row + 1]
    end = above.copy()
    open_ = np.flatnonzero(below < above)
    while len(open_):
        low, high = below[open_], above[open_]
        half = (low + high) >> 1
        less = values[half] < neighbour[open_]
        below[open_] = low = np.where(less, half + 1, low)
        above[open_] = high = np.where(less, high, half)
        open_ = open_[low < high]
    found = values[np.minimum(below, len(values) - 1)] == neighbour
    return np.where((below < end) & found & (of >= 0), below, -1)
