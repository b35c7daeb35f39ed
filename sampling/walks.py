"""Random walks: from every entity, along the relations."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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
        items, ways = Items(graph), Ways(graph.edges)
        starts = np.flatnonzero(graph.edges.neighbours.lengths)
        for _ in range(self.rounds):
            order = rng.permutation(starts)
            for block in blocks(len(order)):
                yield from items.many(*self.walk(ways, order[block], rng))

    def walk(self, ways: "Ways", starts: Rows, rng: np.random.Generator) -> tuple[Rows, Rows]:
        """A walk from each of these entity rows: the rows met (walks, length + 1), the edges (walks, length).

        A walk that ended early is filled up with -1. All walks go on by one step at a time.
        """
        edges = ways.edges
        met = np.full((len(starts), self.length + 1), -1, dtype=np.int64)
        walked = np.full((len(starts), self.length), -1, dtype=np.int64)
        met[:, 0] = starts
        alive = np.flatnonzero(edges.neighbours.lengths[starts])
        for step in range(self.length):
            here = met[alive, step]
            before = met[alive, step - 1] if step else np.full(len(alive), -1)
            slots = self._slots(ways, here, before, rng)
            alive, slots = alive[slots >= 0], slots[slots >= 0]
            met[alive, step + 1] = edges.neighbours.values[slots]
            walked[alive, step] = edges.neighbour_edges[slots]
        return met, walked

    def _slots(self, ways: "Ways", here: Rows, before: Rows, rng: np.random.Generator) -> Rows:
        """The slot of `edges.neighbours` that each walk takes; -1 where it ends.

        Neighbours are tried at random and taken as often as their weight asks, those of a weight above all
        others' (going back, where p is small) beside them; after some tries all are weighed.
        """
        neighbours = ways.edges.neighbours
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
            slots[returns] = ways.slot(here[left[returns]], before[left[returns]])
            luck = rng.random(len(left)) * most
            taken = returns | ~came[left]
            open_ = np.flatnonzero(~taken)
            taken[open_] = luck[open_] < self._bias(ways, slots[open_], before[left[open_]], luck[open_])
            found[left[taken]] = slots[taken]
            left = left[~taken]
            if not len(left):
                return found
        found[left] = self._weighed(ways, here[left], before[left], rng)
        return found

    def _bias(self, ways: "Ways", slots: Rows, before: Rows, luck: Floats | None = None) -> Floats:
        """What each slot counts for a walk that came from `before`; exact where `luck` does not decide already."""
        there = ways.edges.neighbours.values[slots].astype(np.int64)
        bias = np.full(len(slots), min(1.0, 1 / self.q))
        asked = np.flatnonzero(luck >= bias) if luck is not None else np.arange(len(slots))
        bias[asked] = np.where(ways.joined(there[asked], before[asked]), 1.0, 1 / self.q)
        bias[there == before] = 1 / self.p if self.backtrack else 0.0
        return bias

    def _weighed(self, ways: "Ways", here: Rows, before: Rows, rng: np.random.Generator) -> Rows:
        """The slot taken, by weighing all of them: for those whom trying at random did not help."""
        of, slots = spread(ways.edges.neighbours, here)
        ends = np.cumsum(self._bias(ways, slots, before[of]))
        last = np.cumsum(np.bincount(of, minlength=len(here))) - 1
        below = np.concatenate(([0.0], ends[last[:-1]]))
        wanted = below + rng.random(len(here)) * (ends[last] - below)
        return np.asarray(slots[np.minimum(ends.searchsorted(wanted, side="right"), last)], dtype=np.int64)


class Ways:
    """Which entities are joined, asked for many pairs at once; 2 to 4 bytes an edge beside the graph.

    Most pairs that a walk asks about are not joined. A bit for each edge, at a place that a hash of its ends
    says (a Bloom filter of one hash), tells that of fifteen in sixteen of them; the others are looked up.
    """

    def __init__(self, edges: Edges) -> None:
        self.edges = edges

    @cached_property
    def _bits(self) -> NDArray[np.uint8]:
        size = 1 << max(6, (16 * len(self.edges)).bit_length())
        bits = np.zeros(size // 8, dtype=np.uint8)
        place = _place(self.edges.low, self.edges.high, size)
        np.bitwise_or.at(bits, place >> np.uint64(3), np.uint8(1) << (place & np.uint64(7)).astype(np.uint8))
        return bits

    def joined(self, a: Rows, b: Rows) -> NDArray[np.bool_]:
        """Whether each two entity rows are neighbours; -1 has none."""
        place = _place(np.minimum(a, b), np.maximum(a, b), 8 * len(self._bits))
        bit = self._bits[place >> np.uint64(3)] >> (place & np.uint64(7)).astype(np.uint8) & np.uint8(1)
        found: NDArray[np.bool_] = bit.astype(np.bool_)
        asked = np.flatnonzero(found)
        found[asked] = self.slot(a[asked], b[asked]) >= 0
        return found

    def slot(self, of: Rows, neighbour: Rows) -> Rows:
        """The slot in which each entity row has that neighbour; -1 where they are not joined, or a row is -1."""
        starts, values = self.edges.neighbours.starts, self.edges.neighbours.values
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


def _place(low: NDArray[np.integer], high: NDArray[np.integer], size: int) -> NDArray[np.uint64]:
    """Where the bit of a pair is among `size`, a power of two."""
    mixed = low.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + high.astype(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed >> np.uint64(64 - (size - 1).bit_length())
