"""One entity: what the sources say of it."""

from synthesis.strategies.single import SingleStep


class Describe(SingleStep):
    """Writes about one entity from the passages in which it is named."""

    name = "describe"
    least = 1
    most = 1
    stop = ("\n",)
