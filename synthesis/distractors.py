"""Wrong answers for a question about a subgraph: other entities of the graph, alike but not joined to it."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.graph import Graph
from kg.model import Subgraph

TRIES = 40


class Distractors:
    """Draws entities of the same type that no relation joins to those asked about, by the subgraph's key.

    Where a type has too few, any other entity is taken; the same graph and subgraph give the same names.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def of(self, subgraph: Subgraph, count: int) -> tuple[str, ...]:
        """So many names, or as many as there are; O(degree of the entities asked about)."""
        graph = self._graph
        rows = {graph.entity_row(id) for id in subgraph.entities}
        near = set(rows)
        for row in rows:
            near.update(graph.targets[graph.outgoing[row]].tolist())
            near.update(graph.sources[graph.incoming[row]].tolist())
        rng = np.random.default_rng(int(subgraph.key[:16], 16))
        known = {self._name(row) for row in near}
        kinds = [int(graph.types[row]) for row in sorted(rows)]
        found: list[str] = []
        for pool in (*(self._by_type[kind] for kind in dict.fromkeys(kinds)), self._all):
            for row in pool[rng.integers(len(pool), size=min(TRIES, 4 * len(pool)))].tolist():
                name = self._name(row)
                if len(found) < count and row not in near and name not in known:
                    known.add(name)
                    found.append(name)
        return tuple(found)

    def _name(self, row: int) -> str:
        return " ".join(str(self._graph.names[row]).split())

    @cached_property
    def _all(self) -> NDArray[np.int64]:
        return np.arange(len(self._graph), dtype=np.int64)

    @cached_property
    def _by_type(self) -> dict[int, NDArray[np.int64]]:
        kinds = self._graph.types
        return {int(kind): np.flatnonzero(kinds == kind) for kind in np.unique(kinds)}
