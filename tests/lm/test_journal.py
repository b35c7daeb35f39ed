"""The journal: what was paid for is never lost, whoever writes and however it ends."""

import dataclasses
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lm import lines
from lm.base import Completion, Request, TimedOut, Unreachable, chat
from lm.journal import Call, Journal, JournalError

CALL = Call(run="r1", purpose="write")
DONE = Completion("The clock stopped.", "stop", 30, 12, 0.5, "m", 0.002)


def question(number: int = 0, text: str = "Who?") -> Request:
    return Request(chat(text), "m", sample=number)


def pay(journal: Journal, request: Request, completion: Completion = DONE) -> None:
    attempt = journal.reserve(request.key, "m", tokens=100, usd=0.01, call=CALL)
    journal.answered(request, request.key, attempt, completion, CALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def written(folder: Path) -> Path:
    """A closed journal with ten answers."""
    with Journal.open(folder, corpus_id="c") as journal:
        for number in range(10):
            pay(journal, question(number))
    return folder


def test_an_answer_is_read_back_after_opening_again(written: Path) -> None:
    with Journal.open(written, corpus_id="c") as journal:
        assert len(journal) == 10
        assert journal.answer(question(3).key) == DONE
        assert journal.request(question(3).key) == question(3)
        assert journal.answer(question(11).key) is None
        assert question(3).key in journal
        assert list(journal.keys())[:2] == [question(0).key, question(1).key]
        assert journal.problems == []


def test_every_event_says_what_for(written: Path) -> None:
    with Journal.open(written, read_only=True) as journal:
        events = list(journal.events())
    assert [e["event"] for e in events[:3]] == ["journal", "sent", "answered"]
    assert all(e["run"] == "r1" and e["purpose"] == "write" for e in events[1:])
    assert events[1]["tokens"] == 100


@given(
    text=st.text(st.characters(codec=None)) | st.text('\ud800\udc00\ude00\n"\\{}é潮'),
    prompt=st.text(st.characters(codec=None)),
)
@settings(max_examples=100, deadline=None)
def test_write_then_read_gives_the_same_for_any_text(
    text: str, prompt: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any") / "journal"
    request, completion = question(text=prompt), dataclasses.replace(DONE, text=text)
    with Journal.open(folder, corpus_id="c", fsync="none") as journal:
        pay(journal, request, completion)
        assert journal.answer(request.key) == completion
    with Journal.open(folder, corpus_id="c", fsync="none") as journal:
        assert journal.problems == []
        assert journal.answer(request.key) == completion
        assert journal.request(request.key) == request


@given(st.dictionaries(st.text(), st.text(st.characters(codec=None)) | st.integers() | st.none()))
def test_a_line_is_whole_and_one_flipped_byte_is_seen(fields: dict[str, object]) -> None:
    line = lines.encode({"event": "x", **fields})[:-1]
    assert lines.whole(line)
    assert b"\n" not in line
    flipped = bytearray(line)
    flipped[len(line) // 2] ^= 1
    assert not lines.whole(bytes(flipped))


def test_words_that_look_like_our_marks_do_not_confuse_the_head(folder: Path) -> None:
    trap = '","request":{"crc":"00000000"}\n,"crc":"'
    call = Call(run=trap, purpose="write")
    with Journal.open(folder, corpus_id="c") as journal:
        request = question(text=trap)
        attempt = journal.reserve(request.key, "m", tokens=1, usd=None, call=call)
        journal.answered(request, request.key, attempt, dataclasses.replace(DONE, text=trap), call)
    with Journal.open(folder, corpus_id="c") as journal:
        answer = journal.answer(request.key)
        assert answer is not None
        assert answer.text == trap
        assert journal.ledger.run(trap).answers == 1


@pytest.mark.parametrize("cut", [1, 5, 30, 200])
def test_a_cut_last_line_is_moved_aside_and_the_rest_stays(written: Path, cut: int) -> None:
    path = written / "calls.jsonl"
    whole = path.read_bytes()
    last = whole[whole.rindex(b"\n", 0, -1) + 1 : -1]
    path.write_bytes(whole[:-cut])
    with Journal.open(written, corpus_id="c") as journal:
        assert len(journal) == 9
        assert [p.line for p in journal.problems] == [21]
        aside = list(written.glob("torn-*.jsonl"))
        assert len(aside) == 1, "nothing is dropped silently"
        assert last.startswith(aside[0].read_bytes())
        pay(journal, question(9))
        assert len(journal) == 10
    with Journal.open(written, corpus_id="c") as journal:
        assert (len(journal), journal.problems) == (10, [])


def test_a_line_that_changed_is_reported_by_number_and_the_others_are_read(written: Path) -> None:
    path = written / "calls.jsonl"
    rows = path.read_bytes().split(b"\n")
    rows[6] = rows[6].replace(b"stopped", b"started")
    path.write_bytes(b"\n".join(rows))
    with Journal.open(written, corpus_id="c") as journal:
        assert [p.line for p in journal.problems] == [7]
        assert "line 7" in journal.problems[0].reason
        assert len(journal) == 9
        assert journal.answer(question(2).key) is None, "it will be asked again, not believed"
        assert journal.answer(question(3).key) == DONE
        assert journal.ledger.all.open_tokens == 100, "what was reserved for it stays reserved"


def test_a_line_that_changes_under_an_open_journal_is_not_believed(written: Path) -> None:
    with Journal.open(written, corpus_id="c") as journal:
        path = written / "calls.jsonl"
        path.write_bytes(path.read_bytes().replace(b"stopped", b"started"))
        with pytest.raises(JournalError, match="has changed"):
            journal.answer(question(0).key)


def test_the_journal_of_another_corpus_is_refused(written: Path) -> None:
    with pytest.raises(JournalError, match=r"belongs to the corpus 'c', not to 'other'"):
        Journal.open(written, corpus_id="other")


def test_a_journal_of_a_newer_version_is_refused(written: Path) -> None:
    header = lines.encode({"event": "journal", "version": 99, "corpus": "c"})
    rows = (written / "calls.jsonl").read_bytes().split(b"\n", 1)
    (written / "calls.jsonl").write_bytes(header + rows[1])
    with pytest.raises(JournalError, match="newer version"):
        Journal.open(written, corpus_id="c")


def test_a_file_in_the_way_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("I am a file")
    with pytest.raises(JournalError) as seen:
        Journal.open(tmp_path / "journal", corpus_id="c")
    assert "\n" not in str(seen.value)


def test_failed_attempts_stay_counted_unless_they_never_left(folder: Path) -> None:
    with Journal.open(folder, corpus_id="c") as journal:
        for error, left in ((TimedOut("late"), True), (Unreachable("gone"), False)):
            attempt = journal.reserve(question().key, "m", tokens=100, usd=0.01, call=CALL)
            journal.failed(question().key, attempt, error, CALL, left=left)
        total = journal.ledger.run("r1")
        assert (total.tokens, total.open_attempts) == (100, 1)
        assert total.dollars == pytest.approx(0.01)
        pay(journal, question())
        assert total.tokens == 100 + 42
        assert total.dollars == pytest.approx(0.012)
    with Journal.open(folder, corpus_id="c") as journal:
        assert journal.ledger.all.tokens == 142


def test_two_journals_on_one_folder_see_each_other(folder: Path) -> None:
    with Journal.open(folder, corpus_id="c") as one, Journal.open(folder, corpus_id="c") as two:
        pay(one, question(1))
        pay(two, question(2))
        one.refresh()
        assert len(one) == len(two) == 2
        assert one.ledger.all.answers == two.ledger.all.answers == 2


def test_a_reader_needs_no_lock_and_cannot_write(written: Path) -> None:
    with Journal.open(written, corpus_id="c") as writer, Journal.open(written, read_only=True) as reader:
        pay(writer, question(50))
        reader.refresh()
        assert reader.answer(question(50).key) == DONE
        with pytest.raises(JournalError, match="reading only"):
            pay(reader, question(51))


def test_a_reader_leaves_a_cut_line_to_its_writer(written: Path) -> None:
    path = written / "calls.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    with Journal.open(written, read_only=True) as reader:
        assert len(reader) == 9
    assert not list(written.glob("torn-*"))


def test_threads_may_append_and_read_at_once(folder: Path) -> None:
    with Journal.open(folder, corpus_id="c") as journal:

        def work(start: int) -> None:
            for number in range(start, start + 100):
                pay(journal, question(number))
                assert journal.answer(question(number).key) == DONE

        threads = [threading.Thread(target=work, args=(start,)) for start in range(0, 400, 100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(journal) == 400
    with Journal.open(folder, corpus_id="c") as journal:
        assert (len(journal), journal.problems) == (400, [])


FILL = """
import resource, sys
from lm.base import Completion, Request, chat
from lm.journal import Call, Journal, JournalError
journal = Journal.open(sys.argv[1], corpus_id="c")
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
number = 0
try:
    while True:
        request = Request(chat("Who?" * 50), "m", sample=number)
        attempt = journal.reserve(request.key, "m", tokens=1, usd=None, call=Call("r"))
        done = Completion("y" * 900, "stop", 1, 1, 0.1, "m")
        journal.answered(request, request.key, attempt, done, Call("r"))
        number += 1
except JournalError as error:
    print(number, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.failed(request.key, "a", JournalError("x"), Call("r"), left=True)  # space again: it goes on
"""


def test_a_full_disk_is_one_line_and_nothing_is_lost(folder: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(folder)], capture_output=True, text=True, env=env, check=True
    )
    (said,) = done.stdout.splitlines()
    number, message = said.split(" ", 1)
    assert "Nothing in it is lost" in message
    assert "free some space" in message
    with Journal.open(folder, corpus_id="c") as journal:
        assert len(journal) == int(number) > 10
        assert journal.problems == []


@pytest.mark.slow
def test_a_million_answers_would_fit(folder: Path) -> None:
    """The index holds places, not texts: under 200 bytes an answer."""
    import tracemalloc

    journal = Journal.open(folder, corpus_id="c", fsync="none")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(2000):
        request = Request(chat("Who?"), "m", sample=number)
        attempt = journal.reserve(request.key, "m", tokens=1, usd=None, call=CALL)
        journal.answered(request, request.key, attempt, dataclasses.replace(DONE, text="y" * 3000), CALL)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    journal.close()
    assert grown / 2000 < 200


def test_closing_twice_is_harmless_and_writing_then_is_an_error(folder: Path) -> None:
    journal = Journal.open(folder, corpus_id="c")
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        pay(journal, question())


def test_an_unknown_fsync_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="'each', 'interval' or 'none'"):
        Journal.open(folder, fsync="sometimes")  # type: ignore[arg-type]
