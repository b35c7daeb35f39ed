"""Every call that was ever paid for: append-only, checksummed, shared by several processes.

The journal is the truth about money and answers. A request is `sent` (its worst case reserved) before
it leaves; then it is `answered`, or it has `failed`. Answers are keyed by `Request.key`, so a question
that was answered once is never paid for again, whoever asks.

    journal/
        calls.jsonl     one event a line (lm.lines), first a header that names the corpus
        lock            held for the moment of an append
        torn-*.jsonl    a last line that a crash had cut, moved out of the way

Only the place of each answer is held in memory; texts are read from the file when asked for.
"""

import errno
import fcntl
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lm import lines
from lm.base import Completion, LMError, Request
from lm.ledger import Ledger

Fsync = Literal["each", "interval", "none"]
VERSION = 1
_BLOCK = 1 << 20


class JournalError(LMError):
    """The journal cannot be opened, read or written."""


@dataclass(frozen=True, slots=True)
class Call:
    """Why a call is made: the run it belongs to, and what for ("extract", "write", "judge")."""

    run: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is not what was written. The others are not touched by it."""

    line: int
    offset: int
    reason: str


class Journal:
    """The journal of one corpus. Several processes may append to it at once; readers never wait."""

    def __init__(self, folder: Path, corpus_id: str | None, fsync: Fsync, read_only: bool) -> None:
        self.folder = folder
        self.path = folder / "calls.jsonl"
        self.corpus_id = corpus_id
        self.fsync: Fsync = fsync
        self.read_only = read_only
        self.ledger = Ledger()
        self.problems: list[Problem] = []
        self._places: dict[bytes, int] = {}
        self._end = 0
        self._lines = 0
        self._synced = 0
        self._attempts = 0
        self._name = secrets.token_hex(5)
        self._mutex = threading.RLock()
        self._file = self._lock = -1

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        corpus_id: str | None = None,
        fsync: Fsync = "interval",
        read_only: bool = False,
    ) -> "Journal":
        """The journal in that folder, made where there is none; cut last lines are moved aside.

        `corpus_id` names the corpus it belongs to: the journal of another one is refused. `fsync` says
        how much a power cut may cost: "each" event is on the disk before the program goes on,
        "interval" means at most a second, "none" leaves it to the system. A killed process loses
        nothing with any of them. Raises `JournalError`.
        """
        if fsync not in ("each", "interval", "none"):
            raise ValueError(f"fsync is 'each', 'interval' or 'none', not {fsync!r}")
        journal = cls(Path(folder), corpus_id, fsync, read_only)
        try:
            journal._open()
        except OSError as error:
            journal.close()
            raise JournalError(
                f"cannot open the journal in {str(folder)!r}: {error.strerror or error}. "
                "Is it a folder you may write to?"
            ) from error
        except JournalError:
            journal.close()
            raise
        return journal

    def _open(self) -> None:
        if self.read_only:
            self._file = os.open(self.path, os.O_RDONLY)
            self.refresh()
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        with self._locked():
            self._catch_up()
            if self._end == 0:
                self._append({"event": "journal", "version": VERSION, "corpus": self.corpus_id or ""})

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Make everything durable (unless fsync is "none") and let go of the files."""
        with self._mutex:
            if self._file >= 0:
                if not self.read_only and self.fsync != "none":
                    self.sync()
                os.close(self._file)
            if self._lock >= 0:
                os.close(self._lock)
            self._file = self._lock = -1

    # ---- reading ---------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        return bytes.fromhex(key) in self._places

    def keys(self) -> Iterator[str]:
        """Keys of the requests that have an answer, in the order of the answers."""
        with self._mutex:
            places = list(self._places)
        for place in places:
            yield place.hex()

    def refresh(self) -> None:
        """Take in what other processes have written since; waits for nobody."""
        with self._mutex:
            self._catch_up(repair=False)

    def answer(self, key: str) -> Completion | None:
        """The answer to the request with this key, None where there is none yet."""
        event = self._event(key)
        return None if event is None else Completion.from_dict(event["completion"])

    def request(self, key: str) -> Request | None:
        """The exact words that were sent, None where there is no answer to them."""
        event = self._event(key)
        return None if event is None else Request.from_dict(event["request"])

    def _event(self, key: str) -> dict[str, Any] | None:
        with self._mutex:
            place = self._places.get(bytes.fromhex(key))
            if place is None:
                return None
            line = self._line_at(place)
        if not lines.whole(line):
            raise JournalError(
                f"the answer {key} at byte {place} of {self.path} has changed since it was written. "
                "Restore the file, or remove that line to have the question asked again"
            )
        return lines.decode(line)

    def _line_at(self, place: int) -> bytes:
        size, data = 8192, b""
        while True:
            more = os.pread(self._file, size, place + len(data))
            cut = more.find(b"\n")
            if cut >= 0 or not more:
                return data + (more[:cut] if cut >= 0 else more)
            data, size = data + more, size * 2

    def events(self) -> Iterator[dict[str, Any]]:
        """Every whole event in its order, as written; other processes may go on writing meanwhile."""
        with self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n") and lines.whole(line[:-1]):
                    yield lines.decode(line[:-1])

    # ---- writing ---------------------------------------------------------------------------------

    def reserve(
        self,
        key: str,
        model: str,
        *,
        tokens: int,
        usd: float | None,
        call: Call,
        allow: Callable[[Ledger], None] | None = None,
    ) -> str:
        """Write down that a request is about to leave, with the worst it can cost; the attempt's name.

        `allow` sees the sums of all processes at that moment and raises to forbid it: nothing can
        come between its look and the reservation. Raises `JournalError`, e.g. on a full disk.
        """
        with self._locked():
            self._catch_up()
            if allow is not None:
                allow(self.ledger)
            self._attempts += 1
            attempt = f"{self._name}-{self._attempts}"
            self._append(self._head("sent", key, attempt, call, model=model, tokens=tokens, usd=usd))
        return attempt

    def answered(self, request: Request, key: str, attempt: str, completion: Completion, call: Call) -> None:
        """Write down an answer with its question and settle what was reserved for it."""
        event = self._head(
            "answered",
            key,
            attempt,
            call,
            tokens_in=completion.tokens_in,
            tokens_out=completion.tokens_out,
            usd=completion.cost_usd,
        )
        event["request"] = request.to_dict()
        event["completion"] = completion.to_dict()
        with self._locked():
            self._catch_up()
            self._append(event)

    def failed(self, key: str, attempt: str, error: LMError, call: Call, *, left: bool) -> None:
        """Write down that an attempt failed. It stays counted at its worst case if it had `left`."""
        reason = str(error)[:500]
        event = self._head("failed", key, attempt, call, left=left, error=type(error).__name__, reason=reason)
        with self._locked():
            self._catch_up()
            self._append(event)

    @staticmethod
    def _head(event: str, key: str, attempt: str, call: Call, **fields: Any) -> dict[str, Any]:
        at = round(time.time(), 3)
        who = {"run": call.run, "purpose": call.purpose}
        return {"event": event, "key": key, "id": attempt, "at": at, **who, **fields}

    def sync(self) -> None:
        """Return when all that was written so far is on the disk."""
        with self._mutex:
            file, end = self._file, self._end
            if file < 0 or self._synced >= end:
                return
        os.fsync(file)
        self._synced = max(self._synced, end)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._mutex:
            if self._lock < 0:
                why = "it was opened for reading only" if self.read_only else "it is closed"
                raise JournalError(f"cannot write to the journal {self.path}: {why}")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _append(self, event: dict[str, Any]) -> None:
        """Add one line at the end, all of it or nothing. The lock is held and the tail is known."""
        line = lines.encode(event)
        view = memoryview(line)
        try:
            while view:
                view = view[os.pwrite(self._file, view, self._end + len(line) - len(view)) :]
        except OSError as error:
            os.ftruncate(self._file, self._end)
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            raise JournalError(
                f"cannot write to the journal {self.path}: {error.strerror}. Nothing in it is lost; "
                + ("free some space and run the same command again" if full else "see that it is writable")
            ) from error
        self._take(line[:-1], self._end, event)
        self._end += len(line)

    # ---- catching up -----------------------------------------------------------------------------

    def _catch_up(self, repair: bool = True) -> None:
        """Read what was appended since the last look. With the lock held, a cut line is moved aside."""
        size = os.fstat(self._file).st_size
        if size == self._end:
            return
        if size < self._end:
            raise JournalError(
                f"the journal {self.path} has become shorter while it was open. "
                "Something else wrote to it; restore it and start again"
            )
        rest = b""
        place = self._end
        while place + len(rest) < size:
            block = os.pread(self._file, min(_BLOCK, size - place - len(rest)), place + len(rest))
            if not block:
                break
            *complete, rest = (rest + block).split(b"\n") if b"\n" in block else (rest + block,)
            for line in complete:
                self._take(line, place)
                place += len(line) + 1
            self._end = place
        if rest and repair:
            self._set_aside(rest, place)

    def _set_aside(self, rest: bytes, place: int) -> None:
        name = f"torn-{time.strftime('%Y%m%dT%H%M%S')}-{place}.jsonl"
        (self.folder / name).write_bytes(rest)
        os.ftruncate(self._file, place)
        self.problems.append(
            Problem(self._lines + 1, place, f"the last line was cut; its {len(rest)} bytes are in {name}")
        )

    def _take(self, line: bytes, place: int, event: dict[str, Any] | None = None) -> None:
        self._lines += 1
        if event is None:
            if not lines.whole(line):
                reason = f"line {self._lines} of {self.path} does not match its checksum"
                self.problems.append(Problem(self._lines, place, reason))
                return
            event = lines.head(line)
        try:
            if event["event"] == "journal":
                self._greet(event)
                return
            self.ledger.apply(event)
            if event["event"] == "answered":
                self._places.setdefault(bytes.fromhex(event["key"]), place)
        except (KeyError, ValueError, TypeError) as error:
            reason = f"line {self._lines} of {self.path} lacks a field or has a wrong one ({error})"
            self.problems.append(Problem(self._lines, place, reason))

    def _greet(self, header: dict[str, Any]) -> None:
        corpus, version = header["corpus"], header["version"]
        if version > VERSION:
            raise JournalError(
                f"the journal {self.path} was written by a newer version of this program "
                f"(format {version}, this one reads {VERSION}). Upgrade entigraph"
            )
        if self.corpus_id is None:
            self.corpus_id = corpus
        elif corpus != self.corpus_id:
            raise JournalError(
                f"the journal in {str(self.folder)!r} belongs to the corpus {corpus!r}, not to "
                f"{self.corpus_id!r}. Use another folder, or the corpus it belongs to"
            )
