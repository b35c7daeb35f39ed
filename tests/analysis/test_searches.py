"""The compiled searches against the reference, threads, progress, stopping."""

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Digraph, RateHistogram, erdos_renyi, rate_histogram
from analysis.bands import standard_deviation
from analysis.searches import BYTES_UP_TO, TIE_RULES
from analysis.tallies import GROUPS

ROOT = Path(__file__).resolve().parents[2]
needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed (extra 'fast')")


def contents(found: RateHistogram) -> list[list[float]]:
    return [part.tolist() for part in (found.rates, found.counts, found.source_rates, found.source_counts)]


def assert_same(one: RateHistogram, two: RateHistogram, tie_rule: str) -> None:
    if tie_rule == "fifo":
        assert contents(one) == contents(two)
        return
    for ours, theirs in zip(contents(one), contents(two), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-11)


@pytest.mark.slow
@needs_numba
@pytest.mark.parametrize("tie_rule", sorted(TIE_RULES))
@pytest.mark.parametrize(
    ("vertices", "mean_degree"),
    [(300, 2.0), (300, 9.0), (BYTES_UP_TO, 2.0), (BYTES_UP_TO + 1, 2.0), (50_000, 4.0)],
)
def test_compiled_and_reference_give_the_same_histogram(
    vertices: int, mean_degree: float, tie_rule: str
) -> None:
    graph = erdos_renyi(vertices, mean_degree, np.random.default_rng(vertices))
    # first some whose search ends at once, then more: marks must be wiped either way
    ends = np.flatnonzero(np.diff(graph.indptr) == 0)[:3].tolist()
    sources = [*ends, *(v for v in range(12) if v not in ends)]
    one, two = (
        rate_histogram(graph, sources=sources, tie_rule=tie_rule, kernel=kernel)
        for kernel in ("numba", "scipy")
    )
    assert_same(one, two, tie_rule)


@needs_numba
@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 90).flatmap(
        lambda n: st.lists(
            st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(n - 1, 0))), max_size=150 if n else 0
        ).map(lambda edges: Digraph.of_edges(n, [a for a, _ in edges], [b for _, b in edges]))
    ),
    st.sampled_from(sorted(TIE_RULES)),
)
def test_compiled_and_reference_agree_on_any_small_graph(graph: Digraph, tie_rule: str) -> None:
    one, two = (rate_histogram(graph, tie_rule=tie_rule, kernel=kernel) for kernel in ("numba", "scipy"))
    assert_same(one, two, tie_rule)


@needs_numba
def test_the_bitset_gives_what_the_bytes_give_on_all_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = erdos_renyi(700, 3.0, np.random.default_rng(0))
    by_bytes = contents(rate_histogram(graph, kernel="numba"))
    monkeypatch.setattr("analysis.searches.BYTES_UP_TO", 0)
    assert contents(rate_histogram(graph, kernel="numba")) == by_bytes


