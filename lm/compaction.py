"""A journal without what no longer matters: settled reservations, and attempts that never left.

A reservation that was settled by its answer, and one of an attempt that never left, add nothing to any sum.
They are about half of the lines. Everything else is copied byte for byte and in its order.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from lm import lines
from lm.linefile import JournalError, LineFile

NAME = "calls.compact"
_BLOCK = 1 << 20


def compact(file: LineFile, corpus_id: str, version: int) -> None:
    """Replace the file of an open journal by a shorter one. Raises `JournalError`.

    Most of it is copied while others go on writing; they wait only while the rest is. The lock file
    "compacting" keeps a second one from doing the same.
    """
    folder = file.path.parent
    try:
        with (folder / "compacting").open("w") as alone:
            try:
                fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise JournalError(
                    f"the journal {file.path} is being compacted by another process. Wait for it"
                ) from error
            _compact(file, folder / NAME, corpus_id, version)
    except OSError as error:
        (folder / NAME).unlink(missing_ok=True)
        raise JournalError(
            f"cannot compact the journal {file.path}: {error.strerror}. It is as it was; a copy needs "
            "about as much space as the journal has"
        ) from error


def _compact(file: LineFile, fresh: Path, corpus_id: str, version: int) -> None:
    with file:
        end, descriptor = file.end, os.dup(file.descriptor)
    damaged: list[bytes] = []
    try:
        matters = _unsettled(line for line in _lines(descriptor, end) if lines.whole(line))
        with fresh.open("wb") as write:
            write.write(lines.encode({"event": "journal", "version": version, "corpus": corpus_id}))
            for line in _lines(descriptor, end):
                if not lines.whole(line):
                    damaged.append(line)
                elif _is_kept(line, matters):
                    write.write(line + b"\n")
            with file:
                while block := os.pread(descriptor, min(_BLOCK, file.end - end), end):
                    write.write(block)
                    end += len(block)
                write.flush()
                os.fsync(write.fileno())
                _put_aside(fresh.parent, damaged)
                os.replace(fresh, file.path)
                _sync_folder(fresh.parent)
    finally:
        os.close(descriptor)
    file.refresh()


def _is_kept(line: bytes, matters: set[bytes]) -> bool:
    if line.startswith(b'{"event":"journal",'):
        return False  # a new one was written
    if line.startswith((b'{"event":"sent",', b'{"event":"failed",')):
        return _attempt(line) in matters
    return True


def _unsettled(whole: Iterator[bytes]) -> set[bytes]:
    """The attempts that count although no answer came: those nothing was heard of, and those that failed."""
    waiting, failed = set[bytes](), set[bytes]()
    for line in whole:
        if line.startswith(b'{"event":"sent",'):
            waiting.add(_attempt(line))
        elif line.startswith(b'{"event":"answered",'):
            waiting.discard(_attempt(line))
        elif line.startswith(b'{"event":"failed",'):
            waiting.discard(_attempt(line))
            if lines.head(line)["left"]:
                failed.add(_attempt(line))
    return waiting | failed


def unsettled(journal: Path) -> set[str]:
    """The attempts of a journal that count at their worst case, by their ids."""
    descriptor = os.open(journal, os.O_RDONLY)
    try:
        end = os.fstat(descriptor).st_size
        found = _unsettled(line for line in _lines(descriptor, end) if lines.whole(line))
    finally:
        os.close(descriptor)
    return {attempt.decode("utf-8") for attempt in found}


def _attempt(line: bytes) -> bytes:
    """The id of an attempt, as it stands in a line of ours: the third field, never with an escape."""
    begin = line.index(b'"id":"') + 6
    return line[begin : line.index(b'"', begin)]


def _lines(descriptor: int, end: int) -> Iterator[bytes]:
    """The complete lines before `end`, without their newlines."""
    rest, place = b"", 0
    while place < end:
        block = os.pread(descriptor, min(_BLOCK, end - place), place)
        place += len(block)
        *complete, rest = (rest + block).split(b"\n")
        yield from complete


def _put_aside(folder: Path, damaged: list[bytes]) -> None:
    if damaged:
        name = f"damaged-{time.strftime('%Y%m%dT%H%M%S')}.jsonl"
        with (folder / name).open("ab") as file:
            file.writelines(line + b"\n" for line in damaged)
            file.flush()
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
