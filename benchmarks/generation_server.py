"""The fake server of the generation benchmarks: it writes nothing of worth, it is fast and it fails to order.

    python benchmarks/generation_server.py --delay 0.2 --faults 0.2 --kinds 429,500 [--dies-at 5000 --dies 30]

A process of its own. It prints its port, answers every request after the delay with 300 words, and ends when
its standard input closes. A share of the requests (seed 1) gets one of the faults of `--kinds` instead, after
the delay as well; "timeout" hangs until the client gives up. With --dies it aborts every connection after that
many requests, is gone for so many seconds, and listens again on the same port. GET /v1/seen says how often
each prompt (by its last line) has arrived, how many requests were in flight at most, and the seconds from the
first request to the last answer.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

KINDS = ("429", "500", "502", "503", "timeout", "cut", "malformed", "drop")
WORDS = "The tide clock of Sel stopped in the winter when the harbour froze and nobody came. "
ANSWER = json.dumps(
    {
        "id": "fake",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": (WORDS * 20)[:1700]},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 800, "completion_tokens": 400, "total_tokens": 1200},
    }
).encode()


@dataclass
class Server:
    """What it was told to do, and what it has seen."""

    delay: float
    faults: float
    kinds: tuple[str, ...]
    dies_at: int
    dies: float
    draw: random.Random = field(default_factory=lambda: random.Random(1))
    seen: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    most_in_flight: int = 0
    first: float = 0.0
    last: float = 0.0
    requests: int = 0
    runner: web.AppRunner | None = None
    port: int = 0

    async def chat(self, request: web.Request) -> web.Response:
        body = await request.read()
        last = body[body.rfind(b"\\n") + 2 :]
        self.seen[last[: last.find(b'"')].decode()] += 1
        self.first = self.first or time.monotonic()
        self.requests += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        if self.requests == self.dies_at:
            asyncio.get_running_loop().create_task(self.die())
        try:
            await asyncio.sleep(self.delay)
            if self.faults and self.draw.random() < self.faults:
                return await self.fault(request, self.draw.choice(self.kinds))
            return web.Response(body=ANSWER, content_type="application/json")
        finally:
            self.in_flight -= 1
            self.last = time.monotonic()

    async def fault(self, request: web.Request, kind: str) -> web.Response:
        if kind.isdigit():
            return web.Response(status=int(kind), text="{}", content_type="application/json")
        if kind == "timeout":
            await asyncio.sleep(3600)
        if kind == "drop" and request.transport is not None:
            request.transport.abort()
        body = ANSWER[:500] if kind == "cut" else b"{oh"
        return web.Response(body=body, content_type="application/json")

    async def models(self, request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "fake"}]})

    async def tell(self, request: web.Request) -> web.Response:
        seconds = self.last - self.first
        return web.json_response(
            {"seen": self.seen, "most_in_flight": self.most_in_flight, "seconds": seconds}
        )

    async def start(self) -> None:
        app = web.Application(client_max_size=1 << 24)
        app.router.add_post("/v1/chat/completions", self.chat)
        app.router.add_get("/v1/models", self.models)
        app.router.add_get("/v1/seen", self.tell)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port, backlog=2048, reuse_address=True).start()
        self.port = self.runner.addresses[0][1]

    async def die(self) -> None:
        assert self.runner is not None
        for connection in list(self.runner.server.connections if self.runner.server else ()):
            if connection.transport is not None:
                connection.transport.abort()
        await self.runner.cleanup()
        await asyncio.sleep(self.dies)
        await self.start()


async def serve(server: Server) -> None:
    """Answer until standard input closes."""
    await server.start()
    print(server.port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextmanager
def served(
    delay: float, faults: float = 0.0, kinds: tuple[str, ...] = KINDS, dies_at: int = 0, dies: float = 0.0
) -> Iterator[str]:
    """A fake server in a process of its own; its address, up to "/v1"."""
    options = {"--delay": delay, "--faults": faults, "--kinds": ",".join(kinds)}
    options |= {"--dies-at": dies_at, "--dies": dies}
    words = [str(word) for pair in options.items() for word in pair]
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__)), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.stdin.close()
        process.wait(30)


def main() -> None:
    """Serve as the options say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--dies-at", type=int, default=0)
    parser.add_argument("--dies", type=float, default=0.0)
    args = parser.parse_args()
    server = Server(args.delay, args.faults, tuple(args.kinds.split(",")), args.dies_at, args.dies)
    asyncio.run(serve(server))


if __name__ == "__main__":
    main()
