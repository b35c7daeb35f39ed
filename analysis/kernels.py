"""The same searches as `analysis.trees` and `analysis.shortest_paths`, compiled: numba, from the extra `fast`.

Imported only where it is used. The functions are compiled on first call and kept on disk; they hold no
lock on the interpreter, and write only into the workspace they are given, so threads share nothing.

What was measured (2 cores, AMD Zen 3): a search is bound by fetching rows of the graph at random. Asking
for the rows of the vertices that come 8 and 16 places later in the queue brings 1.3 to 4 times from 1e5
vertices on and nothing at 1e4, where all fits into the cache. There a byte a vertex for "seen", written
without a branch, is the fastest; on larger graphs a bit a vertex is, which keeps the marks in the cache.
Parents are kept as positions in the queue, so sizes add up in one pass backward through two arrays.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

import numpy as np

numba = import_module("numba")  # so that types are checked alike with and without it
cgutils = import_module("numba.core.cgutils")
types = import_module("numba.core.types")
intrinsic = import_module("numba.extending").intrinsic

P = ParamSpec("P")
R = TypeVar("R")
Array = Any  # numba sees the arrays; a checker would only see what it cannot follow

AHEAD_ROW = 16
AHEAD_EDGES = 8
MOST_WAYS = 1e280


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compiled on first call, without the interpreter's lock, kept on disk where that can be written."""
    try:
        made: Callable[P, R] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder to keep it in
        made = numba.njit(nogil=True)(function)
    return made


