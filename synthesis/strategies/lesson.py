"""A lesson on a topic for an audience.

Source: the textbook prompts of phi-1 (Gunasekar et al., arXiv 2306.11644), which get diversity from the topic
and the target audience, and Cosmopedia (Ben Allal et al. 2024), which adds the form. Here the topic is a
subgraph, so that a lesson covers what it was asked about and can be held against its sources.
"""

from dataclasses import dataclass

from synthesis.strategies.single import SingleStep


@dataclass(frozen=True)
class Lesson(SingleStep):
    """Writes a lesson. `audience` and `form` name a line of the prompt or are your own words; else both turn."""

    called = "lesson"
    least = 1
    most = 8
    audience: str | None = None
    form: str | None = None
