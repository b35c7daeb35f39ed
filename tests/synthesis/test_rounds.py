"""Items of several rounds, texts asked for again, wordings in turn: a scripted model (it says so) answers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kg.model import Check, Record, Subgraph
from kg.store import Store
from lm import FREE, Budget, Completion, Journal, Request, Session
from lm.base import ServerError, TokenCallback
from sampling import sampler
from synthesis.base import Parameters
from synthesis.checks import Checker, Written
from synthesis.checks.base import failed, passed
from synthesis.context import ContextBuilder
from synthesis.outcomes import RunReport
from synthesis.planning import Wanted, items
from synthesis.run import Run
from synthesis.strategies import strategy

SUMMARY = "The bell was built. The bell was rung. The rope walk was sold."
Say = Callable[[Request, int], str]


class Scripted:
    """A fake model for the order of things: it says what `say` returns, and keeps what it was asked."""

    name, remote, price = "scripted", False, FREE

    def __init__(self, say: Say) -> None:
        self.say, self.asked = say, list[Request]()

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        self.asked.append(request)
        text = self.say(request, len(self.asked))
        if text == "fail":
            raise ServerError("it failed on purpose")
        return Completion(text, "stop", 10, 10, 0.0, self.name, 0.0)

    def count_tokens(self, text: str) -> int:
        return len(text) // 4

    async def check(self) -> None: ...

    async def aclose(self) -> None: ...


class Refuses:
    """A check that fails texts with these words."""

    name = "refuses"

    def __init__(self, *words: str) -> None:
        self.words = words

    def check(self, written: Written) -> Check:
        found = [word for word in self.words if word in written.text]
        return failed(self.name, f"says {found[0]!r}") if found else passed(self.name)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal") as opened:
        yield opened


Write = Callable[..., RunReport]


@pytest.fixture
def write(store: Store, journal: Journal) -> Write:
    def written(
        spec: str,
        model: Scripted,
        subgraphs: list[Subgraph],
        *,
        checks: list[Checker] | None = None,
        wordings: int = 1,
        **more: object,
    ) -> RunReport:
        strategies = [strategy(one) for one in spec.split(",")]
        wanted = Wanted(strategies, Parameters("scripted"), wordings=wordings, language="en")
        with Session(
            model, journal=journal, run="r", concurrency=2, retries=0, budget=Budget(tokens=10**9)
        ) as session:
            run = Run(store, session, strategies, ContextBuilder(store), checks or [], run="r", **more)  # type: ignore[arg-type]
            return run.write(items(store, store.graph(), subgraphs, wanted))

    return written


def chosen(store: Store, name: str, n: int) -> list[Subgraph]:
    graph = store.graph()
    return [
        item for item, _ in zip(sampler(name).sample(graph, np.random.default_rng(1)), range(n), strict=False)
    ]


def summarizes(request: Request, number: int) -> str:
    return SUMMARY if "Summarise" in request.messages[-1].content else f"Passage {number}, in whole."


def test_every_level_of_a_hierarchy_knows_its_parent(store: Store, write: Write) -> None:
    report = write("hierarchical", Scripted(summarizes), chosen(store, "documents", 1))
    assert (report.done, report.planned) == (1, 1)
    records = {record.id: record for record in store.read(Record)}
    by_kind = {
        kind: [one for one in records.values() if one.kind == kind]
        for kind in ("summary", "sentence", "text")
    }
    assert [len(by_kind[kind]) for kind in ("summary", "sentence", "text")] == [1, 3, 3]
    (summary,) = by_kind["summary"]
    assert summary.parent is None
    assert {one.parent for one in by_kind["sentence"]} == {summary.id}
    assert {one.parent for one in by_kind["text"]} == {one.id for one in by_kind["sentence"]}


def test_the_passage_of_a_sentence_is_asked_for_in_its_words(store: Store, write: Write) -> None:
    model = Scripted(summarizes)
    write("hierarchical", model, chosen(store, "documents", 1))
    records = {record.id: record for record in store.read(Record)}
    asked = {request.key: request.messages[-1].content for request in model.asked}
    for passage in (record for record in records.values() if record.kind == "text"):
        assert f"says: {records[passage.parent or ''].text}\n" in asked[passage.call]


def test_nothing_is_built_on_a_text_that_was_rejected(store: Store, write: Write) -> None:
    model = Scripted(summarizes)
    write("hierarchical", model, chosen(store, "documents", 1), checks=[Refuses("rung")], pilot=False)
    assert len(model.asked) == 1  # the summary has the word too
    write("hierarchical", model, chosen(store, "documents", 1), checks=[OnlySentences("rung")], pilot=False)
    records = list(store.read(Record))
    assert sorted(record.kind for record in records if record.status == "accepted") == [
        *("sentence", "sentence", "summary", "text", "text")
    ]


class OnlySentences(Refuses):
    """The same of single sentences alone."""

    name = "sentences"

    def check(self, written: Written) -> Check:
        return super().check(written) if written.draft.kind == "sentence" else passed(self.name)


def test_study_writes_a_text_for_every_way_that_was_proposed(store: Store, write: Write) -> None:
    def say(request: Request, number: int) -> str:
        proposing = "Propose 3 ways" in request.messages[-1].content
        return (
            "1. Draw a time line.\n2. Ask who paid.\n3. Make a list.\n4. Sing."
            if proposing
            else f"Text {number}."
        )

    model = Scripted(say)
    report = write("study", model, chosen(store, "edges", 2))
    assert report.done == 2
    assert len(model.asked) == 2 * 4
    assert len(list(store.read(Record))) == 6
    ways = [
        request.messages[-1].content for request in model.asked if "Carry out" in request.messages[-1].content
    ]
    assert sum("Ask who paid." in words for words in ways) == 2


def test_max_texts_counts_every_text_of_an_item(store: Store, write: Write) -> None:
    model = Scripted(lambda request, number: "Draw a line.\nAsk who.\nMake a list.")
    report = write("study", model, chosen(store, "edges", 3), max_texts=7)
    assert (report.done, report.stopped) == (2, "limit")
    assert len(list(store.read(Record))) <= 7


def test_an_item_that_failed_half_way_is_finished_by_the_next_run_without_paying_again(
    store: Store, write: Write
) -> None:
    def say(request: Request, number: int) -> str:
        return "fail" if number == 3 else summarizes(request, number)

    model = Scripted(say)
    report = write("hierarchical", model, chosen(store, "documents", 1))
    assert report.planned == 1
    assert list(store.read(Record)) == []
    paid = len(model.asked)
    again = Scripted(summarizes)
    report = write("hierarchical", again, chosen(store, "documents", 1))
    assert report.done == 1
    assert len(again.asked) == 1
    assert paid == 4
    assert len(list(store.read(Record))) == 7


@pytest.mark.parametrize("tries", [0, 1, 2])
def test_a_rejected_text_is_asked_for_again_with_the_reason(store: Store, write: Write, tries: int) -> None:
    def say(request: Request, number: int) -> str:
        return "A good text." if len(request.messages) > 4 else "A bad text."

    model = Scripted(say)
    report = write(
        "relate", model, chosen(store, "edges", 1), checks=[Refuses("bad")], retry_rejected=tries, pilot=False
    )
    assert len(model.asked) == 1 + tries
    assert (report.done, dict(report.rejected)) == ((1, {}) if tries == 2 else (0, {"refuses": 1}))
    assert [one.status for one in store.read(Record)].count("rejected") == min(1 + tries, 2)
    if tries:
        *_, answer, asked = model.asked[1].messages
        assert (answer.role, answer.content) == ("assistant", "A bad text.")
        assert "refuses: says 'bad'" in asked.content


def test_what_was_rejected_before_is_tried_again_and_its_first_answer_not_paid_again(
    store: Store, write: Write
) -> None:
    about = chosen(store, "edges", 1)
    model = Scripted(lambda request, number: "A good text." if len(request.messages) > 2 else "A bad text.")
    refuses: list[Checker] = [Refuses("bad")]
    assert write("relate", model, about, checks=refuses, pilot=False).rejected == {"refuses": 1}
    assert write("relate", model, about, checks=refuses, pilot=False).reused == 1
    report = write("relate", model, about, checks=refuses, retry_rejected=1, pilot=False)
    assert (report.done, len(model.asked)) == (1, 2)
    assert write("relate", model, about, checks=refuses, retry_rejected=1, pilot=False).reused_accepted == 1
    assert len(model.asked) == 2


class Copies(Refuses):
    """A check that fails a text that the prompt holds."""

    name = "copies"

    def check(self, written: Written) -> Check:
        return failed(self.name, "copied") if written.text in written.prompt else passed(self.name)


def test_another_answer_is_held_against_the_task_not_against_what_asked_again(
    store: Store, write: Write
) -> None:
    model = Scripted(lambda request, number: "### Task")
    report = write(
        "relate", model, chosen(store, "edges", 1), checks=[Copies()], retry_rejected=2, pilot=False
    )
    assert (len(model.asked), dict(report.rejected)) == (3, {"copies": 1})


def test_trying_again_stays_within_the_limit_of_texts(store: Store, write: Write) -> None:
    model = Scripted(lambda request, number: "A bad text.")
    report = write(
        "relate",
        model,
        chosen(store, "edges", 3),
        checks=[Refuses("bad")],
        retry_rejected=5,
        max_texts=4,
        pilot=False,
    )
    assert len(model.asked) <= 4
    assert report.planned == 3


def test_wordings_are_written_by_the_strategies_in_turn_and_at_least_once_by_each(
    store: Store, write: Write
) -> None:
    model = Scripted(lambda request, number: f"Text {number}.")
    about = chosen(store, "edges", 1)
    assert write("relate,lesson,dialogue", model, about).done == 3
    report = write("relate,lesson,dialogue", model, about, wordings=7)
    assert (report.done, report.reused) == (4, 3)
    by = [(record.strategy, record.wording) for record in store.read(Record)]
    assert sorted(by) == sorted(
        [
            ("relate", 0),
            ("relate", 1),
            ("relate", 2),
            *((name, n) for name in ("lesson", "dialogue") for n in (0, 1)),
        ]
    )
    lessons = {
        request.messages[-1].content for request in model.asked if "Write a" in request.messages[-1].content
    }
    assert len(lessons) == 4


def test_a_choice_offers_other_entities_that_nothing_joins_to_the_right_one(
    store: Store, write: Write
) -> None:
    model = Scripted(lambda request, number: "Question: Who?\nReason: It is said so.")
    about = chosen(store, "entities", 6)
    report = write("qa:form=choice", model, about)
    graph = store.graph()
    assert report.done + report.failed == 6
    for record in store.read(Record):
        assert record.kind == "qa"
        options = [line[3:] for line in record.text.splitlines() if line[1:3] == ") "]
        (asked,) = record.asked
        assert asked.name in options
        assert f"{asked.name}. It is said so." in record.text.rpartition("Answer: ")[2]
        row = graph.entity_row(asked.entity)
        joined = {graph.names[int(other)] for other in graph.targets[graph.outgoing[row]]}
        joined |= {graph.names[int(other)] for other in graph.sources[graph.incoming[row]]}
        assert not joined & (set(options) - {asked.name})
        assert len(set(options)) == len(options) > 1


def test_where_there_is_no_wrong_answer_it_is_said(store: Store, write: Write) -> None:
    about = [Subgraph.make(list(map(store.graph().entity_id, range(len(store.graph())))))]
    report = write("qa:form=choice", Scripted(lambda request, number: ""), about)
    assert report.failed == 1
    assert "no other entity could be a wrong answer" in report.errors[0]
