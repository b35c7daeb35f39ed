"""The items that a sampler draws from, each once, and which things each of them covers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.histograms import Floats
from kg.graph import Graph
from kg.model import Subgraph
from kg.ragged import Ragged
from sampling import Coverage, EdgeSampler, Sampler, TriangleSampler, Unit
from sampling.items import Items

UNIFORM = ("cross_document", "documents", "edges", "entities", "pairs", "paths", "triangles", "triples")
DRAWN_AT_MOST = 100_000
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Pool:
    """`items` items; row i of `covers` are the numbers of those that cover thing i.

    Things that no item covers are left out. `have` is by how many texts each thing is covered already.
    `weights` are those of the items where draws are in proportion to them.
    """

    items: int
    covers: Ragged
    have: Ints
    weights: Floats | None = None

    def needs(self, times: int, wordings: int) -> Ints:
        """How many more items must cover each thing, so that `times` texts do; 0 where they do already."""
        return np.asarray(-(-np.maximum(times - self.have, 0) // wordings), dtype=np.int64)

    def covered(self, n: Floats, times: int, wordings: int, *, replacement: bool) -> Floats:
        """Expected number of further things covered after n items; a number for each n."""
        needs = self.needs(times, wordings)
        open_ = np.flatnonzero(needs > 0)
        if not len(open_) or not self.items:
            return np.zeros(len(n))
        if self.weights is not None:
            return self._weighted(n, open_, needs[open_], replacement)
        base = int(needs.max()) + 1
        sizes = np.bincount(self.covers.lengths[open_] * base + needs[open_])
        groups = np.flatnonzero(sizes)
        counts, d, k = sizes[groups], (groups // base).astype(np.float64), groups % base
        if replacement:
            return np.array([counts @ _again(d / self.items, one, k) for one in n])
        return np.array([counts @ _without(self.items, d, min(one, self.items), k) for one in n])

    def _weighted(self, n: Floats, rows: Ints, needs: Ints, replacement: bool) -> Floats:
        weights = np.asarray(self.weights, dtype=np.float64)
        starts, lengths = self.covers.starts[rows], self.covers.lengths[rows]
        if replacement:
            sums = np.array([weights[self.covers[row]].sum() for row in rows.tolist()]) / weights.sum()
            return np.array([_again(np.minimum(sums, 1.0), one, needs).sum() for one in n])
        return np.array(
            [
                _at_least(_included(weights, one), self.covers.values, starts, lengths, needs).sum()
                for one in n
            ]
        )

    def reached(
        self, rng: np.random.Generator, times: int, wordings: int, *, replacement: bool = False
    ) -> Floats:
        """One drawn order: after how many items each further thing is covered, ascending."""
        needs, lengths = self.needs(times, wordings), self.covers.lengths
        rows = np.flatnonzero((needs > 0) & (replacement | (needs <= lengths)))
        if not len(rows):
            return np.empty(0)
        if replacement:
            return self._reached_again(rng, rows, needs[rows])
        if self.weights is None:
            place = rng.permutation(self.items)
        else:
            keys = rng.exponential(size=self.items) / np.where(self.weights > 0, self.weights, 1e-300)
            place = np.empty(self.items, dtype=np.int64)
            place[np.argsort(keys)] = np.arange(self.items)
        places = place[self.covers.values]
        if needs.max() == 1 and lengths.min():
            return np.sort(np.minimum.reduceat(places, self.covers.starts[:-1])[rows] + 1.0)
        of = np.repeat(np.arange(len(lengths)), lengths)
        places = places[np.lexsort((places, of))]
        return np.sort(places[self.covers.starts[rows] + needs[rows] - 1] + 1.0)

    def _reached_again(self, rng: np.random.Generator, rows: Ints, needs: Ints) -> Floats:
        """With replacement: each item's draws come as a process of its own; times are turned into draws."""
        weights = np.ones(self.items) if self.weights is None else self.weights
        rates, most = weights / weights.sum(), int(needs.max())
        with np.errstate(divide="ignore"):
            at = rng.exponential(size=(self.items, most)).cumsum(axis=1) / rates[:, None]
        found = np.array(
            [
                np.partition(at[self.covers[row]].reshape(-1), need - 1)[need - 1]
                for row, need in zip(rows.tolist(), needs.tolist(), strict=True)
            ]
        )
        return np.sort(np.maximum(np.ceil(found), needs).astype(np.float64))


