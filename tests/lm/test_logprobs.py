"""Log-probabilities of the first token: asked for, sent, read, kept, and absent where nobody asked."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lm
from lm import door, wire
from lm.base import Completion, Message, Request, chat
from lm.endpoint import Endpoint
from lm.local import Local

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer

ASKED = Request(chat("Is the sea wet? Answer yes or no."), "fake", max_tokens=1, top_logprobs=3)


def answer_with(logprobs: object) -> bytes:
    choice = {"message": {"content": "Yes"}, "finish_reason": "length", "logprobs": logprobs}
    return json.dumps({"choices": [choice]}).encode()


def first_token(logprobs: object) -> object:
    return wire.read_answer(answer_with(logprobs), "fake").first_token


# ---- keys and journals -------------------------------------------------------------------------------


def test_keys_from_before_log_probabilities_existed_stay_what_they_were() -> None:
    messages = (Message("system", "Be brief."), Message("user", "钟为什么停了？"))
    request = Request(
        messages, "local:qwen", 0.5, max_tokens=64, stop=("\n",), sample=2, schema={"type": "object"}
    )
    assert request.key == "8e41b24865a9cbba880761475776adb7"
    assert Request(chat("Why?"), "echo").key == "f94ba77a38d7c4e111c2ded2251c4081"


def test_asking_for_log_probabilities_is_another_question() -> None:
    plain = Request(ASKED.messages, ASKED.model, max_tokens=1)
    assert "top_logprobs" not in plain.to_dict()
    assert plain.key != ASKED.key
    assert Request.from_dict(json.loads(json.dumps(ASKED.to_dict()))) == ASKED


def test_a_completion_is_written_with_its_first_token_only_where_there_is_one() -> None:
    plain = Completion("Yes", "length", 9, 1, 0.1, "fake")
    told = Completion("Yes", "length", 9, 1, 0.1, "fake", first_token={"Yes": -0.1, "No": -2.4})
    assert "first_token" not in plain.to_dict()
    for completion in (plain, told):
        assert Completion.from_dict(json.loads(json.dumps(completion.to_dict()))) == completion


# ---- what servers say --------------------------------------------------------------------------------


def test_the_alternatives_come_with_the_likeliest_first() -> None:
    alternatives = [{"token": "No", "logprob": -2.0}, {"token": "Yes", "logprob": -0.2}]
    content = [{"token": "Yes", "logprob": -0.2, "top_logprobs": alternatives}]
    found = first_token({"content": [*content, {"token": "!", "logprob": -9.0}]})
    assert found == {"Yes": -0.2, "No": -2.0}
    assert list(found) == ["Yes", "No"]


@pytest.mark.parametrize(
    "logprobs",
    [
        None,
        [],
        "none",
        {},
        {"content": None},
        {"content": []},
        {"content": ["Yes"]},
        {"content": [{"token": "Yes", "logprob": None, "top_logprobs": None}]},
        {"content": [{"token": 7, "logprob": "much", "top_logprobs": [{}]}]},
    ],
)
def test_a_server_that_gives_none_or_nonsense_is_read_as_giving_none(logprobs: object) -> None:
    assert first_token(logprobs) is None


def test_hostile_numbers_become_no_probability_above_one() -> None:
    content = [
        {
            "token": "Yes",
            "logprob": 3.0,
            "top_logprobs": [{"token": "No", "logprob": float("nan")}, "x", None, 7],
        }
    ]
    assert first_token({"content": content}) == {"Yes": 0.0}


# ---- an endpoint -------------------------------------------------------------------------------------


def ask(server: "FakeServer", tmp_path: Path, request: Request | None = None) -> Completion:
    model = Endpoint(server.url, "fake-1")
    wanted = request or Request(ASKED.messages, model.name, max_tokens=1, top_logprobs=3)
    with (
        lm.Journal.open(tmp_path / "journal") as journal,
        lm.Session(model, journal=journal, retries=0) as session,
    ):
        answers = list(session.answers([lm.Job(wanted)]))
    with lm.Journal.open(tmp_path / "journal") as journal:
        kept = journal.answer(wanted.key)
    assert answers[0].error is None
    assert kept == answers[0].completion
    assert kept is not None
    return kept


def test_an_endpoint_is_asked_for_them_and_the_journal_keeps_them(
    fake_server: "FakeServer", tmp_path: Path
) -> None:
    found = ask(fake_server, tmp_path)
    assert (fake_server.bodies[0]["logprobs"], fake_server.bodies[0]["top_logprobs"]) == (True, 3)
    assert found.first_token == {"Answer": -0.25, "No": -2.0}


def test_an_endpoint_is_not_asked_for_what_nobody_wants(fake_server: "FakeServer", tmp_path: Path) -> None:
    found = ask(fake_server, tmp_path, Request(chat("Hello."), fake_server.name))
    assert "logprobs" not in fake_server.bodies[0]
    assert found.first_token is None


def test_an_endpoint_that_refuses_them_is_asked_without(fake_server: "FakeServer", tmp_path: Path) -> None:
    fake_server.refuses = ("logprobs",)
    found = ask(fake_server, tmp_path)
    assert found.text.startswith("Answer")
    assert found.first_token is None
    assert ["logprobs" in body for body in fake_server.bodies] == [True, False]


def test_they_come_through_a_stream(fake_server: "FakeServer") -> None:
    reader = wire.StreamReader("fake", lambda piece: None)
    event = {
        "choices": [
            {"delta": {"content": "Yes"}, "logprobs": {"content": [{"token": "Yes", "logprob": -0.5}]}}
        ]
    }
    reader.take(b"data: " + json.dumps(event).encode())
    reader.take(b'data: {"choices": [{"delta": {}, "finish_reason": "stop", "logprobs": null}]}')
    assert reader.finish().first_token == {"Yes": -0.5}


# ---- echo and the local model ------------------------------------------------------------------------


def echoed(prompt: str) -> Completion:
    model = lm.connect("echo")
    return lm_call(model, Request(chat(prompt), "echo", top_logprobs=5))


def lm_call(model: lm.LM, request: Request) -> Completion:
    try:
        return door.call(model.complete(request))
    finally:
        door.call(model.aclose())


def test_echo_says_yes_to_a_claim_in_the_words_of_the_document_and_no_to_another() -> None:
    question = "Passage: Mina rang the bell.\n\nStatement: {}\n\nIs it so? Answer yes or no."
    copied, other = echoed(question.format("Mina rang.")), echoed(question.format("Joss sold herring."))
    assert copied.text == "Yes"
    assert other.text == "No"
    for found in (copied, other):
        assert found.first_token is not None
        assert sum(map(math.exp, found.first_token.values())) == pytest.approx(1.0)


def test_echo_asked_for_anything_else_is_sure_of_its_first_word() -> None:
    found = echoed("### Document\nMina rang the bell.\n\n### Entities\n- Mina\n\n### Task\nWrite.")
    assert found.first_token == {found.text.split()[0]: 0.0}


@pytest.mark.slow
@pytest.mark.local_model
def test_the_local_model_gives_alternatives_of_its_first_token(small_model: Path) -> None:
    pytest.importorskip("xllamacpp", reason="xllamacpp is not installed: pip install 'entigraph[local]'")
    model = Local(small_model, context_tokens=512)
    request = Request(chat("Say yes."), model.name, temperature=0.0, max_tokens=1, top_logprobs=5)
    found = lm_call(model, request).first_token
    assert found is not None
    assert len(found) >= 5
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert sum(map(math.exp, found.values())) <= 1.0 + 1e-6
