"""What has been paid and what may still have to be: sums over the events of a journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Total:
    """A sum over calls.

    `tokens_in`, `tokens_out` and `usd` are those of answers. `open_tokens` and `open_usd` are the worst
    case of every attempt without an answer: in flight, failed after it left, or killed with its
    process. `unpriced` counts the answers whose price nobody knew; they are not in `usd`.
    """

    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0
    unpriced: int = 0
    open_attempts: int = 0
    open_tokens: int = 0
    open_usd: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens that count against a limit: used, and the worst case of what is open."""
        return self.tokens_in + self.tokens_out + self.open_tokens

    @property
    def dollars(self) -> float:
        """Dollars that count against a limit: paid, and the worst case of what is open."""
        return self.usd + self.open_usd

    def opened(self, tokens: int, usd: float | None) -> None:
        """An attempt is about to leave."""
        self.open_attempts += 1
        self.open_tokens += tokens
        self.open_usd += usd or 0.0

    def released(self, tokens: int, usd: float | None) -> None:
        """An attempt never left, or has been settled."""
        self.open_attempts -= 1
        self.open_tokens -= tokens
        self.open_usd = max(0.0, self.open_usd - (usd or 0.0)) if self.open_attempts else 0.0

    def paid(self, tokens_in: int, tokens_out: int, usd: float | None) -> None:
        """An answer came."""
        self.answers += 1
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        if usd is None:
            self.unpriced += 1
        else:
            self.usd += usd


class Ledger:
    """The totals of a whole journal and of each run in it.

    An attempt that failed stays open at its worst case, for nobody knows what the other side did and
    counts; it is released only where the request never left this machine.
    """

    def __init__(self) -> None:
        self.all = Total()
        self.runs: dict[str, Total] = {}
        self._open: dict[str, tuple[int, float | None]] = {}

    def run(self, name: str) -> Total:
        """The totals of one run; all zero for one that has not begun."""
        return self.runs.setdefault(name, Total())

    def apply(self, event: Mapping[str, Any]) -> None:
        """Count one event of the journal."""
        kind = event["event"]
        if kind not in ("sent", "answered", "failed"):
            return
        totals = (self.all, self.run(event["run"]))
        if kind == "sent":
            worst = (int(event["tokens"]), event["usd"])
            self._open[event["id"]] = worst
            for total in totals:
                total.opened(*worst)
            return
        known = self._open.pop(event["id"], None)
        if known is not None and (kind == "answered" or not event["left"]):
            for total in totals:
                total.released(*known)
        if kind == "answered":
            for total in totals:
                total.paid(event["tokens_in"], event["tokens_out"], event["usd"])
