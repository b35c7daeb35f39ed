"""Several endpoints of one model, used as one: each gets its share, and those that are well do the work.

A session (`lm.session`) sends through each member by itself, with its own window, rates, health and
Retry-After; this class only keeps them together and gives them one name. The name is what goes into
`Request.model`: answers are known by it, whoever gave them, so a list of endpoints may change between two
runs without anything being asked again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from lm.base import LM, Completion, Price, Request, TokenCallback, TransientError, Unreachable


@dataclass(frozen=True, slots=True)
class Member:
    """One endpoint of a pool; out of several it gets requests by its weight, as long as it is well."""

    model: LM
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.weight < float("inf"):
            raise ValueError(f"the weight of {self.model.name!r} is above 0, not {self.weight!r}")


class Pool:
    """The model `name`, served by several members."""

    def __init__(self, name: str, members: Sequence[Member]) -> None:
        if not members:
            raise ValueError(f"the pool {name!r} has no members; give at least one endpoint")
        names = [member.model.name for member in members]
        twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
        if twice is not None:
            raise ValueError(f"the pool names {twice!r} twice; give it a weight instead: {twice}*2")
        self._name = name
        self.members = tuple(members)

    @property
    def name(self) -> str:
        """What the pool is called in the journal, whichever members it has."""
        return self._name

    @property
    def remote(self) -> bool:
        """Whether any member leaves this machine or may cost money."""
        return any(member.model.remote for member in self.members)

    @property
    def price(self) -> Price | None:
        """The dearest in each direction; None where the price of one is not known."""
        prices = [member.model.price for member in self.members]
        known = [price for price in prices if price is not None]
        if len(known) < len(prices):
            return None
        return Price(max(price.input for price in known), max(price.output for price in known))

    @property
    def slots(self) -> int:
        """How many requests all members serve side by side."""
        return sum(getattr(member.model, "slots", 1 << 30) for member in self.members)

    def count_tokens(self, text: str) -> int:
        """As the first member counts."""
        return self.members[0].model.count_tokens(text)

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        """One answer from the first member that can be reached. A session does not come this way."""
        away = Unreachable(f"no member of {self._name!r} can be reached")
        for member in self.members:
            try:
                return await member.model.complete(request, on_token)
            except Unreachable as error:
                away = error
        raise away

    async def check(self) -> None:
        """Pass where a member can be used; but a wrong key or model of any is told, for it is a typo."""
        found = await asyncio.gather(*(m.model.check() for m in self.members), return_exceptions=True)
        failures = [failure for failure in found if failure is not None]
        for failure in failures:
            if not isinstance(failure, Unreachable | TransientError):
                raise failure
        if len(failures) == len(self.members):
            raise failures[0]

    async def aclose(self) -> None:
        """Give back what every member holds."""
        await asyncio.gather(*(member.model.aclose() for member in self.members))


def members(model: LM) -> tuple[Member, ...]:
    """The members of a pool; any other model is its own only member."""
    return model.members if isinstance(model, Pool) else (Member(model),)
