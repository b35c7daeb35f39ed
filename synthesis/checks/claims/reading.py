"""Is every claim of a text entailed by its context?

A text is cut into claims, its sentences. Each is held against the context by signs that need no model
(`signs`), and where a judge model was asked (`judge`), by its doubt; `scale` says how the
two add up. Without a judge only what is wrong can be said, or that a claim stands in the context word for word;
every other claim is unchecked, never passed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Literal

from kg.languages import language_of
from kg.model import Check
from kg.sentences import sentences
from lm.base import Completion, Request
from synthesis.checks.base import failed, passed, unchecked
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.judge import QUESTIONS, Answer, asked, doubt_of, heard
from synthesis.checks.claims.scale import Scale, scales
from synthesis.checks.claims.signs import Signs, signs
from synthesis.checks.claims.words import KEPT, LANGUAGES

NAME = "claims"
LEAST = 4
QUOTED = 160
POINTS_BACK = re.compile(
    r"[\"'“‘(]*(?:he|she|it|they|his|her|its|their|this|that|these|those|there)\b", re.IGNORECASE
)
POINTS_BACK_ZH = re.compile("[“「（]?(?:他|她|它|这|那|其|此)")
NO_CLAIM = re.compile(r"#|[-*_=\s]*$|.*[?？][\"'”’」』)）*]*$", re.DOTALL)
SIGNIFICANT = re.compile("[^\\W_]")

LACKING = ("strange_number", "unreckoned", "strange_name", "new_relative")
ELSEWHERE = (
    *("far_number", "far_name", "taken_place", "other_count", "other_name", "other_kind", "other_complement"),
    "other_time",
)
TURNED = ("swapped", "denied")
"""What the words of a sign are said to be where a claim fails."""

Outcome = Literal["passed", "failed", "unchecked"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a text. `shown` is what is held against the context: where the sentence begins with
    "he" or "this", it goes together with the one before.
    """

    text: str
    shown: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one claim. `false` is the probability that it is not entailed, None where nothing could
    be said; `reason` quotes the words it rests on. `by_word` where the judge gave no log-probabilities.
    """

    claim: str
    outcome: Outcome
    false: float | None
    reason: str
    by_word: bool = False


def claims_of(text: str, language: str = "und") -> list[Claim]:
    """The claims of a text in their order. Headings, questions and scraps of a word or two claim nothing.

    >>> [claim.text for claim in claims_of("# The bell\\n\\nMina Arden rang it. Why? She was told to.")]
    ['Mina Arden rang it.', 'She was told to.']
    """
    found: list[Claim] = []
    for start, end in sentences(text, language=language):
        sentence = text[start:end]
        if NO_CLAIM.match(sentence) or len(SIGNIFICANT.findall(sentence)) < LEAST:
            continue
        back = POINTS_BACK.match(sentence) or POINTS_BACK_ZH.match(sentence)
        before = f"{found[-1].text} " if back and found else ""
        found.append(Claim(sentence, before + sentence))
    return found


def requests(text: str, context: str, language: str, model: str) -> list[Request]:
    """What to ask the judge `model` about a text, claim by claim: one request each for a model with a probe, else
    as many as there are QUESTIONS, in order.

    `context` is all that the text may rest on, headings too.
    """
    evidence = Evidence(context, language)
    return [one for claim in claims_of(text, language) for one in asked(claim.shown, evidence, model)]


def read(
    text: str,
    context: str,
    language: str,
    completions: Sequence[Completion | None] | None = None,
    entities: Iterable[str] = (),
) -> Check:
    """What the check says of a text; `completions` answer `requests` one by one, None for one that failed.

    Without `completions` only the rules speak. A text fails where its claims together speak against it
    (`Scale.against`), and passes where all pass.
    """
    return summed(verdicts(text, context, language, completions, entities))


def verdicts(
    text: str,
    context: str,
    language: str,
    completions: Sequence[Completion | None] | None = None,
    entities: Iterable[str] = (),
) -> list[Verdict]:
    """What is said of each claim of a text; see `read`."""
    evidence, names = Evidence(context, language), tuple(entities)
    claims = claims_of(text, language)
    once, each = len(claims), len(QUESTIONS) * len(claims)
    if completions is not None and len(completions) not in (once, each):
        raise ValueError(f"{once} claims want {once} or {each} completions, not {len(completions)}")
    ways = len(completions) // once if completions else 0
    known = language in LANGUAGES and language_of(context) in (language, "und")
    weighed = [
        _weighed(
            *(claim, evidence, names, known),
            None if completions is None else completions[ways * place : ways * (place + 1)],
        )
        for place, claim in enumerate(claims)
    ]
    wrong = _wrong(weighed)
    return [_verdict(one, evidence, one in wrong) for one in weighed]


def summed(found: Sequence[Verdict]) -> Check:
    """The verdicts on all claims of a text as one check."""
    wrong = [verdict for verdict in found if verdict.outcome == "failed"]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return failed(NAME, f"{_quoted(wrong[0].claim)}: {wrong[0].reason}{more}")
    left = [verdict for verdict in found if verdict.outcome == "unchecked"]
    if left or not found:
        why = left[0].reason if left else "the text claims nothing"
        return unchecked(NAME, f"{len(left)} of {len(found)} claims: {why}" if len(found) > 1 else why)
    return passed(NAME)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What signs and a judge say of a claim. `scale` and `false` are None where neither says anything; `unasked` is
    why it cannot pass where no judge spoke.
    """

    claim: Claim
    signs: Signs | None
    said: Answer | None
    scale: Scale | None
    false: float | None
    unasked: str


