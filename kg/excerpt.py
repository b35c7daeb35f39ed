"""A part of a graph that is small enough to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.graph import Graph
from kg.model import normal_name
from kg.suggest import nearest, unknown

DEFAULT_TOP = 300
MOST = 2_000


@dataclass(frozen=True, eq=False, slots=True)
class Excerpt:
    """Entity rows, the one that matters most first, and the edges (numbers in `graph.edges`) among them.

    `left_out` entities matched but were too many.
    """

    entities: NDArray[np.int64]
    edges: NDArray[np.int64]
    left_out: int = 0


def excerpt(
    graph: Graph,
    *,
    around: str | None = None,
    hops: int = 1,
    top: int = DEFAULT_TOP,
    types: Sequence[str] = (),
    keep: Sequence[int] = (),
) -> Excerpt:
    """The `top` entities with most neighbours, or of those within `hops` of one entity, nearer ones first.

    `around` is an entity's name or id. `types` keeps only entities of those types, `around` itself and
    the rows in `keep` excepted. Raises ValueError for a name or type that does not exist, and for a `top` above 2,000.
    """
    if not 1 <= top <= MOST:
        raise ValueError(f"from 1 to {MOST} entities can be shown at once, saw top={top!r}")
    if hops < 0:
        raise ValueError(f"hops must be 0 or more, saw {hops!r}")
    wanted = np.ones(len(graph), dtype=bool)
    if types:
        codes = [_type_code(graph, name) for name in types]
        wanted = np.isin(graph.types, codes)
    distance = np.zeros(len(graph), dtype=np.int64)
    if around is not None:
        centre = find_entity(graph, around)
        distance = _distances(graph, centre, hops)
        wanted &= distance >= 0
        wanted[centre] = True
    distance[list(keep)] = -1
    wanted[list(keep)] = True
    rows = np.flatnonzero(wanted)
    order = rows[np.lexsort((rows, -graph.degrees[rows], distance[rows]))]
    chosen = order[:top]
    inside = np.zeros(len(graph), dtype=bool)
    inside[chosen] = True
    edges = np.flatnonzero(inside[graph.edges.low] & inside[graph.edges.high])
    return Excerpt(chosen, edges, len(order) - len(chosen))


def find_entity(graph: Graph, name: str) -> int:
    """Row of the entity with that id or name; of several with one name, the one with most neighbours.

    Raises ValueError with the nearest names where there is none.
    """
    try:
        return graph.entity_row(name)
    except KeyError:
        wanted = normal_name(name)
    rows = [row for row, known in enumerate(graph.names) if normal_name(known) == wanted]
    if not rows:
        close = [known for known in graph.names if wanted[:3] in normal_name(known)][:2_000]
        best = nearest(name, close or list(graph.names)[:2_000])[:5]
        raise ValueError(
            f"there is no entity named {name[:80]!r}. Nearest names: {', '.join(best) or 'none'}. "
            "Give a name as 'entigraph entities list' prints it, or an id"
        )
    degrees = graph.degrees
    return max(rows, key=lambda row: (int(degrees[row]), -row))


def _type_code(graph: Graph, name: str) -> int:
    if name not in graph.type_names:
        raise ValueError(unknown("entity type", name, graph.type_names))
    return graph.type_names.index(name)


def _distances(graph: Graph, centre: int, hops: int) -> NDArray[np.int64]:
    """Steps from the centre along edges, -1 beyond `hops`."""
    neighbours = graph.edges.neighbours
    distance = np.full(len(graph), -1, dtype=np.int64)
    distance[centre] = 0
    frontier = np.array([centre])
    for hop in range(1, hops + 1):
        reached = np.unique(np.concatenate([neighbours[int(row)] for row in frontier]))
        frontier = reached[distance[reached] < 0]
        if not len(frontier):
            break
        distance[frontier] = hop
    return distance
