"""How fast the Neo4j store loads a derived graph, loads it again, reads it as arrays, and finds a neighbourhood.

    python benchmarks/neo4j_store.py [--small] [--entities 200000] [--relations 1000000] [--seed 1] [--heap 2g]
                               [--url bolt://user:password@host:port] [--parts load,graph,hop,peer]
                               [--folder DIR]

The server is started by `entigraph neo4j start`, or named by --url, and warmed with a smaller corpus: a
cold JVM is several times slower. Generator: that of benchmarks/stores.py, and 100 entities get further
relations until they have 50 neighbours. Rates count the relations alone, in the time of the whole call.

`record` is the yardstick of `graph()`: a plain query that returns one record per relation, in turn with
it, each from a store that has nothing cached. The graph must equal the SQLite store's array by array.
`bare` is what the server takes from one client by plain CREATE statements, without a check, an index or
a constraint: what the rate of the load is to be held against on another machine. A rerun must change
neither the counts nor a hash of every property of every node and relation.

The peer is the writer of neo4j-graphrag-python in an environment of its own, on a second server that has
the APOC it needs. Ours and the peer write the same rows there in turn, the peer in batches of its own
default of 1,000 and of 10,000; the faster counts. Prints a table to stderr and one JSON object to stdout.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benchmarks.neo4j_bare import bare
from benchmarks.neo4j_graphrag import against_the_peer, apoc_jars
from benchmarks.neo4j_servers import Bench, Server, load, started
from benchmarks.stores import made, median_ms
from kg.model import Entity, Relation
from kg.store import Derived, Store
from kg.stores import open_corpus

PARTS = ("load", "graph", "hop", "peer")
AT_LEAST = {
    "new_relations_per_second": 20_000.0,
    "rerun_relations_per_second": 50_000.0,
    "graph_to_record": 3.0,
    "peer_ratio": 2.0,
}
AT_MOST = {"hop_by_name_p50_ms": 5.0}
NEIGHBOURS = 50
RECORDS = (
    "MATCH (a:EgEntity) WHERE a.corpus = $corpus AND a.id >= '' MATCH (a)-[r:REL]->(b) "
    "RETURN a.id, b.id, r.id, r.label, r.weight"
)
Row = dict[str, Any]


def with_hubs(derived: Derived, hubs: int, seed: int) -> tuple[Derived, list[Entity]]:
    """The graph with entities of NEIGHBOURS neighbours and of a name no other has; and these."""
    rng = random.Random(seed)
    named = Counter(entity.name for entity in derived.entities)
    chosen = [entity for entity in derived.entities if named[entity.name] == 1][:hubs]
    near: dict[str, set[str]] = {hub.id: {hub.id} for hub in chosen}
    for relation in derived.relations:
        for one, other in ((relation.source, relation.target), (relation.target, relation.source)):
            if one in near:
                near[one].add(other)
    added = []
    for hub in chosen:
        while len(near[hub.id]) <= NEIGHBOURS:
            other = rng.choice(derived.entities).id
            if other not in near and other not in near[hub.id]:
                near[hub.id].add(other)
                added.append(Relation.make(hub.id, "label 1", other))
    return Derived(entities=derived.entities, relations=[*derived.relations, *added]), chosen


def warm_up(bench: Bench, derived: Derived) -> None:
    """Every query once and more, on a graph of its own."""
    for _ in range(2):
        for work in (load(derived), load(derived), Store.graph):
            bench.timed("warm", work)
        with bench.corpus("warm") as store:
            for one in derived.entities[:500]:
                store.neighbourhood(store.search(one.name, 1)[0].id)
        bench.remove("warm")


def loading(bench: Bench, derived: Derived) -> Row:
    """The graph written, and written again."""
    found: Row = {"relations_with_hubs": len(derived.relations)}
    seen = []
    for step in ("new", "rerun"):
        seconds, cpu, served = bench.timed("bench", load(derived))
        found[f"{step}_relations_per_second"] = len(derived.relations) / seconds
        found |= {
            f"{step}_seconds": seconds,
            f"{step}_cpu_seconds": cpu,
            f"{step}_server_cpu_seconds": served,
        }
        seen.append(bench.fingerprint("bench"))
    found |= bare(bench, derived)
    found["new_to_bare"] = found["new_relations_per_second"] / found["bare_relations_per_second"]
    found["counts"], found["hash"] = seen[0]
    found["rerun_changes_nothing"] = seen[0] == seen[1]
    return found


def reading(bench: Bench, derived: Derived) -> Row:
    """`graph()` against one record per relation, in turn; and against the SQLite store."""
    relations = len(derived.relations)
    record, packed = [], []
    for _ in range(2):
        start = time.perf_counter()
        with bench.driver.session() as session:
            count = sum(1 for _ in session.run(RECORDS, corpus="bench"))
        record.append(time.perf_counter() - start)
        assert count == relations, f"{count} records of {relations} relations"
        with bench.corpus("bench") as store:
            shutil.rmtree(store.folder / "arrays", ignore_errors=True)
            start, cpu, served = time.perf_counter(), time.process_time(), bench.server.cpu_seconds
            graph = store.graph()
            packed.append(time.perf_counter() - start)
            cpu, served = time.process_time() - cpu, bench.server.cpu_seconds - served
    place = bench.folder / "bench.kg"
    sqlite = open_corpus(place, create=True)
    sqlite.replace_derived(derived)
    differ = differences(graph, sqlite.graph())
    sqlite.close()
    shutil.rmtree(place)
    return {
        "record_relations_per_second": relations / statistics.median(record),
        "graph_relations_per_second": relations / statistics.median(packed),
        "graph_to_record": statistics.median(record) / statistics.median(packed),
        "graph_seconds": statistics.median(packed),
        "graph_cpu_seconds": cpu,
        "graph_server_cpu_seconds": served,
        "graph_equals_sqlite": not differ,
        "graph_differs_in": differ,
    }


def differences(one: object, other: object) -> list[str]:
    """The fields in which two graphs differ, their generations left aside."""
    mine, theirs = asdict(one), asdict(other)  # type: ignore[call-overload]
    return [
        name
        for name, value in _flat(mine)
        if name != "generation" and not _same(value, dict(_flat(theirs)).get(name))
    ]


def _flat(fields: Row, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return list(one) == list(other)


def asking(bench: Bench, hubs: list[Entity], seed: int) -> Row:
    """One hop around entities of 50 neighbours, by name, from the server: nothing is at hand."""
    with bench.corpus("bench") as store:

        def by_name(name: str) -> None:
            around = store.neighbourhood(store.search(name, 1)[0].id, limit=NEIGHBOURS)
            assert len(around.entities) == NEIGHBOURS + 1, len(around.entities)

        names = [hub.name for hub in hubs] * 3
        random.Random(seed).shuffle(names)
        first, _ = median_ms(by_name, names)
        for _ in range(30):  # a JVM goes on compiling what is often asked, on the same two cores
            median_ms(by_name, names)
        p50, p95 = median_ms(by_name, names)
        search, _ = median_ms(lambda name: store.search(name, 1), names)
        hop, _ = median_ms(lambda id: store.neighbourhood(id, limit=NEIGHBOURS), [hub.id for hub in hubs] * 3)
        empty, _ = median_ms(lambda _: store.generation, names)
    return {
        "hop_by_name_first_p50_ms": first,
        "hop_by_name_p50_ms": p50,
        "hop_by_name_p95_ms": p95,
        "search_p50_ms": search,
        "hop_p50_ms": hop,
        "round_trip_p50_ms": empty,
    }


def main() -> int:
    """Run it; 1 where a limit is missed at full size, or a result is wrong at any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--entities", type=int, default=200_000)
    parser.add_argument("--relations", type=int, default=1_000_000)
    parser.add_argument("--small", action="store_true", help="a tenth of the size; limits are not judged")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--url", default=None, help="a server that runs already, e.g. a remote one")
    parser.add_argument("--parts", default=",".join(PARTS), help="only these")
    parser.add_argument("--folder", type=Path, default=None, help="where to work (a temporary folder)")
    options = parser.parse_args()
    parts = set(options.parts.split(","))
    if strange := sorted(parts - {*PARTS}):
        parser.error(f"no part {strange[0]!r}: there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers are stopped on the way out
    scale = 10 if options.small else 1
    entities, relations, seed = options.entities // scale, options.relations // scale, options.seed
    found = Found(full=entities >= 200_000 and relations >= 1_000_000)
    found.add({"entities": entities, "relations": relations, "seed": seed, "heap": options.heap})
    found.add({"cores": len(os.sched_getaffinity(0)), "load_average_before": os.getloadavg()[0]})
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="eg-bench-") as name:
        folder = Path(name)
        if parts - {"peer"}:
            derived, hubs = with_hubs(made(entities, relations, seed), 100, seed)
            with server(options.url, folder / "server", options.heap) as one:
                bench = Bench(one, folder)
                warm_up(bench, made(entities // 5, relations // 5, seed + 1))
                if "load" in parts:
                    found.add(loading(bench, derived))
                else:
                    bench.timed("bench", load(derived))
                if "graph" in parts:
                    found.add(reading(bench, derived))
                if "hop" in parts:
                    found.add(asking(bench, hubs, seed))
                bench.remove("bench")
        if "peer" in parts and not options.url:
            with started(folder / "second", options.heap, apoc_jars()) as two:
                same = made(20_000 // scale, 100_000 // scale, seed)
                few = made(10_000 // scale, 50_000 // scale, seed + 1)
                found.add(against_the_peer(Bench(two, folder), same, few))
    found.add({"load_average_after": os.getloadavg()[0]})
    print(json.dumps({**found.rows, "missed": found.missed}))
    return 1 if found.missed else 0


def server(url: str | None, home: Path, heap: str) -> AbstractContextManager[Server]:
    """The server named, else one of our own command."""
    if url is None:
        return started(home, heap)
    scheme, _, rest = url.partition("://")
    login, _, host = rest.rpartition("@")
    user, _, password = login.partition(":")
    return nullcontext(Server(f"{scheme}://{host}", (user, password)))


class Found:
    """What was measured, printed as it comes, and which of it misses its limit."""

    def __init__(self, full: bool) -> None:
        self.rows: Row = {}
        self.missed: list[str] = []
        self._full = full

    def add(self, found: Row) -> None:
        """Take in and print these; limits are judged at full size, truths at any."""
        for name, value in found.items():
            limit = ""
            if name in AT_LEAST or name in AT_MOST:
                low = name in AT_LEAST
                limit = f"   must be {'>=' if low else '<='} {(AT_LEAST if low else AT_MOST)[name]:g}"
                wrong = self._full and (value < AT_LEAST[name] if low else value > AT_MOST[name])
            else:
                wrong = value is False
            if wrong:
                self.missed.append(name)
            self.rows[name] = round(value, 3) if isinstance(value, float) else value
            print(f"{name:34} {self.rows[name]}{limit}{'   MISSED' if wrong else ''}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
