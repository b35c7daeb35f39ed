"""The run: items become requests, answers become checked records. The one way to write texts.

Everything that costs money goes through `lm.Session`; the journal is the truth, the records in the
store are an index that a second run rebuilds from it without a call.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.model import Check, Record
from kg.store import Store
from lm.base import Completion
from lm.interrupts import CtrlC
from lm.jobs import Answer, Job
from lm.session import Session
from synthesis.base import Item, Strategy
from synthesis.checks import Checker, NearDuplicates, Written
from synthesis.context import Context, ContextBuilder
from synthesis.planning import Plan
from synthesis.records import record_of

PILOT = 20
BATCH = 25
BATCH_SECONDS = 2.0
SHOWN = 5
COUNTED = 100_000


@dataclass(slots=True)
class RunReport:
    """What a run did. `planned` = `done` + all `rejected` + `failed` + `reused` + `left`.

    `done` were accepted in this run, `reused` answered by an earlier one; `reused_accepted` of these count
    as texts, the others are rejected.
    `stopped` is None where the plan was finished. What a stop left of a plan is counted up to 100,000;
    `counted` is False where there was more.
    """

    run: str
    planned: int = 0
    done: int = 0
    failed: int = 0
    reused: int = 0
    reused_accepted: int = 0
    left: int = 0
    counted: bool = True
    rejected: Counter[str] = field(default_factory=Counter)
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0
    stopped: str | None = None
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    shown: list[Record] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The keys that `entigraph generate --json` promises."""
        return {
            "run": self.run,
            "planned": self.planned,
            "done": self.done,
            "failed": self.failed,
            "rejected": dict(sorted(self.rejected.items())),
            "reused": self.reused,
            "reused_accepted": self.reused_accepted,
            "left": self.left,
            "counted": self.counted,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "usd": None if self.usd is None else round(self.usd, 6),
            "stopped": self.stopped,
            "seconds": round(self.seconds, 3),
        }


@dataclass(slots=True)
class Underway:
    """An item that has been asked for: what was received so far and what came of it."""

    item: Item
    strategy: Strategy
    context: Context
    completions: list[Completion] = field(default_factory=list)
    drafts: int = 0
    accepted: int = 0
    reasons: list[str] = field(default_factory=list)
    error: str = ""
    fresh: bool = False
    ended: bool = False


Progress = Callable[[RunReport, Record | None], None]


