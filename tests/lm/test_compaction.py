"""Compaction and the index: shorter and quicker, and not one answer or cent different."""

import dataclasses
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm import journal as journal_module
from lm.base import Completion, Request, TimedOut, Unreachable, chat
from lm.journal import Call, Journal, JournalError
from lm.places import Places

CALL = Call(run="r1", purpose="write")
DONE = Completion("The clock stopped.", "stop", 30, 12, 0.5, "m", 0.002)


def question(number: int = 0, text: str = "Who?") -> Request:
    return Request(chat(text), "m", sample=number)


def pay(journal: Journal, number: int, run: str = "r1", text: str = "Who?") -> None:
    request, call = question(number, text), Call(run, "write")
    attempt = journal.reserve(request.key, "m", tokens=100, usd=0.01, call=call)
    journal.answered(request, request.key, attempt, DONE, call)


def fail(journal: Journal, number: int, *, left: bool) -> None:
    key = question(number).key
    attempt = journal.reserve(key, "m", tokens=100, usd=0.01, call=CALL)
    journal.failed(key, attempt, TimedOut("late") if left else Unreachable("gone"), CALL, left=left)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed journal: 20 answers of two runs, 3 failures that count, 4 that do not, 2 killed attempts."""
    with Journal.open(tmp_path / "journal", corpus_id="c") as journal:
        for number in range(20):
            pay(
                journal,
                number,
                "r1" if number % 2 else 'r"2"',
                'A "quote", 潮 \ud800\n' if number == 7 else "Who?",
            )
        for number in range(3):
            fail(journal, number, left=True)
        for number in range(4):
            fail(journal, number, left=False)
        for number in (50, 51):
            journal.reserve(question(number).key, "m", tokens=100, usd=None, call=CALL)
    return tmp_path / "journal"


def state(journal: Journal) -> object:
    """Everything that must not change."""
    totals = {"": journal.ledger.all, **journal.ledger.runs}
    sums = {
        name: (*dataclasses.astuple(total)[:3], round(total.usd, 9), *dataclasses.astuple(total)[4:7])
        for name, total in totals.items()
    }
    answers = [(key, journal.request(key), journal.answer(key)) for key in list(journal.keys())]
    return sums, answers, sorted(journal.ledger.unsettled)


def test_answers_sums_and_open_attempts_stay_as_they_are(folder: Path) -> None:
    with Journal.open(folder, corpus_id="c") as journal:
        before, size = state(journal), journal.path.stat().st_size
        journal.compact()
        assert state(journal) == before
        assert journal.path.stat().st_size < size
    with Journal.open(folder, corpus_id="c") as journal:
        assert state(journal) == before
        assert journal.problems == []
        kinds = [event["event"] for event in journal.events()]
    assert kinds.count("answered") == 20
    assert kinds.count("sent") == 5
    assert kinds.count("failed") == 3


def test_compacting_twice_changes_nothing_more(folder: Path) -> None:
    with Journal.open(folder, corpus_id="c") as journal:
        journal.compact()
        once = journal.path.read_bytes()
        journal.compact()
        assert journal.path.read_bytes() == once


def test_it_can_be_written_afterwards_and_late_answers_settle(folder: Path) -> None:
    with Journal.open(folder, corpus_id="c") as journal:
        (waiting,) = [a for a in journal.ledger.unsettled if a.endswith("-28")]
        journal.compact()
        journal.answered(question(50), question(50).key, waiting, DONE, CALL)
        pay(journal, 60)
    with Journal.open(folder, corpus_id="c") as journal:
        assert len(journal) == 22
        assert len(journal.ledger.unsettled) == 1


def test_others_who_have_it_open_see_that_it_was_replaced(folder: Path) -> None:
    with (
        Journal.open(folder, corpus_id="c") as one,
        Journal.open(folder, corpus_id="c") as two,
        Journal.open(folder, read_only=True) as reader,
    ):
        before = state(one)
        held = two.ledger.run("r1")
        one.compact()
        assert reader.answer(question(3).key) == DONE, "what it had open can still be read"
        reader.refresh()
        two.refresh()
        assert state(two) == state(reader) == before
        assert held is two.ledger.run("r1"), "whoever holds a sum sees it go on"
        pay(two, 70)
        pay(one, 71)
        two.refresh()
        assert len(one) == len(two) == 22
    with Journal.open(folder, corpus_id="c") as journal:
        assert len(journal) == 22


def test_damaged_lines_are_moved_to_a_file_of_their_own(folder: Path) -> None:
    path = folder / "calls.jsonl"
    rows = path.read_bytes().split(b"\n")
    rows[4] = rows[4].replace(b"stopped", b"started")
    path.write_bytes(b"\n".join(rows))
    with Journal.open(folder, corpus_id="c") as journal:
        before = state(journal)
        assert len(journal.problems) == 1
        journal.compact()
        assert journal.problems == []
        assert state(journal) == before
    (aside,) = folder.glob("damaged-*.jsonl")
    assert aside.read_bytes() == rows[4] + b"\n"


def test_a_reader_cannot_compact(folder: Path) -> None:
    with Journal.open(folder, read_only=True) as reader, pytest.raises(JournalError, match="reading only"):
        reader.compact()


def test_a_full_disk_leaves_the_old_journal(folder: Path) -> None:
    with Journal.open(folder, corpus_id="c") as journal:
        before, soft_hard = state(journal), resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, soft_hard[1]))
            with pytest.raises(JournalError, match="as it was"):
                journal.compact()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, soft_hard)
            signal.signal(signal.SIGXFSZ, handler)
        assert state(journal) == before
        pay(journal, 80)
    assert not (folder / "calls.compact").exists()


AGAIN_AND_AGAIN = """
import sys
from lm.base import Completion, Request, chat
from lm.journal import Call, Journal
with Journal.open(sys.argv[1], corpus_id="c", fsync="none") as journal:
    number = len(journal)
    print("begun", flush=True)
    while True:
        request = Request(chat("Who?"), "m", sample=number)
        attempt = journal.reserve(request.key, "m", tokens=100, usd=0.01, call=Call("r"))
        done = Completion("y" * 2000, "stop", 30, 12, 0.5, "m", 0.002)
        journal.answered(request, request.key, attempt, done, Call("r"))
        number += 1
        print(request.key, flush=True)
        if number % 20 == 0:
            journal.compact()
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_old_or_the_new_journal_is_there(tmp_path: Path) -> None:
    rng = random.Random(3)
    env = {**os.environ, "PYTHONPATH": os.getcwd()}
    given_: set[str] = set()
    for _ in range(8):
        command = [sys.executable, "-c", AGAIN_AND_AGAIN, str(tmp_path / "j")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(rng.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        given_ |= {line for line in process.communicate()[0].decode().split("\n")[:-1] if len(line) == 32}
        with Journal.open(tmp_path / "j", corpus_id="c") as journal:
            assert given_ <= set(journal.keys())
            assert journal.ledger.all.answers == len(journal)
            assert journal.ledger.all.open_attempts <= 8
    assert given_


# ---- the index ------------------------------------------------------------------------------------


@pytest.fixture
def indexed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same journal, with an index beside it."""
    monkeypatch.setattr(journal_module, "INDEX_LINES", 5)
    with Journal.open(folder, corpus_id="c"):
        pass
    assert (folder / "calls.index").is_file()
    return folder


def read_by(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lines that a journal reads from now on."""
    told: list[bytes] = []
    take = Journal._take

    def taken(self: Journal, line: bytes, place: int) -> None:
        told.append(line)
        take(self, line, place)

    monkeypatch.setattr(Journal, "_take", taken)
    return told


def test_with_an_index_only_what_came_later_is_read(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (indexed / "calls.index").rename(indexed / "kept")
    with Journal.open(indexed, corpus_id="c") as journal:
        without = state(journal)
    (indexed / "kept").rename(indexed / "calls.index")
    told = read_by(monkeypatch)
    with Journal.open(indexed, corpus_id="c") as journal:
        assert told == []
        assert state(journal) == without
        pay(journal, 90)
        assert len(journal) == 21
    with Journal.open(indexed, read_only=True) as journal:
        assert len(told) == 2
        assert journal.answer(question(90).key) == DONE
        assert next(iter(journal.keys())) == question(0).key


@pytest.mark.parametrize("wrong", ["cut", "flipped", "empty", "text"])
def test_a_damaged_index_is_not_used(indexed: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    with Journal.open(indexed, read_only=True) as journal:
        right = state(journal)
    data = bytearray((indexed / "calls.index").read_bytes())
    data[-20] ^= 1
    damaged = {"cut": data[: len(data) // 2], "flipped": data, "empty": b"", "text": b"[1]\nhello"}
    (indexed / "calls.index").write_bytes(bytes(damaged[wrong]))
    told = read_by(monkeypatch)
    with Journal.open(indexed, corpus_id="c") as journal:
        assert len(told) > 40
        assert state(journal) == right


@pytest.mark.parametrize("change", ["shorter", "another"])
def test_the_index_of_another_journal_is_not_used(indexed: Path, change: str) -> None:
    path = indexed / "calls.jsonl"
    if change == "shorter":
        path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:20]) + b"\n")
    else:
        path.write_bytes(path.read_bytes().replace(b'"write"', b'"wrote"'))
    (indexed / "calls.index").rename(indexed / "kept")
    with Journal.open(indexed, read_only=True) as journal:
        right, problems = state(journal), len(journal.problems)
    (indexed / "kept").rename(indexed / "calls.index")
    with Journal.open(indexed, read_only=True) as journal:
        assert (state(journal), len(journal.problems)) == (right, problems)


def test_a_line_that_was_changed_behind_the_index_is_asked_again_not_believed(indexed: Path) -> None:
    path = indexed / "calls.jsonl"
    rows = path.read_bytes().split(b"\n")
    rows[6] = rows[6].replace(b"stopped", b"started")
    path.write_bytes(b"\n".join(rows))
    with Journal.open(indexed, corpus_id="c") as journal:
        assert journal.answer(question(2).key) is None
        assert [problem.line for problem in journal.problems] == [7]
        assert journal.answer(question(3).key) == DONE
    with Journal.open(indexed, corpus_id="c") as journal:
        journal.reread()
        assert [problem.line for problem in journal.problems] == [7]


def test_another_corpus_is_refused_with_an_index_too(indexed: Path) -> None:
    with pytest.raises(JournalError, match="belongs to the corpus 'c'"):
        Journal.open(indexed, corpus_id="other")


def test_the_index_does_not_outlive_a_compaction(indexed: Path) -> None:
    with Journal.open(indexed, corpus_id="c") as journal:
        before = state(journal)
        journal.compact()
        assert state(journal) == before
    with Journal.open(indexed, corpus_id="c") as journal:
        assert state(journal) == before


@given(st.lists(st.binary(min_size=16, max_size=16)), st.integers(0, 40))
def test_places_are_those_of_a_dictionary(keys: list[bytes], cut: int) -> None:
    expected: dict[bytes, int] = {}
    for place, key in enumerate(keys):
        expected.setdefault(key, place)

    def filled(places: Places, numbered: Callable[[], enumerate[bytes]]) -> Places:
        for place, key in numbered():
            places.add(key, place)
        return places

    first = filled(Places(), lambda: enumerate(keys[:cut]))
    table = memoryview(b"".join(bytes(part) for part in first.table()))
    both = filled(Places(table, len(first)), lambda: enumerate(keys[cut:], len(keys[:cut])))
    assert dict(both.items()) == expected
    assert list(both) == list(expected)
    assert len(both) == len(expected)
    assert all(both.get(key) == place for key, place in expected.items())
    assert both.get(bytes(15) + b"x") == expected.get(bytes(15) + b"x")
