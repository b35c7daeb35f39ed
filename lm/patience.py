"""Waiting that can be cut short: by somebody who asks for an end, or by a deadline."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lm.base import TransientError, Unreachable
from lm.jobs import Event, OnEvent, Stopped

T = TypeVar("T")


class Patience:
    """Waits in the caller's thread. `deadline_seconds` count from `start`; None is for ever."""

    def __init__(self, deadline_seconds: float | None, tell: OnEvent) -> None:
        self._seconds, self._tell = deadline_seconds, tell
        self._until = float("inf")
        self._enough = threading.Event()

    def start(self) -> None:
        """The deadline runs from here."""
        if self._seconds is not None:
            self._until = time.monotonic() + self._seconds

    def end(self) -> None:
        """Ask for an end, from any thread or signal handler: every wait returns at once."""
        self._enough.set()

    def wait(self, seconds: float) -> Stopped | None:
        """Wait so long; the reason to stop where there is one."""
        if self._enough.wait(max(0.0, min(seconds, self._until - time.monotonic()))):
            return "interrupt"
        return "deadline" if time.monotonic() >= self._until else None

    def insist(self, work: Callable[[], T], retries: int, first_seconds: float) -> T:
        """What `work` returns, tried again after failures that may pass; raises the last of them."""
        for attempt in range(retries):
            try:
                return work()
            except (TransientError, Unreachable) as error:
                if self.wait(first_seconds * 2.0**attempt):
                    raise
                self._tell(Event("retry", f"{error}; again"))
        return work()
