"""Which files are meant by what the user named: files, folders, patterns and standard input.

Every file gets a *place*, from which the ids of its documents are made: its path relative to the
argument that named it, so that a corpus can be rebuilt from a folder that was moved. Two files of
one place are told apart by the folders above them.
"""

import glob
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

STDIN = "-"
NOT_DOCUMENTS = ("Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__")
CORPUS = "graph.sqlite"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was named or found and yields no document, with the reason."""

    source: str
    reason: str


@dataclass(slots=True)
class Found:
    """A file to read. `source` is its path as people know it; `path` is None for standard input.

    `root` is the folder to which `relative` leads from; `place` is `relative` unless that is another
    file's. `named` says that the file itself was named,
    not a folder or pattern that holds it.
    """

    path: Path | None
    place: str
    source: str
    root: Path = field(default_factory=Path)
    relative: str = ""
    named: bool = False

    def places(self) -> Iterator[str]:
        """The places it may have: its relative path, then with ever more of the folders above it."""
        yield self.relative
        parts = self.root.parts
        for count in range(1, len(parts) + 1):
            yield "/".join([part.strip("/\\") for part in parts[-count:]] + [self.relative])


def find(arguments: Iterable[str | os.PathLike[str]]) -> list[Found | Skipped]:
    """The files that the arguments name, each once, by place; then what was named and is not there.

    An argument is a file, a folder (searched through, hidden files left out), a pattern such as
    "notes/**/*.md", or "-" for standard input. The order of the arguments makes no difference.
    Corpora of this program, found within a folder, are left out.
    """
    files: dict[str, Found] = {}
    skipped: list[Skipped] = []
    stdin: list[Found | Skipped] = []
    for argument in dict.fromkeys(os.fspath(argument) for argument in arguments):
        if argument == STDIN:
            stdin.append(Found(None, "stdin", "stdin"))
            continue
        for found in _expand(argument):
            if isinstance(found, Skipped):
                skipped.append(found)
                continue
            key = os.path.realpath(found.path or "")
            other = files.get(key)
            if other is None or (-len(other.place), other.place, other.source) > (
                -len(found.place),
                found.place,
                found.source,
            ):
                files[key] = found
    _tell_apart(files)
    ordered = sorted(files.values(), key=lambda found: found.place)
    return [*ordered, *stdin, *sorted(set(skipped), key=lambda skip: skip.source)]


def printable(path: str) -> str:
    """A path as text that can be stored: bytes that are no UTF-8 are replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "\ufffd")


def _tell_apart(files: dict[str, Found]) -> None:
    """Give each file a place of its own: the first in the order of full paths keeps the plain one."""
    taken: set[str] = set()
    later = []
    for key in sorted(files):
        if files[key].place in taken:
            later.append(files[key])
        taken.add(files[key].place)
    for found in later:
        found.place = next((place for place in found.places() if place not in taken), str(found.path))
        taken.add(found.place)


def _expand(argument: str) -> Iterator[Found | Skipped]:
    path = Path(argument)
    try:
        if path.is_dir():
            yield from _walk(path, path, set())
        elif path.exists() or path.is_symlink():
            yield _found(path, path.parent, named=True)
        elif glob.has_magic(argument):
            yield from _match(argument)
        else:
            yield Skipped(printable(argument), "there is no such file or folder")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Skipped(printable(argument)[:300], f"it cannot be opened: {reason}")


def _match(pattern: str) -> Iterator[Found | Skipped]:
    fixed = Path(*_before_magic(pattern))
    matches = sorted(glob.glob(pattern, recursive=True))
    seen: set[str] = set()
    for match in matches:
        path = Path(match)
        if _is_hidden(path.name):
            continue
        if path.is_dir():
            if not pattern.endswith("**"):
                yield from _walk(path, fixed, seen)
        else:
            yield _found(path, fixed)
    if not matches:
        yield Skipped(printable(pattern), "no file matches this pattern")


def _before_magic(pattern: str) -> list[str]:
    parts = []
    for part in Path(pattern).parts:
        if glob.has_magic(part):
            break
        parts.append(part)
    return parts


def _walk(folder: Path, root: Path, seen: set[str]) -> Iterator[Found | Skipped]:
    """Files beneath a folder in order of name; links to folders are followed, but not in circles."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield Skipped(printable(str(folder)), f"the folder cannot be opened: {error.strerror}")
        return
    if any(entry.name == CORPUS for entry in entries):
        return
    for entry in entries:
        if _is_hidden(entry.name):
            continue
        if entry.is_dir():
            yield from _walk(folder / entry.name, root, seen)
        else:
            yield _found(folder / entry.name, root)


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name in NOT_DOCUMENTS


def _found(path: Path, root: Path, named: bool = False) -> Found:
    place = unicodedata.normalize("NFC", path.relative_to(root).as_posix())
    return Found(path, place, printable(str(path)), Path(os.path.abspath(root)), place, named)
