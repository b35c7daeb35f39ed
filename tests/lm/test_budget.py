"""Limits that hold with many in flight, after a restart, and with two processes on one journal."""

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lm
from lm.endpoint import Endpoint
from lm.prices import load
from lm.tokens import at_most
from tests.lm.sessions import Jobs

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer

WORST = at_most(lm.chat("Question 100?")) + 50  # of one job of the fixture; the fake server uses 30


def counted(server: "FakeServer") -> int:
    """What the fake server would charge at most: every request it saw, answered or not."""
    return len(server.bodies) * 30


@pytest.mark.parametrize("limit", [0, 1, WORST - 3, WORST, 10 * WORST, 40 * WORST])
def test_tokens_never_pass_the_limit_with_64_in_flight(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs, limit: int
) -> None:
    fake_server.delay = 0.02
    model = lm.connect(fake_server.name)
    with lm.Session(model, journal=journal, budget=lm.Budget(tokens=limit), concurrency=64) as session:
        answers = list(session.answers(jobs_for(model, 1000)))
    spent = session.spent.tokens_in + session.spent.tokens_out
    assert session.stopped == "budget"
    assert isinstance(session.problem, lm.BudgetError)
    assert spent == counted(fake_server) == len(answers) * 30 <= limit
    assert limit - spent <= WORST, "and it is used up to the worst case of one more request"


def test_failed_attempts_count_at_their_worst(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "ok" if n == 0 else "500"
    model = lm.connect(fake_server.name)
    budget = lm.Budget(tokens=20 * WORST)
    with lm.Session(model, journal=journal, budget=budget, backoff_seconds=0.01, retries=2) as session:
        list(session.answers(jobs_for(model, 1000)))
    assert session.stopped == "budget"
    assert journal.ledger.all.open_attempts == len(fake_server.bodies) - 1 >= 19
    assert journal.ledger.all.tokens <= 20 * WORST


def test_an_endpoint_that_counts_more_than_we_thought_raises_the_reservation(
    fake_server: "FakeServer", journal: lm.Journal
) -> None:
    fake_server.delay = 0.02
    model = lm.connect(fake_server.name)
    jobs = [lm.Job(lm.Request(lm.chat(f"Q{n}"), model.name, max_tokens=1)) for n in range(100)]
    with lm.Session(model, journal=journal, budget=lm.Budget(tokens=300), concurrency=64) as session:
        answers = list(session.answers(jobs))
    assert session.stopped == "budget"
    assert counted(fake_server) == len(answers) * 30 <= 300, "its answers have 10 tokens where 1 was allowed"


def test_a_restart_goes_on_counting_for_the_same_run(
    fake_server: "FakeServer", tmp_path: Path, jobs_for: Jobs
) -> None:
    model = lm.connect(fake_server.name)
    for _ in range(3):
        with lm.Journal.open(tmp_path / "j", corpus_id="c") as journal:
            budget = lm.Budget(tokens=10 * WORST)
            with lm.Session(model, journal=journal, budget=budget, run="one") as session:
                list(session.answers(jobs_for(model, 1000)))
            assert session.stopped == "budget"
            assert journal.ledger.run("one").tokens <= 10 * WORST
    assert counted(fake_server) <= 10 * WORST
    with lm.Journal.open(tmp_path / "j", corpus_id="c") as journal:
        budget = lm.Budget(tokens=10 * WORST)
        with lm.Session(model, journal=journal, budget=budget, run="two") as session:
            assert any(not a.reused for a in session.answers(jobs_for(model, 1000)))


def test_dollars_are_reserved_and_paid_at_the_price_of_the_model(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = Endpoint(fake_server.url, "fake-1", price=lm.Price(1000.0, 2000.0))
    with lm.Session(model, journal=journal, budget=lm.Budget(usd=2.0), concurrency=64) as session:
        answers = list(session.answers(jobs_for(model, 1000)))
    each = (20 * 1000 + 10 * 2000) / 1e6
    assert session.stopped == "budget"
    assert session.spent.usd == pytest.approx(len(answers) * each)
    assert answers[0].completion is not None
    assert answers[0].completion.cost_usd == pytest.approx(each)
    assert 1.7 < len(fake_server.bodies) * each <= 2.0


def test_the_total_holds_over_runs_and_sessions(
    fake_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = Endpoint(fake_server.url, "fake-1", price=lm.Price(1000.0, 2000.0))
    for run in ("one", "two", "three"):
        budget = lm.Budget(usd=0.9, total_usd=2.0)
        with lm.Session(model, journal=journal, budget=budget, run=run) as session:
            list(session.answers(jobs_for(model, 1000)[len(journal) :]))
        assert session.stopped == "budget"
    assert 1.7 < journal.ledger.all.usd <= 2.0
    assert "total" in str(session.problem)


def test_a_dollar_limit_without_a_price_is_refused_before_anything(
    fake_server: "FakeServer", journal: lm.Journal
) -> None:
    for budget in (lm.Budget(usd=1.0), lm.Budget(total_usd=1.0)):
        with pytest.raises(ValueError, match=r"my-prices\.toml"):
            lm.Session(
                lm.connect(fake_server.name), journal=journal, budget=budget, prices_file="my-prices.toml"
            )
    lm.Session(lm.connect("echo"), journal=journal, budget=lm.Budget(usd=0.0))


@pytest.mark.parametrize("wrong", [-1, math.nan, math.inf])
def test_a_limit_that_is_no_number_is_refused(wrong: float) -> None:
    for name in ("usd", "deadline_seconds", "total_usd"):
        with pytest.raises(ValueError, match=name):
            lm.Budget(**{name: wrong})  # type: ignore[arg-type]


TWO = """
import sys
import lm
from lm.endpoint import Endpoint
from lm.base import Price
folder, url, start, usd = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
model = Endpoint(url, "fake-1", price=Price(1000.0, 2000.0))
jobs = [lm.Job(lm.Request(lm.chat(f"Question {n}?"), model.name, max_tokens=50)) for n in range(start, start + 500)]
with lm.Journal.open(folder, corpus_id="c") as journal:
    with lm.Session(model, journal=journal, budget=lm.Budget(total_usd=usd), concurrency=32) as session:
        print(len(list(session.answers(jobs))), session.stopped)
"""


@pytest.mark.slow
def test_two_processes_on_one_journal_never_pass_the_total(fake_server: "FakeServer", tmp_path: Path) -> None:
    fake_server.delay = 0.02
    env = {**os.environ, "PYTHONPATH": os.getcwd()}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TWO, str(tmp_path / "j"), fake_server.url, str(start), "8.0"],
            stdout=subprocess.PIPE,
            env=env,
        )
        for start in (0, 1000)
    ]
    said = [process.communicate(timeout=60)[0].decode() for process in both]
    assert all("budget" in line for line in said)
    each = (20 * 1000 + 10 * 2000) / 1e6
    assert 6.0 < len(fake_server.bodies) * each <= 8.0
    with lm.Journal.open(tmp_path / "j", corpus_id="c") as journal:
        assert len(journal) == len(fake_server.bodies)
        assert journal.ledger.all.usd == pytest.approx(len(journal) * each)


