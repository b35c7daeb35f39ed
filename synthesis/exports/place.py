"""Where an export goes: files that appear together at the end, or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from errno import EACCES
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from lm.stamps import sha256_of
from synthesis.base import SynthesisError
from synthesis.exports.manifest import MANIFEST, listed
from synthesis.exports.shards import is_part

CARD = "README.md"
DATA = "data"


class Place:
    """The output of one export, and what an earlier export has left there. A context that leaves no rest.

    Files are written below `draft`, a folder beside the output, and moved by `appear`. Names are relative to
    the folder of the output, with slashes. Raises SynthesisError where something else is in the way.
    """

    def __init__(self, path: Path, *, folder: bool, inputs: Iterable[Path] = ()) -> None:
        self.path = path
        self.folder = folder
        self.beside = path.parent
        self.manifest = path.name + MANIFEST
        self.draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        self._earlier = listed(self.beside / self.manifest)
        try:
            self._check(inputs)
        except OSError as error:
            raise cannot_write(path, error) from None

    def _check(self, inputs: Iterable[Path]) -> None:
        if self.path.name in ("", ".."):
            raise SynthesisError(f"cannot write {str(self.path)!r}: it is a folder; name a file in it")
        there = next(folder for folder in self.path.absolute().parents if folder.exists())
        if not there.is_dir():
            raise SynthesisError(f"cannot write {str(self.path)!r}: {str(there)!r} is no folder")
        if not os.access(there, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
        for other in inputs:
            if self._is_target(other):
                raise SynthesisError(
                    f"cannot write {str(self.path)!r}: {str(other)!r} is read; name another file"
                )
        if self.folder:
            self._check_folder()
        elif self.path.is_dir():
            raise SynthesisError(f"cannot write {str(self.path)!r}: it is a folder; name a file in it")
        elif self.path.exists() and not self.path.is_file():
            raise SynthesisError(f"cannot write {str(self.path)!r}: it is a device or a pipe; name a file")

    def _is_target(self, other: Path) -> bool:
        """Whether this export could write over that file, or take it away."""
        if self.path.exists() and other.exists() and self.path.samefile(other):
            return True
        beside, file = self.beside.resolve(), other.resolve()
        if not file.is_relative_to(beside):
            return False
        name = file.relative_to(beside).as_posix()
        return name == self.manifest or self._is_ours(name)

    def _check_folder(self) -> None:
        shown = repr(str(self.path))
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise SynthesisError(f"cannot write the folder {shown}: there is a file of that name")
        if any(self.path.iterdir()) and not self._earlier:
            raise SynthesisError(
                f"cannot write to {shown}: something else is in it. Name a new or empty folder"
            )
        card = self.path / CARD
        known = self._earlier.get(f"{self.path.name}/{CARD}")
        if card.exists() and sha256_of(card) != known:
            raise SynthesisError(
                f"cannot write to {shown}: its {CARD} was changed by hand. Move it away, or name another folder"
            )
        data = self.path / DATA
        for file in data.iterdir() if data.is_dir() else ():
            if f"{self.path.name}/{DATA}/{file.name}" not in self._earlier:
                raise SynthesisError(f"cannot write to {shown}: {str(file)!r} is not of an earlier export")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.draft, ignore_errors=True)

    def new(self, name: str) -> Path:
        """Where to write the file that will have this name."""
        path = self.draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def scratch(self) -> Path:
        """A folder for what is needed only meanwhile."""
        self.draft.mkdir(parents=True, exist_ok=True)
        return self.draft

    def appear(self, names: list[str]) -> None:
        """Put the files in their place, the manifest last; take away what an earlier export left besides.

        There is no moment at which a manifest stands beside files that are not the ones it lists.
        """
        (self.beside / self.manifest).unlink(missing_ok=True)
        for name in [*names, self.manifest]:
            target = self.beside / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.draft / name, target)
        for name in self._earlier.keys() - set(names):
            if self._is_ours(name):
                with suppress(OSError):
                    (self.beside / name).unlink(missing_ok=True)

    def _is_ours(self, name: str) -> bool:
        """Whether a file of this name could be of an export to this place: a manifest may say anything."""
        parts = PurePosixPath(name).parts
        if len(parts) == 1:
            return is_part(name, self.path)
        return self.folder and parts[:-1] == (self.path.name, DATA) and parts[-1].endswith(".parquet")


def cannot_write(path: Path, error: OSError) -> SynthesisError:
    """What to say where the disk is full, a folder is no folder, or nothing may be written."""
    why = error.strerror or str(error)
    return SynthesisError(f"cannot write {str(path)!r}: {why}; choose another place with -o")
