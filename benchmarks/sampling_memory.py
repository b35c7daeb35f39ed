"""What one part of benchmarks/sampling.py measures of its own process: memory and time, as one JSON object.

python benchmarks/sampling_memory.py plan|memory VERTICES SEED

plan         1e7 subgraphs (fewer where there are not so many) to a file
memory       every triangle listed
"""

import json
import resource
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent), *(place for place in sys.path if Path(place or ".").resolve() != HERE)]

from benchmarks.graphs import powerlaw_cluster  # noqa: E402
from sampling import Triangles, sampler, write_plan  # noqa: E402

Row = dict[str, Any]  # what json takes
PLANNED = 10_000_000


def alone(part: str, vertices: int, seed: int) -> Row:
    """What one process measures of itself."""
    graph = powerlaw_cluster(vertices, seed=seed)
    made = resident()
    edges = graph.edges
    joined = resident()
    row: Row = {"vertices": vertices, "edges": len(edges), "graph_mb": made, "with_edges_mb": joined}
    start = time.perf_counter()
    if part == "memory":
        row["triangles"] = len(Triangles.of(edges))
        row |= {"seconds": time.perf_counter() - start, "largest_mb": largest()}
        return row
    before = largest()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.jsonl"
        items = sampler("edges").sample(graph, np.random.default_rng(seed))
        count = write_plan(path, graph, islice(items, PLANNED), "edges")
        seconds = time.perf_counter() - start
        row |= {
            "items": count,
            "seconds": seconds,
            "items_per_second": count / seconds,
            "file_gb": path.stat().st_size / 1e9,
            "mb_over_the_graph": largest() - joined,
            "largest_before_mb": before,
        }
    row["missed"] = row["mb_over_the_graph"] > 300
    return row


def resident() -> float:
    """Megabytes held now, after what was freed is given back."""
    import ctypes
    import gc

    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    return _status("VmRSS")


def largest() -> float:
    """The most megabytes held since `resident` was asked."""
    return _status("VmHWM")


def _status(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    part, vertices, seed = sys.argv[1:]
    print(json.dumps(alone(part, int(vertices), int(seed))))