def _weighed(
    claim: Claim,
    evidence: Evidence,
    entities: tuple[str, ...],
    known: bool,
    completions: Sequence[Completion | None] | None,
) -> _Weighed:
    said = None if completions is None else heard(completions, evidence.language)
    if not known and said is None:
        why = f"no rule for claims in {evidence.language!r}" if completions is None else _unheard(completions)
        return _Weighed(claim, None, None, None, None, why)
    found = signs(claim.shown, evidence, entities) if known else None
    scale = scales()[_scale(known, said)]
    false = scale.false({**(found.values if found else {}), **(said.doubts if said else {})})
    why = "a judge model was not asked" if completions is None else _unheard(completions)
    return _Weighed(claim, found, said, scale, false, why)


def _wrong(weighed: Sequence[_Weighed]) -> list[_Weighed]:
    """The claims that fail their text, none where it does not fail: those above the threshold, else the likeliest."""
    told = [(one, one.scale, one.false) for one in weighed if one.scale is not None and one.false is not None]
    if not told or sum(scale.against(false) for _, scale, false in told) < max(
        scale.limit for _, scale, _ in told
    ):
        return []
    wrong = [one for one, scale, false in told if false >= scale.threshold]
    return wrong or [max(told, key=itemgetter(2))[0]]


def _verdict(one: _Weighed, evidence: Evidence, fails: bool) -> Verdict:
    by_word = one.said is not None and one.said.way == "word"
    if one.scale is None or one.false is None:
        return Verdict(one.claim.text, "unchecked", None, one.unasked)
    found = one.signs.words if one.signs else {}
    why = _why({sign: found[sign] for sign in one.scale.weights if sign in found}, one.said, one.false)
    if fails:
        return Verdict(one.claim.text, "failed", one.false, why, by_word)
    if one.said is not None or _quotes(one.claim, evidence):
        return Verdict(one.claim.text, "passed", one.false, "", by_word)
    speaks = one.scale.false({}) < one.false
    told = f"{why} is too little by itself" if speaks else "no rule speaks against it"
    return Verdict(one.claim.text, "unchecked", one.false, f"{told}; {one.unasked}")


def _scale(known: bool, said: Answer | None) -> str:
    if said is None:
        return "rule"
    return said.way + ("" if known else "_alone")


def _why(words: dict[str, tuple[str, ...]], judged: Answer | None, false: float) -> str:
    """The words a failure rests on: what the passages lack first, then what stands elsewhere, then the judge."""
    lacking = _of(words, LACKING)
    elsewhere = [word for word in _of(words, ELSEWHERE) if not any(one in word for one in lacking)]
    said = []
    if lacking:
        said.append("not in the passages: " + _listed(lacking))
    if elsewhere:
        said.append("not said of this in the passages: " + _listed(elsewhere))
    if turned := _of(words, TURNED):
        said.append("the other way round in the passages: " + _listed(turned))
    if not said and (unknown := words.get("unknown", ())):
        said.append("the passages have other words: " + _listed(unknown))
    if judged is not None:
        judge = "the judge, by its word alone," if judged.way == "word" else "the judge"
        said.append(f"{judge} {'doubts' if judged.doubts_it else 'does not wholly trust'} it")
    return "; ".join(said or ["it does not fit the passages"]) + f" ({false:.0%} likely not entailed)"


def _of(words: dict[str, tuple[str, ...]], some: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for sign in some for word in words.get(sign, ())))


def _unheard(completions: Sequence[Completion | None]) -> str:
    for completion in completions:
        if completion is not None and completion.text and doubt_of(completion) is None:
            return f"the judge said neither yes nor no: {completion.text[:40]!r}"
    return "the judge gave no answer"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(repr(word[:40]) for word in words[:5])


def _quoted(claim: str) -> str:
    one_line = " ".join(claim.split())
    return repr(one_line if len(one_line) <= QUOTED else one_line[: QUOTED - 1] + "…")


def _quotes(claim: Claim, evidence: Evidence) -> bool:
    """Whether the claim, with what it points back to, is a whole sentence of the context, or two in a row."""
    there = [_bare(sentence) for sentence in evidence.sentences]
    return _bare(claim.shown) in {*there, *map("".join, pairwise(there))}


@lru_cache(maxsize=KEPT)
def _bare(text: str) -> str:
    """Letters and figures alone, so that a quotation is known whatever its marks."""
    return "".join(SIGNIFICANT.findall(text.casefold()))
