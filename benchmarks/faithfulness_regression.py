"""Logistic regressions on labelled sentences, a probe of hidden states among them, for `benchmarks/faithfulness_fit.py`.

The probe is a logistic regression on the states, a ridge penalty on its weights, the mean state of each language
taken away. The length of a sentence goes into the fit beside them and is left out of the probe: true sentences of
such sets tend to be longer than false ones, which says nothing of the texts that a model writes.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.faithfulness import Labelled
from synthesis.checks.claims import probe as claims_probe

L2 = 0.5
PROBE_L2 = 0.5
"""The penalty on the weights of a probe, on states whose first principal component has variance 1."""
NUISANCE = 10.0
"""How much less than a state the length of a sentence is held back by the penalty."""
FOLDS = 8
Numbers = NDArray[np.float64]


# ---- logistic regression -----------------------------------------------------------------------------


def fitted(x: Numbers, y: Numbers, penalty: float = L2) -> Numbers:
    """Bias and weights of a logistic regression with a penalty on the weights; Newton's method."""
    x = np.column_stack([np.ones(len(x)), x])
    penalties = np.diag([1e-6] + [penalty] * (x.shape[1] - 1))
    weights = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ weights))
        step = np.linalg.solve(
            (x * (p * (1 - p))[:, None]).T @ x + penalties, x.T @ (p - y) + penalties @ weights
        )
        weights -= step
        if np.abs(step).max() < 1e-10:
            break
    return weights


def left_out(x: Numbers, y: Numbers, contexts: Sequence[str]) -> Numbers:
    """Probability for each sentence by weights that were fitted without any sentence of its context.

    Sentences without a sign all have the same, by weights of all: they would differ in nothing but the contexts left
    out, and a threshold among them would be chance.
    """
    scores = np.zeros(len(y))
    for context in sorted(set(contexts)):
        out = np.array([one == context for one in contexts])
        weights = fitted(x[~out], y[~out])
        scores[out] = 1 / (1 + np.exp(-(weights[0] + x[out] @ weights[1:])))
    scores[~x.any(axis=1)] = 1 / (1 + np.exp(-fitted(x, y)[0]))
    return scores


def threshold(scores: Numbers, y: Numbers, aim: float) -> tuple[float, float, float]:
    """The threshold of most recall whose precision is at least `aim`; its recall and precision."""
    order = np.argsort(-scores, kind="stable")
    ranked, caught = scores[order], np.cumsum(y[order])
    best = (1.0, 0.0, 0.0)
    for place in range(len(y) - 1):
        precision, recall = caught[place] / (place + 1), caught[place] / y.sum()
        if ranked[place] > ranked[place + 1] and precision >= aim and recall > best[1]:
            best = (float(ranked[place] + ranked[place + 1]) / 2, float(recall), float(precision))
    return best


def parted(scores: Numbers, y: Numbers) -> float:
    """Share of the pairs of a false and a true sentence of which the false one has the higher score (AUC)."""
    false, true = scores[y == 1][:, None], scores[y == 0][None]
    return float(((false > true) + 0.5 * (false == true)).mean())


# ---- a probe -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Direction:
    """Weights on a hidden state, and a bias by language."""

    weights: Numbers
    bias: dict[str, float]

    def doubts(self, states: Numbers, languages: Sequence[str]) -> Numbers:
        """Log-odds that each sentence is false, -8 to 8."""
        found = states @ self.weights + np.array([self.bias[one] for one in languages])
        return np.asarray(np.clip(found, -claims_probe.SURE, claims_probe.SURE))


def direction(states: Numbers, y: Numbers, languages: Sequence[str], lengths: Numbers) -> Direction:
    """The probe of these states; shape (sentences, width). `lengths` are in characters."""
    spoken = np.array(languages)
    x, long = states.copy(), np.zeros((len(y), len(set(languages))))
    means: dict[str, Numbers] = {}
    for column, language in enumerate(sorted(set(languages))):
        those = spoken == language
        means[language] = states[those].mean(axis=0)
        x[those] -= means[language]
        logs = np.log(lengths[those])
        long[those, column] = NUISANCE * (logs - logs.mean()) / logs.std()
    _, sizes, axes = np.linalg.svd(x, full_matrices=False)
    axes *= np.sqrt(len(y)) / sizes[0]
    bias, *rest = fitted(np.column_stack([x @ axes.T, long]), y, PROBE_L2)
    weights = np.array(rest[: len(axes)]) @ axes
    return Direction(weights, {one: float(bias - weights @ mean) for one, mean in means.items()})


def unseen(states: Numbers, y: Numbers, labelled: Sequence[Labelled]) -> Numbers:
    """The doubt about each sentence by a probe that was fitted without its context and others, an eighth of all."""
    contexts = sorted({one.row.context for one in labelled})
    languages = [one.row.spoken for one in labelled]
    lengths = np.array([float(len(one.row.text)) for one in labelled])
    doubts = np.zeros(len(y))
    for fold in range(FOLDS):
        mine = set(contexts[fold::FOLDS])
        out = np.array([one.row.context in mine for one in labelled])
        kept = np.flatnonzero(~out)
        found = direction(states[kept], y[kept], [languages[at] for at in kept], lengths[kept])
        doubts[out] = found.doubts(states[out], [languages[at] for at in np.flatnonzero(out)])
    return doubts
