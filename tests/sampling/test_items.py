"""Subgraphs made in blocks are those made one by one."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import Graph
from sampling.items import Items, blocks, spread

Make = Callable[..., Graph]
NAMES = "abcdefg"
pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=25)


@given(pairs, st.lists(st.lists(st.integers(-1, 6), min_size=4, max_size=4), max_size=8), st.data())
def test_many_are_what_make_makes_of_each(
    edges: list[tuple[str, str]], entities: list[list[int]], data: st.DataObject
) -> None:
    graph = Graph.from_edges([*edges, *((name, "h") for name in NAMES)])
    items = Items(graph)
    numbers = st.lists(st.integers(-1, len(graph.edges) - 1), min_size=3, max_size=3)
    joined = data.draw(st.lists(numbers, min_size=len(entities), max_size=len(entities)))
    found = list(
        items.many(np.array(entities, dtype=int).reshape(-1, 4), np.array(joined, dtype=int).reshape(-1, 3))
    )
    wanted = [
        items.make(sorted(set(rows) - {-1}), sorted(set(sides) - {-1}))
        for rows, sides in zip(entities, joined, strict=True)
    ]
    assert found == wanted
    assert [item.key for item in found] == [item.key for item in wanted]


def test_documents_meant_come_sorted_without_those_that_are_none(kite: Graph) -> None:
    items = Items(kite)
    rows, edges = np.array([[0, 1], [1, 2]]), np.array([[-1], [-1]])
    (one, two) = items.many(rows, edges, np.array([[1, 0], [1, -1]]))
    assert one.documents == tuple(sorted(kite.document_ids))
    assert two.documents == (kite.document_ids[1],)


def test_edges_among_few_and_many_entities_are_those_between_them(make: Make) -> None:
    rng = np.random.default_rng(3)
    graph = make([(f"v{a}", f"v{b}") for a, b in rng.integers(0, 40, size=(200, 2)) if a != b])
    items, edges = Items(graph), graph.edges
    for size in (0, 1, 2, 5, 8, 9, 20, 40):
        rows = sorted(rng.choice(len(graph), size=min(size, len(graph)), replace=False).tolist())
        wanted = [e for e in range(len(edges)) if int(edges.low[e]) in rows and int(edges.high[e]) in rows]
        assert sorted(items.edges_among(rows)) == wanted


def test_the_edge_between_two_entities_is_found_or_is_none(kite: Graph) -> None:
    items, edges, n = Items(kite), kite.edges, len(kite)
    a, b = (grid.reshape(-1) for grid in np.meshgrid(np.arange(n), np.arange(n)))
    known = {(int(edges.low[e]), int(edges.high[e])): e for e in range(len(edges))}
    wanted = [known.get((min(x, y), max(x, y)), -1) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    assert items.edge_between(a, b).tolist() == wanted


def test_no_edge_is_between_anything_in_a_graph_without_edges(make: Make) -> None:
    items = Items(make([], entities=["a", "b"]))
    assert items.edge_between(np.array([0]), np.array([1])).tolist() == [-1]
    assert items.edges_among(list(range(2)) * 6) == []


@given(st.integers(0, 5000), st.integers(1, 50), st.integers(50, 400))
def test_blocks_are_consecutive_and_leave_nothing_out(count: int, first: int, most: int) -> None:
    found = list(blocks(count, first, most))
    assert [i for block in found for i in range(block.start, block.stop)] == list(range(count))
    assert all(0 < block.stop - block.start <= most for block in found)


def test_spread_names_every_slot_of_the_rows_asked_for(kite: Graph) -> None:
    table = kite.edges.neighbours
    rows = np.array([3, 0, 3])
    of, slots = spread(table, rows)
    assert table.values[slots].tolist() == [value for row in rows for value in table[row].tolist()]
    assert of.tolist() == [i for i, row in enumerate(rows) for _ in table[row]]
