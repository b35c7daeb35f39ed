"""The synchronous door to a model: jobs in, answers out, whatever the caller is.

    with lm.Session(model, journal=journal, budget=lm.Budget(tokens=100_000)) as session:
        for answer in session.answers(jobs):
            ...

Works in a script, a thread and a notebook: everything asynchronous runs in the thread of `lm.door`, while
jobs are drawn, followed up and read in the caller's own thread (a database opened there stays there).
"""

import asyncio
import queue
import random
import secrets
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from lm import door
from lm.base import LM, LMError, TransientError, Unreachable
from lm.budget import Budget
from lm.hearing import Hearing
from lm.jobs import Answer, Event, Follow, Item, Job, Left, OnEvent, OnPiece, Settings, Stopped
from lm.journal import Call, Journal
from lm.loop import Loop

DRAW_JOBS, DRAW_SECONDS = 64, 0.02  # drawn at once at most, so that sending begins while a plan is drawn
CHECK_SECONDS = 60
RING_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Spent:
    """What the answers of one session cost. `usd` is None where a price is not known."""

    tokens_in: int
    tokens_out: int
    usd: float | None


class Session:
    """A model, a journal and a budget, ready to answer.

    On entry the model is checked: no server, a wrong key or an unknown model raise before any job is
    drawn. `own=True` closes the model on exit (it can be used again afterwards); with `own=False` it
    stays warm and `lm.close(model)` is the caller's job. The journal is always the caller's.
    `timeout_seconds` is per attempt: 120, or 600 for a model on this machine, which may have a queue.
    `on_piece` is told what the model writes while it writes it, of eight requests at a time, in another thread.
    While `held` is a number, no more than so many answers are asked for and not yet read.
    """

    def __init__(
        self,
        model: LM,
        *,
        journal: Journal,
        budget: Budget | None = None,
        concurrency: int = 8,
        retries: int = 5,
        timeout_seconds: float | None = None,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        backoff_seconds: float = 0.5,
        give_up_seconds: float = 600.0,
        grace_seconds: float = 10.0,
        purpose: str = "write",
        run: str = "",
        on_event: OnEvent | None = None,
        on_piece: OnPiece | None = None,
        own: bool = True,
        rng: random.Random | None = None,
        prices_file: str = "prices.toml",
    ) -> None:
        if concurrency < 1:
            raise ValueError(f"concurrency is 1 or more, not {concurrency!r}")
        if retries < 0:
            raise ValueError(f"retries is 0 or more, not {retries!r}")
        self.budget = budget or Budget()
        self.budget.require_price(model, prices_file)
        self.model, self.journal, self._own = model, journal, own
        self._on_event = on_event or (lambda event: None)
        # a model may say how many requests it serves side by side: more would only wait inside it
        concurrency = min(concurrency, getattr(model, "slots", concurrency))
        self._inboxes: list[_Inbox] = []
        self._handed_in = 0
        self.held: int | None = None
        settings = Settings(
            concurrency=concurrency,
            retries=retries,
            timeout_seconds=timeout_seconds or (120.0 if model.remote else 600.0),
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
            backoff_seconds=backoff_seconds,
            give_up_seconds=give_up_seconds,
            grace_seconds=grace_seconds,
        )
        # a run without a name is counted for this session alone
        call = Call(run or f"session-{secrets.token_hex(4)}", purpose)
        self._loop = Loop(
            model, journal, self.budget, call, settings, rng or random.Random(), self._tell, self._nudge, Hearing(on_piece),
        )  # fmt: skip

    @property
    def stopped(self) -> Stopped | None:
        """Why it stopped before all jobs were answered; None where it did not."""
        return self._loop.stopped

    @property
    def problem(self) -> LMError | None:
        """The error behind `stopped`, where there is one."""
        return self._loop.problem

    @property
    def spent(self) -> Spent:
        """What the answers of this session cost so far; answers that were reused cost nothing."""
        came = self._loop.arrivals
        return Spent(came.tokens_in, came.tokens_out, None if came.unpriced else came.usd)

    def __enter__(self) -> Self:
        try:
            with suppress(TransientError):  # a server that is busy or still loading: attempts will wait
                door.call(self._check())
            door.call(self._loop.start())
            self._events = door.loop()
        except BaseException:
            if self._own:
                door.call(self.model.aclose())
            raise
        return self

    def interrupt(self) -> None:
        """Ask for an end, as Ctrl-C does: nothing is sent any more, what is in flight may come in. Waits for nothing."""
        self._events.call_soon_threadsafe(self._loop.stop, "interrupt")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        grace_seconds = self._loop.settings.grace_seconds
        try:
            if kind is not None and issubclass(kind, KeyboardInterrupt):
                if self.stopped == "interrupt":
                    grace_seconds = 0.0  # the second Ctrl-C
                self._stop("interrupt")
            door.call(self._loop.finish(grace_seconds))
        finally:
            door.call(self._loop.finish(0))
            if self._own:
                door.call(self.model.aclose())

    def answers(self, jobs: Iterable[Job], follow: Follow | None = None) -> Iterator[Answer]:
        """One answer for each job, as they come in (not in the order of the jobs).

        `jobs` is drawn from lazily, a little ahead of what is in flight. `follow` may return more jobs
        for an answer; they go before those that wait. A request that fails is an answer with an
        `error`. After a stop (`stopped`) the iterator ends; jobs it left come out of no call and are
        asked when the same jobs are given again. Ctrl-C stops sending and waits for what is in flight;
        a second Ctrl-C is raised at once. Raises `JournalError` where an answer cannot be kept.
        """
        inbox = _Inbox(self._loop)
        source, front = iter(jobs), deque[Job]()
        out, found = 0, deque[Answer]()
        self._inboxes.append(inbox)
        try:
            while True:
                try:
                    if not found and not self._loop.closing and (front or inbox.hungry):
                        found, handed_in = self._draw(source, front, inbox)
                        out += handed_in
                    if found:
                        answer = found.popleft()
                        if follow is not None:
                            front.extend(follow(answer))
                        yield answer
                        continue
                    if not inbox.messages:
                        if self._loop.closing:
                            if out <= 0 or (not self._loop.busy and not inbox.messages):
                                break
                        elif out == 0 and not front and not inbox.hungry:
                            break
                        inbox.wait()
                        continue
                    message = inbox.messages.popleft()
                except KeyboardInterrupt:
                    if self._loop.closing:
                        raise
                    self._stop("interrupt")
                    continue
                if isinstance(message, Event):
                    self._on_event(message)
                    continue
                out -= 1
                if isinstance(message, Answer):
                    if follow is not None:
                        front.extend(follow(message))
                    yield message
        finally:
            self._inboxes.remove(inbox)
        if self._loop.problem is not None and self._loop.stopped is None:
            raise self._loop.problem

    def _draw(self, source: Iterator[Job], front: deque[Job], inbox: "_Inbox") -> tuple[deque[Answer], int]:
        """Draw some jobs and hand them in: answers the journal has already, and how many are on their way."""
        found = deque[Answer]()
        items: list[Item] = []
        followed = bool(front)
        until = time.monotonic() + DRAW_SECONDS
        while len(items) + len(found) < DRAW_JOBS and self._has_room(len(items), inbox):
            if followed and not front:
                break
            job = front.popleft() if followed else next(source, None)
            if job is None:
                inbox.hungry = False
                break
            if job.request.model != self.model.name:
                raise ValueError(
                    f"the request is for {job.request.model!r}, the session for {self.model.name!r}"
                )
            key = job.request.key
            known = self.journal.answer(key)
            if known is None:
                items.append(Item(job, key, inbox.put))
            else:
                found.append(Answer(job, known, None, True, 0))
            if time.monotonic() > until:
                break
        if items:
            self._handed_in += len(items)
            door.loop().call_soon_threadsafe(self._loop.accept, items, followed)
        return found, len(items)

    def _has_room(self, drawn: int, inbox: "_Inbox") -> bool:
        """Whether more jobs should wait in the loop: two rounds, or one while answers wait for us."""
        loop = self._loop
        queued = drawn + len(loop.ready) + self._handed_in - loop.accepted
        if self.held is not None:
            under_way = queued + len(loop.tasks) + len(loop.waiting) + len(loop.arrivals)
            return under_way + len(inbox.messages) < self.held
        rounds = 1 if inbox.messages else 2
        concurrency = loop.settings.concurrency
        return queued < rounds * concurrency and len(loop.waiting) < 8 * concurrency

    async def _check(self) -> None:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self.model.check()
        except TimeoutError:
            raise Unreachable(
                f"{self.model.name!r} takes connections but says nothing for {CHECK_SECONDS} s. Is it the right "
                "address, and is the server well?",
                left=True,
            ) from None

    def _stop(self, reason: Stopped) -> None:
        async def stop() -> None:
            self._loop.stop(reason)

        door.call(stop())

    def _tell(self, event: Event) -> None:
        if self._inboxes:
            self._inboxes[-1].put(event)

    def _nudge(self) -> None:
        for inbox in self._inboxes:
            if inbox.hungry:
                inbox.wake()


class _Inbox:
    """What the loop has for one caller.

    Waking a thread for every answer costs as much as sending the next request. So the caller is woken at
    most every 10 ms, and at once only where the loop has nothing left to send.
    """

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.messages: deque[Answer | Left | Event] = deque()
        self.hungry = True
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._waking = False

    def put(self, message: Answer | Left | Event) -> None:
        """In the loop's thread."""
        self.messages.append(message)
        self.wake()

    def wake(self) -> None:
        """In the loop's thread: let the caller look again."""
        if not self._waking:
            self._waking = True
            if self._loop.ready:
                asyncio.get_running_loop().call_later(RING_SECONDS, self._ring)
            else:
                asyncio.get_running_loop().call_soon(self._ring)

    def _ring(self) -> None:
        self._waking = False
        if self._bell.empty():
            self._bell.put(None)

    def wait(self) -> None:
        """In the caller's thread: until there may be something new, at most half a second."""
        with suppress(queue.Empty):
            self._bell.get(timeout=0.5)
