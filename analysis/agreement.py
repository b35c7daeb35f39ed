"""How far judgements agree: with one another, and beyond what chance would bring.

Cohen's kappa compares how often two raters say the same with how often they would if each kept to its own
frequencies and rolled dice. On a scale, being two steps apart is worse than being one apart: with quadratic
weights kappa is the part of the variance that both share.

Sources: Cohen, Educational and Psychological Measurement 20 (1960), doi:10.1177/001316446002000104; weighted:
Cohen, Psychological Bulletin 70 (1968), doi:10.1037/h0026256; interval of a share: Wilson, Journal of the
American Statistical Association 22 (1927).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Weights = Literal["none", "quadratic"]
LIKELY = 1.959963984540054
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Between:
    """A figure with the bounds that hold it 95 times in 100; NaN where nothing can be said."""

    value: float
    low: float
    high: float


def kappa(one: Sequence[int], other: Sequence[int], *, weights: Weights = "none") -> float:
    """Cohen's kappa of two raters on the same items, at most 1; 0 is what chance would bring.

    NaN for no item, and where both always say the same one thing: chance alone would agree as well. Raises
    ValueError for ratings of different length.

    >>> kappa([1, 1, 0, 0], [1, 0, 0, 0])
    0.5
    """
    if len(one) != len(other):
        raise ValueError(f"two raters must rate the same items, saw {len(one)} and {len(other)} ratings")
    if not len(one):
        return math.nan
    values, codes = np.unique(np.concatenate((one, other)), return_inverse=True)
    first, second = codes[: len(one)], codes[len(one) :]
    seen = np.zeros((len(values), len(values)))
    np.add.at(seen, (first, second), 1 / len(one))
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0))
    apart = _apart(values.astype(np.float64), weights)
    expected = float((apart * by_chance).sum())
    return 1 - float((apart * seen).sum()) / expected if expected else math.nan


def mean_kappa(ratings: Sequence[Sequence[int]], *, weights: Weights = "none") -> float:
    """The mean kappa of all pairs of raters; `ratings` has a row for each item and a column for each rater.

    Raters whose kappa is not defined are left out; NaN where none is.
    """
    columns = list(zip(*ratings, strict=True))
    found = [kappa(a, b, weights=weights) for a, b in combinations(columns, 2)]
    defined = [value for value in found if not math.isnan(value)]
    return sum(defined) / len(defined) if defined else math.nan


def bootstrapped(
    rows: Sequence[Sequence[float]],
    figure: Callable[[NDArray[np.float64]], float],
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Between:
    """A figure of some rows, with the 2.5 and 97.5 percentiles of it over as many rows drawn with replacement.

    Bounds are NaN for fewer than two rows.
    """
    data = np.asarray(rows, dtype=np.float64)
    value = figure(data) if len(data) else math.nan
    if len(data) < 2:
        return Between(value, math.nan, math.nan)
    found = np.array([figure(data[rng.integers(len(data), size=len(data))]) for _ in range(draws)])
    found = found[~np.isnan(found)]
    if not len(found):
        return Between(value, math.nan, math.nan)
    low, high = np.percentile(found, [2.5, 97.5])
    return Between(value, float(low), float(high))


def share(count: float, total: int) -> Between:
    """A share with Wilson's interval; ties may count half.

    >>> found = share(8, 10)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.8, 0.49, 0.943)
    """
    if not total:
        return Between(math.nan, math.nan, math.nan)
    p, z = count / total, LIKELY
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return Between(p, max(0.0, middle - half), min(1.0, middle + half))


def _apart(values: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
    """How bad it is that one says this and the other says that."""
    distance = values[:, None] - values[None, :]
    apart: NDArray[np.float64] = distance**2 if weights == "quadratic" else (distance != 0).astype(np.float64)
    return apart
