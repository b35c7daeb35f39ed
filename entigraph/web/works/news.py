"""What happens, told to everybody who listens: progress of runs, texts that came, a newer generation.

Whoever tells waits for nobody. A listener that is slow finds progress merged: of each run only how it stands
when he looks, and of the texts the newest hundred.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from kg.model import Record

MOST_TEXTS = 100


class Listener:
    """One who listens. `news` is made and awaited in his event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._bell = asyncio.Event()
        self._runs: dict[str, None] = {}
        self._texts: deque[Record] = deque(maxlen=MOST_TEXTS)
        self._generation: int | None = None

    def hear(
        self, *, run: str | None = None, text: Record | None = None, generation: int | None = None
    ) -> None:
        """Leave word, from any thread: of a run, of a text that came, of a generation."""
        with self._lock:
            if run is not None:
                self._runs[run] = None
            if text is not None:
                self._texts.append(text)
            if generation is not None:
                self._generation = generation
        with suppress(RuntimeError):  # his loop has ended
            self._loop.call_soon_threadsafe(self._bell.set)

    async def news(self, seconds: float) -> tuple[list[str], int | None]:
        """Runs to look at, and the generation where it rose; nothing after so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), seconds)
        self._bell.clear()
        with self._lock:
            found = list(self._runs), self._generation
            self._runs, self._generation = {}, None
        return found

    def texts(self) -> list[Record]:
        """Texts that came. Asked for after a look at the runs: one that is at its end then has all of its own here."""
        with self._lock:
            found = list(self._texts)
            self._texts.clear()
        return found


class News:
    """Everybody who listens. `generation` says what that of the corpus is; it is asked while somebody listens."""

    def __init__(self, generation: Callable[[], int], stopping: threading.Event) -> None:
        self._generation, self._stopping = generation, stopping
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._watching = False
        self._last: int | None = None

    def listen(self, loop: asyncio.AbstractEventLoop) -> Listener:
        """One more listener; `leave` takes him out again."""
        listener = Listener(loop)
        with self._lock:
            self._listeners.append(listener)
            self._last = None
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="generation", daemon=True).start()
        return listener

    def leave(self, listener: Listener) -> None:
        """He listens no more."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def tell(self, run: str, text: Record | None = None) -> None:
        """A run went on; `text` is one that came."""
        for listener in self._all():
            listener.hear(run=run, text=text)

    def _all(self) -> list[Listener]:
        with self._lock:
            return list(self._listeners)

    def _watch(self) -> None:
        """Look at the generation once a second, as long as anybody listens."""
        while not self._stopping.wait(1.0):
            with self._lock:
                if not self._listeners:
                    self._watching = False
                    return
            try:
                now = self._generation()
            except Exception:  # the corpus has gone, or its database is away: the routes say so
                continue
            with self._lock:
                rose, self._last = now != self._last, now
            if rose:  # also for one who came just now: it may have risen since he looked
                for listener in self._all():
                    listener.hear(generation=now)
