"""Draws in proportion to weights: without replacement in an order that is found as far as it is asked for."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kg.graph import Floats

Rows = NDArray[np.int64]
FIRST = 1 << 12


def check_weights(weights: Floats, what: str = "weights") -> Floats:
    """The weights as float64. Raises ValueError where one is negative or not a finite number."""
    found = np.asarray(weights, dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(found) & (found >= 0)))
    if len(wrong):
        raise ValueError(
            f"{what} must be finite and not negative, but {len(wrong)} are not, the first is "
            f"{float(found[wrong[0]])!r}. Correct them, or sample without weights"
        )
    return found


def weighted_blocks(weights: Floats, rng: np.random.Generator, first: int = FIRST) -> Iterator[Rows]:
    """Row numbers in the order of draws without replacement, each in proportion to its weight; in pieces.

    Row i gets the key E_i / w_i with E_i exponential; ascending keys are such draws (Efraimidis and
    Spirakis 2006, doi:10.1016/j.ipl.2005.11.003). Rows of weight 0 come last, in random order. The keys
    are drawn at once, O(n); their order is found piece by piece, `first` rows and then three times as many
    as there were before, so the first m of n rows cost O(n log(m / first) + m log m). The order is the
    same whatever `first` is.
    """
    weights = check_weights(weights)
    keys = rng.exponential(size=len(weights))
    rows = np.flatnonzero(weights)
    last = np.flatnonzero(weights == 0)
    last = last[np.argsort(keys[last], kind="stable")]
    if len(last):
        keys = keys[rows] / weights[rows]
    else:
        keys /= weights
    size = max(1, first)
    while size < len(keys):
        limit = np.partition(keys, size - 1)[size - 1]
        near = np.flatnonzero(keys <= limit)
        yield rows[near[np.argsort(keys[near], kind="stable")]]
        far = np.flatnonzero(keys > limit)
        rows, keys = rows[far], keys[far]
        size *= 3
    if len(keys):
        yield rows[np.argsort(keys, kind="stable")]
    if len(last):
        yield last


def draws(weights: Floats | None, count: int, rng: np.random.Generator, size: int = 4096) -> Iterator[Rows]:
    """Row numbers 0..count-1 drawn with replacement, for ever, in pieces; without weights all alike.

    Raises ValueError for weights that are negative, not finite, or all zero.
    """
    if weights is None:
        while count:
            yield rng.integers(count, size=size)
        return
    ends = np.cumsum(check_weights(weights))
    if count and not ends[-1] > 0:
        raise ValueError("nothing can be drawn: all weights are 0. Sample without weights")
    while count:
        found = ends.searchsorted(rng.random(size) * ends[-1], side="right")
        yield np.minimum(found, count - 1)
