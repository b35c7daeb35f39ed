"""Days, months and years that a context reaches by counting on from those it named last: "1889 ...; the following year"."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from synthesis.checks.numbers.dates import Date
from synthesis.checks.numbers.days import bare_days
from synthesis.checks.numbers.periods import Period
from synthesis.checks.numbers.quantities import YEARS, Quantity, Reading, reading
from synthesis.checks.numbers.support import joint, single
from synthesis.checks.numbers.units import UNITS, YEAR

DAY = UNITS["day"]
WAY = re.compile(
    r" ?(?:(later\b|after\w*|on[,.;]|hence\b|[以之]?[后後])|(earlier\b|before\w*|previously\b|prior to\b|ago\b|[以之]?前))"
)
"""What follows an amount of time that is counted on or back."""
PASSED = re.compile(r"\b(?:after|for)(?: another| a further| the next)? $|[过隔]了?$")
"""What comes before one that is counted on."""
DAYTIME = "(?:day|morning|afternoon|evening|night)"
SEASON = "(?:year|spring|summer|autumn|winter|season|harvest)"
NEXT_DAY = re.compile(
    rf"\b(?:(next|following) {DAYTIME}|{DAYTIME} (after)|(?:previous|preceding) {DAYTIME}|{DAYTIME} before)\b"
    r"|([次翌][日晨]|第二[天日]|隔[天日])|前一[天日夜晚]"
)
NEXT_MONTH = re.compile(
    r"\b(?:(next|following) month|month (after)|(?:previous|preceding) month|month before)\b"
    "|([次翌]月|下一?个月)|[前上]一?个月"
)
NEXT_YEAR = re.compile(
    rf"\b(?:(next|following) {SEASON}|year (after|that followed)|(?:previous|preceding) {SEASON}|year before)\b"
    "|([次翌隔]年|第二年)|[前上]一年|头一?年"
)
LAST = 2
"""Of the days or years that were named before, so many of the last may be meant."""
BEYOND = 60
"""Characters after "two days before" in which the day may be named."""
LED = 20
MONTHS = 12
EARLIEST = 0.5
"""A shorter time leads from a year to the next too seldom."""
FEW_YEARS = 6
WIDE = {"about": (0.93, 1.07), "above": (1.0, 1.2), "below": (0.85, 1.0)}
KEPT = 64


class Step(NamedTuple):
    """What a text counts on or back at `text[start:end]`."""

    start: int
    end: int
    by: float


def is_reached(said: Date | Period, known: Sequence[Reading]) -> bool:
    """Whether the context names or reaches each part of a date, or a year of a period.

    >>> known = [reading("In 1889 it won a medal; the following year he died. They struck on 5 May, and a day later.")]
    >>> [is_reached(reading(text).dates[0], known) for text in ("on 6 May 1890", "on 7 May 1890", "on 6 May 1891")]
    [True, False, False]
    """
    whole = " ".join(there.text for there in known)
    if isinstance(said, Period):
        return any(said.holds(year) for year in reached_years(whole))
    named = reading(whole)
    if said.year is not None and said.year not in years(named) and said.year not in reached_years(whole):
        return False
    if said.month is None:
        return True
    if said.day is None:
        return said.month in {one.month for one in named.dates} or said.month in reached_months(whole)
    days = {(one.month, one.day) for one in (*named.dates, *bare_days(whole))}
    return (said.month, said.day) in days or (said.month, said.day) in reached_days(whole)


def is_reached_year(year: float, known: Sequence[Reading]) -> bool:
    """Whether the context counts on or back to this year."""
    return year in reached_years(" ".join(there.text for there in known))


@lru_cache(maxsize=KEPT)
def reached_years(text: str) -> frozenset[int]:
    """The years that a folded text counts on or back to.

    >>> sorted(reached_years("in 1889 it won; the following year he died. two years later it was sold"))
    [1890, 1891, 1892]
    """
    said = reading(text)
    named = {(one.start, int(one.values[0])) for one in said.quantities if not one.unit and _is_year(one)}
    named |= {(one.start, one.year) for one in said.dates if one.year is not None}
    named |= {(one.start, one.first) for one in said.periods if one.first == one.last}
    steps = [*_amounts(said, YEAR.dimension, YEAR.factor), *_next(NEXT_YEAR, text)]
    written = (
        min(named)[1] if named else None
    )  # the heading names it first: "seventy years ago" counts from there
    return frozenset(_counted(named, (step for step in steps if abs(step.by) >= EARLIEST), written))


@lru_cache(maxsize=KEPT)
def reached_months(text: str) -> frozenset[int]:
    """The months that a folded text counts on or back to, 1 for January."""
    said = reading(text)
    named = {(one.start, one.month) for one in said.dates if one.month is not None}
    steps = [*_amounts(said, YEAR.dimension, 1.0), *_next(NEXT_MONTH, text)]
    near = (step for step in steps if abs(step.by) < MONTHS and step.by == int(step.by))
    return frozenset((month - 1) % MONTHS + 1 for month in _counted(named, near))


@lru_cache(maxsize=KEPT)
def reached_days(text: str) -> frozenset[tuple[int, int]]:
    """The months and days that a folded text counts on or back to.

    >>> sorted(reached_days("in april 1917 they came. it was planned for the 9th. it came one day earlier"))
    [(4, 8)]
    """
    said = reading(text)
    named = set[tuple[int, int]]()
    for one in (*said.dates, *bare_days(text)):
        if one.month and one.day and (place := _ordinal(one)):
            named.add((one.start, place))
    steps = [*_amounts(said, DAY.dimension, DAY.factor), *_next(NEXT_DAY, text)]
    found = [date.fromordinal(place) for place in _counted(named, (s for s in steps if s.by == int(s.by)))]
    return frozenset((day.month, day.day) for day in found)


def is_long(one: Quantity, known: Sequence[Reading]) -> bool:
    """Whether a round number of years, said to be no exact one, lies between two years of the context, of few."""
    if one.unit is None or one.unit.dimension != YEAR.dimension or not one.hedge:
        return False
    span = one.values[0] * one.unit.factor / YEAR.factor
    held = {year for there in known for year in years(there)}
    if len(held) > FEW_YEARS or span < 10 or span % (5 if span < 100 else 10):
        return False
    low, high = WIDE[one.hedge]
    return any(low * span <= late - early <= high * span for early in held for late in held)


def years(there: Reading) -> set[int]:
    """The years that a sentence names."""
    found = {int(one.values[0]) for one in there.quantities if one.unit is None and one.values[0] in YEARS}
    found |= {one.year for one in there.dates if one.year is not None}
    return found | {one.first for one in there.periods if one.first == one.last}


def _is_year(one: Quantity) -> bool:
    return one.values[0] in YEARS


def _amounts(said: Reading, dimension: str, factor: float) -> Iterator[Step]:
    """Amounts of such a time that are counted on or back: "two years later", "a week before"."""
    for one in (*said.quantities, *joint(said), *single(said)):
        if one.unit is None or one.unit.dimension != dimension:
            continue
        by = one.values[-1] * one.unit.factor / factor
        if way := WAY.match(said.text, one.end):
            yield Step(one.start, way.end(), by if way[1] else -by)
        elif PASSED.search(said.text, max(0, one.start - LED), one.start):
            yield Step(one.start, one.end, by)


def _next(pattern: re.Pattern[str], text: str) -> Iterator[Step]:
    for found in pattern.finditer(text):
        yield Step(*found.span(), 1 if any(found.groups()) else -1)


def _counted(named: Iterable[tuple[int, int]], steps: Iterable[Step], also: int | None = None) -> set[int]:
    """What is reached from the last that were named before each step, from what is named right after it, and from
    another; what the last leads to may lead further."""
    places = sorted(named)
    found = set[int]()
    for step in sorted(steps):
        before = [value for at, value in places if at < step.start][-LAST:]
        after = [value for at, value in places if step.end <= at <= step.end + BEYOND][:1]
        for value in (*before, *after, *([] if also is None else [also])):
            found |= {value + floor(step.by), value + ceil(step.by)}
        if before:
            insort(places, (step.start, before[-1] + round(step.by)))
    return {value for value in found if value > 0}


def _ordinal(one: Date) -> int | None:
    try:
        return date(one.year or 2001, one.month or 1, one.day or 1).toordinal()
    except ValueError:
        return None
