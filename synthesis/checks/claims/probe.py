"""Reading a judge's doubt from its last hidden state, where a linear probe of that model was fitted.

A small model that has read a passage and a statement says yes to nearly all; what it has in mind tells more. A
direction in that state is found by logistic regression on labelled sentences. The probe of a model is of no use for
another. How often it is right: docs/faithfulness.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import fsum
from operator import mul

from lm.base import unpacked

FILE = "probe.json"
SURE = 8.0
"""No doubt of a judge goes further, to either side."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A direction in the last hidden state of one model, and by language where on it doubt begins."""

    weights: tuple[float, ...]
    bias: Mapping[str, float]

    def doubt(self, state: tuple[float, ...], language: str) -> float | None:
        """Log-odds, -8 to 8, that a statement is not entailed; None for a state of another width or a language unknown.

        >>> Probe((1.0, -2.0), {"en": 0.5}).doubt((0.5, 0.25), "en")
        0.5
        """
        if len(state) != len(self.weights) or language not in self.bias:
            return None
        return min(max(self.bias[language] + fsum(map(mul, self.weights, state)), -SURE), SURE)


@cache
def probes() -> dict[str, Probe]:
    """The probes by the name of their model."""
    found = json.loads(resources.files("synthesis.checks.claims").joinpath(FILE).read_text("utf-8"))
    return {
        model: Probe(tuple(one["scale"] * weight for weight in unpacked(one["weights"])), one["bias"])
        for model, one in found["probes"].items()
    }


def probed(model: str, language: str) -> bool:
    """Whether there is a probe of this model for statements in this language."""
    return model in probes() and language in probes()[model].bias
