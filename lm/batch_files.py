"""What one batch was made of, on the disk beside the journal until it is done.

    journal/batches/
        lock                 held by the process that asks by the batch
        TOKEN.requests       one request a line, with its key: so that an answer finds its question again
        TOKEN.jsonl          the same as the file that is sent
        TOKEN.results        what came back

Killed at any moment, a later run finds in the journal how far the batch was, and here what is in it.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lm.base import Request
from lm.linefile import JournalError


@dataclass(slots=True)
class BatchFiles:
    """The files of the batch `token` in `folder`."""

    folder: Path
    token: str
    _places: dict[str, int] = field(default_factory=dict)

    @property
    def requests(self) -> Path:
        """The requests, in our own form."""
        return self.folder / f"{self.token}.requests"

    @property
    def input(self) -> Path:
        """The requests, in the form that is sent."""
        return self.folder / f"{self.token}.jsonl"

    @property
    def results(self) -> Path:
        """The lines that came back, of the file that was fetched last."""
        return self.folder / f"{self.token}.results"

    def attempt(self, key: str) -> str:
        """What the attempt at one request of this batch is called in the journal."""
        return f"{self.token}-{key}"

    def write(self, requests: Iterable[tuple[str, Request, bytes]]) -> None:
        """Write both files; afterwards they are on the disk. Raises `JournalError`."""
        self._places.clear()
        try:
            with self.requests.open("wb") as ours, self.input.open("wb") as theirs:
                for key, request, line in requests:
                    ours.write(json.dumps({"key": key, "request": request.to_dict()}).encode("ascii") + b"\n")
                    theirs.write(line)
                for file in (ours, theirs):
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise JournalError(
                f"cannot write a batch to {str(self.folder)!r}: {error.strerror}. Nothing was sent; "
                "free some space and run the same command again"
            ) from error

    def all_keys(self) -> list[str]:
        """The keys of its requests, in their order; none where the file is gone."""
        if not self._places and self.requests.is_file():
            place = 0
            with self.requests.open("rb") as file:
                for line in file:
                    self._places[str(json.loads(line)["key"])] = place
                    place += len(line)
        return list(self._places)

    def request(self, key: str) -> Request | None:
        """One of its requests."""
        if not self._places:
            self.all_keys()
        if key not in self._places:
            return None
        with self.requests.open("rb") as file:
            file.seek(self._places[key])
            return Request.from_dict(json.loads(file.readline())["request"])

    def all_requests(self) -> Iterator[tuple[str, Request]]:
        """Its requests with their keys, in their order."""
        with self.requests.open("rb") as file:
            for line in file:
                found = json.loads(line)
                yield found["key"], Request.from_dict(found["request"])

    def lines(self) -> Iterator[bytes]:
        """The lines of the results that are complete."""
        with self.results.open("rb") as file:
            for line in file:
                if line.strip():
                    yield line

    def remove(self) -> None:
        """All of it is in the journal now."""
        for path in (self.input, self.results, self.requests):
            path.unlink(missing_ok=True)


def alone_in(folder: Path) -> int:
    """Make sure that no other process asks by the batch here, until what comes back is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise JournalError(
            f"another process asks by the batch in {str(folder)!r}. Wait for it, or stop it"
        ) from error
    return lock
