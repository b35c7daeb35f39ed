"""The same rate of another time: "five pounds a month" makes sixty a year, "weekly" 52 times."""

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from synthesis.checks.numbers.quantities import Quantity, Reading
from synthesis.checks.numbers.units import UNITS

TIMES = UNITS["times"]
IN_ONE = {
    **{("year", "month"): 12, ("year", "week"): 52, ("year", "day"): 365, ("year", "quarter"): 4},
    **{("quarter", "month"): 3, ("month", "week"): 4, ("month", "day"): 30, ("week", "day"): 7},
    **{("day", "hour"): 24, ("hour", "minute"): 60, ("minute", "second"): 60},
}
"""How many of the shorter time the longer has."""
TIME = "year|quarter|month|week|day|night|hour|minute|second"
HAN_TIME = {
    "年": "year",
    "季": "quarter",
    "月": "month",
    "周": "week",
    "星期": "week",
    "天": "day",
    "日": "day",
} | {
    **{"小时": "hour", "分钟": "minute", "秒": "second", "晚": "day"},
}
HAN = "|".join(HAN_TIME)
SAID = re.compile(rf"(?:\b(?:an?|per|each|every|in one|in a single)|/) ?({TIME})\b|(?:每个?|一个?)({HAN})")
OF_IT = re.compile(rf"(?: [a-z]+)?(?: (?:an?|per|each|every)|/) ?({TIME})\b|[\u3400-\u9fff]?[/每]({HAN})")
BEFORE_IT = re.compile(
    rf"(?:每个?|一个?)({HAN})[\u3400-\u9fff]{{0,4}}$|\b(?:each|every) ({TIME})(?: [a-z]+){{0,3}} $"
)
OFTEN = re.compile(
    r"\b(once|twice|thrice|three times) (?:an?|per|each|every) "
    rf"({TIME})\b|\b(hourly|daily|nightly|weekly|monthly|quarterly|yearly|annual)\b"
)
TIMELY = {"hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "monthly": "month"} | {
    **{"quarterly": "quarter", "yearly": "year", "annual": "year"},
}
WIDE = {"": (1 - 1e-6, 1 + 1e-6), "about": (0.9, 1.1), "above": (1.0, 1.2), "below": (0.85, 1.0)}
MOST = 7
"""Numbers of a sentence, of which one may be how much and one how long."""
OFTEN_VALUES = {"once": 1.0, "twice": 2.0, "thrice": 3.0, "three times": 3.0}


def is_rate(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    """Whether so much in a time that the sentence names is so much in another time that some sentence `known` names.

    >>> from synthesis.checks.numbers.quantities import reading
    >>> known = [reading("The rent is five pounds a month.")]
    >>> said = [reading(f"The rent is {pounds} pounds a year.") for pounds in ("sixty", "fifty")]
    >>> [is_rate(there.quantities[0], there, known) for there in said]
    [True, False]
    """
    times = {_time(said) for said in SAID.finditer(sentence.text)}
    if not times:
        return False
    return _is_mean(one, times, known) or any(
        _measure(one) == _measure(other) and _in_other_time(_amount(one), _amount(other), wanted, time)
        for there in known
        for other, time in _rates(there)
        for wanted in times
    )


def _is_mean(one: Quantity, times: set[str], known: Sequence[Reading]) -> bool:
    """Whether it is how much of an amount comes to each of the days, weeks or hours that it took."""
    low, high = WIDE[one.hedge]
    for there in known:
        if len(there.quantities) > MOST:
            continue
        for whole, long in permutations(there.quantities, 2):
            if long.unit is not None and any(long.unit is UNITS.get(time) for time in times):
                mean = _amount(whole) / (long.values[0] or 1)
                if _measure(whole) == _measure(one) and low * _amount(one) <= mean <= high * _amount(one):
                    return True
    return False


def _rates(there: Reading) -> Iterator[tuple[Quantity, str]]:
    text = there.text
    for one in there.quantities:
        before = text[max(0, one.start - 24) : one.start]
        if said := OF_IT.match(text, one.end) or BEFORE_IT.search(before):
            yield one, _time(said)
    for often in OFTEN.finditer(text):
        time = _plain(often[2]) if often[2] else TIMELY[often[3]]
        yield Quantity(*often.span(), (OFTEN_VALUES.get(often[1], 1.0),), TIMES), time


def _in_other_time(said: float, held: float, wanted: str, time: str) -> bool:
    if (wanted, time) in IN_ONE:
        return said == held * IN_ONE[wanted, time]
    return (time, wanted) in IN_ONE and held == said * IN_ONE[time, wanted]


def _amount(one: Quantity) -> float:
    return one.values[0] * (one.unit.factor if one.unit else 1)


def _measure(one: Quantity) -> str:
    """What is measured; that it happens so many times is as much as so many things."""
    return "" if one.unit is None or one.unit is TIMES else one.unit.dimension


def _time(said: re.Match[str]) -> str:
    words = next(word for word in said.groups() if word)
    return HAN_TIME.get(words) or _plain(words)


def _plain(word: str) -> str:
    return "day" if word == "night" else word
