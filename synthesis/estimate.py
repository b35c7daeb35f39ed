"""What a plan would send and cost, before anything is sent."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kg.model import Record
from kg.store import Store
from lm.base import Request
from lm.tokens import estimate
from synthesis.base import Item, Strategy
from synthesis.context import ContextBuilder
from synthesis.planning import COUNTED, Plan
from synthesis.rehearsal import requests_of
from synthesis.strategies.single import words_for

SHOWN = 3
EXACT = 200
SCANNED = 20_000
LOOKED_UP = 5_000
MESSAGE_TOKENS = 8
TOKENS_PER_WORD = 1.4
LIKELY = 1.96  # standard errors on either side that hold 95 % of a normal distribution
FEWEST_SEEN, MOST_SEEN = 5, 2_000
SHORTER = 0.5  # where no answer was seen, one may be half as long as it was asked to be


@dataclass(frozen=True, slots=True)
class Seen:
    """Answers of the same model and strategies that are there already: what their length tells."""

    answers: int = 0
    mean: float = 0.0
    deviation: float = 0.0


@dataclass(slots=True)
class Estimate:
    """Calls and tokens of a plan. `tokens_out_most` is what the budget reserves: every answer full.

    Prompts of the first 200 items are built and counted; `exact` is False where the rest is taken to be like
    those, or a later round depends on answers. Of a plan of more than 100,000 items only so many are counted:
    `whole` is False. `low` and `high` are bounds within which the tokens are expected to lie 95 times in 100.
    `texts` is how many texts the calls give at most; `seen` how many earlier answers the length of an answer
    was taken from. `requests` are the first three, exactly as they would be sent.
    """

    items: int = 0
    reused: int = 0
    calls: int = 0
    texts: int = 0
    tokens_in: int = 0
    tokens_in_low: int = 0
    tokens_in_high: int = 0
    tokens_out: int = 0
    tokens_out_low: int = 0
    tokens_out_high: int = 0
    tokens_out_most: int = 0
    seen: int = 0
    exact: bool = True
    more: bool = False
    whole: bool = True
    requests: list[Request] = field(default_factory=list)
    made_up: bool = False


@dataclass(slots=True)
class _Sizes:
    """What was counted of the items that were built: calls, texts, tokens of each item."""

    calls: list[int] = field(default_factory=list)
    tokens_in: list[int] = field(default_factory=list)
    tokens_out: list[float] = field(default_factory=list)
    tokens_most: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)


def estimated(
    store: Store,
    items: Iterable[Item],
    strategies: Sequence[Strategy],
    contexts: ContextBuilder,
    *,
    count: Callable[[str], int] = estimate,
) -> Estimate:
    """What the items would send. Answers are taken to be as long as those of the same model and strategies
    were, where at least five are there; else as long as asked for, 1.4 tokens a word.

    Texts that are there already are looked for among the first 5,000 items of a `Plan`; the rest is
    counted as calls.
    """
    by_name = {strategy.name: strategy for strategy in strategies}
    found, sizes = Estimate(), _Sizes()
    seen: Seen | None = None
    fresh = rounds = 0
    for item in items:
        if found.items == SCANNED:
            found.more = True
            break
        found.items += 1
        if any(True for _ in store.read(Record, "item", [item.key])):
            found.reused += 1
        else:
            fresh += 1
            if seen is None:
                seen = seen_in(store, item.parameters.model, set(by_name))
            if len(sizes.calls) < EXACT:
                context = contexts.build(item.subgraph, item.entities, item.relations)
                strategy = by_name[item.strategy]
                requests = list(requests_of(strategy, item, context))
                rounds += len(requests) > 1
                _measure(sizes, requests, strategy.texts, seen, count)
                shown = requests[: SHOWN - len(found.requests)]
                found.requests += shown
                found.made_up |= len(shown) > 1
        if found.items >= LOOKED_UP and isinstance(items, Plan):
            left, found.whole = items.rest(COUNTED)
            found.items += left
            fresh += left
            break
    if fresh:
        _scale(found, sizes, fresh, seen or Seen())
    found.exact = len(sizes.calls) == fresh and not rounds
    return found


def seen_in(store: Store, model: str, strategies: set[str]) -> Seen:
    """How long the answers of this model to these strategies were, of the texts in the corpus."""
    alike = (
        record.tokens_out
        for record in store.read(Record)
        if record.strategy in strategies and record.tokens_out and record.model in (model, _bare(model))
    )
    lengths = list(islice(alike, MOST_SEEN))
    if len(lengths) < FEWEST_SEEN:
        return Seen()
    mean = sum(lengths) / len(lengths)
    squares = sum((length - mean) ** 2 for length in lengths)
    return Seen(len(lengths), mean, math.sqrt(squares / (len(lengths) - 1)))


def _measure(
    sizes: _Sizes, requests: Sequence[Request], texts: int, seen: Seen, count: Callable[[str], int]
) -> None:
    sizes.calls.append(len(requests))
    sizes.texts.append(min(texts, texts * len(requests)))
    sizes.tokens_in.append(
        sum(count(message.content) + MESSAGE_TOKENS for request in requests for message in request.messages)
    )
    sizes.tokens_most.append(sum(request.max_tokens for request in requests))
    asked = (min(one.max_tokens, words_for(one.max_tokens) * TOKENS_PER_WORD) for one in requests)
    sizes.tokens_out.append(
        sum(min(one.max_tokens, seen.mean) for one in requests) if seen.answers else sum(asked)
    )


def _scale(found: Estimate, sizes: _Sizes, fresh: int, seen: Seen) -> None:
    """Carry over what was counted to all items, with the uncertainty that this brings."""
    built = len(sizes.calls)
    factor = fresh / built
    found.calls, found.texts = round(sum(sizes.calls) * factor), round(sum(sizes.texts) * factor)
    found.tokens_in = round(sum(sizes.tokens_in) * factor)
    found.tokens_out = round(sum(sizes.tokens_out) * factor)
    found.tokens_out_most = round(sum(sizes.tokens_most) * factor)
    found.seen = seen.answers
    carried = LIKELY * _deviation(sizes.tokens_in) * math.sqrt(max(0, fresh - built) * fresh / built)
    found.tokens_in_low = max(0, round(found.tokens_in - carried))
    found.tokens_in_high = round(found.tokens_in + carried)
    if seen.answers:
        # of each answer its own spread, and of all alike that of the mean they are taken from
        each = seen.deviation * math.sqrt(found.calls * (1 + found.calls / seen.answers))
        found.tokens_out_low = max(0, round(found.tokens_out - LIKELY * each))
        found.tokens_out_high = min(found.tokens_out_most, round(found.tokens_out + LIKELY * each))
    else:
        found.tokens_out_low = round(SHORTER * found.tokens_out)
        found.tokens_out_high = found.tokens_out_most


def _deviation(numbers: Sequence[int]) -> float:
    if len(numbers) < 2:
        return float(numbers[0]) if numbers else 0.0
    mean = sum(numbers) / len(numbers)
    return math.sqrt(sum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1))


def _bare(model: str) -> str:
    """The name a server knows a model by: what stands after the last # or : of ours."""
    return model.rpartition("#")[2].rpartition(":")[2]
