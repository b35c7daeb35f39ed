"""Killed with SIGKILL at a random moment, ten times: nothing is lost, nothing paid twice but what was in flight."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lm
from kg.model import Record
from kg.stores import open_corpus

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer

PLAN, CONCURRENCY, KILLS = 90, 4, 10


@pytest.mark.slow
def test_killed_ten_times_generate_loses_nothing_and_pays_twice_only_for_what_was_in_flight(
    entigraph: "Program",
    corpus: str,
    home: Path,
    env: dict[str, str],
    program: list[str],
    server: "FakeServer",
) -> None:
    rng = random.Random(20_261_121)
    server.delay = 0.2
    words: tuple[str, ...] = ("generate", corpus, "--model", server.name, "--checks", "named")
    words += ("--sampler", "pairs,triples")
    words += ("-n", str(PLAN), "--json")
    command = [*program, *words, "--concurrency", str(CONCURRENCY)]
    killed, in_flight = 0, set[str]()
    for _ in range(KILLS):
        process = subprocess.Popen(
            command, cwd=home, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        asked = len(server.bodies)
        while process.poll() is None and len(server.bodies) == asked:
            time.sleep(0.005)
        time.sleep(rng.uniform(0.0, 0.39))
        os.kill(process.pid, signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        with lm.Journal.open(home / corpus / "journal", read_only=True) as journal:
            sent, settled = dict[str, str](), set[str]()
            for event in journal.events():
                if event["event"] == "sent":
                    sent[event["id"]] = event["key"]
                elif event["event"] in ("answered", "failed"):
                    settled.add(event["id"])
            in_flight |= {key for id, key in sent.items() if id not in settled}
    assert killed == KILLS, "each was still at work when it was killed"

    report = entigraph(*words).json
    assert (report["planned"], report["failed"], report["stopped"]) == (PLAN, 0, None)
    assert report["done"] + report["reused"] + sum(report["rejected"].values()) == PLAN
    verified = entigraph("runs", "verify", corpus, "--json")
    assert (verified.code, verified.json["calls"], verified.json["texts"]) == (0, PLAN, PLAN)
    assert verified.json["texts_without_call"] == []

    store = open_corpus(home / corpus, writable=False)
    with lm.Journal.open(home / corpus / "journal", read_only=True) as journal:
        assert {record.call for record in store.read(Record)} == set(journal.keys())
        prompts = {}
        for key in list(journal.keys()):
            request = journal.request(key)
            assert request is not None
            prompts[request.messages[-1].content] = key
    store.close()
    times = server.times_asked()
    assert set(times) == set(prompts), "every prompt that was sent has its answer in the end"
    paid_twice = {prompts[prompt] for prompt, count in times.items() if count > 1}
    assert paid_twice <= in_flight
    assert sum(times.values()) - PLAN <= KILLS * CONCURRENCY
