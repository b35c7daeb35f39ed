"""Ends of a session before its jobs are done: Ctrl-C once and twice, a deadline."""

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

import lm
from tests.lm.sessions import Jobs, session

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer


def interrupt_after(seconds: float) -> None:
    """Ctrl-C in the main thread, where the test runs."""
    main = threading.main_thread().ident
    assert main is not None
    threading.Timer(seconds, lambda: signal.pthread_kill(main, signal.SIGINT)).start()


def test_ctrl_c_stops_sending_and_keeps_what_is_in_flight(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = 0.3
    model = lm.connect(fake_server.name)
    with session(model, journal) as opened:
        interrupt_after(0.45)
        answers = list(opened.answers(jobs_for(model, 1000)))
    assert opened.stopped == "interrupt"
    assert len(answers) == len(journal) == len(fake_server.bodies) == 16


def test_ctrl_c_twice_leaves_at_once(fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs) -> None:
    fake_server.behave = lambda n, body: "slow"
    model = lm.connect(fake_server.name)
    began = time.monotonic()
    for wait in (0.3, 0.8):
        interrupt_after(wait)
    with pytest.raises(KeyboardInterrupt), session(model, journal, grace_seconds=30.0) as opened:
        list(opened.answers(jobs_for(model, 10)))
    assert time.monotonic() - began < 5
    assert opened.stopped == "interrupt"


def test_ctrl_c_in_the_callers_own_code_closes_cleanly(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = 0.1
    model = lm.connect(fake_server.name)
    with pytest.raises(KeyboardInterrupt), session(model, journal) as opened:  # noqa: PT012
        for _ in opened.answers(jobs_for(model, 1000)):
            raise KeyboardInterrupt
    assert opened.stopped == "interrupt"
    assert len(journal) == len(fake_server.bodies)


def test_a_deadline_stops_sending(fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs) -> None:
    fake_server.delay = 0.1
    model = lm.connect(fake_server.name)
    jobs = jobs_for(model, 10_000)
    with session(model, journal, budget=lm.Budget(deadline_seconds=1.0)) as opened:
        answers = list(opened.answers(jobs))
    assert opened.stopped == "deadline"
    assert 8 <= len(answers) == len(journal) <= 100
    with session(model, journal, budget=lm.Budget(deadline_seconds=0)) as opened:
        assert list(opened.answers(jobs[9000:])) == []
    assert opened.stopped == "deadline"
