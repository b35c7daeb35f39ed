"""Shortest ways between two entities."""

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import Graph
from kg.parts import part_of
from kg.ways import way

DIAMOND = [
    ("a", "b", "", 1.0),
    ("b", "d", "", 1.0),
    ("a", "c", "", 5.0),
    ("c", "d", "", 1.0),
    ("e", "f", "", 1.0),
]


def row(graph: Graph, name: str) -> int:
    return list(graph.names).index(name)


def named(graph: Graph, one: str, two: str) -> tuple[list[str], float]:
    rows, weight = way(graph.edges, row(graph, one), row(graph, two))
    return [graph.names[place] for place in rows], weight


def test_of_ways_with_as_many_steps_the_heaviest_is_taken() -> None:
    graph = Graph.from_edges(DIAMOND)
    assert named(graph, "a", "d") == (["a", "c", "d"], 6.0)
    assert named(graph, "d", "a") == (["d", "c", "a"], 6.0)


def test_fewer_steps_come_before_weight() -> None:
    graph = Graph.from_edges([*DIAMOND, ("a", "d", "", 0.1)])
    assert named(graph, "a", "d") == (["a", "d"], 0.1)


def test_where_no_way_leads_there_is_none() -> None:
    assert named(Graph.from_edges(DIAMOND), "a", "e") == ([], 0.0)


def test_to_itself_there_is_no_step() -> None:
    assert named(Graph.from_edges(DIAMOND), "a", "a") == (["a"], 0.0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=40))
def test_a_way_is_as_short_as_networkx_says_and_as_heavy_as_any(edges: list[tuple[int, int, int]]) -> None:
    graph = Graph.from_edges([(str(a), str(b), "", float(weight)) for a, b, weight in edges])
    plain: networkx.Graph[int] = networkx.Graph()
    plain.add_nodes_from(range(len(graph)))
    joined = zip(
        graph.edges.low.tolist(), graph.edges.high.tolist(), graph.edges.weights.tolist(), strict=True
    )
    plain.add_weighted_edges_from(joined)
    source, target = 0, len(graph) - 1
    found, weight = way(graph.edges, source, target)
    if not networkx.has_path(plain, source, target):
        assert found == []
        return
    every = list(networkx.all_shortest_paths(plain, source, target))
    assert found in every
    assert weight == max(networkx.path_weight(plain, one, "weight") for one in every)


def test_a_part_of_a_graph_keeps_ids_names_and_relations() -> None:
    graph = Graph.from_edges(DIAMOND)
    rows = np.array([row(graph, name) for name in ("a", "c", "d")])
    part = part_of(graph, rows, np.arange(graph.relation_count))
    assert set(part.names) == {"a", "c", "d"}
    assert part.relation_count == 2
    for place in range(len(part)):
        assert graph.names[graph.entity_row(part.entity_id(place))] == part.names[place]
    assert {part.weights[one] for one in range(2)} == {5.0, 1.0}
    assert len(part_of(graph, rows[:0], np.arange(3))) == 0


@pytest.mark.parametrize("relations", [[], [0]])
def test_a_part_has_only_the_relations_that_were_chosen(relations: list[int]) -> None:
    graph = Graph.from_edges([("a", "b"), ("b", "a")])
    part = part_of(graph, np.arange(2), np.array(relations, dtype=np.int64))
    assert part.relation_count == len(relations)
