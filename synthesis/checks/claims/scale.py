"""How signs and a judge's doubt add up to the probability that a claim is not entailed.

A logistic scale: each sign has a weight, and a claim fails above a threshold. Both were fitted by
`benchmarks/faithfulness_fit.py` on the labelled sentences named in `scale.json`, and on no others.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

FILE = "scale.json"


@dataclass(frozen=True, slots=True)
class Scale:
    """One logistic scale. What it has a weight for and is not given counts as 0."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def false(self, signs: Mapping[str, float]) -> float:
        """Probability, 0 to 1, that a claim with these signs is not entailed."""
        total = self.bias + sum(weight * signs.get(name, 0.0) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-total))

    def limit(self, claims: int) -> float:
        """The probability at which a claim fails in a text of so many claims: its odds are so many times those of
        `threshold`, so that long texts do not fall for their length.

        >>> Scale(0.0, {}, 0.6).limit(1), round(Scale(0.0, {}, 0.6).limit(8), 3)
        (0.6, 0.923)
        """
        if claims <= 1 or self.threshold >= 1.0:
            return self.threshold
        odds = claims * self.threshold / (1.0 - self.threshold)
        return odds / (1.0 + odds)


@cache
def scales() -> dict[str, Scale]:
    """The scales by name.

    `rule`: signs alone. `state`: signs and a doubt read from a judge's hidden state. `judge`: signs and a judge's
    doubts by log-probabilities. `word`: signs and a judge that gives none. `state_alone`, `judge_alone` and
    `word_alone`: where the signs are not known, as for other languages.
    """
    found = json.loads(resources.files("synthesis.checks.claims").joinpath(FILE).read_text("utf-8"))
    return {
        name: Scale(one["bias"], one["weights"], one["threshold"]) for name, one in found["scales"].items()
    }
