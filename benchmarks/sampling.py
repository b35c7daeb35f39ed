"""How fast parts of a graph are chosen, and how few: against scipy, igraph, networkx, numpy and chance.

    python benchmarks/sampling.py [--small] [--only NAME ...] [--seed 1] [--json FILE]

Graphs are heavy-tailed and clustered (benchmarks/graphs.py: m = 10, p = 0.5, seed given). What is compared
is run in turn in one run, and the shortest wall clock counts. `--small` leaves out the largest graph.

    triangles    every triangle with its edges, from the edges of a graph: against the count by (L @ L) * L of
                 scipy (L the edges from lower to higher degree), igraph's build and list, networkx's count
    cover        items for entities and relations covered once: against a random order of the same items that
                 skips what is useless, and against a lower bound (linear programming duality)
    weighted     1e6 of 1e7 rows without replacement: against numpy's Generator.choice(p=...)
    documents    pairs and triples of one document of 5,000 entities: time to the first, memory
    walks        steps a second of the walks alone, subgraphs a second as they come
    pace         every sampler at 1e4 entities: time to the first item, and for an item
    around       balanced items and neighbourhoods: items a second, and how evenly entities are covered
    communities  subgraphs of Leiden communities: against the library alone
    plan         1e7 subgraphs to a file: bounded memory, items a second (sampling_memory.py)
    memory       1e6 vertices, 1e7 edges, every triangle listed (sampling_memory.py)
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
# This file bears the name of a package of ours, and Python looks first in the folder of the script.
sys.path[:] = [str(HERE.parent), *(place for place in sys.path if Path(place or ".").resolve() != HERE)]

from benchmarks.graphs import powerlaw_cluster, uniform  # noqa: E402
from kg.compiling import kernels  # noqa: E402
from kg.graph import Graph  # noqa: E402
from sampling import CoverSampler, Sampler, Triangles, WalkSampler, sampler  # noqa: E402
from sampling.cover import Pool  # noqa: E402
from sampling.greedy import fewest, greedy_cover, rarity_order  # noqa: E402
from sampling.walks import Ways  # noqa: E402
from sampling.weights import weighted_blocks  # noqa: E402

Row = dict[str, Any]  # what json takes


def best(repeat: int, *works: Callable[[], object]) -> list[float]:
    """The shortest seconds of each, run in turn."""
    found = [float("inf")] * len(works)
    for _ in range(repeat):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            found[place] = min(found[place], time.perf_counter() - start)
    return found


def triangles(options: argparse.Namespace) -> Iterator[Row]:
    """Listing with edge ids, in three sizes."""
    from scipy.sparse import csr_array

    networkx = import_module("networkx")
    for vertices in (10_000, 100_000) if options.small else (10_000, 100_000, 1_000_000):
        graph = powerlaw_cluster(vertices, seed=options.seed)
        edges, degree = graph.edges, graph.degrees
        up = degree[edges.low] <= degree[edges.high]
        tail, head = np.where(up, edges.low, edges.high), np.where(up, edges.high, edges.low)
        lower = csr_array((np.ones(len(edges), dtype=np.int32), (tail, head)), shape=(vertices, vertices))
        pairs = np.column_stack((edges.low, edges.high))
        ours, counted, listed = best(
            3 if vertices < 1_000_000 else 2,
            partial(Triangles.of, edges),
            partial(by_products, lower),
            partial(by_igraph, vertices, pairs),
        )
        row: Row = {
            "vertices": vertices,
            "edges": len(edges),
            "largest_degree": int(degree.max()),
            "triangles": len(Triangles.of(edges)),
            "seconds": ours,
            "to_scipy_count": ours / counted,
            "to_igraph_build_and_list": ours / listed,
        }
        if vertices <= 100_000:
            plain = networkx.Graph()
            plain.add_edges_from(pairs.tolist())
            (slow,) = best(1, partial(networkx.triangles, plain))
            row["networkx_to_ours"] = slow / ours
        elif row["to_scipy_count"] > 1 or row["to_igraph_build_and_list"] > 0.25:
            row["missed"] = True
        yield row


def by_products(lower: Any) -> int:
    """How many triangles scipy counts."""
    return int((lower @ lower).multiply(lower).sum())


def by_igraph(vertices: int, pairs: Any) -> object:
    """The triangles that igraph lists, its graph built first."""
    return import_module("igraph").Graph(n=vertices, edges=pairs).list_triangles()


def first_of(name: str, graph: Graph, seed: int) -> object:
    """The first item of a sampler."""
    return next(sampler(name).sample(graph, np.random.default_rng(seed)))


def whole(chosen: Sampler, graph: Graph) -> int:
    """All items of a sampler."""
    return sum(1 for _ in chosen.sample(graph, np.random.default_rng(1)))


def cover(options: argparse.Namespace) -> Iterator[Row]:
    """Fewest items, at 1e5 entities and 1e6 relations."""
    graph = powerlaw_cluster(100_000, seed=options.seed)
    print(f"   {len(graph):,} entities, {len(graph.edges):,} relations")
    for unit, to_random, to_bound in (("entities", 0.6, 1.15), ("relations", 0.72, None)):
        chosen = CoverSampler(unit=unit)  # type: ignore[arg-type]
        pool = Pool.of(graph, chosen)
        random = np.random.default_rng(options.seed)

        def plan(pool: Pool = pool) -> int:
            order = rarity_order(pool.units, pool.sizes, len(pool.need), np.random.default_rng(1))
            return len(greedy_cover(pool.units, order, pool.need))

        items = plan()
        (seconds,) = best(3, plan)
        large = pool.units[: len(pool.triangles)]
        row: Row = {
            "unit": unit,
            "items": items,
            "to_random_skipping": items / skipping(pool.units, pool.need, random),
            "to_lower_bound": items / fewest(pool.units, pool.need),
            "seconds_after_listing": seconds,
        }
        held = np.zeros(len(pool.need), dtype=np.int64)
        held[np.unique(large)] = 1
        order = rarity_order(large, pool.sizes[: len(large)], len(held), random)
        alone = len(greedy_cover(large, order, held))
        row["of_triangles_alone_to_random_skipping"] = alone / skipping(large, held, random)
        row["of_triangles_alone_to_lower_bound"] = alone / fewest(large, held)
        row["missed"] = (
            row["to_random_skipping"] > to_random
            or seconds > 1
            or bool(to_bound and row["to_lower_bound"] > to_bound)
        )
        yield row


def skipping(units: Any, need: Any, rng: np.random.Generator) -> int:
    """Items of a random order that skips those that cover nothing new."""
    left, taken = np.append(need, 0).tolist(), 0
    for item in units[rng.permutation(len(units))].tolist():
        if any(left[unit] > 0 for unit in item):
            taken += 1
            for unit in item:
                left[unit] -= 1
        left[-1] = 0
    return taken


def weighted(options: argparse.Namespace) -> Iterator[Row]:
    """1e6 of 1e7, by weights of a heavy tail."""
    rows, wanted = 10_000_000, 1_000_000
    weights = np.random.default_rng(options.seed).pareto(1.5, size=rows) + 0.01
    ours, numpy = best(
        3,
        lambda: next(weighted_blocks(weights, np.random.default_rng(1), wanted)),
        lambda: np.random.default_rng(1).choice(rows, wanted, replace=False, p=weights / weights.sum()),
    )
    yield {
        "rows": rows,
        "drawn": wanted,
        "seconds": ours,
        "numpy_to_ours": numpy / ours,
        "missed": numpy < 2 * ours,
    }


def documents(options: argparse.Namespace) -> Iterator[Row]:
    """One document that names 5,000 entities."""
    graph = of_one_document(5_000)
    for name in ("pairs", "triples"):
        first = min(best(5, partial(first_of, name, graph, options.seed)))
        plan = sampler(name).sample(graph, np.random.default_rng(options.seed))
        next(plan)
        tracemalloc.start()
        start = time.perf_counter()
        few = sum(1 for _ in islice(plan, 2_000))
        after_few = tracemalloc.get_traced_memory()[1]
        many = sum(1 for _ in islice(plan, 20_000))
        after_many = tracemalloc.get_traced_memory()[1]
        seconds = time.perf_counter() - start
        tracemalloc.stop()
        yield {
            "sampler": name,
            "first_item_ms": 1e3 * first,
            "items_per_second_while_traced": (few + many) / seconds,
            "kb_after_2000": after_few / 1e3,
            "kb_after_22000": after_many / 1e3,
            "missed": first > 0.010 or after_many > after_few + 100_000,
        }


def of_one_document(entities: int) -> Graph:
    """A document whose entities are joined in a ring."""
    ids = [f"{row:032x}" for row in range(entities)]
    document = f"{entities:032x}"
    return Graph.build(
        [(id, f"v{row}", "", 1) for row, id in enumerate(ids)],
        [(f"{row:032x}", ids[row], "", ids[(row + 1) % entities], 1.0) for row in range(entities)],
        documents=[(document, "one")],
        entity_documents=[(id, document) for id in ids],
        relation_documents=[(id, document) for id in ids],
    )


def walks(options: argparse.Namespace) -> Iterator[Row]:
    """At 1e5 entities: the walks alone, and subgraphs as they come out."""
    graph = powerlaw_cluster(100_000, seed=options.seed)
    ways = Ways(graph.edges)
    starts = np.random.default_rng(options.seed).permutation(len(graph))
    kinds: dict[str, dict[str, Any]] = {
        "uniform": {},
        "without backtracking": {"backtrack": False},
        "p=4 q=0.25": {"p": 4.0, "q": 0.25},
        "p=0.25 q=4": {"p": 0.25, "q": 4.0},
    }
    for kind, given in kinds.items():
        long = WalkSampler(length=10, **given)

        def walked(long: WalkSampler = long) -> int:
            rng = np.random.default_rng(1)
            return sum(
                int((long.walk(ways, starts[place : place + 8192], rng)[1] >= 0).sum())
                for place in range(0, len(starts), 8192)
            )

        (seconds,) = best(3, walked)
        short = WalkSampler(length=4, **given)
        (items,) = best(2, partial(whole, short, graph))
        steps, subgraphs = walked() / seconds, len(graph) / items
        yield {
            "kind": kind,
            "steps_per_second": steps,
            "subgraphs_per_second": subgraphs,
            "missed": steps < 1e6 or subgraphs < 1e5,
        }


PACED = (
    *(
        "entities",
        "edges",
        "edges:weighted",
        "triangles",
        "triangles:listed=no",
        "paths",
        "paths:hops=3",
        "walks",
    ),
    *("walks:length=10", "neighbourhoods", "neighbourhoods:hops=2", "communities", "balanced", "targeted"),
    *("cover", "cover:unit=entities", "slots", "slots:k=3"),
)


def pace(options: argparse.Namespace) -> Iterator[Row]:
    """From the edges of a graph of 1e4 entities: the first item, and up to 20,000 more."""
    graph = powerlaw_cluster(10_000, seed=options.seed)
    print(f"   {len(graph):,} entities, {len(graph.edges):,} edges")
    for spec in PACED:
        next(sampler(spec).sample(graph, np.random.default_rng(0)))  # what is compiled, and read from disk
        start = time.perf_counter()
        items = sampler(spec).sample(graph, np.random.default_rng(options.seed))
        next(items)
        first = time.perf_counter() - start
        start = time.perf_counter()
        count = sum(1 for _ in islice(items, 20_000))
        yield {
            "sampler": spec,
            "first_item_ms": 1e3 * first,
            "us_an_item": 1e6 * (time.perf_counter() - start) / max(1, count),
        }


def around(options: argparse.Namespace) -> Iterator[Row]:
    """Items that grow from an entity, at 1e5 entities: joined evenly, and heavy-tailed."""
    made = {
        "joined evenly": uniform(100_000, 1_000_000, options.seed),
        "heavy-tailed": powerlaw_cluster(100_000, seed=options.seed),
    }
    for kind, graph in made.items():
        for spec in ("balanced", "balanced:size=8", "neighbourhoods", "neighbourhoods:size=20"):
            start = time.perf_counter()
            times = np.zeros(len(graph), dtype=np.int64)
            count = 0
            for item in sampler(spec).sample(graph, np.random.default_rng(1)):
                count += 1
                times[[int(id[16:], 16) for id in item.entities]] += 1
            seconds = time.perf_counter() - start
            yield {
                "graph": kind,
                "sampler": spec,
                "items": count,
                "items_per_second": count / seconds,
                "in_one": float((times == 1).mean()),
                "in_two": float((times == 2).mean()),
                "in_more": float((times > 2).mean()),
            }


def communities(options: argparse.Namespace) -> Iterator[Row]:
    """Leiden: the sampler against the library alone, given the edges as it takes them."""
    library = import_module("graspologic_native")
    for vertices in (10_000, 100_000):
        graph = powerlaw_cluster(vertices, m=5, seed=options.seed)
        edges = graph.edges
        rows = zip(edges.low.tolist(), edges.high.tolist(), edges.weights.tolist(), strict=True)
        listed = [(str(a), str(b), weight) for a, b, weight in rows]
        ours, alone = best(
            2,
            partial(whole, sampler("communities"), graph),
            partial(library.hierarchical_leiden, edges=listed, max_cluster_size=8, seed=1),
        )
        yield {
            "vertices": vertices,
            "edges": len(edges),
            "seconds": ours,
            "to_the_library_alone": ours / alone,
            "missed": ours > 1.2 * alone,
        }


def plan(options: argparse.Namespace) -> Iterator[Row]:
    """All edges of 1e7 to a file, in a process of its own."""
    yield in_a_process("plan", options, 100_000 if options.small else 1_000_000)


def memory(options: argparse.Namespace) -> Iterator[Row]:
    """Graph, edges and triangles at once."""
    yield in_a_process("memory", options, 100_000 if options.small else 1_000_000)


def in_a_process(part: str, options: argparse.Namespace, vertices: int) -> Row:
    words = [sys.executable, str(HERE / "sampling_memory.py"), part, str(vertices), str(options.seed)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    found: Row = json.loads(done.stdout)
    return found


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Row]]] = {
    "triangles": triangles,
    "cover": cover,
    "weighted": weighted,
    "documents": documents,
    "walks": walks,
    "pace": pace,
    "around": around,
    "communities": communities,
    "plan": plan,
    "memory": memory,
}


def main() -> int:
    """Run it; 1 where something that was measured misses what it must show."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="without the graph of 1e6 vertices")
    parser.add_argument("--only", nargs="*", choices=sorted(PARTS), default=list(PARTS), metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    if kernels("sampling.kernels")[0] is None:
        print("numba is not installed: pip install 'entigraph[fast]'", file=sys.stderr)
        return 2
    print(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; Python {platform.python_version()}, "
        f"numpy {np.__version__}; powerlaw-cluster m=10 p=0.5 seed {options.seed}"
    )
    rows = []
    for name in options.only:
        print(f"\n{name}")
        for row in PARTS[name](options):
            rows.append({"part": name, **row})
            said = "   MISSED" if row.get("missed") else ""
            shown = "  ".join(f"{key} {_shown(value)}" for key, value in row.items() if key != "missed")
            print(f"   {shown}{said}", flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    return int(any(row.get("missed") for row in rows))


def _shown(value: object) -> str:
    return (
        f"{value:,.3g}"
        if isinstance(value, float) and value < 1e4
        else f"{value:,.0f}"
        if isinstance(value, int | float)
        else str(value)
    )


if __name__ == "__main__":
    sys.exit(main())
