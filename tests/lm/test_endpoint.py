"""The endpoint adapter against a real local server; the openai adapter must do the same."""

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

import lm
from lm import door, wire
from lm.base import TokenCallback
from lm.endpoint import Endpoint

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer

SCHEMA = {
    "type": "object",
    "properties": {"names": {"type": "array", "maxItems": 5, "items": {"type": "string", "maxLength": 40}}},
    "required": ["names"],
}


@pytest.fixture(params=["endpoint", "openai"])
def connected(request: pytest.FixtureRequest, fake_server: "FakeServer") -> Iterator[Callable[..., lm.LM]]:
    """Makes a model at the fake server, by each adapter that speaks HTTP; closed at the end."""
    made: list[lm.LM] = []

    def make(model: str = "fake-1", key: str | None = None, timeout_seconds: float = 10.0) -> lm.LM:
        prefix = "openai:" if request.param == "openai" else ""
        name = f"{prefix}{fake_server.url}#{model}"
        made.append(lm.connect(name, key_for=lambda host: key, timeout_seconds=timeout_seconds))
        return made[-1]

    yield make
    for model in made:
        door.call(model.aclose())


def ask(model: lm.LM, text: str = "Who?", on_token: TokenCallback | None = None) -> lm.Completion:
    return door.call(model.complete(lm.Request(lm.chat(text), model.name, max_tokens=50), on_token))


def test_an_answer_carries_text_tokens_and_time(connected: Callable[..., lm.LM]) -> None:
    model = connected()
    answer = ask(model)
    assert answer.text == "Answer to 'Who?'."
    assert (answer.finish, answer.tokens_in, answer.tokens_out) == ("stop", 20, 10)
    assert answer.model == model.name
    assert answer.latency_seconds > 0
    assert answer.cost_usd is None, "nobody wrote a price down, so it is unknown and not free"


def test_streamed_pieces_are_the_whole_answer(connected: Callable[..., lm.LM]) -> None:
    pieces: list[str] = []
    answer = ask(connected(), on_token=pieces.append)
    assert len(pieces) > 1
    assert "".join(pieces) == answer.text == "Answer to 'Who?'."
    assert (answer.tokens_in, answer.tokens_out, answer.finish) == (20, 10, "stop")


def test_a_stream_that_ends_early_is_malformed(
    connected: Callable[..., lm.LM], fake_server: "FakeServer"
) -> None:
    fake_server.behave = lambda n, body: "unfinished"
    with pytest.raises(lm.Malformed, match="cut"):
        ask(connected(), on_token=lambda piece: None)


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("429:2", lm.RateLimited),
        ("500", lm.ServerError),
        ("502", lm.ServerError),
        ("html", lm.ServerError),
        ("html-200", lm.Unreachable),
        ("cut", lm.Malformed),
        ("malformed", lm.Malformed),
        ("empty", lm.Malformed),
        ("drop", lm.Malformed),
        ("error-200", lm.ServerError),
        ("400", lm.BadRequest),
        ("403", lm.AccessDenied),
        ("302", lm.Unreachable),
    ],
)
def test_every_fault_has_its_error(
    connected: Callable[..., lm.LM], fake_server: "FakeServer", mode: str, error: type[lm.LMError]
) -> None:
    fake_server.behave = lambda n, body: mode
    with pytest.raises(error) as seen:
        ask(connected())
    assert "\n" not in str(seen.value)
    if isinstance(seen.value, lm.RateLimited):
        assert seen.value.retry_after == 2.0


def test_retry_after_may_be_a_date(connected: Callable[..., lm.LM], fake_server: "FakeServer") -> None:
    fake_server.behave = lambda n, body: "429:Wed, 21 Oct 2015 07:28:00 GMT"
    with pytest.raises(lm.RateLimited) as seen:
        ask(connected())
    assert seen.value.retry_after == 0.0


def test_a_slow_server_times_out(connected: Callable[..., lm.LM], fake_server: "FakeServer") -> None:
    fake_server.behave = lambda n, body: "slow"
    with pytest.raises(lm.TimedOut, match=r"0\.3 s"):
        ask(connected(timeout_seconds=0.3))


def test_a_wrong_key_is_denied_and_never_printed(
    connected: Callable[..., lm.LM], fake_server: "FakeServer"
) -> None:
    fake_server.key = "right"
    model = connected(key="sk-secret")
    for attempt in (model.check(), model.complete(lm.Request(lm.chat("Who?"), model.name))):
        with pytest.raises(lm.AccessDenied) as seen:
            door.call(attempt)
        assert "secret" not in str(seen.value)
    door.call(connected(key="right").check())


def test_a_wrong_model_is_answered_with_the_list_nearest_first(connected: Callable[..., lm.LM]) -> None:
    model = connected("fake-22")
    with pytest.raises(lm.ModelNotFound, match=r"It has: fake-2, fake-1"):
        door.call(model.check())
    with pytest.raises(lm.ModelNotFound, match=r"It has: fake-2, fake-1"):
        ask(model)


def test_an_endpoint_without_a_list_of_models_passes_the_check(
    connected: Callable[..., lm.LM], fake_server: "FakeServer"
) -> None:
    fake_server.models = None
    door.call(connected().check())
    assert ask(connected()).finish == "stop"


def test_a_server_that_is_down_is_unreachable(
    connected: Callable[..., lm.LM], fake_server: "FakeServer"
) -> None:
    model = connected()
    fake_server.stop()
    with pytest.raises(lm.Unreachable, match=r"127\.0\.0\.1") as seen:
        door.call(model.check())
    assert not seen.value.left, "nothing was sent, so nothing can have been charged"
    with pytest.raises(lm.Unreachable):
        ask(model)


