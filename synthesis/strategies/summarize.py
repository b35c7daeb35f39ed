"""A whole document in short: the first text of the paper's recipe.

Source: step 1 of Yang et al. (arXiv 2409.07431), whose released code keeps the summary as a training
text. Our prompt asks for the summary alone; entities come from the extractor.
"""

from dataclasses import dataclass

from kg.model import Subgraph
from synthesis.base import Item
from synthesis.context import Context
from synthesis.strategies.single import SingleStep


@dataclass(frozen=True)
class Summarize(SingleStep):
    """Writes a summary of one document."""

    called = "summarize"

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty for a subgraph that is one document and no entity."""
        if len(subgraph.documents) == 1 and not subgraph.entities:
            return ""
        return "the strategy 'summarize' writes about one document; use it with '--sampler documents'"

    def title(self, item: Item, context: Context) -> str:
        """The title of the document."""
        return summary_of(context, item.language)


def summary_of(context: Context, language: str) -> str:
    """The title of a summary."""
    source = context.titles[0] if context.titles else ""
    return f"{source}（摘要）" if language == "zh" else f"{source} (summary)"
