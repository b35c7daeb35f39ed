"""Do the numbers and dates of the text stand in its context?"""

import re
from itertools import combinations

from kg.model import Check
from synthesis.checks.base import Written, failed, passed, unchecked
from synthesis.checks.numbers.clock import clocks
from synthesis.checks.numbers.dates import weekdays
from synthesis.checks.numbers.phrases import LONG, loose
from synthesis.checks.numbers.quantities import YEARS, Spans, reading, reading_in
from synthesis.checks.numbers.reckoning import (
    COMPARED,
    FEW,
    HAN_BEFORE,
    HAN_COMPARED,
    REACH,
    is_difference,
    not_reckoned,
    read_sentences,
)
from synthesis.checks.numbers.support import Support, joint, support
from synthesis.checks.tokens import fold, folded, spelled, spelled_in

READ = ("en", "zh")
LONG_FIGURE = 3
AROUND = 40  # characters
MARKERS = re.compile(
    r"^[ \t#>*•-]*(?:(?:[Qq]uestion|[Ss]tep|[Ee]xample|[Oo]ption|[Aa]nswer|[Ss]cene|[Tt]urn|[Ee]xercise|问题|第)? ?"
    r"\(?\d{1,2}(?:[.):、：）](?!\d)|[步问题]))",
    re.MULTILINE,
)


class Numbers:
    """Fails a text with a number or a date that its context, headings and names do not hold.

    Compared by value, in English and Chinese: figures, number words, fractions, percentages, dates in any
    order, decades and centuries, units that make one another. A number with a unit that its context gives to
    other things only ("41 shillings" for "41 pounds") fails too; 1 to 3 without a unit are let pass, they
    count what a sentence has just named, and so is what a true text may have reckoned: differences of two numbers
    that are said to be such ("three pounds less", "nine years later"), what is left where a sentence of the context
    speaks of a rest, a share that two of its numbers make, a product with a number of the text itself, what few numbers
    of the near sentences make, and what is told from a day, a year or an hour of the context. In other
    languages only figures of three digits and more are compared, and a text without a wrong one is unchecked.
    """

    name = "numbers"

    def check(self, written: Written) -> Check:
        """Whether every number has its support."""
        if written.invented:
            return unchecked(self.name, "a story without a source may count as it likes")
        language = written.item.language
        strange = unexplained(written.text, written.known, language)
        if language not in READ and not strange:
            return unchecked(self.name, f"number words in {language!r} are not read")
        if strange:
            quoted = ", ".join(repr(said[:60]) for said in strange[:4])
            return failed(self.name, f"not in the passages: {quoted}")
        return passed(self.name)


def unsupported(text: str, known: str) -> list[str]:
    """The numbers and dates of `text`, in its words, that `known` does not hold in any form.

    >>> unsupported("On 3 May 1874 they paid 42 pounds.", "On May 2nd, 1874, they paid forty-one pounds.")
    ['3 may 1874', '42 pounds']
    """
    if "\n" in text or MARKERS.match(text):
        text = MARKERS.sub(" ", text)
    plain = folded(text)
    strange = [
        place
        for start, end in loose(plain, spelled(text), folded(known))
        for place in _unsupported_at(plain, start, end, support(known))
    ]
    if strange:
        held = {time.minutes for time in clocks(folded(known))}
        times = Spans([(time.start, time.end) for time in clocks(plain) if time.minutes in held])
        strange = [place for place in strange if not times.meet(*place)]
    return list(dict.fromkeys(plain[start:end] for start, end in strange))


def unexplained(text: str, known: str, language: str = "en") -> list[str]:
    """The unsupported numbers and dates of `text` but for those that a true text may have reckoned; in another
    `language` than English and Chinese only figures of three digits and more.

    Differences of two known ones that are said to be such, what is left where a sentence of the context speaks of a
    rest, shares and multiples of two numbers of neighbouring sentences, and products with a number that the text
    itself supplies (`reckoning`).

    >>> unexplained("She paid 3 pounds less.", "He asked 41 pounds and she paid 38.")
    []
    >>> unexplained("The other 51 were burnt, a sixth.", "Of 60 copies he sold 9, the rest were burnt.")
    ['sixth']
    """
    strange = unsupported(text, known)
    if strange and (COMPARED.search(text) or HAN_COMPARED.search(text)):
        strange = _uncompared(strange, text, known)
    if strange and len(known) <= LONG:
        strange = not_reckoned(strange, text, read_sentences(known))
    if language not in READ:
        strange = [said for said in strange if sum(c.isdigit() for c in said) >= LONG_FIGURE]
    return strange


def _uncompared(strange: list[str], text: str, known: str) -> list[str]:
    """Of these numbers those that are no difference of two known ones, or are not said to be one."""
    held = numbers(known)
    if len(held) > FEW:
        return strange
    plain = folded(text)
    apart = {abs(one - other) for one, other in combinations(sorted(held), 2) if _comparable(one, other)}
    found = []
    for said in strange:
        at = plain.find(said)
        after = plain[at + len(said) : at + len(said) + REACH] if at >= 0 else ""
        compared = (
            COMPARED.match(after) is not None
            or HAN_BEFORE.search(plain, max(0, at - REACH), max(0, at)) is not None
        )
        if not (compared and (numbers(said) <= apart or is_difference(said, support(known).amounts))):
            found.append(said)
    return found


def _comparable(one: float, other: float) -> bool:
    """Whether two numbers may be measured by one another: a year is by a year, or by an age only."""
    return (one in YEARS) == (other in YEARS)


def _unsupported_at(text: str, start: int, end: int, held: Support) -> list[tuple[int, int]]:
    """Where in the phrase at this place of a folded text what is not supported stands; so much around it as it may
    need is read."""
    first = text.rfind(" ", 0, max(0, start - AROUND)) + 1 if text.isascii() else max(0, start - AROUND)
    last = text.find(" ", end + AROUND)
    plain = fold(text[first : last if last >= 0 else len(text)])
    said = reading_in(plain, spelled_in(plain))
    strange = [(one.start, one.end) for one in said.quantities if not held.holds(one)]
    if strange:
        sums = Spans([(one.start, one.end) for one in joint(said) if held.holds(one)])
        strange = [span for span in strange if not sums.meet(*span)]
    strange += [(one.start, one.end) for one in said.periods if not held.holds_period(one)]
    strange += [(one.start, one.end) for one in said.dates if not held.holds_date(one)]
    strange += [place for place, day in weekdays(said.text, said.words) if day not in held.weekdays]
    first += text[first:].startswith(" ")  # which the folding took away
    phrase = Spans([(start - first, end - first)])
    return [(first + at, first + to) for at, to in sorted(strange) if phrase.meet(at, to)]


def numbers(text: str) -> set[float]:
    """Every number a text holds, by value, however it is written; those of dates too.

    >>> sorted(numbers("In 1874 twenty-one men paid 1,200 marks; the fifth paid nothing."))
    [5.0, 21.0, 1200.0, 1874.0]
    """
    said = reading(text)
    parts = {part for date in said.dates for part in (date.year, date.month, date.day) if part is not None}
    return {float(value) for one in said.quantities for value in one.values} | {float(part) for part in parts}
