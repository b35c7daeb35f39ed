"""From a target to a budget and back: how many texts, tokens and dollars a coverage takes, and the next 1 %.

A plan is an `Outlook` (what n items cover) with a `Cost` (what a text takes, and how much of it counts).
Texts to ask for are texts that must count, divided by the share that has come to count so far. What is
rejected is asked for again in another wording, so the items that count are still drawn without
replacement.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.costs import Cost
from analysis.coverage import Progress, Stop
from analysis.expectation import Outlook, expected
from analysis.histograms import Floats, check_times
from kg.graph import Graph
from kg.model import Subgraph
from sampling import Coverage, Sampler, Unit

LEVEL = 0.9
STEP = 0.01
DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Amount:
    """So many texts asked for, tokens in and out, dollars (None: the price is not known)."""

    texts: int
    tokens: int
    usd: float | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"texts": self.texts, "tokens": self.tokens, "usd": self.usd}


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """What a coverage takes with one sampler, on top of the texts there are.

    `coverage` is the expected share after `amount`, between `coverage_low` and `coverage_high` for the
    order drawn, at the chance `level`; `low` and `high` bound the amount, for the order, the share that
    counts and the tokens of a text; `high` is None where an order may not reach the target at all.
    `next_percent` is what one more percent would take after that, None where it cannot be had.
    """

    outlook: Outlook
    cost: Cost
    target: float
    coverage: float
    coverage_low: float
    coverage_high: float
    items: int
    amount: Amount
    low: Amount
    high: Amount | None
    next_percent: Amount | None
    level: float = LEVEL

    def to_dict(self) -> dict[str, Any]:
        """The keys `plan --json` promises, and more."""
        nothing = {"texts": None, "tokens": None, "usd": None}
        outlook = self.outlook
        return {
            "target": self.target,
            "unit": outlook.unit,
            "times": outlook.times,
            **self.amount.to_dict(),
            "low": self.low.to_dict(),
            "high": nothing if self.high is None else self.high.to_dict(),
            "next_percent": nothing if self.next_percent is None else self.next_percent.to_dict(),
            "level": self.level,
            "sampler": outlook.sampler,
            "wordings": outlook.wordings,
            "subgraphs": self.items,
            "covered": outlook.start / outlook.total if outlook.total else 0.0,
            "coverage": {"expected": self.coverage, "low": self.coverage_low, "high": self.coverage_high},
            "reachable": outlook.ceiling,
            "tokens_in": self.cost.tokens_in,
            "tokens_out": self.cost.tokens_out,
            "counted_share": self.cost.share,
            "says": list(self.cost.says),
        }


class Unreachable(ValueError):
    """No number of texts of this sampler reaches the target; the message says what is reachable and why."""

    def __init__(self, message: str, reachable: float) -> None:
        super().__init__(message)
        self.reachable = reachable


def outlooks(
    graph: Graph,
    sampler: Sampler,
    *,
    unit: Unit = "relations",
    times: int = 1,
    written: Coverage | None = None,
    done: Iterable[Subgraph] = (),
    rng: np.random.Generator,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> list[Outlook]:
    """The ways to meet a thing `times` times with one sampler: from one wording of each item to that many."""
    check_times(times)
    kept, ways = list(done), sorted({-(-times // rounds) for rounds in range(1, times + 1)})
    return [
        expected(
            graph,
            sampler,
            unit=unit,
            times=times,
            wordings=wordings,
            written=written,
            done=kept,
            rng=rng,
            progress=progress,
            stop=stop,
        )
        for wordings in ways
    ]


def plan(
    ways: Sequence[Outlook], target: float, cost: Cost, *, rng: np.random.Generator, level: float = LEVEL
) -> Plan:
    """The cheapest way to a share of `target`, 0 to 1, of the unit.

    Raises ValueError for a target that is no share, `Unreachable` for one above what the sampler covers.
    """
    if not (math.isfinite(target) and 0 < target <= 1):
        raise ValueError(f"a target is a share above 0 and up to 1, such as 0.9, saw {target!r}")
    _check_level(level)
    found = [
        (count * way.wordings, count, way) for way in ways if (count := way.items_for(target)) is not None
    ]
    if not found:
        raise _unreachable(ways, target)
    if not cost.share:
        raise Unreachable(
            f"wanted {target:.0%} of the {ways[0].unit}, but none of the {cost.answers} texts of this kind so far "
            "came to count: look at them with 'entigraph runs show', and change the model or the checks",
            ways[0].start / ways[0].total,
        )
    _, items, way = min(found, key=lambda one: (one[0], one[2].wordings))
    return _planned(way, target, items, cost, rng, level)


def afford(
    ways: Sequence[Outlook],
    cost: Cost,
    *,
    usd: float | None = None,
    tokens: float | None = None,
    texts: int | None = None,
    rng: np.random.Generator,
    level: float = LEVEL,
) -> Plan:
    """The most that a budget covers: as many texts as all the given limits allow, in the best way.

    Raises ValueError for no limit, a negative one, or dollars where the price of the model is not known.
    """
    _check_level(level)
    most = _texts_of(cost, usd, tokens, texts)
    best: tuple[float, int, Outlook] | None = None
    for way in ways:
        items = math.floor(most * cost.share / way.wordings + 1e-9) if math.isfinite(most) else 10**15
        items = items if way.items is None else min(items, way.items)
        share = float(way.share(float(items)))
        if best is None or share > best[0] + 1e-12:
            best = share, items, way
    assert best is not None
    share, items, way = best
    return _planned(way, share, items, cost, rng, level)


def compare(
    samplers: Sequence[Sequence[Outlook]],
    costs: Sequence[Cost],
    make: Callable[[Sequence[Outlook], Cost], Plan],
) -> tuple[list[Plan], dict[str, str]]:
    """A plan for each sampler, the best first, and why others have none.

    The best has the highest coverage where that differs (a budget), else the lowest price, else the fewest
    tokens. Raises the last reason where no sampler has a plan.
    """
    plans: list[Plan] = []
    reasons: dict[str, str] = {}
    last: Unreachable | None = None
    for ways, cost in zip(samplers, costs, strict=True):
        try:
            plans.append(make(ways, cost))
        except Unreachable as error:
            reasons[ways[0].sampler], last = str(error), error
    if not plans:
        if last is None:
            raise ValueError("no sampler was named to compare")
        if len(reasons) == 1:
            raise last
        raise Unreachable("; ".join(reasons.values()), last.reachable)
    priced = all(one.amount.usd is not None for one in plans)

    def worth(one: Plan) -> tuple[float, float, float]:
        return -one.target, one.amount.usd or 0.0 if priced else 0.0, one.amount.tokens

    return sorted(plans, key=worth), reasons


def _planned(
    way: Outlook, target: float, items: int, cost: Cost, rng: np.random.Generator, level: float
) -> Plan:
    tails = [(1 - level) / 2, (1 + level) / 2]
    runs = way.items_by_run(target)
    picked = rng.choice(runs, size=DRAWS) * way.wordings if len(runs) else np.full(DRAWS, float(items))
    shares, factors = cost.drawn(rng, DRAWS)
    asked = picked / shares
    middle = _amount(cost, items * way.wordings)
    ends = [_bound(cost, asked, asked * factors, tail) for tail in tails]
    low = ends[0] or middle
    coverage = float(way.share(float(items)))
    below, above = way.band([float(items)], level=level) if way.runs else (np.array([coverage]),) * 2
    after = way.items_for(min(1.0, target + STEP)) if target < 1 else None
    before = way.items_for(target)
    step = None
    if after is not None and before is not None and cost.share:
        step = _amount(cost, (after - min(before, after)) * way.wordings)
    return Plan(
        way,
        cost,
        target,
        coverage,
        float(below[0]),
        float(above[0]),
        items,
        middle,
        low if low.texts <= middle.texts else middle,
        ends[1] if ends[1] is None or ends[1].texts >= middle.texts else middle,
        step,
        level,
    )


def _amount(cost: Cost, counted: float) -> Amount:
    asked = math.ceil(cost.asked(counted) - 1e-9)
    return Amount(asked, round(asked * cost.tokens), _rounded(cost.usd(asked)))


def _bound(cost: Cost, texts: Floats, weighed: Floats, tail: float) -> Amount | None:
    """The amounts that a share of `tail` of the drawn plans stays below; None where they do not end."""
    asked, tokens = (float(np.quantile(values, tail, method="higher")) for values in (texts, weighed))
    if not (math.isfinite(asked) and math.isfinite(tokens)):
        return None
    return Amount(math.ceil(asked - 1e-9), round(tokens * cost.tokens), _rounded(cost.usd(tokens)))


def _rounded(usd: float | None) -> float | None:
    return None if usd is None else round(usd, 6)


def _texts_of(cost: Cost, usd: float | None, tokens: float | None, texts: int | None) -> float:
    limits = {"dollars": usd, "tokens": tokens, "texts": texts}
    given = {name: value for name, value in limits.items() if value is not None}
    if not given:
        raise ValueError("a budget is needed: dollars, tokens or texts")
    for name, value in given.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"a budget is 0 or more {name}, saw {value!r}")
    most = [math.inf]
    if usd is not None:
        each = cost.usd(1.0)
        if each is None:
            raise ValueError(
                "wanted what so many dollars buy, but nobody has written down the price of this model: write it "
                "into the prices file ('entigraph config' names it), or give a budget of tokens or texts"
            )
        most.append(usd / each if each else math.inf)
    if tokens is not None:
        most.append(tokens / cost.tokens)
    if texts is not None:
        most.append(float(texts))
    return math.floor(min(most) + 1e-9) if math.isfinite(min(most)) else math.inf


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"the level of an interval lies between 0 and 1, saw {level!r}")


def _unreachable(ways: Sequence[Outlook], target: float) -> Unreachable:
    best = max(ways, key=lambda way: way.ceiling)
    unit, name, ceiling, total = best.unit, best.sampler, best.ceiling, best.total
    if not total:
        return Unreachable(
            f"wanted {target:.0%} of the {unit}, but the graph has none: nothing can be covered", 0.0
        )
    often = "" if best.times == 1 else f" {best.times} times"
    left = total - round(ceiling * total)
    why = (
        f"{left:,} of {total:,} are in no item of it" if best.times == 1 else f"{left:,} of {total:,} cannot"
    )
    if best.items is None:
        why = f"that is how far its plan was drawn, {len(best.runs)} times"
    hint = f"ask for at most {math.floor(ceiling * 1000) / 1000:.3f}, or " if ceiling >= 0.001 else ""
    other = {"relations": "edges", "entities": "entities", "pairs": "pairs", "triangles": "triangles"}[unit]
    which = "a sampler that reaches more" if name == other else f"the sampler {other!r}"
    return Unreachable(
        f"wanted {target:.1%} of the {unit}{often}, but the sampler {name!r} reaches {ceiling:.1%}: {why}; "
        f"{hint}use {which}",
        ceiling,
    )
