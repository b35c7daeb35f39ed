"""The fewest items that cover every entity, relation or triangle of a graph k times."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kg.graph import Graph
from kg.model import Subgraph
from sampling.accounting import Coverage
from sampling.greedy import Units, fewest, greedy_cover, rarity_order
from sampling.items import Items, Rows, blocks
from sampling.listing import Triangles

Covered = Literal["entities", "relations", "triangles"]
Kind = Literal["edges", "triangles", "both"]


@dataclass(frozen=True, slots=True)
class CoverSampler:
    """Edges and triangles chosen so that few of them cover each thing of a `unit` `times` times.

    Greedy: what covers three things that are still wanted comes first, then two, then one; among these
    the smaller item, then the one of the rarest things, then at random. No item comes twice, so a thing
    that is in fewer than `times` items is covered as often as it can be. With `items="both"` an entity
    that nothing else can cover comes alone. What `covered` counts already is not covered again.
    """

    unit: Covered = "relations"
    times: int = 1
    items: Kind = "both"
    covered: Coverage | None = field(default=None, repr=False, compare=False)
    name = "cover"
    when_empty = "nothing is left to cover: the graph has nothing of the kind, or texts cover it already"
    endless = False

    def __post_init__(self) -> None:
        if self.unit not in get_args(Covered):
            raise ValueError(
                f"cover takes the unit {', '.join(get_args(Covered))}, saw {self.unit!r}; every pair of "
                "entities is what the sampler 'pairs' goes through"
            )
        if self.items not in get_args(Kind):
            raise ValueError(f"cover takes the items {', '.join(get_args(Kind))}, saw {self.items!r}")
        if self.times < 1:
            raise ValueError(f"times must be 1 or more, saw {self.times!r}")
        if self.unit == "triangles" and self.items == "edges":
            raise ValueError("no edge covers a triangle; leave out 'items=edges'")

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of two or three joined entities, and all relations among them."""
        items, pool = Items(graph), Pool.of(graph, self)
        order = rarity_order(pool.units, pool.sizes, len(pool.need), rng)
        chosen = greedy_cover(pool.units, order, pool.need)
        for block in blocks(len(chosen)):
            yield from items.many(*pool.rows(chosen[block]))
        alone = rng.permutation(pool.alone(chosen))
        if self.items == "both" and len(alone):
            yield from items.many(alone[:, None], np.empty((len(alone), 0), dtype=np.int64))

    def at_least(self, graph: Graph) -> int:
        """How many items any choice takes that covers as much: a lower bound, from `sampling.greedy.fewest`."""
        pool = Pool.of(graph, self)
        reach = np.bincount(pool.units[pool.units >= 0], minlength=len(pool.need))
        bound = fewest(pool.units, np.minimum(pool.need, reach))
        return int(np.ceil(bound - 1e-6)) + (len(pool.single) if self.items == "both" else 0)


@dataclass(frozen=True, eq=False, slots=True)
class Pool:
    """The triangles and then the edges that a cover chooses from, and what each of them covers.

    `units` holds the things each item covers (-1 for none), `need` how often each thing is still wanted.
    `single` are entities that only an item of their own covers: those without an edge, where entities are
    to be covered; `own` those with a relation to itself that is still wanted, where relations are.
    """

    graph: Graph
    triangles: Triangles
    units: Units
    sizes: NDArray[np.int8]
    need: Rows
    single: Rows
    own: Rows

    @staticmethod
    def of(graph: Graph, cover: CoverSampler) -> "Pool":
        """What a cover of this kind may choose from."""
        edges, nobody = graph.edges, np.empty(0, dtype=np.int64)
        triangles = Triangles.none() if cover.items == "edges" else Triangles.of(edges)
        large, small = len(triangles), 0 if cover.items == "triangles" else len(edges)
        single = own = nobody
        if cover.unit == "triangles":
            units, small = np.arange(large, dtype=np.int32)[:, None], 0
            need = _wanted(graph, large, triangles.corners, cover)
        else:
            units = np.full((large + small, 3), -1, dtype=np.int32)
            if cover.unit == "entities":
                units[:large] = triangles.corners
                units[large:, :2] = np.column_stack((edges.low, edges.high))[:small]
                need = _wanted(graph, len(graph), None, cover)
                single = np.flatnonzero((graph.degrees == 0) & (need > 0))
            else:
                units[:large] = triangles.edges
                units[large:, 0] = np.arange(small)
                wanted = _wanted(graph, graph.relation_count, None, cover)
                need = nobody
                if len(edges):
                    need = np.maximum.reduceat(wanted[edges.relations.values], edges.relations.starts[:-1])
                loops = np.flatnonzero((graph.sources == graph.targets) & (wanted > 0))
                own = np.unique(graph.sources[loops]).astype(np.int64)
        sizes = np.repeat(np.array([3, 2], dtype=np.int8), (large, small))
        return Pool(graph, triangles, units, sizes, need, single, own)

    def rows(self, chosen: Rows) -> tuple[Rows, Rows]:
        """Entity rows and edges of these items, -1 for none."""
        edges, first = self.graph.edges, len(self.triangles)
        entities = np.full((len(chosen), 3), -1, dtype=np.int64)
        sides = np.full((len(chosen), 3), -1, dtype=np.int64)
        large = chosen < first
        entities[large] = self.triangles.corners[chosen[large]]
        sides[large] = self.triangles.edges[chosen[large]]
        small = chosen[~large] - first
        entities[~large, 0], entities[~large, 1] = edges.low[small], edges.high[small]
        sides[~large, 0] = small
        return entities, sides

    def alone(self, chosen: Rows) -> Rows:
        """Entity rows that have to come alone, beside these items."""
        if not len(self.own):
            return self.single
        met = np.zeros(len(self.graph) + 1, dtype=bool)
        met[self.rows(chosen)[0]] = True
        return np.concatenate((self.single, self.own[~met[self.own]]))


def _wanted(graph: Graph, count: int, things: NDArray[np.int32] | None, cover: CoverSampler) -> Rows:
    """How often each thing of the unit is still to be covered; `things` are their rows, else each its own."""
    wanted = np.full(count, cover.times, dtype=np.int64)
    have = cover.covered.counts_in(graph, cover.unit) if cover.covered is not None else {}
    if have and things is None:
        rows = np.fromiter((row for (row,) in have), np.int64, len(have))
        wanted[rows] -= np.fromiter(have.values(), np.int64, len(have))
    elif have and things is not None:
        wanted -= [have.get(tuple(thing), 0) for thing in things.tolist()]
    return np.maximum(wanted, 0)
