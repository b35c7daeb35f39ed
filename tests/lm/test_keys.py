"""The key of a request: what it is made of, and that it never changes."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from lm.base import Message, Request

PIECES = [*map(chr, range(0x100)), "钟", "\u2019", "\ud800", "😀", '"messages":[]']
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
SCHEMAS: st.SearchStrategy[dict[str, object] | None] = st.none() | st.dictionaries(
    st.sampled_from(["messages", "a"]), st.just([]) | TEXTS, max_size=2
)


@given(
    st.lists(st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXTS), max_size=3),
    *(
        TEXTS,
        st.sampled_from([0, 0.7, 1e-7, 1.0, 2]),
        st.lists(TEXTS, max_size=2),
        SCHEMAS,
        st.integers(0, 5),
    ),
    st.booleans(),
)
def test_a_key_is_the_hash_of_the_request_as_canonical_json(
    messages: list[Message],
    model: str,
    temperature: float,
    stop: list[str],
    schema: dict[str, object] | None,
    top_logprobs: int,
    hidden_state: bool,
) -> None:
    request = Request(
        *(tuple(messages), model),
        temperature=temperature,
        stop=tuple(stop),
        schema=schema,
        top_logprobs=top_logprobs,
        hidden_state=hidden_state,
    )
    written = json.dumps(request.to_dict(), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    assert request.key == hashlib.blake2b(written.encode("ascii"), digest_size=16).hexdigest()


def test_a_number_has_the_key_of_how_it_is_written_whatever_was_asked_before() -> None:
    asked = [
        Request((Message("user", "Who?"),), "m", temperature=one) for one in (1, 1.0, 0, 0.0, -0.0, True)
    ]
    for first in (asked, asked[::-1]):
        for request in first:
            written = json.dumps(request.to_dict(), sort_keys=True, separators=(",", ":"))
            assert request.key == hashlib.blake2b(written.encode("ascii"), digest_size=16).hexdigest()


def test_a_key_that_was_written_down_once_stays_what_it_was() -> None:
    request = Request((Message("user", "Who rang the bell? 钟"),), "local:smollm2-135m", temperature=0.7)
    assert request.key == "d10caf83b778cfb8216140d244b1754f"
