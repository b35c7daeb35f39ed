"""What one draw selects and what it teaches: two dictionaries, the place to add a variant of the model.

A *selection rule* says how likely each ordered pair (x, y) is to be drawn; a *link rule* says which links
a draw teaches, given the path from x to y. With both, and a tie rule, every link (i, j) has a rate: how
many of K = V (V - 1) draws teach it on average. A link rule without rates can be simulated only.

To add one, write it here and list it: tests/analysis/test_rules.py holds every entry against an
enumeration of all pairs and all shortest paths.

Source: Yang et al. 2024, arXiv 2409.07431, section 6, for `uniform` with `star`; the others are ours.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.graphs import Digraph
from analysis.trees import Paths
from kg.suggest import unknown

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]

MAX_DENSE_WEIGHTS = 10_000


class Selection(Protocol):
    """Which ordered pair (x, y), x != y, a draw selects.

    `dimensions` is the shape of the weights that it takes: 0 none, 1 one a vertex, 2 one a pair.
    """

    name: ClassVar[str]
    dimensions: ClassVar[int]

    def __init__(self, graph: Digraph, weights: ArrayLike | None) -> None: ...

    def chances(self, source: int) -> Floats:
        """Probability of (source, y) for each vertex y, 0 for y = source; all sources sum to 1."""
        ...

    def draw(self, rng: np.random.Generator, size: int) -> tuple[Positions, Positions]:
        """`size` independent pairs: the xs and the ys."""
        ...


class UniformPairs:
    """Every ordered pair alike: the paper's draw."""

    name: ClassVar[str] = "uniform"
    dimensions: ClassVar[int] = 0

    def __init__(self, graph: Digraph, weights: ArrayLike | None = None) -> None:
        if weights is not None:
            raise ValueError("the selection rule 'uniform' takes no weights; 'vertices' and 'pairs' do")
        self.vertices = graph.vertices

    def chances(self, source: int) -> Floats:
        """1 / K each."""
        chances = np.full(self.vertices, 1 / max(1, self.vertices * (self.vertices - 1)))
        chances[source] = 0.0
        return chances

    def draw(self, rng: np.random.Generator, size: int) -> tuple[Positions, Positions]:
        """Pairs by number, so that none is drawn twice as a loop."""
        xs, ys = np.divmod(rng.integers(self.vertices * (self.vertices - 1), size=size), self.vertices - 1)
        return xs, ys + (ys >= xs)


class VertexWeights:
    """In proportion to the product of the weights of both ends: a sampler that prefers some entities."""

    name: ClassVar[str] = "vertices"
    dimensions: ClassVar[int] = 1

    def __init__(self, graph: Digraph, weights: ArrayLike | None) -> None:
        self.weights = _checked(self.name, weights, (graph.vertices,))
        self.leaving = self.weights * (self.weights.sum() - self.weights)
        if not self.leaving.sum() > 0:
            raise ValueError("the selection rule 'vertices' needs two vertices of positive weight")

    def chances(self, source: int) -> Floats:
        """The weight of the source times that of each other vertex, normalised."""
        chances = self.weights[source] * self.weights / self.leaving.sum()
        chances[source] = 0.0
        return np.asarray(chances, dtype=np.float64)

    def draw(self, rng: np.random.Generator, size: int) -> tuple[Positions, Positions]:
        """x in proportion to what leaves it, then y along the weights with those of x cut out."""
        xs = _drawn(self.leaving, rng.random(size))
        ends = np.cumsum(self.weights)
        along = rng.random(size) * (ends[-1] - self.weights[xs])
        along += np.where(along >= ends[xs] - self.weights[xs], self.weights[xs], 0.0)
        return xs, np.searchsorted(ends, along, side="right").clip(max=_last(self.weights))


