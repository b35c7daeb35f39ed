"""The writer of neo4j-graphrag-python against ours, on one server: a part of benchmarks/neo4j_store.py.

The peer gets an environment of its own, and the server it writes to gets APOC as plugins: it cannot do
without. Both are fetched once, by pip and by Maven, into the user's cache folder.
"""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import platformdirs

from benchmarks.neo4j_servers import Bench, Server, load
from kg.store import Derived

PEER = "neo4j-graphrag==1.22.0"
APOC = "5.26.12"
# apoc-common stands beside apoc-core: Maven's apoc-core leaves out classes that it needs.
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>entigraph</groupId><artifactId>apoc-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j.procedure</groupId><artifactId>apoc-core</artifactId><version>{APOC}</version></dependency>
    <dependency><groupId>org.neo4j.procedure</groupId><artifactId>apoc-common</artifactId><version>{APOC}</version></dependency>
  </dependencies>
</project>
"""


def against_the_peer(bench: Bench, derived: Derived, warm: Derived, rounds: int = 2) -> dict[str, Any]:
    """The same rows through ours and through the peer's writer, in turn; then both once more."""
    peer = Peer(bench.server)
    rows, few = (peer_rows(bench.folder / name, one) for name, one in (("rows", derived), ("few", warm)))
    try:
        for batch in (1_000, 10_000):
            bench.timed("warm", load(warm))
            peer.write(few, batch)
            bench.remove("warm")
            remove_peer(bench)
        ours: list[float] = []
        theirs: dict[int, list[float]] = {1_000: [], 10_000: []}
        for _ in range(rounds):
            for batch, seconds in theirs.items():
                if len(ours):
                    bench.remove("peer")
                ours.append(bench.timed("peer", load(derived))[0])
                remove_peer(bench)
                seconds.append(peer.write(rows, batch))
                print(
                    f"  ours {ours[-1]:.1f} s, the peer {seconds[-1]:.1f} s (batch {batch})", file=sys.stderr
                )
        counts = bench.fingerprint("peer"), peer_counts(bench)
        again = bench.timed("peer", load(derived))[0], peer.write(rows, 10_000)
        after = bench.fingerprint("peer"), peer_counts(bench)
    finally:
        peer.close()
    best = min(statistics.median(seconds) for seconds in theirs.values())
    relations = len(derived.relations)
    return {
        "peer_entities": len(derived.entities),
        "peer_relations": relations,
        "peer_seconds": {str(batch): [round(s, 2) for s in seconds] for batch, seconds in theirs.items()},
        "peer_ours_seconds": [round(s, 2) for s in ours],
        "peer_ours_per_second": relations / statistics.median(ours),
        "peer_per_second": relations / best,
        "peer_ratio": best / statistics.median(ours),
        "peer_rerun_seconds": {"ours": round(again[0], 2), "peer": round(again[1], 2)},
        "peer_our_rerun_changes_nothing": counts[0] == after[0],
        "peer_its_counts": [counts[1], after[1]],
    }


def peer_rows(path: Path, derived: Derived) -> Path:
    """The same graph as the peer wants it: types and labels are Neo4j labels and relationship types."""
    nodes = [
        [one.id, one.type, {"key": one.id, "name": one.name, "sense": one.sense, "description": ""}]
        for one in derived.entities
    ]
    relations = [
        [one.source, one.label, one.target, {"key": one.id, "weight": one.weight, "description": ""}]
        for one in derived.relations
    ]
    path.write_text(json.dumps({"nodes": nodes, "relations": relations}), "utf-8")
    return path


def peer_counts(bench: Bench) -> list[int]:
    """Its nodes and relations on the server."""
    nodes = bench.rows("MATCH (n:__KGBuilder__) RETURN count(n)")[0][0]
    return [nodes, bench.rows("MATCH (:__KGBuilder__)-[r]->() RETURN count(r)")[0][0]]


def remove_peer(bench: Bench) -> None:
    """Remove what it wrote."""
    for what, gone in (("(n:__KGBuilder__)-[x]->()", "x"), ("(x:__KGBuilder__)", "x")):
        bench.rows(f"MATCH {what} CALL {{ WITH x DELETE {gone} }} IN TRANSACTIONS OF 20000 ROWS")


# ---- its process -----------------------------------------------------------------------------------


def apoc_jars() -> list[Path]:
    """APOC and what it needs."""

    def fetch(room: Path) -> None:
        (room / "pom.xml").write_text(POM, "utf-8")
        wanted = ["-DoutputDirectory=lib", "-DincludeScope=runtime"]
        subprocess.run(
            ["mvn", "-B", "-q", "dependency:copy-dependencies", *wanted],
            cwd=room,
            stdout=sys.stderr,
            check=True,
        )

    return sorted((_fetched(f"apoc-{APOC}", fetch) / "lib").glob("*.jar"))


class Peer:
    """The peer's writer in a process of its own."""

    def __init__(self, server: Server) -> None:
        driver = version("neo4j")  # the same for both, as fast for both
        pins = [PEER, f"neo4j=={driver}", f"neo4j-rust-ext=={version('neo4j-rust-ext')}"]

        def install(room: Path) -> None:
            subprocess.run([sys.executable, "-m", "venv", room], check=True)
            pip = [str(room / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*pip, *pins], stdout=sys.stderr, check=True)

        home = _fetched(f"{PEER}-{driver}", install)
        writer = Path(__file__).with_name("neo4j_graphrag_writer.py")
        command = [str(home / "bin" / "python"), "-P", str(writer)]  # our coverage.py is not its coverage
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._ask({"address": server.address, "login": server.login})

    def write(self, rows: Path, batch: int) -> float:
        """Seconds its writer takes for these rows, in batches of that many."""
        return float(self._ask({"rows": str(rows), "batch": batch})["seconds"])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, question: dict[str, object]) -> dict[str, float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the peer's process ended; it said why above")
        return dict(json.loads(answer))


def _fetched(name: str, fetch: Callable[[Path], None]) -> Path:
    """The folder of that name in the cache, made by `fetch` the first time; what was half made is made anew."""
    folder = Path(platformdirs.user_cache_dir("entigraph")) / "benchmarks" / name
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"fetching {name} into {folder}, once", file=sys.stderr)
        fetch(folder)
        (folder / "whole").touch()
    return folder
