"""Limits that hold: what a request may cost is reserved before it leaves, and settled afterwards."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lm.base import LMError, Price
from lm.ledger import Ledger, Total


class BudgetError(LMError):
    """A limit forbids the next request."""


class Priced(Protocol):
    """A model, as far as a budget is concerned."""

    @property
    def name(self) -> str: ...

    @property
    def price(self) -> Price | None: ...


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent at most; None is no limit.

    `usd` and `tokens` hold for one run (`Session(run=...)`): over all its restarts and all processes that
    write it; without a name for the run, for one session. `total_usd` holds for everything the journal
    has ever paid for. `deadline_seconds` counts from the session's start; nothing is sent after it.
    """

    usd: float | None = None
    tokens: int | None = None
    deadline_seconds: float | None = None
    total_usd: float | None = None

    def __post_init__(self) -> None:
        for name in ("usd", "tokens", "deadline_seconds", "total_usd"):
            value = getattr(self, name)
            if value is not None and (not math.isfinite(value) or value < 0):
                raise ValueError(f"a budget's {name} is 0 or more, not {value!r}")

    @property
    def limits_cost(self) -> bool:
        """Whether tokens or dollars are limited (a deadline alone costs nothing to check)."""
        return not (self.usd is None and self.tokens is None and self.total_usd is None)

    def require_price(self, model: Priced, prices_file: str | Path = "prices.toml") -> None:
        """Raise ValueError where a limit in dollars could not be kept because the price is unknown."""
        if model.price is None and not (self.usd is None and self.total_usd is None):
            raise ValueError(
                f"a limit in dollars needs the price of {model.name!r}, and nobody has written it down. "
                f"Add it to {str(prices_file)!r}, or limit tokens instead"
            )

    def allow(self, ledger: Ledger, run: Total, tokens: int, usd: float | None) -> None:
        """Raise `BudgetError` if a request that may cost so much could pass a limit."""
        if self.tokens is not None and run.tokens + tokens > self.tokens:
            raise BudgetError(
                f"the budget of {self.tokens:,} tokens does not hold another request: {run.tokens:,} are "
                f"spent or reserved, and the next may need {tokens:,}"
            )
        for name, limit, total in (("budget", self.usd, run), ("total", self.total_usd, ledger.all)):
            if limit is not None and total.dollars + (usd or 0.0) > limit + 1e-12:
                raise BudgetError(
                    f"the {name} of ${limit:,.4f} does not hold another request: ${total.dollars:,.4f} are "
                    f"spent or reserved, and the next may cost ${usd or 0.0:,.4f}"
                )
