"""Numbers that a true text may have reckoned: "three pounds less than he asked", "nine years after"."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from math import isclose

from kg.sentences import iter_sentences
from synthesis.checks.numbers.dates import Date, weekdays
from synthesis.checks.numbers.derived import is_derived
from synthesis.checks.numbers.multiples import counted_thing
from synthesis.checks.numbers.nearby import groups
from synthesis.checks.numbers.periods import Period
from synthesis.checks.numbers.quantities import YEARS, Quantity, Reading, reading_in
from synthesis.checks.numbers.reached import is_reached
from synthesis.checks.numbers.shifts import weekday_follows
from synthesis.checks.numbers.support import joint
from synthesis.checks.numbers.units import PERCENT, UNITS
from synthesis.checks.tokens import fold, spelled_in

FEW = 24
"""In a context of more numbers nearly every number is the sum or difference of two."""
RECKONED = re.compile(
    r"\b(?:more|less|fewer|longer|shorter|higher|lower|heavier|lighter|older|younger|later|earlier|cheaper|dearer|short of"
    r"|shrank|shrunk|grew|rose|fell|cut|gap|difference|differ\w*|left|rest|remain\w*|total|together|altogether|in all"
    r"|all told|between|lasted|lengthen\w*|shorten\w*|old|aged?|reckon\w*|add\w* up|sum|combined|extra|another"
    r"|(?:years?|months?|weeks?|days?|hours?|minutes?) (?:after\w*|before|later|earlier))\b"
    r"|[多少高低长短早晚贵便宜轻重]了?[\d一二三四五六七八九十两]|相差|差了|其余|其他|[剩岁]|合计|扣除|除去|至少|还[差剩有要]"
    "|以[后前]",
    re.IGNORECASE,
)
"""What speaks of a difference, a rest or a sum; no other text is believed to have reckoned."""
AGES = range(5, 120)
BY_HOW_MUCH = re.compile(
    r"\b(?:more|less|fewer|longer|shorter|higher|lower|heavier|lighter|older|younger|later|earlier|cheaper|dearer) than\b"
    r"|\bdifference of\b|\bby \w+ (?:lisps?|pounds?|points?|per cent)\b|[多少高低长短早晚贵便宜][了出]?[\d一二三四五六七八九十两]|相差|差了"
)
APART = re.compile(
    r"\b(?:years?|months?|weeks?|days?|nights?|hours?|minutes?)\s+(?:later|after|before|earlier|younger|older)\b"
    "|[年月天夜日](?:以|之)?[后後前]"
)
"""The same, narrower: spans between ages, and by how much one number is more than another."""
REACH = 40
COMPARED = re.compile(
    r"[ a-z]{0,20}\b(?:more|less|fewer|longer|shorter|higher|lower|heavier|lighter|older|younger|cheaper|dearer|later|earlier|smaller"
    r"|larger|bigger|greater|wider|narrower|deeper|taller|faster|slower|up|down|above|below|after|before)\b"
)
"""What comes after the number in "three pounds less than he asked" and "nine years later"."""
HAN_COMPARED = re.compile(
    r"比[^，。；：！？]{1,20}[多少高低长短早晚贵轻重大小]了?[\d一二三四五六七八九十百千两]|[相少多][差了出][\d一二三四五六七八九十百千两]"
)
HAN_BEFORE = re.compile("(?:比[^，。；：！？]{1,20}[多少高低长短早晚贵轻重大小]了?|[相少多][差了出])$")
"""What comes before the number in 比原先多五十五粒."""
SMALLER = re.compile(
    r"\b(?:more|less|lower|higher|lighter|heavier|shorter|longer|smaller|larger|fewer|cheaper|dearer|too [a-z]+|short(?: of)?"
    r"|under|over|off|lost|los[et]s?|missing|rest|remain\w*|left|others?|rose|fell|grew|shrank|gain\w*|extra)\b"
    r"|[多少轻重高低长短贵减增缺欠涨跌剩]|不足|便宜|其余|其他|余下"
)
"""What is said to be a part more or less than a whole: only then 19 of 20 makes a twentieth."""
REST = re.compile(
    r"\bthe (?:rest|others|remainder)\b|\bremain\w*|\bleft over\b|\b(?:was|were|is|are|be|had|has|have) left\b"
    r"|其余|剩|余下|余者"
)
EACH = re.compile(
    r"\b(?:each|every|per(?! cent)|apiece|a (?:head|piece|day|night|week|month|year|time)|(?:"
    + "|".join(sorted(form for form in UNITS if form.isascii() and form.isalpha() and len(form) > 2))
    + r") an?)\b|[每各]"
)
"""What gives a number to each of several things; only then a product is that of their number."""
AS_MANY = re.compile(r" ?(?:times )?(?:as |more |over\b|the |[a-z]+er |what )|倍")
TIMES = UNITS["times"]
OLD_MONEY = re.compile(r"\d[ls]\.\s*$")
ARTICLES = ("a", "an", "one", "single")
KEPT = 512
MOST_PLACES = 100
MOST_SENTENCES = 400
"""Sentences of a context from which a number may be told."""
MOST = 8
"""In neighbouring sentences of more numbers nearly every share is that of two."""


def sums(known: Collection[float]) -> set[float]:
    """Sums, differences and products of two of these numbers, and 0.

    >>> sorted(sums({2.0, 5.0}))
    [0.0, 3.0, 7.0, 10.0]
    """
    pairs = combinations(known, 2)
    return {0.0}.union(*((abs(one - other), one + other, one * other) for one, other in pairs))


def is_difference(said: str, amounts: Mapping[str, Sequence[float]]) -> bool:
    """Whether an amount is by how much one of these in its dimension, in whatever unit, is more than another."""
    one = next(iter(reading_of(said).quantities), None)
    if one is None or one.unit is None:
        return False
    held = amounts.get(one.unit.dimension, ())
    value = one.values[0] * one.unit.factor
    return len(held) <= FEW and any(isclose(abs(a - b), value) for a, b in combinations(held, 2))


@lru_cache(maxsize=KEPT)
def reading_of(sentence: str) -> Reading:
    """What a sentence says in numbers; those of a context are read once for all that is held against it."""
    plain = fold(sentence)
    return reading_in(plain, spelled_in(plain))


def read_sentences(text: str) -> list[Reading]:
    """What the sentences of a text say in numbers, in their order."""
    found: list[str] = []
    for start, end in iter_sentences(text):
        if found and OLD_MONEY.search(found[-1]):  # "£57 6s. 8d."
            found[-1] += " " + text[start:end]
        else:
            found.append(text[start:end])
    return [reading_of(sentence) for sentence in found]


def not_reckoned(
    strange: list[str], text: str, known: Sequence[Reading], whole: Sequence[Reading] = ()
) -> list[str]:
    """Of these numbers and dates of a text those that do not `follow` from the sentences `known` at every place, and
    are not told from the `whole` of the context, of which these are a part (`derived`, `shifts`).

    >>> known = read_sentences("It ought to weigh twenty grains. It weighs nineteen, at two pence a grain.")
    >>> not_reckoned(["tenth"], "It is a tenth part lighter.", known)
    ['tenth']
    >>> not_reckoned(["5 per cent", "30", "60 pence"], "It is 5 per cent too light; 30 cost 60 pence.", known)
    []
    """
    if len(strange) > FEW:
        return strange
    whole = (whole or known)[:MOST_SENTENCES]
    reckoned, others = set[str](), set[str]()
    places = 0
    for sentence in read_sentences(text):
        found = _places(sentence, frozenset(strange))
        places += len(found)
        for said, one in found:
            explained = places <= MOST_PLACES and (
                _is_told(one, sentence, whole)
                if not isinstance(one, Quantity)
                else follows(one, sentence, known) or is_derived(one, sentence, whole)
            )
            (reckoned if explained else others).add(said)
    return [said for said in strange if said not in reckoned - others]


def _places(sentence: Reading, strange: Collection[str]) -> list[tuple[str, Quantity | Date | Period | int]]:
    """Where these strange words stand in a sentence: numbers, dates, periods and days of the week (1 for Monday)."""
    if len(sentence.quantities) > FEW:
        return []
    text = sentence.text
    wholes = sorted(joint(sentence), key=lambda whole: whole.start - whole.end)
    told: list[tuple[str, Date | Period | int]]
    told = [(text[date.start : date.end], date) for date in sentence.dates]
    told += [(text[period.start : period.end], period) for period in sentence.periods]
    told += [(text[start:end], day) for (start, end), day in weekdays(text, sentence.words)]
    found: list[tuple[str, Quantity | Date | Period | int]] = [*told]
    for one in sentence.quantities:
        # "four hours and thirty-five minutes" is one, and so are its parts
        whole = next((more for more in wholes if more.start <= one.start and one.end <= more.end), one)
        found.append((text[one.start : one.end], whole))
    return [(said, one) for said, one in found if said in strange]


def _is_told(said: Date | Period | int, sentence: Reading, known: Sequence[Reading]) -> bool:
    if not isinstance(said, int):
        return is_reached(said, known)
    near = groups(sentence.text, [there.text for there in known])
    return weekday_follows(said, [known[row] for rows in near for row in rows], known)


def follows(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    """Whether a number of a sentence follows from the sentences `known`: the share that one of their numbers is of
    another, or how many times it is the other; what is left of their numbers where they speak of a rest; a product
    of one that is said of each, and a number that the sentence itself supplies.
    """
    return (
        _is_share(one, sentence, known)
        or _is_multiple(one, sentence, known)
        or _is_rest(one, sentence, known)
        or _is_product(one, sentence, known)
        or _is_price(one, sentence, known)
    )


def _is_share(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    share = one.values[-1]
    if one.unit is not None and one.unit.dimension == PERCENT.dimension:
        share, near = share * one.unit.factor / 100, 0.005
    elif one.unit is None:
        near = 1e-6
    else:
        return False
    if not 0 < share < 1:
        return False
    if one.hedge:
        near = max(near, share / 10)
    smaller = SMALLER.search(sentence.text) is not None
    return any(abs(share - found) <= near for found in _shares(known, smaller=smaller))


def _shares(known: Sequence[Reading], *, smaller: bool) -> Iterator[float]:
    """What part one number of neighbouring sentences is of another; where it is said to be `smaller` or larger, by
    what part, too.
    """
    for part, whole in _pairs(known):
        yield part / whole
        if smaller:
            yield 1 - part / whole
            yield whole / part - 1
    if smaller:
        for there in known:
            yield from (1 - value for one in there.quantities for value in one.values if 0 < value < 1)


def _is_multiple(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    if not (one.unit is TIMES or one.unit is None) or not AS_MANY.match(sentence.text, one.end):
        return False
    near = one.values[0] / 10 if one.hedge else 1e-6
    return any(abs(one.values[0] - whole / part) <= near for part, whole in _pairs(known))


def _pairs(known: Sequence[Reading]) -> Iterator[tuple[float, float]]:
    """Two numbers that may be measured by one another, the less first, of one sentence or two neighbouring ones."""
    for here, there in pairwise((*known, Reading("", frozenset(), (), (), ()))):
        numbers = [one for one in (*here.quantities, *there.quantities) if _counts(one)]
        for one, other in combinations(numbers if len(numbers) <= MOST else [], 2):
            if one.unit and other.unit:
                if one.unit.dimension != other.unit.dimension:
                    continue
                values = one.values[0] * one.unit.factor, other.values[0] * other.unit.factor
            else:
                values = one.values[0], other.values[0]
            # "one" is mostly no number
            if 0 < min(values) < max(values) and min(values) != 1:
                yield min(values), max(values)


def _counts(one: Quantity) -> bool:
    """Whether it may be a number of things or an amount: no year."""
    return one.unit is not None or one.values[0] not in YEARS


def _is_rest(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    """Whether it is left of the numbers of a sentence, or of two that follow one another, which speak of a rest."""
    nothing = Reading("", frozenset(), (), (), ())
    for here, after in pairwise((*known, nothing)):
        both = Reading(f"{here.text} {after.text}", here.words, (*here.quantities, *after.quantities), (), ())
        for there in (here, both) if REST.search(after.text) else (here,):
            if one.values[0] in _rests(there) and _same_kind(one, there):
                return True
    return False


def _rests(there: Reading) -> set[float]:
    """What may be left of the numbers of a sentence that speaks of a rest: of the greatest in one unit without one
    of the others, or without those that follow one another."""
    if not REST.search(there.text):
        return set()
    values = [one.values[0] for one in there.quantities if _counts(one)]
    found = set[float]()
    if 2 <= len(values) <= MOST:
        found = {abs(a - b) for a, b in combinations(values, 2)} | {2 * max(values) - sum(values)}
    for unit in {one.unit for one in there.quantities if _counts(one)}:
        alike = [one.values[0] for one in there.quantities if one.unit == unit and _counts(one)]
        if 2 < len(alike) <= MOST:
            found |= {2 * max(alike) - sum(alike), 2 * alike[0] - sum(alike)}
    shares = [one for one in there.quantities if one.unit and one.unit.dimension == PERCENT.dimension]
    if shares:
        found.add(100 - sum(one.values[0] * one.unit.factor for one in shares if one.unit))
    return {left for left in found if left > 0}


def _same_kind(one: Quantity, there: Reading) -> bool:
    return one.unit is None or any(other.unit in (None, one.unit) for other in there.quantities)


def _is_product(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    each = EACH.search(sentence.text) is not None
    rates = [rate for there in known if each or EACH.search(there.text) for rate in there.quantities]
    held = {(value, other.unit) for there in known for other in there.quantities for value in other.values}
    return len(rates) <= KEPT and any(
        _makes(many, rate, whole)
        for other in sentence.quantities
        for many, whole in ((one, other), (other, one))
        if (many.values[0], many.unit) not in held and 1 < many.values[0] < YEARS[0]
        for rate in rates
    )


def _is_price(one: Quantity, sentence: Reading, known: Sequence[Reading]) -> bool:
    """Whether it is what several things come to, or how many they are, of which one is said to have so much."""
    return any(
        _makes(many, price, whole)
        for other in sentence.quantities
        for many, whole in ((one, other), (other, one))
        if many is not whole and many.noun and 1 < many.values[0] < YEARS[0]
        for there in known
        if _of_one(counted_thing(sentence.text, many.end), there)
        for price in there.quantities
    )


def _of_one(thing: str, there: Reading) -> bool:
    """Whether a sentence says something of a single such thing: "a ticket costs three pounds"."""
    return len(thing) > 2 and any(f" {article} {thing} " in f" {there.text} " for article in ARTICLES)


def _makes(many: Quantity, rate: Quantity, whole: Quantity) -> bool:
    product, value = many.values[0] * rate.values[0], whole.values[0]
    if rate.unit and whole.unit:
        if rate.unit.dimension != whole.unit.dimension:
            return False
        product, value = product * rate.unit.factor, value * whole.unit.factor
    return rate.values[0] > 1 and isclose(product, value)
