"""Fit a rising curve to measured points (accuracy over tokens, coverage over texts) and say what it knows.

    found = fit(tokens, accuracy, ceiling=100, at=[2e9], rng=np.random.default_rng(0))
    found.best, found.models["three_terms"].params, found.at[0].says

Models by name in `FIT_MODELS`; the best has the lowest AIC of those that leave at least two points over
(one that passes through every point explains nothing). Every answer has an interval and a plain word
on whether the points identify it: an extrapolation usually is not.

Source: Yang et al. 2024, arXiv 2409.07431, the appendix on curve fitting. Departures: several models
instead of three terms alone, intervals, a ceiling. No points were published: `scaling.published_points`
makes them up from the published coefficients.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.intervals import allowed, bootstrap, value_at
from analysis.scaling import RIDGE, Curve, Floats, Mixture, Points, few_terms, log_line, mixture
from kg.suggest import unknown

IDENTIFIED, BOUNDED = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class FitModel:
    """A way to fit points: how many it needs, and whether it can take x = 0."""

    parameters: int
    takes_zero: bool
    estimate: Callable[[Points, float], Curve]
    again: Callable[[Points, float, Curve], Curve]
    """The fit of points that differ from those of a fit already found by noise alone."""


def _terms(terms: int) -> FitModel:
    def again(points: Points, ridge: float, near: Curve) -> Curve:
        return few_terms(points, terms, near if isinstance(near, Mixture) else None)

    return FitModel(2 * terms + 1, True, lambda points, ridge: few_terms(points, terms), again)


FIT_MODELS: dict[str, FitModel] = {
    "mixture": FitModel(
        4,
        True,
        lambda points, ridge: mixture(points, ridge=ridge),
        lambda points, ridge, near: mixture(points, ridge=ridge),
    ),
    "three_terms": _terms(3),
    "two_terms": _terms(2),
    "one_term": _terms(1),
    "log_linear": FitModel(
        2, False, lambda points, ridge: log_line(points), lambda points, ridge, near: log_line(points)
    ),
}


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """One model's fit. `interval` is the bootstrap's, for its plateau; None where it has none.

    `aic` is n log(RSS / n) + 2 k, where k is the effective number of parameters.
    """

    curve: Curve
    rmse: float
    aic: float
    points: int
    interval: tuple[float, float] | None

    @property
    def params(self) -> dict[str, float]:
        """The numbers of the model's formula, by name."""
        return self.curve.params


@dataclass(frozen=True, slots=True)
class Answer:
    """The best model's value at x (infinity is the plateau), its interval, and what the points know of it."""

    x: float
    y: float
    low: float
    high: float
    identified: bool
    says: str


