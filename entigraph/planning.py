"""What a plan needs from a corpus and the settings: the graph, its texts, the cost of a text, the samplers."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from analysis.costs import Cost, assumed_cost, cost_of, sampled_entities
from analysis.coverage import Progress, Stop
from analysis.expectation import Outlook
from analysis.graphs import Digraph
from analysis.plans import outlooks
from analysis.written import Written, realised
from entigraph.config import Value, prices_file
from kg.graph import Graph
from kg.model import Record, Subgraph
from kg.store import Store
from lm.base import Price
from lm.journal import Journal
from lm.names import adapter_of
from lm.prices import load
from sampling import Sampler, Unit, goes_on, sampler
from synthesis.base import Parameters, SynthesisError
from synthesis.context import ContextBuilder
from synthesis.estimate import estimated
from synthesis.planning import Wanted, items
from synthesis.strategies import strategy

LOOKED_AT = 50
MOST_EDGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is asked for, checked."""

    unit: Unit
    times: int
    samplers: tuple[str, ...]
    strategies: tuple[str, ...]
    model: str
    seed: int

    def check(self) -> None:
        """Raise ValueError for a name that does not exist, before any work."""
        for spec in self.samplers:
            sampler(spec)
        for name in self.strategies:
            strategy(name)
        adapter_of(self.model)


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What a plan starts from: a graph and, for a corpus, what its texts cover and what they are about."""

    graph: Graph
    store: Store | None = None
    written: Written | None = None
    done: tuple[Subgraph, ...] = ()


def ground(graph: Graph, store: Store | None, *, times: int) -> Ground:
    """The graph, and what the texts of the corpus cover of it, in the order they were written in."""
    if store is None:
        return Ground(graph)
    done = tuple(record.subgraph for record in store.read(Record) if record.counts)
    return Ground(graph, store, realised(store, times=times, calls=calls_of(store)), done)


def calls_of(store: Store) -> list[str]:
    """Keys of the corpus's paid calls, oldest first; none where there is no journal."""
    folder = store.folder / "journal"
    if not (folder / "calls.jsonl").is_file():
        return []
    with Journal.open(folder, read_only=True) as journal:
        return list(journal.keys())


def drawn(
    start: Ground, asked: Asked, name: str, *, progress: Progress | None = None, stop: Stop | None = None
) -> list[Outlook]:
    """The ways to meet each thing as often as asked with this sampler, from what is written."""
    ways = outlooks(
        start.graph,
        going_on(start, name),
        unit=asked.unit,
        times=asked.times,
        written=start.written.coverage if start.written else None,
        done=start.done,
        rng=np.random.default_rng([asked.seed, 1]),
        progress=progress,
        stop=stop,
    )
    return [replace(way, sampler=name) for way in ways]


def going_on(start: Ground, spec: str) -> Sampler:
    """The sampler; one that chooses by what is covered starts from what is written."""
    if start.written is not None and goes_on(spec):
        return sampler(spec, covered=start.written.coverage)
    return sampler(spec)


def price_of(model: str, settings: dict[str, Value]) -> Price | None:
    """What this user wrote down, or the package knows, of the price of a model."""
    return load(prices_file(settings["prices"].value)).of(model)


def cost(start: Ground, asked: Asked, name: str, settings: dict[str, Value]) -> Cost:
    """The cost of a text about an item of this sampler: as seen in the corpus, else by a dry run, else assumed."""
    one = going_on(start, name)
    some = list(islice(one.sample(start.graph, np.random.default_rng([asked.seed, 0])), LOOKED_AT))
    return cost_of(
        start.store,
        unit=asked.unit,
        entities=sampled_entities(len(item.entities) for item in some),
        sampler=name,
        strategies=asked.strategies,
        model=asked.model,
        price=price_of(asked.model, settings),
        assumed=_dry(start, asked, name, some, settings),
    )


def _dry(
    start: Ground, asked: Asked, spec: str, some: Sequence[Subgraph], settings: dict[str, Value]
) -> Cost | None:
    """By the prompts that the first items would make; None where nothing can be written about them."""
    if start.store is None or not some:
        return None
    strategies = [strategy(name) for name in asked.strategies or ("describe", "relate", "summarize")]
    wanted = Wanted(
        strategies=[one for one in strategies if not one.accepts(some[0])][:1],
        parameters=Parameters(
            asked.model,
            float(settings["temperature"].value),
            float(settings["top_p"].value),
            int(settings["max_tokens"].value),
        ),
        sampler=spec,
    )
    contexts = ContextBuilder(
        start.store, way=settings["context"].value, tokens=int(settings["context_tokens"].value)
    )
    if not wanted.strategies:
        return None
    with suppress(SynthesisError):
        found = estimated(
            start.store, items(start.store, start.graph, some, wanted), wanted.strategies, contexts
        )
        if found.calls:
            return assumed_cost(found.tokens_in, found.tokens_out, found.calls, exact_in=True)
    return None


def random_graph(vertices: int, mean_degree: float, seed: int) -> Graph:
    """The paper's random graph as a graph of entities and relations."""
    from analysis.graphs import erdos_renyi

    if vertices * mean_degree > MOST_EDGES:
        raise ValueError(
            f"a plan on a random graph takes at most {MOST_EDGES:,} relations, saw about "
            f"{vertices * mean_degree:.2g}. Choose a smaller graph; 'entigraph simulate' takes larger ones"
        )
    made: Digraph = erdos_renyi(vertices, mean_degree, np.random.default_rng(seed))
    ids = [f"{row:032x}" for row in range(vertices)]
    pairs = zip(made.tails.tolist(), made.indices.tolist(), strict=True)
    return Graph.build(
        [(id, f"v{row}", "", 0) for row, id in enumerate(ids)],
        [(f"{number:032x}", ids[a], "", ids[b], 1.0) for number, (a, b) in enumerate(pairs)],
    )
