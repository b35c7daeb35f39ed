"""The same searches as `analysis.trees` and `analysis.shortest_paths`, compiled: numba, from the extra `fast`.

Imported only where it is used. The functions are compiled on first call and kept on disk; they hold no
lock on the interpreter, and write only into the workspace they are given, so threads share nothing.

What was measured (2 cores, AMD Zen 3): a search is bound by fetching rows of the graph at random. Asking
for the rows of the vertices that come 8 and 16 places later in the queue brings 1.3 to 4 times from 1e5
vertices on and nothing at 1e4, where all fits into the cache. There a byte a vertex for "seen", written
without a branch, is the fastest; on larger graphs a bit a vertex is, which keeps the marks in the cache.
Parents are kept as positions in the queue, so sizes add up in one pass backward through two arrays.
Indices are unsigned: numba asks of a signed one whether it is negative, and that took half of the time.
"""

from typing import Any

import numpy as np

from kg.compiling import compiled, prefetching

Array = Any  # numba sees the arrays; a checker would only see what it cannot follow

u = np.uint64
ZERO, ONE, LOW_BITS, WORD = u(0), u(1), u(63), u(6)
AHEAD_ROW, AHEAD_EDGES = u(16), u(8)
MOST_WAYS = 1e280


prefetch = prefetching()


@compiled
def sizes_back(
    queue: Array, parent: Array, size: Array, tail: Any, beyond: Any, counts: Array, direct: Array
) -> None:
    """Subtree sizes from the order of a search: counted from position `beyond` on, those before in `direct`."""
    size[:tail] = 1
    position = tail - ONE
    while position >= beyond:
        below = size[position]
        counts[u(below)] += 1
        size[u(parent[position])] += below
        position -= ONE
    direct[: beyond - ONE] = size[ONE:beyond]


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
    edges = written = ZERO
    for source in sources:
        queue[ZERO], seen[u(source)] = source, 1
        head, tail, beyond = ZERO, ONE, ONE
        while head < tail:
            vertex = u(queue[head])
            edge, end = u(indptr[vertex]), u(indptr[vertex + ONE])
            edges += end - edge
            while edge < end:
                found = indices[edge]
                queue[tail], parent[tail] = found, head
                tail += ONE ^ u(seen[u(found)])
                seen[u(found)] = 1
                edge += ONE
            if head == ZERO:
                beyond = tail
            head += ONE
        sizes_back(queue, parent, size, tail, beyond, counts, direct[written:])
        written += beyond - ONE
        if tail * u(8) < u(len(seen)):
            for position in range(tail):
                seen[u(queue[u(position)])] = 0
        else:
            seen[:] = 0
    return int(edges)


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
    edges = written = ZERO
    for source in sources:
        queue[ZERO] = source
        seen[u(source) >> WORD] |= ONE << (u(source) & LOW_BITS)
        head, tail, beyond = ZERO, ONE, ONE
        while head < tail:
            if head + AHEAD_ROW < tail:
                prefetch(indptr, u(queue[head + AHEAD_ROW]))
            if head + AHEAD_EDGES < tail:
                prefetch(indices, u(indptr[u(queue[head + AHEAD_EDGES])]))
            vertex = u(queue[head])
            edge, end = u(indptr[vertex]), u(indptr[vertex + ONE])
            edges += end - edge
            while edge < end:
                found = indices[edge]
                mark, word = ONE << (u(found) & LOW_BITS), seen[u(found) >> WORD]
                if not word & mark:
                    seen[u(found) >> WORD] = word | mark
                    queue[tail], parent[tail] = found, head
                    tail += ONE
                edge += ONE
            if head == ZERO:
                beyond = tail
            head += ONE
        sizes_back(queue, parent, size, tail, beyond, counts, direct[written:])
        written += beyond - ONE
        if tail * u(64) < u(len(queue)):
            for position in range(tail):
                seen[u(queue[u(position)]) >> WORD] = 0
        else:
            seen[:] = 0
    return int(edges)


@compiled
def uniform_ways(
    indptr: Array,
    indices: Array,
    source: Any,
    place: Array,
    queue: Array,
    ways: Array,
    levels: Array,
) -> tuple[Any, Any, bool]:
    """The order of a search, the number of shortest paths to each position, and where distances begin.

    Returns how many positions and distances there are, and whether the ways stayed within a float.
    """
    queue[ZERO], place[u(source)], ways[ZERO] = source, 0, 1.0
    levels[ZERO], levels[ONE] = 0, 1
    head, tail, depth, end_of_level = ZERO, ONE, ONE, ONE
    most = 1.0
    while head < tail:
        if head == end_of_level:
            depth += ONE
            end_of_level = tail
            levels[depth] = tail
        if head + AHEAD_ROW < tail:
            prefetch(indptr, u(queue[head + AHEAD_ROW]))
        if head + AHEAD_EDGES < tail:
            prefetch(indices, u(indptr[u(queue[head + AHEAD_EDGES])]))
        vertex = u(queue[head])
        edge, end, here = u(indptr[vertex]), u(indptr[vertex + ONE]), ways[head]
        while edge < end:
            found = indices[edge]
            at = place[u(found)]
            if at < 0:
                place[u(found)] = tail
                queue[tail], ways[tail] = found, here
                tail += ONE
            elif u(at) >= end_of_level:
                ways[u(at)] += here
                most = max(most, ways[u(at)])
            edge += ONE
        head += ONE
    return tail, depth, most < MOST_WAYS


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
        tail, depth, counted = uniform_ways(indptr, indices, source, place, queue, ways, levels)
        if not counted:
            left[skipped] = source
            skipped += 1
        else:
            position = tail
            level = depth
            while level > ZERO:
                below = u(levels[level])
                level -= ONE
                while position > u(levels[level]):
                    position -= ONE
                    if position >= AHEAD_EDGES:
                        prefetch(indices, u(indptr[u(queue[position - AHEAD_EDGES])]))
                    vertex = u(queue[position])
                    edge, end = u(indptr[vertex]), u(indptr[vertex + ONE])
                    share = 0.0
                    while edge < end:
                        at = u(place[u(indices[edge])])
                        if at >= below:
                            share += ways[at]
                        edge += ONE
                    rate[position] = 1.0 + ways[position] * share
                    if level > ONE:
                        here = u(((bits[position] + half) >> shift) - first)
                        if counts[here] == 0:
                            used[filled] = here
                            filled += 1
                        counts[here] += 1
                        sums[here] += rate[position]
                    elif level == ONE:
                        direct[written] = rate[position]
                        written += 1
                    ways[position] = rate[position] / ways[position]
        for index in range(tail):
            place[u(queue[u(index)])] = -1
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
