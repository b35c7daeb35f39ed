"""Asking a model whether a claim is entailed, and reading its answers from their first tokens.

A small model's word is nearly always yes; how sure it is of it tells more. So one token is asked for, with the
log-probabilities of its alternatives, and what counts is log P(no) - log P(yes) over all spellings of both. The
same claim is asked about in several ways whose doubts are averaged; they begin with the same words, so that a
server that keeps the beginnings of prompts reads the document once.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lm.base import Completion, Request
from synthesis.checks.claims_evidence import Evidence
from synthesis.checks.claims_words import words_of
from synthesis.prompting import load

QUESTIONS = ("claims_exact", "claims_faithful")
"""Prompts; each is asked about every claim."""
ALTERNATIVES = 20
SURE = 8.0
LEAST = 0.05
YES = frozenset(["yes", "y", "true", "correct", "是", "是的", "对", "对的", "正确"])
NO = frozenset(["no", "n", "not", "false", "incorrect", "否", "不", "不是", "不对", "错", "错误"])
FIRST = re.compile("[a-z]+|[\u4e00-\u9fff]{1,2}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judge thinks of a claim: `doubt` is log P(no) - log P(yes), from -8 to 8.

    `heard` is False where it comes from words alone, because the model gives no log-probabilities: then a yes is
    -1 and a no 1.
    """

    doubt: float
    heard: bool = True


def asked(claim: str, evidence: Evidence, model: str) -> list[Request]:
    """The questions about one claim, with the sentences of the context near which it would stand."""
    near = evidence.near(words_of(claim, evidence.language, evidence.proper))
    gap = "" if evidence.language == "zh" else " "
    values = {
        "context": gap.join(evidence.sentences[row] for row in near.rows) or evidence.text,
        "claim": claim,
    }
    return [
        Request(
            load(name, evidence.language).fill(values),
            model,
            temperature=0.0,
            max_tokens=1,
            top_logprobs=ALTERNATIVES,
        )
        for name in QUESTIONS
    ]


def heard(completions: Sequence[Completion | None]) -> Answer | None:
    """What the answers to the questions about one claim come to; None where one of them says nothing."""
    answers = [None if completion is None else answer(completion) for completion in completions]
    said = [one for one in answers if one is not None]
    if not said or len(said) < len(answers):
        return None
    return Answer(sum(one.doubt for one in said) / len(said), all(one.heard for one in said))


def answer(completion: Completion) -> Answer | None:
    """What one completion says; None where it is neither yes nor no."""
    told = completion.first_token
    if told is None:
        found = FIRST.search(completion.text.casefold())
        word = found[0] if found else ""
        if word in YES or word in NO:
            return Answer(1.0 if word in NO else -1.0, heard=False)
        return None
    yes = sum(math.exp(log) for token, log in told.items() if token.strip().casefold() in YES)
    no = sum(math.exp(log) for token, log in told.items() if token.strip().casefold() in NO)
    if yes + no < LEAST:
        return None
    doubt = math.log(max(no, 1e-9) / max(yes, 1e-9))
    return Answer(min(max(doubt, -SURE), SURE))
