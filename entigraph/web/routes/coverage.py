"""How much of the graph the texts cover, and what more of them would. As 'entigraph stats' and 'entigraph plan'."""

from typing import Annotated

from fastapi import APIRouter, Query

from entigraph.web.shapes.coverage import CoverageAnswer, CoverageNow, CoverageQuestion, UnitName
from entigraph.web.works.bench import AtBench

router = APIRouter(tags=["coverage"])


@router.get("/coverage")
def coverage(
    bench: AtBench, unit: UnitName = "relations", times: Annotated[int, Query(ge=1, le=100)] = 1
) -> CoverageNow:
    """What the texts of the corpus cover now, and how that grew answer by answer."""
    return bench.reckoning.now(unit, times)


@router.post("/coverage/expected")
def expected(bench: AtBench, question: CoverageQuestion) -> CoverageAnswer:
    """What a sampler's texts would cover from here on, and what a target takes or a budget buys."""
    return bench.reckoning.expected(question)
