"""Listing triangles and choosing a cover, compiled: numba, from the extra `fast`.

Beside each function stands one in numpy that gives the same, in `sampling.listing` and `sampling.greedy`.

What was measured (2 cores, AMD Zen 3; 1e6 vertices, 1e7 edges, heavy-tailed, 9.5e7 wedges): with a number
a vertex for "joined to v, by which edge" the listing takes 5.2 s, nearly all of it waiting for memory. A
bit a vertex (the edge is looked up only where a triangle is found) and asking for the rows of the heads
some vertices ahead bring it to 2.1 s.
"""

from typing import Any

import numpy as np

from kg.compiling import compiled, prefetching

Array = Any  # numba sees the arrays; a checker would only see what it cannot follow

prefetch = prefetching()

u = np.uint64
ONE, LOW_BITS, WORD = u(1), u(63), u(6)
AHEAD_ROW, AHEAD_EDGES = 16, 8


@compiled
def orient(low: Array, high: Array, degree: Array) -> tuple[Array, Array, Array]:
    """Starts, heads and edge numbers of the edges out of each vertex: from lower degree to higher."""
    vertices, edges = len(degree), len(low)
    starts = np.zeros(vertices + 1, np.int64)
    for edge in range(edges):
        a, b = low[edge], high[edge]
        starts[(a if degree[a] <= degree[b] else b) + 1] += 1
    for vertex in range(vertices):
        starts[vertex + 1] += starts[vertex]
    free = starts[:-1].copy()
    heads, numbers = np.empty(edges, np.int32), np.empty(edges, np.int32)
    for edge in range(edges):  # edges come by (low, high), so the heads of each vertex ascend
        a, b = low[edge], high[edge]
        if degree[a] > degree[b]:
            a, b = b, a
        slot = free[a]
        free[a] = slot + 1
        heads[slot], numbers[slot] = b, edge
    return starts, heads, numbers


@compiled
def _fetch_ahead(starts: Array, heads: Array, vertex: int) -> None:
    """Ask for the rows of what the vertices soon to come lead to."""
    vertices = len(starts) - 1
    if vertex + AHEAD_ROW < vertices:
        for slot in range(starts[vertex + AHEAD_ROW], starts[vertex + AHEAD_ROW + 1]):
            prefetch(starts, u(heads[slot]))
    if vertex + AHEAD_EDGES < vertices:
        for slot in range(starts[vertex + AHEAD_EDGES], starts[vertex + AHEAD_EDGES + 1]):
            prefetch(heads, u(starts[heads[slot]]))


@compiled
def _mark(marks: Array, heads: Array, first: int, last: int) -> None:
    """Set the bits of what these slots lead to."""
    for slot in range(first, last):
        head = u(heads[slot])
        marks[head >> WORD] |= ONE << (head & LOW_BITS)


@compiled
def _unmark(marks: Array, heads: Array, first: int, last: int) -> None:
    """Clear them again."""
    for slot in range(first, last):
        marks[u(heads[slot]) >> WORD] = u(0)


@compiled
def triangles(starts: Array, heads: Array, numbers: Array) -> Array:
    """The edge numbers of every triangle, ascending in each; shape (triangles, 3)."""
    vertices = len(starts) - 1
    marks = np.zeros(vertices // 64 + 1, np.uint64)
    room, found = 1 << 12, 0
    sides = np.empty((room, 3), np.int32)
    for vertex in range(vertices):
        _fetch_ahead(starts, heads, vertex)
        first, last = starts[vertex], starts[vertex + 1]
        if last - first < 2:
            continue
        _mark(marks, heads, first, last)
        for slot in range(first, last):
            middle = heads[slot]
            for far in range(u(starts[middle]), u(starts[middle + 1])):
                head = u(heads[far])
                if (marks[head >> WORD] >> (head & LOW_BITS)) & ONE:
                    below, above = first, last
                    while above - below > 1:
                        half = (below + above) >> 1
                        if u(heads[half]) <= head:
                            below = half
                        else:
                            above = half
                    if found == room:
                        more = np.empty((2 * room, 3), np.int32)
                        more[:room] = sides
                        sides, room = more, 2 * room
                    a, b, c = numbers[slot], numbers[below], numbers[far]
                    if a > b:
                        a, b = b, a
                    if b > c:
                        b, c = c, b
                    if a > b:
                        a, b = b, a
                    sides[found, 0], sides[found, 1], sides[found, 2] = a, b, c
                    found += 1
        _unmark(marks, heads, first, last)
    return sides[:found].copy()


@compiled
def triangle_count(starts: Array, heads: Array) -> int:
    """How many triangles there are."""
    vertices = len(starts) - 1
    marks = np.zeros(vertices // 64 + 1, np.uint64)
    found = 0
    for vertex in range(vertices):
        _fetch_ahead(starts, heads, vertex)
        first, last = starts[vertex], starts[vertex + 1]
        if last - first < 2:
            continue
        _mark(marks, heads, first, last)
        for slot in range(first, last):
            middle = heads[slot]
            for far in range(u(starts[middle]), u(starts[middle + 1])):
                head = u(heads[far])
                found += int((marks[head >> WORD] >> (head & LOW_BITS)) & ONE)
        _unmark(marks, heads, first, last)
    return found


@compiled
def cover(units: Array, order: Array, need: Array, chosen: Array) -> Array:
    """Items in the order in which a greedy cover takes them: those that gain most first, else by `order`.

    `units[i]` are the things item i covers, -1 for none; `need` how often each is still to be covered, and
    `chosen` which items are taken: both are changed.
    """
    width = units.shape[1]
    picked, count = np.empty(len(order), np.int64), 0
    for level in range(width, 0, -1):
        for item in order:
            if chosen[item]:
                continue
            gain = 0
            for place in range(width):
                unit = units[item, place]
                if unit >= 0 and need[unit] > 0:
                    gain += 1
            if gain < level:
                continue
            chosen[item] = True
            picked[count] = item
            count += 1
            for place in range(width):
                unit = units[item, place]
                if unit >= 0:
                    need[unit] -= 1
    return picked[:count].copy()
