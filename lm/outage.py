"""When a server is gone in the middle of a run: wait, say so, look again, go on."""

import asyncio
import random
import time
from collections.abc import Callable

from lm.base import LM, AccessDenied, LMError, ModelNotFound, ServerError
from lm.jobs import Event, OnEvent, Settings, Stopped

GATEWAY_STATUS = (502, 503, 504)
IN_A_ROW = 8


class Outage:
    """Looks after a server that does not answer, with growing pauses, until it does or time is up.

    It looks with `LM.check`, which costs nothing. What failed meanwhile uses up no retries. `back` is
    called when requests may be sent again, `give_up` when `give_up_seconds` have passed without any server
    to go on with: `all_down_since` is the time since when there is none, None where there is one.
    """

    def __init__(
        self,
        model: LM,
        settings: Settings,
        rng: random.Random,
        tell: OnEvent,
        back: Callable[[], None],
        give_up: Callable[[Stopped, LMError], None],
        all_down_since: Callable[[], float | None],
    ) -> None:
        self._model, self._settings, self._rng, self._tell = model, settings, rng, tell
        self._back, self._give_up, self._all_down_since = back, give_up, all_down_since
        self.since: float | None = None  # it has been gone
        self._pause = 1.0
        self._failures = self._in_a_row = 0
        self._failed_at = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def looking(self) -> bool:
        """Whether nothing should be sent at the moment."""
        return self._task is not None

    def means_down(self, error: LMError, sent_at: float, now: float) -> bool:
        """Whether this failure says that the server is gone: a broken gateway, again and again.

        That is many failures and no answer among them, or some one after another: each sent after the
        one before had failed.
        """
        if not isinstance(error, ServerError) or error.status not in GATEWAY_STATUS:
            return False
        self._failures += 1
        if sent_at >= self._failed_at:
            self._in_a_row += 1
            self._failed_at = now
        many = 2 * self._settings.concurrency + 8
        return self.since is not None or self._failures >= many or self._in_a_row >= IN_A_ROW

    def begin(self, error: LMError) -> None:
        """The server is gone: look again until it is back."""
        if self._task is None:
            if self.since is None:
                self.since = time.monotonic()
            self._task = asyncio.get_running_loop().create_task(self._look(error))
            self._task.add_done_callback(self._looked)

    def answered(self, sent_at: float) -> bool:
        """A request that left at that time was answered: is whatever was wrong over?

        One that left before says nothing of it: a server that ends finishes what it had begun.
        """
        if self.since is not None and sent_at < self.since:
            return False
        self._failures = self._in_a_row = 0
        if self.since is not None:
            self.since, self._pause = None, 1.0
            self._tell(Event("back", f"{self._model.name} answers again"))
        return True

    def end(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()

    async def _look(self, error: LMError) -> None:
        while True:
            since = self._all_down_since()
            if since is not None and time.monotonic() - since > self._settings.give_up_seconds:
                self._task = None  # what follows ends this object, not this task
                self._give_up("unreachable", error)
                return
            pause = self._pause * self._rng.uniform(0.75, 1.0)
            meanwhile = "The other endpoints go on" if since is None else "Waiting"
            self._tell(Event("down", f"{error}. {meanwhile}; the next look is in {pause:.0f} s"))
            self._pause = min(self._pause * 2, self._settings.longest_backoff_seconds)
            await asyncio.sleep(pause)
            try:
                async with asyncio.timeout(30):
                    await self._model.check()
                return
            except (AccessDenied, ModelNotFound) as refused:
                self._task = None
                self._give_up("denied", refused)
                return
            except (LMError, TimeoutError):
                continue

    def _looked(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        if not task.cancelled():
            self._back()
