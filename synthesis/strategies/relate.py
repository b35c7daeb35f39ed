"""Two to eight entities: how they bear on one another in the light of the document, or of two.

Source: the relation analysis of Yang et al., "Synthetic continued pretraining" (ICLR 2025,
arXiv 2409.07431), step 2. The wording of the prompts is our own, and by default the context is the
evidence instead of the whole document (`--recipe entigraph` sets what the paper did).
"""

from dataclasses import dataclass

from synthesis.strategies.single import SingleStep


@dataclass(frozen=True)
class Relate(SingleStep):
    """Writes about the interaction of a few entities."""

    called = "relate"
    least = 2
    most = 8
    stop = ("\n",)
