"""Ways of writing about a subgraph, by name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kg.specs import read_spec
from synthesis.base import Strategy
from synthesis.strategies.continue_seed import ContinueSeed
from synthesis.strategies.contrast import Contrast
from synthesis.strategies.describe import Describe
from synthesis.strategies.dialogue import Dialogue
from synthesis.strategies.focal import Focal
from synthesis.strategies.hierarchical import Hierarchical
from synthesis.strategies.lesson import Lesson
from synthesis.strategies.own import strategies_in
from synthesis.strategies.qa import QuestionsAndAnswers
from synthesis.strategies.relate import Relate
from synthesis.strategies.rephrase import Rephrase
from synthesis.strategies.story import Story
from synthesis.strategies.study import Study
from synthesis.strategies.summarize import Summarize

STRATEGIES: dict[str, Callable[..., Strategy]] = {
    "continue_seed": ContinueSeed,
    "contrast": Contrast,
    "describe": Describe,
    "dialogue": Dialogue,
    "focal": Focal,
    "hierarchical": Hierarchical,
    "lesson": Lesson,
    "qa": QuestionsAndAnswers,
    "relate": Relate,
    "rephrase": Rephrase,
    "story": Story,
    "study": Study,
    "summarize": Summarize,
}


def strategy(spec: str, folder: Path | None = None) -> Strategy:
    """The strategy of `name:option=value`, one of `STRATEGIES` or of the files in `folder`, which come first.

    Raises ValueError for a name or an option that does not exist, PromptError for a wrong file.

    >>> strategy("rephrase:style=hard").name
    'rephrase:style=hard'
    """
    known: Mapping[str, Callable[..., Strategy]] = STRATEGIES | (strategies_in(folder) if folder else {})
    name, options = read_spec(spec, known, "strategy")
    return known[name](**options)


__all__ = [
    "STRATEGIES",
    "ContinueSeed",
    "Contrast",
    "Describe",
    "Dialogue",
    "Focal",
    "Hierarchical",
    "Lesson",
    "QuestionsAndAnswers",
    "Relate",
    "Rephrase",
    "Story",
    "Study",
    "Summarize",
    "strategies_in",
    "strategy",
]
