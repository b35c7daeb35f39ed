"""Expected coverage of a sampler's plan: what n texts cover, before any is written.

    outlook = expected(graph, sampler("edges"), unit="relations")
    outlook.share(100), outlook.items_for(0.9)

A sampler that takes every item of a finite pool once, in random order, has a closed form. Where d of the
N items cover a thing, n of them cover it at least k times with the chance of k successes in a
hypergeometric draw: 1 - C(N - d, n) / C(N, n) for k = 1. With weights, item i is among the first n with
a chance of about 1 - exp(-w_i tau), tau from sum_i (1 - exp(-w_i tau)) = n, and with replacement a thing
of weight W is covered with 1 - (1 - W)^n: a mixture of exponentials again. For any other sampler the plan
is drawn several times, and the mean is given.

What a text covers is what `sampling.accounting` says, so this can be laid over what was written
(`analysis.written`). Source of the weighted orders: Efraimidis and Spirakis 2006,
doi:10.1016/j.ipl.2005.11.003; the closed form for them is an approximation, and ours.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from analysis.coverage import Progress, Stop
from analysis.histograms import Floats, check_draws, check_times
from analysis.pools import DRAWN_AT_MOST, Pool, is_drawn_from_a_pool, pool_of
from kg.graph import Graph
from kg.model import Subgraph
from sampling import UNITS, Coverage, EdgeSampler, Sampler, Unit

RUNS, WORK = 100, 5e6
FEW = 8
TOLD_EVERY = 500
TIE = 1e-9  # gamma functions of a million items are exact to about 1e-10


@dataclass(frozen=True, eq=False, slots=True)
class Outlook:
    """What the items of a plan cover on the average, and in some drawn orders.

    `total` things there are, `start` of them are covered already. `items` is how many the plan has, None
    where drawing was ended before its end. `runs` holds, for each drawn order, after how many items each
    further thing is covered, ascending. Each item counts as `wordings` texts.
    """

    sampler: str
    unit: Unit
    times: int
    wordings: int
    total: int
    start: int
    items: int | None
    runs: tuple[Floats, ...]
    pool: Pool | None = None
    replacement: bool = False

    @property
    def ceiling(self) -> float:
        """Share of the unit that the whole plan covers, 0 to 1; as far as it was drawn."""
        if not self.total:
            return 0.0
        if self.pool is not None:
            needs = self.pool.needs(self.times, self.wordings)
            most = np.inf if self.replacement else self.pool.covers.lengths
            return (self.start + int(((needs > 0) & (needs <= most)).sum())) / self.total
        return float(np.mean([self.start + len(run) for run in self.runs])) / self.total

    def share(self, n: ArrayLike) -> Floats:
        """Expected share of the unit covered after n items, 0 to 1; the shape of `n`."""
        items = check_draws(n)
        flat = items.reshape(-1)
        if not self.total:
            return np.zeros(items.shape)
        if self.pool is not None:
            covered = self.start + self.pool.covered(
                flat, self.times, self.wordings, replacement=self.replacement
            )
        else:
            covered = self.start + np.mean(
                [np.searchsorted(run, flat, side="right") for run in self.runs], axis=0
            )
        return np.asarray(covered / self.total, dtype=np.float64).reshape(items.shape)

    def band(self, n: ArrayLike, *, level: float = 0.9) -> tuple[Floats, Floats]:
        """Between which shares the drawn orders lie after n items."""
        flat = check_draws(n).reshape(-1)
        shares = [
            (self.start + np.searchsorted(run, flat, side="right")) / max(1, self.total) for run in self.runs
        ]
        low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2], axis=0)
        return np.minimum(low, self.share(flat)), np.maximum(high, self.share(flat))

    def after(self, n: Floats, rng: np.random.Generator) -> Floats:
        """The share covered after each number of items, in an order drawn anew for each of them."""
        if not self.runs:
            return self.share(n)
        order = rng.integers(len(self.runs), size=len(n))
        covered = np.empty(len(n))
        for i, run in enumerate(self.runs):
            covered[order == i] = np.searchsorted(run, n[order == i], side="right")
        return (self.start + covered) / max(1, self.total)

    def items_for(self, target: float) -> int | None:
        """The least number of items whose expected share is at least `target`; None where none is."""
        if target > self.ceiling + TIE:
            return None
        high = self.items if self.items is not None and not self.replacement else 1
        while float(self.share(high)) < target - TIE:
            if high > 1e15:
                return None
            high *= 2
        low = -1
        while high - low > 1:
            middle = (low + high) // 2
            if float(self.share(middle)) >= target - TIE:
                high = middle
            else:
                low = middle
        return high

    def items_by_run(self, target: float) -> Floats:
        """After how many items each drawn order reaches the target; infinity where it does not."""
        wanted = math.ceil(target * self.total - self.start - 1e-9)
        return np.array(
            [0.0 if wanted <= 0 else run[wanted - 1] if wanted <= len(run) else np.inf for run in self.runs]
        )


def expected(
    graph: Graph,
    sampler: Sampler,
    *,
    unit: Unit = "relations",
    times: int = 1,
    wordings: int = 1,
    written: Coverage | None = None,
    done: Iterable[Subgraph] = (),
    replacement: bool = False,
    rng: np.random.Generator,
    most: int = DRAWN_AT_MOST,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Outlook:
    """What a plan of this sampler covers, from what `written` texts cover already.

    A thing counts once `times` texts cover it; every item is written `wordings` times. With one wording
    the items in `done` are not drawn again. `most` bounds how many items are looked at; a plan with more
    is drawn `most` items deep, and its ceiling is what those cover. `progress(done, all)` is called while a
    plan is drawn; when `stop()` says yes, what was drawn so far has to do.
    Raises ValueError for wrong arguments, before any work.
    """
    if unit not in UNITS:
        raise ValueError(f"there is no unit {unit!r} of coverage. Known: {', '.join(UNITS)}")
    check_times(times)
    if wordings < 1:
        raise ValueError(f"every item is written once or more, seen wordings={wordings!r}")
    replacement = replacement or (isinstance(sampler, EdgeSampler) and sampler.replacement)
    counted = written or Coverage(graph)
    skip = list(done) if wordings == 1 and not replacement else []
    pooled = is_drawn_from_a_pool(sampler)
    found = pool_of(graph, sampler, unit, counted, skip, most) if pooled else None
    total = counted.total(unit)
    if found is None:
        if replacement:
            raise ValueError(
                f"the items of the sampler {sampler.name!r} are too many to be drawn with replacement"
            )
        return _drawn(
            graph,
            sampler,
            unit,
            times,
            wordings,
            counted,
            skip,
            rng,
            most,
            progress or _silent,
            stop or _never,
        )
    start = counted.covered(unit, times)
    work = max(1, len(found.covers.values))
    runs = tuple(
        found.reached(rng, times, wordings, replacement=replacement)
        for _ in range(int(min(RUNS, max(FEW, WORK // work))))
    )
    return Outlook(sampler.name, unit, times, wordings, total, start, found.items, runs, found, replacement)


def _drawn(
    graph: Graph,
    sampler: Sampler,
    unit: Unit,
    times: int,
    wordings: int,
    written: Coverage,
    done: Iterable[Subgraph],
    rng: np.random.Generator,
    most: int,
    progress: Progress,
    stop: Stop,
) -> Outlook:
    """By drawing the plan a few times, as the sampler draws it."""
    skip = {item.key for item in done}
    have = written.counts_by_row(unit)
    needs = {thing: -(-(times - count) // wordings) for thing, count in have.items()}
    fresh, items = -(-times // wordings), 0
    runs: list[Floats] = []
    whole, stopped = True, False
    for drawn, stream in enumerate(rng.spawn(FEW)):
        left: dict[tuple[int, ...], int] = dict(needs)
        reached: list[int] = []
        number = 0
        for item in islice(sampler.sample(graph, stream), most):
            if skip and item.key in skip:
                continue
            number += 1
            if not number % TOLD_EVERY:
                progress(drawn * most + number, FEW * most)
                if stopped := stop():
                    break
            for thing in written.things(item)[unit]:
                need = left.get(thing, fresh) - 1
                left[thing] = need
                if need == 0:
                    reached.append(number)
        if stopped and runs:
            break
        touched = left != needs
        whole &= not stopped and number + len(skip) < most
        items = max(items, number)
        runs.append(np.asarray(reached, dtype=np.float64))
        if (
            stopped or not touched
        ):  # items without entities, as those of slots are, cover nothing in any order
            break
    return Outlook(
        sampler.name,
        unit,
        times,
        wordings,
        written.total(unit),
        written.covered(unit, times),
        items if whole else None,
        tuple(runs),
    )


def _silent(done: int, of: int) -> None:
    """Shown to nobody."""


def _never() -> bool:
    return False
