"""Decades, centuries and years of a reign, as the years from the first to the last."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.checks.numbers.dates import WORDY
from synthesis.checks.numbers.numerals import HAN_DIGITS, ORDINALS, han

DECADE = re.compile(r"(?<![\w.,])'?(\d{2,3}0|\d0)'?s\b")
CENTURY = re.compile(rf"(?:(\d{{1,2}})(?:st|nd|rd|th)|(twenty-)?({WORDY}))[ -]$")
HAN_RUN = f"[{''.join(HAN_DIGITS)}十]{{1,4}}"
HAN_PERIOD = re.compile(rf"(?:(\d{{1,2}}|{HAN_RUN})世纪)?(?:(\d{{3}}0|\d0|{HAN_RUN})年代)?")
REIGNS = {
    **{"乾隆": 1735, "嘉庆": 1795, "道光": 1820, "咸丰": 1850, "同治": 1861, "光绪": 1874, "宣统": 1908},
    **{"民国": 1911, "明治": 1867, "大正": 1911, "昭和": 1925},
}
REIGN_YEAR = re.compile(rf"({'|'.join(REIGNS)})(\d{{1,3}}|{HAN_RUN}|元)年")

ERA = r"a\.?d\.?|b\.?c\.?(?:e\.?)?|c\.?e\.?"
EARLY = re.compile(
    rf"\b(?:(?:{ERA}|in|by|since|until|year|about|around|circa|c\.) ?(\d{{1,4}})(?: ?(?:and|to|or|-) ?(\d{{1,4}}))?(?![\w%]|[.,]\d)"
    rf"|(\d{{1,4}})(?: ?(?:and|to|or|-) ?(\d{{1,4}}))? ?(?:{ERA})(?!\w))|(?:公元前?)?(\d{{1,4}}|{HAN_RUN})年(?!代)"
)
LEAST_YEAR = 100
"""What is less counts other things, but with its era."""


@dataclass(frozen=True, slots=True)
class Period:
    """The years `first` to `last`, named at `text[start:end]`. Of "the 70s" only year % 100 is known."""

    start: int
    end: int
    first: int
    last: int

    def holds(self, year: int) -> bool:
        """Whether the year lies within it, in any century where none is named."""
        return self.first <= (year if self.first > 99 else year % 100) <= self.last


def periods(text: str) -> list[Period]:
    """The decades, centuries and years of a reign in a folded text.

    >>> [(p.first, p.last) for p in periods("the 1870s, the '20s, the nineteenth century, the 1700s")]
    [(1870, 1879), (20, 29), (1700, 1799), (1801, 1900)]
    >>> [(p.first, p.last) for p in periods("二十世纪三十年代，民国八年")]
    [(1930, 1939), (1919, 1919)]
    """
    found: list[Period] = []
    if "0s" in text or "0's" in text:
        for decade in DECADE.finditer(text):
            first = int(decade[1])
            found.append(Period(*decade.span(), first, first + (99 if first and first % 100 == 0 else 9)))
    if "centur" in text:
        found += _centuries(text)
    if "世纪" in text or "年代" in text:
        found += _chinese(text)
    if not text.isascii():
        for reign in REIGN_YEAR.finditer(text):
            year = REIGNS[reign[1]] + (1 if reign[2] == "元" else _value(reign[2]))
            found.append(Period(reign.start(), reign.end(), year, year))
    return found


def early_years(text: str) -> set[int]:
    """The years of a folded text that need their era or their place in it to be known as such; whether before or
    after it began.

    >>> sorted(early_years("between ad 640 and 690, in 871, 44 bc"))
    [44, 640, 690, 871]
    """
    found = set[int]()
    for said in EARLY.finditer(text):
        values = [_value(year) for year in said.groups() if year]
        if "c" in said[0][:3] or any(
            mark in said[0] for mark in ("ad", "a.d", "bc", "b.c", "ce", "c.e", "公元")
        ):
            found.update(values)
        else:
            found |= {year for year in values if year >= LEAST_YEAR}
    return found


def _centuries(text: str) -> Iterator[Period]:
    at = text.find("centur")
    while at >= 0:
        if named := CENTURY.search(text, max(0, at - 20), at):
            number = int(named[1]) if named[1] else ORDINALS.get(named[3], 21) + (20 if named[2] else 0)
            yield Period(named.start(), at + 7, 100 * number - 99, 100 * number)
        at = text.find("centur", at + 1)


def _chinese(text: str) -> Iterator[Period]:
    for found in HAN_PERIOD.finditer(text):
        century, decade = found[1], found[2]
        if century and not decade:
            yield Period(*found.span(), 100 * _value(century) - 99, 100 * _value(century))
        elif decade:
            first = _value(decade) + (100 * (_value(century) - 1) if century else 0)
            yield Period(*found.span(), first, first + 9)


def _value(words: str) -> int:
    values = (int(words),) if words.isdigit() else han(words)
    return int(values[-1]) if values else 0