class PairWeights:
    """In proportion to a weight for each ordered pair: what a sampler draws, pair by pair."""

    name: ClassVar[str] = "pairs"
    dimensions: ClassVar[int] = 2

    def __init__(self, graph: Digraph, weights: ArrayLike | None) -> None:
        from scipy.sparse import csr_matrix, issparse

        shape = (graph.vertices, graph.vertices)
        if not issparse(weights) and graph.vertices > MAX_DENSE_WEIGHTS:
            raise ValueError(
                f"weights for all pairs of V={graph.vertices} do not fit; pass a scipy.sparse matrix"
            )
        matrix = csr_matrix(weights if issparse(weights) else _checked(self.name, weights, shape))
        if matrix.shape != shape:
            raise ValueError(f"the selection rule 'pairs' wants weights of shape {shape}, saw {matrix.shape}")
        _checked(self.name, matrix.data, matrix.data.shape)
        entries = matrix.tocoo()
        off = (entries.row != entries.col) & (entries.data > 0)
        if not off.any():
            raise ValueError("the selection rule 'pairs' needs a pair x != y of positive weight")
        chances = entries.data[off] / entries.data[off].sum()
        self.matrix = csr_matrix((chances, (entries.row[off], entries.col[off])), shape=shape)

    def chances(self, source: int) -> Floats:
        """The row of the source."""
        return np.asarray(self.matrix[[source]].toarray()[0], dtype=np.float64)

    def draw(self, rng: np.random.Generator, size: int) -> tuple[Positions, Positions]:
        """Entries of the matrix by their cumulated weights."""
        entries = _drawn(self.matrix.data, rng.random(size))
        xs = np.searchsorted(self.matrix.indptr, entries, side="right") - 1
        return xs, self.matrix.indices[entries].astype(np.int64)


SELECTION_RULES: dict[str, type[Selection]] = {
    "uniform": UniformPairs,
    "vertices": VertexWeights,
    "pairs": PairWeights,
}


def selection(name: str, graph: Digraph, weights: ArrayLike | None = None) -> Selection:
    """The selection rule of that name on a graph. Raises ValueError for a name or weights that do not fit."""
    if name not in SELECTION_RULES:
        raise ValueError(unknown("selection rule", name, SELECTION_RULES))
    return SELECTION_RULES[name](graph, weights)


@dataclass(frozen=True, slots=True)
class LinkRule:
    """Which links a draw teaches.

    `links` lists them for one path (x, ..., y). Exact rates come from one of two: `from_source`, where
    every link starts at x (the rate at each position, given the rate at which each is asked for), or
    `pieces`, where links of other sources are taught too (positions a, b and what this source adds to the
    rate of a link from a to b). A rule with neither can only be simulated.
    """

    links: Callable[[Sequence[int]], Iterator[tuple[int, int]]]
    from_source: Callable[[Paths, Floats], Floats] | None = None
    pieces: Callable[[Paths, Floats], Iterator[tuple[Positions, Positions, Floats]]] | None = None

    @property
    def is_exact(self) -> bool:
        """Whether its curve has a closed form here."""
        return self.from_source is not None or self.pieces is not None


def _star(path: Sequence[int]) -> Iterator[tuple[int, int]]:
    return ((path[0], vertex) for vertex in path[1:])


def _pair(path: Sequence[int]) -> Iterator[tuple[int, int]]:
    return iter([(path[0], path[-1])])


LINK_RULES: dict[str, LinkRule] = {
    # the paper: x becomes linked to every vertex on the path
    "star": LinkRule(_star, from_source=lambda paths, asked: paths.sums_below(asked)),
    # every vertex on the path becomes linked to every later one
    "clique": LinkRule(lambda path: combinations(path, 2), pieces=lambda paths, asked: paths.pieces(asked)),
    # x becomes linked to y alone, if there is a path
    "pair": LinkRule(_pair, from_source=lambda paths, asked: asked),
}


def check_link_rule(name: str) -> None:
    """Raise ValueError for a link rule that does not exist."""
    if name not in LINK_RULES:
        raise ValueError(unknown("link rule", name, LINK_RULES))


def _checked(name: str, weights: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    if weights is None:
        raise ValueError(f"the selection rule {name!r} needs weights of shape {shape}")
    array = np.asarray(weights, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"the selection rule {name!r} wants weights of shape {shape}, saw {array.shape}")
    wrong = array[~(np.isfinite(array) & (array >= 0))]
    if wrong.size:
        raise ValueError(f"weights must be finite and not negative, saw {float(wrong.flat[0])!r}")
    return array


def _drawn(weights: Floats, uniform: Floats) -> Positions:
    """Positions in proportion to `weights`, one for each number in [0, 1)."""
    ends = np.cumsum(weights)
    return np.asarray(np.searchsorted(ends, uniform * ends[-1], side="right").clip(max=_last(weights)))


def _last(weights: Floats) -> int:
    """The last position of positive weight: rounding must not draw a later one."""
    return int(np.flatnonzero(weights)[-1])
