"""Runs that this server carries out, each in a thread of its own, through `entigraph.generation` and nothing else."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from entigraph.config import Value
from entigraph.generation import Job, NeedsLimit, generate
from entigraph.generation_options import Options
from entigraph.web.refusals import Busy
from entigraph.web.works.writing import Writing
from kg.model import GraphError, Record
from lm.base import LMError
from lm.door import close
from lm.interrupts import Stop
from lm.jobs import Event, Piece
from synthesis.outcomes import RunReport
from synthesis.planning import COUNTED

MOST_AT_ONCE = 4
END_SECONDS = 15
KEPT = 200
NEWEST = 100
TROUBLE = ("retry", "down", "limit", "batch")

State = Literal["running", "stopping", "finished", "stopped", "failed"]


@dataclass(slots=True, eq=False)
class Work:
    """One run as this server carries it out, or did.

    `report` is what `RunReport.to_json` says, as it goes on; `total` how many texts there are to be, 0 where there
    are too many to count. `trouble` is what stands in the way at the moment: an endpoint that is away, a retry.
    `writing` is what the model writes just now. `newest` are the
    last texts that came: they may not be in the corpus for another moment. `ended_at` is in seconds since 1970.
    """

    options: Options
    strategies: tuple[str, ...]
    total: int = 0
    state: State = "running"
    report: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    error: str = ""
    trouble: str = ""
    writing: Writing = field(default_factory=Writing)
    newest: deque[Record] = field(default_factory=lambda: deque(maxlen=NEWEST))
    began: float = field(default_factory=time.monotonic)
    ended_at: float | None = None
    stop: Stop = field(default_factory=Stop)
    thread: threading.Thread | None = None

    @property
    def run(self) -> str:
        """Its name."""
        return self.options.run

    @property
    def alive(self) -> bool:
        """Whether it goes on."""
        return self.state in ("running", "stopping")


class Works:
    """All of them. `tell` is called with the name of a run that went on, and a text that came."""

    def __init__(self, tell: Callable[[str, Record | None], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._works: dict[str, Work] = {}
        self._ended = False

    def of(self, run: str) -> Work | None:
        """The last work on a run, None where this server did none."""
        return self._works.get(run)

    def came(self, id: str) -> Record | None:
        """A text that came lately, also while it is not in the corpus yet; None for any other."""
        some = (record for work in self.all() for record in tuple(work.newest))
        return next((record for record in some if record.id == id), None)

    def all(self) -> list[Work]:
        """Every work, the oldest first."""
        with self._lock:
            return list(self._works.values())

    def start(self, job: Job, settings: dict[str, Value]) -> Work:
        """Carry out a prepared job, which is closed when that ends, or at once where it cannot begin.

        Raises Busy where this run, or too many others, are under way, and NeedsLimit as `generate` does.
        """
        try:
            if job.lm.remote and not job.options.limited:
                raise NeedsLimit(
                    f"{job.lm.name} is a remote model and nothing limits this plan", job.estimate()
                )
            names = tuple(one.name for one in job.strategies)
            work = Work(job.options, names)
            with self._lock:
                self._refuse(work.run)
                self._works.pop(work.run, None)
                self._works[work.run] = work
                for old in [one.run for one in self._works.values() if not one.alive][:-KEPT]:
                    del self._works[old]
                work.thread = threading.Thread(
                    target=self._carry_out, args=(work, job, settings), name=f"run {work.run}", daemon=True
                )
        except BaseException:
            close(job.lm)
            raise
        work.thread.start()
        return work

    def stop(self, work: Work) -> None:
        """Ask for an end as Ctrl-C does: nothing more is sent, what is in flight may come in."""
        if work.alive:
            work.state = "stopping"
            work.stop.ask()
            self._tell(work.run, None)

    def end(self) -> None:
        """Stop all, and wait until what was in flight is kept."""
        with self._lock:
            self._ended = True
        for work in self.all():
            self.stop(work)
        until = time.monotonic() + END_SECONDS
        for work in self.all():
            if work.thread is not None and work.thread.ident is not None:
                work.thread.join(max(0.0, until - time.monotonic()))

    def _refuse(self, run: str) -> None:
        under_way = [work for work in self._works.values() if work.alive]
        if any(work.run == run for work in under_way):
            raise Busy(f"the run {run!r} is under way already; wait for it, or stop it first")
        if len(under_way) >= MOST_AT_ONCE:
            raise Busy(f"{len(under_way)} runs are under way at once; wait for one, or stop one first")
        if self._ended:
            raise Busy("the server is about to end; start it again")

    def _carry_out(self, work: Work, job: Job, settings: dict[str, Value]) -> None:
        def on_progress(report: RunReport, record: Record | None) -> None:
            work.report, work.errors, work.trouble = report.to_json(), list(report.errors), ""
            if record is not None:
                work.newest.append(record)
                work.writing.came(record)
            self._tell(work.run, record)

        def on_event(event: Event) -> None:
            work.trouble = event.message if event.kind in TROUBLE else ""
            self._tell(work.run, None)

        def on_piece(piece: Piece) -> None:
            work.writing.hear(piece)
            self._tell(work.run, None)

        with suppress(Exception):  # what is wrong with the plan is told where it is carried out
            total, whole = job.items().rest(COUNTED)
            work.total = total if whole else 0
        try:
            report = generate(
                *(job, settings),
                on_progress=on_progress,
                on_event=on_event,
                on_piece=on_piece,
                stop=work.stop,
            )
        except Exception as error:
            work.error, work.state = said(error), "failed"
        else:
            work.report, work.errors = report.to_json(), list(report.errors)
            work.state = "stopped" if report.stopped else "finished"
        finally:
            work.writing.end()
            work.ended_at = time.time()
            self._tell(work.run, None)


def said(error: Exception) -> str:
    """What an error says, on one line. A fault of ours is logged, and only said to be one."""
    if isinstance(error, OSError) and not isinstance(error, GraphError):
        return f"{error.strerror or type(error).__name__}. Is the disk full, or not writable?"
    if isinstance(error, GraphError | LMError | ValueError | MemoryError):
        return " ".join(str(error).split()) or type(error).__name__
    logging.getLogger("entigraph.web").error("a run failed", exc_info=error)
    return "this is a fault of the program; the details are in the log of 'entigraph serve'"
