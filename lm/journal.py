"""Every call that was ever paid for: append-only, checksummed, shared by several processes.

The journal is the truth about money and answers. A request is `sent` (its worst case reserved) before
it leaves; then it is `answered`, or it has `failed`. Answers are keyed by `Request.key`, so a question
that was answered once is never paid for again, whoever asks.

    journal/
        calls.jsonl      one event a line (lm.lines), first a header that names the corpus
        calls.index      what it said when it was last closed (lm.journal_index); may be deleted
        lock             held for the moment of an append
        torn-*.jsonl     a last line that a crash had cut, moved out of the way
        damaged-*.jsonl  lines that did not match their checksum, moved out of the way by `compact`

Only the place of each answer is held in memory; texts are read from the file when asked for.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lm import compaction, journal_index, lines, merging
from lm.base import Completion, LMError, Request
from lm.ledger import Call, Ledger
from lm.linefile import JournalError, LineFile
from lm.places import Places

Fsync = Literal["each", "interval", "none"]
VERSION = 1
INDEX_LINES = 20_000  # more than so many unknown lines are worth an index

__all__ = ["Call", "Fsync", "Journal", "JournalError", "Problem"]


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
        self.batches: dict[str, dict[str, Any]] = {}  # the last event of each that is not done (lm.batch)
        self._places = Places()
        self._lines = self._indexed = self._attempts = 0
        self._name = secrets.token_hex(5)
        self._file = LineFile(self.path, self._take, self._torn, self._forget, read_only)

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
        self._file.open()
        self._start_from_index()
        if self.read_only:
            self.refresh()
            return
        with self._file:
            if self._file.end == 0:
                self._append({"event": "journal", "version": VERSION, "corpus": self.corpus_id or ""})

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Make everything durable (unless fsync is "none") and let go of the files."""
        try:
            if not self.read_only and self.fsync != "none":
                self.sync()
            self._save_index()
        finally:
            self._file.close()

    # ---- reading ---------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        return bytes.fromhex(key) in self._places

    def keys(self) -> Iterator[str]:
        """Keys of the requests that have an answer, in the order of the answers."""
        return (key.hex() for key in self._places)

    def refresh(self) -> None:
        """Take in what other processes have written since; waits for nobody."""
        self._file.refresh()

    def answer(self, key: str) -> Completion | None:
        """The answer to the request with this key, None where there is none yet."""
        event = self._event(key)
        return None if event is None else Completion.from_dict(event["completion"])

    def request(self, key: str) -> Request | None:
        """The exact words that were sent, None where there is no answer to them."""
        event = self._event(key)
        return None if event is None else Request.from_dict(event["request"])

    def _event(self, key: str) -> dict[str, Any] | None:
        with self._file.mutex:
            place = self._places.get(bytes.fromhex(key))
            if place is None:
                return None
            line = self._file.line_at(place)
            whole = lines.whole(line)
            if not whole and self._indexed:  # the index took it for what it was
                self.reread()
                return self._event(key)
        if not whole:
            raise JournalError(
                f"the answer {key} at byte {place} of {self.path} has changed since it was written. "
                "Restore the file, or remove that line to have the question asked again"
            )
        return lines.decode(line)

    def reread(self) -> None:
        """Read the whole journal again, every line with its checksum, as if there were no index."""
        with self._file.mutex:
            self._forget(from_index=False)
            self._file.reread()

    def events(self) -> Iterator[dict[str, Any]]:
        """Every whole event in its order, as written; others may go on writing meanwhile."""
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
        attempt: str = "",
    ) -> str:
        """Write down that a request is about to leave, with the worst it can cost; the attempt's name.

        That is a new one, unless `attempt` gives it. `allow` sees the sums of all processes at that moment and
        raises to forbid it: nothing comes between. Raises `JournalError`, e.g. on a full disk.
        """
        with self._file:
            if allow is not None:
                allow(self.ledger)
            self._attempts += 1
            attempt = attempt or f"{self._name}-{self._attempts}"
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
        self.append(event)

    def failed(self, key: str, attempt: str, error: LMError, call: Call, *, left: bool) -> None:
        """Write down that an attempt failed. It stays counted at its worst case if it had `left`."""
        reason = str(error)[:500]
        self.append(
            self._head("failed", key, attempt, call, left=left, error=type(error).__name__, reason=reason)
        )

    @staticmethod
    def _head(event: str, key: str, attempt: str, call: Call, **fields: Any) -> dict[str, Any]:
        at = round(time.time(), 3)
        who = {"run": call.run, "purpose": call.purpose}
        return {"event": event, "key": key, "id": attempt, "at": at, **who, **fields}

    def take_over(self, other: "Journal") -> int:
        """Append what another journal has and this one has not (`lm.merging`); how many answers those were."""
        return merging.take_over(self, other)

    def held(self) -> AbstractContextManager[object]:
        """Keep other writers out while several events are written: the lock is taken once for all."""
        return self._file

    def append(self, event: dict[str, Any]) -> None:
        """Write an event down as it stands, e.g. one of another journal."""
        with self._file:
            self._append(event)

    def compact(self) -> None:
        """Drop what no longer matters: reservations that were settled, and attempts that never left.

        Answers, sums and open attempts stay as they are; damaged lines are moved to a file of their own.
        The file is replaced in one step: killed at any moment, the old one or the new one is there.
        Other processes may read and write meanwhile; they see that it was replaced, and read it anew.
        Raises `JournalError`.
        """
        compaction.compact(self._file, self.corpus_id or "", VERSION)

    def sync(self) -> None:
        """Return when all that was written so far is on the disk."""
        self._file.sync()

    def _append(self, event: dict[str, Any]) -> None:
        self._count(event, self._file.append(lines.encode(event)))

    def _torn(self, place: int, reason: str) -> None:
        self.problems.append(Problem(self._lines + 1, place, reason))

    def _take(self, line: bytes, place: int) -> None:
        if not lines.whole(line):
            self._lines += 1
            reason = f"line {self._lines} of {self.path} does not match its checksum"
            self.problems.append(Problem(self._lines, place, reason))
            return
        found = lines.counted(line)
        if found is None:
            self._count(lines.head(line), place)
            return
        self._lines += 1
        kind, key, attempt, run, first, second, usd = found
        if kind == "answered":
            self.ledger.answered(run, attempt, first, second, usd)
            self._places.add(key, place)
        elif kind == "failed":
            self.ledger.failed(run, attempt, bool(first))
        else:
            self.ledger.sent(run, attempt, first, usd)

    def _count(self, event: dict[str, Any], place: int) -> None:
        self._lines += 1
        try:
            if event["event"] == "journal":
                self._greet(event)
                return
            if event["event"] == "batch":
                self.batches[event["id"]] = event
                if event["state"] == "done":
                    del self.batches[event["id"]]
                return
            self.ledger.apply(event)
            if event["event"] == "answered":
                self._places.add(bytes.fromhex(event["key"]), place)
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

    # ---- the index -------------------------------------------------------------------------------

    def _forget(self, from_index: bool = True) -> None:
        """Start anew: the file is another one, or is not trusted."""
        self.ledger.clear()
        self.problems.clear()
        self.batches.clear()
        self._places = Places()
        self._lines = self._indexed = 0
        if from_index:
            self._start_from_index()

    def _start_from_index(self) -> None:
        known = journal_index.load(self.folder / journal_index.NAME, self._file.descriptor)
        if known is None:
            return
        self._greet(lines.decode(self._file.line_at(0)))
        self.ledger.restore(known.ledger)
        self.batches.update(known.batches)
        self._places = known.places
        self._lines = self._indexed = known.lines
        self._file.end = known.end

    def _save_index(self) -> None:
        """Keep what is known, where reading it again would take a while."""
        with self._file.mutex:
            few = self._lines - self._indexed < max(INDEX_LINES, self._lines // 10)
            if few or self.read_only or self._file.closed or self.problems:
                return
            with suppress(OSError):
                journal_index.save(
                    *(self.folder / journal_index.NAME, self._file.descriptor, self._file.end, self._lines),
                    *(self.ledger, self.batches, self._places),
                )
