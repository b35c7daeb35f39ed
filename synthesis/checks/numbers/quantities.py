"""Every number of a text with what is said about it: its unit, and whether it is exact."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from synthesis.checks.numbers.dates import Date, dates
from synthesis.checks.numbers.numerals import HAN, HELD, SCALES, Numeral, english, figures, han, spots
from synthesis.checks.numbers.periods import Period, periods
from synthesis.checks.numbers.units import CLOCK, HAN_LENGTHS, PERCENT, UNITS, WORD_UNIT, YEAR, Unit
from synthesis.checks.tokens import KEPT, folded, spelled

FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+(?![\d])|\d+)(\.\d+)?(st|nd|rd|th)?")
CLOCK_TIME = re.compile(r"(\d{1,2}):(\d{2})(?![\d:])")
FRACTION = re.compile(r"(?:(\d{1,9}) )?(\d{1,9})[/\u2044](\d{1,9})(?![\d/])")
SHORT_YEAR = re.compile(r"(\d\d)\d\d[-/]$")
LARGE = re.compile(r"[ -]?(hundred|thousand|million|billion|trillion|dozen)\b|([万亿千百])|(k|m|bn|mn)\b")
YEARS = range(1000, 2101)
LONGEST = 200  # figures of a number that are read
GLUED = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9}
HAN_LARGE = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
SIGNS = {sign: UNITS[sign] for sign in "£$€¥"}

ABOUT = tuple(
    "barely|scarcely|hardly|about|around|roughly|approximately|circa|some|close to|约|将近|近|几乎|差不多".split(
        "|"
    )
)
ABOVE = tuple("over|more than|above|at least|exceeding|upwards of|超过|多于|不止|至少".split("|"))
BELOW = tuple(
    "within|under|less than|fewer than|below|up to|at most|almost|nearly|not quite|not yet|approaching|nearing|shy of|未满|未到|不到|少于|不足|不满".split(
        "|"
    )
)
NOT_ABOVE = ("no more than", "not more than", "not over", "不超过", "不多于")
NOT_BELOW = (
    "no less than",
    "no fewer than",
    "not less than",
    "not fewer than",
    "not under",
    "不少于",
    "不下",
)
HEDGES = ABOUT + ABOVE + BELOW + NOT_BELOW
HEDGE_ENDS = frozenset(hedge[-2:] for hedge in HEDGES)
CLOSING = frozenset((".", ",", ";", ")", ""))
AFTER_LEADS = frozenset("多余几来左上以之不-opa")
AFTER = re.compile(
    " ?(?:([多余几来]|-odd|odd|or more|plus)|(左右|上下|or so)|(以上)|(以下|[以之]内|不到|or less|at most))"
)
AFTER_HEDGES = ("above", "about", "above", "below")
AND_PART = re.compile(r"[ -](?:[^\W\d_]+ ){1,2}and a (half|quarter)\b(?! (?:of|an?|dozen))")
OF_A = re.compile(r" of an? ([a-z]+)\b")
AND_PARTS = {"half": 0.5, "quarter": 0.25}
ELLIPTIC = (" or", " another", " further")  # "an hour, and then another 30": its unit is not beside it
AGE = ("aged", "age of")

JOINING = frozenset(
    "of the and or in on at to was were is are be been for from by with as but a an per that which who had has "
    "have did would could should when after before while then so not came went out he she it they we i you his "
    "her its their this these those than if there here too also only more less such".split()
)
MEASURED = frozenset(
    "long wide high tall deep thick away apart below above sprint race freestyle sea x".split()
)
COUNTED = frozenset(
    "个名位人口只条张件本册页篇章节卷家所座间户棵粒滴缸坊种类项套杯碗瓶倍步颗根枝支片匹头辆艘架台门把双对副群批组队"
    "层级届期号楼室房声句趟场顿番轮代世任员列排串包箱袋桶车船桌炷丛株朵封首部幅扇道具分枚栋"
)
TELLING = AFTER_LEADS | {hedge[-1] for hedge in HEDGES} | {form[0] for form in UNITS}
"""Characters beside a Chinese numeral that may say something of it: a unit, a hedge."""
HAN_SHARE = re.compile(rf"(百|千|{HAN.pattern}|\d{{1,9}})分之(\d{{1,9}}(?:\.\d{{1,9}})?|{HAN.pattern})")
HAN_DOZENS = re.compile(
    rf"({HAN.pattern}|\d{{1,9}})打(?:零({HAN.pattern[:-1]}{{1,3}}|\d{{1,2}}))?(?=[{''.join(sorted(COUNTED))}，。；、）]|$)"
)
"""两打零两口; after the verb 打 comes no measure word."""
IDIOMS = re.compile(
    # each begins with a letter and not with a class, which lets the search skip what none begins with
    "十分(?!钟|之)|四周(?!年)|十字路|四面八方|四面|八面|五行|六部|七成熟|八成熟|一五一十|百分之百|百分百"
)


class Spans:
    """Stretches of a text that were found; asked whether another meets one of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def meet(self, start: int, end: int) -> bool:
        """Whether some character between these places belongs to a span."""
        at = bisect_left(self._starts, end)
        return at > 0 and self._ends[at - 1] > start


