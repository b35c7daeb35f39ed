"""What a context supports in numbers: whether it holds a quantity, a date or a period in any form."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from synthesis.checks.numbers.dates import Date, weekdays
from synthesis.checks.numbers.days import bare_days, feasts
from synthesis.checks.numbers.joined import compounds
from synthesis.checks.numbers.numerals import ROMAN, spots
from synthesis.checks.numbers.periods import Period, early_years
from synthesis.checks.numbers.quantities import YEARS, Quantity, Reading, reading
from synthesis.checks.numbers.units import CLOCK, PERCENT, UNITS, YEAR
from synthesis.checks.tokens import KEPT

SMALL = 3
TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
NEAR = {"about": (0.9, 1.1), "above": (1.0, 1.3), "below": (0.8, 1 + 1e-9), "": (1 - 1e-9, 1 + 1e-9)}
SHARE = PERCENT.dimension
SPANS = frozenset(
    form for form, unit in UNITS.items() if unit.dimension in ("moment", "months") and form.isascii()
)
ONE = re.compile(
    r"\b(?:(half )?an?|each|every|per|another"
    r"|(?:next|following|previous|same|first|last|past|preceding|coming|opening|closing|initial|final|whole|entire|full)) $"
)
LEAD = 16
"""Characters before a unit in which it is said to be one."""
OFTEN = {
    **{"hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "fortnightly": "fortnight"},
    **{"monthly": "month", "yearly": "year", "annual": "year", "annually": "year"},
}
HAN_SINGLE = re.compile("(?:(半)|[首整全每])个?(年|月|天|日|周|小时|钟头|星期|世纪)")
RATE = re.compile(r"(?: [a-z]+)? (?:in every|in|out of|out of every|of every|of the|per) (?:the )?$")


@dataclass(frozen=True, slots=True)
class Support:
    """The numbers of a context, ready to be asked about those of a text.

    `values` are all of them in order, `uses` what is said with each, `amounts` those with a unit by dimension, in
    its measure.
    """

    values: tuple[float, ...]
    uses: dict[float, list[Quantity]]
    amounts: dict[str, tuple[float, ...]]
    years: frozenset[int]
    months: frozenset[int]
    days: frozenset[tuple[int, int]]
    weekdays: frozenset[int]
    periods: tuple[Period, ...]
    text: str

    def holds(self, one: Quantity) -> bool:
        """Whether a number of a text stands here, or follows from one that does."""
        if not one.asserted:
            return True
        if any(_any_between(self.values, value, value) for value in one.values):
            return not self._means_another(one) or any(self._follows(value, one) for value in one.values)
        counting = one.unit is None and all(value <= SMALL and value == int(value) for value in one.values)
        return counting or one.values == (1,) or any(self._follows(value, one) for value in one.values)

    def holds_date(self, date: Date) -> bool:
        """Whether a date stands here: its day and month together, its year anywhere."""
        if date.year is not None and date.year not in self.years:
            return False
        if date.day is not None:
            days = self.days
            if (date.month, date.day) in days or date.other in days:
                return True
            if (date.month, date.day) in feasts(self.text):
                return True
            return any((date.month, date.day) == (bare.month, bare.day) for bare in bare_days(self.text))
        return date.month in self.months

    def holds_period(self, period: Period) -> bool:
        """Whether a year of this decade or century stands here, or a period within it."""
        if period.first < YEARS[0] and any(period.holds(year) for year in early_years(self.text)):
            return True
        within = any(period.holds(other.first) and period.holds(other.last) for other in self.periods)
        return within or any(period.holds(year) for year in self.years)

    def _means_another(self, one: Quantity) -> bool:
        """Whether the context gives this number to other things only: other units, or another noun."""
        if one.unit is None or one.unit is CLOCK or one.unit.dimension == SHARE:
            return False
        uses = [use for value in one.values for use in self.uses.get(value, ())]
        return bool(uses) and all(use.unit is not one.unit and (use.unit or use.noun) for use in uses)

    def _follows(self, value: float, one: Quantity) -> bool:
        """Whether it is another form of what stands here: rounded, in another unit, a share, a span of years."""
        low, high = NEAR[one.hedge]
        if one.hedge and _rounded(value) and _any_between(self.values, low * value, high * value):
            return True
        unit = one.unit
        if unit is None:
            return value == 0.5
        if unit.dimension == SHARE:
            share = value * unit.factor / 100
            return share == 1 or _any_between(self.values, share - 0.004, share + 0.004)
        if unit is CLOCK:
            return any(_any_between(self.values, hour, hour) for hour in (value - 12, value + 12))
        amount = value * unit.factor
        if _any_between(self.amounts.get(unit.dimension, ()), low * amount, high * amount):
            return True
        years = amount / YEAR.factor if unit.dimension == YEAR.dimension else 0.5
        if years != int(years):
            return False
        if any(int(years) + year in self.years for year in self.years):
            return True
        early = early_years(self.text) if years >= 1 else set[int]()
        return any(int(years) + year in early for year in early)


def _any_between(ordered: Sequence[float], low: float, high: float) -> bool:
    at = bisect_left(ordered, low)
    return at < len(ordered) and ordered[at] <= high


@lru_cache(maxsize=KEPT)
def support(known: str) -> Support:
    """What a context (with its headings and the names asked about) supports."""
    said = reading(known)
    values = {float(ROMAN[word]) for word in ROMAN.keys() & said.words}
    uses: dict[float, list[Quantity]] = defaultdict(list)
    measures = [(one.values[0], one.unit) for one in said.quantities if one.unit is not None]
    measures += [(one.values[0], one.unit) for one in single(said) if one.unit]
    measures += [(1.0, UNITS[OFTEN[word]]) for word in OFTEN.keys() & said.words]
    measures += [(TIMES[word], UNITS["times"]) for word in TIMES.keys() & said.words]
    measures += [(one.values[0], one.unit) for one in joint(said) if one.unit]
    for one in said.quantities:
        for value in one.values:
            uses[value].append(one)
    values.update(uses, _rates(said))
    amounts: dict[str, set[float]] = defaultdict(set)
    values |= {TIMES[word] for word in TIMES.keys() & said.words}
    for amount, unit in measures:
        amounts[unit.dimension].add(amount * unit.factor)
        if unit.dimension == SHARE:
            values.add(amount * unit.factor / 100)
        elif unit is CLOCK:
            values |= {int(amount), int(amount) % 12, int(amount) % 12 + 1, round(amount % 1 * 60)}
    if not said.words.isdisjoint(("past", "quarter")):  # "half past four", "a quarter to five"
        values |= {hour + part for hour in values if hour <= 12 for part in (-0.25, 0.25, 0.5)}
    for date in said.dates:
        values |= {part for part in (date.year, date.month, date.day) if part is not None}
    values |= {period.first for period in said.periods if period.first == period.last}
    days = {(date.month, date.day) for date in said.dates if date.month and date.day}
    return Support(
        values=tuple(sorted(values)),
        uses=uses,
        amounts={dimension: tuple(sorted(found)) for dimension, found in amounts.items()},
        years=frozenset(int(value) for value in values if YEARS[0] <= value <= YEARS[-1]),
        months=frozenset(date.month for date in said.dates if date.month),
        days=frozenset(days | {date.other for date in said.dates if date.other}),
        weekdays=frozenset(day for _, day in weekdays(said.text, said.words)),
        periods=said.periods,
        text=said.text,
    )


def joint(said: Reading) -> Iterator[Quantity]:
    """Amounts said in several units: "two hours and six minutes", "an hour and fifty-one minutes"."""
    alone = list(single(said))
    return compounds(said.text, sorted([*said.quantities, *alone]) if alone else said.quantities)


def _rounded(value: float) -> bool:
    """Whether a number is a rounded one: at most two digits and zeros."""
    return value >= 10 and value == int(value) and len(str(int(value)).rstrip("0")) <= 2


def single(said: Reading) -> Iterator[Quantity]:
    """Units that stand alone: "a fortnight", "the first fortnight", "half an hour", "an hour and a half", 半年, 首周."""
    text = said.text
    for start, word in spots(text, SPANS & said.words):
        led = ONE.search(text, max(0, start - LEAD), start)
        if led and word[-1] != "s":
            end = start + len(word)
            more = text.startswith(" and a half", end)
            yield Quantity(led.start(), end, (0.5 if led[1] else 1.5 if more else 1.0,), UNITS[word])
    if not text.isascii():
        for found in HAN_SINGLE.finditer(text):
            unit = UNITS.get(found[2]) or UNITS[f"个{found[2]}"]
            yield Quantity(*found.span(), (0.5 if found[1] else 1.0,), unit)


def _rates(said: Reading) -> Iterator[float]:
    """The shares in "nine in every fifty" and "three of the ten"."""
    if said.words.isdisjoint(("in", "of", "per")):
        return
    for part, whole in pairwise(said.quantities):
        few, many = part.values[0], whole.values[0]
        near = whole.start - part.end < 40 and many > few > 0
        if near and RATE.fullmatch(said.text, part.end, whole.start):
            yield few / many
