"""The folder of a corpus: whether one is there, and how an empty one is made."""

import os
import secrets
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from kg.store import CorpusNotFound, StoreError
from kg.stores.sqlite.schema import create

DATABASE = "graph.sqlite"
PARTS = ("arrays", "journal", "runs", "writer.lock")
HISTORY = "curation.jsonl"


def check_place(folder: Path, location: str, make: bool) -> None:
    """Raise what keeps this place from holding a corpus, or, without `make`, that it holds none."""
    try:
        if folder.is_file() or (folder.exists() and not folder.is_dir()):
            raise StoreError(
                f"cannot open the corpus {location!r}: it is a file, a corpus is a folder. Choose another name"
            )
        if (folder / DATABASE).is_file():
            return
        strangers = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    except OSError as error:
        raise StoreError(
            f"cannot open the corpus {location!r}: {error.strerror}. Check the path and its rights"
        ) from None
    strangers = sorted(name for name in strangers if name not in PARTS and not name.startswith(DATABASE))
    if strangers:
        some = ", ".join(strangers[:3])
        raise (StoreError if make else CorpusNotFound)(
            f"cannot open the corpus {location!r}: that folder holds other things ({some}) and no graph.sqlite. "
            "Choose a new folder"
        )
    if not make:
        raise CorpusNotFound(
            f"cannot open the corpus {location!r}: there is none. Make it with 'entigraph build DOCS -o {location}'"
        )


def make_corpus(folder: Path, location: str) -> None:
    """Make an empty corpus; made beside and moved in, so that a half-made one is never seen."""
    fresh = folder / f"{DATABASE}.new-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(fresh, isolation_level=None)
        try:
            create(connection, secrets.token_hex(16))
        finally:
            connection.close()
        try:
            os.link(fresh, folder / DATABASE)
        except FileExistsError:
            pass  # another process was faster: its corpus is the one
        except OSError:
            os.replace(fresh, folder / DATABASE)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StoreError(
            f"cannot make the corpus {location!r}: {reason}. Check the path, its rights and the space"
        ) from None
    finally:
        for left in (fresh, fresh.with_name(f"{fresh.name}-wal"), fresh.with_name(f"{fresh.name}-shm")):
            left.unlink(missing_ok=True) if folder.is_dir() else None


def remove_corpus(folder: Path, location: str) -> None:
    """Remove the corpus in this folder, and the folder if nothing else is in it."""
    try:
        # The database first: without it the rest is no corpus any more.
        (folder / DATABASE).unlink(missing_ok=True)
        for path in sorted(folder.iterdir()):
            if path.name in PARTS and path.is_dir():
                shutil.rmtree(path)
            elif path.name in (*PARTS, HISTORY) or path.name.startswith(DATABASE):
                path.unlink()
    except OSError as error:
        raise StoreError(
            f"cannot remove the corpus {location!r}: {error.strerror}. Remove the folder by hand"
        ) from None
    with suppress(OSError):  # something else lies in it
        folder.rmdir()
