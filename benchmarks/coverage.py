"""How fast coverage is computed: against scipy, networkx, igraph, the memory, and a clock.

    python benchmarks/coverage.py [--small] [--only NAME ...] [--seed 1] [--json FILE]

Graphs are Erdos-Renyi (`analysis.erdos_renyi`, numpy seed given). Ratios are taken within one run: what is
compared is run in turn, several times, and the shortest CPU time of the thread counts (wall clock for two
threads, and where programs are timed). `--small` leaves out V = 1e6 and the command line.

    exact        one histogram pass a source: compiled against scipy.sparse.csgraph + numpy, in each cell
    threads      two threads against one, wall clock
    memory       V = 1e6, lambda = 10 from nothing, in a process of its own: largest resident size
    hardware     edges a second as a share of independent random reads a second from a table of that size
    peers        what a person would write: a shortest path for each of 1e6 draws; measured on fewer draws
                 and extrapolated, and for igraph also with one search a source, kept
    event        one event-driven run against one histogram pass
    curve        200 points to t = 1e12; digits against 60-digit arithmetic
    fit          mixture of exponentials by non-negative least squares (more in benchmarks/fits.py)
    simulate     `entigraph simulate --er 1000000,5 --sources 1000`, the whole program
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

sys.path.remove(
    str(Path(__file__).resolve().parent)
)  # where this file hides the package `coverage` from numba
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis import Digraph, RateHistogram, erdos_renyi, rate_histogram
from analysis.searches import CompiledFifo, kernels
from analysis.trees import trees

ROOT = Path(__file__).resolve().parent.parent
CELLS = [(vertices, mean) for vertices in (10_000, 100_000, 1_000_000) for mean in (2.0, 5.0, 10.0)]
T = np.geomspace(1, 1e12, 200)
SOURCES = {10_000: 400, 100_000: 30, 1_000_000: 4}
Row = dict[str, Any]  # what json takes


def main() -> int:
    """Run it; 1 where something that was measured at full size misses what it must show."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="without V = 1e6 and the command line")
    parser.add_argument("--only", nargs="*", choices=sorted(PARTS), default=sorted(PARTS), metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--memory-of", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        return one_search(options.memory_of, options.seed)
    if kernels() is None:
        print("numba is not installed: pip install 'entigraph[fast]'", file=sys.stderr)
        return 2
    print(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; Python {platform.python_version()}, "
        f"numpy {np.__version__}; seed {options.seed}"
    )
    rows = []
    for name in [name for name in PARTS if name in options.only]:
        print(f"\n{name}")
        for row in PARTS[name](options):
            rows.append({"part": name, **row})
            shown = "   MISSED" if row.get("missed") else ""
            print(
                "   " + "  ".join(f"{key} {_shown(value)}" for key, value in row.items()) + shown, flush=True
            )
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return int(any(row.get("missed") for row in rows))


def exact(options: argparse.Namespace) -> Iterator[Row]:
    """Sources and edges a second in each cell, and how many times scipy's."""
    for vertices, mean in cells(options):
        graph, sources = made(vertices, mean, options.seed)
        search, reference = compiled(graph), sources[: max(2, len(sources) // 10)]
        ours, theirs = in_turn(
            options.repeat,
            partial(search, sources),
            partial(by_scipy, graph, reference),
        )
        same = (by_scipy(graph, reference) == counts_of(search, reference)).all()
        search.edges = 0
        search(sources)
        a_second = len(sources) / ours
        ratio = a_second * theirs / len(reference)
        yield {
            "V": vertices,
            "lambda": mean,
            "sources/s": a_second,
            "edges/s": search.edges / ours,
            "times scipy": ratio,
            "same": bool(same),
            "missed": ratio < 2 or not same,
        }


def threads(options: argparse.Namespace) -> Iterator[Row]:
    """Wall clock of two threads against one; meaningless on a busy machine, so the load is said."""
    for vertices, mean in cells(options):
        if mean == 10.0:
            continue
        graph, _ = made(vertices, mean, options.seed)
        sources = list(range(min(vertices, SOURCES[vertices] * 20)))
        rate_histogram(graph, sources=sources[:2], threads=2)
        one, two = in_turn(
            options.repeat,
            partial(rate_histogram, graph, sources=sources),
            partial(rate_histogram, graph, sources=sources, threads=2),
            clock=time.perf_counter,
        )
        quiet = os.getloadavg()[0] < 2.5
        yield {
            "V": vertices,
            "lambda": mean,
            "speed-up": one / two,
            "load": os.getloadavg()[0],
            "missed": quiet and one / two < 1.6,
        }


def memory(options: argparse.Namespace) -> Iterator[Row]:
    """Largest resident size of a process that makes the graph and searches it."""
    vertices = 100_000 if options.small else 1_000_000
    code = [sys.executable, __file__, "--memory-of", str(vertices), "--seed", str(options.seed)]
    said = json.loads(subprocess.run(code, capture_output=True, text=True, check=True).stdout)
    yield {"V": vertices, "lambda": 10.0, **said, "missed": said["searched, MB"] > 1_000}


def one_search(vertices: int, seed: int) -> int:
    """What `memory` runs in a process of its own."""

    def megabytes() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    before = megabytes()
    graph = erdos_renyi(vertices, 10.0, np.random.default_rng(seed))
    made_with = megabytes()
    rate_histogram(graph, sources=list(range(8)), threads=2)
    sizes = graph.indptr.nbytes + graph.indices.nbytes
    print(
        json.dumps(
            {
                "imported, MB": before,
                "graph alone, MB": sizes // 2**20,
                "graph made, MB": made_with,
                "searched, MB": megabytes(),
            }
        )
    )
    return 0


def hardware(options: argparse.Namespace) -> Iterator[Row]:
    """Edges a second next to independent random reads a second from a table as large as the graph."""
    import numba

    @numba.njit(nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
    def gather(table: Any, places: Any) -> int:
        total = 0
        for place in places:
            total += table[place]
        return total

    for vertices, mean in cells(options):
        if mean != 5.0:
            continue
        graph, sources = made(vertices, mean, options.seed)
        search = compiled(graph)
        table = np.ones((graph.indptr.nbytes // 2 + graph.indices.nbytes) // 4, np.int32)
        places = np.random.default_rng(0).integers(len(table), size=4_000_000).astype(np.int32)
        gather(table, places[:10])
        ours, reads = in_turn(
            options.repeat,
            partial(search, sources),
            partial(gather, table, places),
        )
        search.edges = 0
        search(sources)
        yield {
            "V": vertices,
            "lambda": mean,
            "table MB": table.nbytes / 2**20,
            "reads/s": len(places) / reads,
            "edges/s": search.edges / ours,
            "share": search.edges / ours / (len(places) / reads),
        }


def peers(options: argparse.Namespace) -> Iterator[Row]:
    """The whole exact curve against 1e6 draws with a shortest path each."""
    draws, vertices = 1_000_000, 10_000
    for mean in (2.0, 5.0):
        graph, _ = made(vertices, mean, options.seed)
        ours = shortest(1, partial(whole_curve, graph))
        pairs = np.random.default_rng(0).integers(vertices, size=(draws, 2)).tolist()
        for name, walk, tried in walks(graph, mean):
            start = time.thread_time()
            walk(pairs[:tried])
            theirs = (time.thread_time() - start) * draws / tried
            row = {"lambda": mean, "peer": name, "ours s": ours, "peer s (from " + str(tried) + ")": theirs}
            naive = "kept" not in name
            yield {**row, "times": theirs / ours, "missed": naive and theirs < 30 * ours}
        if find_spec("igraph"):
            yield {"lambda": mean, "peer": "igraph, a search a source kept", **kept(graph, draws, ours)}


def whole_curve(graph: Digraph) -> "np.typing.NDArray[np.float64]":
    """All sources, 200 points."""
    return rate_histogram(graph).curve(T)


def walks(graph: Digraph, mean: float) -> Iterator[tuple[str, Callable[[list[list[int]]], object], int]]:
    """Functions that follow the paper draw by draw, and how many draws to try them on."""
    import networkx as nx

    theirs: nx.DiGraph[int] = nx.DiGraph()
    theirs.add_nodes_from(range(graph.vertices))
    theirs.add_edges_from(zip(graph.tails.tolist(), graph.indices.tolist(), strict=True))

    def with_networkx(pairs: list[list[int]]) -> set[tuple[int, int]]:
        known = set(theirs.edges)
        for x, y in pairs:
            try:
                path = nx.shortest_path(theirs, x, y)
            except nx.NetworkXNoPath:
                continue
            known.update((x, z) for z in path[1:])
        return known

    yield "networkx", with_networkx, 1_000
    if find_spec("igraph") is None:
        print("   igraph is not installed here: left out", file=sys.stderr)
        return
    import igraph

    fast = igraph.Graph(
        n=graph.vertices, edges=np.column_stack((graph.tails, graph.indices)).tolist(), directed=True
    )

    def with_igraph(pairs: list[list[int]]) -> set[tuple[int, int]]:
        known = set(fast.get_edgelist())
        for x, y in pairs:
            path = fast.get_shortest_path(x, to=y)
            known.update((x, z) for z in path[1:])
        return known

    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "couldn't reach some vertices" is what the model is about
        yield "igraph", with_igraph, 1_000


def kept(graph: Digraph, draws: int, ours: float) -> Row:
    """The same draws by someone who keeps one igraph search a source: searches and walks extrapolated."""
    import igraph

    fast = igraph.Graph(
        n=graph.vertices, edges=np.column_stack((graph.tails, graph.indices)).tolist(), directed=True
    )
    sources = list(range(100))
    start = time.thread_time()
    trees_found = [fast.bfs(source) for source in sources]
    parents = [{vertex: above[vertex] for vertex in order} for order, _, above in trees_found]
    searches = (time.thread_time() - start) * graph.vertices / len(sources)
    ends = np.random.default_rng(0).integers(graph.vertices, size=20_000).tolist()
    start = time.thread_time()
    known = set()
    for number, end in enumerate(ends):
        source, above = number % 100, parents[number % 100]
        while end in above and end != source:
            known.add((source, end))
            end = above[end]
    walked = (time.thread_time() - start) * draws / len(ends)
    theirs = searches + walked
    return {"ours s": ours, "peer s (from 100 searches)": theirs, "times": theirs / ours}


def event(options: argparse.Namespace) -> Iterator[Row]:
    """One event-driven run next to one histogram pass over the same sources."""
    from analysis.simulation import event_driven

    for vertices, mean in cells(options):
        graph, sources = made(vertices, mean, options.seed)
        run_once = partial(event_driven, graph, T, replicates=1, sources=sources.tolist())
        pass_, run = in_turn(
            options.repeat,
            partial(compiled(graph), sources),
            partial(run_once, rng=np.random.default_rng(0)),
        )
        yield {"V": vertices, "lambda": mean, "times a pass": run / pass_, "missed": run > 2 * pass_}


def curve(options: argparse.Namespace) -> Iterator[Row]:
    """200 points to t = 1e12, from 3,000 and from 30,000 distinct rates."""
    for vertices, rates in ((10_000, 3_000), (1_000_000, 3_000), (1_000_000, 30_000)):
        distinct = np.arange(1.0, rates + 1)
        counts = np.rint(1e9 / distinct**2) + 1
        found = RateHistogram(vertices, 0, vertices, "fifo", distinct, counts)
        taken = shortest(5 * options.repeat, partial(found.curve, T))
        per_rate = taken / rates
        yield {
            "V": vertices,
            "rates": rates,
            "ms": 1e3 * taken,
            "us a rate": 1e6 * per_rate,
            "largest relative error": largest_error(found, T[::20]),
            "missed": taken > 5e-3 if rates <= 3_000 else per_rate > 3e-6,
        }


def largest_error(found: RateHistogram, t: "np.typing.NDArray[np.float64]") -> float:
    """Against the sum written out in 60 digits."""
    worst = 0.0
    with localcontext() as context:
        context.prec = 60
        pairs = Decimal(found.pairs)
        logs = [(1 - Decimal(rate) / pairs).ln() for rate in found.rates.tolist()]
        for one, covered in zip(t.tolist(), found.curve(t).tolist(), strict=True):
            terms = (
                Decimal(count) * (1 - (Decimal(one) * log).exp())
                for log, count in zip(logs, found.counts.tolist(), strict=True)
            )
            worst = max(worst, float(abs(Decimal(covered) * pairs / sum(terms, Decimal(0)) - 1)))
    return worst


def fit(options: argparse.Namespace) -> Iterator[Row]:
    """Time and distance of the fit of ten noiseless points of the published curve."""
    from analysis.fits import check_points
    from analysis.scaling import PUBLISHED, mixture, published_points

    points = check_points(*published_points(10), ceiling=100.0)
    taken = shortest(20, lambda: mixture(points))
    grid = np.geomspace(0.3, 455, 500)
    gap = float(np.abs(mixture(points).at(grid) - PUBLISHED.at(grid)).max())
    yield {"ms": 1e3 * taken, "largest distance, points": gap, "missed": taken > 2e-3 or gap > 0.05}


def simulate(options: argparse.Namespace) -> Iterator[Row]:
    """The program from its start to its end, wall clock."""
    if options.small:
        return
    command = [sys.executable, "-c", "from entigraph.cli import main; main()"]
    arguments = ["simulate", "--er", "1000000,5", "--sources", "1000", "--json"]
    start = time.perf_counter()
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    taken = time.perf_counter() - start
    said = json.loads(done.stdout)
    largest = max(error / share for error, share in zip(said["se"], said["coverage"], strict=True))
    yield {"minutes": taken / 60, "largest se / coverage": largest, "missed": taken > 180}


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Row]]] = {
    "exact": exact,
    "threads": threads,
    "memory": memory,
    "hardware": hardware,
    "peers": peers,
    "event": event,
    "curve": curve,
    "fit": fit,
    "simulate": simulate,
}


def cells(options: argparse.Namespace) -> list[tuple[int, float]]:
    return [cell for cell in CELLS if cell[0] < 1_000_000 or not options.small]


def made(vertices: int, mean: float, seed: int) -> "tuple[Digraph, np.typing.NDArray[np.int64]]":
    """The graph of a cell and the sources to search from."""
    graph = erdos_renyi(vertices, mean, np.random.default_rng(seed))
    sources = np.random.default_rng(seed + 1).choice(vertices, SOURCES[vertices], replace=False)
    return graph, sources.astype(np.int64)


def compiled(graph: Digraph) -> CompiledFifo:
    """A search, compiled and warm."""
    numba = kernels("numba")
    assert numba is not None
    search = CompiledFifo(graph, numba)
    search(np.array([0]))
    return search


def by_scipy(graph: Digraph, sources: "np.typing.NDArray[np.int64]") -> "np.typing.NDArray[np.int64]":
    """The same histogram by scipy's breadth-first search and numpy, a call a level."""
    counts = np.zeros(graph.vertices + 1, dtype=np.int64)
    for tree in trees(graph, sources.tolist()):
        found = np.bincount(tree.subtree_sizes()[tree.beyond :])
        counts[: len(found)] += found
    return counts


def counts_of(search: CompiledFifo, sources: "np.typing.NDArray[np.int64]") -> "np.typing.NDArray[np.int64]":
    found = search(sources).growing
    counts = np.zeros(search.graph.vertices + 1, dtype=np.int64)
    counts[found.keys] = found.counts
    return counts


def shortest(times: int, work: Callable[[], object]) -> float:
    """Shortest CPU seconds of so many runs."""
    return in_turn(times, work)[0]


def in_turn(
    times: int, *works: Callable[[], object], clock: Callable[[], float] = time.thread_time
) -> list[float]:
    """Shortest seconds of each, all run one after the other, so many times."""
    best = [float("inf")] * len(works)
    for _ in range(times):
        for number, work in enumerate(works):
            start = clock()
            work()
            best[number] = min(best[number], clock() - start)
    return best


def _shown(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value}"


if __name__ == "__main__":
    sys.exit(main())
