"""One builder a corpus: a lock the operating system frees when its holder dies, however it dies."""

import fcntl
import json
import os
import socket
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from kg.store import CorpusLocked, StoreError


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process, machine, program, and since when (local time, ISO 8601)."""

    pid: int
    host: str
    program: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} ({self.program} on {self.host}) since {self.since}"

    @staticmethod
    def me() -> "Holder":
        """This process, now. The program's name only: arguments may carry secrets."""
        program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
        return Holder(
            os.getpid(), socket.gethostname(), program, datetime.now().isoformat(" ", timespec="seconds")
        )


class Lock:
    """A file that one process at a time holds; the file says who. Not for threads of one process.

    `what` names in messages what is locked, e.g. "the corpus 'handbook.kg'". The file stays when the
    lock is given back: removing it would let two processes hold two files of one name.
    """

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock or raise CorpusLocked at once, saying who has it. Twice is once."""
        if self._descriptor is not None:
            return
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(
                f"cannot write to {self.what}: its lock {str(self.path)!r} cannot be opened "
                f"({error.strerror}). Is the folder read-only? Reading needs no lock"
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise CorpusLocked(self._refusal()) from None
        except OSError as error:
            os.close(descriptor)
            raise StoreError(f"cannot lock {self.what}: {error.strerror}") from None
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(asdict(Holder.me())).encode(), 0)
        except OSError as error:
            os.close(descriptor)
            raise StoreError(f"cannot write to {self.what}: {error.strerror}. Free some space") from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; without it nothing happens."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            os.ftruncate(descriptor, 0)
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            os.close(descriptor)

    def holder(self) -> Holder | None:
        """Who wrote itself into the file last and has not given back; None if nobody or not readable."""
        try:
            return Holder(**json.loads(self.path.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def taken(self) -> bool:
        """Whether somebody else holds it at this moment. Nothing is written; without a file nobody does."""
        if self.held or self.holder() is None:  # whoever gives it back empties the file
            return False
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _refusal(self) -> str:
        holder = self.holder()
        if holder is None:
            return f"cannot write to {self.what}: another process writes to it. Try again when it has ended"
        if holder.pid == os.getpid() and holder.host == socket.gethostname():
            return (
                f"cannot write to {self.what}: this process already writes to it. Share that one, or close it"
            )
        return f"cannot write to {self.what}: {holder} writes to it. Wait for it, or stop it with 'kill {holder.pid}'"

    def __enter__(self) -> "Lock":
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
