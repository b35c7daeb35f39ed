"""Is it enough, and is it any good: coverage of a graph, predicted and simulated."""

import _entigraph_home

_entigraph_home.check("analysis", "kg", "lm", "sampling", "synthesis")

from analysis.coverage import TIE_RULES, RateHistogram, rate_histogram
from analysis.curves import CoverageCurve, RandomGraph
from analysis.fits import FIT_MODELS, FitReport, fit
from analysis.graphs import Digraph, erdos_renyi
from analysis.methods import METHODS, simulate
from analysis.rules import LINK_RULES, SELECTION_RULES
from analysis.simulation import event_driven, stepwise

__all__ = [
    "FIT_MODELS",
    "LINK_RULES",
    "METHODS",
    "SELECTION_RULES",
    "TIE_RULES",
    "CoverageCurve",
    "Digraph",
    "FitReport",
    "RandomGraph",
    "RateHistogram",
    "erdos_renyi",
    "event_driven",
    "fit",
    "rate_histogram",
    "simulate",
    "stepwise",
]
