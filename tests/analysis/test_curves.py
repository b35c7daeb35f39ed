import json

import numpy as np
import pytest

from analysis import METHODS, Digraph, RandomGraph, erdos_renyi, simulate
from analysis.theory import FORMULAS
from kg.graph import Graph
from kg.model import GraphError

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
    "link_rule",
    "times",
    "replicates",
    "stopped",
]
ON_A_GRAPH = sorted(set(METHODS) - set(FORMULAS))


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_gives_the_promised_keys_as_json(method: str) -> None:
    graph = Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d")])
    found = simulate(graph, t=[1, 10, 100], method=method, rng=np.random.default_rng(0)).to_dict()
    assert list(found) == PROMISED
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["vertices"], found["edges"]) == (4, 3)
    assert found["t"] == [1, 10, 100]


@pytest.mark.parametrize("method", ON_A_GRAPH)
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


@pytest.mark.parametrize("method", ["stepwise", "event"])
@pytest.mark.parametrize("times", [1, 3])
def test_chance_agrees_with_the_exact_curve_met_once_and_met_thrice(method: str, times: int) -> None:
    graph = erdos_renyi(25, 3.0, np.random.default_rng(8))
    exact = simulate(graph, t=[300, 3000], times=times)
    drawn = simulate(
        graph, t=[300, 3000], method=method, times=times, replicates=60, rng=np.random.default_rng(1)
    )
    assert drawn.replicates == 60
    assert exact.reachable_pairs == drawn.reachable_pairs
    for expected, mean, error in zip(exact.coverage, drawn.coverage, drawn.se, strict=True):
        assert error is not None
        assert abs(mean - expected) <= 5 * error


def test_a_formula_of_the_random_graph_needs_no_graph() -> None:
    found = simulate(RandomGraph(1_000_000_000, 3.0), t=[0, 1e18], method="fluid")
    assert found.coverage[0] == pytest.approx(3e-9)
    assert found.ceiling == pytest.approx(0.8845022367, abs=1e-9)
    assert found.sources == 0


def test_a_random_graph_is_drawn_where_a_graph_is_needed() -> None:
    named = simulate(RandomGraph(40, 2.0), t=[100], rng=np.random.default_rng(5))
    assert named.coverage == simulate(erdos_renyi(40, 2.0, np.random.default_rng(5)), t=[100]).coverage
    with pytest.raises(ValueError, match="a random graph needs a random generator"):
        simulate(RandomGraph(40, 2.0), t=[100])


def test_a_random_graph_too_large_for_memory_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(ValueError, match=r"V=1000000000 does not fit .* 'fluid'"):
        simulate(RandomGraph(1_000_000_000, 0.1), t=[1], rng=np.random.default_rng(0))


def test_no_giant_part_no_coverage_beyond_the_source_links() -> None:
    for method in FORMULAS:
        found = simulate(RandomGraph(1000, 0.5), t=[1e9], method=method)
        assert found.coverage[0] == pytest.approx(0.0005)


def test_formulas_start_at_the_density_of_a_graph_and_stay_below_their_ceiling() -> None:
    for graph in (Digraph.of_edges(3, [0, 1], [1, 2]), erdos_renyi(30, 2.0, np.random.default_rng(0))):
        for method in FORMULAS:
            found = simulate(graph, t=[0, 1, 100, 1e9], method=method)
            assert found.coverage[0] == pytest.approx(graph.edges / graph.pairs, rel=1e-6)
            assert max(found.coverage) <= found.ceiling + 1e-9


@pytest.mark.parametrize("method", ["exact", "stepwise", "event"])
@pytest.mark.parametrize("vertices", [0, 1])
def test_without_a_pair_there_is_nothing_to_draw(method: str, vertices: int) -> None:
    graph = Digraph.of_edges(vertices, [], [])
    found = simulate(graph, t=[0, 10], method=method, rng=np.random.default_rng(0))
    assert (found.coverage, found.stopped) == ((0.0, 0.0), False)


def test_a_stopped_search_gives_the_curve_of_the_sources_it_did() -> None:
    graph = erdos_renyi(600, 3.0, np.random.default_rng(0))
    seen: list[tuple[int, int]] = []
    found = simulate(
        graph, t=[1e4], stop=lambda: len(seen) >= 60, progress=lambda done, of: seen.append((done, of))
    )
    assert found.stopped
    assert 0 < found.sources < 600
    assert found.se[0] is not None
    whole = simulate(graph, t=[1e4])
    assert not whole.stopped
    assert abs(found.coverage[0] - whole.coverage[0]) <= 5 * found.se[0] + 1e-3


def test_stopped_runs_are_those_that_were_done() -> None:
    graph = erdos_renyi(50, 3.0, np.random.default_rng(0))
    for method, all_ in (("stepwise", 20), ("event", 50)):
        done: list[int] = []
        found = simulate(
            graph,
            t=[500],
            method=method,
            rng=np.random.default_rng(1),
            progress=lambda now, of, done=done: done.append(now),  # type: ignore[misc]
            stop=lambda done=done: len(done) >= 5,  # type: ignore[misc]
        )
        assert found.stopped
        assert (found.replicates if method == "stepwise" else found.sources) == done[-1] < all_
        assert found.se[0] is not None
        exact = simulate(graph, t=[500]).coverage[0]
        assert abs(found.coverage[0] - exact) < 5 * found.se[0] + 1e-3


def test_steps_stopped_at_once_say_that_nothing_is_known() -> None:
    graph = erdos_renyi(50, 3.0, np.random.default_rng(0))
    with pytest.raises(GraphError, match="before the first run was done"):
        simulate(graph, t=[500], method="stepwise", rng=np.random.default_rng(1), stop=lambda: True)


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
        ({"method": "event"}, "random generator"),
        ({"method": "event", "replicates": 0, "rng": np.random.default_rng(0)}, "at least one replicate"),
        ({"method": "event", "link_rule": "pair", "rng": np.random.default_rng(0)}, "with 'stepwise'"),
        ({"method": "fluid", "sd": True}, "leave out sd"),
        ({"link_rule": "strar"}, r"no link rule 'strar'\. Known: star"),
        ({"times": 0}, "1 or more, saw times=0"),
        ({"times": 2, "sd": True}, "leave sd out"),
        ({"threads": 0}, "at least one thread"),
    ],
)
def test_wrong_arguments_say_what_to_do(options: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"t": [1], **options}
    with pytest.raises(ValueError, match=message):
        simulate(Digraph.of_edges(9, [0], [1]), **arguments)  # type: ignore[arg-type]
