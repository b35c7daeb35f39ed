"""Has this file been verified, and is it still the file that was?"""

import hashlib
import json
import shutil
from pathlib import Path

from lm.pins import Pin

LIST = "FILES.sha256"
BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(target: Path) -> Path:
    return target.with_name(f".{target.name}.verified")


def stamp_file(target: Path, sha256: str) -> None:
    """Note that `target`, as it is now, has this hash: a later look need not read it again."""
    seen = target.stat()
    _stamp(target).write_text(
        json.dumps({"bytes": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": sha256})
    )


def is_stamped(pin: Pin, target: Path) -> bool:
    """Whether `target` was verified and has kept its size and time since. Reads no content.

    >>> from lm.pins import find
    >>> is_stamped(find("smollm2-135m"), Path("nowhere"))
    False
    """
    if pin.kind == "folder":
        return (target / LIST).is_file()
    try:
        seen = target.stat()
        said = json.loads(_stamp(target).read_text())
    except (OSError, ValueError):
        return False
    return bool(said == {"bytes": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": pin.sha256})


def write_list(folder: Path) -> None:
    """A list of the folder's files with their hashes, inside it, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / LIST).write_text("".join(lines), encoding="utf-8")


def wrong_files(folder: Path) -> list[str]:
    """Names in the folder's own list that are missing or changed; empty where all is well."""
    lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("  ", 1) for line in lines]
    return [
        name for digest, name in pairs if not (folder / name).is_file() or sha256_of(folder / name) != digest
    ]


def remove(path: Path) -> None:
    """Take away a file or a folder, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
