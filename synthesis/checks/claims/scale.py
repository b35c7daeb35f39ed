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
MIXED = 0.3
"""Share of its claims that is taken to be false in a text that is not faithful."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One logistic scale. What it has a weight for and is not given counts as 0. `share` is that of the false ones among
    the sentences that it was fitted on."""

    bias: float
    weights: Mapping[str, float]
    threshold: float
    share: float = 0.5

    def false(self, signs: Mapping[str, float]) -> float:
        """Probability, 0 to 1, that a claim with these signs is not entailed."""
        total = self.bias + sum(weight * signs.get(name, 0.0) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-total))

    def against(self, false: float) -> float:
        """How a claim of this probability speaks against its text: the log of how much likelier such a claim is in a
        text of whose claims `MIXED` are false than in one without a false claim.
        """
        odds = false / max(1.0 - false, 1e-9) * (1.0 - self.share) / self.share
        return math.log(1.0 - MIXED + MIXED * odds)

    @property
    def limit(self) -> float:
        """What the claims of a text may say against it in all: as much as a single claim that just fails.

        So a text of one claim is judged by the threshold, and a longer one neither falls for its length nor is saved
        by it.

        >>> scale = Scale(0.0, {}, 0.7, 0.5)
        >>> [sum(map(scale.against, claims)) >= scale.limit for claims in ([0.7], [0.8, 0.1, 0.1, 0.1], [0.6] * 4)]
        [True, False, True]
        """
        return self.against(self.threshold)


@cache
def scales() -> dict[str, Scale]:
    """The scales by name.

    `rule`: signs alone. `state`: signs and a doubt read from a judge's hidden state. `judge`: signs and a judge's
    doubts by log-probabilities. `word`: signs and a judge that gives none. `state_alone`, `judge_alone` and
    `word_alone`: where the signs are not known, as for other languages.
    """
    found = json.loads(resources.files("synthesis.checks.claims").joinpath(FILE).read_text("utf-8"))
    return {
        name: Scale(one["bias"], one["weights"], one["threshold"], one["share"])
        for name, one in found["scales"].items()
    }