def test_a_web_page_is_not_a_language_model(fake_server: "FakeServer") -> None:
    model = lm.connect(f"http://127.0.0.1:{fake_server.port}/page#fake-1")
    with pytest.raises(lm.Unreachable, match="HTML"):
        door.call(model.check())
    door.call(model.aclose())


def test_tokens_are_counted_where_they_are_not_reported(
    connected: Callable[..., lm.LM], fake_server: "FakeServer"
) -> None:
    fake_server.behave = lambda n, body: "no-usage"
    answer = ask(connected(), "One two three four.")
    assert 5 <= answer.tokens_in <= 12
    assert answer.tokens_out > 0


@pytest.mark.parametrize(
    ("refuses", "form"),
    [((), "json_schema"), (("json_schema",), "json_object"), (("response_format",), None)],
)
def test_a_schema_is_sent_in_the_strictest_form_that_is_taken(
    connected: Callable[..., lm.LM], fake_server: "FakeServer", refuses: tuple[str, ...], form: str | None
) -> None:
    fake_server.refuses = refuses
    model = connected()
    for word in ("first", "second"):
        request = lm.Request(lm.chat(word), model.name, schema=SCHEMA)
        door.call(model.complete(request))
    body = fake_server.bodies[-1]
    assert (body.get("response_format") or {}).get("type") == form
    assert ("maxItems" in body["messages"][-1]["content"]) == (form != "json_schema")
    assert fake_server.times_asked().get("second", 0) == (form == "json_schema"), "the form is remembered"


def test_a_refusal_that_another_form_cannot_help_changes_nothing(
    connected: Callable[..., lm.LM], fake_server: "FakeServer"
) -> None:
    model = connected()
    fake_server.behave = lambda n, body: "400"
    with pytest.raises(lm.BadRequest):
        door.call(model.complete(lm.Request(lm.chat("Who?"), model.name, schema=SCHEMA)))
    fake_server.behave = lambda n, body: "ok"
    door.call(model.complete(lm.Request(lm.chat("Who?"), model.name, schema=SCHEMA)))
    assert fake_server.bodies[-1]["response_format"]["type"] == "json_schema"


def test_it_can_be_used_again_after_closing(connected: Callable[..., lm.LM]) -> None:
    model = connected()
    ask(model)
    door.call(model.aclose())
    door.call(model.aclose())
    assert ask(model).finish == "stop"


def test_many_requests_share_one_pool(fake_server: "FakeServer") -> None:
    model = Endpoint(fake_server.url, "fake-1")
    fake_server.delay = 0.2

    async def many() -> int:
        request = lm.Request(lm.chat("Who?"), model.name)
        await asyncio.gather(*(model.complete(request) for _ in range(300)))
        await model.aclose()
        return 1

    door.call(many())
    assert fake_server.most_in_flight > 200


def test_hostile_words_arrive_as_they_are_but_for_lone_surrogates(
    connected: Callable[..., lm.LM], fake_server: "FakeServer"
) -> None:
    ask(connected(), "before \ud800 after <script>'; DROP TABLE 潮 \x00")
    assert (
        fake_server.bodies[-1]["messages"][-1]["content"]
        == "before \ufffd after <script>'; DROP TABLE 潮 \x00"
    )


def test_only_the_adapters_own_host_gets_the_key(fake_server: "FakeServer") -> None:
    asked: list[str] = []

    def key_for(host: str) -> str | None:
        asked.append(host)
        return "k"

    model = lm.connect(fake_server.name, key_for=key_for)
    ask(model)
    door.call(model.aclose())
    assert asked == [f"127.0.0.1:{fake_server.port}"]
    assert fake_server.headers[-1]["Authorization"] == "Bearer k"
    assert model.remote, "a key means that somebody counts"


@pytest.mark.parametrize(
    "url", ["ftp://x/v1#m", "http://#m", "http://user:hunter2@host/v1#m", "http://host/v1"]
)
def test_an_address_that_cannot_be_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as seen:
        Endpoint(*url.split("#")) if "#" in url else lm.connect(url)
    assert "hunter2" not in str(seen.value)


def test_a_host_elsewhere_is_asked_through_the_proxy_of_the_environment(
    fake_server: "FakeServer", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{fake_server.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    model = lm.connect("openai:http://hosted.example/v1#fake-1", key_for=lambda host: "k")
    assert ask(model).text == "Answer to 'Who?'."
    assert fake_server.headers[-1]["Host"] == "hosted.example"
    door.call(model.aclose())


@pytest.mark.parametrize(
    "data", ['{"a":"顾"}'.encode("utf-8-sig"), '{"a":"顾"}'.encode("utf-16"), b'{"a":"\\u987e"}']
)
def test_answers_are_read_as_the_standard_library_reads_them(data: bytes) -> None:
    assert wire.loads(data, "m") == {"a": "顾"}


def test_a_name_that_no_host_has_is_said_in_words() -> None:
    model = lm.connect("http://nowhere.invalid/v1#fake-1")
    with pytest.raises(lm.Unreachable, match=r"no host of that name is found\. Is the address right"):
        ask(model)
    door.call(model.aclose())


@pytest.mark.parametrize(
    ("variable", "value", "host"),
    [("no_proxy", "hosted.example", "hosted.example"), ("all_ok", "", "127.0.0.1")],
)
def test_no_proxy_stands_between_us_and_this_machine_or_what_is_excepted(
    fake_server: "FakeServer", monkeypatch: pytest.MonkeyPatch, variable: str, value: str, host: str
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{fake_server.port}")
    monkeypatch.setenv(variable, value)
    model = lm.connect(f"http://{host}:1/v1#fake-1")
    with pytest.raises(lm.Unreachable):
        ask(model)
    assert not fake_server.bodies
    door.call(model.aclose())
