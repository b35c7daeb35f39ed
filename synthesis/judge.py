"""A model judges texts: scores by a rubric, or which of two is better, asked in both orders.

Judgements are records like any other, with the status "judgement": the call that was paid, the model, the run,
the text that was judged as `parent`. They cover nothing and are not exported. What was judged once by the same
model and rubric is not asked for again.

Asking in both orders and taking what both agree on: Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and
Chatbot Arena" (arXiv 2306.05685), where models are seen to prefer what stands first.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from kg.model import Asked, Chunk, Record, Subgraph, content_id
from kg.store import Store
from lm.base import Completion, Malformed, Request
from lm.jobs import Answer, Job
from lm.session import Session
from lm.structured import parse
from lm.tokens import estimate
from synthesis.library import Library
from synthesis.prompting import load, prompt_language
from synthesis.rubric import Rubric, pair_schema

GROUPS = ("strategy", "model", "sampler", "run", "wording", "language")
CONTEXT_TOKENS = 1500
ANSWER_TOKENS = 60
SCORE_TOKENS = 12
BATCH = 25
TRIES, ANOTHER, WARM = 2, 1000, 0.7

Progress = Callable[["JudgeReport"], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A judgement that is wanted: of one text, or of two in an order; one of several votes.

    `tries` counts the answers to it that could not be read.
    """

    texts: tuple[Record, ...]
    vote: int
    item: str
    tries: int = 0


@dataclass(slots=True)
class JudgeReport:
    """What came of it. `judged` are judgements that are there now, `reused` of them before this call."""

    run: str
    planned: int = 0
    judged: int = 0
    reused: int = 0
    failed: int = 0
    stopped: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0
    errors: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


class Judge:
    """Asks a model about texts of a corpus, by a rubric.

    `votes` is how often each question is asked, with another sample of the model each time. `tokens` bounds
    the passages: the chunks that the text rests on, in their order.
    """

    def __init__(
        self, store: Store, rubric: Rubric, model: str, *, votes: int = 1, tokens: int = CONTEXT_TOKENS
    ) -> None:
        if votes < 1:
            raise ValueError(f"votes must be 1 or more, not {votes}")
        self.store, self.rubric, self.model, self.votes, self.tokens = store, rubric, model, votes, tokens
        self._library = Library(store)

    def scores(self, texts: Iterable[Record]) -> Iterator[Question]:
        """Every vote on every text."""
        for text in texts:
            for vote in range(self.votes):
                yield self._question((text,), vote)

    def comparisons(self, pairs: Iterable[tuple[Record, Record]]) -> Iterator[Question]:
        """Every vote on every pair, in both orders."""
        for one, other in pairs:
            for vote in range(self.votes):
                yield self._question((one, other), vote)
                yield self._question((other, one), vote)

    def request(self, question: Question) -> Request:
        """What is asked, exactly."""
        rubric, first = self.rubric, question.texts[0]
        language = prompt_language(first.language)
        values = {
            "context": self._passages(question.texts),
            "criteria": rubric.listed,
            "low": str(rubric.low),
            "high": str(rubric.high),
        }
        if len(question.texts) == 1:
            values["text"] = first.text
            schema, name = rubric.schema, "judge"
        else:
            values |= {"first": first.text, "second": question.texts[1].text}
            schema, name = pair_schema(), "judge_pair"
        return Request(
            messages=load(name, language).fill(values),
            model=self.model,
            temperature=0.0 if self.votes == 1 and not question.tries else WARM,
            top_p=1.0,
            max_tokens=ANSWER_TOKENS + 40 + SCORE_TOKENS * len(rubric.criteria),
            sample=question.vote + question.tries * ANOTHER,
            schema=schema,
        )

    def ask(
        self,
        questions: Iterable[Question],
        session: Session,
        *,
        run: str,
        on_progress: Progress | None = None,
    ) -> JudgeReport:
        """Ask what has no answer yet, and keep the judgements."""
        report, unsaved = JudgeReport(run), list[Record]()

        def jobs() -> Iterator[Job]:
            for question in questions:
                if session.stopped:
                    return
                report.planned += 1
                kept = next(iter(self.store.read(Record, "item", [question.item])), None)
                if kept is not None:
                    report.reused += 1
                    report.records.append(kept)
                else:
                    yield Job(self.request(question), question)

        def take(answer: Answer) -> list[Job]:
            try:
                record = self._judgement(answer, run)
            except Malformed as unreadable:
                question = answer.job.tag
                assert isinstance(question, Question)
                if answer.completion is not None and question.tries < TRIES:
                    other = replace(question, tries=question.tries + 1)
                    return [Job(self.request(other), other)]
                report.failed += 1
                report.errors.append(str(unreadable))
            else:
                report.records.append(record)
                unsaved.append(record)
            if len(unsaved) >= BATCH:
                self.store.upsert(unsaved)
                unsaved.clear()
            spent = session.spent
            report.tokens_in, report.tokens_out, report.usd = spent.tokens_in, spent.tokens_out, spent.usd
            report.judged = len(report.records)
            if on_progress:
                on_progress(report)
            return []

        try:
            for _ in session.answers(jobs(), follow=take):
                pass
        finally:
            if unsaved:
                self.store.upsert(unsaved)
        report.judged = len(report.records)
        report.stopped = session.stopped
        report.records.sort(key=lambda record: record.id)
        return report

    def _question(self, texts: tuple[Record, ...], vote: int) -> Question:
        kind = ("scores", "comparison")[len(texts) - 1]
        ids = [text.id for text in texts]
        item = content_id("judgement", kind, *ids, self.rubric.fingerprint, self.model, vote, self.votes == 1)
        return Question(texts, vote, item)

    def _passages(self, texts: Sequence[Record]) -> str:
        """The chunks that the texts rest on, in the order of their documents, within the bound."""
        ids = {id for text in texts for id in text.chunks}
        chunks: list[Chunk] = sorted(self._library.chunks(ids).values(), key=lambda c: (c.document, c.start))
        room, blocks = self.tokens, list[str]()
        for document, inside in _grouped(chunks).items():
            blocks.append(f'"{self._library.document(document).title}"')
            for chunk in inside:
                words = self._library.words(document, chunk.start, chunk.end).strip()
                room -= estimate(words)
                if room < 0 and len(blocks) > 1:
                    blocks.append("[…]")
                    break
                blocks.append(words)
        return "\n".join(blocks)

    def _judgement(self, answer: Answer, run: str) -> Record:
        question = answer.job.tag
        assert isinstance(question, Question)
        if answer.completion is None:
            raise Malformed(str(answer.error))
        request = answer.job.request
        assert request.schema is not None
        said = parse(answer.completion.text, request.schema)
        return judgement(question, said, answer.completion, request, self.rubric, run)