class Quantity(NamedTuple):
    """A number at `text[start:end]`, its unit in it.

    `values` are all its readings. `noun` says that another word than a unit follows ("nineteen frogs").
    `hedge` is "about", "above" or "below". What is not `asserted` may mean something else ("十分").
    """

    start: int
    end: int
    values: tuple[float, ...]
    unit: Unit | None = None
    noun: bool = False
    hedge: str = ""
    asserted: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers of a text, by places in its folded form `text`; `words` are its different words, but for
    Chinese characters."""

    text: str
    words: frozenset[str]
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    periods: tuple[Period, ...]


@lru_cache(maxsize=KEPT)
def reading(text: str) -> Reading:
    """What a text says in numbers: dates and periods, and every number that is part of none."""
    return reading_in(folded(text), spelled(text))


def reading_in(text: str, there: frozenset[str]) -> Reading:
    """The same of a folded text whose spelled words are these."""
    found, spans = dates(text, there), periods(text)
    numbers = [*_figures(text, there), *(_counted(text, numeral) for numeral in english(text, there))]
    if not text.isascii():
        numbers += _han(text)
    if found or spans:
        taken = Spans([(date.start, date.end) for date in found] + [(span.start, span.end) for span in spans])
        numbers = [one for one in numbers if not taken.meet(one.start, one.start + 1)]
    return Reading(text, there, tuple(sorted(numbers, key=itemgetter(0))), tuple(found), tuple(spans))


def _figures(text: str, there: frozenset[str]) -> Iterator[Quantity]:
    read = 0
    for start, _ in spots(text, figures(text, there)):
        found = FIGURE.match(text, start)
        if start >= read and found:
            quantity = _figure(text, start, found)
            read = quantity.end
            if text[start - 1 : start] == "-" and text[start - 2 : start - 1].isalpha():  # "covid-19"
                quantity = quantity._replace(asserted=False)
            yield quantity


def _figure(text: str, start: int, found: re.Match[str]) -> Quantity:
    value, end = float(found[1][:LONGEST].replace(",", "") + (found[2] or "")), found.end()
    if found[3]:
        return Quantity(start, end, (value,))
    follows = text[end : end + 1]
    if follows == ":" and (clock := CLOCK_TIME.match(text, start)):
        return Quantity(start, clock.end(), (int(clock[1]) + int(clock[2]) / 60,), CLOCK)
    if (
        follows in (" ", "/", "\u2044")
        and (fraction := FRACTION.match(text, start))
        and not len(fraction[2]) == len(fraction[3]) == 4
    ):  # the season 2006/2007
        share = int(fraction[2]) / max(1, int(fraction[3]))
        return Quantity(start, fraction.end(), (share + int(fraction[1] or 0),))
    before = text[start - 1 : start]
    short = len(found[1]) == 2 and before in ("-", "/")
    if short and (full := SHORT_YEAR.search(text, max(0, start - 5), start)):  # 1874-75
        return Quantity(start, end, (int(full[1]) * 100 + value, value))
    sign = SIGNS.get(before)
    large = LARGE.match(text, end) if follows not in CLOSING else None
    if large and (large[1] or large[2] or sign):
        factor = HELD.get(large[1]) or SCALES.get(large[1]) or HAN_LARGE.get(large[2]) or GLUED[large[3]]
        value, end = value * factor, large.end()
    elif large and (large[3] != "m" or _of_people(text, large.end())):  # "a 10k run", "1.5m people"
        return _with_unit(text, start, large.end(), (value * GLUED[large[3]], value))
    return _with_unit(text, start, end, (value,), sign)


def _of_people(text: str, end: int) -> bool:
    """Whether it is things that are counted in "1.5m people", and no metres."""
    word = WORD_UNIT.match(text, end + 1) if text[end : end + 1] == " " else None
    return word is not None and word[0] not in JOINING and word[0] not in MEASURED


def _counted(text: str, numeral: Numeral) -> Quantity:
    if numeral.ordinal and numeral.values[-1] < 1:  # "about a third"
        before = text[max(0, numeral.start - 16) : numeral.start].removesuffix("a ").rstrip()
        return Quantity(numeral.start, numeral.end, numeral.values, hedge=_hedge(before))
    if numeral.ordinal:
        return Quantity(numeral.start, numeral.end, numeral.values)
    return _with_unit(text, numeral.start, numeral.end, numeral.values)


def _with_unit(
    text: str, start: int, end: int, values: tuple[float, ...], unit: Unit | None = None
) -> Quantity:
    """The number with the unit that follows it, at most one word between: "forty-one gold pounds"."""
    follows = text[end : end + 1]
    at = text.find(" and a ", end, end + 30) if follows in (" ", "-") else -1
    if at >= 0 and (more := AND_PART.match(text, end, at + 20)):
        values = (*values, *(value + AND_PARTS[more[1]] for value in values))  # "forty lisps and a half"
    if unit is None and 0 < values[-1] < 1 and (of := OF_A.match(text, end)) and of[1] in UNITS:
        return Quantity(start, of.end(), values[-1:], UNITS[of[1]])  # "three quarters of an hour"
    before = text[max(0, start - 16) : start].removesuffix("a ").rstrip()
    noun, hedge = False, _hedge(before)
    if follows in CLOSING:
        unit = unit or (YEAR if before.endswith(AGE) else None)
        return Quantity(start, end, values, unit, False, hedge, not before.endswith(ELLIPTIC))
    if after := _after(text, end):
        hedge, end = AFTER_HEDGES[(after.lastindex or 1) - 1], after.end()
    if follows == "个" and text[end + 1 : end + 2] == "半":  # 两个半小时
        unit, noun, last = unit_after(text, end + 2)
        if unit is not None:
            return Quantity(start, last, (values[0] + 0.5,), unit, noun, hedge)
    if unit is None:
        unit, noun, end = unit_after(text, end)
        if unit is None and before.endswith(AGE):
            unit = YEAR
        elif unit is YEAR and YEARS[0] <= values[0] <= YEARS[-1]:
            unit = None
        elif unit and text[end : end + 1] == "半":  # 两年半
            values, end = (values[0] + 0.5,), end + 1
        elif not hedge and unit and (after := _after(text, end)):
            hedge, end = AFTER_HEDGES[(after.lastindex or 1) - 1], after.end()
    return Quantity(start, end, values, unit, noun, hedge, not before.endswith(" or"))


def _after(text: str, end: int) -> re.Match[str] | None:
    at = end + (text[end : end + 1] == " ")
    return AFTER.match(text, end) if text[at : at + 1] in AFTER_LEADS else None


def unit_after(text: str, end: int) -> tuple[Unit | None, bool, int]:
    """The unit after a number, whether another word follows, and where the unit, else the number ends."""
    at, noun = end + (text[end : end + 1] in (" ", "-")), False
    follows = text[at : at + 1]
    if follows > "\u3400":
        for length in HAN_LENGTHS:
            if (form := text[at : at + length]) in UNITS:
                return UNITS[form], False, at + len(form)
        return None, follows in COUNTED, end
    for _ in range(2):
        word = WORD_UNIT.match(text, at)
        if not word or word[0] in JOINING:
            break
        if word[0] in UNITS:
            return UNITS[word[0]], False, word.end()
        noun, at = True, word.end() + (text[word.end() : word.end() + 1] == " ")
    return None, noun, end


def _hedge(before: str) -> str:
    if (
        before[-2:] not in HEDGE_ENDS and before[-1:] not in HEDGE_ENDS
    ):  # most numbers: it spares them a long list
        return ""
    if not before.endswith(HEDGES):
        return ""
    if before.endswith(NOT_ABOVE + NOT_BELOW):
        return "below" if before.endswith(NOT_ABOVE) else "above"
    return "below" if before.endswith(BELOW) else "above" if before.endswith(ABOVE) else "about"


def _han(text: str) -> Iterator[Quantity]:
    idioms = Spans(found.span() for found in IDIOMS.finditer(text))
    shares = [*_shares(text), *_dozens(text)]
    said = Spans((share.start, share.end) for share in shares)
    yield from shares
    for found in HAN.finditer(text):
        start, end = found.span()
        before = text[start - 1 : start]
        if before.isdecimal() or (shares and said.meet(start, end)):  # 120万 is a figure
            continue
        words = found[0]
        if words[-1] == "两" and end - start > 1:
            words, end = words[:-1], end - 1
        values = han(words)
        if not values:
            continue
        follows, ordinal = text[end : end + 1], before == "第"
        to, unit, noun, hedge = end, None, follows in COUNTED and not ordinal, ""
        if not ordinal and (_tells(before) or _tells(follows)):
            _, to, values, unit, noun, hedge, _ = _with_unit(text, start, end, values)
            follows = text[to : to + 1]
        asserted = to > end or ordinal or follows in COUNTED
        if asserted:
            vague = len(values) > 1 or not words.strip("百千万亿")
            asserted = not vague and not idioms.meet(start, start + 1)
        yield Quantity(start, to, values, unit, noun, hedge, asserted)


def _tells(beside: str) -> bool:
    """Whether a character beside a Chinese numeral may say something of it: all but most that are Chinese."""
    return beside in TELLING or (beside < "\u3400" and beside not in CLOSING)


def _shares(text: str) -> Iterator[Quantity]:
    if "分之" not in text:
        return
    for found in HAN_SHARE.finditer(text):
        whole, part = (_value(words) for words in found.groups())
        if whole == 100:
            yield Quantity(*found.span(), (part,), PERCENT)
        elif whole:
            yield Quantity(*found.span(), (part / whole,))


def _dozens(text: str) -> Iterator[Quantity]:
    if "打" not in text:
        return
    for found in HAN_DOZENS.finditer(text):
        yield Quantity(*found.span(), (12 * _value(found[1]) + _value(found[2] or "0"),), noun=True)


def _value(words: str) -> float:
    values: Sequence[float] = (float(words),) if words[0] <= "9" else han(words)
    return values[-1] if values else 0
