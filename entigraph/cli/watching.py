"""Long computations: progress with the time left, and an end by Ctrl-C or a deadline that keeps what is known."""

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any, Self

from entigraph.cli.terminal import Progress, duration


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
        self._before: list[tuple[int, Any]] = []  # Any: what signal.getsignal gives

    def __enter__(self) -> Self:
        self._progress.__enter__()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before.append((number, signal.signal(number, self._asked)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)
        self._before = []
        self._progress.__exit__(kind, error, trace)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if self.why == "interrupt":
            raise KeyboardInterrupt
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
