"""What was written, from what and how: the file by which a stranger can tell that these are the files.

`NAME.manifest.json` beside an export lists every file with its sha256. It holds no time, and of paths only
names: the same corpus and the same options give the same bytes.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from lm.stamps import sha256_of
from synthesis.base import SynthesisError

MANIFEST = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Written:
    """One file of an export, named relative to the folder of its manifest. `lines` are rows in a table."""

    file: str
    holds: Literal["texts", "provenance", "card"]
    sha256: str
    bytes: int
    lines: int
    tokens: int | None = None

    @staticmethod
    def of(
        draft: Path,
        name: str,
        holds: Literal["texts", "provenance", "card"],
        lines: int,
        tokens: int | None = None,
    ) -> "Written":
        """The file as it lies in `draft` now."""
        path = draft / name
        return Written(name, holds, sha256_of(path), path.stat().st_size, lines, tokens)


@dataclass(frozen=True, slots=True)
class Verification:
    """How many files a manifest lists, and those that are not as it says, with the reason."""

    manifest: str
    files: int
    wrong: dict[str, str]


def manifest_text(said: dict[str, Any], files: Iterable[Written]) -> str:
    """The manifest, for people and programs."""
    listed = [{key: value for key, value in asdict(file).items() if value is not None} for file in files]
    return json.dumps({**said, "files": listed}, ensure_ascii=False, indent=2) + "\n"


def verify(path: Path) -> Verification:
    """Whether the files of an export are those its manifest lists, byte for byte.

    `path` is the manifest, or the file or folder that was exported. Raises SynthesisError where there is no
    manifest, or it cannot be read.
    """
    if not path.name.endswith(MANIFEST):
        path = path.with_name(path.name + MANIFEST)
    try:
        files = _files(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SynthesisError(f"cannot read the manifest {str(path)!r}: {error.strerror}") from None
    except (ValueError, RecursionError, KeyError, TypeError):
        raise SynthesisError(
            f"{str(path)!r} is no manifest of an export; name the NAME{MANIFEST} that 'entigraph export' wrote"
        ) from None
    wrong = {name: why for name, file in files.items() if (why := _difference(path.parent, name, file))}
    wrong.update((name, "is not listed") for name in _beside(path.parent, files))
    return Verification(str(path), len(files), wrong)


def listed(manifest: Path) -> dict[str, str]:
    """The files of an earlier export with their sha256; none where there is no manifest that can be read."""
    try:
        files = _files(json.loads(manifest.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return {}
    return {name: sha256 for name, (sha256, _) in files.items()}


def _files(manifest: Any) -> dict[str, tuple[str, int]]:
    """Name, sha256 and bytes of every file listed. Any: JSON of a stranger."""
    files = {str(f["file"]): (str(f["sha256"]), int(f["bytes"])) for f in manifest["files"]}
    if not files:
        raise ValueError("no files")
    return files


def _beside(folder: Path, files: Iterable[str]) -> list[str]:
    """Files among the shards of a data set that nobody listed: whoever loads it would read them too."""
    listed = set(files)
    shards = {PurePosixPath(name).parent for name in listed if name.endswith(".parquet") and "/" in name}
    return sorted(
        name
        for shard in shards
        if not shard.is_absolute() and ".." not in shard.parts and (folder / shard).is_dir()
        for path in (folder / shard).iterdir()
        if (name := (shard / path.name).as_posix()) not in listed
    )


def _difference(folder: Path, name: str, expected: tuple[str, int]) -> str:
    """Why a file is not the one that is listed; empty where it is."""
    sha256, size = expected
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts:
        return "lies outside of the folder of its manifest"
    path = folder / inside
    try:
        if not path.is_file():
            return "is missing"
        if path.stat().st_size != size:
            return f"has {path.stat().st_size:,} bytes, {size:,} are listed"
        seen = sha256_of(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if seen == sha256 else f"has the sha256 {seen[:16]}…, {sha256[:16]}… is listed"
