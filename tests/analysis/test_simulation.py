"""Running the process, step by step and event by event, agrees with the closed forms."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest

from analysis import Digraph, erdos_renyi, rate_histogram
from analysis.bands import standard_deviation
from analysis.rules import LINK_RULES, LinkRule, selection
from analysis.simulation import event_driven, stepwise

STEPS = [0, 10, 100, 1_000, 10_000]


def random_graph(vertices: int, mean_degree: float, seed: int) -> Digraph:
    return erdos_renyi(vertices, mean_degree, np.random.default_rng(seed))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def assert_agree(runs: np.ndarray, exact: np.ndarray) -> None:
    """Within 5 standard errors; the mean of events differs from that of steps by less than 1e-3 on top."""
    error = runs.std(axis=0, ddof=1) / len(runs) ** 0.5
    assert (np.abs(runs.mean(axis=0) - exact) <= 5 * error + 1e-12).all()


@pytest.mark.parametrize("process", [stepwise, event_driven])
@pytest.mark.parametrize("name", ["path", "cycle", "star", "complete"])
def test_runs_agree_with_the_exact_curve_on_named_shapes(
    shapes: dict[str, Digraph],
    name: str,
    process: Callable[..., np.ndarray],
) -> None:
    runs = process(shapes[name], [0, 1, 5, 20, 80], replicates=600, rng=rng(1))
    error = runs.std(axis=0, ddof=1) / 600**0.5
    # events come as a Poisson process: exp(-N t / K) for (1 - N / K)^t, up to 0.03 apart for K = 30
    apart = 0.0 if process is stepwise else 0.03
    assert (
        np.abs(runs.mean(axis=0) - rate_histogram(shapes[name]).curve([0, 1, 5, 20, 80]))
        <= 5 * error + apart + 1e-12
    ).all()


@pytest.mark.parametrize(
    ("vertices", "mean_degree", "seed"),
    [
        (100, 3.0, 0),
        (100, 2.0, 1),
        (60, 1.0, 2),
        (80, 5.0, 3),
        (50, 0.5, 4),
        (40, 10.0, 5),
        (120, 1.5, 6),
        (70, 3.0, 7),
    ],
)
def test_stepping_agrees_with_the_exact_curve_on_random_graphs(
    vertices: int, mean_degree: float, seed: int
) -> None:
    graph = random_graph(vertices, mean_degree, seed)
    runs = stepwise(graph, STEPS, replicates=40, rng=rng(seed), threads=2)
    assert_agree(runs, rate_histogram(graph).curve(STEPS))


@pytest.mark.parametrize(("vertices", "mean_degree", "seed"), [(100, 3.0, 0), (100, 2.0, 1), (200, 5.0, 2)])
def test_events_agree_with_the_exact_curve_on_random_graphs(
    vertices: int, mean_degree: float, seed: int
) -> None:
    graph = random_graph(vertices, mean_degree, seed)
    runs = event_driven(graph, STEPS, replicates=100, rng=rng(seed))
    histogram = rate_histogram(graph)
    poisson = [
        histogram.start - np.expm1(-histogram.rates * t / graph.pairs) @ histogram.counts / graph.pairs
        for t in STEPS
    ]
    assert_agree(runs, np.array(poisson))
    assert np.array(poisson) == pytest.approx(histogram.curve(STEPS), abs=1e-4)


def test_stepping_agrees_on_an_undirected_graph() -> None:
    graph = random_graph(40, 1.5, 5).symmetrised()
    assert_agree(
        stepwise(graph, [0, 10, 100, 1_000], replicates=40, rng=rng(5)),
        rate_histogram(graph).curve([0, 10, 100, 1_000]),
    )


@pytest.mark.parametrize("times", [2, 5])
@pytest.mark.parametrize("process", [stepwise, event_driven])
def test_links_met_several_times_agree_with_the_exact_curve(
    times: int,
    process: Callable[..., np.ndarray],
) -> None:
    graph = random_graph(80, 3.0, 3)
    steps = [100, 1_000, 10_000, 40_000]
    runs = process(graph, steps, replicates=60, rng=rng(2), times=times)
    exact = rate_histogram(graph).curve(steps, times=times)
    error = runs.std(axis=0, ddof=1) / 60**0.5
    assert (np.abs(runs.mean(axis=0) - exact) <= 5 * error + 1e-4).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tie_rule", "link_rule", "selection_rule"),
    [*product(["fifo", "uniform"], ["star", "clique", "pair"], ["uniform"]), ("fifo", "star", "vertices")],
)
def test_stepping_agrees_under_every_rule(tie_rule: str, link_rule: str, selection_rule: str) -> None:
    graph = random_graph(25, 2.0, 11)
    drawn = selection(selection_rule, graph, None if selection_rule == "uniform" else np.arange(1.0, 26.0))
    steps = [10, 100, 800]
    runs = stepwise(
        graph, steps, replicates=40, rng=rng(4), tie_rule=tie_rule, link_rule=link_rule, selection_rule=drawn
    )
    exact = rate_histogram(graph, tie_rule=tie_rule, link_rule=link_rule, selection_rule=drawn)
    assert_agree(runs, exact.curve(steps))


def test_a_rule_without_exact_rates_can_be_stepped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LINK_RULES, "last", LinkRule(lambda path: iter([(path[-2], path[-1])])))
    # only source links are ever taught, so nothing grows
    graph = random_graph(20, 2.0, 1)
    runs = stepwise(graph, [0, 200], replicates=2, rng=rng(), link_rule="last")
    assert runs.tolist() == [[graph.edges / graph.pairs] * 2] * 2


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("process", [stepwise, event_driven])
def test_compiled_and_reference_give_the_same_runs(
    times: int,
    process: Callable[..., np.ndarray],
) -> None:
    pytest.importorskip("numba")
    graph = random_graph(60, 2.5, 9)
    one, two = (
        process(graph, [1_000, 10, 200_000, 0, 300], replicates=3, rng=rng(8), times=times, kernel=kernel)
        for kernel in ("numba", "scipy")
    )
    assert one.tolist() == two.tolist()


@pytest.mark.parametrize("process", [stepwise, event_driven])
def test_the_number_of_threads_changes_nothing(process: Callable[..., np.ndarray]) -> None:
    graph = random_graph(300, 3.0, 9)
    one, two = (process(graph, [10, 10_000], replicates=4, rng=rng(8), threads=threads) for threads in (1, 2))
    assert one.tolist() == two.tolist()


@pytest.mark.slow
def test_large_graphs_are_cut_into_pieces_that_threads_share() -> None:
    graph = random_graph(40_000, 2.0, 9)
    done: list[int] = []
    one, two = (
        event_driven(
            graph,
            [1e8, 1e9],
            replicates=2,
            rng=rng(8),
            sources=300,
            threads=threads,
            progress=lambda now, all_: done.append(now),
        )
        for threads in (1, 2)
    )
    assert one.tolist() == two.tolist()
    assert done[-1] == 300
    exact = rate_histogram(graph, sources=300, rng=rng(8))
    # the sources are drawn first, so both searched the same ones
    assert one.mean(axis=0) == pytest.approx(exact.curve([1e8, 1e9]), rel=0.01)


def test_stepping_can_be_stopped_with_the_runs_done_so_far() -> None:
    graph = random_graph(30, 3.0, 0)
    done: list[int] = []
    some = stepwise(
        graph,
        [50],
        replicates=50,
        rng=rng(7),
        progress=lambda now, all_: done.append(now),
        stop=lambda: len(done) == 3,
    )
    assert done == [1, 2, 3]
    assert some.tolist() == stepwise(graph, [50], replicates=50, rng=rng(7))[:3].tolist()


def test_events_can_be_stopped_and_estimate_the_whole_from_what_was_searched() -> None:
    graph = random_graph(400, 3.0, 0)
    done: list[int] = []
    some = event_driven(
        graph,
        [1e9],
        replicates=1,
        rng=rng(7),
        progress=lambda now, all_: done.append(now),
        stop=lambda: done[-1] >= 200,
    )
    assert done == list(range(4, 201, 4))
    # sources reach either nearly everything or nearly nothing: 200 of 400 know the share to 2 percent
    assert abs(some[0, 0] - rate_histogram(graph).plateau) < 0.06


def test_sampled_sources_estimate_the_curve_without_bias() -> None:
    graph = random_graph(60, 2.0, 1)
    found = [
        event_driven(graph, [3_000], replicates=1, rng=rng(seed), sources=20)[0, 0] for seed in range(200)
    ]
    error = np.std(found, ddof=1) / 200**0.5
    assert abs(np.mean(found) - rate_histogram(graph).curve(3_000)) < 4 * error


@pytest.mark.slow
def test_the_spread_of_steps_is_the_closed_form_of_their_standard_deviation() -> None:
    graph = random_graph(60, 3.0, 4)
    steps = [30, 300, 1_000, 3_000]
    runs = stepwise(graph, steps, replicates=3_000, rng=rng())
    ratio = runs.std(axis=0, ddof=1) / standard_deviation(graph, steps)
    # the sd of 3,000 runs is itself known to 1.3 percent
    assert (np.abs(ratio - 1) < 0.05).all()


def test_the_spread_of_events_is_the_poissonised_one() -> None:
    graph = random_graph(60, 3.0, 4)
    steps = [30, 300, 1_000, 3_000]
    runs = event_driven(graph, steps, replicates=3_000, rng=rng())
    ratio = runs.std(axis=0, ddof=1) / standard_deviation(graph, steps, poissonised=True)
    assert (np.abs(ratio - 1) < 0.05).all()
    # and that is told apart from the one of a fixed number of steps
    assert (
        standard_deviation(graph, steps)[:2] < 0.9 * standard_deviation(graph, steps, poissonised=True)[:2]
    ).all()


def test_events_are_one_path_at_all_t() -> None:
    graph = random_graph(50, 2.0, 2)
    runs = event_driven(graph, np.geomspace(1, 1e6, 40), replicates=5, rng=rng(3))
    assert (np.diff(runs, axis=1) >= 0).all()
    shuffled = event_driven(graph, np.geomspace(1, 1e6, 40)[::-1], replicates=5, rng=rng(3))
    assert shuffled[:, ::-1].tolist() == runs.tolist()


def test_a_finer_grid_sees_the_same_path() -> None:
    graph = random_graph(50, 2.0, 2)
    coarse = event_driven(graph, [500, 5_000], replicates=2, rng=rng(3))
    fine = event_driven(graph, [500, *np.linspace(600, 4_900, 3_000), 5_000], replicates=2, rng=rng(3))
    assert coarse.tolist() == fine[:, [0, -1]].tolist()


def test_a_link_of_one_path_alone_is_linked_by_an_exponential_time() -> None:
    # 0 -> 1 -> 2: link (0, 2) is known after t with probability 1 - exp(-t / 6)
    graph = Digraph.of_edges(3, [0, 1], [1, 2])
    runs = event_driven(graph, [6.0], replicates=4_000, rng=rng(2))
    share = (runs[:, 0] > 0.4).mean()
    assert abs(share - (1 - np.exp(-1))) < 5 * (0.23 / 4_000) ** 0.5


def test_the_same_seed_gives_the_same_runs_and_earlier_stops_do_not_disturb_later_ones() -> None:
    graph = random_graph(30, 3.0, 0)
    one = stepwise(graph, [500], replicates=3, rng=rng(7))
    two = stepwise(graph, [500, 3, 100], replicates=3, rng=rng(7))
    assert one[:, 0].tolist() == two[:, 0].tolist()
    assert (two[:, 1] <= two[:, 2]).all()
    assert len(set(one[:, 0].tolist())) > 1


@pytest.mark.parametrize("process", [stepwise, event_driven])
@pytest.mark.parametrize("times", [1, 4])
def test_a_saturated_run_stands_at_the_reachable_pairs(
    shapes: dict[str, Digraph],
    process: Callable[..., np.ndarray],
    times: int,
) -> None:
    runs = process(shapes["path"], [10**9], replicates=2, rng=rng(), times=times)
    assert runs.ravel().tolist() == [0.5, 0.5]


@pytest.mark.parametrize("process", [stepwise, event_driven])
@pytest.mark.parametrize(("vertices", "edges"), [(1, ([], [])), (4, ([], [])), (3, ([0], [1]))])
def test_small_and_empty_graphs_have_nothing_to_learn(
    process: Callable[..., np.ndarray],
    vertices: int,
    edges: Sequence[list[int]],
) -> None:
    graph = Digraph.of_edges(vertices, *edges)
    start = graph.edges / graph.pairs if graph.pairs else 0.0
    assert process(graph, [0, 50], replicates=2, rng=rng()).tolist() == [[start, start]] * 2


@pytest.mark.parametrize(
    ("process", "t", "options", "message"),
    [
        (stepwise, [1.5], {}, "whole steps"),
        (stepwise, [-1], {}, "0 or more"),
        (event_driven, [-1], {}, "0 or more"),
        (event_driven, [float("nan")], {}, "0 or more"),
        (stepwise, [1], {"replicates": 0}, "at least one replicate"),
        (event_driven, [1], {"replicates": 0}, "at least one replicate"),
        (stepwise, [1], {"times": 0}, "times"),
        (event_driven, [1], {"times": 0}, "times"),
        (stepwise, [1], {"threads": 0}, "thread"),
        (stepwise, [1], {"link_rule": "stra"}, "Known: star"),
        (stepwise, [1], {"tie_rule": "lifo"}, "no tie rule 'lifo'"),
        (event_driven, [1], {"tie_rule": "uniform"}, "tie_rule='fifo', or the method 'stepwise'"),
        (event_driven, [1], {"sources": 3}, "from 1 to V=2"),
    ],
)
def test_wrong_arguments_are_refused(
    process: Callable[..., object], t: list[float], options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        process(Digraph.of_edges(2, [0], [1]), t, **{"replicates": 2, "rng": rng(), **options})


def test_a_large_graph_is_sent_to_the_exact_method() -> None:
    with pytest.raises(ValueError, match="Use the method 'exact'"):
        stepwise(Digraph.of_edges(10_000, [0], [1]), [1], replicates=1, rng=rng())
