"""A fake OpenAI-compatible server for faults and speed, and small things every test of `lm` needs."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
from aiohttp import web

import lm

if TYPE_CHECKING:
    from tests.lm.batch_server import BatchServer

MODEL = "fake-1"
Behave = Callable[[int, dict[str, Any]], str]


class FakeServer:
    """It writes no text of worth: it answers, or fails, as `behave` says of the n-th request.

    ok · slow (60 s) · drop · cut · malformed · empty · html · html-200 · no-usage · unfinished ·
    ignores-schema · error-200 · a status such as 429 · a status with a Retry-After: "429:0.3" ·
    busy (a 429 at once, without the delay). `delay` is in seconds, or a function of how many it works on; `pause` is
    between two words of a stream, of which "unfinished" and "cut" send half.
    """

    def __init__(self) -> None:
        self.behave: Behave = lambda n, body: "ok"
        self.delay: float | Callable[[int], float] = 0.0
        self.pause = 0.0
        self.key: str | None = None
        self.models: list[str] | None = [MODEL, "fake-2"]
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.in_flight = self.most_in_flight = self.working = 0
        self.at_work: list[int] = []
        self.refuses: tuple[str, ...] = ()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def name(self) -> str:
        return f"{self.url}#{MODEL}"

    def call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def start(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()
        self.call(self._start())

    def stop(self) -> None:
        """The server dies; `start` brings it back on the same port."""
        self.call(self._stop())

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/page/models", self._page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        self._listening = socket.create_server(("127.0.0.1", self.port))
        await web.SockSite(self._runner, self._listening).start()
        self.port = self._listening.getsockname()[1]

    async def _stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            self._loop.remove_reader(self._listening)
            await asyncio.sleep(0.01)  # asyncio forgets to close a connection it takes in as its server ends
            await runner.cleanup()
            await asyncio.sleep(0.01)  # handlers that were cancelled end

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text="<html><body>Welcome</body></html>", content_type="text/html")

    def _denied(self, request: web.Request) -> bool:
        return self.key is not None and request.headers.get("Authorization") != f"Bearer {self.key}"

    async def _models(self, request: web.Request) -> web.Response:
        if self._denied(request):
            return web.json_response({"error": {"message": "Incorrect API key: sk-secret"}}, status=401)
        if self.models is None:
            return web.json_response({"error": {"message": "no such path"}}, status=404)
        rows = [
            {"id": name, "object": "model", "owned_by": "a fake server for tests"} for name in self.models
        ]
        return web.json_response({"object": "list", "data": rows})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        number = len(self.bodies)
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answer(request, number, body)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: web.Request, number: int, body: dict[str, Any]) -> web.StreamResponse:
        if self._denied(request):
            return web.json_response({"error": {"message": "Incorrect API key: sk-secret"}}, status=401)
        if self.models and body["model"] not in self.models:
            said = f"The model `{body['model']}` does not exist"
            return web.json_response({"error": {"message": said, "code": "model_not_found"}}, status=404)
        kind = (body.get("response_format") or {}).get("type", "")
        for word in self.refuses:
            if word == kind or word in body:
                return web.json_response(
                    {"error": {"message": f"response_format or {word} unknown"}}, status=400
                )
        mode = self.behave(number, body)
        if mode == "busy":
            return web.json_response({"error": {"message": "too many at once"}}, status=429)
        self.working += 1
        self.at_work.append(self.working)
        try:
            delay = self.delay(self.working) if callable(self.delay) else self.delay
            await asyncio.sleep(60 if mode == "slow" else delay)
        finally:
            self.working -= 1
        status, _, wait = mode.partition(":")
        if status.isdigit():
            headers = {"Retry-After": wait} if wait else {}
            return web.json_response(
                {"error": {"message": f"fault {mode}"}}, status=int(status), headers=headers
            )
        if mode.startswith("html"):
            status_code = 200 if mode == "html-200" else 503
            return web.Response(text="<html>no</html>", content_type="text/html", status=status_code)
        if mode == "drop":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        text = json.dumps({"names": ["Sel"]}) if kind == "json_schema" else f"Answer to {self.asked(body)!r}."
        if body.get("stream"):
            return await self._streamed(request, text, mode)
        answer = {
            "id": f"fake-{number}",
            "object": "chat.completion",
            "model": body["model"],
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            ],
            "usage": {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30},
        }
        if body.get("logprobs"):
            first = {"token": "Answer", "logprob": -0.25}
            alternatives = [first, {"token": "No", "logprob": -2.0}]
            answer["choices"][0]["logprobs"] = {"content": [{**first, "top_logprobs": alternatives}]}
        if mode == "no-usage":
            del answer["usage"]
        if mode == "empty":
            answer["choices"] = []
        if mode == "error-200":
            answer = {"error": {"message": "upstream is tired", "code": 503}}
        data = json.dumps(answer)
        if mode == "cut":
            data = data[: len(data) // 2]
        if mode == "malformed":
            data = "{'not json"
        return web.Response(text=data, content_type="application/json")

    async def _streamed(self, request: web.Request, text: str, mode: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        events: list[dict[str, Any]] = [{"choices": [{"delta": {"content": p}}]} for p in text.split(" ")]
        for place in range(1, len(events)):
            events[place]["choices"][0]["delta"]["content"] = (
                " " + events[place]["choices"][0]["delta"]["content"]
            )
        broken = mode in ("unfinished", "cut")
        if broken:
            events = events[: len(events) // 2]
        else:
            events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
            events.append({"choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": 10}})
        for event in events:
            whole = {"id": "fake", "object": "chat.completion.chunk", "created": 1, "model": MODEL, **event}
            for choice in whole["choices"]:
                choice["index"] = 0
            await response.write(f"data: {json.dumps(whole)}\n\n".encode())
            await asyncio.sleep(self.pause)
        if not broken:
            await response.write(b"data: [DONE]\n\n")
        return response

    @staticmethod
    def asked(body: dict[str, Any]) -> str:
        return str(body["messages"][-1]["content"])

    def times_asked(self) -> dict[str, int]:
        """How often each prompt was sent."""
        counts: dict[str, int] = {}
        for body in self.bodies:
            counts[self.asked(body)] = counts.get(self.asked(body), 0) + 1
        return counts


@pytest.fixture
def fake_server() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def other_server() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def serve() -> Iterator[Callable[..., "BatchServer"]]:
    """Starts a server that speaks the Batch protocol, with the faults named; `steps` looks until it is done."""
    from tests.lm.batch_server import BatchServer

    started: list[BatchServer] = []

    def start(*faults: str, steps: int = 2) -> BatchServer:
        started.append(BatchServer(*faults, steps=steps))
        started[-1].start()
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[lm.Journal]:
    with lm.Journal.open(tmp_path / "journal", corpus_id="test") as opened:
        yield opened


@pytest.fixture
def jobs_for() -> Callable[[lm.LM, int], list[lm.Job]]:
    """n jobs for a model, tagged 0 to n - 1, each with its own words."""

    def make(model: lm.LM, count: int) -> list[lm.Job]:
        return [
            lm.Job(lm.Request(lm.chat(f"Question {n}?"), model.name, max_tokens=50), n) for n in range(count)
        ]

    return make


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait up to ten seconds for something to become true."""

    def wait(ready: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not ready():
            assert time.monotonic() < end, "it did not happen within 10 s"
            time.sleep(0.005)

    return wait
