"""Two entities that could be taken for one another: what they share, and what sets them apart."""

from dataclasses import dataclass

from synthesis.strategies.single import SingleStep


@dataclass(frozen=True)
class Contrast(SingleStep):
    """Writes a comparison of two entities."""

    called = "contrast"
    least = 2
    most = 2
    stop = ("\n",)
