"""Dates in a text, however they are written: "2 January 1874", "January 2nd", 1874-01-02, 一八七四年一月二日."""

import re
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass

from synthesis.checks.numbers.numerals import HAN, HAN_DIGITS, ORDINALS, han, spots
from synthesis.checks.tokens import vocabulary

MONTHS = {
    form: number
    for number, forms in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
        "october oct|november nov|december dec".split("|"),
        1,
    )
    for form in forms.split()
}
VERBS = {"march", "may", "mar"}
WEEKDAYS = {
    form: number
    for number, forms in enumerate(
        "monday mon 一|tuesday tue tues 二|wednesday wed 三|thursday thu thurs 四|friday fri 五|"
        "saturday sat 六|sunday sun 日 天".split("|"),
        1,
    )
    for form in forms.split()
}
FULL_WEEKDAYS = frozenset(form for form in WEEKDAYS if form.endswith("day"))
WORDY = "|".join(sorted((*ORDINALS, "twenty-first", "thirty-first"), key=len, reverse=True))
DAY = rf"(\d{{1,2}})(?:st|nd|rd|th)?|((?:twenty-|thirty-|twenty |thirty )?(?:{WORDY}))"
BEFORE = re.compile(rf"(?<![\w.,])(?:{DAY})(?: day)?,?(?: of)?(?: the month of)? ?$")
AFTER = re.compile(rf"\.? (?:the )?(?:{DAY})(?![\w%]|,\d|\.\d| [ap]\.?m)")
YEAR_AFTER = re.compile(r"[.,]?,?(?: of)?(?: the year)? (\d{4})(?![\d,.]\d|\w)")
MEANT = re.compile(
    r"\b(?:in|of|since|until|by|early|late|mid|last|next|this|that|every|from|to|through|during)[ -]$"
)
NUMERIC = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(\d{1,2})([-/.])(\d{1,2})\6(\d{4})(?!\d)")

HAN_NUMBER = f"[{''.join(HAN_DIGITS)}十]{{1,3}}"
HAN_YEAR = re.compile(r"(\d{4}|[〇零一二三四五六七八九]{4})\s*年$")
HAN_MONTH = re.compile(rf"(?:(\d{{1,2}})\s*|({HAN_NUMBER})|(正|腊|冬))$")
HAN_DAY = re.compile(
    rf"月\s*(?:初|的)?(?:(\d{{1,2}})|({HAN_NUMBER}))(?:\s*[日号]|(?![\w个]))|月初({HAN_NUMBER})"
)
LUNAR = {"正": 1, "冬": 11, "腊": 12}
HAN_WEEKDAY = re.compile("(?:星期|礼拜|周)([一二三四五六日天])")


@dataclass(frozen=True, slots=True)
class Date:
    """A date or a part of one at `text[start:end]`; a part that is not said is None. `other` is its second
    reading as (month, day) where figures leave open which is which."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    other: tuple[int, int] | None = None


def dates(text: str, there: Set[str] | None = None) -> list[Date]:
    """The dates of a folded text that name a month, in order; `there` are its words, where they are known.

    >>> [(d.year, d.month, d.day) for d in dates("on the second of january 1874, then may 3rd, then 1880-11-05")]
    [(1874, 1, 2), (None, 5, 3), (1880, 11, 5)]
    >>> [(d.year, d.month, d.day) for d in dates("一八七四年一月二日，腊月")]
    [(1874, 1, 2), (None, 12, None)]
    """
    months = MONTHS.keys() & (vocabulary(text) if there is None else there)
    found = list(_english(text, months)) if months else []
    if "月" in text:
        found += _chinese(text)
    found += _numeric(text)
    return sorted(found, key=lambda date: date.start)


def weekdays(text: str, there: Set[str]) -> list[tuple[tuple[int, int], int]]:
    """The days of the week that a folded text of these words names: where, and 1 for Monday."""
    found = [((at, at + len(word)), WEEKDAYS[word]) for at, word in spots(text, FULL_WEEKDAYS & there)]
    if not text.isascii():
        found += [(named.span(), WEEKDAYS[named[1]]) for named in HAN_WEEKDAY.finditer(text)]
    return found


def _english(text: str, months: Collection[str]) -> Iterator[Date]:
    for start, word in spots(text, months):
        end, first = start + len(word), start
        day = year = None
        if before := BEFORE.search(text, max(0, start - 30), start):
            day, first = _day(before[1], before[2]), before.start()
        elif after := AFTER.match(text, end):
            day, end = _day(after[1], after[2]), after.end()
        if followed := YEAR_AFTER.match(text, end):
            year, end = int(followed[1]), followed.end()
        if (
            word in VERBS
            and day is None
            and year is None
            and not MEANT.search(text, max(0, start - 9), start)
        ):
            continue
        yield Date(first, end, year, MONTHS[word], day if day and day <= 31 else None)


def _day(figure: str | None, word: str | None) -> int | None:
    if figure:
        return int(figure)
    tens, _, last = (word or "").replace(" ", "-").rpartition("-")
    return {"": 0, "twenty": 20, "thirty": 30}[tens] + ORDINALS[last]


def _numeric(text: str) -> Iterator[Date]:
    for mark in "-/.":
        at = text.find(mark)
        while at >= 0:
            if text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
                start = at
                while start and text[start - 1].isdigit():
                    start -= 1
                if found := NUMERIC.match(text, start):
                    if date := _plausible(found):
                        yield date
                    at = found.end() - 1
            at = text.find(mark, at + 1)


def _plausible(found: re.Match[str]) -> Date | None:
    """The date of figures; 03/04/1874 may be either, 25/12/1874 and 1874-03-04 only one."""
    year = int(found[1] or found[8])
    first, second = (int(found[3]), int(found[4])) if found[1] else (int(found[7]), int(found[5]))
    ways = [(first, second)] if found[1] else [(first, second), (second, first)]
    ways = [(month, day) for month, day in ways if 1 <= month <= 12 and 1 <= day <= 31]
    if not ways:
        return None
    return Date(found.start(), found.end(), year, *ways[0], ways[1] if len(ways) > 1 else None)


def _chinese(text: str) -> Iterator[Date]:
    at = text.find("月")
    while at >= 0:
        if month := HAN_MONTH.search(text, max(0, at - 4), at):
            number = LUNAR[month[3]] if month[3] else _value(month[1], month[2])
            year = HAN_YEAR.search(text, max(0, month.start() - 8), month.start())
            day = HAN_DAY.match(text, at)
            if number is not None and 1 <= number <= 12:
                yield Date(
                    year.start() if year else month.start(),
                    day.end() if day else at + 1,
                    _value(year[1], year[1]) if year else None,
                    number,
                    _value(day[1], day[2] or day[3]) if day else None,
                )
        at = text.find("月", at + 1)


def _value(figure: str | None, run: str | None) -> int | None:
    if figure and figure.isdigit():
        return int(figure)
    values = han(run) if run and HAN.fullmatch(run) else ()
    return int(values[-1]) if values else None
