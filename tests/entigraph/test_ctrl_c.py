"""Ctrl-C, once and twice: what is in flight is waited for, nothing is lost, the same command goes on."""

import json
import os
import signal
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.entigraph.conftest import Start, lm_answers, until

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer

ECHO = ("--model", "echo", "--checks", "none")


def known(corpus: Path) -> int:
    """How many documents a corpus has committed so far."""
    try:
        connection = sqlite3.connect(corpus / "graph.sqlite")
        try:
            return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.slow
def test_ctrl_c_waits_for_what_is_in_flight_and_goes_on_when_run_again(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer", start: Start, number: signal.Signals
) -> None:
    server.delay = 0.3
    words = ("generate", corpus, "--model", server.name, "--checks", "none", "-n", 12, "--json")
    process = start(*words, "--concurrency", 2)
    until(lambda: len(server.bodies) >= 3)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    stopped = json.loads(out)
    assert (process.returncode, stopped["stopped"]) == (3, "interrupt"), err
    assert stopped["done"] == len(server.bodies) == lm_answers(home / corpus)
    assert stopped["planned"] == stopped["done"] + stopped["left"] == 12
    server.delay = 0.0
    again = entigraph(*words).json
    assert (again["done"], again["reused"]) == (12 - stopped["done"], stopped["done"])
    assert set(server.times_asked().values()) == {1}


@pytest.mark.slow
def test_a_second_ctrl_c_ends_it_at_once_and_loses_nothing(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer", start: Start
) -> None:
    server.behave = lambda n, body: "ok" if n < 2 else "slow"
    words = ("generate", corpus, "--model", server.name, "--checks", "none", "-n", 6, "--json")
    process = start(*words, "--concurrency", 2)
    until(lambda: len(server.bodies) >= 4)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(1.0)
    assert process.poll() is None, "it waits for what is in flight"
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - began < 5
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("entigraph: interrupted")
    assert lm_answers(home / corpus) == 2
    server.behave = lambda n, body: "ok"
    assert entigraph(*words).json["reused"] == 2


@pytest.mark.slow
def test_an_interrupted_build_goes_on_where_it_was(
    entigraph: "Program", documents: Path, home: Path, start: Start
) -> None:
    words = ("-o", "c.kg", "--names", documents / "names.txt", "--json")
    process = start("build", documents / "docs", "-", *words)
    until(lambda: (home / "c.kg" / "writer.lock").exists() and known(home / "c.kg") == 2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    report = json.loads(out)
    assert (process.returncode, report["stopped"], report["documents"]) == (3, "interrupt", 2), err
    again = entigraph("build", documents / "docs", *words).json
    assert (again["unchanged"], again["entities"]) == (2, 8)


@pytest.mark.slow
def test_the_main_job_writes_nothing_after_ctrl_c_in_its_build(
    documents: Path, home: Path, start: Start, server: "FakeServer"
) -> None:
    words = ("-o", "c.kg", "--names", documents / "names.txt", "--model", server.name, "--json")
    process = start("run", documents / "docs", "-", *words)
    until(lambda: (home / "c.kg" / "writer.lock").exists() and known(home / "c.kg") == 2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    report = json.loads(out)
    assert (process.returncode, report["build"]["stopped"], report["generate"]) == (3, "interrupt", None), err
    assert server.bodies == []
