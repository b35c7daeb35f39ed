"""A subgraph becomes text: strategies, contexts, the run, its checks, records and exports."""

import _entigraph_home

_entigraph_home.check("synthesis", "kg", "lm")

from typing import TYPE_CHECKING, Any

from synthesis.base import Draft, Item, Parameters, PromptError, Strategy, SynthesisError
from synthesis.strategies import STRATEGIES

if TYPE_CHECKING:
    from synthesis.checks import CHECKS
    from synthesis.context import CONTEXTS, Context, ContextBuilder
    from synthesis.estimate import Estimate, estimated
    from synthesis.exports import FORMATS, ExportReport, export
    from synthesis.outcomes import RunReport
    from synthesis.planning import Wanted, items
    from synthesis.run import Run

_HOMES = {
    "CHECKS": "checks",
    "CONTEXTS": "context",
    "Context": "context",
    "ContextBuilder": "context",
    "Estimate": "estimate",
    "ExportReport": "exports",
    "FORMATS": "exports",
    "Run": "run",
    "RunReport": "outcomes",
    "Wanted": "planning",
    "estimated": "estimate",
    "export": "exports",
    "items": "planning",
}

__all__ = [
    "CHECKS",
    "CONTEXTS",
    "FORMATS",
    "STRATEGIES",
    "Context",
    "ContextBuilder",
    "Draft",
    "Estimate",
    "ExportReport",
    "Item",
    "Parameters",
    "PromptError",
    "Run",
    "RunReport",
    "Strategy",
    "SynthesisError",
    "Wanted",
    "estimated",
    "export",
    "items",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'synthesis' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"synthesis.{_HOMES[name]}"), name)
