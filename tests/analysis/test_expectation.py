"""What n items of a plan cover on the average, against enumeration, drawn orders and real plans."""

from itertools import islice, permutations
from math import comb
from typing import Any

import numpy as np
import pytest

from analysis.expectation import expected
from kg.graph import Graph
from kg.model import Subgraph
from sampling import SAMPLERS, UNITS, Coverage, EdgeSampler, Unit, sampler

KITE = [("Ann", "Bo"), ("Ann", "Cy"), ("Bo", "Cy"), ("Cy", "Bo"), ("Bo", "Dee"), ("Dee", "Cy")]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def kite() -> Graph:
    """Ann, Bo, Cy, Dee; two triangles share the edge Bo-Cy, where two relations are; in one document."""
    from tests.sampling.conftest import make_graph

    return make_graph(
        KITE, documents={"one": ["Ann", "Bo", "Cy", "Dee"]}, stated={"one": [e[:2] for e in KITE]}
    )


@pytest.fixture(scope="module")
def large() -> Graph:
    drawn = rng(4).integers(60, size=(220, 2)).tolist()
    weights = rng(5).exponential(size=220).tolist()
    return Graph.from_edges(
        [(f"n{a}", f"n{b}", "knows", w) for (a, b), w in zip(drawn, weights, strict=True) if a != b]
    )


def by_enumeration(graph: Graph, items: list[Subgraph], unit: Unit, n: int, times: int) -> float:
    """The mean share over every order of the items."""
    shares = []
    for order in permutations(items):
        coverage = Coverage(graph)
        for item in order[:n]:
            coverage.add(item)
        shares.append(coverage.share(unit, times))
    return float(np.mean(shares))


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", ["edges", "entities", "pairs", "triangles", "triples"])
@pytest.mark.parametrize("times", [1, 2])
def test_the_closed_form_is_the_mean_over_every_order(kite: Graph, name: str, unit: Unit, times: int) -> None:
    items = list(sampler(name).sample(kite, rng()))
    found = expected(kite, sampler(name), unit=unit, times=times, rng=rng())
    assert found.items == len(items) <= 6  # at most 720 orders
    for n in range(1, len(items) + 1, 2):
        wanted = by_enumeration(kite, items, unit, n, times)
        assert float(found.share(n)) == pytest.approx(wanted, abs=1e-12)


def test_each_edge_covers_its_own_relations_so_the_share_grows_in_proportion(kite: Graph) -> None:
    found = expected(kite, sampler("edges"), rng=rng())
    assert found.share([0, 1, 2, 5]).tolist() == pytest.approx([0, 0.2, 0.4, 1.0])
    assert (found.items, found.total, found.ceiling) == (5, 6, 1.0)
    assert found.items_for(0.5) == 3
    assert found.items_for(0.2) == 1


def test_an_entity_of_degree_d_is_covered_unless_none_of_its_edges_is_drawn(kite: Graph) -> None:
    found = expected(kite, sampler("edges"), unit="entities", rng=rng())
    # Ann and Dee have two of the five edges, Bo and Cy three
    wanted = 1 - (2 * comb(3, 2) + 2 * comb(2, 2)) / 4 / comb(5, 2)
    assert float(found.share(2)) == pytest.approx(wanted, abs=1e-12)


def test_edges_read_off_the_graph_are_those_that_the_sampler_gives(large: Graph) -> None:
    for unit in UNITS:
        from analysis.pools import _edges, _listed

        there = Coverage(large)
        read = _edges(large, EdgeSampler(), unit, [])
        listed = _listed(large, EdgeSampler(), unit, there, [], 10_000)
        assert listed is not None

        def by_thing(found: Any) -> dict[tuple[int, ...], int]:
            things, numbers, rows, items, _ = found
            assert len(numbers) == len(rows)
            counts = np.bincount(rows, minlength=len(things)).tolist()
            return dict(zip(map(tuple, things), counts, strict=True)) | {(): items}

        assert by_thing(read) == by_thing(listed)


