"""Asking by the batch, over real HTTP against a local server that fails to order: nothing lost, nothing paid twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import lm
from lm.batch import Batches
from lm.batch_api import batch_of
from lm.endpoint import Endpoint
from lm.prices import load
from lm.tokens import at_most
from tests.lm.sessions import Jobs

if TYPE_CHECKING:
    from tests.lm.batch_server import BatchServer

Serve = Callable[..., "BatchServer"]
WORST = at_most(lm.chat("Question 100?")) + 50


def batches(model: lm.LM, journal: lm.Journal, **settings: Any) -> Batches:
    quick: dict[str, Any] = {"poll_seconds": 0.01, "longest_poll_seconds": 0.05, "run": "r"}
    return Batches(batch_of(model), journal=journal, **quick | settings)


def test_every_job_is_answered_and_each_batch_is_one_file(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs
) -> None:
    server = serve()
    model = lm.connect(server.name)
    with batches(model, journal, most_requests=40) as opened:
        answers = list(opened.answers(jobs_for(model, 100)))
    assert sorted(a.job.tag for a in answers) == list(range(100))  # type: ignore[type-var]
    assert all(a.completion and a.completion.text == f"Answer to 'Question {a.job.tag}?'." for a in answers)
    assert all(a.attempts == 1 and not a.reused for a in answers)
    assert [row["request_counts"]["total"] for row in server.batches.values()] == [40, 40, 20]
    assert (opened.spent.tokens_in, opened.spent.tokens_out, opened.spent.usd) == (2000, 1000, None)
    assert opened.stopped is None
    assert journal.ledger.all.open_attempts == 0
    assert list((journal.folder / "batches").iterdir()) == [journal.folder / "batches" / "lock"]


def test_a_file_is_split_by_its_size_too(serve: Serve, journal: lm.Journal, jobs_for: Jobs) -> None:
    server = serve()
    model = lm.connect(server.name)
    with batches(model, journal, most_bytes=3000) as opened:
        assert len(list(opened.answers(jobs_for(model, 50)))) == 50
    assert all(len(data) <= 3000 for name, data in server.files.items() if "put" not in name)
    assert len(server.batches) > 2


def test_answers_are_the_same_as_those_asked_one_by_one(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs
) -> None:
    server = serve()
    model = lm.connect(server.name)
    with batches(model, journal) as opened:
        list(opened.answers(jobs_for(model, 10)))
    with lm.Session(model, journal=journal) as session:
        answers = list(session.answers(jobs_for(model, 10)))
    assert all(a.reused for a in answers)
    with batches(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 12)))
    assert sum(a.reused for a in answers) == 10
    assert len(server.charged) == 12
    assert opened.spent.tokens_in == 40


def test_the_same_question_is_asked_once(serve: Serve, journal: lm.Journal) -> None:
    server = serve()
    model = lm.connect(server.name)
    request = lm.Request(lm.chat("Who?"), model.name)
    with batches(model, journal) as opened:
        answers = list(opened.answers(lm.Job(request, n) for n in range(5)))
    assert sorted(a.reused for a in answers) == [False, True, True, True, True]
    assert len(server.charged) == 1


def test_follow_ups_are_the_next_batch(serve: Serve, journal: lm.Journal, jobs_for: Jobs) -> None:
    server = serve()
    model = lm.connect(server.name)

    def follow(answer: lm.Answer) -> list[lm.Job]:
        if not isinstance(answer.job.tag, int):
            return []
        return [lm.Job(lm.Request(lm.chat(f"And {answer.job.tag}?"), model.name), "second")]

    with batches(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 30), follow=follow))
    assert len(answers) == 60
    assert len(server.batches) == 2, "one batch a round"


@pytest.mark.parametrize(
    "fault", ["drop-upload", "drop-create", "no-create", "cut-download", "shuffle", "double", "garbage"]
)
def test_a_fault_of_the_transport_costs_nothing(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs, fault: str
) -> None:
    server = serve(fault)
    model = lm.connect(server.name)
    with batches(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 50)))
    assert len(answers) == 50
    assert all(a.completion for a in answers)
    assert Counter(server.charged).most_common(1)[0][1] == 1, "nothing is paid twice"
    assert len(server.batches) == 1
    assert journal.ledger.all.answers == 50
    assert journal.ledger.all.open_attempts == 0


@pytest.mark.parametrize("fault", ["expire", "cancel", "errors", "missing"])
def test_what_came_is_kept_and_the_rest_is_asked_again(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs, fault: str
) -> None:
    server = serve(fault)
    model = lm.connect(server.name)
    with batches(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 50)))
    assert all(a.completion for a in answers)
    assert len(answers) == 50
    assert len(server.charged) == 50, "what was answered is not asked for again"
    assert len(server.batches) == 2
    assert max(a.attempts for a in answers) == 2
    never_ran = fault in ("expire", "cancel")
    assert journal.ledger.all.open_attempts == (0 if never_ran else 10), (
        "who knows whether those were charged"
    )


def test_a_line_that_is_refused_is_an_answer_with_its_error(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs
) -> None:
    server = serve("refuse")
    model = lm.connect(server.name)
    with batches(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 50)))
    assert sum(isinstance(a.error, lm.BadRequest) for a in answers) == 10
    assert sum(a.completion is not None for a in answers) == 40
    assert journal.ledger.all.open_attempts == 0


def test_a_batch_that_is_refused_says_why(serve: Serve, journal: lm.Journal, jobs_for: Jobs) -> None:
    server = serve("fail")
    model = lm.connect(server.name)
    with batches(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 10)))
    assert all("no Batch endpoint" in str(a.error) for a in answers)
    assert len(answers) == 10
    assert journal.ledger.all.tokens == 0


def test_a_server_without_the_endpoint_is_told_and_nothing_stays_reserved(
    fake_server: Any, journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    with batches(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 10)))
    assert opened.stopped == "denied"
    assert all(a.error for a in answers)
    assert journal.ledger.all.open_attempts == 0


def test_a_wrong_key_is_told_before_a_job_is_drawn(serve: Serve, journal: lm.Journal) -> None:
    server = serve()
    server.key = "right"
    with pytest.raises(lm.AccessDenied), batches(lm.connect(server.name), journal):
        pytest.fail("the body must not run")


def test_the_key_goes_along(serve: Serve, journal: lm.Journal, jobs_for: Jobs) -> None:
    server = serve()
    server.key = "right"
    model = lm.connect(server.name, key_for=lambda host: "right")
    with batches(model, journal) as opened:
        assert all(a.completion for a in opened.answers(jobs_for(model, 10)))


@pytest.mark.parametrize("model", ["echo", "http://a/v1#m,http://b/v1#m"])
def test_a_model_without_a_batch_endpoint_is_refused(model: str) -> None:
    with pytest.raises(ValueError, match="cannot be asked by the batch"):
        batch_of(lm.connect(model))


# ---- stopping and going on --------------------------------------------------------------------------


def test_an_interrupt_leaves_the_batch_and_the_next_call_finds_it(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs
) -> None:
    server = serve(steps=10**9)
    model = lm.connect(server.name)
    with batches(model, journal) as opened:
        threading.Timer(0.3, opened.interrupt).start()
        assert list(opened.answers(jobs_for(model, 50))) == []
    assert opened.stopped == "interrupt"
    assert journal.ledger.all.open_attempts == 50, "reserved while it is under way"
    server.steps = 1
    told: list[str] = []
    with batches(model, journal, on_event=lambda event: told.append(event.message)) as opened:
        answers = list(opened.answers(jobs_for(model, 60)))
    assert all(a.completion for a in answers)
    assert len(answers) == 60
    assert [row["request_counts"]["total"] for row in server.batches.values()] == [50, 10]
    assert len(server.charged) == 60
    assert any("of an earlier call" in message for message in told)
    assert journal.ledger.all.open_attempts == 0


def test_ctrl_c_does_the_same(serve: Serve, journal: lm.Journal, jobs_for: Jobs) -> None:
    server = serve(steps=10**9)
    model = lm.connect(server.name)
    main = threading.main_thread().ident
    assert main is not None
    with batches(model, journal) as opened:
        threading.Timer(0.3, lambda: signal.pthread_kill(main, signal.SIGINT)).start()
        assert list(opened.answers(jobs_for(model, 50))) == []
    assert opened.stopped == "interrupt"
    assert len(journal.batches) == 1


def test_a_deadline_stops_the_waiting(serve: Serve, journal: lm.Journal, jobs_for: Jobs) -> None:
    server = serve(steps=10**9)
    model = lm.connect(server.name)
    with batches(model, journal, budget=lm.Budget(deadline_seconds=0.3)) as opened:
        assert list(opened.answers(jobs_for(model, 10))) == []
    assert opened.stopped == "deadline"


def test_answers_of_an_earlier_batch_are_kept_though_nobody_asks_for_them(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs
) -> None:
    server = serve(steps=10**9)
    model = lm.connect(server.name)
    with batches(model, journal) as opened:
        threading.Timer(0.2, opened.interrupt).start()
        list(opened.answers(jobs_for(model, 20)))
    server.steps = 1
    with batches(model, journal) as opened:
        assert list(opened.answers([])) == []
    assert len(journal) == 20


def test_two_processes_do_not_ask_by_the_batch_at_once(serve: Serve, journal: lm.Journal) -> None:
    model = lm.connect(serve().name)
    with (
        batches(model, journal),
        pytest.raises(lm.JournalError, match="another process"),
        batches(model, journal),
    ):
        pytest.fail("the body must not run")


RUN = """
import sys
import lm
from lm.batch import Batches
from lm.batch_api import batch_of
model = lm.connect(sys.argv[2])
jobs = (lm.Job(lm.Request(lm.chat(f"Question {n}?"), model.name, max_tokens=50)) for n in range(200))
with lm.Journal.open(sys.argv[1], corpus_id="c") as journal:
    with Batches(batch_of(model), journal=journal, run="r", poll_seconds=0.02, most_requests=60) as batches:
        for answer in batches.answers(jobs):
            print(answer.job.request.key, flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_paid_twice(serve: Serve, tmp_path: Path) -> None:
    server = serve(steps=3)
    env = {**os.environ, "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-c", RUN, str(tmp_path / "j"), server.name]
    given: set[str] = set()
    for wait in (0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        given |= {line for line in process.communicate()[0].decode().split("\n")[:-1] if len(line) == 32}
    subprocess.run(command, stdout=subprocess.PIPE, env=env, check=True)
    with lm.Journal.open(tmp_path / "j", corpus_id="c") as journal:
        assert len(journal) == 200
        assert given <= set(journal.keys())
        assert journal.ledger.all.open_attempts == 0
    assert Counter(Counter(server.charged).values()) == {1: 200}


# ---- money ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fits", [0, 1, 25])
def test_the_limit_is_reserved_before_the_file_leaves(
    serve: Serve, journal: lm.Journal, jobs_for: Jobs, fits: int
) -> None:
    server = serve()
    model = lm.connect(server.name)
    limit = fits * WORST + WORST - 10
    with batches(model, journal, budget=lm.Budget(tokens=limit)) as opened:
        answers = list(opened.answers(jobs_for(model, 1000)))
    assert opened.stopped == "budget"
    assert isinstance(opened.problem, lm.BudgetError)
    assert len(answers) == len(server.charged) == journal.ledger.all.answers
    assert journal.ledger.all.tokens == 30 * len(answers) <= limit
    assert limit - journal.ledger.all.tokens < WORST, "and it is used up"


def test_a_batch_has_its_own_price(serve: Serve, journal: lm.Journal, jobs_for: Jobs, tmp_path: Path) -> None:
    server = serve()
    path = tmp_path / "prices.toml"
    path.write_text(
        f'["{server.name}"]\ninput = 1000\noutput = 2000\n["batch:{server.name}"]\ninput = 500\noutput = 1000\n'
    )
    prices = load(path)
    model = lm.connect(server.name, prices=prices)
    opened = Batches(batch_of(model, prices), journal=journal, poll_seconds=0.01, budget=lm.Budget(usd=1.0))
    with opened:
        answers = list(opened.answers(jobs_for(model, 10)))
    assert all(a.completion and a.completion.cost_usd == pytest.approx(0.02) for a in answers)
    assert opened.spent.usd == pytest.approx(0.2)
    dear = Endpoint("http://h/v1", "m", price=lm.Price(1.0, 2.0))
    assert batch_of(dear, prices).price == lm.Price(1.0, 2.0), "without one the ordinary price is the bound"
