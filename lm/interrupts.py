"""The first Ctrl-C asks for an end, the second one is raised; and the same word from another thread.

`KeyboardInterrupt` comes between any two steps: an item that was drawn and not yet counted would be lost to
the count. Work that is to end in good order takes the first one as a message instead.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self


class CtrlC:
    """While it is open, the first signal that would raise `KeyboardInterrupt` calls `ask` instead.

    That is SIGINT, and any other signal that was given Python's handler of it. `ask` runs between two steps
    of the main thread: it leaves word and waits for nothing. In another thread, and where a signal has a
    handler of somebody else, nothing is changed.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        self.asked = False
        self._ask = ask
        self._taken: list[int] = []

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is signal.default_int_handler:
                    signal.signal(number, self._came)
                    self._taken.append(number)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in self._taken:
            signal.signal(number, signal.default_int_handler)
        self._taken = []

    def _came(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self._ask()


class Stop:
    """The word that some work is to end, from any thread: what the first Ctrl-C is to a command.

    Whoever does the work says by `heard` what is to be called then; a word that came before is heard at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._asks: list[Callable[[], object]] = []

    @property
    def asked(self) -> bool:
        """Whether the word was given."""
        return self._asked

    def ask(self) -> None:
        """Give the word; given twice it is one. Waits for nothing."""
        with self._lock:
            if self._asked:
                return
            self._asked = True
            for ask in self._asks:
                ask()

    @contextmanager
    def heard(self, ask: Callable[[], object]) -> Iterator[None]:
        """While it is open, the word calls `ask`, which leaves word in turn and waits for nothing."""
        with self._lock:
            self._asks.append(ask)
            if self._asked:
                ask()
        try:
            yield
        finally:
            with self._lock:
                self._asks.remove(ask)
