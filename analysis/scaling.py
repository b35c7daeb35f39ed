"""Curves that rise towards a plateau, fitted to points: mixtures of exponentials, and the log-linear line.

    y(x) = plateau - sum_k fall_k exp(-rate_k x),   fall_k >= 0, rate_k > 0

Coverage is such a curve exactly, and the paper fits its accuracy with three terms. For given rates the
rest is linear and must not be negative, so non-negative least squares solves it without start values; a
ceiling is one more non-negative number, the distance between it and the plateau.

Source: Yang et al. 2024, arXiv 2409.07431, the appendix on curve fitting (seven coefficients; it gives
neither start values nor points).
"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

RATES = 60
RIDGE = 1e-6
STARTS = 4
GRID = 12


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """What is fitted: x ascending, y, weights with mean 1, and the most that y can be, if anything."""

    x: Floats
    y: Floats
    weights: Floats
    ceiling: float | None

    def __len__(self) -> int:
        return len(self.x)

    def with_y(self, y: Floats) -> "Points":
        """The same places with other values."""
        return Points(self.x, y, self.weights, self.ceiling)

    def residual(self, curve: "Curve") -> float:
        """Weighted sum of squares between the points and a curve."""
        return float(self.weights @ (self.y - curve.at(self.x)) ** 2)


@dataclass(frozen=True, eq=False, slots=True)
class Mixture:
    """A plateau, and what is missing below it, term by term, slowest first.

    `freedom` is how many numbers the fit was free to choose.
    """

    plateau: float
    falls: Floats
    rates: Floats
    freedom: float

    def at(self, x: ArrayLike) -> Floats:
        """The curve's height at each x."""
        terms = np.exp(-np.multiply.outer(np.asarray(x, dtype=np.float64), self.rates))
        return np.asarray(self.plateau - terms @ self.falls, dtype=np.float64)

    @property
    def params(self) -> dict[str, float]:
        """The numbers of the formula by name: plateau, fall_1, rate_1, ..."""
        named = {"plateau": self.plateau}
        for number, (fall, rate) in enumerate(zip(self.falls, self.rates, strict=True), start=1):
            named[f"fall_{number}"], named[f"rate_{number}"] = float(fall), float(rate)
        return named


@dataclass(frozen=True, eq=False, slots=True)
class LogLine:
    """y = intercept + slope log(x), cut at the ceiling; it has no plateau."""

    intercept: float
    slope: float
    ceiling: float | None
    freedom: float = 2.0
    plateau: None = None

    def at(self, x: ArrayLike) -> Floats:
        """The line's height at each x > 0; minus infinity at 0 where it rises."""
        with np.errstate(divide="ignore", invalid="ignore"):
            heights = self.intercept + self.slope * np.log(np.asarray(x, dtype=np.float64))
        return np.minimum(heights, math.inf if self.ceiling is None else self.ceiling)

    @property
    def params(self) -> dict[str, float]:
        """Intercept and slope of the line."""
        return {"intercept": self.intercept, "slope": self.slope}


Curve = Mixture | LogLine


PUBLISHED = Mixture(
    64.5456,
    np.array([13.8352, 8.4705, 3.932]),
    -np.log(np.array([0.9989, 0.8961, 0.0546])),
    7.0,
)
PUBLISHED_LABEL = "regenerated from the coefficients that the paper published; it published no points"


def published_points(count: int = 25) -> tuple[Floats, Floats]:
    """Points on the paper's fitted curve: millions of tokens, percent correct. See PUBLISHED_LABEL."""
    x = np.concatenate([[0.0], np.geomspace(0.3, 455.0, count - 1)])
    return x, PUBLISHED.at(x)


def mixture(points: Points, *, ridge: float = RIDGE) -> Mixture:
    """The mixture over 60 log-spaced rates that minimises |residuals|^2 + ridge |falls|^2.

    Rates run from 0.1 / the largest x to 3 / the smallest positive x. Convex: one answer, no start
    values. A larger ridge spreads the falls over more rates; above 1e-3 it bends the curve.
    """
    return _mixture_of(points, slowest_to_fastest(points.x), ridge)


def slowest_to_fastest(x: Floats, count: int = RATES) -> Floats:
    """Log-spaced rates that points at these x can tell something of."""
    positive = x[x > 0]
    return np.geomspace(0.1 / positive[-1], 3 / positive[0], count)


