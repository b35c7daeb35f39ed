"""What speaks against a claim without a model: signs, each a number from 0 to 1 and the words it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from synthesis.checks import names, numbers
from synthesis.checks.claims.complements import other_complements
from synthesis.checks.claims.counts import SMALL, other_counts, unreckoned
from synthesis.checks.claims.denials import denied
from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.kinds import new_relatives, other_kinds, other_times
from synthesis.checks.claims.places import other_names, taken_places
from synthesis.checks.claims.swaps import swapped
from synthesis.checks.claims.words import HAN_FUNCTION, HAN_RUN, words_of
from synthesis.checks.numbers.reckoning import AGES, APART, BY_HOW_MUCH

SIGNS = {
    "strange_number": "a number or date that the passages do not hold (the rule of the check numbers)",
    "far_number": "a number that the passages hold elsewhere, not beside the rest of the claim",
    "strange_name": "a name that the passages do not hold (the rule of the check names)",
    "far_name": "a name that the passages hold elsewhere, not beside the rest of the claim",
    "taken_place": "a name where the nearest sentence, in the same words, has another",
    "unknown": "the share of the claim's words that do not stand where the claim would stand",
    "denial": "the claim denies and the nearest sentence does not, or the other way round, times what they share",
    "chinese": "1 for a Chinese claim: a true rewording has more new pairs of characters than new English words",
    "unreckoned": "a strange number that no sum or difference of numbers of the context explains",
    "other_count": "a number of things where the nearest sentences give another, and no sentence this one",
    "other_name": "a name from elsewhere where the nearest sentence, in half the same words, has a name of its own",
    "other_kind": "a colour, material, season and the like where the nearest sentence has another of its kind",
    "other_complement": "another complement after a word and a preposition than the passages have after both",
    "denied": "a word that only one of the claim and the nearest sentence denies",
    "swapped": "two that have changed places",
    "new_relative": "a relative of a degree that the passages do not speak of",
    "other_time": "another time of a life, in mostly new words",
}
TERM = 3
"""Length of a run of Chinese characters that is looked for elsewhere as a name is."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one claim by name; `words` are those that a sign rests on, as they were written."""

    values: dict[str, float]
    words: dict[str, tuple[str, ...]]


def signs(claim: str, evidence: Evidence, entities: Iterable[str] = ()) -> Signs:
    """What speaks against a claim in English or Chinese, held against a context in its language.

    `entities` are names that may stand in it: without them a Chinese name cannot be told from other words.
    """
    language, context = evidence.language, evidence.text
    claim = evidence.untitled(claim)
    words = words_of(claim, language, evidence.proper)
    near = evidence.near(words)
    strange = names.unsupported(claim, context, language) or []
    far = [
        " ".join(words.content[form] for form in name)
        for name in words.names
        if evidence.content.issuperset(name) and near.content.isdisjoint(name)
    ]
    if language == "zh":
        named = [name for name in entities if name in claim]
        strange += [name for name in named if name not in context]
        far += [name for name in named if name in context and name not in near.text]
        far += _far_terms(claim, context, near)
    strange_numbers = numbers.unsupported(claim, evidence.text)
    unknown = [word for form, word in words.content.items() if form not in near.content]
    share = len(unknown) / max(1, len(words.content))
    found = {
        "strange_number": _unspanned(strange_numbers, claim, evidence, near),
        "far_number": [
            f"{value:g}" for value in sorted(words.numbers & evidence.numbers - near.numbers) if value > SMALL
        ],
        "strange_name": strange,
        "far_name": far,
        "taken_place": taken_places(claim, evidence, near.stating),
        "unknown": unknown,
        "unreckoned": unreckoned(strange_numbers, claim, evidence, near),
        "other_count": other_counts(claim, evidence, near),
        "other_name": [] if language == "zh" else other_names(words, evidence, near),
        "other_kind": other_kinds(claim, evidence, near),
        "other_complement": other_complements(claim, evidence, near),
        "denied": [words.content.get(form, form) for form in denied(claim, words, evidence, near)],
        "swapped": [words.content.get(form, form) for form in swapped(claim, words, evidence, near)],
        "new_relative": new_relatives(claim, evidence),
        "other_time": other_times(claim, evidence, near, share),
    }
    values = {name: float(bool(rests_on)) for name, rests_on in found.items()}
    values["unknown"] = share
    values["denial"] = near.share * (bool(near.rows) and words.denies != evidence.words[near.best].denies)
    values["chinese"] = float(language == "zh")
    return Signs(
        values, {name: tuple(dict.fromkeys(rests_on)) for name, rests_on in found.items() if rests_on}
    )


def _unspanned(strange: list[str], claim: str, evidence: Evidence, near: Near) -> list[str]:
    """Of the numbers that the context does not hold, those that a true claim can hardly have reckoned.

    Spans between ages (sworn at 24, "nine years after" going barefoot at 15), and by how much one number of the
    sentences near the claim is more than another ("three pounds less").
    """
    reckoned: set[float] = set()
    if strange and APART.search(claim):
        ages = [value for value in evidence.numbers if value in AGES]
        reckoned |= {abs(one - other) for one in ages for other in ages}
    if strange and BY_HOW_MUCH.search(claim):
        reckoned |= {abs(one - other) for one in near.numbers for other in near.numbers}
    return [said for said in strange if not numbers.numbers(said) <= reckoned]


def _far_terms(claim: str, context: str, near: Near) -> list[str]:
    """Runs of Chinese characters that the context holds, but not near: a name in another's place."""
    return [
        term
        for run in HAN_RUN.findall(claim)
        for term in (run[i : i + TERM] for i in range(len(run) - TERM + 1))
        if HAN_FUNCTION.isdisjoint(term) and term in context and term not in near.text
    ]
