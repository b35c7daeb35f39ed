"""Texts for a corpus from a set of options: sampler, strategies, model, limits. `generate` and its dry run.

The command line, `entigraph run` and `entigraph runs resume` all come through here.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby, islice, zip_longest
from pathlib import Path

from entigraph.choosing import chosen
from entigraph.config import Value
from entigraph.generation_options import Options, checked, checks_of, strategies_of
from entigraph.places import typed
from entigraph.workplace import batches_of, connect, journal_of, latency, prices_of, rate, session_of
from kg.graph import Graph
from kg.locks import Lock
from kg.model import Record, Subgraph
from kg.store import Store
from lm.base import LM, LMError, Price, Request
from lm.batch import Batches
from lm.batch_api import batch_of
from lm.door import close
from lm.interrupts import Stop
from lm.jobs import OnEvent, OnPiece
from lm.journal import Journal
from lm.session import Session
from sampling import check_plan, read_plan
from synthesis.base import Parameters, Strategy, SynthesisError
from synthesis.checks.judged_claims import JudgedClaims
from synthesis.context import ContextBuilder
from synthesis.estimate import Estimate, estimated
from synthesis.outcomes import RunReport
from synthesis.planning import Plan, Wanted, items
from synthesis.rehearsal import requests_of
from synthesis.run import Progress, Run

LOOKED_THROUGH = 5_000  # items, for the first that have no text yet


class NeedsLimit(ValueError):
    """A remote model was named without a number of texts or a budget; carries what the plan would cost."""

    def __init__(self, message: str, estimate: Estimate) -> None:
        super().__init__(message)
        self.estimate = estimate


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

    return among(graph, [find(store, name).id for name in names])


def among(graph: Graph, entities: Sequence[str]) -> Subgraph:
    """The subgraph of the entities with these ids and all relations among them. KeyError for an unknown one."""
    rows = {graph.entity_row(id) for id in entities}
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

    def prompts(self, count: int) -> list[tuple[str, Request]]:
        """The first requests that would be sent, and what each is about; none where every text is there."""
        by_name = {strategy.name: strategy for strategy in self.strategies}
        found: list[tuple[str, Request]] = []
        for item in islice(self.items(), LOOKED_THROUGH):
            if len(found) >= count:
                break
            if not any(True for _ in self.store.read(Record, "item", [item.key])):
                context = self.contexts.build(item.subgraph, item.entities, item.relations)
                title = " · ".join(entity.name for entity in item.entities) or " · ".join(context.titles)
                requests = requests_of(by_name[item.strategy], item, context)
                found += [(f"{item.strategy}: {title}", one) for one in islice(requests, count - len(found))]
        return found

    def price(self, settings: dict[str, Value]) -> Price | None:
        """What its tokens cost, by the batch where it asks so; None where nobody wrote that down."""
        prices = prices_of(settings)
        return batch_of(self.lm, prices).price if self.options.batch else prices.of(self.options.model)

    def seconds(self, found: Estimate, settings: dict[str, Value]) -> float | None:
        """How long that takes: at the pace of this model's last answers in the corpus, within the rates set.

        None where neither is known, and by the batch.
        """
        options = self.options
        if options.batch:
            return None
        each = latency(self.store, self.lm.name)
        bounds = [
            found.calls * each / min(options.concurrency, max(1, found.calls)) if each is not None else None,
        ]
        for name, amount in (("requests", found.calls), ("tokens", found.tokens_in + found.tokens_out)):
            allowed = rate(settings[f"{name}_per_minute"])
            bounds.append(60 * amount / allowed if allowed else None)
        return max((bound for bound in bounds if bound is not None), default=None)


def prepare(store: Store, options: Options, settings: dict[str, Value]) -> Job:
    """Check the options against the corpus; nothing is sent. Raises where there is nothing to write about."""
    options = checked(options)
    graph = store.graph()
    if not len(graph) and not next(iter(store.documents()), None):
        raise SynthesisError(
            f"the corpus {store.location!r} has nothing to write about; build it with "
            f"'entigraph build DOCS -o {typed(store.location)}'"
        )
    if options.plan and not check_plan(Path(options.plan), graph):
        raise SynthesisError(_nothing(options))
    contexts = ContextBuilder(store, way=options.context, tokens=options.context_tokens)
    lm = connect(options.model, settings)
    if options.batch:
        batch_of(lm)
    elif options.batch is None:
        _nothing_under_way(store, lm.name)
    job = Job(store, lm, graph, options, strategies_of(options), contexts)
    if next(job.items(), None) is None:
        if not len(graph):
            raise SynthesisError(
                f"no entities were found in the documents of {store.location!r}, and the sampler "
                f"{'+'.join(options.samplers)!r} needs some; '--sampler documents' with a strategy such as "
                "'rephrase' or 'summarize' does without"
            )
        raise SynthesisError(_nothing(options))
    return job


def generate(
    job: Job,
    settings: dict[str, Value],
    *,
    on_progress: Progress | None = None,
    on_event: OnEvent | None = None,
    on_piece: OnPiece | None = None,
    stop: Stop | None = None,
) -> RunReport:
    """Write the texts of a prepared job and keep its report in `runs/<run>/` of the corpus.

    `on_piece` is told what the model writes while it writes it, in another thread; by the batch nothing is.
    `stop` ends it from another thread as Ctrl-C does: what is in flight may come in, and the report says
    "interrupt".
    Raises NeedsLimit for a remote model without any limit, CorpusLocked where another process writes
    this run, and LMError where the model cannot be used at all: in each case nothing was sent.
    """
    options, store, lm = job.options, job.store, job.lm
    checks = checks_of(options)
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
            begun = folder / "run.json"
            first = not begun.exists()
            begun.write_text(json.dumps(asdict(options), indent=1), encoding="utf-8")
            with (
                _begun(store, begun, options.run, first=first),
                journal_of(store, settings) as journal,
                _session(job, journal, settings, on_event, on_piece) as session,
                _judge(job, journal, settings) as judge,
            ):
                checks += [JudgedClaims(judge)] if judge else []
                run = Run(
                    store,
                    session,
                    job.strategies,
                    job.contexts,
                    checks,
                    run=options.run,
                    seed=options.seed,
                    max_texts=options.max_texts,
                    pilot=options.pilot,
                    refresh=options.refresh,
                    retry_rejected=options.retry_rejected,
                    beside=[judge] if judge else [],
                    on_progress=on_progress,
                    stop=stop,
                )
                report = run.write(job.items(keep=True))
            kept = report.to_json() | {"errors": report.errors}
            (folder / "report.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
            return report
    finally:
        close(lm)


def _session(
    job: Job,
    journal: Journal,
    settings: dict[str, Value],
    on_event: OnEvent | None,
    on_piece: OnPiece | None,
) -> Session | Batches:
    ask = batches_of if job.options.batch else partial(session_of, on_piece=on_piece)
    return ask(
        job.lm, journal, job.options, settings, purpose="write", run=job.options.run, on_event=on_event
    )


def _nothing_under_way(store: Store, model: str) -> None:
    """Raise where batches of this model are: asking one by one would pay for the same answers again."""
    if not (store.folder / "journal" / "batches").is_dir():
        return
    with Journal.open(store.folder / "journal", read_only=True) as journal:
        count = sum(event["model"] == model for event in journal.batches.values())
    if count:
        raise SynthesisError(
            f"{count} {'batch' if count == 1 else 'batches'} of {model} under way, from an earlier 'generate --batch'; --batch waits for them, "
            "--no-batch asks one by one and may pay for the same answers twice"
        )


@contextmanager
def _begun(store: Store, file: Path, run: str, *, first: bool) -> Iterator[None]:
    """Take the file of a new run away where its model could not be used at all: it is no run then."""
    try:
        yield
    except LMError:
        if first and not any(True for _ in store.read(Record, "run", [run])):
            file.unlink(missing_ok=True)
        raise


@contextmanager
def _judge(job: Job, journal: Journal, settings: dict[str, Value]) -> Iterator[Session | None]:
    """A session with the model that judges claims, within the same limits; None where none was named.

    Where that is the model that writes, it is not started twice. It is asked one by one in any case.
    """
    options = job.options
    if options.judge_model is None:
        yield None
        return
    lm = connect(options.judge_model, settings)
    same = lm.name == job.lm.name
    judge = job.lm if same else lm
    try:
        with session_of(
            judge, journal, options, settings, purpose="judge", run=options.run, own=False
        ) as session:
            yield session
    finally:
        if not same:
            close(judge)


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
