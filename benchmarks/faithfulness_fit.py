"""Fit what tells true claims from false ones, on labelled sentences: `benchmarks/faithfulness_fit.py FILE...`.

Writes `synthesis/checks/claims/scale.json`, logistic weights of signs and doubts, and for a model whose last hidden
state can be had (a local one) its probe in `probe.json`. Thresholds come from scores of sentences whose context
was left out of the fit. A set that is held out is never given to it.

    python benchmarks/faithfulness_fit.py FILE... --rule-only          the scale without a judge
    python benchmarks/faithfulness_fit.py FILE... --model local        that, and the probe and scales of a judge
    python benchmarks/faithfulness_fit.py FILE... --across             print the rule on each FILE, fitted on the others

The probe is a logistic regression on the states, a ridge penalty on its weights, the mean state of each language
taken away. The length of a sentence goes into the fit beside them and is left out of the probe: true sentences of
such sets tend to be longer than false ones, which says nothing of the texts that a model writes.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lm
from benchmarks.faithfulness import Labelled, Score, arguments, digest, judging, read, score
from entigraph.checking import questions
from lm.base import packed
from lm.local import Local
from synthesis.checks.claims import claims_of
from synthesis.checks.claims import probe as claims_probe
from synthesis.checks.claims import scale as claims_scale
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.judge import DOUBT_STATE, DOUBTS, heard, state_asked
from synthesis.checks.claims.signs import SIGNS, signs

ROOT = Path(__file__).resolve().parent.parent
ROOM = ROOT / "synthesis" / "checks" / "claims"
AIMED = {"rule": 0.975, "state": 0.89, "judge": 0.89, "word": 0.89}
"""Precision that a threshold has on the sentences it is chosen on, each by weights that have not seen its context.

