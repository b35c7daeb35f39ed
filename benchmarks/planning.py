"""A plan of a million subgraphs: how soon its first request is ready, and whether memory stays flat.

    python benchmarks/planning.py [--entities 200000] [--relations 1000000] [--drawn 20000] [--seed 1]

The graph is that of benchmarks/stores.py, in a folder store, without documents (a context is then what the
graph states). The time runs from the moment the graph is open: sampler, plan, context, prompt, until the first
request is there; then so many more are drawn one by one. Memory is what this process holds (VmRSS), after the
first request and at most while drawing. Prints one JSON object; exit 1 where a number of DESIGN is missed.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent), *(place for place in sys.path if Path(place or ".").resolve() != HERE)]

from benchmarks.sampling_memory import largest, resident  # noqa: E402
from benchmarks.stores import made  # noqa: E402
from kg.stores import open_corpus  # noqa: E402
from lm.base import Request  # noqa: E402
from sampling import sampler  # noqa: E402
from synthesis.base import Item, Parameters  # noqa: E402
from synthesis.context import ContextBuilder  # noqa: E402
from synthesis.planning import Wanted, items  # noqa: E402
from synthesis.strategies import strategy  # noqa: E402

START_SECONDS = 2.0
GROWTH_MB = 50.0


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entities", type=int, default=200_000)
    parser.add_argument("--relations", type=int, default=1_000_000)
    parser.add_argument("--drawn", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_corpus(Path(folder) / "large.kg", create=True)
        store.replace_derived(made(options.entities, options.relations, options.seed))
        graph = store.graph()
        started = time.perf_counter()
        relate = strategy("relate")
        about = sampler("edges").sample(graph, np.random.default_rng(options.seed))
        plan = items(store, graph, about, Wanted([relate], Parameters("echo")))
        contexts = ContextBuilder(store)

        def request_of(item: Item) -> Request:
            return relate.next(item, contexts.build(item.subgraph, item.entities, item.relations), [])[0]

        first = request_of(next(plan))
        start_seconds = time.perf_counter() - started
        held = resident()
        began = time.perf_counter()
        drawn = sum(1 for item in islice(plan, options.drawn) if request_of(item).key != first.key)
        seconds = time.perf_counter() - began
        growth = largest() - held
        left = plan.rest(2 * options.relations)[0]
        store.close()
    row = {
        "entities": options.entities,
        "relations": options.relations,
        "seed": options.seed,
        "load_average": round(os.getloadavg()[0], 2),
        "first_request_seconds": round(start_seconds, 3),
        "drawn": drawn,
        "requests_per_second": round(drawn / seconds),
        "left_in_the_plan": left,
        "held_mb": round(held, 1),
        "growth_mb": round(growth, 1),
    }
    row["missed"] = [
        name
        for name, most in (("first_request_seconds", START_SECONDS), ("growth_mb", GROWTH_MB))
        if float(row[name]) > most
    ]
    print(json.dumps(row))
    return int(bool(row["missed"]))


if __name__ == "__main__":
    sys.exit(main())