def test_an_unlisted_model_has_no_price_and_a_local_one_is_free() -> None:
    prices = load()
    assert prices.of("local:anything") == prices.of("echo") == lm.FREE
    assert prices.of("openai:anything") is None
    assert prices.of("http://127.0.0.1:1/v1#m") is None


def test_a_users_prices_go_over_the_packaged_ones(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(
        '["openai:big*"]\ninput = 2\noutput = 8\n["openai:big-mini"]\ninput = 0.5\noutput = 1.5\n'
    )
    prices = load(path)
    assert prices.of("openai:big-2") == lm.Price(2.0, 8.0)
    assert prices.of("openai:big-mini") == lm.Price(0.5, 1.5)
    assert prices.of("echo") == lm.FREE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["m"]\ninput = 1\noutptu = 2\n', "did you mean 'output'"),
        ('["m"]\ninput = 1\n', "'output' must be dollars"),
        ('["m"]\ninput = -1\noutput = 1\n', "0 or more"),
        ('["m"]\ninput = "1"\noutput = 1\n', "'input' must be dollars"),
        ('["m"]\ninput = nan\noutput = 1\n', "0 or more"),
        ("m = 3\n", "wanted a table"),
        ('["m"\n', "is not TOML"),
    ],
)
def test_a_typo_in_the_prices_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=said) as seen:
        load(path)
    assert "prices.toml" in str(seen.value)


def test_a_missing_prices_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")
