import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray

from kg.layout import positions


def pairs_of(graph: "nx.Graph[int]") -> NDArray[np.int64]:
    return np.array(list(graph.edges), dtype=np.int64).reshape(-1, 2)


def overlaps(place: NDArray[np.float64], boxes: NDArray[np.float64]) -> int:
    room = (boxes[:, None] + boxes[None]) / 2
    over = (np.abs(place[:, None] - place[None]) < 0.98 * room).all(axis=2)
    return int(np.triu(over, 1).sum())


@pytest.mark.parametrize("n", [1, 2, 3, 30, 120])
def test_no_two_boxes_lie_over_each_other(n: int) -> None:
    graph = nx.gnp_random_graph(n, 2.5 / n, seed=1)
    boxes = np.column_stack((np.linspace(40, 180, n), np.full(n, 40.0)))
    assert overlaps(positions(pairs_of(graph), boxes), boxes) == 0


def test_the_same_graph_is_drawn_the_same_way() -> None:
    graph = nx.gnp_random_graph(40, 0.1, seed=2)
    boxes = np.full((40, 2), 30.0)
    assert np.array_equal(positions(pairs_of(graph), boxes), positions(pairs_of(graph), boxes))


def test_joined_vertices_are_nearer_than_others() -> None:
    graph = nx.connected_caveman_graph(4, 6)
    place = positions(pairs_of(graph), np.full((24, 2), 20.0))
    apart = np.linalg.norm(place[:, None] - place[None], axis=2)
    joined = nx.to_numpy_array(graph).astype(bool)
    assert apart[joined].mean() < 0.6 * apart[~joined & ~np.eye(24, dtype=bool)].mean()


def test_a_connected_graph_lies_down_because_screens_are_wide() -> None:
    place = positions(pairs_of(nx.path_graph(20)), np.full((20, 2), 20.0))
    width, height = np.ptp(place, axis=0)
    assert width > height


def test_nothing_to_place_has_no_places() -> None:
    assert positions(np.empty((0, 2), dtype=np.int64), np.empty((0, 2))).shape == (0, 2)


def test_every_place_is_a_finite_number_even_where_all_are_joined() -> None:
    place = positions(pairs_of(nx.complete_graph(60)), np.full((60, 2), 30.0))
    assert np.isfinite(place).all()
