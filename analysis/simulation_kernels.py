"""The processes of `analysis.simulation`, compiled: numba, from the extra `fast`.

They draw from numpy's generators in the same order as the references there, so a seed gives the same
runs. Imported only where it is used.
"""

from typing import Any

from analysis.kernels import ONE, ZERO, fifo_bits, fifo_bytes, u
from kg.compiling import compiled

Array = Any  # numba sees the arrays; a checker would only see what it cannot follow
Grid = tuple[Array, Array, int, int]


@compiled
def steps(parents: Array, met: Array, xs: Array, ys: Array, times: int) -> int:
    """Takes the steps (xs, ys) along the trees; the number of links met for the `times`-th time."""
    grown = 0
    for step in range(len(xs)):
        x, z = xs[step], ys[step]
        if parents[x, z] >= 0:
            while z != x:
                if met[x, z] < times:
                    met[x, z] += 1
                    if met[x, z] == times:
                        grown += 1
                z = parents[x, z]
    return grown


@compiled
def column_of(time: float, bits: int, grid: Grid) -> int:
    """The first column whose end is not before `time`.

    `bits` is `time` seen as an integer: its leading bits name a row of `starts`, where to look from.
    """
    ends, starts, shift, lowest = grid
    at = u(starts[u(min(max((bits >> shift) - lowest, 0), len(starts) - 1))])
    while ends[at] < time:
        at += ONE
    return at  # type: ignore[return-value]  # unsigned: see analysis.kernels


@compiled
def first_draws(
    rng: Any, parent: Array, tail: int, beyond: int, first: Array, bits: Array, grid: Grid, met: Array
) -> None:
    """Draws when each position is first asked for; adds to `met` the links first met in each column."""
    for number in range(1, tail):
        first[u(number), ZERO] = rng.standard_exponential()
    position, end = u(tail), u(beyond)
    while position > end:
        position -= ONE
        time, above = first[position, ZERO], u(parent[position])
        first[above, ZERO] = min(first[above, ZERO], time)
        met[column_of(time, bits[position, ZERO], grid)] += 1


@compiled
def later_draws(
    rng: Any, parent: Array, tail: int, beyond: int, first: Array, bits: Array, grid: Grid, met: Array
) -> None:
    """The same for the k-th draws, k the width of `first`; source links have been met once already."""
    k = first.shape[1]
    for position in range(1, tail):
        time = 0.0
        for draw in range(k):
            time += rng.standard_exponential()
            first[position, draw] = time
    for position in range(tail - 1, 0, -1):
        draw = k - 1 if position >= beyond else k - 2
        met[column_of(first[position, draw], bits[position, draw], grid)] += 1
        if position >= beyond:
            above = first[parent[position]]
            for time in first[position]:
                if time >= above[k - 1]:
                    break
                at = k - 1
                while at > 0 and above[at - 1] > time:
                    above[at] = above[at - 1]
                    at -= 1
                above[at] = time


@compiled
def events_bytes(
    indptr: Array,
    indices: Array,
    sources: Array,
    workspace: tuple[Array, Array, Array, Array],
    spare: tuple[Array, Array],
    rng: Any,
    first: Array,
    bits: Array,
    grid: Grid,
    met: Array,
) -> None:
    """For each source one search by `fifo_bytes`, then the draws of each replicate; `met` a row each."""
    seen, queue, parent, size = workspace
    counts, direct = spare
    for number in range(len(sources)):
        fifo_bytes(indptr, indices, sources[number : number + 1], seen, queue, parent, size, counts, direct)
        near = indptr[sources[number] + 1] - indptr[sources[number]]
        tail = 1 + direct[:near].sum()
        for replicate in range(len(met)):
            if first.shape[1] == 1:
                first_draws(rng, parent, tail, 1 + near, first, bits, grid, met[replicate])
            else:
                later_draws(rng, parent, tail, 1 + near, first, bits, grid, met[replicate])


@compiled
def events_bits(
    indptr: Array,
    indices: Array,
    sources: Array,
    workspace: tuple[Array, Array, Array, Array],
    spare: tuple[Array, Array],
    rng: Any,
    first: Array,
    bits: Array,
    grid: Grid,
    met: Array,
) -> None:
    """As `events_bytes`, searching by `fifo_bits`."""
    seen, queue, parent, size = workspace
    counts, direct = spare
    for number in range(len(sources)):
        fifo_bits(indptr, indices, sources[number : number + 1], seen, queue, parent, size, counts, direct)
        near = indptr[sources[number] + 1] - indptr[sources[number]]
        tail = 1 + direct[:near].sum()
        for replicate in range(len(met)):
            if first.shape[1] == 1:
                first_draws(rng, parent, tail, 1 + near, first, bits, grid, met[replicate])
            else:
                later_draws(rng, parent, tail, 1 + near, first, bits, grid, met[replicate])
