"""How far points leave a fitted curve open: bootstrap of one model, and all mixtures the points allow.

A bootstrap asks how one model's answer scatters. It cannot see the answers of models that were not tried,
so beyond the points it is too sure. `allowed` asks instead for the lowest and the highest value at x of
*any* mixture of exponentials that fits nearly as well as the best one (a profile likelihood; a convex
problem each). `python benchmarks/fits.py` measures how often either holds the truth.
"""

import math
from collections.abc import Callable

import numpy as np

from analysis.scaling import Curve, Floats, Points, design, mixture, slowest_to_fastest, solve, system

PROFILE_RIDGE = 1e-8
PIN = 1e3
HALVINGS = 16


def noise_of(points: Points, curve: Curve, noise: float | None) -> tuple[float, float]:
    """Standard deviation of a point of weight 1, and the degrees of freedom it is known with.

    From the residuals, unless `noise` says it. Infinite where the curve is as free as the points are many:
    it passes through them, whatever their noise.
    """
    if noise is not None:
        return noise, math.inf
    free = len(points) - curve.freedom
    return (math.sqrt(points.residual(curve) / free), free) if free >= 1 else (math.inf, 1.0)


def anything(points: Points, count: int) -> Floats:
    """The interval of one who knows nothing: from 0 to the ceiling, if there is one; shape (2, count)."""
    return np.outer([0.0, math.inf if points.ceiling is None else points.ceiling], np.ones(count))


def spread(free: float, level: float) -> float:
    """Half-width of a two-sided Student interval in standard deviations; normal for infinite `free`."""
    from scipy.stats import norm, t

    return float(norm.ppf((1 + level) / 2) if math.isinf(free) else t.ppf((1 + level) / 2, free))


def bootstrap(
    points: Points,
    curve: Curve,
    refit: Callable[[Points], Curve],
    x: Floats,
    *,
    level: float,
    resamples: int,
    noise: float | None,
    rng: np.random.Generator,
) -> Floats:
    """Low and high at each x (infinity is the plateau), shape (2, len(x)): residual bootstrap percentiles.

    Residuals are resampled around the fitted curve, widened for the freedom the fit used up and, as few
    points know their noise badly, from normal to Student quantiles. NaN at infinity without a plateau.
    """
    fitted = curve.at(points.x)
    deviation, free = noise_of(points, curve, noise)
    if math.isinf(deviation):
        return anything(points, len(x))
    widening = spread(free, level) / spread(math.inf, level)
    scatter = np.sqrt(points.weights) * (points.y - fitted)
    scatter = scatter - scatter.mean()
    found = np.empty((resamples, len(x)))
    size = float(np.sqrt((scatter**2).mean()))
    for number in range(resamples):
        if noise is None and size > 0:
            drawn = rng.choice(scatter, len(points)) * (deviation / size)
        else:
            drawn = rng.normal(0.0, deviation, len(points))
        found[number] = value_at(refit(points.with_y(fitted + widening * drawn / np.sqrt(points.weights))), x)
    tail = (1 - level) / 2
    return np.asarray(np.quantile(found, [tail, 1 - tail], axis=0), dtype=np.float64)


def value_at(curve: Curve, x: Floats) -> Floats:
    """The curve at each x, where infinity asks for the plateau; NaN where there is none."""
    heights = np.full(len(x), math.nan if curve.plateau is None else curve.plateau)
    finite = np.isfinite(x)
    heights[finite] = curve.at(x[finite])
    return heights


def allowed(points: Points, x: Floats, *, level: float, noise: float | None) -> Floats:
    """Lowest and highest value at each x of all mixtures that the points allow, shape (2, len(x)).

    Allowed is a weighted sum of squares above the least one by at most the squared Student quantile times
    the noise. The slowest rate is 0.1 / the largest x: without that no points would bound a plateau.
    About 30 small least-squares problems an x.
    """
    best = mixture(points, ridge=PROFILE_RIDGE)
    deviation, free = noise_of(points, best, noise)
    if math.isinf(deviation):
        return anything(points, len(x))
    slack = (spread(free, level) * deviation) ** 2
    rates = slowest_to_fastest(points.x)
    matrix, wanted = system(points, rates)
    least = points.residual(best)
    heights = np.empty((2, len(x)))
    for column, (place, here) in enumerate(zip(x, value_at(best, x), strict=True)):
        pin = PIN * design(np.array([place]), rates, points.ceiling)

        def excess(value: float, pin: Floats = pin) -> float:
            pinned = value if points.ceiling is None else points.ceiling - value
            found = solve(np.vstack([matrix, pin]), np.append(wanted, PIN * pinned), PROFILE_RIDGE)
            return float(((matrix @ found - wanted) ** 2).sum()) - least

        heights[0, column] = _edge(excess, float(here), 0.0, slack)
        heights[1, column] = _edge(excess, float(here), _highest(excess, float(here), points, slack), slack)
    return heights


def _highest(excess: Callable[[float], float], here: float, points: Points, slack: float) -> float:
    """A value that is out of reach: the ceiling, or far enough above."""
    if points.ceiling is not None:
        return points.ceiling
    step = max(float(np.ptp(points.y)), abs(here) * 1e-6, 1e-12)
    while excess(here + step) <= slack and step < 1e12:
        step *= 2
    return here + step


def _edge(excess: Callable[[float], float], inside: float, outside: float, slack: float) -> float:
    """The last value between `inside` and `outside` that is allowed, by halving."""
    if excess(outside) <= slack:
        return outside
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if excess(middle) <= slack:
            inside = middle
        else:
            outside = middle
    return inside
