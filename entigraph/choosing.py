"""Which subgraphs a command is about: samplers by name, from the start or going on from what is written.

A plan is made of the graph, the samplers and the seed alone, so it is the same again, and longer if more
is asked for. A sampler that chooses by what is covered (`cover`, `balanced`), or one asked for what is
uncovered, makes its plan from what other texts cover; then the choice is kept in the folder of the run as
it is made. The run begins with what it chose before and goes on from there: what is paid is not chosen
again, however the graph has changed meanwhile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from kg.graph import Graph
from kg.model import Record, Subgraph
from kg.store import Store
from sampling import (
    Coverage,
    CrossDocumentSampler,
    Sampler,
    coverage_of_records,
    exclude,
    goes_on,
    interleave,
    sampler,
    targets_of,
    useful,
)
from sampling.plan_files import keep_plan, kept_plan

PLAN = "plan.jsonl"


@dataclass(frozen=True, slots=True)
class Choice:
    """Samplers as they are typed, and where they start from.

    With `only_uncovered` every sampler leaves out what accepted texts cover; with `afresh` none knows of
    any text. `one_by_one` takes all of one sampler before the next, else their items alternate.
    """

    samplers: tuple[str, ...]
    seed: int = 0
    only_uncovered: bool = False
    afresh: bool = False
    one_by_one: bool = False
    targets: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for what no sampler is, before any work."""
        if self.only_uncovered and self.afresh:
            raise ValueError(
                "--uncovered leaves out what is written, --afresh knows of nothing; give one of them"
            )
        for spec in self.samplers:
            sampler(spec)
        if self.targets is None and any(map(_is_targeted, self.samplers)):
            raise ValueError(
                "the sampler 'targeted' wants --targets: 'uncovered', a file of names and weights, query:TEXT for "
                "what a text mentions, or mentioned:FILE for what the texts in a file do"
            )
        if self.targets is not None and not any(map(_is_targeted, self.samplers)):
            raise ValueError("--targets is for the sampler 'targeted': add --sampler targeted")

    @property
    def goes_on(self) -> bool:
        """Whether what is written changes the choice."""
        written = self.only_uncovered or (self.targets or "").startswith("uncovered")
        return not self.afresh and (written or any(map(goes_on, self.samplers)))

    @property
    def endless(self) -> bool:
        """Whether the plan has no end of its own."""
        return any(sampler(spec).endless for spec in self.samplers)

    @property
    def when_empty(self) -> str:
        """Why there may be nothing to choose, and what to try."""
        return "; ".join(sampler(spec).when_empty for spec in self.samplers)

    def remarks(self, graph: Graph) -> list[str]:
        """What a user should know of these samplers on this graph."""
        made = map(sampler, self.samplers)
        return [said for one in made if isinstance(one, CrossDocumentSampler) and (said := one.remark(graph))]

    def made(self, graph: Graph, covered: Coverage | None) -> list[Sampler]:
        """The samplers; those that choose by what is covered start from `covered`."""
        made = []
        for spec in self.samplers:
            more: dict[str, Any] = {}
            if covered is not None and goes_on(spec):
                more["covered"] = covered
            if self.targets is not None and _is_targeted(spec):
                more["targets"] = targets_of(self.targets, graph, covered)
            made.append(sampler(spec, **more))
        return made

    def plan(self, graph: Graph, covered: Coverage | None = None) -> Iterator[Subgraph]:
        """The subgraphs, lazily."""
        plans = [
            one.sample(graph, np.random.default_rng([self.seed, number]))
            for number, one in enumerate(self.made(graph, covered))
        ]
        return chain(*plans) if self.one_by_one else interleave(*plans)


def chosen(
    choice: Choice, graph: Graph, store: Store | None, *, folder: Path | None = None, keep: bool = False
) -> Iterator[Subgraph]:
    """What a choice comes to on a corpus, or on a graph without texts.

    `folder` is that of the run: what it chose before comes first, and `keep` writes down what is added.
    """
    if store is None or not choice.goes_on:
        return choice.plan(graph)
    return _going_on(choice, graph, store, folder, keep)


def _going_on(
    choice: Choice, graph: Graph, store: Store, folder: Path | None, keep: bool
) -> Iterator[Subgraph]:
    keys = {record.subgraph.key for record in store.read(Record) if record.counts}
    if folder is None:
        covered = coverage_of_records(store)
    else:
        yield from kept_plan(folder / PLAN, graph)
        covered = coverage_of_records(store, without_run=folder.name)
        for item in kept_plan(folder / PLAN, graph):
            covered.add(item)
            keys.add(item.key)
    fresh: Iterable[Subgraph] = exclude(choice.plan(graph, covered), keys)
    if choice.only_uncovered:
        fresh = useful(fresh, covered)
    if keep and folder is not None:
        fresh = keep_plan(fresh, graph, folder / PLAN, "+".join(choice.samplers))
    yield from fresh


def _is_targeted(spec: str) -> bool:
    return spec.partition(":")[0] == "targeted"
