"""How far the closed curves of theory are from exact ones: `python benchmarks/theory.py [--graphs N]`.

For each V and lambda, random graphs are drawn and their exact curves averaged. Printed, as percent of
the exact value, is the error of each formula that is furthest from it over t / K from 0.001 to 3:
`share` of the links that are known among all reachable pairs (no reachability in it), and `coverage`
as a whole. Then how often the bounds were crossed: the finite ones (never), and the two sides of
Theorem 1 with epsilon 0, and the epsilon it would have needed. Seeds: 0, 1, ...
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.pop(0)  # this folder: numba would take our coverage.py for the package of that name
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.coverage import Floats, rate_histogram
from analysis.graphs import Digraph, erdos_renyi
from analysis.theory import (
    branching_curve,
    branching_share,
    finite_bounds,
    fluid_curve,
    fluid_share,
    reachable_share,
    theorem_1,
)
from analysis.trees import trees

TAU = np.array([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0])
CELLS = [
    (100, 2.0),
    (100, 3.0),
    (100, 5.0),
    (400, 2.0),
    (400, 3.0),
    (400, 5.0),
    (1000, 2.0),
    (1000, 3.0),
    (1000, 5.0),
]
SHARES: dict[str, Callable[[float, Floats], Floats]] = {"branching": branching_share, "fluid": fluid_share}
CURVES: dict[str, Callable[[int, float, Floats], Floats]] = {
    "branching": branching_curve,
    "fluid": fluid_curve,
}


def linked_share(graph: Digraph) -> Floats:
    """The share of reachable pairs linked by the draws of TAU, source links counted like the others."""
    sizes = np.concatenate([tree.subtree_sizes()[1:] for tree in trees(graph, range(graph.vertices))])
    rates, counts = np.unique(sizes, return_counts=True)
    return np.asarray(-np.expm1(-np.outer(TAU, rates)) @ counts / counts.sum())


def worst(found: Floats, truth: Floats) -> str:
    """The relative error furthest from 0, in percent, with its sign, and where it is."""
    error = found / truth - 1
    at = int(np.abs(error).argmax())
    return f"{100 * error[at]:+6.1f} % at {TAU[at]:g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--graphs", type=int, default=4, help="random graphs a cell (V=100: five times as many)"
    )
    graphs = parser.parse_args().graphs
    print(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; largest error over t / K = 0.001 .. 3, exact = 0 %"
    )
    print(
        f"{'V':>5} {'lambda':>6} {'graphs':>6}  {'formula':<9}  {'share':<20} {'coverage':<20} C_lambda  measured"
    )
    for vertices, mean_degree in CELLS:
        many = graphs * 5 if vertices == 100 else graphs
        drawn = [erdos_renyi(vertices, mean_degree, np.random.default_rng(seed)) for seed in range(many)]
        histograms = [rate_histogram(graph) for graph in drawn]
        t = TAU * vertices * (vertices - 1)
        share = np.mean([linked_share(graph) for graph in drawn], axis=0)
        curve = np.mean([histogram.curve(t) for histogram in histograms], axis=0)
        reached = float(np.mean([histogram.plateau for histogram in histograms]))
        for name in SHARES:
            print(
                f"{vertices:>5} {mean_degree:>6g} {many:>6}  {name:<9}  "
                f"{worst(SHARES[name](mean_degree, TAU), share):<20} "
                f"{worst(CURVES[name](vertices, mean_degree, t), curve):<20} "
                f"{reachable_share(mean_degree):.4f}    {reached:.4f}"
            )
        crossed = [
            ((curve < bounds.lower - 1e-12) | (curve > bounds.upper + 1e-12)).any()
            for histogram in histograms
            for bounds, curve in [(finite_bounds(histogram, t), histogram.curve(t))]
        ]
        asymptotic = theorem_1(vertices, mean_degree, t, epsilon=0.0)
        below = [1 - float((histogram.curve(t) / asymptotic.lower).min()) for histogram in histograms]
        print(
            f"{'':>21} finite bounds crossed on {sum(crossed)} of {many} graphs; the lower side of Theorem 1 "
            f"with epsilon 0 on {sum(gap > 0 for gap in below)}, by up to {100 * max(*below, 0):.1f} %"
        )


if __name__ == "__main__":
    main()
