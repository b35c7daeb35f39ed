"""Texts, tokens and dollars of a plan, and between which amounts they lie."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.costs import Cost
from analysis.histograms import Floats


@dataclass(frozen=True, slots=True)
class Amount:
    """So many texts asked for, tokens in and out, dollars (None: the price is not known)."""

    texts: int
    tokens: int
    usd: float | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"texts": self.texts, "tokens": self.tokens, "usd": self.usd}


def amount_of(cost: Cost, counted: float) -> Amount:
    """What must be asked for so that so many texts come to count."""
    asked = math.ceil(cost.asked(counted) - 1e-9)
    return Amount(asked, round(asked * cost.tokens), _rounded(cost.usd(asked)))


def bound(cost: Cost, texts: Floats, weighed: Floats, tail: float) -> Amount | None:
    """The amounts that a share of `tail` of the drawn plans stays below; None where they do not end."""
    asked, tokens = (float(np.quantile(values, tail, method="higher")) for values in (texts, weighed))
    if not (math.isfinite(asked) and math.isfinite(tokens)):
        return None
    return Amount(
        math.ceil(asked - 1e-9), math.floor(tokens * cost.tokens + 1e-6), _rounded(cost.usd(tokens))
    )


def tails(level: float) -> list[float]:
    """The shares below which the two ends of an interval lie."""
    return [(1 - level) / 2, (1 + level) / 2]


def _rounded(usd: float | None) -> float | None:
    return None if usd is None else max(0.0, round(usd, 6))
