"""The passages in other words, plainer or denser: the baseline that the paper calls Rephrase.

Source: the Rephrase baseline of Yang et al. (arXiv 2409.07431), after Maini et al., "Rephrasing the Web"
(arXiv 2401.16380), whose styles are easy, medium and hard. The paper rephrases whole documents; about
entities, the passages that speak of them are rephrased.
"""

from dataclasses import dataclass

from synthesis.strategies.single import SingleStep


@dataclass(frozen=True)
class Rephrase(SingleStep):
    """Writes the passages anew. `style` is easy, medium or hard, or your own words; else they take turns."""

    called = "rephrase"
    least = 1
    most = 8
    whole_documents = True
    stop = ("\n",)
    style: str | None = None