def is_drawn_from_a_pool(sampler: Sampler) -> bool:
    """Whether a sampler takes every item of a kind once in random order, or edges by weight or again and again."""
    return sampler.name in UNIFORM and not (isinstance(sampler, TriangleSampler) and sampler.weighted)


def pool_of(
    graph: Graph, sampler: Sampler, unit: Unit, written: Coverage, done: list[Subgraph], most: int
) -> Pool | None:
    """The pool of a sampler that takes every item once, without those in `done`; None above `most` items.

    Edges are read off the graph, however many; other samplers are asked for their items.
    """
    found = (
        _edges(graph, sampler, unit, done)
        if isinstance(sampler, EdgeSampler)
        else _listed(graph, sampler, unit, written, done, most)
    )
    if found is None:
        return None
    things, numbers, rows, items, weights = found
    covers = Ragged.group(rows, numbers, len(things))
    counts = written.counts_by_row(unit)
    have = (
        np.array([counts.get(thing, 0) for thing in map(tuple, things)], dtype=np.int64)
        if counts
        else np.zeros(len(things), dtype=np.int64)
    )
    return Pool(items, covers, have, weights)


Listing = tuple[list[tuple[int, ...]], Ints, Ints, int, Floats | None]


def _listed(
    graph: Graph, sampler: Sampler, unit: Unit, written: Coverage, done: list[Subgraph], most: int
) -> Listing | None:
    skip = {item.key for item in done}
    row_of: dict[tuple[int, ...], int] = {}
    numbers: list[int] = []
    rows: list[int] = []
    items = 0
    for seen, item in enumerate(sampler.sample(graph, np.random.default_rng(0))):
        if seen == most:
            return None
        if skip and item.key in skip:
            continue
        for thing in written.things(item)[unit]:
            rows.append(row_of.setdefault(thing, len(row_of)))
            numbers.append(items)
        items += 1
    return list(row_of), np.array(numbers, dtype=np.int64), np.array(rows, dtype=np.int64), items, None


def _edges(graph: Graph, sampler: EdgeSampler, unit: Unit, done: list[Subgraph]) -> Listing:
    """Which edges cover what: the ends, the relations between them and of the ends to themselves."""
    edges, count = graph.edges, len(graph.edges)
    left = np.ones(count, dtype=bool)
    if done:
        makes = Items(graph)
        for item in done:
            at = [row for row in (_row(graph, id) for id in item.entities) if row >= 0]
            for edge in makes.edges_among(sorted(at)) if len(at) == 2 else ():
                left[edge] &= makes.make(sorted(at), (edge,)).key != item.key
    number = np.cumsum(left) - 1
    ends = np.concatenate((edges.low, edges.high)).astype(np.int64)
    of_end = np.concatenate((np.arange(count), np.arange(count)))
    if unit == "entities":
        rows, which, names = ends, of_end, np.arange(len(graph))
    elif unit == "pairs":
        rows, which, names = np.arange(count), np.arange(count), np.column_stack((edges.low, edges.high))
    elif unit == "relations":
        rows, which = (
            edges.relations.values.astype(np.int64),
            np.repeat(np.arange(count), edges.relations.lengths),
        )
        own = np.flatnonzero(graph.sources == graph.targets)
        for relation in own.tolist():
            at_loop = of_end[ends == graph.sources[relation]]
            rows, which = np.append(rows, np.full(len(at_loop), relation)), np.append(which, at_loop)
        names = np.arange(graph.relation_count)
    else:
        rows = which = names = np.empty(0, dtype=np.int64)
    keep = left[which] if len(which) else np.empty(0, dtype=bool)
    known, rows = np.unique(rows[keep], return_inverse=True)
    things = [tuple(np.atleast_1d(thing).tolist()) for thing in names[known]] if len(known) else []
    weights = np.asarray(edges.weights[left], dtype=np.float64) if sampler.weighted else None
    return things, number[which[keep]], rows.astype(np.int64), int(left.sum()), weights


