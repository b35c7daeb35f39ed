"""Is it enough, and is it any good: coverage of a graph, predicted and simulated."""

import _entigraph_home

_entigraph_home.check("analysis", "kg", "lm", "sampling", "synthesis")

from analysis.coverage import TIE_RULES, RateHistogram, rate_histogram
from analysis.curves import METHODS, CoverageCurve, simulate
from analysis.graphs import Digraph, erdos_renyi
from analysis.simulation import stepwise

__all__ = [
    "METHODS",
    "TIE_RULES",
    "CoverageCurve",
    "Digraph",
    "RateHistogram",
    "erdos_renyi",
    "rate_histogram",
    "simulate",
    "stepwise",
]