@dataclass(frozen=True, eq=False, slots=True)
class FitReport:
    """All models fitted to the same points, the best, what it answers, and what was left out and why."""

    best: str
    models: dict[str, Fit]
    at: tuple[Answer, ...]
    plateau: Answer | None
    left_out: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The keys `fit --json` promises; infinite numbers become null."""
        return {
            "best": self.best,
            "models": {
                name: {
                    "params": {key: _finite(value) for key, value in found.params.items()},
                    "rmse": found.rmse,
                    "aic": _finite(found.aic),
                    "points": found.points,
                    "interval": None if found.interval is None else [_finite(end) for end in found.interval],
                }
                for name, found in self.models.items()
            },
            "at": [_answer(answer) for answer in self.at],
            "plateau": None if self.plateau is None else _answer(self.plateau),
            "left_out": self.left_out,
        }


def fit(
    x: ArrayLike,
    y: ArrayLike,
    *,
    rng: np.random.Generator,
    at: Sequence[float] = (),
    weights: ArrayLike | None = None,
    models: Sequence[str] | None = None,
    ceiling: float | None = None,
    noise: float | None = None,
    level: float = 0.9,
    resamples: int = 200,
    ridge: float = RIDGE,
) -> FitReport:
    """Fit every model to points (x ascending, x and y not negative), and answer at each x of `at`.

    `weights` are inverse variances up to a factor; `noise` is the standard deviation of a point of mean
    weight, where it is known; `ceiling` is the most that y can be (100 for a percentage).
    The interval at x spans every mixture of exponentials that the points allow and the best model's own
    bootstrap. Models with more parameters than points are left out, unless asked for by name.
    Raises ValueError for points that are no curve, before any work.
    """
    points = check_points(x, y, weights=weights, ceiling=ceiling)
    places = np.asarray(at, dtype=np.float64).reshape(-1)
    _check_options(places, level, resamples, ridge, noise)
    fitted, left_out = _fit_all(points, models, ridge)
    best = _best(points, fitted)
    found = {}
    beyond = np.append(places, math.inf)
    own = np.zeros((2, len(beyond)))
    for name, curve in fitted.items():
        model = FIT_MODELS[name]
        band = bootstrap(
            points,
            curve,
            lambda drawn, model=model, curve=curve: model.again(drawn, ridge, curve),  # type: ignore[misc]
            beyond,
            level=level,
            resamples=resamples,
            noise=noise,
            rng=rng,
        )
        own = band if name == best else own
        interval = None if curve.plateau is None else (float(band[0, -1]), float(band[1, -1]))
        rmse = math.sqrt(points.residual(curve) / len(points))
        found[name] = Fit(curve, rmse, _aic(points, curve), len(points), interval)
    wide = allowed(points, beyond, level=level, noise=noise)
    heights = value_at(fitted[best], beyond)
    low = np.fmin(np.fmin(wide[0], own[0]), heights)
    high = np.fmax(np.fmax(wide[1], own[1]), heights)
    answers = tuple(
        _worded(points, float(place), float(height), float(bottom), float(top), level)
        for place, height, bottom, top in zip(beyond, heights, low, high, strict=True)
    )
    plateau = None if fitted[best].plateau is None else answers[-1]
    return FitReport(best, found, answers[:-1], plateau, left_out)


def check_points(
    x: ArrayLike, y: ArrayLike, *, weights: ArrayLike | None = None, ceiling: float | None = None
) -> Points:
    """The points as arrays. Raises ValueError where they are too few, not numbers, negative or unordered."""
    xs, ys = (np.asarray(values, dtype=np.float64).reshape(-1) for values in (x, y))
    ws = np.ones(len(xs)) if weights is None else np.asarray(weights, dtype=np.float64).reshape(-1)
    if not len(xs) == len(ys) == len(ws):
        raise ValueError(f"as many x as y and weights are needed, saw {len(xs)}, {len(ys)} and {len(ws)}")
    for name, values in (("x", xs), ("y", ys), ("a weight", ws)):
        wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
        if wrong.size:
            least = "positive" if values is ws else "0 or more"
            raise ValueError(
                f"{name} must be {least} and finite, saw {float(values[wrong[0]])!r} at point {wrong[0] + 1}"
            )
    if len(xs) < 2:
        raise ValueError(f"a curve needs at least 2 points, saw {len(xs)}; 8 or more tell three terms apart")
    steps = np.flatnonzero(np.diff(xs) <= 0)
    if steps.size:
        raise ValueError(
            f"x must increase from point to point, saw {float(xs[steps[0]])!r} and then "
            f"{float(xs[steps[0] + 1])!r} at point {steps[0] + 2}. Sort the points; average those at the same x and give them weights"
        )
    if not (ws > 0).all():
        zero = int(np.flatnonzero(ws == 0)[0]) + 1
        raise ValueError(
            f"a weight must be positive and finite, saw 0.0 at point {zero}. Leave that point out"
        )
    if ceiling is not None and not (math.isfinite(ceiling) and ceiling > 0 and ceiling >= ys.max()):
        raise ValueError(
            f"the ceiling must be finite and above every y, saw {ceiling!r} and y={float(ys.max())!r}"
        )
    return Points(xs, ys, ws / ws.mean(), ceiling)


def _fit_all(
    points: Points, names: Sequence[str] | None, ridge: float
) -> tuple[dict[str, Curve], dict[str, str]]:
    """The curve of every model that the points suffice for, and why the others are left out."""
    fitted: dict[str, Curve] = {}
    left_out: dict[str, str] = {}
    for name in FIT_MODELS if names is None else names:
        if name not in FIT_MODELS:
            raise ValueError(unknown("model", name, FIT_MODELS))
        model, reason = FIT_MODELS[name], ""
        if len(points) < model.parameters:
            reason = f"{name} has {model.parameters} parameters, saw {len(points)} points"
        elif points.x[0] == 0 and not model.takes_zero:
            reason = f"{name} needs x above 0, saw x=0.0; leave that point out to compare it"
        if reason and names is not None:
            raise ValueError(
                f"{reason}. Give more points or a model with fewer parameters" if "has" in reason else reason
            )
        if reason:
            left_out[name] = reason
        else:
            fitted[name] = model.estimate(points, ridge)
    if not fitted:
        raise ValueError(f"no model can be fitted to {len(points)} points: {'; '.join(left_out.values())}")
    return fitted, left_out


def _check_options(places: Floats, level: float, resamples: int, ridge: float, noise: float | None) -> None:
    if not (np.isfinite(places) & (places >= 0)).all():
        raise ValueError(f"answers are given at finite x of 0 or more, saw {places.tolist()!r}")
    if not 0 < level < 1:
        raise ValueError(f"the level of an interval lies between 0 and 1, saw {level!r}")
    if resamples < 20:
        raise ValueError(f"an interval needs at least 20 resamples, saw {resamples!r}")
    if not (math.isfinite(ridge) and ridge >= 0):
        raise ValueError(f"the ridge must be 0 or more, saw {ridge!r}")
    if noise is not None and not (math.isfinite(noise) and noise > 0):
        raise ValueError(f"the noise of a point must be positive, saw {noise!r}")


def _best(points: Points, fitted: dict[str, Curve]) -> str:
    """The model of the lowest AIC among those that leave two points over, else the one least free."""
    sparing = [name for name, curve in fitted.items() if len(points) - curve.freedom >= 2]
    if sparing:
        return min(sparing, key=lambda name: _aic(points, fitted[name]))
    return min(fitted, key=lambda name: fitted[name].freedom)


def _aic(points: Points, curve: Curve) -> float:
    """Akaike's criterion; a perfect fit counts as one with rounding errors only."""
    rounding = (1e-12 * (float(points.y.max()) or 1.0)) ** 2
    return len(points) * math.log(max(points.residual(curve) / len(points), rounding)) + 2 * curve.freedom


