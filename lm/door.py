"""The one thread in which everything asynchronous of this program runs.

It is started by the first use and serves every session and model after it, so that a connection pool or a
server process opened in one session can be used in the next. Nothing else in the program is asynchronous;
a notebook, whose own loop is already running, is like any other caller.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from lm.base import LM

T = TypeVar("T")

_starting = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None
_pid = 0


def loop() -> asyncio.AbstractEventLoop:
    """The running loop behind the door. A forked child gets one of its own."""
    global _loop, _thread, _pid
    with _starting:
        if _loop is None or _pid != os.getpid():
            _loop, _pid = asyncio.new_event_loop(), os.getpid()
            _thread = threading.Thread(target=_loop.run_forever, name="lm", daemon=True)
            _thread.start()
        return _loop


def call(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run behind the door; the caller waits and may be interrupted."""
    if threading.current_thread() is _thread:
        work.close()
        raise RuntimeError("lm.door.call would wait for itself: it was called from inside the loop")
    return asyncio.run_coroutine_threadsafe(work, loop()).result()


def close(model: LM) -> None:
    """Give back what a model holds: for one that was used by sessions with `own=False`."""
    call(model.aclose())


@atexit.register
def _leave() -> None:
    if _loop is None or _thread is None or _pid != os.getpid() or not _thread.is_alive():
        return
    _loop.call_soon_threadsafe(_loop.stop)
    _thread.join(5)
    if not _thread.is_alive():
        _loop.close()