@pytest.mark.slow
@pytest.mark.parametrize("kernel", ["scipy", "auto"])
@pytest.mark.parametrize("tie_rule", sorted(TIE_RULES))
@pytest.mark.parametrize("sources", [None, 150])
def test_threads_change_nothing(
    sources: int | None, tie_rule: str, kernel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.searches.VISITS_A_CHUNK", 20_000)  # many chunks
    graph = erdos_renyi(300, 3.0, np.random.default_rng(3))
    t = [10.0, 1e4, 1e5]
    found = [
        rate_histogram(
            graph,
            sources=sources,
            rng=np.random.default_rng(1),
            tie_rule=tie_rule,
            threads=threads,
            kernel=kernel,
        )
        for threads in (1, 2, 5)
    ]
    for more in found[1:]:
        assert contents(more) == contents(found[0])
        assert more.standard_error(t, times=2).tolist() == found[0].standard_error(t, times=2).tolist()


@pytest.mark.parametrize("threads", [1, 2])
def test_the_standard_deviation_is_the_same_compiled_or_not_and_with_threads(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.searches.VISITS_A_CHUNK", 20_000)
    graph, t = erdos_renyi(400, 3.0, np.random.default_rng(3)), [0.0, 10.0, 1e4, 1e5, 1e7]
    done: list[int] = []
    fast = standard_deviation(graph, t, threads=threads, progress=lambda now, _: done.append(now))
    assert fast == pytest.approx(standard_deviation(graph, t, kernel="scipy"), rel=1e-9, abs=1e-15)
    assert fast.tolist() == standard_deviation(graph, t).tolist()
    assert done == sorted(done)
    assert done[-1] == 400


def test_progress_rises_to_the_number_of_sources() -> None:
    graph = erdos_renyi(400, 3.0, np.random.default_rng(3))
    seen: list[tuple[int, int]] = []
    rate_histogram(
        graph,
        sources=300,
        rng=np.random.default_rng(0),
        threads=2,
        progress=lambda now, of: seen.append((now, of)),
    )
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (300, 300)
    assert len(seen) > 100


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stopped_search_gives_what_is_known_so_far(threads: int) -> None:
    graph = erdos_renyi(400, 3.0, np.random.default_rng(3))
    asked = iter([False] * 49 + [True])
    found = rate_histogram(graph, threads=threads, stop=lambda: next(asked))
    assert found.sources == 50 * 2  # 400 sources in 200 chunks, so that there are about 256 groups
    t = np.array([1e3, 1e4, 1e5])
    error = found.standard_error(t)
    assert (error > 0).all()
    assert (np.abs(found.curve(t) - rate_histogram(graph).curve(t)) < 5 * error).all()


def test_a_search_stopped_at_once_has_one_group_and_cannot_tell_its_error() -> None:
    graph = erdos_renyi(400, 3.0, np.random.default_rng(3))
    found = rate_histogram(graph, stop=lambda: True)
    assert found.sources == 2
    assert np.isnan(found.standard_error(5.0))


def test_a_search_that_was_never_stopped_is_exact() -> None:
    graph = erdos_renyi(400, 3.0, np.random.default_rng(3))
    found = rate_histogram(graph, stop=lambda: False)
    assert contents(found) == contents(rate_histogram(graph))
    assert found.standard_error([5.0]).tolist() == [0.0]


def test_an_error_in_a_thread_comes_out() -> None:
    def fail(done: int, of: int) -> None:
        raise InterruptedError(f"{done} of {of}")

    with pytest.raises(InterruptedError, match="of 90"):
        rate_histogram(
            erdos_renyi(90, 3.0, np.random.default_rng(3)), threads=2, stop=lambda: False, progress=fail
        )


def test_more_sources_than_groups_are_dealt_into_groups_of_a_few() -> None:
    graph = erdos_renyi(2_000, 2.0, np.random.default_rng(1))
    found = rate_histogram(graph, sources=700, rng=np.random.default_rng(1))
    assert found.spread is not None
    assert found.spread.sizes.sum() == 700
    assert found.spread.sizes.max() == 3
    assert len(found.spread.sizes) <= GROUPS


def test_grouping_sources_does_not_change_the_size_of_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, t = erdos_renyi(1_000, 2.0, np.random.default_rng(1)), [1e4, 1e5, 1e6]
    options = {"sources": 500, "rng": np.random.default_rng(1)}
    grouped = rate_histogram(graph, **options).standard_error(t)  # type: ignore[arg-type]
    options["rng"] = np.random.default_rng(1)
    monkeypatch.setattr("analysis.coverage.GROUPS", 500)
    monkeypatch.setattr("analysis.tallies.GROUPS", 500)
    single = rate_histogram(graph, **options).standard_error(t)  # type: ignore[arg-type]
    assert grouped == pytest.approx(single, rel=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("tie_rule", sorted(TIE_RULES))
@pytest.mark.parametrize("times", [1, 3])
def test_sampled_sources_are_unbiased_over_a_hundred_seeds(tie_rule: str, times: int) -> None:
    graph = erdos_renyi(200, 2.0, np.random.default_rng(2))
    t = [3_000.0, 30_000.0, 100_000.0]
    exact = rate_histogram(graph, tie_rule=tie_rule).curve(t, times=times)
    scores = []
    for seed in range(100):
        sampled = rate_histogram(graph, sources=60, rng=np.random.default_rng(seed), tie_rule=tie_rule)
        scores.append((sampled.curve(t, times=times) - exact) / sampled.standard_error(t, times=times))
    z = np.array(scores)
    assert (np.abs(z.mean(axis=0)) < 4 / 10 * z.std(axis=0)).all()
    assert (np.abs(z.std(axis=0) - 1) < 0.35).all()


def test_without_numba_all_works_and_asking_for_it_says_how_to_install_it() -> None:
    code = """
import sys
sys.modules["numba"] = None
import numpy as np
from analysis import erdos_renyi, rate_histogram
graph = erdos_renyi(50, 2.0, np.random.default_rng(0))
print(rate_histogram(graph, tie_rule="uniform", threads=2).plateau > 0)
try:
    rate_histogram(graph, kernel="numba")
except Exception as error:
    print(type(error).__name__, error)
"""
    command = [sys.executable, "-W", "error", "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    assert said[0] == "True"
    assert said[1].startswith("GraphError compiled kernels are wanted, but numba cannot be imported")
    assert "pip install 'entigraph[fast]'" in said[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threads": 0}, "at least one thread"),
        ({"kernel": "cuda"}, r"no kernel 'cuda'\. Known: .*scipy"),
        ({"tie_rule": "random"}, r"no tie rule 'random'\. Known: "),
        ({"link_rule": "stars"}, r"no link rule 'stars'\. Known: star"),
        ({"selection_rule": "all"}, r"no selection rule 'all'"),
        ({"sources": [1, 1]}, "distinct vertices"),
        ({"sources": [9]}, "from 0 to 4"),
        ({"sources": []}, "at least one"),
    ],
)
def test_wrong_arguments_are_refused(options: dict[str, object], message: str) -> None:
    graph = Digraph.of_edges(5, [0, 1], [1, 2])
    with pytest.raises(ValueError, match=message):
        rate_histogram(graph, **options)  # type: ignore[arg-type]


def test_relabelling_changes_nothing_where_ties_are_not_broken_by_number() -> None:
    graph = erdos_renyi(80, 3.0, np.random.default_rng(6))
    order = np.random.default_rng(0).permutation(80)
    moved = Digraph.of_edges(80, order[graph.tails], order[graph.indices])
    one, two = (contents(rate_histogram(each, tie_rule="uniform")) for each in (graph, moved))
    for ours, theirs in zip(one, two, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-11)


def test_both_tie_rules_agree_in_sum_and_nearly_in_the_curve() -> None:
    graph = erdos_renyi(400, 3.0, np.random.default_rng(6))
    fifo, uniform = (rate_histogram(graph, tie_rule=name) for name in ("fifo", "uniform"))
    assert uniform.rates @ uniform.counts + uniform.source_rates @ uniform.source_counts == pytest.approx(
        fifo.rates @ fifo.counts + fifo.source_rates @ fifo.source_counts, rel=1e-9
    )
    t: Sequence[float] = np.geomspace(10, 1e7, 30).tolist()
    difference = uniform.curve(t) / fifo.curve(t) - 1
    assert 0.001 < np.abs(difference).max() < 0.034  # THEORY 8: up to 3.4 %