def _worded(points: Points, x: float, y: float, low: float, high: float, level: float) -> Answer:
    """An answer with the sentence that goes with it."""
    rise = float(np.ptp(points.y) or points.y.max() or 1.0)
    share = (high - low) / rise
    what = "the plateau" if math.isinf(x) else f"the value at x={x:g}"
    span = f"{low:.4g} to {high:.4g} fits them ({level:.0%})"
    end = points.ceiling is not None and high >= points.ceiling * (1 - 1e-9)
    if math.isnan(share) or high - low >= (points.ceiling or math.inf):
        says = (
            f"the points are too few to tell how noisy they are, and so do not identify {what}; give the standard "
            "deviation of each, in a column sd"
        )
    elif share <= IDENTIFIED:
        says = f"the points identify {what}: {span}"
    elif share <= BOUNDED and not end:
        says = f"the points bound {what} loosely: {span}"
    else:
        says = f"the points do not identify {what}: {span}{', up to the ceiling' if end else ''}"
    if x > points.x[-1]:
        says += f"; it lies beyond the last point, x={points.x[-1]:g}, where no point can check it"
    return Answer(x, y, low, high, share <= IDENTIFIED, says)


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "x": _finite(answer.x),
        "y": answer.y,
        "low": _finite(answer.low),
        "high": _finite(answer.high),
        "identified": answer.identified,
        "says": answer.says,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
