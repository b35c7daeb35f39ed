"""Is it enough, and is it any good: coverage of a graph, predicted and simulated."""

import _entigraph_home

_entigraph_home.check("analysis", "kg", "lm", "sampling", "synthesis")

from analysis.costs import Cost, cost_of
from analysis.coverage import TIE_RULES, RateHistogram, rate_histogram
from analysis.curves import CoverageCurve, RandomGraph
from analysis.expectation import Outlook, expected
from analysis.fits import FIT_MODELS, FitReport, fit
from analysis.graphs import Digraph, erdos_renyi
from analysis.methods import METHODS, simulate
from analysis.plans import Plan, Unreachable, afford, outlooks, plan
from analysis.rules import LINK_RULES, SELECTION_RULES
from analysis.simulation import event_driven, stepwise
from analysis.written import Written, by_document, realised, uncovered

__all__ = [
    "FIT_MODELS",
    "LINK_RULES",
    "METHODS",
    "SELECTION_RULES",
    "TIE_RULES",
    "Cost",
    "CoverageCurve",
    "Digraph",
    "FitReport",
    "Outlook",
    "Plan",
    "RandomGraph",
    "RateHistogram",
    "Unreachable",
    "Written",
    "afford",
    "by_document",
    "cost_of",
    "erdos_renyi",
    "event_driven",
    "expected",
    "fit",
    "outlooks",
    "plan",
    "rate_histogram",
    "realised",
    "simulate",
    "stepwise",
    "uncovered",
]
