from collections.abc import Callable
from itertools import islice

import networkx as nx
import numpy as np
import pytest

from analysis.expectation import expected
from kg.graph import Graph
from sampling import UNITS, Coverage, sampler
from sampling.curves import Curve, marks

Make = Callable[..., Graph]


def test_marks_grow_by_steps_of_about_a_half() -> None:
    assert list(islice(marks(), 18)) == [
        1,
        2,
        3,
        5,
        7,
        10,
        15,
        20,
        30,
        50,
        70,
        100,
        150,
        200,
        300,
        500,
        700,
        1000,
    ]


def test_every_point_is_the_coverage_of_that_beginning_of_the_plan(kite: Graph) -> None:
    plan = list(sampler("edges").sample(kite, np.random.default_rng(2)))
    curve = Curve(Coverage(kite), times=2)
    assert list(curve.through(plan)) == plan
    assert [point.texts for point in curve.points] == [1, 2, 3, 5]
    for point in curve.points:
        coverage = Coverage(kite)
        for item in plan[: point.texts]:
            coverage.add(item)
        assert point.covered == {unit: (coverage.covered(unit), coverage.covered(unit, 2)) for unit in UNITS}


def test_a_plan_that_is_left_early_is_counted_as_far_as_it_was_taken(kite: Graph) -> None:
    curve = Curve(Coverage(kite))
    passing = curve.through(sampler("edges").sample(kite, np.random.default_rng(2)))
    for _ in range(4):
        next(passing)
    passing.close()  # type: ignore[attr-defined]
    assert curve.points[-1].texts == 4


def test_a_plan_of_nothing_has_one_point(kite: Graph) -> None:
    assert [point.texts for point in Curve(Coverage(kite)).finish()] == [0]


@pytest.mark.parametrize(
    ("name", "unit"), [("edges", "entities"), ("triangles", "relations"), ("cover", "relations")]
)
def test_on_the_average_it_is_what_the_analysis_side_expects(make: Make, name: str, unit: str) -> None:
    ours = nx.powerlaw_cluster_graph(60, 4, 0.6, seed=2)
    graph = make([(f"v{a}", f"v{b}") for a, b in ours.edges])
    outlook = expected(graph, sampler(name), unit=unit, rng=np.random.default_rng(0))  # type: ignore[arg-type]
    found: dict[int, list[int]] = {}
    for seed in range(60):
        curve = Curve(Coverage(graph))
        for _ in curve.through(sampler(name).sample(graph, np.random.default_rng([1, seed]))):
            pass
        for point in curve.points:
            found.setdefault(point.texts, []).append(point.covered[unit][0])  # type: ignore[index]
    total = Coverage(graph).total(unit)  # type: ignore[arg-type]
    for texts, counts in found.items():
        if len(counts) == 60:
            spread = np.std(counts) / np.sqrt(60) + np.std(counts) / np.sqrt(8) * (name == "cover")
            assert abs(np.mean(counts) - float(outlook.share(texts)) * total) <= 4.5 * spread + 0.5


def test_times_must_be_one_or_more(kite: Graph) -> None:
    with pytest.raises(ValueError, match="times must be 1 or more, not 0"):
        Curve(Coverage(kite), times=0)
