"""The paper's process, step by step: the oracle that the exact curve must agree with.

Source: Yang et al. 2024, arXiv 2409.07431, section 6: a uniform ordered pair (x, y) a step; if y can be
reached from x in the *source* graph, x becomes linked to every vertex of the breadth-first path to y.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.coverage import check_draws, check_tie_rule
from analysis.graphs import Digraph
from analysis.trees import trees

MAX_VERTICES = 3_000
DRAWS_AT_ONCE = 8_192


def stepwise(
    graph: Digraph,
    t: Sequence[float],
    *,
    replicates: int,
    rng: np.random.Generator,
    tie_rule: str = "fifo",
) -> NDArray[np.float64]:
    """Link densities of `replicates` independent runs, shape (replicates, len(t)), 0 to 1.

    `t` are whole numbers of steps, in any order. About 1 µs a step and 10 V² bytes.
    """
    check_tie_rule(tie_rule)
    steps = check_draws(t).reshape(-1)
    if (fractional := steps[steps != np.floor(steps)]).size:
        raise ValueError(f"a step process has whole steps only, saw t={float(fractional[0])!r}")
    if replicates < 1:
        raise ValueError(f"at least one replicate is needed, saw {replicates!r}")
    if graph.vertices > MAX_VERTICES:
        raise ValueError(
            f"stepping keeps every link in memory and takes at most V={MAX_VERTICES}, saw "
            f"V={graph.vertices}. Use the method 'exact', which it agrees with"
        )
    if not graph.pairs:
        return np.zeros((replicates, len(steps)))
    parents = [tree.parent_vertices(graph.vertices).tolist() for tree in trees(graph, range(graph.vertices))]
    order = np.argsort(steps, kind="stable")
    densities = np.empty((replicates, len(steps)))
    for replicate, stream in enumerate(rng.spawn(replicates)):
        run = _run(graph, parents, [int(step) for step in steps[order]], stream)
        densities[replicate, order] = np.fromiter(run, np.float64, len(steps)) / graph.pairs
    return densities


def _run(
    graph: Digraph, parents: list[list[int]], stops: Sequence[int], rng: np.random.Generator
) -> Iterator[int]:
    """Number of links known at each stop; stops ascending."""
    known = [bytearray(graph.vertices) for _ in range(graph.vertices)]
    for x, z in zip(graph.tails.tolist(), graph.indices.tolist(), strict=True):
        known[x][z] = 1
    links = graph.edges
    reachable = sum(parent >= 0 for row in parents for parent in row)
    draws = _draws(graph.vertices, rng)
    step = 0
    for stop in stops:
        while step < stop and links < reachable:  # once all is known no step can change anything
            x, z = next(draws)
            step += 1
            if parents[x][z] < 0:
                continue
            row, parent = known[x], parents[x]
            while z != x:
                if not row[z]:
                    row[z] = 1
                    links += 1
                z = parent[z]
        yield links


def _draws(vertices: int, rng: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Ordered pairs of distinct vertices, uniformly, without end."""
    while True:
        xs, ys = np.divmod(rng.integers(vertices * (vertices - 1), size=DRAWS_AT_ONCE), vertices - 1)
        ys += ys >= xs
        yield from zip(xs.tolist(), ys.tolist(), strict=True)