@pytest.mark.parametrize("unit", ["entities", "relations", "pairs"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("replacement", [False, True])
def test_the_closed_form_agrees_with_drawn_orders(
    large: Graph, unit: Unit, times: int, weighted: bool, replacement: bool
) -> None:
    found = expected(
        large, EdgeSampler(weighted=weighted), unit=unit, times=times, replacement=replacement, rng=rng(1)
    )
    at = np.array([5, 40, 100, 180])
    drawn = np.array(
        [(found.start + np.searchsorted(run, at, side="right")) / found.total for run in found.runs]
    )
    error = drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    slack = 0.006 if weighted or replacement else 1e-9  # an approximation; rounding of times to draws
    assert (np.abs(found.share(at) - drawn.mean(axis=0)) <= 5 * error + slack).all()


@pytest.mark.parametrize("weighted", [False, True])
def test_what_a_real_plan_covers_lies_within_the_band(large: Graph, weighted: bool) -> None:
    one = EdgeSampler(weighted=weighted)
    found = expected(large, one, unit="entities", rng=rng(1))
    low, high = found.band([20, 60, 120], level=0.999)
    coverage, seen = Coverage(large), []
    for number, item in enumerate(islice(one.sample(large, rng(77)), 120), 1):
        coverage.add(item)
        if number in (20, 60, 120):
            seen.append(coverage.share("entities"))
    assert ((low <= seen) & (seen <= high)).all()


def test_with_replacement_edges_follow_the_power_law_of_the_theory(kite: Graph) -> None:
    found = expected(kite, sampler("edges"), replacement=True, rng=rng())
    assert found.share([1, 10]).tolist() == pytest.approx([1 - 0.8**1, 1 - 0.8**10])
    assert found.ceiling == 1.0
    assert found.items_for(0.99) == 21  # 0.8^21 < 0.01 < 0.8^20


def test_uniform_triples_with_replacement_cover_pairs_as_the_theory_says() -> None:
    from tests.sampling.conftest import make_graph

    names = [f"n{i}" for i in range(30)]
    graph = make_graph([("n0", "n1")], documents={"one": names})
    found = expected(graph, sampler("triples"), unit="pairs", replacement=True, rng=rng())
    assert float(found.share(300)) == pytest.approx(1 - (1 - 6 / 870) ** 300, abs=1e-12)
    assert float(found.share(300)) == pytest.approx(0.8746, abs=1e-4)


def test_what_is_written_counts_and_is_not_drawn_again(kite: Graph) -> None:
    items = list(sampler("edges").sample(kite, rng()))
    written = Coverage(kite)
    for item in items[:2]:
        written.add(item)
    found = expected(kite, sampler("edges"), written=written, done=items[:2], rng=rng())
    assert (found.items, found.start) == (3, written.covered("relations"))
    assert float(found.share(0)) == written.share("relations")
    assert float(found.share(3)) == 1.0
    assert found.items_for(written.share("relations")) == 0


def test_two_wordings_of_an_item_count_twice(kite: Graph) -> None:
    once = expected(kite, sampler("edges"), times=2, rng=rng())
    assert once.ceiling == 0.0
    twice = expected(kite, sampler("edges"), times=2, wordings=2, rng=rng())
    assert twice.share([0, 2, 5]).tolist() == pytest.approx([0, 0.4, 1.0])


def test_a_target_beyond_the_ceiling_has_no_number_of_items(kite: Graph) -> None:
    found = expected(kite, sampler("entities"), rng=rng())
    assert found.ceiling == 0.0
    assert found.items_for(0.5) is None
    assert np.isinf(found.items_by_run(0.5)).all()


def test_a_plan_that_is_too_long_is_drawn_as_far_as_asked(large: Graph) -> None:
    whole = expected(large, sampler("triangles"), unit="entities", rng=rng())
    cut = expected(large, sampler("triangles"), unit="entities", most=10, rng=rng())
    assert whole.items is not None
    assert cut.items is None
    at = [2, 5, 9]
    assert np.abs(cut.share(at) - whole.share(at)).max() < 0.05


@pytest.mark.parametrize("name", sorted(SAMPLERS))
@pytest.mark.parametrize("unit", UNITS)
def test_every_sampler_has_an_outlook_that_never_falls(kite: Graph, name: str, unit: Unit) -> None:
    found = expected(kite, sampler(name), unit=unit, most=5_000, rng=rng())
    shares = found.share(np.arange(8))
    assert (np.diff(shares) >= -1e-12).all()
    assert 0 <= shares[0] <= shares[-1] <= found.ceiling + 1e-12 <= 1 + 1e-12


def test_a_graph_without_anything_has_nothing_to_cover() -> None:
    empty = Graph.from_edges([])
    found = expected(empty, sampler("edges"), rng=rng())
    assert (found.total, found.ceiling, found.items_for(0.5)) == (0, 0.0, None)
    assert found.share([0, 5]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "edges"}, r"no unit 'edges' of coverage\. Known: entities"),
        ({"times": 0}, "1 or more, saw times=0"),
        ({"wordings": 0}, "once or more, seen wordings=0"),
    ],
)
def test_wrong_arguments_are_refused(kite: Graph, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expected(kite, sampler("edges"), rng=rng(), **options)
