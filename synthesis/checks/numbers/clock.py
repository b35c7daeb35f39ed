"""Times of the day as one value however they are said: "twenty minutes past ten", "10.20", 十点二十分."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from synthesis.checks.numbers.numerals import HAN, ONES, TENS, han

TURN = 720
"""Minutes after which the hands of a clock stand where they stood: 10.20 may be a morning or an evening."""
QUARTER = 15
FIRST_HOURS = [word for word, value in ONES.items() if 1 <= value <= 12]
SPELLED = {word: value for word, value in ONES.items() if value} | {
    f"{ten}{joint}{one}": tens + units
    for ten, tens in TENS.items()
    if tens < 60
    for joint, one, units in (
        ("", "", 0),
        *((gap, one, v) for one, v in ONES.items() if 0 < v < 10 for gap in "- "),
    )
}
HOUR = rf"(?:{'|'.join(sorted(FIRST_HOURS, key=len, reverse=True))}|\d{{1,2}})"
MINUTES = rf"(?:{'|'.join(sorted(SPELLED, key=len, reverse=True))}|\d{{1,2}})"
PAST = re.compile(
    rf"\b(?:(half)|(?:an? )?(quarter)|({MINUTES})(?:[ -]minutes?)?)[ -](past|after|to|before|short of|shy of)[ -]({HOUR})\b(?![.:,]?\d)"
)
FIGURES = re.compile(r"(?<![\d.:,/])(\d{1,2})[.:]([0-5]\d)(?![\d:/%]|[.,]\d)")
SPOKEN = re.compile(rf"\b(?:at|by|until|till|from|before|after|the)[ -]({HOUR})[ -](?:oh[ -])?({MINUTES})\b")
WHOLE = re.compile(
    rf"\b(?:({HOUR})(?: ?o'clock| ?[ap]\.?m\b| in the (?:morning|afternoon|evening)\b| at night\b)|(?:(?:12|twelve) )?(noon|midday|midnight)\b)|(正午|中午|午夜)"
)
NUMERAL = rf"(?:\d{{1,2}}|{HAN.pattern[:-1]}{{1,4}})"
HAN_TIME = re.compile(
    rf"(?:差(?:({NUMERAL})分钟?|(一刻)钟?)(?:到|就)?)?({NUMERAL})(?:点钟?|时)"
    rf"(?:(半)|({NUMERAL})刻|差({NUMERAL})分|差(一刻)|过?({NUMERAL})分)?"
)

HOUR_ALONE = re.compile(
    rf"\b(?:at|until|till|to|by|from|between|and) ({HOUR})"
    r"(?=[.,;:)]|$| (?:and|or|to|until|till|when|while|with|on|at|in|they|he|she|it|the)\b)(?![.,:]\d)"
)
HAN_DOUBLE = re.compile("([子丑寅卯辰巳午未申酉戌亥])时")
DOUBLE_HOURS = "子丑寅卯辰巳午未申酉戌亥"
"""The first lasts from eleven at night to one."""


class Clock(NamedTuple):
    """A time of the day at `text[start:end]`: minutes past twelve, less than 720."""

    start: int
    end: int
    minutes: int


def clocks(text: str) -> list[Clock]:
    """The times of the day of a folded text, and what may be one: "10.20" is a price in other places.

    >>> [time.minutes for time in clocks("at 10.20; at twenty minutes past ten; a quarter to four; at noon")]
    [620, 620, 225, 0]
    >>> [time.minutes for time in clocks("十点二十分，22:20，十点半，差五分十点，十点三刻")]
    [620, 620, 630, 595, 645]
    >>> [time.minutes for time in clocks("丑时")]
    [60, 120, 180]
    """
    found = list(_english(text))
    if not text.isascii():
        found += _han(text)
    return sorted(found)


def hours(text: str) -> list[Clock]:
    """The same with the hours that are said without more, where others are said in full.

    >>> [time.minutes // 60 for time in hours("they begin at 3 a.m. and finish at 11; he has 4 cows")]
    [3, 11]
    """
    found = clocks(text)
    if not found:
        return []
    taken = [time.start for time in found]
    for said in HOUR_ALONE.finditer(text):
        if _value(said[1]) <= 24 and not any(said.start() <= start <= said.end() for start in taken):
            found.append(Clock(said.start(1), said.end(1), 60 * _value(said[1]) % TURN))
    return sorted(found)


def _english(text: str) -> Iterator[Clock]:
    for said in PAST.finditer(text):
        past = 30 if said[1] else QUARTER if said[2] else _value(said[3])
        hour = _value(said[5])
        if hour <= 24 and past < 60:
            yield _clock(said, hour, past if said[4] in ("past", "after") else -past)
    for said in FIGURES.finditer(text):
        if int(said[1]) <= 24:
            yield _clock(said, int(said[1]), int(said[2]))
    for said in SPOKEN.finditer(text):
        if _value(said[1]) <= 24 and _value(said[2]) < 60:
            yield _clock(said, _value(said[1]), _value(said[2]))
    for said in WHOLE.finditer(text):
        yield _clock(said, _value(said[1]) if said[1] else 0, 0)


def _han(text: str) -> Iterator[Clock]:
    for said in HAN_TIME.finditer(text):
        early, quarter_early, hour, half, quarters, late, quarter_late, past = said.groups()
        less = _value(early or late or "0") + QUARTER * bool(quarter_early or quarter_late)
        more = 30 * bool(half) + QUARTER * _value(quarters or "0") + _value(past or "0")
        if _value(hour) <= 24 and less < 60 and more < 60:
            yield _clock(said, _value(hour), int(more - less))
    for said in HAN_DOUBLE.finditer(text):
        middle = 120 * DOUBLE_HOURS.index(said[1])
        for minutes in (middle - 60, middle, middle + 60):
            yield Clock(said.start(), said.end(), minutes % TURN)


def _clock(said: re.Match[str], hour: float, minutes: int | float) -> Clock:
    return Clock(said.start(), said.end(), int(60 * hour + minutes) % TURN)


def _value(said: str) -> int:
    """The number of a word, a figure or Chinese numerals; one beyond every clock where it is none."""
    if said.isdecimal():
        return int(said)
    if said in SPELLED:
        return SPELLED[said]
    values = han(said)
    return int(values[0]) if values else TURN
