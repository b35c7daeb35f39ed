"""The last hidden state of a model: asked for, kept in the journal, refused where there is none."""

import asyncio
import math
from pathlib import Path

import pytest

import lm
from lm import wire
from lm.base import BadRequest, Completion, Request, chat, packed, unpacked
from lm.local import Local

ASKED = Request(chat("Passage: Mina rang.\n\nStatement: Joss rang."), "fake", max_tokens=1, hidden_state=True)


def test_a_request_is_written_with_it_only_where_it_is_asked_for() -> None:
    plain = Request(ASKED.messages, "fake", max_tokens=1)
    assert "hidden_state" not in plain.to_dict()
    assert plain.key != ASKED.key
    assert Request.from_dict(ASKED.to_dict()) == ASKED
    assert not Request.from_dict(plain.to_dict()).hidden_state


def test_a_completion_keeps_it_in_half_precision() -> None:
    state = tuple(math.sin(one) / 40 for one in range(1536))
    told = Completion("", "stop", 9, 0, 0.1, "fake", 0.0, hidden_state=state)
    kept = Completion.from_dict(told.to_dict())
    assert kept.hidden_state == pytest.approx(state, abs=2e-5)
    assert len(told.to_dict()["hidden_state"]) == 4096
    assert "hidden_state" not in Completion("Yes", "stop", 9, 1, 0.1, "fake").to_dict()


def test_numbers_are_packed_as_text() -> None:
    assert unpacked(packed([])) == ()
    assert unpacked(packed([1.0, -0.5, 65504.0])) == (1.0, -0.5, 65504.0)
    with pytest.raises(OverflowError):
        packed([1e6])


def test_a_server_that_speaks_the_protocol_is_never_asked_for_it() -> None:
    with pytest.raises(BadRequest, match="a local model does"):
        wire.fields(ASKED, "fake", wire.FIRST, stream=False)


def test_echo_has_none() -> None:
    with pytest.raises(BadRequest, match="echo has no hidden states"):
        asyncio.run(lm.connect("echo").complete(ASKED))


def lengths(states: list[tuple[float, ...]]) -> list[float]:
    return [math.fsum(value * value for value in state) for state in states]


@pytest.mark.slow
@pytest.mark.local_model
def test_a_local_model_gives_it_beside_chats_and_the_journal_keeps_it(
    small_model: Path, tmp_path: Path
) -> None:
    pytest.importorskip("xllamacpp", reason="xllamacpp is not installed: pip install 'entigraph[local]'")
    model = Local(small_model, context_tokens=1024)
    long = chat("Mina rang the bell of the church in the morning. " * 60)  # more than one batch of 512 tokens
    asked = [
        Request(ASKED.messages, model.name, max_tokens=1, hidden_state=True),
        Request(chat("Say hello."), model.name, temperature=0.0, max_tokens=4),
        Request(chat("Passage: Mina rang.\n\nStatement: Mina rang."), model.name, hidden_state=True),
        Request(long, model.name, hidden_state=True),
        Request(ASKED.messages, model.name, max_tokens=1, hidden_state=True, sample=1),
        Request(chat("word " * 3000), model.name, hidden_state=True),
    ]
    with (
        lm.Journal.open(tmp_path / "journal") as journal,
        lm.Session(model, journal=journal, retries=0) as session,
    ):
        answers = {answer.job.request.key: answer for answer in session.answers(map(lm.Job, asked))}
    found = [answers[one.key] for one in asked]
    states = [one.completion.hidden_state for one in found if one.completion and one.completion.hidden_state]
    assert len(states) == 4
    assert {len(state) for state in states} == {576}
    assert lengths(states) == pytest.approx([1.0] * 4, abs=1e-3)
    assert states[0] == pytest.approx(states[3], abs=1e-3)
    assert max(abs(one - other) for one, other in zip(states[0], states[1], strict=True)) > 0.01
    spoken = found[1].completion
    assert spoken is not None
    assert spoken.text
    assert found[3].completion is not None
    assert found[3].completion.tokens_in > 512
    assert (found[0].completion.text, found[0].completion.tokens_out) == ("", 0)  # type: ignore[union-attr]
    assert isinstance(found[5].error, BadRequest)
    assert "smaller --context" in str(found[5].error)
    with lm.Journal.open(tmp_path / "journal", read_only=True) as kept:
        again = kept.answer(asked[0].key)
    assert again is not None
    assert again.hidden_state == pytest.approx(states[0], abs=1e-3)
