"""Judging the texts of a corpus: `entigraph judge`, for the command line and for Python."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.judgements import PairTable, ScoreTable, pair_table, score_table, to_json
from entigraph.config import Value
from entigraph.workplace import connect, journal_of, session_of
from kg.model import Record, content_id
from kg.store import Store
from kg.suggest import unknown
from lm.base import LM, Request
from lm.door import close
from lm.jobs import OnEvent
from lm.names import adapter_of
from lm.tokens import estimate
from synthesis.base import SynthesisError
from synthesis.judge import GROUPS, Judge, JudgeReport, Progress, Question, judged_texts, pairs_by
from synthesis.rubric import USUAL, Rubric, read_rubric

SHOWN = 3
EXACT = 200


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """What is to be judged. With `pairs`, texts about one subgraph are compared that differ in that field;
    `n` is how many texts or pairs, drawn by `seed`.
    """

    model: str
    rubric: str | None = None
    pairs: str | None = None
    by: str = "strategy"
    n: int | None = None
    votes: int = 1
    seed: int = 0
    concurrency: int = 8
    budget_usd: float | None = None
    budget_tokens: int | None = None
    deadline_seconds: float | None = None

    def check(self) -> None:
        """Raise ValueError for what cannot be, before any work."""
        for name in (self.pairs, self.by):
            if name is not None and name not in GROUPS:
                raise ValueError(unknown("group", name, GROUPS))
        for name, value in (("n", self.n), ("votes", self.votes), ("concurrency", self.concurrency)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be 1 or more, seen {value}")
        adapter_of(self.model)

    @property
    def limited(self) -> bool:
        """Whether anything bounds what this may cost; a deadline alone does not."""
        return any(bound is not None for bound in (self.n, self.budget_usd, self.budget_tokens))


@dataclass(slots=True)
class JudgeJob:
    """Everything for one judging: nothing is sent yet."""

    store: Store
    lm: LM
    options: JudgeOptions
    rubric: Rubric
    judge: Judge
    texts: list[Record]
    chosen: list[tuple[Record, ...]]

    @property
    def run(self) -> str:
        """Name of the run: the same question of the same model is the same run."""
        o = self.options
        kept = content_id("judge", self.rubric.fingerprint, o.model, o.pairs or "", o.votes, o.seed)
        return f"judge-{self.rubric.name}-{kept[:8]}"

    def questions(self) -> Iterator[Question]:
        """What would be asked, lazily."""
        if self.options.pairs:
            return self.judge.comparisons((one, other) for one, other in self.chosen)
        return self.judge.scores(text for (text,) in self.chosen)

    def estimate(self) -> dict[str, Any]:
        """Calls and tokens of what has no answer yet; prompts beyond the first 200 are taken to be like those."""
        open_ = [
            question
            for question in self.questions()
            if not any(True for _ in self.store.read(Record, "item", [question.item]))
        ]
        requests = [self.judge.request(question) for question in open_[:EXACT]]
        sizes = [sum(estimate(message.content) for message in one.messages) for one in requests]
        factor = len(open_) / len(requests) if requests else 0.0
        price = self.lm.price
        found = {
            "run": self.run,
            "calls": len(open_),
            "tokens_in": round(sum(sizes) * factor),
            "tokens_out_most": round(sum(one.max_tokens for one in requests) * factor),
        }
        usd = None if price is None else price.usd(found["tokens_in"], found["tokens_out_most"])  # type: ignore[arg-type]
        return {**found, "usd_most": usd, "requests": [request.to_dict() for request in requests[:SHOWN]]}

    def shown(self) -> list[Request]:
        """The first requests, exactly as they would be sent."""
        return [
            self.judge.request(question) for question, _ in zip(self.questions(), range(SHOWN), strict=False)
        ]


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging came to: the report of the run and the table of its judgements."""

    report: JudgeReport
    table: ScoreTable | PairTable

    def to_json(self) -> dict[str, Any]:
        """What `entigraph judge --json` prints."""
        r = self.report
        return {
            "run": r.run,
            "planned": r.planned,
            "judged": r.judged,
            "reused": r.reused,
            "failed": r.failed,
            "tokens_in": r.tokens_in,
            "tokens_out": r.tokens_out,
            "usd": None if r.usd is None else round(r.usd, 6),
            "stopped": r.stopped,
            **to_json(self.table),
        }


def prepare(store: Store, options: JudgeOptions, settings: dict[str, Value]) -> JudgeJob:
    """Check the options against the corpus; nothing is sent. Raises where there is nothing to judge."""
    options.check()
    rubric = read_rubric(Path(options.rubric) if options.rubric else USUAL)
    texts = judged_texts(store)
    if not texts:
        raise SynthesisError("there is no accepted text to judge; 'entigraph generate' writes some")
    chosen: list[tuple[Record, ...]] = [(text,) for text in texts]
    if options.pairs:
        chosen = list(pairs_by(texts, options.pairs))
        if not chosen:
            raise SynthesisError(
                f"no two texts are about the same subgraph and differ in their {options.pairs}; write some with "
                "two strategies or models about the same plan, or judge without --pairs"
            )
    order = np.random.default_rng(options.seed).permutation(len(chosen))[: options.n]
    lm = connect(options.model, settings)
    judge = Judge(store, rubric, lm.name, votes=options.votes)
    return JudgeJob(store, lm, options, rubric, judge, texts, [chosen[at] for at in sorted(order)])


def judge(
    job: JudgeJob,
    settings: dict[str, Value],
    *,
    on_progress: Progress | None = None,
    on_event: OnEvent | None = None,
) -> Judged:
    """Ask the questions of a prepared job, keep the judgements as records, and count them.

    Raises ValueError for a remote model without a limit, LMError where the model cannot be used at all.
    """
    options, lm = job.options, job.lm
    try:
        if lm.remote and not options.limited:
            raise ValueError(
                f"{lm.name} is a remote model and nothing limits this: {job.estimate()['calls']:,} calls; give -n, "
                "--budget-usd or --budget-tokens"
            )
        with (
            journal_of(job.store, settings) as journal,
            session_of(
                lm, journal, options, settings, purpose="judge", run=job.run, on_event=on_event
            ) as session,
        ):
            report = job.judge.ask(job.questions(), session, run=job.run, on_progress=on_progress)
    finally:
        close(lm)
    by_id = {text.id: text for text in job.texts}
    if options.pairs:
        return Judged(report, pair_table(report.records, by_id, options.pairs, options.seed))
    criteria = list(job.rubric.criteria)
    return Judged(report, score_table(report.records, by_id, options.by, criteria, options.seed))
