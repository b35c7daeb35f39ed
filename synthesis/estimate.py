"""What a plan would send and cost, before anything is sent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kg.model import Record
from kg.store import Store
from lm.base import Request
from lm.tokens import estimate
from synthesis.base import Item, Strategy
from synthesis.context import ContextBuilder
from synthesis.planning import Plan
from synthesis.strategies.single import words_for

SHOWN = 3
EXACT = 200
SCANNED = 20_000
LOOKED_UP = 5_000
COUNTED = 100_000
MESSAGE_TOKENS = 8
TOKENS_PER_WORD = 1.4


@dataclass(slots=True)
class Estimate:
    """Calls and tokens of a plan. `tokens_out_most` is what the budget reserves: every answer full.

    Prompts of the first 200 items are built and counted; `exact` is False where the rest is taken to
    be like those. Of a plan of more than 100,000 items only so many are counted: `whole` is False.
    `requests` are the first three, exactly as they would be sent.
    """

    items: int = 0
    reused: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_out_most: int = 0
    exact: bool = True
    more: bool = False
    whole: bool = True
    requests: list[Request] = field(default_factory=list)


def estimated(
    store: Store,
    items: Iterable[Item],
    strategies: Sequence[Strategy],
    contexts: ContextBuilder,
    *,
    count: Callable[[str], int] = estimate,
) -> Estimate:
    """What the items would send; answers are taken to be as long as asked for, 1.4 tokens a word.

    Texts that are there already are looked for among the first 5,000 items of a `Plan`; the rest is
    counted as calls.
    """
    by_name = {strategy.name: strategy for strategy in strategies}
    found = Estimate()
    built = most = 0
    for item in items:
        if found.items == SCANNED:
            found.more = True
            break
        found.items += 1
        most = item.parameters.max_tokens
        if any(True for _ in store.read(Record, "item", [item.key])):
            found.reused += 1
        else:
            found.calls += 1
            if built < EXACT:
                context = contexts.build(item.subgraph, item.entities, item.relations)
                for request in by_name[item.strategy].next(item, context, []):
                    found.tokens_in += sum(count(m.content) + MESSAGE_TOKENS for m in request.messages)
                    if len(found.requests) < SHOWN:
                        found.requests.append(request)
                built += 1
        if found.items >= LOOKED_UP and isinstance(items, Plan):
            left, found.whole = items.rest(COUNTED)
            found.items += left
            found.calls += left
            break
    found.exact = built == found.calls
    found.tokens_out_most = found.calls * most
    found.tokens_out = found.calls * min(most, round(words_for(most) * TOKENS_PER_WORD))
    if built and not found.exact:
        found.tokens_in = round(found.tokens_in * found.calls / built)
    return found
