"""A file that only grows, line by line, with several processes writing and any number reading."""

import errno
import fcntl
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lm.base import LMError

_BLOCK = 1 << 20


class JournalError(LMError):
    """The journal cannot be opened, read or written."""


class LineFile:
    """The lines of `path`; `take` is told each whole line with its place, once, in their order.

    Writers hold the lock file beside it for the moment of an append (`with file:`): nobody else writes
    meanwhile, and all that others wrote before has been taken in.
    A line that a crash has cut is moved to a file of its own, and `torn` is told its name. When another
    process has replaced the file (compacted it), the new one is opened, `replaced` is called, and its
    lines are told from the beginning.
    """

    def __init__(
        self,
        path: Path,
        take: Callable[[bytes, int], None],
        torn: Callable[[int, str], None],
        replaced: Callable[[], None],
        read_only: bool,
    ) -> None:
        self.path, self.end = path, 0
        self.mutex = threading.RLock()
        self._take, self._torn, self._replaced, self._read_only = take, torn, replaced, read_only
        self._synced = self._holders = 0
        self._file = self._lock = -1

    def open(self) -> None:
        """Open it, made with its folder where there is none; raises OSError."""
        if self._read_only:
            self._file = os.open(self.path, os.O_RDONLY)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.path.parent / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)

    def close(self) -> None:
        """Let go of it. Called twice it does nothing the second time."""
        with self.mutex:
            for opened in (self._file, self._lock):
                if opened >= 0:
                    os.close(opened)
            self._file = self._lock = -1

    @property
    def descriptor(self) -> int:
        """The open file, for those who read it by themselves."""
        return self._file

    @property
    def closed(self) -> bool:
        """Whether it was closed, or never opened."""
        return self._file < 0

    def __enter__(self) -> "LineFile":
        self.mutex.acquire()
        if self._holders:
            self._holders += 1
            return self
        try:
            if self._lock < 0:
                why = "it was opened for reading only" if self._read_only else "it is closed"
                raise JournalError(f"cannot write to the journal {self.path}: {why}")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            try:
                self._catch_up(repair=True)
            except BaseException:
                fcntl.flock(self._lock, fcntl.LOCK_UN)
                raise
        except BaseException:
            self.mutex.release()
            raise
        self._holders = 1
        return self

    def __exit__(self, *exc: object) -> None:
        self._holders -= 1
        if not self._holders:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
        self.mutex.release()

    def refresh(self) -> None:
        """Take in what others have written since; waits for nobody."""
        with self.mutex:
            self._catch_up(repair=False)

    def reread(self) -> None:
        """Tell every line again, from the beginning."""
        with self.mutex:
            self.end = 0
            self._catch_up(repair=False)

    def append(self, line: bytes) -> int:
        """Add one line at the end, all of it or nothing, inside `with file:`; its place."""
        place, view = self.end, memoryview(line)
        try:
            while view:
                view = view[os.pwrite(self._file, view, place + len(line) - len(view)) :]
        except OSError as error:
            os.ftruncate(self._file, place)
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            raise JournalError(
                f"cannot write to the journal {self.path}: {error.strerror}. Nothing in it is lost; "
                + ("free some space and run the same command again" if full else "see that it is writable")
            ) from error
        self.end += len(line)
        return place

    def line_at(self, place: int) -> bytes:
        """The line that begins there, without its newline."""
        size, data = 8192, b""
        while True:
            more = os.pread(self._file, size, place + len(data))
            cut = more.find(b"\n")
            if cut >= 0 or not more:
                return data + (more[:cut] if cut >= 0 else more)
            data, size = data + more, size * 2

    def sync(self) -> None:
        """Return when all that was written so far is on the disk."""
        with self.mutex:
            end = self.end
            if self._file < 0 or self._synced >= end:
                return
            file = os.dup(self._file)  # this one may be closed meanwhile
        try:
            os.fsync(file)
        except OSError as error:
            raise JournalError(
                f"cannot make the journal {self.path} durable: {error.strerror}. Look at the disk it is on"
            ) from error
        finally:
            os.close(file)
        self._synced = max(self._synced, end)

    def _follow(self) -> int:
        """Open the file that stands in the place of this one, if another does; how long it is."""
        try:
            there = os.stat(self.path)
        except FileNotFoundError as error:
            raise JournalError(
                f"the journal {self.path} has been removed while it was open. Restore it and start again"
            ) from error
        if there.st_ino == os.fstat(self._file).st_ino:
            return there.st_size
        fresh = os.open(self.path, os.O_RDONLY if self._read_only else os.O_RDWR)
        os.close(self._file)
        self._file, self.end, self._synced = fresh, 0, 0
        self._replaced()
        return os.fstat(fresh).st_size

    def _catch_up(self, repair: bool) -> None:
        size = self._follow()
        if size == self.end:
            return
        if size < self.end:
            raise JournalError(
                f"the journal {self.path} has become shorter while it was open. "
                "Something else wrote to it; restore it and start again"
            )
        rest, place = b"", self.end
        while place + len(rest) < size:
            at = place + len(rest)
            block = os.pread(self._file, min(_BLOCK, size - at), at)
            if not block:
                break
            *complete, rest = (rest + block).split(b"\n") if b"\n" in block else (rest + block,)
            for line in complete:
                self._take(line, place)
                place += len(line) + 1
            self.end = place
        if rest and repair:
            name = f"torn-{time.strftime('%Y%m%dT%H%M%S')}-{place}.jsonl"
            (self.path.parent / name).write_bytes(rest)
            os.ftruncate(self._file, place)
            self._torn(place, f"the last line was cut (torn); its {len(rest)} bytes are in {name}")
