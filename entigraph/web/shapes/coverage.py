"""How much of the graph the texts cover, what more would, and what a budget buys."""

from typing import Annotated, Literal

from pydantic import Field

from entigraph.web.shapes.base import Shape

UnitName = Literal["entities", "relations", "triangles", "pairs"]


class UnitCoverage(Shape):
    """Of one unit: how many there are, and how many at least `times` texts cover."""

    unit: UnitName
    covered: int
    total: int


class Point(Shape):
    """A point of a curve: after so many texts (answers, where it is realised), a share of the unit, 0 to 1.

    `low` and `high` are the ends of the band in which one run lies in 95 of 100.
    """

    texts: float
    share: float
    low: float | None = None
    high: float | None = None


class DocumentRow(Shape):
    """Coverage of one document's own entities and relations."""

    document: str
    title: str
    entities: int
    entities_covered: int
    relations: int
    relations_covered: int
    texts: int


class CoverageNow(Shape):
    """What the texts of the corpus cover now, and how it grew. The curve has at most 400 points."""

    generation: int
    times: int
    answers: int
    texts: int
    tokens: int
    units: list[UnitCoverage]
    unit: UnitName
    curve: list[Point]
    documents: list[DocumentRow]
    command: str


class CoverageQuestion(Shape):
    """What to reckon on this graph: with one of target, dollars, tokens or texts also what that takes or buys."""

    sampler: Annotated[str, Field(max_length=200)] = "edges"
    unit: UnitName = "relations"
    times: Annotated[int, Field(ge=1, le=100)] = 1
    strategy: Annotated[str, Field(max_length=200)] = ""
    model: Annotated[str, Field(max_length=500)] = ""
    seed: Annotated[int, Field(ge=0)] = 0
    target: Annotated[float, Field(gt=0, le=1)] | None = None
    usd: Annotated[float, Field(ge=0)] | None = None
    tokens: Annotated[int, Field(ge=0)] | None = None
    texts: Annotated[int, Field(ge=0)] | None = None


class PlanRow(Shape):
    """What a target takes or a budget buys, with the ends of the interval; None where it is not known.

    `items` is the number for `-n` of `generate`, `wordings` the one for `--wordings`.
    """

    coverage: float
    coverage_low: float
    coverage_high: float
    texts: float
    texts_low: float
    texts_high: float | None
    tokens: float
    usd: float | None
    items: int
    wordings: int
    says: list[str]
    command: str


class CoverageAnswer(Shape):
    """The expected curve of a sampler from what is written, with its band; `plan` where one was asked for.

    `from_nothing` is the curve of the same sampler from no text at all, to lay what the texts reached over; empty
    where there is no text yet, for then it is the same. `ceiling` is the largest share that the sampler reaches. `problem` says why there is no plan.
    """

    sampler: str
    unit: UnitName
    start: float
    ceiling: float
    exact: bool
    curve: list[Point]
    from_nothing: list[Point]
    plan: PlanRow | None
    problem: str
    command: str
