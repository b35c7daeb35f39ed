"""Coverage as the routes give it: what is covered now and how it grew, and what more texts would cover."""

import shlex
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass

import numpy as np

from analysis.coverage import Stop
from analysis.expectation import Outlook
from analysis.plans import Plan, Unreachable, afford
from analysis.plans import plan as planned
from analysis.written import Written, by_document
from entigraph.config import Value
from entigraph.planning import Asked, Ground, cost, drawn, ground
from entigraph.web.desk import Desk
from entigraph.web.shapes.coverage import (
    CoverageAnswer,
    CoverageNow,
    CoverageQuestion,
    DocumentRow,
    PlanRow,
    Point,
    UnitCoverage,
    UnitName,
)
from entigraph.web.works.orders import refuse_files
from entigraph.workplace import settings_for
from kg.graph import Graph
from sampling import UNITS

POINTS = 400
DOCUMENTS = 200
LEVEL = 0.95
KEPT = 32
DEAR_SECONDS = 0.5
DRAWING_SECONDS = 20.0


@dataclass(frozen=True, eq=False, slots=True)
class Grown:
    """The realised curve of one generation, with its documents; `ground` is where plans start from.

    `made` is when, by the monotonic clock, `seconds` how long that took.
    """

    generation: int
    ground: Ground
    written: Written
    documents: list[DocumentRow]
    made: float
    seconds: float

    def will_do(self, graph: Graph) -> bool:
        """Whether it was dear to make, is recent, and of this graph."""
        same = self.ground.graph.relation_ids is graph.relation_ids
        return self.seconds > DEAR_SECONDS and time.monotonic() - self.made < 5 * self.seconds and same