def judgement(
    question: Question,
    said: Mapping[str, Any],
    completion: Completion,
    request: Request,
    rubric: Rubric,
    run: str,
) -> Record:
    """The record of one judgement. Its text is what the model said, as JSON; `read_back` reads it."""
    first = question.texts[0]
    data = {"texts": [text.id for text in question.texts], **said}
    return Record(
        id=content_id("record", question.item, request.key),
        item=question.item,
        kind="judgement",
        title=first.title,
        text=json.dumps(data, ensure_ascii=False),
        language=first.language,
        strategy=f"judge:{rubric.name}",
        version=rubric.fingerprint,
        model=completion.model,
        subgraph=Subgraph.make((), (), first.documents),
        asked=tuple[Asked, ...](),
        relations=(),
        documents=first.documents,
        chunks=first.chunks,
        call=request.key,
        run=run,
        wording=question.vote,
        parent=first.id,
        status="judgement",
        tokens_in=completion.tokens_in,
        tokens_out=completion.tokens_out,
        cost_usd=completion.cost_usd,
    )


def read_back(record: Record) -> dict[str, Any]:
    """What a judgement says: `texts`, the ids, and a number for each criterion, or `better`; and `reason`."""
    found: dict[str, Any] = json.loads(record.text)
    return found


def judged_texts(store: Store) -> list[Record]:
    """The texts of a corpus that can be judged, in the order of their ids."""
    return sorted((r for r in store.read(Record) if r.counts), key=lambda record: record.id)


def pairs_by(texts: Iterable[Record], group: str) -> list[tuple[Record, Record]]:
    """Pairs of texts about the same subgraph that differ in a field of `GROUPS`: a text of each kind with one
    of each other kind.
    """
    about: dict[str, dict[str, Record]] = defaultdict(dict)
    for text in texts:
        about[text.subgraph.key].setdefault(str(getattr(text, group)), text)
    return [
        pair
        for _, kinds in sorted(about.items())
        for pair in combinations([kinds[name] for name in sorted(kinds)], 2)
    ]


def _grouped(chunks: Iterable[Chunk]) -> dict[str, list[Chunk]]:
    found: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        found[chunk.document].append(chunk)
    return found
