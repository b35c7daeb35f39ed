"""`generate --batch`, against a local server that speaks the Batch protocol over real HTTP."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.entigraph.conftest import says
from tests.lm.conftest import serve as serve

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.batch_server import BatchServer

pytestmark = pytest.mark.slow

Serve = Callable[..., "BatchServer"]
WRITE = ("--checks", "none", "-n", 6)


def test_a_plan_is_one_batch_and_the_second_time_costs_nothing(
    entigraph: "Program", corpus: str, serve: Serve
) -> None:
    server = serve(steps=1)
    words = ("generate", corpus, "--model", server.name, *WRITE, "--batch", "--json")
    first = entigraph(*words)
    assert first.code == 0, first.err
    assert (first.json["done"], first.json["tokens_in"], first.json["stopped"]) == (6, 120, None)
    assert [row["request_counts"]["total"] for row in server.batches.values()] == [6]
    again = entigraph(*words).json
    assert (again["reused"], again["tokens_in"], len(server.charged)) == (6, 0, 6)
    one_by_one = entigraph(*words[:-2], "--json").json
    assert (one_by_one["run"], one_by_one["reused"], len(server.charged)) == (first.json["run"], 6, 6)
    assert entigraph("runs", "verify", corpus, "--json").json["texts_without_call"] == []


def test_a_deadline_ends_the_waiting_and_the_same_command_takes_the_batch_up(
    entigraph: "Program", corpus: str, serve: Serve
) -> None:
    server = serve(steps=1000)
    words = ("generate", corpus, "--model", server.name, *WRITE)
    stopped = entigraph(*words, "--batch", "--deadline", "1s", "--json")
    assert (stopped.code, stopped.json["stopped"], stopped.json["done"]) == (3, "deadline", 0)
    assert len(server.batches) == 1
    one_by_one = entigraph(*words)
    says(one_by_one, 1, "1 batch of", "--batch waits for them", "--no-batch")
    server.steps = 1
    done = entigraph("runs", "resume", corpus, stopped.json["run"], "--json").json
    assert (done["done"], len(server.batches), len(server.charged)) == (6, 1, 6)


def test_ctrl_c_leaves_the_batch_there(
    program: list[str], entigraph: "Program", corpus: str, serve: Serve, home: Path, env: dict[str, str]
) -> None:
    server = serve(steps=1000)
    words = ["generate", corpus, "--model", server.name, *map(str, WRITE), "--batch"]
    process = subprocess.Popen(
        [*program, *words], cwd=home, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not server.batches and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 3, said
    assert "runs resume" in said
    server.steps = 1
    done = entigraph(*words, "--json").json
    assert (done["done"], len(server.batches), len(server.charged)) == (6, 1, 6)


def test_a_pilot_that_fails_has_cost_one_small_batch(entigraph: "Program", corpus: str, serve: Serve) -> None:
    server = serve(steps=1)
    words = ("generate", corpus, "--model", server.name, "--wordings", 20, "-n", 12, "--batch", "--json")
    failed = entigraph(*words)
    assert (failed.code, failed.json["stopped"]) == (3, "pilot")
    assert len(server.charged) == 20
    assert [row["request_counts"]["total"] for row in server.batches.values()] == [20]


def test_a_strategy_of_several_steps_is_a_batch_for_each(
    entigraph: "Program", corpus: str, serve: Serve
) -> None:
    server = serve(steps=1)
    words = ("--sampler", "documents", "--strategy", "hierarchical", "--checks", "none", "--no-pilot")
    done = entigraph("generate", corpus, "--model", server.name, *words, "--batch", "--json")
    assert done.code == 0, done.err
    assert len(server.batches) > 1
    assert sum(row["request_counts"]["total"] for row in server.batches.values()) == len(server.charged)


def test_what_expired_is_asked_for_again_within_the_budget(
    entigraph: "Program", corpus: str, serve: Serve, home: Path
) -> None:
    server = serve("expire", steps=1)
    (home / "prices.toml").write_text(
        f'["{server.name}"]\ninput = 1000000\noutput = 1000000\n["batch:{server.name}"]\ninput = 2\noutput = 8\n'
    )
    entigraph("config", corpus, "--set", f"prices={home / 'prices.toml'}")
    words = ("generate", corpus, "--model", server.name, *WRITE, "--batch")
    dry = entigraph(*words, "--dry-run", "--json").json
    price = dry["tokens_in"] * 2e-6 + dry["tokens_out"] * 8e-6
    assert dry["usd"] == pytest.approx(price)
    assert dry["seconds"] is None
    assert "within a day" in entigraph(*words, "--dry-run").out
    done = entigraph(*words, "--budget-usd", 1, "--json")
    assert (done.code, done.json["done"], len(server.charged)) == (0, 6, 6)
    assert done.json["usd"] == pytest.approx(6 * (20 * 2e-6 + 10 * 8e-6))
    assert [row["request_counts"]["total"] for row in server.batches.values()] == [6, 3]


def test_a_model_without_batches_is_refused_before_any_work(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    words = ("--model", "echo", *WRITE, "--batch")
    says(entigraph("generate", corpus, *words), 2, "'echo' cannot be asked by the batch")
    assert not (home / corpus / "runs").exists()


def test_a_server_that_has_no_batch_endpoint_is_told(entigraph: "Program", corpus: str, server: Any) -> None:
    found = entigraph("generate", corpus, "--model", server.name, *WRITE, "--batch")
    assert found.code == 3, found.err
    assert "has no Batch endpoint (POST /files: 404)" in found.err
    assert "stopped by an endpoint that refuses" in found.err
    assert server.bodies == []
