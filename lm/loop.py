"""The one way to call a model: a constant number in flight, retries, limits, everything in the journal.

All of it runs in the thread of `lm.door`; `lm.session` is how the rest of the program reaches it.
"""

import asyncio
import math
import random
import time
from collections import deque
from collections.abc import Callable

from lm.arrivals import Arrivals
from lm.base import (
    LM,
    AccessDenied,
    Completion,
    LMError,
    ModelNotFound,
    RateLimited,
    TimedOut,
    TransientError,
    Unreachable,
)
from lm.budget import Budget, BudgetError
from lm.hearing import Hearing
from lm.jobs import Answer, Event, Item, Left, OnEvent, Settings, Stopped
from lm.journal import Call, Journal, JournalError
from lm.lanes import Lane, Lanes
from lm.window import Ticket


class Loop:
    """Keeps a model busy with the items it is given. Every method runs in the loop's thread."""

    def __init__(
        self,
        model: LM,
        journal: Journal,
        budget: Budget,
        call: Call,
        settings: Settings,
        rng: random.Random,
        tell: OnEvent,
        nudge: Callable[[], None],
        hearing: Hearing,
    ) -> None:
        self.model, self.journal, self.budget, self.call = model, journal, budget, call
        self.settings, self.rng, self.tell, self.nudge, self.hearing = settings, rng, tell, nudge, hearing
        self.stopped: Stopped | None = None
        self.problem: LMError | None = None
        self.closing = False
        self.accepted = 0
        self.ready: deque[Item] = deque()
        self.waiting: dict[Item, asyncio.TimerHandle] = {}
        self.arrivals = Arrivals(
            *(journal, call, settings.grace_seconds),
            hand_over=lambda item, completion: self._close(item, completion, None),
            leave=self._leave,
            stop=lambda problem: self.stop(None, problem),
        )
        self.tasks: dict[asyncio.Task[None], tuple[Item, Lane]] = {}
        self._asked: dict[str, Item] = {}
        self._turning = False
        self._timer: asyncio.TimerHandle | None = None
        self._background: list[asyncio.Task[None]] = []
        self.lanes = Lanes(
            *(model, settings, rng, tell), careful=budget.limits_cost, on_back=self._turn, stop=self.stop
        )

    # ---- in and out ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin: the deadline runs from here."""
        if self.journal.fsync == "interval":
            self._background.append(asyncio.create_task(self._keep_durable()))
        if self.budget.deadline_seconds == 0:
            self.stop("deadline")
        elif self.budget.deadline_seconds is not None:
            self._background.append(asyncio.create_task(self._keep_deadline(self.budget.deadline_seconds)))

    def accept(self, items: list[Item], front: bool) -> None:
        """Take items in; `front` puts them before those that wait."""
        self.accepted += len(items)
        if self.closing:
            for item in items:
                item.deliver(Left())
            return
        if front:
            self.ready.extendleft(reversed(items))
        else:
            self.ready.extend(items)
        self._turn()

    @property
    def busy(self) -> bool:
        """Whether anything is in flight, or came in and is not yet written down."""
        return bool(self.tasks or self.arrivals)

    def stop(self, reason: Stopped | None, problem: LMError | None = None) -> None:
        """Send nothing any more; what is in flight may still come in. The first reason stays."""
        if self.closing:
            return
        self.closing = True
        self.stopped, self.problem = reason, problem
        if reason is not None:
            self.tell(Event("stop", f"stopped ({reason})" + (f": {problem}" if problem else "")))
        self.lanes.rest()
        for handle in self.waiting.values():
            handle.cancel()
        left = [*self.ready, *self.waiting]
        self.ready.clear()
        self.waiting.clear()
        for item in left:
            self._leave(item)
        if reason is not None and self.tasks:
            self._background.append(asyncio.create_task(self._end_grace()))

    async def finish(self, grace_seconds: float) -> None:
        """Wait so long for what is in flight, then let go of everything."""
        self.stop(None)
        until = time.monotonic() + grace_seconds
        while (working := self._at_work()) and (left := until - time.monotonic()) > 0:
            await asyncio.wait(working, timeout=left)
            self.arrivals.keep()
        self.lanes.rest()
        if self._timer is not None:
            self._timer.cancel()
        tasks = [*self._at_work(), *self._background]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.arrivals.end()

    def _at_work(self) -> list[asyncio.Task[None]]:
        return [*self.tasks, *([self.arrivals.trying] if self.arrivals.trying else ())]

    async def _end_grace(self) -> None:
        await asyncio.sleep(self.settings.grace_seconds)
        for task in list(self.tasks):
            task.cancel()

    async def _keep_durable(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            try:
                await asyncio.to_thread(self.journal.sync)
            except JournalError as problem:
                self.stop(None, problem)
                return

    async def _keep_deadline(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.stop("deadline")

    def _leave(self, item: Item) -> None:
        for one in (item, *item.twins):
            one.deliver(Left())
        if self._asked.get(item.key) is item:
            del self._asked[item.key]

    def _close(self, item: Item, completion: Completion | None, error: LMError | None) -> None:
        del self._asked[item.key]
        item.deliver(Answer(item.job, completion, error, False, item.attempts))
        for twin in item.twins:
            twin.deliver(Answer(twin.job, completion, error, True, 0))

    # ---- what came is written down, then what may leave leaves -----------------------------------

    def _turn_soon(self) -> None:
        if not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """Keep what came and send what may be sent. Called whenever something has changed.

        The journal is held meanwhile: its lock is taken once for all that came and left together.
        """
        self._turning = False
        try:
            with self.journal.held():
                self.arrivals.keep()
                self._pump()
        except JournalError as problem:
            self.stop(None, problem)
            self.arrivals.keep()

    def _pump(self) -> None:
        while self.ready and len(self.tasks) < self.settings.concurrency and not self.closing:
            item = self.ready[0]
            first = self._asked.setdefault(item.key, item)
            if first is not item:
                first.twins.append(self.ready.popleft())
                continue
            known = self.journal.answer(item.key) if item.attempts == 0 else None
            if known is not None:
                self.ready.popleft()
                del self._asked[item.key]
                for one in (item, *item.twins):
                    one.deliver(Answer(one.job, known, None, True, 0))
                continue
            lane, seconds = self.lanes.find(item)
            if lane is None:
                self._pump_in(seconds)
                break
            if not self._send(item, lane):
                break
        if not self.closing and len(self.ready) < self.settings.concurrency:
            self.nudge()

    def _pump_in(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if seconds == math.inf:  # something in flight will tell
            return
        if self._timer is not None:
            if self._timer.when() <= loop.time() + seconds:
                return
            self._timer.cancel()
        self._timer = loop.call_later(seconds, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self._turn()

    def _send(self, item: Item, lane: Lane) -> bool:
        """Reserve the worst case and let the request leave; False where a limit forbids it for now."""
        tokens, usd = lane.worst_case(item)
        run = self.journal.ledger.run(self.call.run)
        try:
            attempt = self.journal.reserve(
                item.key,
                lane.model.name,
                tokens=tokens,
                usd=usd,
                call=self.call,
                allow=lambda ledger: self.budget.allow(ledger, run, tokens, usd),
            )
        except BudgetError as error:
            if not self.busy:  # nothing in flight that could turn out cheaper than feared
                self.stop("budget", error)
            return False
        except JournalError as error:
            self.stop(None, error)
            return False
        self.ready.popleft()
        item.attempts += 1
        item.last = lane
        ticket = lane.leaves(item, time.monotonic())
        task = asyncio.get_running_loop().create_task(self._attempt(item, attempt, lane, ticket))
        self.tasks[task] = item, lane
        task.add_done_callback(self._landed)
        return True

    def _landed(self, task: "asyncio.Task[None]") -> None:
        item, lane = self.tasks.pop(task)
        lane.in_flight -= 1
        if task.cancelled():
            self._leave(item)
        elif (error := task.exception()) is not None:
            failure = LMError(f"the loop itself failed ({type(error).__name__}: {error}); please report this")
            self._close(item, None, failure)
        self._turn_soon()

    # ---- one attempt -----------------------------------------------------------------------------

    async def _attempt(self, item: Item, attempt: str, lane: Lane, ticket: Ticket) -> None:
        if self.journal.fsync == "each":
            await asyncio.to_thread(self.journal.sync)
        model, error = lane.model, LMError()
        try:
            async with asyncio.timeout(self.settings.timeout_seconds):
                completion = await model.complete(item.job.request, self.hearing.begin(item))
        except TimeoutError:
            seconds = self.settings.timeout_seconds
            error = TimedOut(f"no answer from {model.name!r} within {seconds:g} s")
        except LMError as seen:
            error = seen
        except Exception as seen:
            error = LMError(f"the adapter of {model.name!r} failed: {type(seen).__name__}: {seen}")
        else:
            lane.answered(item, ticket, completion, time.monotonic())
            self.arrivals.add(item, attempt, completion, model.price)
            self.hearing.end(item, whole=True)
            return
        finally:
            self.hearing.end(item, whole=False)
        now = time.monotonic()
        lane.failed(ticket, error, now)
        left = error.left if isinstance(error, Unreachable) else True
        try:
            self.journal.failed(item.key, attempt, error, self.call, left=left)
        except JournalError as problem:
            self.stop(None, problem)
        self._failed(item, lane, error, ticket.at, now)

    # ---- failures --------------------------------------------------------------------------------

    def _failed(self, item: Item, lane: Lane, error: LMError, sent_at: float, now: float) -> None:
        if self.closing:
            if isinstance(error, TransientError | Unreachable):
                self._leave(item)
            else:
                self._close(item, None, error)
        elif isinstance(error, Unreachable) or lane.outage.means_down(error, sent_at, now):
            self.ready.append(item)  # at the end: another is tried first
            lane.go_down(error)
        elif isinstance(error, TransientError):
            self._again_later(item, error, lane.answers)
        elif isinstance(error, AccessDenied | ModelNotFound) and self.lanes.denied(lane, error):
            self._elsewhere(item, error)
        else:
            self._close(item, None, error)

    def _elsewhere(self, item: Item, error: LMError) -> None:
        item.failures += 1
        if item.failures > self.settings.retries:
            self._close(item, None, error)
        else:
            self.ready.appendleft(item)

    def _again_later(self, item: Item, error: TransientError, answering: bool) -> None:
        """Try again after a pause: a short one where the server answers others meanwhile."""
        settings = self.settings
        if isinstance(error, RateLimited):
            item.limited += 1
            times, retries = item.limited, 2 * settings.retries
            if self.lanes.closed_seconds() > settings.give_up_seconds:
                self._close(item, None, error)
                self.stop("unreachable", error)
                return
        else:
            item.failures += 1
            times, retries = item.failures, settings.retries
        if times > retries:
            self._close(item, None, error)
            return
        first = settings.backoff_seconds
        longest = 4 * first if answering else 8 * first
        if isinstance(error, RateLimited) and not answering:  # such a limit is often one of the minute
            first, longest = 4 * first, settings.longest_backoff_seconds
        seconds = min(first * 2.0 ** min(times - 1, 20), longest) * self.rng.uniform(0.5, 1.0)
        self.tell(Event("retry", f"{error}; again in {seconds:.1f} s"))
        self.waiting[item] = asyncio.get_running_loop().call_later(seconds, self._again, item)

    def _again(self, item: Item) -> None:
        del self.waiting[item]
        self.ready.appendleft(item)
        self._turn()
