"""Long computations: progress with the time left, and an end by Ctrl-C or a deadline that keeps what is known."""

import time
from types import TracebackType
from typing import Self

from entigraph.cli.terminal import Progress, duration
from lm.interrupts import CtrlC


class Watch:
    """Shows how far a computation is and says when it is to stop; `why` is then "interrupt" or "deadline".

    The first Ctrl-C asks for an end with what is known so far, a second one ends at once.
    """

    def __init__(self, what: str, *, deadline_seconds: float | None = None, quiet: bool = False) -> None:
        self.what = what
        self.why: str | None = None
        self.done = 0
        self.of = 0
        self._ends = None if deadline_seconds is None else time.monotonic() + deadline_seconds
        self._progress = Progress(quiet=quiet)
        self._ctrl_c = CtrlC(self._asked)

    def __enter__(self) -> Self:
        self._progress.__enter__()
        self._ctrl_c.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ctrl_c.__exit__(kind, error, trace)
        self._progress.__exit__(kind, error, trace)

    def _asked(self) -> None:
        self.why = "interrupt"
        self._progress.note("stopping; once more ends at once")

    def stop(self) -> bool:
        """Whether the computation is to end now with what it knows."""
        if self.why is None and self._ends is not None and time.monotonic() >= self._ends:
            self.why = "deadline"
        return self.why is not None

    def show(self, done: int, of: int) -> None:
        """So much of it is done."""
        self.done, self.of = done, of
        line = f"{done:,} of {of:,} {self.what}"
        if 0 < done < of:
            each = (time.monotonic() - self._progress.started) / done
            line += f" · about {duration(each * (of - done))} left"
        self._progress.say(line)
