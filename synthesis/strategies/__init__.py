"""Ways of writing about a subgraph, by name."""

from collections.abc import Callable

from synthesis.base import Strategy
from synthesis.strategies.describe import Describe
from synthesis.strategies.relate import Relate
from synthesis.strategies.summarize import Summarize

STRATEGIES: dict[str, Callable[[], Strategy]] = {
    "describe": Describe,
    "relate": Relate,
    "summarize": Summarize,
}

__all__ = ["STRATEGIES", "Describe", "Relate", "Summarize"]
