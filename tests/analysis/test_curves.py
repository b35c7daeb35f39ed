import json

import numpy as np
import pytest

from analysis import METHODS, Digraph, erdos_renyi, simulate
from kg.graph import Graph

PROMISED = [
    "vertices",
    "edges",
    "reachable_pairs",
    "sources",
    "tie_rule",
    "method",
    "histogram",
    "t",
    "coverage",
    "se",
]


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_gives_the_promised_keys_as_json(method: str) -> None:
    graph = Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d")])
    found = simulate(graph, t=[1, 10, 100], method=method, rng=np.random.default_rng(0)).to_dict()
    assert list(found) == PROMISED
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["vertices"], found["edges"], found["reachable_pairs"]) == (4, 3, 6)
    assert found["t"] == [1, 10, 100]


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_standard_deviation_comes_only_where_it_is_asked_for(method: str) -> None:
    graph = erdos_renyi(20, 2.0, np.random.default_rng(0))
    found = simulate(graph, t=[5, 50], method=method, sd=True, rng=np.random.default_rng(0)).to_dict()
    assert list(found) == [*PROMISED, "sd"]
    assert len(found["sd"]) == 2
    assert all(value > 0 for value in found["sd"])


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_seed_determines_the_curve(method: str) -> None:
    graph = erdos_renyi(40, 2.0, np.random.default_rng(0))
    curves = [simulate(graph, t=[5, 50], method=method, rng=np.random.default_rng(3)) for _ in range(2)]
    assert curves[0] == curves[1]


def test_the_histogram_is_enough_to_draw_the_curve_again() -> None:
    found = simulate(erdos_renyi(50, 2.0, np.random.default_rng(0)), t=[0, 100, 1e6]).to_dict()
    pairs = 50 * 49
    for t, coverage in zip(found["t"], found["coverage"], strict=True):
        links = sum(count * (1 - (1 - rate / pairs) ** t) for rate, count in found["histogram"])
        assert (found["edges"] + links) / pairs == pytest.approx(coverage, rel=1e-9)


def test_the_two_methods_agree_on_a_real_shape() -> None:
    graph = erdos_renyi(30, 3.0, np.random.default_rng(8))
    exact = simulate(graph, t=[0, 100, 1000])
    stepped = simulate(
        graph, t=[0, 100, 1000], method="stepwise", replicates=50, rng=np.random.default_rng(1)
    )
    for expected, mean, error in zip(exact.coverage, stepped.coverage, stepped.se, strict=True):
        assert error is not None
        assert abs(mean - expected) <= 5 * error + 1e-12
    assert exact.reachable_pairs == stepped.reachable_pairs


def test_undirected_walks_relations_both_ways() -> None:
    graph = Graph.from_edges([("a", "b"), ("c", "b")])
    assert simulate(graph, t=[1e9]).coverage == (2 / 6,)
    assert simulate(graph, t=[1e9], undirected=True).coverage == (1.0,)


def test_sampled_sources_are_counted_and_carry_an_error() -> None:
    graph = erdos_renyi(50, 2.0, np.random.default_rng(0))
    found = simulate(graph, t=[500], sources=10, sd=True, rng=np.random.default_rng(1))
    assert found.sources == 10
    assert found.se[0] is not None
    assert found.se[0] > 0


def test_what_cannot_be_known_is_null_not_nan() -> None:
    graph = erdos_renyi(20, 2.0, np.random.default_rng(0))
    lone = simulate(graph, t=[5], method="stepwise", replicates=1, rng=np.random.default_rng(1))
    assert lone.to_dict()["se"] == [None]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "exct"}, r"no method 'exct'\. Known: exact"),
        ({"tie_rule": "lifo"}, r"no tie rule 'lifo'\. Known: fifo"),
        ({"t": [float("nan")]}, "0 or more and finite"),
        ({"sources": 5}, "random generator"),
        ({"method": "stepwise"}, "random generator"),
        ({"method": "stepwise", "sources": 5, "rng": np.random.default_rng(0)}, "method='exact'"),
    ],
)
def test_wrong_arguments_say_what_to_do(options: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"t": [1], **options}
    with pytest.raises(ValueError, match=message):
        simulate(Digraph.of_edges(9, [0], [1]), **arguments)  # type: ignore[arg-type]
