"""Hearing what a model writes while it writes it, against a real local server that streams, and fails on demand."""

from typing import TYPE_CHECKING

import pytest

import lm
from tests.lm.sessions import Jobs, session

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer


def test_what_the_model_writes_is_heard_while_it_writes_it(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.pause = 0.02
    heard: list[tuple[object, str, str]] = []
    model = lm.connect(fake_server.name)
    with session(
        model, journal, on_piece=lambda piece: heard.append((piece.job.tag, piece.text, piece.state))
    ) as opened:
        answers = list(opened.answers(jobs_for(model, 3)))
    for answer in answers:
        mine = [(text, state) for tag, text, state in heard if tag == answer.job.tag]
        assert answer.completion is not None
        assert "".join(text for text, _ in mine) == answer.completion.text
        assert [state for _, state in mine] == ["more"] * (len(mine) - 1) + ["whole"]
        assert len(mine) > 3
    assert opened.spent.tokens_out == 30, "a stream says its usage too"


def test_what_was_heard_of_an_answer_that_breaks_off_is_lost(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "cut" if n == 0 else "ok"
    heard: list[str] = []
    model = lm.connect(fake_server.name)
    with session(model, journal, on_piece=lambda piece: heard.append(piece.state)) as opened:
        (answer,) = opened.answers(jobs_for(model, 1))
    assert answer.completion is not None
    assert answer.attempts == 2
    lost = heard.index("lost")
    assert lost >= 1, "the first half was heard"
    assert heard[lost + 1 :] == ["more"] * (len(heard) - lost - 2) + ["whole"]


def test_no_more_than_eight_are_heard_at_once_and_all_are_answered(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = 0.05
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=32, on_piece=lambda piece: None) as opened:
        assert len([a for a in opened.answers(jobs_for(model, 96)) if a.completion]) == 96
    streamed = [bool(body.get("stream")) for body in fake_server.bodies]
    assert fake_server.most_in_flight == 32
    assert sum(streamed[:32]) == 8
    assert sum(streamed) < len(streamed) / 2


def test_a_server_that_cannot_stream_is_asked_without_and_its_answer_heard_whole(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.refuses = ("stream",)
    heard: list[str] = []
    model = lm.connect(fake_server.name)
    with session(model, journal, concurrency=1, on_piece=lambda piece: heard.append(piece.text)) as opened:
        answers = list(opened.answers(jobs_for(model, 3)))
    assert all(answer.completion and answer.attempts == 1 for answer in answers)
    assert "Answer to 'Question 0?'." in heard
    assert sum(bool(body.get("stream")) for body in fake_server.bodies) == 1, "it is known from then on"


def test_a_fault_of_who_hears_costs_no_answer(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(piece: lm.Piece) -> None:
        raise ValueError("no ear")

    model = lm.connect(fake_server.name)
    with session(model, journal, on_piece=fails) as opened:
        answers = list(opened.answers(jobs_for(model, 4)))
    assert all(answer.completion and answer.attempts == 1 for answer in answers)
    assert caplog.text.count("what hears the model failed") == 1
