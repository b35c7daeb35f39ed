"""A session and a server that has had enough: what it is sent then, and what it is not."""

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import lm
from tests.lm.sessions import Jobs, session

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer


@pytest.mark.slow
def test_a_server_that_takes_eight_at_a_time_is_sent_about_eight(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = 0.02
    fake_server.behave = lambda n, body: "ok" if fake_server.working < 8 else "busy"
    seen: list[int] = []
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=64) as opened:
        for place, answer in enumerate(opened.answers(jobs_for(model, 1200))):
            assert answer.completion
            if place == 400:
                fake_server.most_in_flight = 0
                refused = len(fake_server.bodies) - place
            seen.append(fake_server.in_flight)
    assert len(seen) == 1200, "none is lost"
    assert fake_server.most_in_flight <= 10
    assert len(fake_server.bodies) - 1200 - refused < 200, "and it is not hammered at"


def test_when_all_is_refused_for_a_while_nothing_is_lost(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "429" if n < 100 else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=32, retries=20) as opened:
        answers = list(opened.answers(jobs_for(model, 300)))
    assert all(a.completion for a in answers)
    assert opened.stopped is None


@pytest.mark.slow
def test_a_server_that_gets_slower_with_every_request_is_sent_fewer(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = lambda working: 0.03 * max(1.0, working / 8)
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=48) as opened:
        assert len(list(opened.answers(jobs_for(model, 2500)))) == 2500
    assert max(fake_server.at_work[:100]) == 48
    # how narrow it stays is shown in simulated time (test_window.py): here the load of this machine has a say
    assert sorted(fake_server.at_work[500:])[200] <= 38, "never a refusal, and yet it is found out"


def test_after_a_retry_after_nothing_is_sent_before_its_time(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    arrived: list[float] = []

    def behave(n: int, body: dict[str, Any]) -> str:
        arrived.append(time.monotonic())
        return "429:1" if n == 5 else "ok"

    fake_server.behave = behave
    fake_server.delay = 0.02
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=4) as opened:
        answers = list(opened.answers(jobs_for(model, 40)))
    assert all(a.completion for a in answers)
    pauses = [later - earlier for earlier, later in pairwise(arrived)]
    assert max(pauses) > 0.95, "not only the refused request waits, but the whole endpoint"
    assert sum(pause > 0.5 for pause in pauses) == 1
    assert sum(a.attempts for a in answers) == 41


def test_a_server_that_wants_a_day_of_rest_ends_the_session(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "429:86400" if n >= 10 else "ok"
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=4) as opened:
        answers = list(opened.answers(jobs_for(model, 1000)))
    assert opened.stopped == "unreachable"
    assert isinstance(opened.problem, lm.RateLimited)
    assert sum(a.completion is not None for a in answers) == 10
    assert len(fake_server.bodies) <= 14, "the other 990 are not thrown at it"
