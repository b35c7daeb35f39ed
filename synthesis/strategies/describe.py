"""One entity: what the sources say of it."""

from dataclasses import dataclass

from synthesis.strategies.single import SingleStep


@dataclass(frozen=True)
class Describe(SingleStep):
    """Writes about one entity from the passages in which it is named."""

    called = "describe"
    least = 1
    most = 1
    stop = ("\n",)