def _row(graph: Graph, id: str) -> int:
    try:
        return graph.entity_row(id)
    except KeyError:
        return -1


def _without(items: int, d: Floats, n: float, k: Ints) -> Floats:
    """Chance that n of the items, drawn without replacement, hold at least k of d; n may be a fraction."""
    from scipy.special import gammaln

    def log_comb(a: Floats | float, b: Floats | float) -> Floats:
        with np.errstate(invalid="ignore"):
            value = (
                gammaln(np.asarray(a) + 1.0) - gammaln(np.asarray(b) + 1.0) - gammaln(np.asarray(a) - b + 1.0)
            )
        return np.asarray(value, dtype=np.float64)

    fewer = np.zeros(len(d))
    for j in range(int(k.max())):
        possible = (j < k) & (j <= d) & (n - j >= 0) & (items - d - (n - j) > -1e-9)
        if possible.any():
            rest = np.maximum(items - d[possible] - (n - j), 0.0)
            log_ways = gammaln(items - d[possible] + 1) - gammaln(n - j + 1) - gammaln(rest + 1)
            fewer[possible] += np.exp(
                log_comb(d[possible], float(j)) + log_ways - float(log_comb(float(items), float(n)))
            )
    return np.asarray(np.clip(1.0 - fewer, 0.0, 1.0), dtype=np.float64)


def _again(chance: Floats, n: float, k: Ints) -> Floats:
    """Chance of at least k successes in n independent draws."""
    from scipy.special import betainc

    able = n > k - 1
    safe = np.where(able, n - k + 1, 1.0)
    return np.asarray(np.where(able, betainc(k, safe, chance), 0.0), dtype=np.float64)


def _included(weights: Floats, n: float) -> Floats:
    """Chance that each item is among the first n of a weighted order; n up to the items of positive weight."""
    from scipy.optimize import brentq

    positive = weights[weights > 0]
    if n >= len(positive):
        return np.asarray(weights > 0, dtype=np.float64) if n < len(weights) else np.ones(len(weights))
    if n <= 0:
        return np.zeros(len(weights))
    upper = 1.0 / positive.mean()
    while -np.expm1(-positive * upper).sum() < n:
        upper *= 2
    tau = brentq(lambda tau: -np.expm1(-positive * tau).sum() - n, 0.0, upper)
    return np.asarray(-np.expm1(-weights * tau), dtype=np.float64)


def _at_least(chance: Floats, values: NDArray[np.int32], starts: Ints, lengths: Ints, needs: Ints) -> Floats:
    """For each row, the chance that at least `needs` of its independent items are in (Poisson binomial)."""
    most = int(needs.max())
    state = np.zeros((len(needs), most))
    state[:, 0] = 1.0  # state[i, j]: exactly j of the items so far, j below most
    for place in range(int(lengths.max())):
        rows = np.flatnonzero(place < lengths)
        p = chance[values[starts[rows] + place]][:, None]
        shifted = np.concatenate((np.zeros((len(rows), 1)), state[rows, :-1]), axis=1)
        state[rows] = state[rows] * (1 - p) + shifted * p
    below = np.cumsum(state, axis=1)[np.arange(len(needs)), needs - 1]
    return np.asarray(1.0 - below, dtype=np.float64)
