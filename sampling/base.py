"""What a sampler is: seeded, lazy, and ignorant of how many items are wanted."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from kg.graph import Graph
from kg.model import GraphError, Subgraph


class SamplingError(GraphError):
    """A plan cannot be read, or does not fit the graph."""


class Sampler(Protocol):
    """Chooses which parts of a graph to write about.

    The same graph and the same state of `rng` give the same subgraphs on every machine and store.
    The caller decides how many to take: the first n of a longer plan are the shorter plan.
    A graph that has nothing of the kind yields nothing; `when_empty` then says why and what to try.
    One that is `endless` goes on for ever, and comes to the same items again.

    Samplers are frozen dataclasses. Their fields are options that a user may give by name; one that has
    a field `covered` (a `Coverage`) goes on from what is covered already. Wrong options are a ValueError
    when the sampler is made; what only the graph can tell, when the first item is asked for.
    """

    @property
    def name(self) -> str:
        """The name in `SAMPLERS`."""
        ...

    @property
    def when_empty(self) -> str:
        """Why a graph may have no item of the kind, and what to try."""
        ...

    @property
    def endless(self) -> bool:
        """Whether there is always another item."""
        ...

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs one after the other, until there are no more."""
        ...
