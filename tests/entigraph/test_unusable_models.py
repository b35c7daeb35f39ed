"""Models, keys and endpoints that cannot be used, and budgets that allow nothing: told before any plan runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.entigraph.conftest import lm_answers, says

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer

ECHO = ("--model", "echo", "--checks", "none")


@pytest.mark.slow
def test_a_model_that_cannot_be_fetched_is_told_with_the_command_to_try(entigraph: "Program") -> None:
    nowhere = "http://127.0.0.1:9"
    away = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"), nowhere)
    away |= {
        "PIP_INDEX_URL": f"{nowhere}/simple",
        "UV_DEFAULT_INDEX": f"{nowhere}/simple",
        "PIP_RETRIES": "0",
    }
    done = entigraph("models", "pull", "smollm2-135m", env=away)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert done.said[-1].startswith("entigraph: ")
    assert "smollm2-135m" in done.err
    assert "pip" in done.err


@pytest.mark.slow
def test_a_pinned_model_that_was_not_fetched_is_told_with_the_command_that_fetches_it(
    entigraph: "Program", corpus: str
) -> None:
    says(entigraph("generate", corpus, "--model", "local", "-n", 1), 1, "entigraph models pull")
    says(entigraph("models", "verify", "smollm2-135m"), 1, "entigraph models pull smollm2-135m")


def test_a_wrong_key_is_told_before_anything_is_asked_and_is_never_shown(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    server.key = "sk-right"
    key = {f"ENTIGRAPH_KEY_127_0_0_1_{server.port}": "sk-wrong"}
    done = entigraph("generate", corpus, "--model", server.name, "-n", 2, env=key)
    says(done, 1, "key", "401", server.url)
    assert "sk-" not in done.err + (home / "entigraph.log").read_text()
    assert server.bodies == []


def test_a_model_name_that_does_not_exist_is_answered_with_those_that_do(
    entigraph: "Program", corpus: str, server: "FakeServer"
) -> None:
    done = entigraph("generate", corpus, "--model", f"{server.url}#fake-11", "-n", 1)
    says(done, 1, "no model 'fake-11'", "fake-1", "fake-2")
    assert server.bodies == []


def test_an_endpoint_that_answers_html_is_told(
    entigraph: "Program", corpus: str, server: "FakeServer"
) -> None:
    page = server.url.replace("/v1", "/page")
    says(entigraph("generate", corpus, "--model", f"{page}#m", "-n", 1), 1, page, "/v1")
    assert server.bodies == []


def test_an_endpoint_that_is_down_is_told_before_any_plan_runs(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    server.stop()
    done = entigraph("generate", corpus, "--model", server.name, "-n", 1)
    server.start()
    says(done, 1, "cannot reach", server.url, "connection refused")
    assert lm_answers(home / corpus) == 0
    assert "sent" not in (home / corpus / "journal" / "calls.jsonl").read_text()


@pytest.mark.slow
def test_a_remote_model_without_a_limit_gets_the_estimate_and_sends_nothing(
    entigraph: "Program", corpus: str, documents: Path, home: Path, server: "FakeServer"
) -> None:
    key = {f"ENTIGRAPH_KEY_127_0_0_1_{server.port}": "sk-some"}  # with a key it may cost money: remote
    done = entigraph("generate", corpus, "--model", server.name, env=key)
    says(done, 2, "calls", "tokens in", "is a remote model", "--budget-tokens", lines=2)
    build = ("build", documents / "docs", "-o", "new.kg", "--extractor", "llm", "--model", server.name)
    says(entigraph(*build, env=key), 2, "is a remote model", "2 documents", "2 calls", "--budget-usd")
    assert not (home / "new.kg").exists()
    dry = entigraph(*build, "--dry-run", "--json", env=key)
    assert (dry.code, dry.json["documents"]) == (0, 2)
    assert server.bodies == []


def test_a_budget_of_nothing_sends_nothing(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    words = ("generate", corpus, "--model", server.name, "-n", 3, "--json")
    done = entigraph(*words, "--budget-tokens", 0)
    assert (done.code, done.json["stopped"], done.json["left"]) == (3, "budget", 3)
    unpriced = entigraph(*words, "--budget-usd", 0)
    says(unpriced, 2, "needs the price of", "prices.toml")
    assert server.bodies == []


@pytest.mark.slow
def test_a_budget_stops_a_plan_too_large_to_count_at_once(entigraph: "Program", home: Path) -> None:
    (home / "docs").mkdir()
    names = [f"Keeper Number{n}" for n in range(120)]
    (home / "docs" / "all.txt").write_text(". ".join(names), encoding="utf-8")
    (home / "names.txt").write_text("\n".join(names), encoding="utf-8")
    assert entigraph("build", "docs", "-o", "c.kg", "--names", "names.txt").code == 0
    words = ("generate", "c.kg", *ECHO, "--sampler", "triples", "--budget-tokens", 1_000, "--json")
    done = entigraph(*words)  # 280,840 triples
    assert (done.code, done.json["stopped"], done.json["counted"]) == (3, "budget", False)
    assert done.json["planned"] >= 100_000
    parts = ("done", "failed", "reused", "left")
    assert done.json["planned"] == sum(done.json[part] for part in parts)
