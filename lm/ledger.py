"""What has been paid and what may still have to be: sums over the events of a journal."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """Why a call is made: the run it belongs to, and what for ("extract", "write", "judge")."""

    run: str = ""
    purpose: str = ""


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

    def become(self, other: "Total") -> None:
        """Take the sums of another; whoever holds this one sees them."""
        for name in self.__slots__:
            setattr(self, name, getattr(other, name))


class Ledger:
    """The totals of a whole journal and of each run in it.

    An attempt that failed stays open at its worst case, for nobody knows what the other side did and
    counts; it is released only where the request never left this machine.
    """

    def __init__(self) -> None:
        self.all = Total()
        self.runs: dict[str, Total] = {}
        self.unsettled: dict[str, tuple[int, float | None]] = {}  # attempts of which nothing was heard

    def run(self, name: str) -> Total:
        """The totals of one run; all zero for one that has not begun."""
        found = self.runs.get(name)
        if found is None:
            found = self.runs[name] = Total()
        return found

    def apply(self, event: Mapping[str, Any]) -> None:
        """Count one event of the journal."""
        kind = event["event"]
        if kind == "sent":
            self.sent(event["run"], event["id"], int(event["tokens"]), event["usd"])
        elif kind == "answered":
            tokens = event["tokens_in"], event["tokens_out"]
            self.answered(event["run"], event["id"], *tokens, event["usd"])
        elif kind == "failed":
            self.failed(event["run"], event["id"], event["left"])

    def sent(self, run: str, attempt: str, tokens: int, usd: float | None) -> None:
        """An attempt is about to leave; so much it can cost."""
        self.unsettled[attempt] = tokens, usd
        self.all.opened(tokens, usd)
        self.run(run).opened(tokens, usd)

    def answered(self, run: str, attempt: str, tokens_in: int, tokens_out: int, usd: float | None) -> None:
        """An attempt brought an answer; so much it did cost."""
        known, total = self.unsettled.pop(attempt, None), self.run(run)
        if known is not None:
            self.all.released(*known)
            total.released(*known)
        self.all.paid(tokens_in, tokens_out, usd)
        total.paid(tokens_in, tokens_out, usd)

    def failed(self, run: str, attempt: str, left: bool) -> None:
        """An attempt brought none."""
        known = self.unsettled.pop(attempt, None)
        if known is not None and not left:
            self.all.released(*known)
            self.run(run).released(*known)

    def to_dict(self) -> dict[str, Any]:
        """The ledger as plain JSON data; `restore` reads it back."""
        runs = {name: astuple(total) for name, total in self.runs.items()}
        return {"all": astuple(self.all), "runs": runs, "unsettled": dict(self.unsettled)}

    def restore(self, data: Mapping[str, Any]) -> None:
        """Become what `to_dict` wrote; totals that somebody holds are the same objects afterwards."""
        self.clear()
        self.all.become(Total(*data["all"]))
        for name, sums in data["runs"].items():
            self.run(name).become(Total(*sums))
        self.unsettled.update({attempt: (worst[0], worst[1]) for attempt, worst in data["unsettled"].items()})

    def clear(self) -> None:
        """Forget everything; totals that somebody holds become zero."""
        for total in (self.all, *self.runs.values()):
            total.become(Total())
        self.unsettled.clear()
