"""Asking a model whether a claim is entailed, and reading its answers from their first tokens.

Of a model with a probe (`probe`) its last hidden state is asked for instead, once, and nothing is written.

A small model's word is nearly always yes; how sure it is of it tells more. So one token is asked for, with the
log-probabilities of its alternatives, and what counts is log P(no) - log P(yes) over all spellings of both. The
same claim is asked about in two ways, which err differently: as a statement about a passage, and as a summary of a
source. The judge sees the sentences near which the claim would stand and no more: with the whole context before
it, the small local model was right less often on the development half.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lm.base import Completion, Request
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.probe import SURE, probed, probes
from synthesis.checks.claims.words import words_of
from synthesis.prompting import load

QUESTIONS = ("claims_faithful", "claims_summary")
"""Prompts; each is asked about every claim."""
DOUBTS = tuple(f"doubt_{name}" for name in QUESTIONS)
"""What a scale calls the doubt in the answer to each question."""
STATE = "claims_state"
"""The prompt after which a hidden state is read."""
DOUBT_STATE = "doubt_state"
"""What a scale calls the doubt that a probe reads there."""
ALTERNATIVES = 20
LEAST = 0.05
YES = frozenset(["yes", "y", "true", "correct", "是", "是的", "对", "对的", "正确"])
NO = frozenset(["no", "n", "not", "false", "incorrect", "否", "不", "不是", "不对", "错", "错误"])
FIRST = re.compile("[a-z]+|[\u4e00-\u9fff]{1,2}")


Way = Literal["state", "judge", "word"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judge thinks of a claim: its doubts by the names under which a scale weighs them, each from -8 to 8.

    `way` is how they were had: from its hidden state; from log-probabilities as log P(no) - log P(yes); or from
    words alone, because the model gives neither: then a yes is -1 and a no 1.
    """

    doubts: Mapping[str, float]
    way: Way = "judge"

    @property
    def doubts_it(self) -> bool:
        """Whether no is the likelier answer on the whole."""
        return sum(self.doubts.values()) > 0


def asked(claim: str, evidence: Evidence, model: str) -> list[Request]:
    """What is asked about one claim, with the sentences of the context near which it would stand."""
    if probed(model, evidence.language):
        return [state_asked(claim, evidence, model)]
    values = _values(claim, evidence)
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


def state_asked(claim: str, evidence: Evidence, model: str) -> Request:
    """The request for the hidden state in which a model has read a claim and what it would rest on."""
    messages = load(STATE, evidence.language).fill(_values(claim, evidence))
    return Request(messages, model, temperature=0.0, max_tokens=1, hidden_state=True)


def _values(claim: str, evidence: Evidence) -> dict[str, str]:
    near = evidence.near(words_of(claim, evidence.language, evidence.proper))
    gap = "" if evidence.language == "zh" else " "
    return {
        "context": gap.join(evidence.sentences[row] for row in near.rows) or evidence.text,
        "claim": claim,
    }


def heard(completions: Sequence[Completion | None], language: str) -> Answer | None:
    """What the answers about one claim in this language say; None where one of them says nothing."""
    if len(completions) == 1:
        doubt = None if completions[0] is None else _state_doubt(completions[0], language)
        return None if doubt is None else Answer({DOUBT_STATE: doubt}, "state")
    doubts = dict[str, float]()
    way: Way = "judge"
    for name, completion in zip(DOUBTS, completions, strict=True):
        doubt = None if completion is None else doubt_of(completion)
        if completion is None or doubt is None:
            return None
        doubts[name] = doubt
        way = "word" if completion.first_token is None else way
    return Answer(doubts, way)


def _state_doubt(completion: Completion, language: str) -> float | None:
    probe = probes().get(completion.model)
    if probe is None or completion.hidden_state is None:
        return None
    return probe.doubt(completion.hidden_state, language)


def doubt_of(completion: Completion) -> float | None:
    """log P(no) - log P(yes) of one completion, from its word alone 1 or -1; None where it is neither."""
    told = completion.first_token
    if told is None:
        found = FIRST.search(completion.text.casefold())
        word = found[0] if found else ""
        return None if word not in YES | NO else 1.0 if word in NO else -1.0
    yes = sum(math.exp(log) for token, log in told.items() if token.strip().casefold() in YES)
    no = sum(math.exp(log) for token, log in told.items() if token.strip().casefold() in NO)
    if yes + no < LEAST:
        return None
    return min(max(math.log(max(no, 1e-9) / max(yes, 1e-9)), -SURE), SURE)