def few_terms(points: Points, terms: int, near: Mixture | None = None) -> Mixture:
    """The least-squares mixture of `terms` exponentials, whatever their rates.

    Only the rates are searched for (Levenberg and Marquardt on their logarithms); plateau and falls
    follow by non-negative least squares. Starts from the four best of all choices of `terms` rates from
    a grid, to full precision, or from the rates of `near` alone, roughly.
    """
    from scipy.optimize import leastsq

    grid = np.log(slowest_to_fastest(points.x, GRID))
    lowest, highest = grid[0] - math.log(100), grid[-1] + math.log(10)

    def residuals(logs: Floats) -> Floats:
        return _residuals(points, np.exp(np.clip(logs, lowest, highest)))

    if near is None:
        starts = [np.array(chosen) for chosen in combinations(grid, terms)]
        starts.sort(key=lambda logs: float((residuals(logs) ** 2).sum()))
        starts, precision = starts[:STARTS], 1e-13
    else:
        starts, precision = [np.log(near.rates)], 1e-4
    ends = [
        leastsq(residuals, start, full_output=True, xtol=precision, ftol=precision, maxfev=100 * terms)[0]
        for start in starts
    ]
    best = min(ends, key=lambda logs: float((residuals(logs) ** 2).sum()))
    found = _mixture_of(points, np.exp(np.sort(np.clip(best, lowest, highest))), 0.0)
    return Mixture(found.plateau, found.falls, found.rates, 2.0 * terms + 1)


def log_line(points: Points) -> LogLine:
    """The weighted least-squares line over log x; x must be positive."""
    logs = np.log(points.x)
    middle, height = points.weights @ logs / len(points), points.weights @ points.y / len(points)
    slope = float(points.weights @ ((logs - middle) * points.y) / (points.weights @ (logs - middle) ** 2))
    return LogLine(float(height - slope * middle), slope, points.ceiling)


def design(x: Floats, rates: Floats, ceiling: float | None) -> Floats:
    """What one unit of each non-negative unknown adds: to y, or to ceiling - y where there is a ceiling.

    The first unknown is y(0), or ceiling - plateau; the others are the falls. So without a ceiling the
    curve starts at 0 or above, and with one it ends at the ceiling or below.
    """
    columns = np.empty((len(x), len(rates) + 1))
    columns[:, 0] = 1.0
    terms = np.exp(-np.multiply.outer(x, rates))
    columns[:, 1:] = 1 - terms if ceiling is None else terms
    return columns


def system(points: Points, rates: Floats) -> tuple[Floats, Floats]:
    """The weighted least-squares problem for these rates: a matrix and what it should give."""
    root = np.sqrt(points.weights)
    wanted = points.y if points.ceiling is None else points.ceiling - points.y
    return design(points.x, rates, points.ceiling) * root[:, None], wanted * root


def solve(matrix: Floats, wanted: Floats, ridge: float) -> Floats:
    """Non-negative least squares; the ridge weighs on all unknowns but the first."""
    from scipy.optimize import nnls

    if ridge:
        unknowns = matrix.shape[1]
        matrix = np.vstack([matrix, math.sqrt(ridge) * np.eye(unknowns)[1:]])
        wanted = np.concatenate([wanted, np.zeros(unknowns - 1)])
    return np.asarray(nnls(matrix, wanted, maxiter=100 * matrix.shape[1])[0], dtype=np.float64)


def _residuals(points: Points, rates: Floats) -> Floats:
    """What the best mixture of exactly these rates leaves over."""
    matrix, wanted = system(points, rates)
    return np.asarray(matrix @ solve(matrix, wanted, 0.0) - wanted, dtype=np.float64)


def _mixture_of(points: Points, rates: Floats, ridge: float) -> Mixture:
    matrix, wanted = system(points, rates)
    found = solve(matrix, wanted, ridge)
    falls, used = found[1:], found > 0
    plateau = found[0] + falls.sum() if points.ceiling is None else points.ceiling - found[0]
    kept = used[1:] if ridge else np.ones(len(rates), dtype=np.bool_)
    return Mixture(float(plateau), falls[kept], rates[kept], _freedom(matrix, used, ridge))


def _freedom(matrix: Floats, used: NDArray[np.bool_], ridge: float) -> float:
    """Effective number of parameters: the trace of the smoothing matrix over the unknowns above 0."""
    active = matrix[:, used]
    if not active.size:
        return 0.0
    penalty = np.where(np.flatnonzero(used) == 0, 1e-12, max(ridge, 1e-12))
    inner = active.T @ active
    return float(np.trace(np.linalg.solve(inner + np.diag(penalty), inner)))
