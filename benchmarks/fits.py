"""How fast, how close and how honest the fits are: `python benchmarks/fits.py [--replicates N]`.

Points are made up from the coefficients that the paper published (it published no points): x = 0 and
log-spaced from 0.3 to 455 million tokens. Printed: the time of the non-negative least-squares fit, its
largest distance from the curve on that range, the coefficients that three terms recover; then, with
noise of 0.3 points added, how often each 90 % interval holds the true value and how wide it is, in the
middle of the points (100), at twice their range (910), far beyond (2,000) and for the plateau. Seed: 0.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.pop(0)  # this folder: numba would take our coverage.py for the package of that name
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.fits import check_points
from analysis.intervals import allowed, bootstrap, value_at
from analysis.scaling import PUBLISHED, Floats, few_terms, mixture, published_points

PLACES = np.array([100.0, 910.0, 2000.0, np.inf])
NOISE, LEVEL = 0.3, 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=200, help="noisy sets of points")
    replicates = parser.parse_args().replicates
    print(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; points regenerated from published coefficients"
    )
    for count in (10, 25):
        noiseless(count)
    for count in (10, 25):
        noisy(count, replicates)


def noiseless(count: int) -> None:
    points = check_points(*published_points(count), ceiling=100.0)
    mixture(points)
    times = []
    for _ in range(50):
        start = time.perf_counter()
        found = mixture(points)
        times.append(1e3 * (time.perf_counter() - start))
    grid = np.concatenate([[0.0], np.geomspace(0.01, 455.0, 2000)])
    gap = np.abs(found.at(grid) - PUBLISHED.at(grid)).max()
    print(
        f"{count} points, no noise: mixture in {np.median(times):.2f} ms (median of 50; fastest {min(times):.2f}), "
        f"within {gap:.4f} of the curve on 0 to 455"
    )
    start = time.perf_counter()
    three = few_terms(points, 3)
    took = 1e3 * (time.perf_counter() - start)
    bases = ", ".join(
        f"{fall:.4f} * {np.exp(-rate):.4f}^x" for fall, rate in zip(three.falls, three.rates, strict=True)
    )
    print(f"  three terms in {took:.0f} ms: {three.plateau:.4f} - {bases}")


def noisy(count: int, replicates: int) -> None:
    rng = np.random.default_rng(0)
    x, y = published_points(count)
    truth = value_at(PUBLISHED, PLACES)
    held: dict[str, list[Floats]] = {}
    wide: dict[str, list[Floats]] = {}
    for _ in range(replicates):
        points = check_points(x, y + rng.normal(0.0, NOISE, count), ceiling=100.0)
        bands = {"all that is allowed": allowed(points, PLACES, level=LEVEL, noise=None)}
        smooth = mixture(points)
        bands["mixture, bootstrap"] = bootstrap(
            points, smooth, mixture, PLACES, level=LEVEL, resamples=100, noise=None, rng=rng
        )
        for terms, name in (
            (3, "three terms, bootstrap"),
            (2, "two terms, bootstrap"),
            (1, "one term, bootstrap"),
        ):
            near = few_terms(points, terms)
            bands[name] = bootstrap(
                points,
                near,
                lambda drawn, terms=terms, near=near: few_terms(drawn, terms, near),  # type: ignore[misc]
                PLACES,
                level=LEVEL,
                resamples=40,
                noise=None,
                rng=rng,
            )
        for name, (low, high) in bands.items():
            held.setdefault(name, []).append((low <= truth) & (truth <= high))
            wide.setdefault(name, []).append(high - low)
    print(
        f"{count} points, noise {NOISE}, {replicates} replicates, level {LEVEL:.0%}: truth held (median width)"
    )
    for name in held:
        share, width = np.mean(held[name], axis=0), np.median(wide[name], axis=0)
        cells = "  ".join(
            f"{'plateau' if np.isinf(place) else f'x={place:g}'} {part:4.0%} ({span:.2f})"
            for place, part, span in zip(PLACES, share, width, strict=True)
        )
        print(f"  {name:<22} {cells}")


if __name__ == "__main__":
    main()