class Run:
    """Writes the texts of one plan.

    `max_texts` is the most texts this run may ask for; `pilot` stops where fewer than half of the first
    20 fresh answers of a strategy and language pass the checks. Items that have a record are not asked
    for again unless `refresh`, then only those whose record is stale or rests on another context. A rejected
    text is judged again, without a call, where a check that failed it is not asked for any more.
    """

    def __init__(
        self,
        store: Store,
        session: Session,
        strategies: Iterable[Strategy],
        contexts: ContextBuilder,
        checks: list[Checker],
        *,
        run: str,
        seed: int = 0,
        max_texts: int | None = None,
        pilot: bool = True,
        refresh: bool = False,
        on_progress: Progress | None = None,
    ) -> None:
        self.store = store
        self.session = session
        self.strategies = {strategy.name: strategy for strategy in strategies}
        self.contexts = contexts
        self.checks = checks
        self.seed = seed
        self.max_texts = max_texts
        self.pilot = pilot
        self.refresh = refresh
        self.report = RunReport(run)
        self._on_progress = on_progress
        self._unsaved: list[Record] = []
        self._saved_at = time.monotonic()
        self._pilots: dict[tuple[str, str], list[bool]] = defaultdict(list)
        self._stop: str | None = None
        self._open = 0
        self._asked = 0
        self._near = next((check for check in checks if isinstance(check, NearDuplicates)), None)

    def write(self, items: Iterable[Item]) -> RunReport:
        """Ask for every item that has no text yet, check the answers, keep the records.

        Ctrl-C stops sending and waits for what is in flight; a second one is raised once all that was
        received is kept.
        """
        started = time.monotonic()
        source = iter(items)
        if self._near:
            for record in self.store.read(Record, "status", ["accepted", "edited"]):
                self._near.remember(record.id, record.text)
        try:
            with CtrlC(self.session.interrupt):
                for answer in self.session.answers(self._jobs(source), follow=self._follow):
                    self._take(answer)
        finally:
            self._save()
        self.report.stopped = self._stop or self.session.stopped
        if self.report.stopped:
            left, self.report.counted = _rest(source)
            self.report.left += self._open + left
            self.report.planned += self.report.left
        self.report.seconds = time.monotonic() - started
        self._tell(None)
        return self.report

    # ---- asking ----------------------------------------------------------------------------------

    def _jobs(self, source: Iterator[Item]) -> Iterator[Job]:
        while not (self._stop or self.session.stopped):
            item = next(source, None)
            if item is None:
                return
            kept = list(self.store.read(Record, "item", [item.key]))
            again = self._judged_otherwise(kept)
            if kept and not self.refresh and not again:
                self._reuse(kept)
                continue
            context = self.contexts.build(item.subgraph, item.entities, item.relations)
            strategy = self.strategies[item.strategy]
            underway = Underway(item, strategy, context)
            jobs = [Job(request, underway) for request in strategy.next(item, context, [])]
            if again and all(job.request.key in self.session.journal for job in jobs):
                self._open += 1
                yield from jobs
                continue
            if (kept and not self.refresh) or any(
                record.status != "stale" and record.chunks == context.chunks for record in kept
            ):
                self._reuse(kept)
                continue
            if self.max_texts is not None and self._asked >= self.max_texts:
                self._stop = "limit"
                self.report.left += 1
                return
            self._asked += 1
            self._open += 1
            yield from jobs

    def _judged_otherwise(self, kept: list[Record]) -> bool:
        """Whether every text of an item was rejected, one of them by a check that is not asked for now."""
        asked = {check.name for check in self.checks}
        rejected = bool(kept) and all(record.status == "rejected" for record in kept)
        return rejected and any(not asked.issuperset(record.reasons) for record in kept)

    def _reuse(self, kept: list[Record]) -> None:
        self.report.planned += 1
        self.report.reused += 1
        self.report.reused_accepted += any(record.status in ("accepted", "edited") for record in kept)
        self._tell(None)

    # ---- reading ---------------------------------------------------------------------------------

    def _follow(self, answer: Answer) -> list[Job]:
        underway = _underway(answer)
        if answer.completion is not None:
            underway.completions.append(answer.completion)
        requests = (
            []
            if answer.completion is None
            else underway.strategy.next(underway.item, underway.context, underway.completions)
        )
        underway.ended = not requests
        return [Job(request, underway) for request in requests]

    def _take(self, answer: Answer) -> None:
        underway = _underway(answer)
        underway.fresh |= not answer.reused
        record: Record | None = None
        if answer.completion is None:
            underway.error = f"{type(answer.error).__name__}: {answer.error}"
        else:
            for draft in underway.strategy.read(underway.item, underway.context, answer.completion):
                prompt = answer.job.request.messages[-1].content
                written = Written(draft, underway.item, underway.context, answer.completion.finish, prompt)
                outcomes = self._check(written)
                record = record_of(
                    self.store,
                    underway.item,
                    underway.context,
                    draft,
                    answer.completion,
                    outcomes,
                    call=answer.job.request.key,
                    run=self.report.run,
                    seed=self.seed,
                    number=underway.drafts,
                )
                underway.drafts += 1
                self._keep(underway, record)
        if underway.ended:
            self._close(underway)
        self._tell(record)

    def _check(self, written: Written) -> list[Check]:
        outcomes: list[Check] = []
        for checker in self.checks:
            if checker is self._near and any(check.outcome == "failed" for check in outcomes):
                continue
            outcomes.append(checker.check(written))
        return outcomes

    def _keep(self, underway: Underway, record: Record) -> None:
        if record.status == "accepted":
            underway.accepted += 1
            if self._near:
                self._near.remember(record.id, record.text)
        else:
            underway.reasons += record.reasons
        if len(self.report.shown) < SHOWN or record.status == "rejected":
            self.report.shown = [*self.report.shown, record][-PILOT:]
        self._unsaved.append(record)
        if len(self._unsaved) >= BATCH or time.monotonic() - self._saved_at > BATCH_SECONDS:
            self._save()

    def _close(self, underway: Underway) -> None:
        self._open -= 1
        self.report.planned += 1
        if underway.error and not underway.accepted:
            self.report.failed += 1
            self.report.errors = [*self.report.errors, underway.error][:SHOWN]
        elif not underway.fresh:
            self.report.reused += 1
            self.report.reused_accepted += underway.accepted > 0
        elif underway.accepted:
            self.report.done += 1
        else:
            self.report.rejected[underway.reasons[0] if underway.reasons else "empty"] += 1
        if underway.fresh and not underway.error:
            self._judge_pilot(underway)

    def _judge_pilot(self, underway: Underway) -> None:
        group = (underway.item.strategy, underway.item.language)
        seen = self._pilots[group]
        if self.pilot and self.checks and len(seen) < PILOT:
            seen.append(underway.accepted > 0)
            if len(seen) == PILOT and sum(seen) * 2 < PILOT:
                self._stop = "pilot"

    def _save(self) -> None:
        if self._unsaved:
            self.store.upsert(self._unsaved)
            self._unsaved = []
        self._saved_at = time.monotonic()

    def _tell(self, record: Record | None) -> None:
        spent = self.session.spent
        self.report.tokens_in, self.report.tokens_out, self.report.usd = (
            spent.tokens_in,
            spent.tokens_out,
            spent.usd,
        )
        if self._on_progress:
            self._on_progress(self.report, record)


def _rest(source: Iterator[Item]) -> tuple[int, bool]:
    """How many items a stop left, and whether those are all."""
    if isinstance(source, Plan):
        return source.rest(COUNTED)
    return sum(1 for _ in source), True


def _underway(answer: Answer) -> Underway:
    tag = answer.job.tag
    assert isinstance(tag, Underway)
    return tag
