"""Days of the week, times of the day and places that are told from others: "the next day", "six minutes later"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import isclose

from synthesis.checks.numbers.clock import TURN, clocks, hours
from synthesis.checks.numbers.dates import weekdays
from synthesis.checks.numbers.multiples import counted_thing
from synthesis.checks.numbers.quantities import Quantity, Reading
from synthesis.checks.numbers.support import joint, single
from synthesis.checks.numbers.units import UNITS

DAY, MOMENT = UNITS["day"].factor, UNITS["day"].dimension
NEXT_DAY = re.compile(
    r"\b(?:next|following|previous) (?:day|morning|afternoon|evening|night)\b|\bday (?:before|after)\b|\b(?:night|evening)"
    r" before\b|\b(?:yesterday|tomorrow|overnight|last night|the morrow)\b"
    "|[次翌][日晨]|[第隔][二]?[天日]|[前后]一[天日夜晚]|[昨明][天日夜晚晨早]|当夜"
)
SPANNED = re.compile(r"\b(?:later|earlier|after\w*|before|ago|since|old|aged|age|back|past)\b|[前后後岁]")
TIMED = re.compile(
    r"\d[:.]\d\d|[ap]\.?m\b|o'clock|noon|midnight|\b(?:past|quarter|morning|afternoon|evening|night)\b|[点时]"
)
LATE = re.compile(r"\d ?p\.?m\b|\b(?:1[3-9]|2[0-3])[:.]\d\d|\bevening|\bnight|\bafternoon|[晚夜]|下午|傍晚")
"""What tells that more than half a day may lie between two hours."""
COUNTED_ON = re.compile(r"(?: [a-z]+)? (?:after|past|beyond|into|later than|(before|short of|ahead of)) the ")
ORDINAL = re.compile(r"(?:\d(?:st|nd|rd|th)|[a-z]th|first|second|third)$")
GONE = re.compile(
    r"\b(?:after|already|ago|before|earlier|for|former|has|have|had|past|preced\w*|previous\w*|since)\b"
)
MOST_DAYS = 31


def weekday_follows(day: int, near: Sequence[Reading], known: Sequence[Reading]) -> bool:
    """Whether a day of the week, 1 for Monday, is told from one of the context by the sentences near."""
    shifts = set(_day_shifts(near))
    days = {held for there in known for _, held in weekdays(there.text, there.words)}
    return any((held - 1 + shift) % 7 + 1 == day for held in days for shift in shifts)


def _day_shifts(near: Iterable[Reading]) -> Iterator[int]:
    for there in near:
        if NEXT_DAY.search(there.text):
            yield from (1, -1)
        for one in (*there.quantities, *joint(there), *single(there)):
            if one.unit is not None and one.unit.dimension == MOMENT and one.unit.factor >= DAY:
                days = one.values[0] * one.unit.factor / DAY
                if days == int(days) and 0 < days <= MOST_DAYS:
                    yield from (int(days), -int(days))


def time_follows(
    one: Quantity, sentence: Reading, near: Sequence[Reading], known: Sequence[Reading] = ()
) -> bool:
    """Whether a time of the day that a number belongs to is told from one of the sentences near, by a time that
    passed; or from one of any sentence `known` that tells such a time itself ("at 15:02; six minutes later")."""
    said = {time.minutes for time in clocks(sentence.text) if time.start <= one.start < time.end}
    if not said:
        return False
    alone = [[there] for there in known if SPANNED.search(there.text)]
    return any(
        (time + way * span) % TURN in said
        for told in (near, *alone)
        for span in _spans(told)
        for time in _times(told)
        for way in (1, -1)
    )


def is_lapse(minutes: float, near: Sequence[Reading]) -> bool:
    """Whether so many minutes lie between two times of the day, less a break that these sentences speak of."""
    return any(
        isclose((way * (later - earlier)) % TURN, minutes + less)
        for earlier, later in combinations(_times(near), 2)
        for way in (1, -1)
        for less in (0.0, *_spans(near))
    )


def is_worked(one: Quantity, known: Sequence[Reading]) -> bool:
    """Whether it is the time from one hour of the day to the next that some sentence names: "from 3 a.m. to 11"."""
    if one.unit is None or one.unit.dimension != MOMENT or one.hedge:
        return False
    minutes = one.values[0] * one.unit.factor / 60
    for there in known:
        times = hours(there.text) if TIMED.search(there.text) else []
        turns = (0, TURN) if len(times) > 1 and LATE.search(there.text) else (0,)
        for earlier, later in pairwise(times):
            if any(isclose((later.minutes - earlier.minutes) % TURN + turn, minutes) for turn in turns):
                return True
    return False


def _times(near: Iterable[Reading]) -> list[int]:
    return sorted({time.minutes for there in near for time in hours(there.text)})


def _spans(near: Iterable[Reading]) -> list[float]:
    """Minutes of the spans that these sentences name; "twenty minutes past ten" names none."""
    found = set[float]()
    for there in near:
        said = [
            one for one in (*there.quantities, *joint(there)) if one.unit and one.unit.dimension == MOMENT
        ]
        times = clocks(there.text) if said else []
        for one in said:
            if one.unit and not any(time.start <= one.start < time.end for time in times):
                found.add(one.values[0] * one.unit.factor / 60)
    return sorted(found)


def is_counted_on(one: Quantity, sentence: Reading, told: Sequence[Reading]) -> bool:
    """Whether a sentence counts with it from some place on or back to one of the context: "three minutes after the
    ninetieth" is the ninety-third."""
    held = {value for there in told for other in there.quantities for value in other.values}
    for more, place in pairwise(sentence.quantities):
        if one in (more, place) and (way := COUNTED_ON.fullmatch(sentence.text, more.end, place.start)):
            return place.values[0] + (-1 if way[1] else 1) * more.values[0] in held
    return False


def is_next(one: Quantity, sentence: Reading, told: Sequence[Reading]) -> bool:
    """Whether it is the place after as many as have gone by: "its tenth year" after nine years."""
    thing = counted_thing(sentence.text, one.end)
    if not thing or not ORDINAL.search(sentence.text, one.start, one.end):
        return False
    return any(
        other.values[0] + 1 == one.values[0]
        and not ORDINAL.search(there.text, other.start, other.end)
        and counted_thing(there.text, other.start + there.text[other.start :].find(" ")) == thing
        for there in told
        if GONE.search(there.text)
        for other in there.quantities
    )
