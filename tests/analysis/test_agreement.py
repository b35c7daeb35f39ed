"""Kappa against its definition and worked examples, intervals against exact ones."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from analysis.agreement import bootstrapped, kappa, mean_kappa, share


def by_definition(one: Sequence[int], other: Sequence[int], *, square: bool) -> float:
    """1 - seen disagreement / disagreement by chance, term by term."""

    def apart(a: int, b: int) -> float:
        return float((a - b) ** 2) if square else float(a != b)

    n = len(one)
    seen = sum(apart(a, b) for a, b in zip(one, other, strict=True)) / n
    first, second = Counter(one), Counter(other)
    chance = sum(apart(a, b) * first[a] * second[b] for a, b in product(first, second)) / n**2
    return 1 - seen / chance if chance else math.nan


def test_a_worked_example() -> None:
    """Two readers of 50 proposals, 20 yes and 15 no by both, 5 and 10 apart: 0.7 seen, 0.5 by chance."""
    one = [1] * 20 + [1] * 5 + [0] * 10 + [0] * 15
    other = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert kappa(one, other) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=40), st.booleans())
def test_it_is_its_definition(pairs: list[tuple[int, int]], square: bool) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    found = kappa(one, other, weights="quadratic" if square else "none")
    assert found == pytest.approx(by_definition(one, other, square=square), nan_ok=True)
    assert found == pytest.approx(kappa(other, one, weights="quadratic" if square else "none"), nan_ok=True)
    assert math.isnan(found) or found <= 1 + 1e-12


def test_those_who_always_agree_have_one_and_those_who_cannot_differ_have_none() -> None:
    assert kappa([1, 2, 3], [1, 2, 3]) == 1
    assert kappa([1, 2, 3], [1, 2, 3], weights="quadratic") == 1
    assert math.isnan(kappa([2, 2], [2, 2]))
    assert math.isnan(kappa([], []))
    with pytest.raises(ValueError, match="saw 1 and 2 ratings"):
        kappa([1], [1, 2])


def test_near_misses_count_for_less_on_a_scale() -> None:
    one, near, far = [1, 2, 3, 4, 5] * 4, [2, 2, 3, 4, 4] * 4, [5, 2, 3, 4, 1] * 4
    assert kappa(one, near) == pytest.approx(kappa(one, far), abs=0.06)
    assert kappa(one, near, weights="quadratic") > 0.8
    assert kappa(one, far, weights="quadratic") < 0


def test_independent_raters_have_none() -> None:
    rng = np.random.default_rng(1)
    assert abs(kappa(rng.integers(1, 6, 20_000).tolist(), rng.integers(1, 6, 20_000).tolist())) < 0.02


def test_several_raters_have_the_mean_of_their_pairs() -> None:
    rows = [(1, 1, 2), (2, 2, 1), (1, 1, 1), (2, 1, 2)]
    pairs = [kappa([r[i] for r in rows], [r[j] for r in rows]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert mean_kappa(rows) == pytest.approx(sum(pairs) / 3)
    assert math.isnan(mean_kappa([(1,), (2,)]))


@pytest.mark.parametrize(("count", "total"), [(0, 5), (5, 5), (3, 10), (50, 80)])
def test_the_interval_of_a_share_is_the_one_of_the_literature(count: int, total: int) -> None:
    exact = binomtest(count, total).proportion_ci(method="wilson")
    found = share(count, total)
    assert (found.value, found.low, found.high) == pytest.approx(
        (count / total, exact.low, exact.high), abs=1e-9
    )


def test_without_anything_there_is_no_figure() -> None:
    assert math.isnan(share(0, 0).value)
    rng = np.random.default_rng(0)
    assert math.isnan(bootstrapped([], lambda rows: float(rows.mean()), rng=rng).value)
    one = bootstrapped([[3.0]], lambda rows: float(rows.mean()), rng=rng)
    assert (one.value, math.isnan(one.low)) == (3.0, True)


def test_bounds_by_resampling_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(100):
        rows = rng.normal(2.0, 1.0, (40, 1)).tolist()
        found = bootstrapped(rows, lambda data: float(data.mean()), rng=rng, draws=200)
        held += found.low <= 2.0 <= found.high
    assert 85 <= held <= 100
