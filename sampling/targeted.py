"""What texts are wanted about comes first, and what nobody wants never: items by weights from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kg.graph import Floats, Graph
from kg.model import Subgraph
from kg.suggest import unknown
from sampling.items import Items, blocks
from sampling.listing import Triangles
from sampling.targets import Targets
from sampling.weights import weighted_blocks

Kind = Literal["entities", "edges", "triangles"]
Table = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class TargetedSampler:
    """Every item that has a weight exactly once, in successive draws in proportion to the weights.

    `items` says what an item is. Its weight is the sum of the `targets`' weights of its entities and of all
    relations among them; an item of weight 0 never comes. Without targets all items weigh the same. The
    weights stay as they are: an item is no less likely because an earlier one holds the same target.
    """

    targets: Targets | None = None
    items: Kind = "edges"
    name = "targeted"
    endless = False

    def __post_init__(self) -> None:
        if self.items not in get_args(Kind):
            raise ValueError(unknown("kind of item", self.items, get_args(Kind)))
        if self.targets is not None and not isinstance(self.targets, Targets):
            raise ValueError(
                f"targets must be made by Targets.of or a function of sampling.targets, not {self.targets!r:.80}"
            )

    @property
    def when_empty(self) -> str:
        """Nothing that is wanted lies in an item of the kind."""
        other = "" if self.items == "entities" else ", or 'items=entities'"
        return f"no target is in any of the {self.items}, or all are covered: try other targets{other}"

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of one, two or three entities with all relations among them.

        O(n + m) for entities and edges; all triangles of the graph are listed, 24 bytes each.
        """
        made = Items(graph)
        entities, edges = self._parts(graph)
        if self.targets is None:
            weights = np.ones(len(entities))
        else:
            weights = item_weights(graph, self.targets, entities, edges)
        wanted = np.flatnonzero(weights)
        for order in weighted_blocks(weights[wanted], rng):
            for block in blocks(len(order)):
                rows = wanted[order[block]]
                yield from made.many(entities[rows], edges[rows])

    def _parts(self, graph: Graph) -> tuple[Table, Table]:
        """Entity rows and edge numbers of every item, a row each."""
        if self.items == "entities":
            return np.arange(len(graph))[:, None], np.empty((len(graph), 0), dtype=np.int64)
        edges = graph.edges
        if self.items == "edges":
            return np.column_stack((edges.low, edges.high)), np.arange(len(edges))[:, None]
        triangles = Triangles.of(edges)
        return triangles.corners, triangles.edges


def item_weights(graph: Graph, targets: Targets, entities: Table, edges: Table) -> Floats:
    """The weight of each item: the sum over its entities and over all relations among them.

    Row i of both tables holds entity rows and edge numbers of item i. A relation of an entity to itself
    counts with its entity.
    """
    of_relation = targets.at(graph.relation_ids)
    loops = np.flatnonzero(graph.sources == graph.targets)
    of_entity = targets.at(graph.entity_ids)
    of_entity += np.bincount(graph.sources[loops], weights=of_relation[loops], minlength=len(graph))
    between = graph.edges.relations
    edge_of = np.repeat(np.arange(len(between)), between.lengths)
    of_edge = np.bincount(edge_of, weights=of_relation[between.values], minlength=len(between))
    total = np.zeros(len(entities))
    for column in entities.T:
        total += of_entity[column]
    for column in edges.T:
        total += of_edge[column]
    return total
