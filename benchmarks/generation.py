"""How full the loop keeps a server: share of the ideal, CPU and memory, against a fake server of 200 ms.

    python benchmarks/generation.py [--prompts 20000] [--in-flight 64 256] [--openai] [--faults 0.2]

The fake server runs in a process of its own, answers every request after the delay with 300 words, and
writes nothing of worth. "Ideal" is prompts x delay / in flight. The bare client is aiohttp alone, posting the
same bytes and reading the answers, without a journal, a budget or retries; it runs in the same process,
before ours. With --faults that share of requests (seed 1) gets a 429, 500, 502, a cut or malformed answer or a
dropped connection instead, only our session runs, and ideal is prompts x delay / ((1 - faults) x in flight). CPU is user + system time of this process alone. Prints a table to stderr and JSON to stdout.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp

import lm
from lm import wire

WORDS = "The tide clock of Sel stopped in the winter when the harbour froze and nobody came. "
PROMPT = WORDS * 40
FAULTS = ("429", "500", "502", "cut", "malformed", "drop")


def serve(delay: float, faults: float) -> None:
    """The fake server: prints its port, then answers until its stdin closes."""
    from aiohttp import web

    text = (WORDS * 20)[:1700]
    answer = json.dumps(
        {
            "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 800, "completion_tokens": 400},
        }
    ).encode()

    draw = random.Random(1)

    async def chat(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(delay)
        if draw.random() < faults:
            return fault(request, draw.choice(FAULTS))
        return web.Response(body=answer, content_type="application/json")

    def fault(request: web.Request, kind: str) -> web.Response:
        if kind.isdigit():
            return web.Response(status=int(kind), text="{}", content_type="application/json")
        if kind == "drop" and request.transport is not None:
            request.transport.abort()
        return web.Response(body=answer[:500] if kind == "cut" else b"{oh", content_type="application/json")

    async def models(request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "fake"}]})

    async def main() -> None:
        app = web.Application(client_max_size=1 << 24)
        app.router.add_post("/v1/chat/completions", chat)
        app.router.add_get("/v1/models", models)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    asyncio.run(main())


def request_of(number: int, model: str) -> lm.Request:
    """The n-th prompt, about 800 tokens."""
    return lm.Request(lm.chat(f"{PROMPT}\nWrite text {number}."), model, max_tokens=1000)


async def bare(url: str, prompts: int, in_flight: int) -> None:
    """aiohttp alone: the same bytes, nothing kept."""
    numbers = iter(range(prompts))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as pool:

        async def work() -> None:
            for number in numbers:
                body = json.dumps(wire.fields(request_of(number, "fake"), "fake", wire.FIRST, stream=False))
                async with pool.post(
                    url + "/chat/completions",
                    data=body.encode(),
                    headers={"Content-Type": "application/json"},
                ) as response:
                    json.loads(await response.read())

        await asyncio.gather(*(work() for _ in range(in_flight)))


def ours(name: str, prompts: int, in_flight: int, fsync: str) -> None:
    """The session with its journal and a budget that is never reached."""
    model = lm.connect(name)
    jobs: Iterator[lm.Job] = (lm.Job(request_of(n, model.name), n) for n in range(prompts))
    with (
        tempfile.TemporaryDirectory() as folder,
        lm.Journal.open(folder, corpus_id="b", fsync=fsync) as journal,  # type: ignore[arg-type]
        lm.Session(
            model, journal=journal, concurrency=in_flight, retries=10, budget=lm.Budget(tokens=10**12)
        ) as session,
    ):
        answered = sum(answer.completion is not None for answer in session.answers(jobs))
    assert answered == prompts, f"{prompts - answered} were lost"


def measured(what: str, work: Any, prompts: int, in_flight: int, delay: float) -> dict[str, Any]:
    """Run it; what it took as a share of the ideal."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    row: dict[str, Any] = {
        "what": what,
        "in_flight": in_flight,
        "seconds": round(wall, 2),
        "share_of_ideal": round(prompts * delay / in_flight / wall, 3),
        "cpu_seconds_per_1000": round(cpu / prompts * 1000, 3),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(
        f"{what:28s} {in_flight:4d} in flight {wall:8.2f} s  {row['share_of_ideal']:6.1%} of ideal  "
        f"{row['cpu_seconds_per_1000']:.3f} CPU s per 1,000  {row['peak_memory_mb']:.0f} MB",
        file=sys.stderr,
    )
    return row


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prompts", type=int, default=20_000)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument("--fsync", default="interval")
    parser.add_argument("--openai", action="store_true", help="also through the openai client")
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.delay, args.faults)
        return
    command = [sys.executable, __file__, "--serve", "--delay", str(args.delay), "--faults", str(args.faults)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdin is not None
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
    rows = []
    try:
        for n in args.in_flight:
            runs: list[tuple[str, Any]] = [
                ("bare aiohttp", lambda n=n: asyncio.run(bare(url, args.prompts, n))),
                ("session, journal, budget", lambda n=n: ours(f"{url}#fake", args.prompts, n, args.fsync)),
            ]
            if args.faults:
                del runs[0]  # the bare client has no second attempt
            if args.openai:
                runs.append(
                    (
                        "the same, openai client",
                        lambda n=n: ours(f"openai:{url}#fake", args.prompts, n, args.fsync),
                    )
                )
            delay = args.delay / (1 - args.faults)
            rows += [measured(what, work, args.prompts, n, delay) for what, work in runs]
    finally:
        server.stdin.close()
        server.wait(10)
    load = os.getloadavg()[0]
    print(json.dumps({**vars(args), "load": round(load, 2), "rows": rows}))


if __name__ == "__main__":
    main()