That of the rule is high because its signs were mended by reading these sentences: new ones bring more alarms.
"""
ALONE = (
    "strange_name",
    "taken_place",
    "unreckoned",
    "other_count",
    "other_name",
    "other_kind",
    "other_complement",
    "denied",
    "swapped",
    "new_relative",
    "other_time",
)
"""Signs of the rule: each names what is wrong. A share of new words is none of them: a true claim in quite other words
has as many, seen on sets that were not among those of the fit."""
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


# ---- fitting -----------------------------------------------------------------------------------------


def claims_and_evidence(labelled: Sequence[Labelled]) -> tuple[list[str], list[Evidence]]:
    """What is held against what, sentence by sentence."""
    claims = [claims_of(one.row.text, one.row.spoken)[0].shown for one in labelled]
    return claims, [Evidence(one.row.context, one.row.spoken) for one in labelled]


def signs_of(claims: Sequence[str], evidence: Sequence[Evidence]) -> Numbers:
    """The signs of every sentence, in the order of `SIGNS`; shape (sentences, signs)."""
    seen = [signs(claim, held) for claim, held in zip(claims, evidence, strict=True)]
    return np.array([[found.values[name] for name in SIGNS] for found in seen])


def alone(signed: Numbers) -> Numbers:
    """The columns of the rule."""
    return signed[:, [list(SIGNS).index(name) for name in ALONE]]


class Fit:
    """The labelled sentences of some files, and what is fitted on them and written down."""

    def __init__(self, files: Sequence[Path]) -> None:
        sets = {file: read(file) for file in files}
        self.labelled = [one for labelled in sets.values() for one in labelled]
        self.y = np.array([float(one.false) for one in self.labelled])
        self.contexts = [one.row.context for one in self.labelled]
        self.claims, self.evidence = claims_and_evidence(self.labelled)
        self.signed = signs_of(self.claims, self.evidence)
        self.on = {file.resolve().relative_to(ROOT).as_posix(): digest(sets[file]) for file in files}

    def rule(self) -> None:
        """The scale without a judge."""
        self.scale("rule", ALONE, alone(self.signed))

    def state(self, states: Numbers, model: str) -> None:
        """The probe of a model and the scales that weigh it."""
        doubts = unseen(states, self.y, self.labelled)
        print(f"doubts of the probe: AUC {parted(doubts, self.y):.3f} (contexts left out)")
        languages = [one.row.spoken for one in self.labelled]
        lengths = np.array([float(len(one.row.text)) for one in self.labelled])
        found = direction(states, self.y, languages, lengths)
        largest = float(np.abs(found.weights).max())
        kept = {
            "bias": {one: round(bias, 4) for one, bias in found.bias.items()},
            "scale": round(largest, 4),
            "weights": packed([float(weight / largest) for weight in found.weights]),
            "fitted_on": self.on,
        }
        _write(claims_probe.FILE, "probes", model, kept)
        both = np.column_stack([self.signed, doubts])
        self.scale("state", (*SIGNS, DOUBT_STATE), both, judge=model)
        self.scale("state_alone", (DOUBT_STATE,), doubts[:, None], judge=model)

    def answers(self, doubts: Numbers, model: str) -> None:
        """The scales of judges that are asked `QUESTIONS`; shape (sentences, questions)."""
        for way, found in (("judge", doubts), ("word", np.sign(doubts))):
            self.scale(way, (*SIGNS, *DOUBTS), np.hstack([self.signed, found]), judge=model)
            self.scale(f"{way}_alone", DOUBTS, found, judge=model)

    def scale(self, way: str, columns: Sequence[str], x: Numbers, **more: str) -> None:
        """Fit one scale and write it down, with what `more` there is to say of it."""
        aim = AIMED[way.removesuffix("_alone")]
        limit, recall, precision = threshold(left_out(x, self.y, self.contexts), self.y, aim)
        bias, *weights = fitted(x, self.y)
        kept = {
            "bias": round(float(bias), 4),
            "weights": {name: round(float(w), 4) for name, w in zip(columns, weights, strict=True)},
            "threshold": round(limit, 4),
            "share": round(float(self.y.mean()), 4),
            "fitted_on": self.on,
            **more,
        }
        _write(claims_scale.FILE, "scales", way, kept)
        print(
            f"{way}: threshold {limit:.3f}: recall {recall:.2f} at precision {precision:.2f} (contexts left out)"
        )


def _write(name: str, shelf: str, key: str, one: dict[str, object]) -> None:
    place = ROOM / name
    found = json.loads(place.read_text("utf-8")) if place.exists() else {shelf: {}}
    found["made_by"] = "benchmarks/faithfulness_fit.py"
    found[shelf][key] = one
    place.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def ask(fit: Fit, session: lm.Session) -> None:
    """Put every sentence to a judge, for its hidden state where it can give one, and fit what it said."""
    model = session.model.name
    reads = isinstance(session.model, Local)
    asked = [
        [state_asked(claim, evidence, model)] if reads else questions(one.row, model)
        for one, claim, evidence in zip(fit.labelled, fit.claims, fit.evidence, strict=True)
    ]
    list(session.answers(lm.Job(request) for requests in asked for request in requests))
    said = [[session.journal.answer(request.key) for request in requests] for requests in asked]
    if missing := sum(None in one for one in said):
        raise SystemExit(f"{missing} sentences have no answer of {model}; nothing was written")
    if reads:
        states = [one.hidden_state for answers in said for one in answers if one is not None]
        fit.state(np.array(states), model)
        return
    heard_ = [heard(one, row.row.spoken) for one, row in zip(said, fit.labelled, strict=True)]
    doubts = [[one.doubts[name] for name in DOUBTS] for one in heard_ if one is not None]
    fit.answers(np.array(doubts), model)


def across(files: Sequence[Path]) -> None:
    """Print how the rule does on each file with a scale that was fitted on the others alone."""
    sets = [read(file) for file in files]
    whole = Score(0, 0, 0, 0)
    for place, (file, held) in enumerate(zip(files, sets, strict=True)):
        others = [one for number, rows in enumerate(sets) if number != place for one in rows]
        y = np.array([float(one.false) for one in others])
        x = alone(signs_of(*claims_and_evidence(others)))
        limit, _, _ = threshold(left_out(x, y, [one.row.context for one in others]), y, AIMED["rule"])
        bias, *weights = fitted(x, y)
        likely = 1 / (1 + np.exp(-(bias + alone(signs_of(*claims_and_evidence(held))) @ np.array(weights))))
        found = score(held, [False if one >= limit else None for one in likely])
        print(f"{file.name}: {found}")
        whole = Score(*(one + more for one, more in zip(astuple(whole), astuple(found), strict=True)))
    print(f"all: {whole}")


def main() -> int:
    parser = arguments(__doc__ or "")
    parser.add_argument(
        "--across", action="store_true", help="print the rule on each FILE, fitted on the others"
    )
    given = parser.parse_args()
    if given.across:
        across(given.files)
        return 0
    fit = Fit(given.files)
    fit.rule()
    if not given.rule_only:
        with judging(given) as session:
            ask(fit, session)
    return 0


if __name__ == "__main__":
    sys.exit(main())
