"""What is around an entity, on the arrays of the graph."""

from collections.abc import Iterable

import numpy as np

from kg.graph import Graph, Ragged
from kg.model import Subgraph

MANY = 500  # relations of one entity above which numpy is faster than a loop


def neighbourhood(graph: Graph, entity: str, hops: int = 1, limit: int = 50) -> Subgraph:
    """The entity, up to `limit` neighbours (heaviest first, hop by hop) and the relations among them.

    Weights of several relations to one neighbour add up; of equals the lower id comes first. Raises
    KeyError where the graph has no entity of that id.
    """
    known = [graph.entity_row(entity)]
    frontier = known
    for _ in range(hops):
        room = limit + 1 - len(known)
        if room <= 0 or not frontier:
            break
        weights = _weights(graph, frontier, set(known))
        frontier = sorted(weights, key=lambda row: (-weights[row], row))[:room]
        known = known + frontier
    return Subgraph(
        _hex(graph.entity_ids[sorted(known)].tobytes()),
        _hex(graph.relation_ids[_among(graph, known)].tobytes()),
    )


def _weights(graph: Graph, rows: Iterable[int], known: set[int]) -> dict[int, float]:
    """Weight of all relations between these rows and each neighbour that is not known."""
    found: dict[int, float] = {}
    sides: tuple[tuple[Ragged, np.ndarray[tuple[int, ...], np.dtype[np.int32]]], ...] = (
        (graph.outgoing, graph.targets),
        (graph.incoming, graph.sources),
    )
    for row in rows:
        for relations, ends in sides:
            joined = relations[row]
            others, weights = ends[joined], graph.weights[joined]
            if len(joined) > MANY:
                others, numbers = np.unique(others, return_inverse=True)
                weights = np.bincount(numbers, weights=weights).astype(np.float64)
            for other, weight in zip(others.tolist(), weights.tolist(), strict=True):
                if other not in known:
                    found[other] = found.get(other, 0.0) + weight
    return found


def _among(graph: Graph, rows: list[int]) -> list[int]:
    """Rows of the relations whose two ends are both among these, ascending."""
    joined = np.concatenate([graph.outgoing[row] for row in rows])
    ends = graph.targets[joined]
    if len(joined) > MANY:
        return sorted(joined[np.isin(ends, rows)].tolist())
    known = set(rows)
    return sorted(
        [relation for relation, end in zip(joined.tolist(), ends.tolist(), strict=True) if end in known]
    )


def _hex(ids: bytes) -> tuple[str, ...]:
    digits = ids.hex()
    return tuple([digits[i : i + 32] for i in range(0, len(digits), 32)])
