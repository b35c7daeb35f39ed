"""Numbers that a true text reckons without saying so: of 31 listeners only 5 can read, "twenty-six cannot".

Few numbers of neighbouring sentences, of one kind, make few others. Where a context says many, chance would explain
nearly every number: then only those beside one another are believed to belong together, unless the text says that it
adds up.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from synthesis.checks.numbers.bounds import is_instance
from synthesis.checks.numbers.days import lies_between
from synthesis.checks.numbers.multiples import counted_thing, is_each
from synthesis.checks.numbers.nearby import groups
from synthesis.checks.numbers.quantities import YEARS, Quantity, Reading
from synthesis.checks.numbers.rates import is_rate
from synthesis.checks.numbers.reached import is_long, is_reached_year
from synthesis.checks.numbers.rises import is_rise
from synthesis.checks.numbers.shifts import (
    is_counted_on,
    is_lapse,
    is_next,
    is_worked,
    time_follows,
)
from synthesis.checks.numbers.slots import is_exchanged, is_slotted
from synthesis.checks.numbers.support import RATE, TIMES, joint
from synthesis.checks.numbers.units import CLOCK, PERCENT, UNITS, YEAR, Unit

MOST = 7
"""In neighbouring sentences of more numbers nearly every number is made by two."""
WHOLE = 24
"""The same of a context, of which a text says that it adds up."""
SHARE, MOMENT, SPAN = PERCENT.dimension, "moment", YEAR.dimension
TOTAL = re.compile(
    r"\b(?:sum|total\w*|together|altogether|in all|all told|add(?:s|ed)? up|combined|comes? to|came to|amount\w*|both)\b"
    "|[一总]共|[共合总]计|[加合算][起在]来?一?起?|连同|照.{1,20}算|[推折]算|算下来|[统拢]共"
)
MEAN = re.compile(r"\b(?:averag\w*|mean|each|apiece|per)\b|平均|每|各")
AVERAGE = re.compile(r"\baverag\w*|\bmean\b|平均")
AGED = re.compile(
    r"\b(?:boy|girl|lad|child|youth|man|woman|person) of $|\b(?:aged|was|turned|only|about|age of) $|年方$|年仅$"
)
IN_YEAR = re.compile(r"\b(?:in|since|until|till|during|year|spring|summer|autumn|winter|early|late) $")
BEFORE_IT = re.compile(
    r"\b(?:before|preced\w*|earlier|previous\w*|former|already|so far|ago)\b|[之以]前|先|已"
)
PAIRS = re.compile("[双对]|(?: [a-z]+)? pairs?\\b")
WIDE = {"": (1 - 1e-6, 1 + 1e-6), "about": (0.9, 1.1), "above": (1.0, 1.3), "below": (0.67, 1 + 1e-6)}
LEAST_BOUND = {"about": 0.85, "below": 0.6}
"""Nobody says "less than a hundred" of thirty."""
RANGE = re.compile(r" (?:to|or|and|by) -?|[-–至到或]-?")
BY = re.compile(r" by $")
BEYOND = re.compile("[多余几]|odd")
"""After a round number: "twenty-odd", 二十几 are not as many as thirty."""


class Amount(NamedTuple):
    """A number in some unit. `of` is its kind: a dimension, "year" of a calendar year, "share", "pairs" of
    things counted singly, or "" of things; `thing` is what follows the number of things, where that is known."""

    value: float
    unit: Unit | None
    of: str
    thing: str = ""


def is_derived(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    """Whether a number of a sentence is made by those of the sentences of a context that it is about.

    >>> from synthesis.checks.numbers.quantities import reading
    >>> known = [reading("Of thirty-one listeners only five can read.")]
    >>> said = [reading("Twenty-six listeners cannot read."), reading("Twenty-eight listeners cannot read.")]
    >>> [is_derived(there.quantities[0], there, known) for there in said]
    [True, False]
    """
    near = [[known[row] for row in rows] for rows in groups(sentence.text, [there.text for there in known])]
    told = list(dict.fromkeys(there for rows in near for there in rows))
    said = _amount(one, sentence)
    rate = _rate(one, sentence)
    if rate and any(_is_part(rate, sentence, _all_amounts(rows)) for rows in near):
        return True
    if (
        time_follows(one, sentence, told, known)
        or is_counted_on(one, sentence, told)
        or is_rate(one, sentence, known)
        or is_each(one, sentence, told)
        or is_next(one, sentence, told)
        or is_instance(one, sentence, told)
        or (0 < one.values[-1] < 1 and one.hedge != "" and _is_rounded(one, _all_amounts(told)))
    ):
        return True
    if any(is_exchanged(one, sentence, there) for there in told):
        return False
    if not AVERAGE.search(sentence.text) and any(is_slotted(one, sentence, there) for there in told):
        beyond = BEYOND.search(sentence.text, one.start, one.end)
        return one.hedge != "" and not beyond and _is_bound(said, one.hedge, _all_amounts(told))
    if said.of == "year" and is_reached_year(said.value, known):
        return True
    if (
        is_rise(one, sentence, told)
        or lies_between(one, known, near)
        or is_worked(one, known)
        or is_long(one, known)
    ):
        return True
    if (
        TOTAL.search(sentence.text)
        and len(whole := _all_amounts(known)) <= WHOLE
        and _makes(one, sentence, whole)
    ):
        return True
    return any(_follows(one, sentence, rows) for rows in near) or _with_own(one, sentence, told, known)


def _with_own(one: Quantity, sentence: Reading, told: Sequence[Reading], known: Sequence[Reading]) -> bool:
    """Whether it is made by another number of the sentence, which the context has, too, and one that is near."""
    others = [other for other in sentence.quantities if other.start >= one.end or other.end <= one.start]
    held = {(a.value, a.of) for a in _all_amounts(known)}
    own = [
        a
        for a in (_amount(other, sentence) for other in others)
        if a.value == 0.5 or ((a.value, a.of) in held and a.value > 1)
    ]
    return any(_makes(one, sentence, (a, b)) for a in own for b in _all_amounts(told) if a.value != b.value)


def _follows(one: Quantity, sentence: Reading, near: Sequence[Reading]) -> bool:
    said, there = _amount(one, sentence), _all_amounts(near)
    if said.of == "" and (unit := _unit_before(one, sentence)):
        said = _amount(one._replace(unit=unit), sentence)
        return any(_is(said, other, *WIDE[""]) for other in there)
    if (
        one.hedge
        and not BEYOND.search(sentence.text, one.start, one.end)
        and _is_bound(said, one.hedge, there)
    ):
        return True
    if said.of == MOMENT and said.unit and is_lapse(said.value * said.unit.factor / 60, near):
        return True
    if len(there) <= MOST:
        return _makes(one, sentence, there, apart=True) or any(
            _makes(one, sentence, _all_amounts([reading])) for reading in near
        )
    beside = [pair for reading in near for pair in pairwise(_amounts(reading))]
    return any(a.of == b.of and _makes(one, sentence, (a, b)) for a, b in beside)


def _rate(one: Quantity, sentence: Reading) -> Quantity | None:
    """The share that a number is part of: "roughly one bottle in seven", "nine out of ten"."""
    for few, many in pairwise(there for there in sentence.quantities if there.unit is None):
        share = one in (few, many) and 0 < few.values[0] < many.values[0]
        if share and RATE.fullmatch(sentence.text, few.end, max(few.end, many.start)):
            return few._replace(values=(few.values[0] / many.values[0],))
    return None


def _is_part(rate: Quantity, sentence: Reading, there: Sequence[Amount]) -> bool:
    """Whether one of these is the share, as "20 per cent" for "one in five", or two of them make it."""
    return _is_rounded(rate, there) or _makes(rate, sentence, there)


def _is_rounded(share: Quantity, there: Sequence[Amount]) -> bool:
    """Whether one of these is a share of nearly this value: "about a third" of 34 per cent."""
    low, high = WIDE[share.hedge]
    value = share.values[-1]
    return any(low * value <= amount.value <= high * value for amount in there if amount.of == "share")


def _unit_before(one: Quantity, sentence: Reading) -> Unit | None:
    """The unit of the number before it in "twelve inches by twelve"."""
    before = next((other for other in reversed(sentence.quantities) if other.end <= one.start), None)
    return before.unit if before and BY.fullmatch(sentence.text, before.end, one.start) else None


# ---- what the numbers of a sentence say --------------------------------------------------------------


def _all_amounts(near: Iterable[Reading]) -> list[Amount]:
    return list(dict.fromkeys(amount for there in near for amount in _amounts(there)))


def _amounts(there: Reading) -> Iterator[Amount]:
    taken = set[int]()
    for one, after in pairwise((*there.quantities, Quantity(-1, -1, (0.0,)))):
        if (
            one.unit is None
            and after.unit
            and RANGE.fullmatch(there.text, one.end, max(one.end, after.start))
        ):
            taken.add(one.start)
            yield _amount(one._replace(unit=after.unit), there)  # "from 12 to 20 degrees"
    for one in (*there.quantities, *joint(there)):
        if one.unit is not CLOCK and one.start not in taken:
            yield _amount(one, there)
            if one.values[0] >= 1 > one.values[-1] > 0:  # "a third" may be the third of some
                yield Amount(one.values[-1], None, "share")
            if PAIRS.match(there.text, one.end):
                yield Amount(2 * one.values[0], None, "pairs")
    yield from (Amount(TIMES[word], UNITS["times"], "times") for word in sorted(TIMES.keys() & there.words))
    yield from (Amount(float(date.year), None, "year") for date in there.dates if date.year is not None)
    yield from (Amount(float(one.first), None, "year") for one in there.periods if one.first == one.last)


def _amount(one: Quantity, there: Reading) -> Amount:
    value = float(one.values[0])
    if one.unit is not None:
        if one.unit.dimension == SHARE:
            return Amount(value * one.unit.factor / 100, None, "share")
        return Amount(value, one.unit, one.unit.dimension)
    if AGED.search(there.text, max(0, one.start - 12), one.start) and 3 < value < 120 and not one.noun:
        return Amount(value, YEAR, SPAN)
    if value in YEARS and (not one.noun or IN_YEAR.search(there.text, max(0, one.start - 8), one.start)):
        return Amount(value, None, "year")
    if 0 < value < 1:
        return Amount(value, None, "share")
    return Amount(value, None, "", counted_thing(there.text, one.end))


# ---- what they make ----------------------------------------------------------------------------------


def _makes(one: Quantity, sentence: Reading, there: Sequence[Amount], *, apart: bool = False) -> bool:
    """Whether two of these amounts make the one that a sentence says, or all of a kind.

    Where they stand `apart`, in more sentences than one, bare numbers are added up only if they count the same, and
    multiplied only where the sentence speaks of each.
    """
    said, mean = _amount(one, sentence), MEAN.search(sentence.text) is not None
    if said.of == "" and said.value > 1:
        if TOTAL.search(sentence.text) and any(_is_one_more(said, other) for other in there):
            return True
        if BEFORE_IT.search(sentence.text) and any(
            other == (said.value + 1, None, "", other.thing) for other in there
        ):
            return True
    made = [
        *(Amount(1 - a.value, None, "share") for a in there if a.of == "share"),
        *(Amount(a.value, None, "") for a in there if a.of == "pairs"),
        *(amount for a, b in combinations(there, 2) for amount in _of_two(a, b, mean=mean, apart=apart)),
        *(amount for of in dict.fromkeys(a.of for a in there) for amount in _of_all(there, of, mean=mean)),
    ]
    return any(_is(said, amount, *WIDE[one.hedge]) for amount in made)


def _is_one_more(said: Amount, other: Amount) -> bool:
    """Whether it is a number of things and one that was named beside them."""
    return other.of == "" and said.value == other.value + 1


def _of_two(a: Amount, b: Amount, *, mean: bool, apart: bool) -> Iterator[Amount]:
    if a.of == b.of == "year":
        yield Amount(abs(a.value - b.value), YEAR, SPAN)
    elif a.of == b.of and _alike(a, b):
        other = _in_unit_of(a, b)
        counted = not apart or a.of != "" or (a.thing != "" and a.thing == b.thing)
        if other != b.value and counted:
            yield Amount(abs(other - b.value), b.unit, b.of, a.thing or b.thing)
            yield Amount(other + b.value, b.unit, b.of, a.thing or b.thing)
        if mean:
            yield Amount((other + b.value) / 2, b.unit, b.of)
        if other and b.value:
            yield Amount(min(other, b.value) / max(other, b.value), None, "share")
    elif a.of == "share" and b.of != "year":
        yield Amount(a.value * b.value, b.unit, b.of)
        yield Amount((1 - a.value) * b.value, b.unit, b.of)
    elif b.of == "share" and a.of != "year":
        yield from _of_two(b, a, mean=mean, apart=apart)
    elif not apart and "" in (a.of, b.of) and not (a.thing or b.thing) and "year" not in (a.of, b.of):
        amount, plain = (a, b) if b.of == "" else (b, a)  # "eleven miles, the last three by cart"
        yield Amount(abs(amount.value - plain.value), amount.unit, amount.of)
        yield Amount(amount.value + plain.value, amount.unit, amount.of)
    if "year" not in (a.of, b.of) and "" in (a.of, b.of):
        many, each = (a, b) if a.of == "" else (b, a)
        if mean or not apart:
            yield Amount(many.value * each.value, each.unit, each.of)
        if mean and many.value > 1:
            yield Amount(each.value / many.value, each.unit, each.of)
        if mean and each.of == "" and each.value > 1:
            yield Amount(many.value / each.value, None, "")


def _of_all(there: Sequence[Amount], of: str, *, mean: bool) -> Iterator[Amount]:
    alike = [one for one in there if one.of == of]
    if len(alike) > 2 and of not in ("year", "share"):
        whole = sum(_in_unit_of(one, alike[0]) for one in alike)
        yield Amount(whole, alike[0].unit, of)
        if mean:
            yield Amount(whole / len(alike), alike[0].unit, of)
        if mean and len(alike) > 3:  # one of them may be how many they are
            for one in alike:
                yield Amount((whole - _in_unit_of(one, alike[0])) / (len(alike) - 1), alike[0].unit, of)


def _in_unit_of(one: Amount, other: Amount) -> float:
    return one.value * one.unit.factor / other.unit.factor if one.unit and other.unit else one.value


def _alike(a: Amount, b: Amount) -> bool:
    """Whether two numbers may be added: Chinese numbers of things have the same measure word, where both have one."""
    return not a.thing or not b.thing or a.thing == b.thing or a.thing.isascii()


def _is(said: Amount, made: Amount, low: float, high: float) -> bool:
    if said.of != made.of and not (said.of == "" and made.of not in ("share", "year")):
        return False
    if made.of == "" and not _alike(said, made):
        return False
    return low * said.value <= _in_unit_of(made, said) <= high * said.value


def _is_bound(said: Amount, hedge: str, there: Sequence[Amount]) -> bool:
    """Whether one of these amounts of the same thing lies on the side that the sentence says."""
    if said.thing and any(one.thing == said.thing for one in there):
        there = [one for one in there if one.thing == said.thing]
    for one in there:
        if one.of != said.of or (said.thing and one.thing and said.thing != one.thing):
            continue
        value = _in_unit_of(one, said)
        if hedge == "above" and value >= said.value:
            return True
        if hedge != "above" and said.value * LEAST_BOUND[hedge] <= value <= said.value * (
            1.1 if hedge == "about" else 1
        ):
            return True
    return False
