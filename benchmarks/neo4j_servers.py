"""Servers for benchmarks/neo4j_store.py, started by our own command, and what is asked of them."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import neo4j

from kg.store import Derived, Store
from kg.stores import open_corpus
from kg.stores.neo4j.schema import CORPUS, LABELS

SLICES = [f"{i:02x}" for i in range(0, 256, 4)]  # of ids, which are hashes


@dataclass(frozen=True)
class Server:
    """A server and how to log in to it; `pid` is 0 and the heap unknown where it is not ours."""

    address: str
    login: tuple[str, str]
    heap: str = ""
    pid: int = 0

    @property
    def cpu_seconds(self) -> float:
        """Processor time its process has used; 0 where that is not known."""
        with suppress(OSError, ValueError, IndexError):
            words = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0


@contextmanager
def started(home: Path, heap: str, plugins: Sequence[Path] = ()) -> Iterator[Server]:
    """A server of `entigraph neo4j start` in that folder, on free ports; stopped at the end."""
    (home / "plugins").mkdir(parents=True)
    for jar in plugins:
        shutil.copy(jar, home / "plugins")
    bolt, http = _free_ports(2)
    _entigraph(home, "start", "--bolt-port", str(bolt), "--http-port", str(http), "--heap", heap)
    try:
        seen = json.loads(_entigraph(home, "status"))
        password = Path(seen["password_file"]).read_text("utf-8").strip()
        yield Server(seen["address"], (seen["user"], password), seen["heap"], seen["pid"])
    finally:
        _entigraph(home, "stop")


def _entigraph(home: Path, *words: str) -> str:
    command = [str(Path(sys.executable).with_name("entigraph")), "neo4j", *words, "--json"]
    environment = {**os.environ, "ENTIGRAPH_NEO4J_HOME": str(home)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


class Bench:
    """A server, a driver of our own for it, and a place for what its corpora keep on this machine."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.driver = neo4j.GraphDatabase.driver(
            server.address, auth=server.login, notifications_min_severity="OFF"
        )

    @contextmanager
    def corpus(self, name: str) -> Iterator[Store]:
        """The corpus of that name, opened anew."""
        place = f"{self.server.address}#{name}"
        store = open_corpus(place, create=True, login=lambda _: self.server.login, local=self.folder)
        try:
            yield store
        finally:
            store.close()

    def remove(self, name: str) -> None:
        """Remove the corpus."""
        with self.corpus(name) as store:
            store.remove()

    def timed(self, name: str, work: Callable[[Store], object]) -> tuple[float, float, float]:
        """Seconds on a freshly opened corpus: in all, of processor time here, and of the server's."""
        start, cpu, served = time.perf_counter(), time.process_time(), self.server.cpu_seconds
        with self.corpus(name) as store:
            work(store)
        return (
            time.perf_counter() - start,
            time.process_time() - cpu,
            self.server.cpu_seconds - served,
        )

    def rows(self, query: str, **values: object) -> list[list[Any]]:
        """What a query returns."""
        with self.driver.session(fetch_size=-1) as session:
            return [list(record) for record in session.run(query, values)]

    def fingerprint(self, corpus: str) -> tuple[dict[str, int], str]:
        """How many nodes and relations of each kind a corpus has, and a hash of all they hold and are."""
        counts: Counter[str] = Counter()
        total = 0
        for kind, row in self._everything(corpus):
            counts[kind] += 1
            digest = hashlib.blake2b(json.dumps([kind, row], sort_keys=True).encode(), digest_size=16)
            total += int.from_bytes(digest.digest())  # a sum: rows come in any order
        return dict(counts), f"{total % 2**128:032x}"

    def _everything(self, corpus: str) -> Iterator[tuple[str, Any]]:
        for (found,) in self.rows(
            f"MATCH (n:{CORPUS} {{name: $corpus}}) RETURN properties(n)", corpus=corpus
        ):
            yield CORPUS, {name: value for name, value in found.items() if name != "writer"}
        for label in LABELS:
            part = f"MATCH (n:{label}) WHERE n.corpus = $corpus AND n.id >= $first AND n.id < $beyond "
            for first, beyond in pairwise(["", *SLICES[1:], "g"]):
                ends = {"corpus": corpus, "first": first, "beyond": beyond}
                for found in self.rows(f"{part} RETURN collect([elementId(n), properties(n)])", **ends):
                    yield from ((label, row) for row in found[0])
                each = "[n.id, type(r), m.id, elementId(r), properties(r)]"
                for found in self.rows(f"{part} MATCH (n)-[r]->(m) RETURN collect({each})", **ends):
                    yield from ((row[1], row) for row in found[0])


def load(derived: Derived) -> Callable[[Store], None]:
    """What writes the derived graph into a store."""
    return lambda store: store.replace_derived(derived)