def _prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Ask the memory for `array[index]` without waiting."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        held = context.make_array(signature.args[0])(context, builder, arguments[0])
        byte, flag = cgutils.voidptr_t, cgutils.int32_t
        address = builder.bitcast(builder.gep(held.data, [arguments[1]]), byte)
        kind = cgutils.ir.FunctionType(cgutils.ir.VoidType(), [byte, flag, flag, flag])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(fetch, [address, flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


prefetch: Callable[[Array, int], None] = intrinsic(_prefetch)


@compiled
def sizes_back(queue: Array, parent: Array, size: Array, tail: int, beyond: int, counts: Array) -> None:
    """Subtree sizes from the order of a search, counted from position `beyond` on."""
    size[:tail] = 1
    for position in range(tail - 1, beyond - 1, -1):
        counts[size[position]] += 1
        size[parent[position]] += size[position]


@compiled
def fifo_bytes(
    indptr: Array,
    indices: Array,
    sources: Array,
    seen: Array,
    queue: Array,
    parent: Array,
    size: Array,
    counts: Array,
    direct: Array,
) -> int:
    """Adds to `counts[N]` the links taught by N draws, for each source; source links' N go to `direct`.

    Returns the number of edges looked at. `seen` is zero before and after.
    """
    edges = written = 0
    for source in sources:
        queue[0], seen[source] = source, 1
        head, tail, beyond = 0, 1, 1
        while head < tail:
            vertex = queue[head]
            start, end = indptr[vertex], indptr[vertex + 1]
            edges += end - start
            for edge in range(start, end):
                found = indices[edge]
                queue[tail], parent[tail] = found, head
                tail += 1 - seen[found]
                seen[found] = 1
            if head == 0:
                beyond = tail
            head += 1
        sizes_back(queue, parent, size, tail, beyond, counts)
        for position in range(1, beyond):
            direct[written] = size[position]
            written += 1
        if tail * 8 < len(seen):
            for position in range(tail):
                seen[queue[position]] = 0
        else:
            seen[:] = 0
    return edges


@compiled
def fifo_bits(
    indptr: Array,
    indices: Array,
    sources: Array,
    seen: Array,
    queue: Array,
    parent: Array,
    size: Array,
    counts: Array,
    direct: Array,
) -> int:
    """As `fifo_bytes`, with a bit a vertex in `seen` (64 a word) and rows asked for ahead of time."""
    edges = written = 0
    one, low = np.uint64(1), np.uint64(63)
    for source in sources:
        queue[0] = source
        seen[source >> 6] |= one << (np.uint64(source) & low)
        head, tail, beyond = 0, 1, 1
        while head < tail:
            if head + AHEAD_ROW < tail:
                prefetch(indptr, queue[head + AHEAD_ROW])
            if head + AHEAD_EDGES < tail:
                prefetch(indices, indptr[queue[head + AHEAD_EDGES]])
            vertex = queue[head]
            start, end = indptr[vertex], indptr[vertex + 1]
            edges += end - start
            for edge in range(start, end):
                found = indices[edge]
                mark = one << (np.uint64(found) & low)
                word = seen[found >> 6]
                if not word & mark:
                    seen[found >> 6] = word | mark
                    queue[tail], parent[tail] = found, head
                    tail += 1
            if head == 0:
                beyond = tail
            head += 1
        sizes_back(queue, parent, size, tail, beyond, counts)
        for position in range(1, beyond):
            direct[written] = size[position]
            written += 1
        if tail * 64 < len(queue):
            for position in range(tail):
                seen[queue[position] >> 6] = 0
        else:
            seen[:] = 0
    return edges


@compiled
def uniform_ways(
    indptr: Array,
    indices: Array,
    source: int,
    place: Array,
    queue: Array,
    ways: Array,
    levels: Array,
) -> tuple[int, int]:
    """The order of a search, the number of shortest paths to each position, and where distances begin.

    Returns positions and distances; the number of positions is negative where the ways outgrow a float.
    """
    queue[0], place[source], ways[0], levels[0] = source, 0, 1.0, 0
    head, tail, depth, end_of_level = 0, 1, 1, 1
    levels[1] = 1
    most = 1.0
    while head < tail:
        if head == end_of_level:
            depth += 1
            end_of_level = tail
            levels[depth] = tail
        if head + AHEAD_ROW < tail:
            prefetch(indptr, queue[head + AHEAD_ROW])
        if head + AHEAD_EDGES < tail:
            prefetch(indices, indptr[queue[head + AHEAD_EDGES]])
        vertex = queue[head]
        for edge in range(indptr[vertex], indptr[vertex + 1]):
            found = indices[edge]
            at = place[found]
            if at < 0:
                place[found] = tail
                queue[tail], ways[tail] = found, ways[head]
                tail += 1
            elif at >= end_of_level:
                ways[at] += ways[head]
                most = max(most, ways[at])
        head += 1
    return (tail if most < MOST_WAYS else -tail), depth


@compiled
def uniform(
    indptr: Array,
    indices: Array,
    sources: Array,
    place: Array,
    queue: Array,
    ways: Array,
    rate: Array,
    bits: Array,
    levels: Array,
    bins: tuple[int, int],
    counts: Array,
    sums: Array,
    used: Array,
    direct: Array,
    left: Array,
) -> tuple[int, int]:
    """Adds each link's rate, one more than Brandes' dependency, to its bin in `counts` and `sums`.

    `bits` is `rate` seen as integers; `bins` its shift and the number of bin 0. The bins in use are listed
    in `used`, source links' rates in `direct`, sources with too many ways in `left`. Returns how many bins
    are used and how many sources left. `place` is -1 before and after.
    """
    shift, first = bins
    half = np.int64(1) << (shift - 1)
    written = skipped = filled = 0
    for source in sources:
        tail, depth = uniform_ways(indptr, indices, source, place, queue, ways, levels)
        if tail < 0:
            tail = -tail
            left[skipped] = source
            skipped += 1
        else:
            position = tail - 1
            for level in range(depth - 1, -1, -1):
                below = levels[level + 1]
                while position >= levels[level]:
                    if position >= AHEAD_EDGES:
                        prefetch(indices, indptr[queue[position - AHEAD_EDGES]])
                    vertex = queue[position]
                    share = 0.0
                    for edge in range(indptr[vertex], indptr[vertex + 1]):
                        at = place[indices[edge]]
                        if at >= below:
                            share += ways[at]
                    rate[position] = 1.0 + ways[position] * share
                    if level > 1:
                        here = ((bits[position] + half) >> shift) - first
                        if counts[here] == 0:
                            used[filled] = here
                            filled += 1
                        counts[here] += 1
                        sums[here] += rate[position]
                    elif level == 1:
                        direct[written] = rate[position]
                        written += 1
                    ways[position] = rate[position] / ways[position]
                    position -= 1
        for position in range(tail):
            place[queue[position]] = -1
    return filled, skipped


@compiled
def variance(
    size: Array,
    parent: Array,
    tail: int,
    beyond: int,
    scaled: Array,
    table: Array,
    above: Array,
    found: Array,
    slope: Array,
) -> None:
    """Adds one source's variance and slope for each t/K in `scaled`; see `analysis.bands`.

    `table[c, N]` is exp(-N scaled[c]) for small N: nearly all subtrees are small.
    """
    for column in range(len(scaled)):
        total = rise = 0.0
        above[:beyond] = 0.0
        for position in range(beyond, tail):
            taught = size[position]
            small = taught < table.shape[1]
            unknown = table[column, taught] if small else np.exp(-taught * scaled[column])
            over = above[parent[position]]
            above[position] = over + unknown
            total += (1.0 - unknown) * (unknown + 2.0 * over)
            rise += taught * unknown
        found[column] += total
        slope[column] += rise
