"""The database file of a corpus: connections for readers, transactions for the writer, errors in words."""

import secrets
import shutil
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.store import CorpusNotFound, CorpusTooNew, StoreError
from kg.stores.sqlite.schema import APPLICATION, MIGRATIONS, VERSION, migrate

WAIT_SECONDS = 60.0
KEPT_READERS = 8


class Database:
    """Connections to one `graph.sqlite`. Readers each have their own and see one commit; writers queue.

    May be used from several threads.
    """

    def __init__(self, path: Path, location: str) -> None:
        self.path = path
        self.location = location
        self.frozen = False
        self._writer: sqlite3.Connection | None = None
        self._writing = threading.RLock()
        self._readers: deque[sqlite3.Connection] = deque()
        self._closed = False

    def check(self) -> None:
        """Raise what keeps this file from being read: missing, a stranger's, too new."""
        with self.trouble("open"), self.reader() as connection:
            version = _version(connection, self.location)
        if version < VERSION:
            if self.frozen or version not in MIGRATIONS:
                raise StoreError(
                    f"cannot open the corpus {self.location!r}: it has the tables of version {version}, "
                    f"this program those of {VERSION}, and it cannot be brought up to date where it is. "
                    "Copy it to a place that can be written to and open it there"
                )
            self._drop_readers()
            with self.trouble("migrate"):
                migrate(self.path)

    # ---- reading ---------------------------------------------------------------------------------

    @contextmanager
    def reader(self) -> Iterator[sqlite3.Connection]:
        """A connection that only reads. It goes back when the block ends."""
        if self._closed:
            raise StoreError(f"cannot read the corpus {self.location!r}: it was closed. Open it again")
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = self._connect_reader()
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.rollback()
            if self._closed or len(self._readers) >= KEPT_READERS:
                connection.close()
            else:
                self._readers.append(connection)

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A reader whose statements all see the same commit."""
        with self.reader() as connection:
            connection.execute("BEGIN")
            yield connection

    def _connect_reader(self) -> sqlite3.Connection:
        if self.frozen:
            return _connect(self.path, "immutable=1")
        try:
            return _connect(self.path, "mode=rw")
        except sqlite3.OperationalError as error:
            # A read-only folder: no -shm file can be made. Safe only where nothing waits in the WAL.
            wal = self.path.with_name(self.path.name + "-wal")
            if "unable to open" not in str(error) and "readonly" not in str(error):
                raise
            if wal.exists() and wal.stat().st_size:
                raise
            self.frozen = True
            return _connect(self.path, "immutable=1")

    # ---- writing ---------------------------------------------------------------------------------

    @contextmanager
    def writing(self, shows: Callable[[], bool], checked: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction: all of the block or nothing. Raises the generation if anything changed.

        Without `checked` foreign keys are not looked up: for whom has looked up every end himself.
        `shows` is asked at the end whether what was written can be seen in the graph, whose cache then is stale.
        """
        with self._writing, self.trouble("write to"):
            if self._closed:
                raise StoreError(
                    f"cannot write to the corpus {self.location!r}: it was closed. Open it again"
                )
            if self._writer is None:
                self._writer = _connect(self.path, "mode=rw")
                self._writer.execute("PRAGMA synchronous = NORMAL")
                self._writer.execute("PRAGMA cache_size = -131072")
                self._writer.execute("PRAGMA threads = 2")  # for sorting where an index is built
            connection = self._writer
            connection.execute(f"PRAGMA foreign_keys = {'ON' if checked else 'OFF'}")
            connection.execute("BEGIN IMMEDIATE")
            before = connection.total_changes
            try:
                yield connection
                if connection.total_changes != before:
                    connection.execute("UPDATE corpus SET generation = generation + 1")
                    if shows():
                        connection.execute("UPDATE corpus SET graph = ?", (secrets.token_hex(8),))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    # ---- the rim ---------------------------------------------------------------------------------

    @contextmanager
    def trouble(self, verb: str) -> Iterator[None]:
        """Errors of SQLite and of values it cannot hold, as StoreError in one line."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(
                f"cannot {verb} the corpus {self.location!r}: {_explain(error, self.path)}"
            ) from error
        except UnicodeEncodeError as error:
            raise StoreError(
                f"cannot {verb} the corpus {self.location!r}: a text holds half a character "
                f"({error.object[error.start]!r}, a lone surrogate). Replace it before ids are made"
            ) from error
        except OverflowError as error:
            raise StoreError(
                f"cannot {verb} the corpus {self.location!r}: a number is beyond 64 bits"
            ) from error

    def close(self) -> None:
        """Close every connection; the write-ahead log is folded in by the last one out."""
        with self._writing:
            self._closed = True
            self._drop_readers()
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _drop_readers(self) -> None:
        while self._readers:
            self._readers.pop().close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=WAIT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    connection.create_function("as_id", 1, bytes.fromhex, deterministic=True)
    connection.create_function("as_text", 1, _text_of_hex, deterministic=True)
    return connection


def _text_of_hex(value: str) -> str:
    return bytes.fromhex(value).decode("utf-8")


def _version(connection: sqlite3.Connection, location: str) -> int:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application == 0 and version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise CorpusNotFound(
            f"cannot open the corpus {location!r}: its database is empty, its making was interrupted. "
            "Build it again with 'entigraph build'"
        )
    if application != APPLICATION:
        raise StoreError(
            f"cannot open the corpus {location!r}: its graph.sqlite is another program's database. "
            "Choose another folder"
        )
    if version > VERSION:
        raise CorpusTooNew(
            f"cannot open the corpus {location!r}: it was written by a newer version of this program "
            f"(tables of version {version}, this one knows {VERSION}). Update entigraph"
        )
    return int(version)


def _is_full(path: Path) -> bool:
    """Whether the disk has no room even for what SQLite needs to read: it says "disk I/O error" then."""
    try:
        return shutil.disk_usage(path.parent).free < 1 << 16
    except OSError:
        return False


def _explain(error: sqlite3.Error, path: Path) -> str:
    text = str(error)
    if "disk is full" in text or (("I/O" in text or "unable to open" in text) and _is_full(path)):
        return "the disk is full. Nothing of this step was kept, all before it was; free some space and run again"
    if "readonly" in text:
        return "it is read-only. Copy it to a place that can be written to"
    if "locked" in text:
        return (
            f"another process has been writing for over {WAIT_SECONDS:.0f} seconds. Try again when it is done"
        )
    if "not a database" in text or "malformed" in text:
        return f"its graph.sqlite is damaged or another kind of file ({text}). Restore it, or build it again"
    if "unable to open" in text:
        return f"its graph.sqlite cannot be opened ({text}). Is it there, and may you read it?"
    return f"{text}. Check the disk, and the rows handed in"
