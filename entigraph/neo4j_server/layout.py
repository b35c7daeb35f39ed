"""What a development server keeps on disk: its folder, its settings, its password, and what runs now."""

import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.store import StoreError

HOST = "127.0.0.1"
BOLT_PORT, HTTP_PORT = 7687, 7474
USER = "neo4j"
MIB = 1 << 20
SMALLEST_HEAP = 64 * MIB
DATA_BYTES = 700 * MIB  # two databases write 256 MB of transaction log each before the first row
LOG_BYTES = 5_000_000


class ServerError(StoreError):
    """The development server cannot be started or stopped; `log` holds the last lines of its log."""

    def __init__(self, message: str, log: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.log = log


@dataclass(frozen=True, slots=True)
class State:
    """What was started: how, by which Java, on which ports. Ports stay known after it was stopped."""

    way: str
    version: str
    bolt_port: int
    http_port: int
    pid: int = 0
    container: str = ""
    java: str = ""
    heap: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one development server, all under `home`."""

    home: Path

    @property
    def conf(self) -> Path:
        """The folder of `neo4j.conf`, written anew at every start."""
        return self.home / "conf"

    @property
    def data(self) -> Path:
        """The databases."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "logs" / "console.log"

    @property
    def debug_log(self) -> Path:
        """What the server says to itself; why a database does not come up stands here alone."""
        return self.home / "logs" / "debug.log"

    @property
    def password_file(self) -> Path:
        """The password of the user neo4j, readable by its owner alone."""
        return self.home / "password"

    @property
    def state_file(self) -> Path:
        """What runs now, or ran last."""
        return self.home / "server.json"

    @property
    def lock(self) -> Path:
        """Held while a server is started or stopped."""
        return self.home / "lock"

    @property
    def has_databases(self) -> bool:
        """Whether a server was started here before: from then on the password stands in its database."""
        return (self.data / "databases" / "system").exists()

    def make(self) -> None:
        """The folders, with room on the disk for empty databases. Raises ServerError."""
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            for folder in (self.conf, self.data, self.log.parent, self.home / "import"):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise ServerError(
                f"cannot keep a Neo4j server in {str(self.home)!r}: {error.strerror}. "
                "ENTIGRAPH_NEO4J_HOME names another folder"
            ) from None
        if not self.has_databases:
            check_room(self.home, DATA_BYTES, "the databases of a Neo4j server", "ENTIGRAPH_NEO4J_HOME")

    def state(self) -> State | None:
        """What runs now or ran last; None if nothing ever did, or the file is damaged."""
        try:
            return State(**json.loads(self.state_file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, state: State) -> None:
        """Write down what runs; whoever reads sees the old or the new, never half of it."""
        part = self.state_file.with_suffix(".part")
        part.write_text(json.dumps(asdict(state)) + "\n", "utf-8")
        part.replace(self.state_file)

    def password(self) -> str | None:
        """The password, None where there is none."""
        try:
            return self.password_file.read_text("utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def make_password(self) -> str:
        """The password, a new random one where there is none. Raises ServerError where it was lost."""
        if password := self.password():
            return password
        if self.has_databases:
            raise ServerError(
                f"cannot log in to the databases in {str(self.data)!r}: their password file "
                f"{str(self.password_file)!r} is gone. Write the password into it again, or remove "
                f"{str(self.data)!r} with all that is in it"
            )
        password = secrets.token_urlsafe(24)
        write_secret(self.password_file, password + "\n")
        return password


def write_secret(path: Path, text: str) -> None:
    """A new file that only its owner can read from its first moment on."""
    with suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def check_room(folder: Path, needed: int, what: str, variable: str) -> None:
    """Raises ServerError where the disk of `folder` has less than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ServerError(
            f"{what} need {needed / 1e6:,.0f} MB under {str(folder)!r}, there are {free / 1e6:,.0f} MB free. "
            f"Make room, or name a folder on another disk with {variable}"
        )


def settings(layout: Layout, bolt_port: int, http_port: int, heap: str) -> dict[str, str]:
    """The server's settings: this machine alone, no telemetry, files in our own folder."""
    return {
        "server.default_listen_address": HOST,
        "server.default_advertised_address": HOST,
        "server.bolt.listen_address": f"{HOST}:{bolt_port}",
        "server.bolt.advertised_address": f"{HOST}:{bolt_port}",
        "server.http.enabled": "true",
        "server.http.listen_address": f"{HOST}:{http_port}",
        "server.http.advertised_address": f"{HOST}:{http_port}",
        "server.https.enabled": "false",
        "server.directories.data": str(layout.data),
        "server.directories.logs": str(layout.log.parent),
        "server.directories.import": str(layout.home / "import"),
        "server.directories.plugins": str(layout.home / "plugins"),
        "server.directories.run": str(layout.home / "run"),
        "server.memory.heap.initial_size": first_heap(heap),
        "server.memory.heap.max_size": heap,
        "server.memory.pagecache.size": first_heap(heap),
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",  # of Neo4j Browser
        "db.logs.query.enabled": "OFF",
    }


def usual_heap() -> str:
    """A quarter of the memory this process may use, 2 GiB at most.

    >>> usual_heap().endswith("m")
    True
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # a container's limit; "max" where there is none
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return f"{max(SMALLEST_HEAP, min(2048 * MIB, memory // 4)) // MIB}m"


def first_heap(heap: str) -> str:
    """The heap the server starts with, and its page cache: 512 MiB at most.

    >>> first_heap("2g"), first_heap("256m")
    ('512m', '256m')
    """
    return heap if heap_bytes(heap) < 512 * MIB else "512m"


def heap_bytes(heap: str) -> int:
    """A size such as 512m or 2g in bytes. Raises ValueError."""
    found = re.fullmatch(r"(\d+)([kmg])", heap.lower(), re.ASCII)
    if found is None:
        raise ValueError(f"a heap is a size such as 512m or 2g, not {heap!r}")
    return int(found[1]) * {"k": 1 << 10, "m": MIB, "g": 1 << 30}[found[2]]


def checked_heap(heap: str) -> str:
    """The heap as given, if it is a size. Raises ValueError.

    >>> checked_heap("512M")
    '512m'
    """
    if heap_bytes(heap) < SMALLEST_HEAP:
        raise ValueError(f"Neo4j does not start with a heap of {heap}; give 256m or more")
    return heap.lower()
