"""Graphs of any size, heavy-tailed and clustered or joined evenly: the generators of benchmarks/sampling.py."""

import numpy as np
from numpy.typing import NDArray

from kg.compiling import compiled
from kg.graph import Graph, Ragged
from kg.ragged import Texts


@compiled
def _edges(vertices: int, m: int, p: float, seed: int) -> NDArray[np.int64]:
    np.random.seed(seed)
    most = (vertices - m) * m
    edges, count = np.empty((most, 2), np.int64), 0
    ends, drawn = (
        np.empty(2 * most + m, np.int64),
        m,
    )  # each vertex as often as its degree, and m to begin with
    ends[:m] = np.arange(m)
    head, after, whom, links = (
        np.full(vertices, -1),
        np.empty(2 * most, np.int64),
        np.empty(2 * most, np.int64),
        0,
    )
    joined, near, targets = np.full(vertices, -1), np.empty(vertices, np.int64), np.empty(m, np.int64)
    for new in range(m, vertices):
        first = count
        chosen = 0
        while chosen < m:
            one = ends[np.random.randint(drawn)]
            if not (targets[:chosen] == one).any():
                targets[chosen] = one
                chosen += 1
        target, place = targets[0], 0
        while count - first < m:
            closing = -1
            if count > first and np.random.random() < p:  # a neighbour of the last one: a triangle
                room = 0
                link = head[target]
                while link >= 0:
                    if joined[whom[link]] != new:
                        near[room] = whom[link]
                        room += 1
                    link = after[link]
                if room:
                    closing = near[np.random.randint(room)]
            if closing < 0:
                while place < m and joined[targets[place]] == new:
                    place += 1
                target = targets[place] if place < m else ends[np.random.randint(drawn)]
                while joined[target] == new:
                    target = ends[np.random.randint(drawn)]
                closing = target
            joined[closing] = new
            edges[count, 0], edges[count, 1] = closing, new
            count += 1
        for row in range(first, count):
            a = edges[row, 0]
            for one, other in ((a, new), (new, a)):
                whom[links], after[links], head[one] = other, head[one], links
                links += 1
                ends[drawn] = one
                drawn += 1
    return edges[:count]


def powerlaw_cluster(vertices: int, m: int = 10, p: float = 0.5, seed: int = 1) -> Graph:
    """A growing graph of about m edges a vertex with degrees of a power law and many triangles.

    After Holme and Kim 2002, doi:10.1103/PhysRevE.65.026107: each new vertex joins m others, in proportion
    to their degrees, or, with probability p, a neighbour of the one just joined. Vertex v is entity row v.
    """
    return _graph(vertices, _edges(vertices, m, p, seed))


def uniform(vertices: int, edges: int, seed: int = 1) -> Graph:
    """About so many different pairs of entities, all as likely."""
    drawn = np.sort(np.random.default_rng(seed).integers(vertices, size=(edges, 2)), axis=1)
    drawn = drawn[drawn[:, 0] < drawn[:, 1]]
    keys = np.unique(drawn[:, 0] * np.int64(vertices) + drawn[:, 1])
    return _graph(vertices, np.column_stack(np.divmod(keys, vertices)))


def _graph(vertices: int, found: NDArray[np.int64]) -> Graph:
    none, edges = np.empty(0, dtype=np.int32), len(found)
    return Graph(
        entity_ids=_ids(1, vertices),
        names=Texts.pack(f"v{row}" for row in range(vertices)),
        types=np.zeros(vertices, dtype=np.int32),
        type_names=("",),
        mentions=np.zeros(vertices, dtype=np.int32),
        relation_ids=_ids(2, edges),
        sources=found[:, 0].astype(np.int32),
        targets=found[:, 1].astype(np.int32),
        labels=np.zeros(edges, dtype=np.int32),
        label_names=("",),
        weights=np.ones(edges),
        document_ids=(),
        document_titles=(),
        entity_documents=Ragged(np.zeros(vertices + 1, dtype=np.int64), none),
        relation_documents=Ragged(np.zeros(edges + 1, dtype=np.int64), none),
    )


def _ids(kind: int, count: int) -> NDArray[np.bytes_]:
    """Ascending ids of 16 bytes."""
    table = np.empty((count, 2), dtype=">u8")
    table[:, 0], table[:, 1] = kind << 60, np.arange(count)
    return np.frombuffer(table.tobytes(), dtype="S16")
