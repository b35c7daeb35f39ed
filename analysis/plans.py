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

from analysis.amounts import Amount, amount_of, bound, tails
from analysis.costs import Cost
from analysis.coverage import Progress, Stop
from analysis.expectation import Outlook, expected
from analysis.histograms import check_times
from kg.graph import Graph
from kg.model import Subgraph
from sampling import Coverage, Sampler, Unit

LEVEL = 0.9
STEP = 0.01
DRAWS = 2_000


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """What a coverage takes with one sampler, on top of the texts there are.

    `coverage` is the expected share after `amount`; the other figures are bounds at the chance `level`.
    For a target `low` and `high` bound the amount, for the order drawn, the share of texts that counts and
    the tokens of a text, and `coverage_low` and `coverage_high` the share after just `amount`, for the
    order; `high` is None where an order may not reach the target at all. For a budget all of them are
    bounds of what it buys, for all three. `next_percent` is what one more percent would take after
    that, None where it cannot be had.
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
    buys = _buys(cost, usd, tokens, texts)
    best: tuple[float, int, Outlook] | None = None
    for way in ways:
        items = int(_items(way, buys(1.0), cost.share))
        share = float(way.share(float(items)))
        if best is None or share > best[0] + 1e-12:
            best = share, items, way
    assert best is not None
    share, items, way = best
    shares, factors = cost.drawn(rng, DRAWS)
    found = np.array(
        [_items(way, buys(factor), counts) for factor, counts in zip(factors, shares, strict=True)]
    )
    asked = np.minimum([buys(factor) for factor in factors], np.ceil(found * way.wordings / shares - 1e-9))
    ends = [bound(cost, asked, asked * factors, tail) for tail in tails(level)]
    low, high = np.quantile(way.after(found, rng), tails(level))
    middle = amount_of(cost, items * way.wordings)
    assert ends[0] is not None
    return Plan(
        *(way, cost, share, share, min(share, float(low)), max(share, float(high)), items, middle),
        ends[0],
        ends[1],
        _next(way, share, items, cost),
        level,
    )


def _items(way: Outlook, texts: float, share: float) -> float:
    """How many items come to count when so many texts are asked for; the plan may have fewer."""
    items = math.floor(texts * share / way.wordings + 1e-9) if math.isfinite(texts) else 10**15
    return items if way.items is None else min(items, way.items)


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
    runs = way.items_by_run(target)
    picked = rng.choice(runs, size=DRAWS) * way.wordings if len(runs) else np.full(DRAWS, float(items))
    shares, factors = cost.drawn(rng, DRAWS)
    asked = picked / shares
    middle = amount_of(cost, items * way.wordings)
    ends = [bound(cost, asked, asked * factors, tail) for tail in tails(level)]
    low = ends[0] or middle
    coverage = float(way.share(float(items)))
    below, above = way.band([float(items)], level=level) if way.runs else (np.array([coverage]),) * 2
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
        _next(way, coverage, items, cost),
        level,
    )


def _next(way: Outlook, coverage: float, items: int, cost: Cost) -> Amount | None:
    """What one more percent takes after so many items, or what is left up to the whole; None for neither."""
    if coverage >= 1 - 1e-9 or not cost.share:
        return None
    after = way.items_for(min(1.0, coverage + STEP))
    return None if after is None else amount_of(cost, (after - items) * way.wordings)


def _buys(cost: Cost, usd: float | None, tokens: float | None, texts: int | None) -> Callable[[float], float]:
    """How many texts the budget buys where each takes `factor` times the tokens it is thought to take."""
    limits = {"dollars": usd, "tokens": tokens, "texts": texts}
    given = {name: value for name, value in limits.items() if value is not None}
    if not given:
        raise ValueError("a budget is needed: dollars, tokens or texts")
    for name, value in given.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"a budget is 0 or more {name}, saw {value!r}")
    most, each = math.inf if texts is None else float(texts), cost.usd(1.0)
    paid = [] if tokens is None else [tokens / cost.tokens]
    if usd is not None:
        if each is None:
            raise ValueError(
                "wanted what so many dollars buy, but nobody has written down the price of this model: write it "
                "into the prices file ('entigraph config' names it), or give a budget of tokens or texts"
            )
        paid.append(usd / each if each else math.inf)

    def buys(factor: float) -> float:
        number = min(most, *(one / factor for one in paid), math.inf)
        return math.floor(number + 1e-9) if math.isfinite(number) else math.inf

    return buys


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
    other = {"relations": "edges", "entities": "entities", "pairs": "pairs", "triangles": "triangles"}[unit]
    ways_out = [f"ask for at most {math.floor(ceiling * 1000) / 1000:.3f}"] if ceiling >= 0.001 else []
    if name != other:
        ways_out.append(f"use the sampler {other!r}")
    elif unit != "relations":
        ways_out.append("use a sampler that reaches more")
    elif best.times == 1 and best.items is not None:
        why += ", as they join an entity to itself"
    hint = f"; {', or '.join(ways_out)}" if ways_out else ""
    return Unreachable(
        f"wanted {target:.1%} of the {unit}{often}, but the sampler {name!r} reaches {ceiling:.1%}: {why}{hint}",
        ceiling,
    )
