"""The run: items become requests, answers become checked records. The one way to write texts.

Everything that costs money goes through `lm.Session`; the journal is the truth, the records in the
store are an index that a second run rebuilds from it without a call.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Check, Record
from kg.store import Store
from lm.base import LMError, Request
from lm.interrupts import CtrlC, Stop
from lm.jobs import Answer, Job
from lm.session import Session
from synthesis.base import Draft, Item, Step, Strategy
from synthesis.checks import Checker, Written, judged, remember
from synthesis.checks.base import Unjudged, remembers
from synthesis.context import Context, ContextBuilder
from synthesis.outcomes import RunReport
from synthesis.planning import COUNTED, Plan
from synthesis.reader import READER, with_word, words_in
from synthesis.records import record_of
from synthesis.underway import Place, Underway, again

if TYPE_CHECKING:
    from lm.batch import Batches

PILOT = 20
BATCH = 25
BATCH_SECONDS = 2.0
SHOWN = 5
NOTHING = LMError("there is nothing to ask: no other entity could be a wrong answer")


Progress = Callable[[RunReport, Record | None], None]


class Run:
    """Writes the texts of one plan.

    `max_texts` is the most texts this run may ask for; `pilot` stops where fewer than half of the first
    20 fresh answers of a strategy and language pass the checks. Items that have a record are not asked
    for again unless `refresh`, then only those whose record is stale or rests on another context. A rejected
    text is judged again, without a call, where a check that failed it is not asked for any more; up to
    `retry_rejected` times it is asked for again with the reasons in the prompt. The texts of an item are
    kept together when its last one is there. What the sessions `beside` ask (a judge) counts as spent too.
    """

    def __init__(
        self,
        store: Store,
        session: "Session | Batches",
        strategies: Iterable[Strategy],
        contexts: ContextBuilder,
        checks: list[Checker],
        *,
        run: str,
        seed: int = 0,
        max_texts: int | None = None,
        pilot: bool = True,
        refresh: bool = False,
        retry_rejected: int = 0,
        beside: Sequence[Session] = (),
        on_progress: Progress | None = None,
        stop: Stop | None = None,
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
        self.retry_rejected = retry_rejected
        self.beside = beside
        self.report = RunReport(run)
        self._on_progress = on_progress
        self._asked_to_stop = stop or Stop()
        self._unsaved: list[Record] = []
        self._saved_at = time.monotonic()
        self._pilots: dict[tuple[str, str], list[bool]] = defaultdict(list)
        self._stop: str | None = None
        self._open = 0
        self._asked = 0

    def write(self, items: Iterable[Item]) -> RunReport:
        """Ask for every item that has no text yet, check the answers, keep the records.

        Ctrl-C, or the word of `stop`, stops sending and waits for what is in flight; a second Ctrl-C is raised
        once all that was received is kept.
        """
        started = time.monotonic()
        source = iter(items)
        if any(map(remembers, self.checks)):
            for record in self.store.read(Record, "status", ["accepted", "edited"]):
                remember(self.checks, record.id, record.text)
        self.session.held = self._held()
        if self.pilot and self.checks:  # a pilot that fails should not have paid for hundreds in flight
            self.session.held = min(PILOT, self._held() or PILOT)
        try:
            end = self.session.interrupt
            with CtrlC(end), self._asked_to_stop.heard(end):
                for _ in self.session.answers(self._jobs(source), follow=self._take):
                    pass
        finally:
            self._save()
        self.report.stopped = self._stop or self.session.stopped
        if self.report.stopped:
            left, self.report.counted = _rest(source)
            self.report.left += self._open + left
            self.report.planned += self.report.left
        self.report.seconds = time.monotonic() - started
        self._tell(())
        return self.report

    # ---- asking ----------------------------------------------------------------------------------

    def _jobs(self, source: Iterator[Item]) -> Iterator[Job]:
        while not (self._stop or self.session.stopped):
            item = next(source, None)
            if item is None:
                return
            kept = list(self.store.read(Record, "item", [item.key]))
            again = self._worth_another_look(item, kept)
            if kept and not self.refresh and not again:
                self._reuse(kept)
                continue
            context = self.contexts.build(item.subgraph, item.entities, item.relations)
            underway = Underway(item, self.strategies[item.strategy], context, words=words_in(kept))
            requests = underway.requests()
            paid = again and all(request.key in self.session.journal for request in requests)
            if not paid and ((kept and not self.refresh) or _stands(kept, context)):
                self._reuse(kept)
                continue
            texts = 0 if paid else underway.strategy.texts
            if self.max_texts is not None and self._asked + texts > self.max_texts:
                self._stop = "limit"
                self.report.left += 1
                return
            self._open += 1
            if not requests:
                underway.error = NOTHING
                self._close(underway)
                continue
            self._asked += texts
            yield from underway.ask(requests)

    def _worth_another_look(self, item: Item, kept: list[Record]) -> bool:
        """Whether every text of an item was rejected, and might not be now: one of them by a check that is
        not asked for any more, or fewer of them than may be tried.
        """
        if not kept or any(record.status != "rejected" for record in kept):
            return False
        asked = {check.name for check in self.checks}
        otherwise = any(not asked.issuperset({*record.reasons} - {"parent", READER}) for record in kept)
        tries = len({record.call for record in kept})
        return otherwise or tries <= self.retry_rejected * max(1, self.strategies[item.strategy].texts)

    def _reuse(self, kept: list[Record]) -> None:
        self.report.planned += 1
        self.report.reused += 1
        accepted = [record for record in kept if record.counts]
        self.report.reused_accepted += bool(accepted)
        asked = {check.name for check in self.checks}
        self.report.fewer_checks += any(
            not asked.issubset(check.name for check in record.checks) for record in accepted
        )
        self._tell(())

    # ---- reading ---------------------------------------------------------------------------------

    def _take(self, answer: Answer) -> list[Job]:
        """Keep what an answer gives; the jobs that follow from it."""
        place = answer.job.tag
        assert isinstance(place, Place)
        underway = place.underway
        underway.fresh |= not answer.reused
        records: list[Record] = []
        if answer.completion is None:
            underway.error = answer.error
        else:
            step = Step(answer.job.request, answer.completion, place.number)
            drafts = underway.strategy.read(underway.item, underway.context, underway.earlier, step)
            for number, draft in enumerate(drafts):
                try:
                    records.append(self._judged(draft, number, step, underway))
                except Unjudged as limit:  # the answer is in the journal: the next call judges it
                    self._stop = self._stop or limit.why
                    return []
                underway.add(place, number, records[-1])
            underway.keep(place, step, records)
            if records and place.tries < self.retry_rejected and not any(map(_counts, records)):
                request = again(step.request, answer.completion.text, records, underway.item.language)
                if self._may_ask(request):
                    self._tell(records)
                    return [Job(request, replace(place, tries=place.tries + 1))]
        jobs: list[Job] = []
        if underway.answered():
            requests = underway.requests()
            if requests:
                jobs = underway.ask(requests)
            else:
                if not underway.records and underway.earlier:
                    records.append(self._dead_end(underway))
                    underway.add(place, 0, records[-1])
                self._close(underway)
        self._tell(records)
        return jobs

    def _may_ask(self, request: Request) -> bool:
        """Whether one more text is within the limit; it is counted."""
        if request.key in self.session.journal:
            return True
        self._asked += 1
        return self.max_texts is None or self._asked <= self.max_texts

    def _judged(self, draft: Draft, number: int, step: Step, underway: Underway) -> Record:
        """The checked record of a draft."""
        # what asks again comes after the answer it is about: the task is the first that the user says
        prompt = next(message.content for message in step.request.messages if message.role == "user")
        written = Written(draft, underway.item, underway.context, step.completion.finish, prompt)
        parent = underway.parent(draft.parent)
        checks = judged(self.checks, written)
        if parent is not None and not _counts(parent):
            checks.append(Check("parent", "failed", f"grew out of the text {parent.id}, which was rejected"))
        record = self._record(draft, step, underway, checks, number, parent)
        if _counts(record):
            remember(self.checks, record.id, record.text)
        if len(self.report.shown) < SHOWN or record.status == "rejected":
            self.report.shown = [*self.report.shown, record][-PILOT:]
        return record

    def _dead_end(self, underway: Underway) -> Record:
        """The record of an item whose first answer gave its strategy nothing to go on with."""
        step, item = underway.earlier[-1], underway.item
        draft = Draft(
            " · ".join(entity.name for entity in item.entities) or item.strategy, step.completion.text
        )
        checks = [Check("form", "failed", "the strategy finds nothing in this answer to go on with")]
        return self._record(draft, step, underway, checks)

    def _record(
        self,
        draft: Draft,
        step: Step,
        underway: Underway,
        checks: Sequence[Check],
        number: int = 0,
        parent: Record | None = None,
    ) -> Record:
        record = record_of(
            self.store,
            underway.item,
            underway.context,
            draft,
            step.completion,
            checks,
            call=step.request.key,
            run=self.report.run,
            seed=self.seed,
            number=number,
            parent=parent.id if parent else None,
        )
        word = underway.words.get(record.id)
        return record if word is None else with_word(record, word)

    def _close(self, underway: Underway) -> None:
        self._open -= 1
        self.report.planned += 1
        if underway.error and not underway.accepted:
            self.report.failed += 1
            error = f"{type(underway.error).__name__}: {underway.error}"
            self.report.errors = [*self.report.errors, error][:SHOWN]
        elif not underway.fresh:
            self.report.reused += 1
            self.report.reused_accepted += underway.accepted > 0
        elif underway.accepted:
            self.report.done += 1
        else:
            self.report.rejected[underway.reason] += 1
        if underway.fresh and not underway.error:
            self._judge_pilot(underway)
        if underway.whole():  # else the next run asks for what is missing, and finds the rest in the journal
            self._unsaved += underway.records
        if len(self._unsaved) >= BATCH or time.monotonic() - self._saved_at > BATCH_SECONDS:
            self._save()

    def _judge_pilot(self, underway: Underway) -> None:
        group = (underway.item.strategy, underway.item.language)
        seen = self._pilots[group]
        if self.pilot and self.checks and len(seen) < PILOT:
            seen.append(underway.accepted > 0)
            if len(seen) == PILOT:
                self.session.held = self._held()
                if sum(seen) * 2 < PILOT:
                    self._stop = "pilot"

    def _held(self) -> int | None:
        """How many answers may be asked for and not yet read; None for any number.

        Where a judge asks the same local model, no more than are written side by side: its questions would
        wait for texts that nobody reads yet, and each in turn would push the other's prompt out of its cache.
        """
        model = self.session.model
        return getattr(model, "slots", None) if any(one.model is model for one in self.beside) else None

    def _save(self) -> None:
        if self._unsaved:
            self.store.upsert(self._unsaved)
            self._unsaved = []
        self._saved_at = time.monotonic()

    def _tell(self, records: Sequence[Record]) -> None:
        spent = [session.spent for session in (self.session, *self.beside)]
        self.report.tokens_in = sum(one.tokens_in for one in spent)
        self.report.tokens_out = sum(one.tokens_out for one in spent)
        known = [one.usd for one in spent if one.usd is not None]
        self.report.usd = sum(known) if len(known) == len(spent) else None
        if self._on_progress:
            for record in records or (None,):
                self._on_progress(self.report, record)


def _counts(record: Record) -> bool:
    return record.status == "accepted"


def _stands(kept: list[Record], context: Context) -> bool:
    """Whether a text is there that is not stale and rests on these chunks."""
    return any(record.status != "stale" and record.chunks == context.chunks for record in kept)


def _rest(source: Iterator[Item]) -> tuple[int, bool]:
    """How many items a stop left, and whether those are all."""
    if isinstance(source, Plan):
        return source.rest(COUNTED)
    return sum(1 for _ in source), True