class Reckoning:
    """Makes the answers about coverage, one at a time, and keeps the last of them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._grown: dict[int, Grown] = {}
        self._answers: OrderedDict[tuple[int, CoverageQuestion], CoverageAnswer] = OrderedDict()

    def now(self, unit: UnitName, times: int) -> CoverageNow:
        """What the texts cover, and after which answers they came to."""
        grown = self._at(times)
        written = grown.written
        coverage = written.coverage
        texts, shares = written.answers, written.share(unit)
        return CoverageNow(
            generation=grown.generation,
            times=times,
            answers=written.answers[-1],
            texts=written.texts[-1],
            tokens=written.tokens[-1],
            units=[
                UnitCoverage(unit=one, covered=coverage.covered(one, times), total=coverage.total(one))
                for one in UNITS
            ],
            unit=unit,
            curve=[Point(texts=texts[i], share=shares[i]) for i in _some(len(texts))],
            documents=grown.documents,
            command=f"entigraph stats {self._desk.typed} --documents{_times(times)}",
        )

    def expected(self, question: CoverageQuestion) -> CoverageAnswer:
        """The expected curve from what is written, and the plan where one is asked for. As 'entigraph plan'."""
        grown = self._at(question.times)
        key = grown.generation, question
        with self._lock:
            if key not in self._answers:
                self._answers[key] = _answer(self._desk, grown, question)
                while len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
            return self._answers[key]

    def _at(self, times: int) -> Grown:
        """The curve of this generation; where making it takes long, one of a few seconds ago of the same graph."""
        graph = self._desk.graph()
        with self._lock:
            grown = self._grown.get(times)
            if grown is not None and (grown.generation == graph.generation or grown.will_do(graph)):
                return grown
            if len(self._grown) >= KEPT:
                self._grown.clear()
            grown = self._grown[times] = _grown(self._desk, times, graph)
            return grown


def _grown(desk: Desk, times: int, graph: Graph) -> Grown:
    began = time.monotonic()
    start = ground(graph, desk.store, times=times)
    assert start.written is not None
    covered = by_document(desk.store, start.written.coverage, times=times)[:DOCUMENTS]
    rows = [DocumentRow(**asdict(one)) for one in covered]
    now = time.monotonic()
    return Grown(graph.generation, start, start.written, rows, now, now - began)


def _answer(desk: Desk, grown: Grown, question: CoverageQuestion) -> CoverageAnswer:
    refuse_files(desk.store, question.sampler, question.model)
    settings = settings_for(desk.store, model=question.model or None)
    strategies = tuple(name.strip() for name in question.strategy.split(",") if name.strip())
    model = str(settings["model"].value)
    asked = Asked(question.unit, question.times, (question.sampler,), strategies, model, question.seed)
    asked.check()
    ways = drawn(grown.ground, asked, question.sampler, stop=_within(DRAWING_SECONDS))
    plan, problem = _plan(grown.ground, asked, question, ways, settings)
    way = plan.outlook if plan is not None else ways[0]
    each = cost(grown.ground, asked, question.sampler, settings)
    each_takes = way.wordings / (each.share or 1.0)
    anew: list[Point] = []
    if grown.written.coverage.texts:
        bare = Ground(grown.ground.graph, grown.ground.store)
        first = drawn(bare, asked, question.sampler, stop=_within(DRAWING_SECONDS))[0]
        anew = _curve(first, 0, first.wordings / (each.share or 1.0))
    return CoverageAnswer(
        sampler=question.sampler,
        unit=question.unit,
        start=way.start / way.total if way.total else 0.0,
        ceiling=way.ceiling,
        exact=way.pool is not None,
        curve=_curve(way, grown.written.answers[-1], each_takes),
        from_nothing=anew,
        plan=None if plan is None else _row(desk, asked, plan),
        problem=problem,
        command=_command(desk, asked, question),
    )


def _plan(
    start: Ground, asked: Asked, question: CoverageQuestion, ways: list[Outlook], settings: dict[str, Value]
) -> tuple[Plan | None, str]:
    """The plan that is asked for; None, and why, where it cannot be had or none is asked for."""
    budget = {"usd": question.usd, "tokens": question.tokens, "texts": question.texts}
    is_budget = any(value is not None for value in budget.values())
    if question.target is not None and is_budget:
        raise ValueError("a target asks what a coverage costs, a budget what it covers; give one of them")
    if question.target is None and not is_budget:
        return None, ""
    each, rng = cost(start, asked, question.sampler, settings), np.random.default_rng([question.seed, 2])
    try:
        if question.target is not None:
            return planned(ways, question.target, each, rng=rng), ""
        return afford(ways, each, usd=question.usd, tokens=question.tokens, texts=question.texts, rng=rng), ""
    except Unreachable as error:
        return None, str(error)
    except ValueError as error:  # dollars where no price is known
        return None, str(error)


def _curve(way: Outlook, before: int, per_item: float) -> list[Point]:
    """Expected coverage over answers asked for, with the band of drawn orders, as 'entigraph plan --plot' draws it."""
    longest = max((float(run[-1]) for run in way.runs if len(run)), default=1.0)
    end = longest if way.items is None else max(1, way.items)
    n = np.unique(np.linspace(0, end, POINTS).round())
    low, high = way.band(n, level=LEVEL) if way.runs else (way.share(n), way.share(n))
    rows = zip(n.tolist(), way.share(n).tolist(), low.tolist(), high.tolist(), strict=True)
    return [Point(texts=before + items * per_item, share=share, low=a, high=b) for items, share, a, b in rows]


def _row(desk: Desk, asked: Asked, plan: Plan) -> PlanRow:
    wordings = plan.outlook.wordings
    words = [
        *("--sampler", asked.samplers[0], "-n", plan.items, "--model", asked.model),
        *(("--wordings", wordings) if wordings > 1 else ()),
        *(("--strategy", ",".join(asked.strategies)) if asked.strategies else ()),
        *(("--seed", asked.seed) if asked.seed else ()),
    ]
    return PlanRow(
        coverage=plan.coverage,
        coverage_low=plan.coverage_low,
        coverage_high=plan.coverage_high,
        texts=plan.amount.texts,
        texts_low=plan.low.texts,
        texts_high=None if plan.high is None else plan.high.texts,
        tokens=plan.amount.tokens,
        usd=plan.amount.usd,
        items=plan.items,
        wordings=wordings,
        says=list(plan.cost.says),
        command=" ".join(["entigraph generate", desk.typed, *(shlex.quote(str(word)) for word in words)]),
    )


def _command(desk: Desk, asked: Asked, question: CoverageQuestion) -> str:
    given = {
        "--unit": asked.unit,
        "--sampler": question.sampler,
        "--strategy": ",".join(asked.strategies) or None,
        "--model": question.model or None,
        "--target": question.target,
        "--budget-usd": question.usd,
        "--budget-tokens": question.tokens,
        "--max-texts": question.texts,
        "--seed": question.seed or None,
    }
    words = [
        word for name, value in given.items() if value is not None for word in (name, shlex.quote(str(value)))
    ]
    return " ".join(["entigraph plan", desk.typed, *words]) + _times(asked.times)


def _times(times: int) -> str:
    return f" --times {times}" if times > 1 else ""


def _some(count: int) -> list[int]:
    """At most 400 of so many places, evenly, the first and the last among them."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, POINTS)).tolist()})


def _within(seconds: float) -> Stop:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until
