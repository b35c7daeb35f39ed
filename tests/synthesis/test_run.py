"""The run against a real store, journal and session; the echo model and a real local server answer."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lm
from kg.model import Record, Subgraph
from kg.store import Store
from lm import Budget, Journal, Session
from lm.echo import Echo
from sampling import coverage_of_records, interleave, sampler
from synthesis.base import Parameters, SynthesisError
from synthesis.checks import Checker, checkers
from synthesis.checks.judged_claims import JudgedClaims
from synthesis.context import ContextBuilder
from synthesis.estimate import estimated
from synthesis.outcomes import RunReport
from synthesis.planning import Wanted, items
from synthesis.run import Run
from synthesis.strategies import STRATEGIES

Write = Callable[..., RunReport]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal") as opened:
        yield opened


def plan(store: Store, names: str = "edges,entities", n: int = 6, seed: int = 1) -> list[Subgraph]:
    graph = store.graph()
    chosen = [sampler(name).sample(graph, np.random.default_rng(seed)) for name in names.split(",")]
    return list(interleave(*chosen))[:n]


@pytest.fixture
def write(store: Store, journal: Journal) -> Write:
    def written(
        subgraphs: list[Subgraph],
        *,
        model: str = "echo",
        checks: str = "none",
        wordings: int = 1,
        budget: Budget | None = None,
        on_progress: Any = None,
        **more: Any,
    ) -> RunReport:
        connected = lm.connect(model)
        strategies = [STRATEGIES[name]() for name in ("describe", "relate")]
        wanted = Wanted(strategies, Parameters(connected.name), wordings=wordings, sampler="test")
        with Session(connected, journal=journal, budget=budget, concurrency=4, run="test") as session:
            run = Run(
                store,
                session,
                strategies,
                ContextBuilder(store),
                checkers(checks.split(",")),
                run="test",
                on_progress=on_progress,
                **more,
            )
            return run.write(items(store, store.graph(), subgraphs, wanted))

    return written


def adds_up(report: RunReport) -> bool:
    parts = report.done + sum(report.rejected.values()) + report.failed + report.reused + report.left
    return report.planned == parts


def test_every_subgraph_gets_a_record_with_its_sources(store: Store, write: Write) -> None:
    wanted = plan(store)
    report = write(wanted)
    assert (report.planned, report.done, report.stopped) == (6, 6, None)
    records = list(store.read(Record))
    assert {record.subgraph.key for record in records} == {item.key for item in wanted}
    for record in records:
        assert record.documents
        assert record.chunks
        assert record.call
        assert all(asked.candidates for asked in record.asked)


class OneAtATime(Echo):
    """As a local model with one slot."""

    slots = 1


def test_a_local_model_that_judges_too_writes_the_next_text_when_the_last_is_judged(
    store: Store, journal: Journal
) -> None:
    model, strategy = OneAtATime(), STRATEGIES["relate"]()
    wanted = items(store, store.graph(), plan(store, "edges", 5), Wanted([strategy], Parameters("echo")))
    with (
        Session(model, journal=journal, purpose="write") as session,
        Session(model, journal=journal, purpose="judge") as judge,
    ):
        checks: list[Checker] = [JudgedClaims(judge)]
        run = Run(store, session, [strategy], ContextBuilder(store), checks, run="test", beside=[judge])
        run.write(wanted)
    sent = [event["purpose"] for event in journal.events() if event["event"] == "sent"]
    assert sent.count("write") == 5
    assert sent[:2] == ["write", "judge"]
    assert ("write", "write", "judge") not in set(zip(sent, sent[1:], sent[2:], strict=False))


def test_a_second_run_asks_nothing_and_changes_nothing(store: Store, write: Write, journal: Journal) -> None:
    wanted = plan(store)
    write(wanted)
    before, calls = list(store.read(Record)), len(journal)
    report = write(wanted)
    assert (report.reused, report.done, report.tokens_out) == (6, 0, 0)
    assert len(journal) == calls
    assert list(store.read(Record)) == before


def test_a_longer_plan_reuses_the_shorter_one(store: Store, write: Write) -> None:
    wanted = plan(store, n=6)
    write(wanted[:4])
    report = write(wanted)
    assert (report.reused, report.done) == (4, 2)


def test_records_lost_from_the_store_come_back_from_the_journal_without_a_call(
    store: Store, write: Write, journal: Journal
) -> None:
    wanted = plan(store)
    write(wanted)
    records, calls = list(store.read(Record)), len(journal)
    store.delete(records)
    report = write(wanted)
    assert (report.reused, len(journal)) == (6, calls)
    assert list(store.read(Record)) == records


def test_each_wording_is_a_text_of_its_own(store: Store, write: Write, journal: Journal) -> None:
    report = write(plan(store, n=2), wordings=3)
    assert report.planned == 6
    assert len(journal) == 6


def test_rejected_texts_keep_their_reason_and_cover_nothing(store: Store, write: Write) -> None:
    report = write(plan(store), checks="copying", pilot=False)  # the echo model copies its passages
    assert report.rejected["copying"] == report.planned - report.done > 0
    rejected = [record for record in store.read(Record) if record.status == "rejected"]
    assert all(record.reasons == ("copying",) for record in rejected)
    kept = coverage_of_records(store)
    assert kept.texts == report.done


def test_a_pilot_of_twenty_bad_answers_stops_the_run_and_shows_them(store: Store, write: Write) -> None:
    wanted = plan(store, "pairs,triples", n=40)
    assert len(wanted) > 25
    report = write(wanted, checks="copying")
    assert report.stopped == "pilot"
    assert report.shown
    assert 20 <= sum(report.rejected.values()) + report.done < 40
    assert adds_up(report)


def test_a_pilot_that_fails_has_not_paid_for_hundreds(store: Store, journal: Journal) -> None:
    echo = lm.connect("echo")
    strategies = [STRATEGIES["relate"]()]
    wanted = Wanted(strategies, Parameters(echo.name))
    with Session(echo, journal=journal, concurrency=64, run="test") as session:
        run = Run(store, session, strategies, ContextBuilder(store), checkers(["copying"]), run="test")
        report = run.write(items(store, store.graph(), plan(store, "pairs,triples", 200), wanted))
    assert report.stopped == "pilot"
    assert 20 <= len(journal) <= 40


def test_max_texts_asks_for_no_more_than_that(store: Store, write: Write, journal: Journal) -> None:
    report = write(plan(store), max_texts=2)
    assert (report.done, report.stopped, report.left, len(journal)) == (2, "limit", 4, 2)
    assert adds_up(report)


@pytest.mark.parametrize("place", ["drawing an item", "taking an answer", "reusing a text"])
@pytest.mark.parametrize("at", [1, 3])
def test_ctrl_c_wherever_it_comes_loses_no_item_from_the_count(
    store: Store, write: Write, journal: Journal, monkeypatch: pytest.MonkeyPatch, place: str, at: int
) -> None:
    steps = 0

    def step(*_: object) -> bool:
        nonlocal steps
        steps += 1
        if steps == at:
            signal.raise_signal(signal.SIGINT)
        return True

    wanted = plan(store, n=12)
    before = write(wanted[:4]).done if place == "reusing a text" else 0
    with monkeypatch.context() as patched:
        build = ContextBuilder.build
        if place == "drawing an item":
            patched.setattr(ContextBuilder, "build", lambda *given: step() and build(*given))
        report = write(wanted, on_progress=None if place == "drawing an item" else step)
    assert (report.planned, adds_up(report)) == (12, True)
    # echo answers at once: on a busy machine all may be there before the first is taken
    assert report.stopped == "interrupt" or report.done + report.reused == 12
    assert len(journal) == before + report.done
    again = write(wanted)
    assert (again.done, again.reused) == (12 - before - report.done, before + report.done)


def test_a_budget_that_holds_two_answers_lets_no_more_out(
    store: Store, write: Write, journal: Journal
) -> None:
    report = write(plan(store), budget=Budget(tokens=2000))
    assert report.stopped == "budget"
    assert report.tokens_in + report.tokens_out <= 2000
    assert 0 < len(journal) < 6
    assert adds_up(report)


def test_failing_calls_are_counted_and_named_and_the_others_are_kept(store: Store, journal: Journal) -> None:
    echo = lm.connect("echo:fail=1")
    strategies = [STRATEGIES["relate"]()]
    wanted = Wanted(strategies, Parameters(echo.name))
    with Session(echo, journal=journal, retries=1, backoff_seconds=0.01, run="test") as session:
        run = Run(store, session, strategies, ContextBuilder(store), [], run="test")
        report = run.write(items(store, store.graph(), plan(store, "edges", 3), wanted))
    assert (report.failed, report.done) == (3, 0)
    assert "ServerError" in report.errors[0]
    assert list(store.read(Record)) == []


def test_a_changed_document_makes_its_texts_stale_and_refresh_writes_them_again(
    store: Store, write: Write, sources: Path, rebuilt: Callable[[Store, Path], None]
) -> None:
    wanted = plan(store, "entities", 6)
    write(wanted)
    letter = sources / "letter.md"
    letter.write_text(letter.read_text("utf-8").replace("herring", "eels"), encoding="utf-8")
    rebuilt(store, sources)
    stale = [record for record in store.read(Record) if record.status == "stale"]
    assert stale
    assert write(wanted).reused == len(wanted)
    report = write(wanted, refresh=True)
    assert report.done == len({record.subgraph.key for record in stale})
    assert coverage_of_records(store).covered("entities") == len(wanted)


def test_one_more_document_does_not_make_an_accepted_text_be_asked_for_again(
    store: Store, write: Write, sources: Path, rebuilt: Callable[[Store, Path], None], journal: Journal
) -> None:
    wanted = plan(store, "entities", 6)
    write(wanted)
    calls = len(journal)
    (sources / "more.md").write_text("Mina Arden lived to be ninety near the fog bell.", encoding="utf-8")
    rebuilt(store, sources)
    assert write(wanted).reused == 6
    assert len(journal) == calls


def test_texts_cover_what_they_name(store: Store, write: Write) -> None:
    write(plan(store, "edges", 100))
    coverage = coverage_of_records(store)
    assert coverage.share("relations") == 1.0


def test_a_plan_of_another_corpus_is_refused_before_anything_is_sent(
    store: Store, write: Write, journal: Journal
) -> None:
    with pytest.raises(SynthesisError, match="not in this corpus"):
        write([Subgraph.make(["f" * 32, "e" * 32])])
    assert len(journal) == 0


def test_a_subgraph_that_no_strategy_fits_is_refused(store: Store, write: Write) -> None:
    with pytest.raises(SynthesisError, match="no strategy fits"):
        write([Subgraph.make([], slots=(("noun", "cat"),))])


def test_an_estimate_shows_the_exact_prompts_that_a_run_then_sends(
    store: Store, write: Write, journal: Journal
) -> None:
    wanted = plan(store)
    strategies = [STRATEGIES[name]() for name in ("describe", "relate")]
    source = items(store, store.graph(), wanted, Wanted(strategies, Parameters("echo"), sampler="test"))
    found = estimated(store, source, strategies, ContextBuilder(store))
    assert (found.items, found.calls, found.reused) == (6, 6, 0)
    assert found.tokens_in > 0
    write(wanted)
    assert all(request.key in journal for request in found.requests)


def test_progress_is_told_for_every_item(store: Store, write: Write) -> None:
    told: list[int] = []
    write(plan(store), on_progress=lambda report, record: told.append(report.planned))
    assert told[-1] == 6
    assert told == sorted(told)


def test_what_no_file_can_hold_is_replaced_in_a_text(store: Store) -> None:
    from kg.model import Record
    from lm import Completion
    from synthesis.base import Draft, Item
    from synthesis.context import Context
    from synthesis.records import record_of

    item = Item(Subgraph.make(()), (), (), "summarize", "1", Parameters("echo"))
    done = Completion("x", "stop", 1, 1, 0.0, "echo")
    made = record_of(
        store, item, Context(), Draft("A\x00", "cut \ud800 here"), done, [], call="c" * 32, run="r"
    )
    store.upsert([made])
    (kept,) = store.read(Record, "id", [made.id])
    assert (kept.title, kept.text) == ("A\ufffd", "cut \ufffd here")
