"""Two journals into one: answers with their cost, open attempts once, and twice is once."""

import shutil
from pathlib import Path

import pytest

from lm.base import Completion, Request, TimedOut, chat
from lm.journal import Call, Journal

DONE = Completion("The clock stopped.", "stop", 30, 12, 0.5, "m", 0.002)


def question(number: int) -> Request:
    return Request(chat("Who?"), "m", sample=number)


def ask(journal: Journal, number: int, run: str = "r") -> str:
    return journal.reserve(question(number).key, "m", tokens=100, usd=0.01, call=Call(run, "write"))


def pay(journal: Journal, number: int, run: str = "r") -> None:
    attempt = ask(journal, number, run)
    journal.answered(question(number), question(number).key, attempt, DONE, Call(run, "write"))


def test_answers_come_with_their_cost_and_run(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "a", corpus_id="c") as a, Journal.open(tmp_path / "b", corpus_id="c") as b:
        pay(a, 0)
        for number in range(3):
            pay(b, number, "other")
        assert a.take_over(b) == 2
        assert len(a) == 3
        assert a.answer(question(2).key) == DONE
        assert a.request(question(2).key) == question(2)
        assert a.ledger.all.usd == pytest.approx(3 * 0.002)
        assert a.ledger.run("other").answers == 2
        assert a.ledger.all.open_attempts == 0


def test_attempts_without_an_answer_come_at_their_worst_case(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "a", corpus_id="c") as a, Journal.open(tmp_path / "b", corpus_id="c") as b:
        ask(b, 0)
        failed = ask(b, 1)
        b.failed(question(1).key, failed, TimedOut("late"), Call("r"), left=True)
        never = ask(b, 2)
        b.failed(question(2).key, never, TimedOut("gone"), Call("r"), left=False)
        assert a.take_over(b) == 0
        assert (a.ledger.all.open_attempts, a.ledger.all.tokens) == (2, 200)
        assert a.ledger.all.open_usd == pytest.approx(b.ledger.all.open_usd)
        assert a.ledger.unsettled == b.ledger.unsettled


def test_taking_over_twice_is_taking_over_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "a", corpus_id="c") as a, Journal.open(tmp_path / "b", corpus_id="c") as b:
        pay(b, 0)
        ask(b, 1)
        a.take_over(b)
        size, total = a.path.stat().st_size, a.ledger.all.tokens
        assert a.take_over(b) == 0
        assert (a.path.stat().st_size, a.ledger.all.tokens) == (size, total)


def test_a_journal_and_its_copy_have_nothing_to_give_each_other(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "a", corpus_id="c") as a:
        pay(a, 0)
        ask(a, 1)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    with Journal.open(tmp_path / "a", corpus_id="c") as a, Journal.open(tmp_path / "b", corpus_id="c") as b:
        total = a.ledger.all.tokens
        assert a.take_over(b) == b.take_over(a) == 0
        assert a.ledger.all.tokens == b.ledger.all.tokens == total


def test_what_was_open_when_the_copy_was_made_is_settled_by_what_came_in_it(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "a", corpus_id="c") as a:
        first, second = ask(a, 0), ask(a, 1)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    with Journal.open(tmp_path / "a", corpus_id="c") as a, Journal.open(tmp_path / "b", corpus_id="c") as b:
        b.answered(question(0), question(0).key, first, DONE, Call("r"))
        b.failed(question(1).key, second, TimedOut("gone"), Call("r"), left=False)
        assert a.take_over(b) == 1
        assert (a.ledger.all.open_attempts, a.ledger.all.tokens) == (0, 42)
        assert a.take_over(b) == 0
        older = a.path.stat().st_size
        assert b.take_over(a) == 0
        assert a.path.stat().st_size == older
