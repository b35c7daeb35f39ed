"""Answers on their way from the wire into the journal, and from there to whoever asked."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from lm.base import Completion, Price
from lm.jobs import Item
from lm.journal import Call, Journal, JournalError

LOOK_AGAIN_SECONDS = 1.0


class Arrivals:
    """What came and is not yet written down. An answer is handed over only when the journal has it.

    `hand_over` gets an item whose answer is kept, `leave` one whose answer could not be kept within
    `patience_seconds` (a full disk), `stop` the error that says so. The sums are those of the kept answers;
    `unpriced` counts the ones whose price nobody knows. Every method runs in the loop's thread.
    """

    def __init__(
        self,
        journal: Journal,
        call: Call,
        patience_seconds: float,
        hand_over: Callable[[Item, Completion], None],
        leave: Callable[[Item], None],
        stop: Callable[[JournalError], None],
    ) -> None:
        self.tokens_in = self.tokens_out = self.unpriced = 0
        self.usd = 0.0
        self.trying: asyncio.Task[None] | None = None  # again, to write them down
        self._journal, self._call, self._patience_seconds = journal, call, patience_seconds
        self._hand_over, self._leave, self._stop = hand_over, leave, stop
        self._came: list[tuple[Item, str, Completion]] = []

    def __len__(self) -> int:
        return len(self._came)

    def add(self, item: Item, attempt: str, completion: Completion, price: Price | None) -> None:
        """An answer came; `price` says what it cost where the server did not."""
        if completion.cost_usd is None and price is not None:
            usd = price.usd(completion.tokens_in, completion.tokens_out)
            completion = replace(completion, cost_usd=usd)
        self._came.append((item, attempt, completion))

    def keep(self) -> None:
        """Write down what came, then hand it over."""
        kept = 0
        try:
            for item, attempt, completion in self._came:
                self._journal.answered(item.job.request, item.key, attempt, completion, self._call)
                kept += 1
            if kept and self._journal.fsync == "each":
                self._journal.sync()
        except JournalError as problem:
            self._stop(problem)
            if self.trying is None:
                self.trying = asyncio.get_running_loop().create_task(self._keep_later())
        for item, _, completion in self._came[:kept]:
            self.tokens_in += completion.tokens_in
            self.tokens_out += completion.tokens_out
            self.usd += completion.cost_usd or 0.0
            self.unpriced += completion.cost_usd is None
            self._hand_over(item, completion)
        self._came = self._came[kept:]  # only now: there is something as long as it is not handed over

    def end(self) -> None:
        """Try a last time."""
        self.keep()
        self._give_up()

    async def _keep_later(self) -> None:
        left = self._patience_seconds
        while self._came and left > 0:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            left -= LOOK_AGAIN_SECONDS
            self.keep()
        self._give_up()
        self.trying = None

    def _give_up(self) -> None:
        for item, _, _ in self._came:
            self._leave(item)
        self._came = []
