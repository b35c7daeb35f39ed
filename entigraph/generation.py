"""Texts for a corpus from a set of options: sampler, strategies, model, limits. `generate` and its dry run.

The command line, `entigraph run` and `entigraph runs resume` all come through here.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, islice, zip_longest
from pathlib import Path
from typing import Any

from entigraph.choosing import Choice, chosen
from entigraph.config import Value
from entigraph.places import typed
from entigraph.workplace import budget_of, connect, journal_of, prices_place
from kg.graph import Graph
from kg.locks import Lock
from kg.model import Record, Subgraph, content_id
from kg.store import Store
from kg.suggest import unknown
from lm.base import LM
from lm.door import close
from lm.jobs import OnEvent
from lm.names import adapter_of
from lm.session import Session
from sampling import check_plan, read_plan
from sampling.target_files import located
from synthesis.base import Parameters, Strategy, SynthesisError
from synthesis.checks import checkers
from synthesis.context import ContextBuilder
from synthesis.estimate import Estimate, estimated
from synthesis.planning import Plan, Wanted, items
from synthesis.prompting import LANGUAGES
from synthesis.run import Progress, Run, RunReport
from synthesis.strategies import STRATEGIES

RECIPES = ("entigraph",)


class NeedsLimit(ValueError):
    """A remote model was named without a number of texts or a budget; carries what the plan would cost."""

    def __init__(self, message: str, estimate: Estimate) -> None:
        super().__init__(message)
        self.estimate = estimate


@dataclass(frozen=True, slots=True)
class Options:
    """What is to be generated. `n` is the number of subgraphs of the plan in all, not an increment."""

    model: str
    samplers: tuple[str, ...] = ("edges",)
    uncovered: bool = False
    afresh: bool = False
    targets: str | None = None
    strategies: tuple[str, ...] = ()
    n: int | None = None
    entities: tuple[str, ...] = ()
    plan: str | None = None
    recipe: str | None = None
    wordings: int = 1
    context: str = "evidence"
    context_tokens: int = 500
    text_language: str = "auto"
    temperature: float = 0.8
    top_p: float = 0.9
    max_tokens: int = 360
    checks: tuple[str, ...] = ("all",)
    pilot: bool = True
    seed: int = 0
    refresh: bool = False
    concurrency: int = 8
    timeout_seconds: float = 300.0
    budget_usd: float | None = None
    budget_tokens: int | None = None
    max_texts: int | None = None
    deadline_seconds: float | None = None

    @staticmethod
    def of(settings: dict[str, Value], **chosen: Any) -> "Options":
        """Options with what the settings say, and what was chosen for this command."""
        return Options(
            model=settings["model"].value,
            context=settings["context"].value,
            context_tokens=int(settings["context_tokens"].value),
            text_language=settings["text_language"].value,
            temperature=float(settings["temperature"].value),
            top_p=float(settings["top_p"].value),
            max_tokens=int(settings["max_tokens"].value),
            concurrency=int(settings["concurrency"].value),
            timeout_seconds=float(settings["timeout_seconds"].value),
            **chosen,
        )

    @property
    def run(self) -> str:
        """Name of the run: options that make the same texts, however many, have the same run."""
        limits = {
            *("n", "pilot", "refresh", "concurrency", "timeout_seconds"),
            *("budget_usd", "budget_tokens", "max_texts", "deadline_seconds"),
        }
        kept = {name: value for name, value in asdict(self).items() if name not in limits}
        for name in ("uncovered", "afresh", "targets"):  # runs from before these options keep their names
            if not kept[name]:
                del kept[name]
        what = self.recipe or (
            "plan"
            if self.plan
            else "entities"
            if self.entities
            else "-".join(spec.partition(":")[0] for spec in self.samplers)
        )
        return f"{what}-{content_id(json.dumps(kept, sort_keys=True))[:8]}"

    @property
    def choice(self) -> Choice:
        """The samplers and where they start from. Raises ValueError for what no sampler is."""
        return Choice(self.samplers, self.seed, self.uncovered, self.afresh, bool(self.recipe), self.targets)

    @property
    def limited(self) -> bool:
        """Whether anything bounds what this may cost; a deadline alone does not."""
        bounds = (self.n, self.budget_usd, self.budget_tokens, self.max_texts)
        return any(bound is not None for bound in bounds) or bool(self.entities or self.plan)


def checked(options: Options) -> Options:
    """The options with a recipe filled in. Raises ValueError for what cannot be, before any work."""
    if options.recipe is not None:
        if options.recipe not in RECIPES:
            raise ValueError(unknown("recipe", options.recipe, RECIPES))
        options = _replace(
            options,
            samplers=("documents", "pairs", "triples"),
            strategies=("summarize", "relate"),
            context="document",
            context_tokens=max(options.context_tokens, 6000),
            temperature=1.0,
            top_p=1.0,
        )
    if options.plan:  # `runs resume` may be typed in another folder
        options = _replace(options, plan=str(Path(options.plan).absolute()))
    if options.targets:
        options = _replace(options, targets=located(options.targets))
    choice = options.choice
    ends = (options.n, options.max_texts, options.plan, options.entities or None)
    if choice.endless and all(end is None for end in ends):
        raise ValueError(
            f"the sampler {'+'.join(options.samplers)!r} never ends; say how many with -n or --max-texts"
        )
    for name in options.strategies:
        if name not in STRATEGIES:
            raise ValueError(unknown("strategy", name, STRATEGIES))
    if options.text_language not in ("auto", *LANGUAGES):
        raise ValueError(unknown("text language", options.text_language, ["auto", *LANGUAGES]))
    checkers(options.checks)
    adapter_of(options.model)
    for name, least in (("n", 1), ("wordings", 1), ("max_tokens", 32), ("concurrency", 1), ("max_texts", 1)):
        value = getattr(options, name)
        if value is not None and value < least:
            raise ValueError(f"{name.replace('_', '-')} must be {least} or more, seen {value}")
    if not 0 <= options.temperature <= 2:
        raise ValueError(f"temperature must be between 0 and 2, seen {options.temperature}")
    if not 0 < options.top_p <= 1:
        raise ValueError(f"top-p must be above 0 and at most 1, seen {options.top_p}")
    if options.plan and options.entities:
        raise ValueError("--plan and --entity both name what to write about; give one of them")
    return options


def strategies_of(options: Options) -> list[Strategy]:
    """The strategies asked for, else those that write about one, two and three entities."""
    return [STRATEGIES[name]() for name in options.strategies or ("describe", "relate")]


def subgraphs(store: Store, graph: Graph, options: Options, *, keep: bool = False) -> Iterator[Subgraph]:
    """What is to be written about, lazily: a plan file, named entities, or the samplers' choice.

    With `keep` a choice that depends on what is written is kept in the folder of the run.
    """
    if options.plan:
        found = read_plan(Path(options.plan), graph)
    elif options.entities:
        return iter([named(store, graph, options.entities)])
    else:
        folder = store.folder / "runs" / options.run
        found = chosen(options.choice, graph, store, folder=folder, keep=keep)
    return islice(found, options.n)


def named(store: Store, graph: Graph, names: Sequence[str]) -> Subgraph:
    """The subgraph of these entities with all relations among them. Unknown names: nearest offered."""
    from kg.curation import find

    rows = {graph.entity_row(find(store, name).id) for name in names}
    relations = [
        graph.relation_id(int(relation))
        for row in rows
        for relation in graph.outgoing[row]
        if int(graph.targets[relation]) in rows
    ]
    return Subgraph.make([graph.entity_id(row) for row in rows], relations)


@dataclass(slots=True)
class Job:
    """Everything opened for one generation: made by `prepare`, used by `estimate` and `generate`.

    The model is connected (its name is known) but nothing is sent and no server started yet.
    """

    store: Store
    lm: LM
    graph: Graph
    options: Options
    strategies: list[Strategy]
    contexts: ContextBuilder

    def items(self, *, keep: bool = False) -> Plan:
        """The items of the plan, from the start; see `subgraphs`."""
        options = self.options
        wanted = Wanted(
            strategies=self.strategies,
            parameters=Parameters(self.lm.name, options.temperature, options.top_p, options.max_tokens),
            wordings=options.wordings,
            language=options.text_language,
            context=f"{options.context}:{options.context_tokens}",
            sampler="+".join(options.samplers) if not (options.plan or options.entities) else "",
        )
        about = subgraphs(self.store, self.graph, options, keep=keep)
        return items(self.store, self.graph, about, wanted)

    def estimate(self) -> Estimate:
        """What the plan would send and cost."""
        return estimated(self.store, self.items(), self.strategies, self.contexts)


def prepare(store: Store, options: Options, settings: dict[str, Value]) -> Job:
    """Check the options against the corpus; nothing is sent. Raises where there is nothing to write about."""
    options = checked(options)
    graph = store.graph()
    if not len(graph):
        raise SynthesisError(
            f"the corpus {store.location!r} has no entities to write about; build it with "
            f"'entigraph build DOCS -o {typed(store.location)}'"
        )
    if options.plan and not check_plan(Path(options.plan), graph):
        raise SynthesisError(_nothing(options))
    contexts = ContextBuilder(store, way=options.context, tokens=options.context_tokens)
    job = Job(store, connect(options.model, settings), graph, options, strategies_of(options), contexts)
    if next(job.items(), None) is None:
        raise SynthesisError(_nothing(options))
    return job


def generate(
    job: Job,
    settings: dict[str, Value],
    *,
    on_progress: Progress | None = None,
    on_event: OnEvent | None = None,
) -> RunReport:
    """Write the texts of a prepared job and keep its report in `runs/<run>/` of the corpus.

    Raises NeedsLimit for a remote model without any limit, CorpusLocked where another process writes
    this run, and LMError where the model cannot be used at all: in each case nothing was sent.
    """
    options, store, lm = job.options, job.store, job.lm
    try:
        if lm.remote and not options.limited:
            raise NeedsLimit(
                f"{lm.name} is a remote model and nothing limits this plan; give -n, --max-texts, "
                "--budget-usd or --budget-tokens",
                job.estimate(),
            )
        folder = store.folder / "runs" / options.run
        folder.mkdir(parents=True, exist_ok=True)
        with Lock(folder / "lock", f"the run {options.run!r}"):
            (folder / "run.json").write_text(json.dumps(asdict(options), indent=1), encoding="utf-8")
            with (
                journal_of(store) as journal,
                Session(
                    lm,
                    journal=journal,
                    budget=budget_of(options, settings),
                    concurrency=options.concurrency,
                    timeout_seconds=options.timeout_seconds,
                    purpose="write",
                    run=options.run,
                    on_event=on_event,
                    prices_file=str(prices_place(settings)),
                ) as session,
            ):
                run = Run(
                    store,
                    session,
                    job.strategies,
                    job.contexts,
                    checkers(options.checks),
                    run=options.run,
                    seed=options.seed,
                    max_texts=options.max_texts,
                    pilot=options.pilot,
                    refresh=options.refresh,
                    on_progress=on_progress,
                )
                report = run.write(job.items(keep=True))
            kept = report.to_json() | {"errors": report.errors}
            (folder / "report.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
            return report
    finally:
        close(lm)


def samples(store: Store, run: str, count: int) -> list[Record]:
    """A few accepted texts of a run about different numbers of entities, the largest subgraphs first."""
    found = [record for record in store.read(Record, "run", [run]) if record.status == "accepted"]
    found.sort(key=lambda record: (-len(record.asked), record.id))
    by_size = [list(group) for _, group in groupby(found, key=lambda record: len(record.asked))]
    in_turn = [record for row in zip_longest(*by_size) for record in row if record is not None]
    return in_turn[:count]


def _nothing(options: Options) -> str:
    if options.plan:
        return f"the plan {options.plan!r} holds no subgraph; write one with 'entigraph sample C --json > plan.jsonl'"
    return options.choice.when_empty


def _replace(options: Options, **values: Any) -> Options:
    from dataclasses import replace

    return replace(options, **values)
