"""Days whose month is named elsewhere ("by 20 May ... on the 23rd"), and how many days lie between two dates."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations, pairwise

from synthesis.checks.numbers.dates import HAN_NUMBER, WORDY, Date, dates, weekdays
from synthesis.checks.numbers.numerals import ORDINALS, han
from synthesis.checks.numbers.quantities import JOINING, Quantity, Reading
from synthesis.checks.numbers.units import UNITS, YEAR

DAY = UNITS["day"]
MONTH_DAYS = 30.44
LAST = 31
MOST_DATES = 6
"""Dates of a sentence between which days are counted."""
GAP = r"(?: (?:and|or|to|until|till|through) (?:the )?|, (?:and )?| ?- ?)"
BEFORE = re.compile(rf"(?<![\w.,:])(\d{{1,2}})(?:st|nd|rd|th)?{GAP}$")
AFTER = re.compile(rf"{GAP}(\d{{1,2}})(?:st|nd|rd|th)?(?![\w%]|[.,:]\d)(?: ([a-z]+))?")
ALONE = re.compile(
    r"\b(?:on|from|until|till|by|since|before|after|between|and|to|for|(?:day|morning|afternoon|evening|night|eve) of) the "
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)|((?:twenty-|thirty-)?(?:{WORDY})))(?![\w%])(?: ([a-z]+))?"
)
NO_DAYS = frozenset(
    "century floor chapter edition round minute hour anniversary birthday time place person one".split()
)
HAN_ALONE = re.compile(
    rf"(?<![\w月.])(?:(\d{{1,2}})|({HAN_NUMBER}))(?:日(?![后前後内间元夜本])|号(?![楼线房院店机车床铃井门]))"
    rf"|(?<=[日号、和至到及在于-])(?:(\d{{1,2}})|({HAN_NUMBER}))[日号](?![后前後内间元夜本楼线房院店机车床铃井门])"
)
FEASTS = {
    **{"new year's day": (1, 1), "epiphany": (1, 6), "candlemas": (2, 2), "valentine's day": (2, 14)},
    **{"patrick's day": (3, 17), "lady day": (3, 25), "george's day": (4, 23), "may day": (5, 1)},
    **{"midsummer day": (6, 24), "bastille day": (7, 14), "lammas": (8, 1), "michaelmas": (9, 29)},
    **{"hallowe'en": (10, 31), "halloween": (10, 31), "all saints": (11, 1), "all souls": (11, 2)},
    **{
        "martinmas": (11, 11),
        "armistice day": (11, 11),
        "christmas eve": (12, 24),
        "christmas day": (12, 25),
    },
    **{"christmas": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31)},
    **{
        "元旦": (1, 1),
        "劳动节": (5, 1),
        "儿童节": (6, 1),
        "国庆": (10, 1),
        "平安夜": (12, 24),
        "圣诞": (12, 25),
    },
}
"""Feasts that fall on the same day each year."""
WIDE = {"": (0.97, 1.03), "about": (0.9, 1.1), "above": (1.0, 1.2), "below": (0.85, 1.03)}


@lru_cache(maxsize=256)
def bare_days(text: str) -> tuple[Date, ...]:
    """The days of a folded text that are named without their month, each with the month that was named last; where
    that month has then gone further already, it may be the next one, too.

    >>> [(one.month, one.day) for one in bare_days("by 20 may all was ready; on the 23rd it snowed")]
    [(5, 23)]
    >>> [(one.month, one.day) for one in bare_days("on 14 and 15 march, and on the 3rd")]
    [(3, 14), (3, 3), (4, 3)]
    """
    known = [one for one in dates(text) if one.month]
    if not known:
        return ()
    found = list(_listed(text, known))
    taken = {one.end for one in found}
    for start, end, day in _alone(text):
        within = any(one.start < end and start < one.end for one in known)
        if within or end in taken or not 1 <= day <= LAST:
            continue
        last = next((one for one in reversed(known) if one.start < start), known[0])
        found += [Date(start, end, last.year, month, day) for month in _months(last, day)]
    return tuple(sorted(found, key=lambda one: one.start))


def _months(last: Date, day: int) -> Iterator[int]:
    month = last.month or 1
    yield month
    if last.day is not None and day < last.day:
        yield month % 12 + 1


def _listed(text: str, known: Sequence[Date]) -> Iterator[Date]:
    """The days beside a date of which the month is said once: "14 and 15 March", "May 3-5"."""
    for one in known:
        start = one.start
        while one.day and (led := BEFORE.search(text, max(0, start - 16), start)):
            if not 1 <= int(led[1]) <= LAST:
                break
            yield Date(led.start(1), led.end(1), one.year, one.month, int(led[1]))
            start = led.start()
        end = one.end
        while one.day and text[one.start].isalpha() and (more := AFTER.match(text, end)):
            if not 1 <= int(more[1]) <= LAST or (more[2] and more[2] not in JOINING):
                break
            yield Date(more.start(1), more.end(1), one.year, one.month, int(more[1]))
            end = more.end(1)


def _alone(text: str) -> Iterator[tuple[int, int, int]]:
    """Days without a month: where, and which."""
    for one in ALONE.finditer(text):
        follows = one[3] or ""
        end = one.start(3) - 1 if follows else one.end()
        if one[1] and follows not in NO_DAYS:
            yield one.start(1), end, int(one[1])
        elif one[2] and (not follows or follows in JOINING - {"of"}):
            tens, _, last = one[2].rpartition("-")
            yield one.start(2), end, {"": 0, "twenty": 20, "thirty": 30}[tens] + ORDINALS[last]
    if "日" in text or "号" in text:
        for said in HAN_ALONE.finditer(text):
            figure, run = said[1] or said[3], said[2] or said[4]
            values = (int(figure),) if figure else han(run)
            if values:
                yield *said.span(), int(values[-1])


def feasts(text: str) -> set[tuple[int, int]]:
    """The months and days of the feasts that a folded text names."""
    return {day for name, day in FEASTS.items() if name in text}


# ---- between two days ----------------------------------------------------------------------------------


def lies_between(one: Quantity, known: Sequence[Reading], near: Sequence[Sequence[Reading]] = ()) -> bool:
    """Whether an amount of days, weeks, months or years is the time between two dates of a sentence, or of sentences
    that are near together.

    >>> from synthesis.checks.numbers.quantities import reading
    >>> known = [reading("Between March 2014 and October 2016 they were enrolled.")]
    >>> said = ("roughly two and a half years", "roughly four years", "31 months")
    >>> [lies_between(reading(time).quantities[0], known) for time in said]
    [True, False, True]
    """
    if one.unit is None or one.unit.dimension not in (DAY.dimension, YEAR.dimension):
        return False
    if one.unit.dimension == YEAR.dimension:
        said = [value * one.unit.factor * MONTH_DAYS for value in one.values]
    else:
        said = [value * one.unit.factor / DAY.factor for value in one.values]
    exact = one.unit.dimension == DAY.dimension and one.unit.factor <= DAY.factor and not one.hedge
    low, high = (1.0, 1.0) if exact else WIDE[one.hedge]
    return min(said) >= 1 and any(
        low * days <= most and fewest <= high * days
        for rows in (*((there,) for there in known), *near)
        for fewest, most in _lapses(tuple(rows))
        for days in said
    )


@lru_cache(maxsize=256)
def _lapses(rows: tuple[Reading, ...]) -> tuple[tuple[int, int], ...]:
    """The fewest and the most days between two dates of some sentences, or days of a week; the last day may be
    counted or not."""
    found = [one for there in rows for one in _named(there)]
    lapses = [
        between
        for one, other in combinations(found if len(found) <= MOST_DATES else (), 2)
        if (between := _between(one, other)) is not None
    ]
    for there in rows:
        for (_, one), (_, other) in pairwise(weekdays(there.text, there.words)):
            lapses.append(((other - one) % 7, (other - one) % 7 + 1))
    return tuple(lapses)


def _named(there: Reading) -> list[Date]:
    if not there.dates:
        return []
    found = {*there.dates, *bare_days(there.text)}
    return sorted((one for one in found if one.month), key=lambda one: one.start)


def _between(one: Date, other: Date) -> tuple[int, int] | None:
    years = (one.year or other.year or 2001, other.year or one.year or 2001)
    first, second = _bounds(one, years[0]), _bounds(other, years[1])
    if first and second and second[1] < first[0] and None in (one.year, other.year):
        first = _bounds(one, years[0] - 1) if one.year is None else first
        second = _bounds(other, years[1] + 1) if one.year is not None else second
    if not first or not second:
        return None
    if second < first:
        first, second = second, first
    return max(0, second[0] - first[1]), second[1] - first[0] + 1


def _bounds(one: Date, year: int) -> tuple[int, int] | None:
    """The first and the last day that a date may mean."""
    month = one.month or 1
    try:
        if one.day is not None:
            day = date(year, month, one.day).toordinal()
            return day, day
        after = date(year + month // 12, month % 12 + 1, 1).toordinal()
        return date(year, month, 1).toordinal(), after - 1
    except ValueError:
        return None
