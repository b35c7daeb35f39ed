"""What an item would send, round after round, before anything is sent."""

from collections.abc import Iterator
from dataclasses import replace

from lm.base import Completion, Request
from synthesis.base import Item, Step, Strategy
from synthesis.context import Context


def requests_of(strategy: Strategy, item: Item, context: Context) -> Iterator[Request]:
    """Every request of an item, as if each answer were the strategy's stand-in and every text accepted.

    Those of the first round are exactly what would be sent; those of later rounds show their size.
    """
    earlier: list[Step] = []
    while requests := strategy.next(item, context, earlier):
        answered: list[Step] = []
        for place, request in enumerate(requests):
            yield request
            said = Completion(strategy.stand_in(request), "stop", 0, 0, 0.0, request.model)
            step = Step(request, said, place)
            texts = len(strategy.read(item, context, earlier, step))
            answered.append(replace(step, accepted=(True,) * texts))
        earlier += answered
