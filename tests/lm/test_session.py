"""The synchronous door and the loop behind it, against a real local server that fails on demand."""

import asyncio
import resource
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

import lm
from lm import door
from tests.lm.sessions import Jobs, session

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer


def test_every_job_is_answered_once_with_its_tag(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 100)))
    assert sorted(a.job.tag for a in answers) == list(range(100))  # type: ignore[type-var]
    assert all(a.completion and a.completion.text == f"Answer to 'Question {a.job.tag}?'." for a in answers)
    assert all(a.attempts == 1 and not a.reused and a.error is None for a in answers)
    assert opened.stopped is None
    assert (opened.spent.tokens_in, opened.spent.tokens_out, opened.spent.usd) == (2000, 1000, None)
    assert set(fake_server.times_asked().values()) == {1}


def test_the_number_in_flight_is_constant_and_never_more(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = 0.05
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=16) as opened:
        began = time.monotonic()
        assert len(list(opened.answers(jobs_for(model, 160)))) == 160
        seconds = time.monotonic() - began
    assert fake_server.most_in_flight == 16
    assert seconds < 10 * 0.05 * 3


def test_the_plan_is_drawn_lazily(fake_server: "FakeServer", journal: lm.Journal) -> None:
    model = lm.connect(fake_server.name)
    drawn = 0

    def plan() -> Iterator[lm.Job]:
        nonlocal drawn
        while True:
            drawn += 1
            yield lm.Job(lm.Request(lm.chat(f"Question {drawn}?"), model.name))

    with session(model, journal, concurrency=4) as opened:
        answers = opened.answers(plan())
        for _ in range(20):
            next(answers)
        assert drawn <= 20 + 4 + 2 * 4 + 4
    assert drawn < 60


def test_jobs_are_drawn_and_followed_in_the_callers_thread(
    fake_server: "FakeServer", journal: lm.Journal
) -> None:
    model = lm.connect(fake_server.name)
    database = sqlite3.connect(":memory:")  # it refuses to be used in another thread
    try:

        def plan() -> Iterator[lm.Job]:
            for n in range(20):
                (text,) = database.execute("select 'Row ' || ?", (n,)).fetchone()
                yield lm.Job(lm.Request(lm.chat(text), model.name))

        with session(model, journal) as opened:
            assert (
                len(list(opened.answers(plan(), follow=lambda a: database.execute("select 1 where 0")))) == 20
            )
    finally:
        database.close()


def test_what_was_answered_before_is_reused_without_a_call(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        list(opened.answers(jobs_for(model, 10)))
    with session(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 20)))
    assert sum(a.reused for a in answers) == 10
    assert all(a.completion for a in answers)
    assert len(fake_server.bodies) == 20
    assert opened.spent.tokens_in == 200, "what is reused costs nothing"


def test_the_same_question_is_asked_once(fake_server: "FakeServer", journal: lm.Journal) -> None:
    fake_server.delay = 0.05
    model = lm.connect(fake_server.name)
    request = lm.Request(lm.chat("Who?"), model.name)
    with session(model, journal) as opened:
        answers = list(opened.answers(lm.Job(request, n) for n in range(30)))
    assert sorted(a.job.tag for a in answers) == list(range(30))  # type: ignore[type-var]
    assert sum(not a.reused for a in answers) == 1
    assert len(fake_server.bodies) == 1


def test_follow_up_jobs_go_first(fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs) -> None:
    model = lm.connect(fake_server.name)

    def follow(answer: lm.Answer) -> list[lm.Job]:
        if answer.job.tag == 0:
            return [lm.Job(lm.Request(lm.chat("And then?"), model.name), "second")]
        if answer.job.tag == "second":
            return [lm.Job(lm.Request(lm.chat("And last?"), model.name), "third")]
        return []

    with session(model, journal, concurrency=1) as opened:
        order = [a.job.tag for a in opened.answers(jobs_for(model, 40), follow=follow)]
    assert len(order) == 42
    assert order.index("third") < 10


