"""Killed with SIGKILL at a random moment, then run again: nothing lost, nothing paid twice but what was in flight."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lm

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer

JOBS, CONCURRENCY, KILLS = 400, 16, 10
RUN = """
import sys
import lm
model = lm.connect(sys.argv[2])
jobs = (lm.Job(lm.Request(lm.chat(f"Question {n}?"), model.name, max_tokens=50)) for n in range(int(sys.argv[3])))
with lm.Journal.open(sys.argv[1], corpus_id="c") as journal:
    with lm.Session(model, journal=journal, concurrency=int(sys.argv[4]), run="r") as session:
        for answer in session.answers(jobs):
            print(answer.job.request.key, flush=True)
"""


@pytest.mark.slow
def test_killed_ten_times_nothing_is_lost_and_only_what_was_in_flight_is_paid_twice(
    fake_server: "FakeServer", tmp_path: Path
) -> None:
    fake_server.delay = 0.05
    rng = random.Random(20_26)
    folder = tmp_path / "j"
    command = [sys.executable, "-c", RUN, str(folder), fake_server.name, str(JOBS), str(CONCURRENCY)]
    env = {**os.environ, "PYTHONPATH": os.getcwd()}
    given: set[str] = set()
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
        asked = len(fake_server.bodies)
        while process.poll() is None and len(fake_server.bodies) == asked:
            time.sleep(0.002)
        time.sleep(rng.uniform(0.0, 0.12))
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0].decode()
        killed += process.returncode == -signal.SIGKILL
        given |= {line for line in said.split("\n")[:-1] if len(line) == 32}
        with lm.Journal.open(folder, corpus_id="c") as journal:
            assert all(key in journal for key in given), "an answer that was given is in the journal"
            assert all("torn" in p.reason for p in journal.problems)
            assert journal.ledger.all.open_attempts <= CONCURRENCY * (killed + 1)
    assert killed >= KILLS - 2
    subprocess.run(command, stdout=subprocess.PIPE, env=env, check=True)
    with lm.Journal.open(folder, corpus_id="c") as journal:
        assert len(journal) == JOBS
        open_attempts = journal.ledger.all.open_attempts
        sent = [event["key"] for event in journal.events() if event["event"] == "sent"]
    assert set(fake_server.times_asked()) == {f"Question {n}?" for n in range(JOBS)}
    assert len(sent) - JOBS == open_attempts <= CONCURRENCY * killed, "each one more was in flight at a kill"
    assert len(fake_server.bodies) <= len(sent)
