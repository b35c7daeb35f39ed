"""Asking by the file: half the price at many providers, answers within a day. The same door as `lm.session`.

    with Batches(batch_of(model), journal=journal, budget=lm.Budget(usd=20.0), run="first") as batches:
        for answer in batches.answers(jobs):
            ...

A file of requests is a batch. Its worst case is reserved before it is sent, each line of it is settled when
it comes back, and the journal says how far it is: planned, uploaded, created, done. So Ctrl-C, a kill or a
closed lid cost nothing; the next call finds the batch and waits on.
"""

import os
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

from lm import door
from lm.base import AccessDenied, BadRequest, LMError, ModelNotFound, Request, TransientError, Unreachable
from lm.batch_api import MOST_BYTES, MOST_REQUESTS, BatchLM, BatchState, Line
from lm.batch_books import Books, Sent
from lm.batch_files import BatchFiles, alone_in
from lm.budget import Budget
from lm.jobs import Answer, Event, Follow, Job, OnEvent, Stopped
from lm.journal import Call, Journal
from lm.patience import Patience
from lm.session import Spent

T = TypeVar("T")
Written = tuple[str, Request, bytes]  # a request, its key and its line
FOUND_AT_ONCE = 64  # answers of the journal that are handed over before more jobs are drawn


class Batches:
    """A model that is asked by the batch, a journal and a budget; `answers` is that of `lm.Session`.

    `most_requests` and `most_bytes` bound one file, `side_by_side` how many batches are under way. It asks
    how far they are after `poll_seconds`, then less and less often, up to once in `longest_poll_seconds`.
    What fails or expires is asked again `retries` times. One process at a time may ask by the batch.
    While `held` is a number, one batch of no more than so many requests is under way at a time, and the next
    is begun when every answer of it was read.
    """

    def __init__(
        self,
        model: BatchLM,
        *,
        journal: Journal,
        budget: Budget | None = None,
        retries: int = 3,
        poll_seconds: float = 1.0,
        longest_poll_seconds: float = 60.0,
        give_up_seconds: float = 3600.0,
        most_requests: int = MOST_REQUESTS,
        most_bytes: int = MOST_BYTES,
        side_by_side: int = 4,
        purpose: str = "write",
        run: str = "",
        on_event: OnEvent | None = None,
        own: bool = True,
        prices_file: str = "prices.toml",
    ) -> None:
        self.budget = budget or Budget()
        self.budget.require_price(model, prices_file)
        self.model, self.journal, self._own = model, journal, own
        self.held: int | None = None
        self.stopped: Stopped | None = None
        self.problem: LMError | None = None
        self._retries, self._side_by_side = retries, side_by_side
        self._most_requests, self._most_bytes = most_requests, most_bytes
        self._poll, self._longest_poll, self._give_up = poll_seconds, longest_poll_seconds, give_up_seconds
        self._pause = poll_seconds
        self._tell = on_event or (lambda event: None)
        call = Call(run or f"session-{secrets.token_hex(4)}", purpose)
        self._books = Books(model, journal, self.budget, call)
        self._folder = journal.folder / "batches"
        self._lock = -1
        self._patience = Patience(self.budget.deadline_seconds, self._tell)
        self._jobs: dict[str, list[Job]] = {}  # by key: those that wait for its answer
        self._tries: dict[str, int] = {}
        self._part: dict[str, Request] = {}  # the next file
        self._part_bytes = 0
        self._again: deque[Job] = deque()
        self._found: deque[Answer] = deque()
        self._open: list[Sent] = []
        self._out: set[str] = set()  # keys in open batches
        self._silent_since: float | None = None

    @property
    def spent(self) -> Spent:
        """What came back in this session cost so much; answers that were reused cost nothing."""
        return self._books.spent

    def __enter__(self) -> Self:
        self._lock = alone_in(self._folder)
        try:
            with suppress(TransientError):
                door.call(self.model.check())
            self._patience.start()
            self._take_up()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        os.close(self._lock)
        if self._own:
            door.call(self.model.aclose())

    def interrupt(self) -> None:
        """Ask for an end, as Ctrl-C does. Batches under way go on there."""
        self._patience.end()

    def answers(self, jobs: Iterable[Job], follow: Follow | None = None) -> Iterator[Answer]:
        """One answer for each job, as they come in; as `Session.answers`, but by the batch.

        Jobs are drawn until a file is full. `follow` may return more jobs for an answer: the next file.
        After a stop (`stopped`) the iterator ends; give the same jobs again to go on.
        """
        source = iter(jobs)
        while True:
            try:
                self._draw(source)
                if not self._found and not self.stopped:
                    if self._part and len(self._open) < self._side_by_side:
                        self._send_part()
                    if not self._found and self._open and not self.stopped:
                        self._look()
            except KeyboardInterrupt:
                if self.stopped:
                    raise
                self._stop("interrupt")
            if not self._found:
                if self.stopped or not (self._open or self._part or self._again):
                    break
                continue
            answer = self._found.popleft()
            if follow is not None:
                self._again.extend(follow(answer))
            yield answer

    def _draw(self, source: Iterator[Job]) -> None:
        """Draw jobs until the next file is full, or some answers are found, or there are no more."""
        while self._has_room():
            job = self._again.popleft() if self._again else next(source, None)
            if job is None:
                return
            if job.request.model != self.model.name:
                raise ValueError(
                    f"the request is for {job.request.model!r}, the session for {self.model.name!r}"
                )
            key = job.request.key
            known = self.journal.answer(key)
            if known is not None:
                self._found.append(Answer(job, known, None, True, 0))
            elif key in self._jobs:
                self._jobs[key].append(job)
            else:
                self._jobs[key] = [job]
                if key not in self._out:
                    self._part[key] = job.request
                    self._part_bytes += len(self.model.line(key, job.request))

    def _has_room(self) -> bool:
        """Whether more jobs should wait for the next file."""
        if self.held is None:
            found, side_by_side, most = FOUND_AT_ONCE, self._side_by_side, self._most_requests
        else:
            found, side_by_side, most = 1, 1, self.held
        room = len(self._found) < found and len(self._open) < side_by_side
        return not self.stopped and room and len(self._part) < most and self._part_bytes < self._most_bytes

    # ---- sending ---------------------------------------------------------------------------------

    def _send_part(self) -> None:
        """Make a batch of the next file; what no limit allows now stays for later."""
        sent, size, chosen = Sent(BatchFiles(self._folder, secrets.token_hex(8))), 0, list[Written]()
        for key, request in self._part.items():
            line = self.model.line(key, request)
            size += len(line)
            if chosen and (size > self._most_bytes or len(chosen) >= self._most_requests):
                break
            chosen.append((key, request, line))
        sent.files.write(chosen)
        self._books.note(sent, "planned")
        for key, _, line in chosen[: self._begin(sent, chosen)]:
            del self._part[key]
            self._part_bytes -= len(line)

    def _begin(self, sent: Sent, chosen: list[Written]) -> int:
        """Reserve what the limits allow and send that; how many requests it is."""
        reserved, forbidden = self._books.reserve(sent, [(key, request) for key, request, _ in chosen])
        if reserved < len(chosen):
            sent.files.write(chosen[:reserved])
        if reserved:
            self._open.append(sent)
            self._out.update(key for key, _, _ in chosen[:reserved])
            self._create(sent)
        else:
            self._done(sent)
            if not self._open:  # nothing under way that could turn out cheaper than feared
                self._stop("budget", forbidden)
        return reserved

    def _create(self, sent: Sent) -> None:
        """Upload the file and make a batch of it, from where it stands. A problem stops the session."""
        try:
            if not sent.file:
                sent.file = self._insist(lambda: door.call(self.model.upload(sent.files.input)))
                self._books.note(sent, "uploaded")
            state = self._insist(lambda: self._made(sent))
            sent.batch, sent.since = state.id, time.monotonic()
            self._books.note(sent, "created")
            self._tell(Event("batch", f"batch {sent.batch}: {len(sent.files.all_keys()):,} requests sent"))
        except (BadRequest, ModelNotFound, AccessDenied) as error:
            self._fail(sent, sent.files.all_keys(), error, left=False)
            self._done(sent)
            self._stop("denied", error)
        except (TransientError, Unreachable) as error:  # it stays planned: the next call goes on
            self._stop("unreachable", error)

    def _insist(self, work: Callable[[], T]) -> T:
        return self._patience.insist(work, self._retries, self._poll)

    def _made(self, sent: Sent) -> BatchState:
        """The batch of an uploaded file: the one that is there already, else a new one."""
        found = door.call(self.model.find(sent.file, sent.files.token))
        return found or door.call(self.model.create(sent.file, sent.files.token))

    # ---- waiting ---------------------------------------------------------------------------------

    def _look(self) -> None:
        """Wait a while, ask how far the batches are, and settle those that have ended."""
        if reason := self._patience.wait(self._pause):
            self._stop(reason)
            return
        self._pause = min(self._pause * 1.5, self._longest_poll)
        for sent in list(self._open):
            try:
                state = door.call(self.model.state(sent.batch))
                of = state.total or len(sent.files.all_keys())
                sent.tell(f"{state.status}, {state.done:,} of {of:,} done", self._tell)
                if state.ended:
                    self._settle(sent, state)
                    self._pause = self._poll
                self._silent_since = None
            except ModelNotFound as error:
                self._fail(sent, sent.files.all_keys(), error, left=True)
                self._done(sent)
            except AccessDenied as error:
                self._stop("denied", error)
            except (TransientError, Unreachable) as error:
                self._silent_since = self._silent_since or time.monotonic()
                self._tell(Event("down", f"{error}. Waiting"))
                if time.monotonic() - self._silent_since > self._give_up:
                    self._stop("unreachable", error)

    def _settle(self, sent: Sent, state: BatchState) -> None:
        """Take in every line that came back; what did not come is asked again."""
        adapted = False
        for file in state.files:
            door.call(self.model.download(file, sent.files.results))
            for data in sent.files.lines():
                try:
                    line = self.model.read(data)
                except LMError as error:
                    self._tell(Event("retry", str(error)))
                    continue
                adapted = self._take(sent, line, adapted)
        rest = [key for key in sent.files.all_keys() if self._books.waits(sent, key)]
        if rest:
            why = state.problem or f"batch {sent.batch} is {state.status} and says nothing of it"
            unsaid = BadRequest(why) if state.status == "failed" and state.problem else TransientError(why)
            self._fail(sent, rest, unsaid, left=state.status == "completed")
        self._done(sent)

    def _take(self, sent: Sent, line: Line, adapted: bool) -> bool:
        """One line; whether requests are worded differently from now on."""
        request = sent.files.request(line.key)
        if request is None or not self._books.waits(sent, line.key):
            return adapted  # a line of no request of ours, or the second of one
        error = line.error
        try:
            if error is None:
                completion = self.model.completion(line.body, request, time.monotonic() - sent.since)
        except LMError as unreadable:
            error = unreadable
        if error is not None:
            adapted = adapted or self.model.adapt(request, error)
            if adapted and isinstance(error, BadRequest):
                error = TransientError(str(error))
            self._fail(sent, [line.key], error, left=line.ran)
            return adapted
        self._books.answered(sent, line.key, request, completion)
        tries = self._tries.pop(line.key, 0) + 1
        for place, job in enumerate(self._jobs.pop(line.key, ())):
            self._found.append(Answer(job, completion, None, place > 0, 0 if place else tries))
        return adapted

    def _fail(self, sent: Sent, keys: Iterable[str], error: LMError, *, left: bool) -> None:
        """These have no answer: ask again, or give them up with the error."""
        for key in keys:
            self._books.failed(sent, key, error, left=left)
            tries = self._tries[key] = self._tries.get(key, 0) + 1
            waiting = self._jobs.pop(key, [])
            if isinstance(error, TransientError) and tries <= self._retries:
                self._again.extend(waiting)
                continue
            for place, job in enumerate(waiting):
                self._found.append(Answer(job, None, error, place > 0, 0 if place else tries))

    def _take_up(self) -> None:
        """Go on with the batches of an earlier call."""
        for sent in self._books.open_batches(self._folder):
            if not sent.files.all_keys():
                said = f"batch {sent.batch} cannot be taken up: {str(sent.files.requests)!r} is gone"
                self._tell(Event("batch", said))
            elif sent.batch:
                self._open.append(sent)
                self._out.update(sent.files.all_keys())
                self._tell(Event("batch", f"batch {sent.batch} of an earlier call is waited for"))
            else:
                requests = sent.files.all_requests()
                self._begin(sent, [(key, one, self.model.line(key, one)) for key, one in requests])

    def _done(self, sent: Sent) -> None:
        self._books.note(sent, "done")
        self._out.difference_update(sent.files.all_keys())
        if sent in self._open:
            self._open.remove(sent)
        sent.files.remove()

    def _stop(self, reason: Stopped, problem: LMError | None = None) -> None:
        if self.stopped is None:
            self.stopped, self.problem = reason, problem
            said = f"stopped ({reason})" + (f": {problem}" if problem else "")
            if self._open:
                said += f"; {len(self._open)} batches go on there, and are found by the next call"
            self._tell(Event("stop", said))