def test_follow_ups_of_reused_answers_are_followed_too(journal: lm.Journal) -> None:
    model = lm.connect("echo")

    def chain(answer: lm.Answer) -> list[lm.Job]:
        step = int(str(answer.job.tag))
        return [lm.Job(lm.Request(lm.chat(f"Step {step + 1}."), "echo"), step + 1)] if step < 5 else []

    for _ in range(2):
        with session(model, journal) as opened:
            tags = [
                a.job.tag for a in opened.answers([lm.Job(lm.Request(lm.chat("Step 0."), "echo"), 0)], chain)
            ]
        assert tags == [0, 1, 2, 3, 4, 5]


def test_a_request_for_another_model_is_a_wrong_argument(journal: lm.Journal) -> None:
    with session(lm.connect("echo"), journal) as opened, pytest.raises(ValueError, match="'other'"):
        list(opened.answers([lm.Job(lm.Request(lm.chat("Hi."), "other"))]))


def test_an_error_in_the_plan_reaches_the_caller_and_paid_answers_are_kept(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)

    def plan() -> Iterator[lm.Job]:
        yield from jobs_for(model, 5)
        raise ZeroDivisionError("the plan is broken")

    with pytest.raises(ZeroDivisionError), session(model, journal) as opened:
        list(opened.answers(plan()))
    assert len(journal) == len(fake_server.bodies)


def test_leaving_early_keeps_what_was_in_flight(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = 0.1
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        for _ in opened.answers(jobs_for(model, 100)):
            break
    assert len(journal) == len(fake_server.bodies) < 40
    assert fake_server.in_flight == 0


def test_a_second_call_of_answers_in_one_session(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        assert len(list(opened.answers(jobs_for(model, 10)))) == 10
        assert len(list(opened.answers(jobs_for(model, 30)))) == 30
    assert len(fake_server.bodies) == 30


def test_no_jobs_are_no_answers(journal: lm.Journal) -> None:
    with session(lm.connect("echo"), journal) as opened:
        assert list(opened.answers([])) == []


def test_it_works_inside_a_running_loop_as_in_a_notebook(journal: lm.Journal, jobs_for: Jobs) -> None:
    model = lm.connect("echo")

    async def cell() -> int:
        with session(model, journal) as opened:
            return len(list(opened.answers(jobs_for(model, 10))))

    assert asyncio.run(cell()) == 10


def test_it_works_in_several_threads_at_once(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    counts: list[int] = []

    def work(start: int) -> None:
        model = lm.connect(fake_server.name)
        with session(model, journal) as opened:
            counts.append(len(list(opened.answers(jobs_for(model, 60)[start : start + 20]))))

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 20, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [20, 20, 20]
    assert len(journal) == 60


def test_a_model_that_is_not_owned_stays_open(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    for count in (5, 10):
        with session(model, journal, own=False) as opened:
            assert len(list(opened.answers(jobs_for(model, count)))) == count
    lm.close(model)


def test_with_fsync_each_an_answer_is_on_the_disk_before_it_is_given(
    fake_server: "FakeServer", jobs_for: Jobs, tmp_path: Any
) -> None:
    model = lm.connect(fake_server.name)
    with lm.Journal.open(tmp_path / "j", corpus_id="c", fsync="each") as kept:
        with session(model, kept) as opened:
            answers = list(opened.answers(jobs_for(model, 30)))
        assert len(answers) == len(kept) == 30


def test_a_journal_on_a_full_disk_stops_the_session_with_one_line(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with (  # noqa: PT012
            pytest.raises(lm.JournalError, match="free some space"),
            session(model, journal, grace_seconds=1.0) as opened,
        ):
            for place, _ in enumerate(opened.answers(jobs_for(model, 500))):
                if place == 20:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 3000, hard))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    answered = len(journal)
    assert 20 < answered < 60
    with session(model, journal) as opened:
        assert sum(a.reused for a in opened.answers(jobs_for(model, 500))) == answered
    assert len(journal) == 500


def test_the_loop_thread_refuses_to_wait_for_itself() -> None:
    async def inside() -> None:
        door.call(asyncio.sleep(0))

    with pytest.raises(RuntimeError, match="wait for itself"):
        door.call(inside())
