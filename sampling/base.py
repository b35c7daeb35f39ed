"""What a sampler is: seeded, lazy, and ignorant of how many items are wanted."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph


class Sampler(Protocol):
    """Chooses which parts of a graph to write about.

    The same graph and the same state of `rng` give the same subgraphs on every machine and store.
    The caller decides how many to take: the first n of a longer plan are the shorter plan.
    A graph that has nothing of the kind yields nothing; `when_empty` then says why and what to try.
    """

    name: str
    when_empty: str

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs one after the other, until there are no more."""
        ...
