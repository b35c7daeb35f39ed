"""What a session does where a server fails: tried again, waited for, given up; against a real local server that fails on demand."""

import random
import threading
import time
from typing import TYPE_CHECKING

import pytest

import lm
from tests.lm.sessions import Jobs, session

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["429:0.05", "429", "500", "502", "503", "504", "cut", "malformed", "drop"])
def test_a_fifth_of_faults_loses_nothing(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs, fault: str
) -> None:
    draw = random.Random(7)
    fake_server.behave = lambda n, body: fault if draw.random() < 0.2 else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal, retries=8) as opened:
        answers = list(opened.answers(jobs_for(model, 100)))
    assert len(answers) == 100
    assert all(a.completion for a in answers)
    assert max(a.attempts for a in answers) > 1
    assert len(fake_server.bodies) == sum(a.attempts for a in answers)


def test_timeouts_are_tried_again(fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs) -> None:
    fake_server.behave = lambda n, body: "slow" if n < 5 else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal, timeout_seconds=0.3) as opened:
        answers = list(opened.answers(jobs_for(model, 20)))
    assert all(a.completion for a in answers)
    assert journal.ledger.all.open_attempts == 5, "nobody knows what they cost: they stay counted"


def test_a_request_that_always_fails_is_an_answer_with_its_error(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "500" if "Question 3?" in str(body) else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal, retries=2) as opened:
        answers = {a.job.tag: a for a in opened.answers(jobs_for(model, 10))}
    assert isinstance(answers[3].error, lm.ServerError)
    assert answers[3].attempts == 3
    assert sum(a.completion is not None for a in answers.values()) == 9
    assert opened.stopped is None


def test_a_refused_request_is_not_tried_again(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "400" if "Question 3?" in str(body) else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        answers = {a.job.tag: a for a in opened.answers(jobs_for(model, 10))}
    assert isinstance(answers[3].error, lm.BadRequest)
    assert answers[3].attempts == 1


def test_retry_after_is_honoured(fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs) -> None:
    fake_server.behave = lambda n, body: "429:1" if n == 0 else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        began = time.monotonic()
        (answer,) = opened.answers(jobs_for(model, 1))
    assert answer.attempts == 2
    assert 1.0 <= time.monotonic() - began < 3


def test_a_wait_of_a_day_is_an_error_at_once(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "429:86400"
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        (answer,) = opened.answers(jobs_for(model, 1))
    assert isinstance(answer.error, lm.RateLimited)


def test_requests_per_minute_are_kept(fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs) -> None:
    model = lm.connect(fake_server.name)
    with session(model, journal, requests_per_minute=600) as opened:
        began = time.monotonic()
        assert len(list(opened.answers(jobs_for(model, 25)))) == 25
        seconds = time.monotonic() - began
    assert 1.4 < seconds < 4, "ten at once, then ten a second"


@pytest.mark.slow
def test_a_server_that_dies_and_comes_back_is_waited_for(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = 0.02
    model = lm.connect(fake_server.name)
    events: list[lm.Event] = []
    with session(model, journal, on_event=events.append, retries=1) as opened:
        seen = 0
        for answer in opened.answers(jobs_for(model, 200)):
            assert answer.completion
            seen += 1
            if seen == 50:
                fake_server.stop()
                threading.Timer(2.5, fake_server.start).start()
    assert seen == 200
    assert opened.stopped is None
    kinds = [event.kind for event in events]
    assert "down" in kinds
    assert kinds.index("down") < kinds.index("back")


@pytest.mark.slow
def test_a_gateway_that_only_says_502_does_not_use_up_the_retries(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    began = time.monotonic()
    fake_server.behave = lambda n, body: "502" if n >= 10 and time.monotonic() - began < 1.5 else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal, retries=6, concurrency=4) as opened:
        answers = list(opened.answers(jobs_for(model, 40)))
    assert all(a.completion for a in answers)
    assert len(fake_server.bodies) < 100, "it is left in peace while it is down"


@pytest.mark.slow
def test_a_server_that_stays_away_stops_the_session(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    with session(model, journal, give_up_seconds=1.0) as opened:
        answers = []
        for answer in opened.answers(jobs_for(model, 100)):
            answers.append(answer)
            if len(answers) == 10:
                fake_server.stop()
    assert opened.stopped == "unreachable"
    assert isinstance(opened.problem, lm.Unreachable)
    assert all(a.completion for a in answers)
    assert 10 <= len(answers) < 100


@pytest.mark.parametrize("fault", ["down", "key", "model", "html"])
def test_what_would_fail_every_request_is_told_before_a_job_is_drawn(
    fake_server: "FakeServer", journal: lm.Journal, fault: str
) -> None:
    name = fake_server.name
    expected: dict[str, type[lm.LMError]] = {
        "down": lm.Unreachable,
        "key": lm.AccessDenied,
        "model": lm.ModelNotFound,
        "html": lm.Unreachable,
    }
    if fault == "down":
        fake_server.stop()
    if fault == "key":
        fake_server.key = "right"
    if fault == "model":
        name = f"{fake_server.url}#nobody"
    if fault == "html":
        name = name.replace("/v1", "/page")
    with pytest.raises(expected[fault]), session(lm.connect(name), journal):
        pytest.fail("the body must not run")
    assert fake_server.bodies == []
    assert journal.ledger.all.open_attempts == 0


def test_a_key_revoked_midway_stops_the_session(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "401" if n >= 20 else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 200)))
    assert opened.stopped == "denied"
    assert sum(a.completion is not None for a in answers) == 20
    assert len(fake_server.bodies) < 50
