"""How full the loop keeps a server, and what faults cost it: against a fake server of 200 ms.

    python benchmarks/generation.py [--prompts 20000] [--in-flight 64 256]
    python benchmarks/generation.py --faults 0.2 [--kinds 429 500 timeout cut malformed drop mixed] --in-flight 64
    python benchmarks/generation.py --dies 30 --in-flight 64

"Ideal" is prompts x delay / in flight. The bare client is aiohttp alone, posting the same bytes and reading
the answers, without a journal, a budget or retries; it runs in the same process and against the same server,
before ours. Its share of the ideal is what this machine allows at that moment.

With --faults that share of the requests (seed 1) fails, each kind alone and then all of them mixed. The bound
is 1.5 x prompts x delay / ((1 - faults) x in flight) + the seconds spent waiting for timeouts / in flight.
With --dies the server aborts everything after half of the prompts and is gone for so many seconds; the bound is
1.5 x ideal + twice these seconds (the next look comes at most as much later as it was gone). Where a bound is
missed, an answer lost or an outage not told, the exit code is 1.

CPU is user + system time of this process alone. Prints a table to stderr and JSON to stdout.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp

import lm
from benchmarks.generation_server import KINDS, WORDS, served
from lm import wire

PROMPT = WORDS * 40
TIMEOUT = 2.0


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


def alone(url: str, prompts: int, in_flight: int) -> None:
    """`bare`, from outside a loop."""
    asyncio.run(bare(url, prompts, in_flight))


def ours(name: str, prompts: int, in_flight: int, fsync: str, **settings: Any) -> dict[str, Any]:
    """The session with its journal and a budget that is never reached; what it had to tell."""
    model, told = lm.connect(name), Counter[str]()

    def note(event: lm.Event) -> None:
        told[event.kind] += 1
        told["timeout"] += event.message.startswith("no answer")

    jobs: Iterator[lm.Job] = (lm.Job(request_of(n, model.name), n) for n in range(prompts))
    with (
        tempfile.TemporaryDirectory() as folder,
        lm.Journal.open(folder, corpus_id="b", fsync=fsync) as journal,  # type: ignore[arg-type]
        lm.Session(
            model,
            journal=journal,
            concurrency=in_flight,
            retries=10,
            budget=lm.Budget(tokens=10**12),
            on_event=note,
            **settings,
        ) as session,
    ):
        answered = sum(answer.completion is not None for answer in session.answers(jobs))
    timeouts = told.pop("timeout", 0)
    return {"lost": prompts - answered, "timeouts": timeouts, "told": dict(told)}


def measured(
    what: str, work: Callable[[], Any], prompts: int, in_flight: int, delay: float
) -> dict[str, Any]:
    """Run it; what it took as a share of the ideal."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work() or {}
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    row: dict[str, Any] = {
        "what": what,
        "in_flight": in_flight,
        "seconds": round(wall, 2),
        "share_of_ideal": round(prompts * delay / in_flight / wall, 3),
        "cpu_seconds_per_1000": round(cpu / prompts * 1000, 3),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        **found,
    }
    say(
        f"{what:28s} {in_flight:4d} in flight {wall:8.2f} s  {row['share_of_ideal']:6.1%} of ideal  "
        f"{row['cpu_seconds_per_1000']:.3f} CPU s per 1,000  {row['peak_memory_mb']:.0f} MB"
    )
    return row


def say(line: str) -> None:
    """Talk goes to stderr."""
    print(line, file=sys.stderr, flush=True)


def held(row: dict[str, Any], bound: float, told: bool = True) -> bool:
    """Whether nothing was lost and it was in time; says so."""
    row["bound_seconds"] = round(bound, 2)
    row["held"] = row["seconds"] <= bound and not row["lost"] and told
    mark = "within" if row["seconds"] <= bound else "ABOVE"
    say(f"    {mark} the bound of {bound:.2f} s; {row['lost']} lost; {row['told']}")
    return bool(row["held"])


def steady(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Bare and ours, against a server without a fault."""
    rows = []
    with served(args.delay) as url:
        for n in args.in_flight:
            runs: list[tuple[str, Callable[[], Any]]] = [
                ("bare aiohttp", partial(alone, url, args.prompts, n)),
                ("session, journal, budget", partial(ours, f"{url}#fake", args.prompts, n, args.fsync)),
            ]
            rows += [measured(what, work, args.prompts, n, args.delay) for what, work in runs]
    return rows


def faulty(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Each kind of fault alone, then all of them; the bare client without faults before, for comparison."""
    rows = []
    for n in args.in_flight:
        with served(args.delay) as url:
            work = partial(alone, url, args.prompts, n)
            rows.append(measured("bare aiohttp, no faults", work, args.prompts, n, args.delay))
        for kind in args.kinds:
            kinds = KINDS if kind == "mixed" else (kind,)
            with served(args.delay, args.faults, kinds) as url:
                delay = args.delay / (1 - args.faults)
                name = f"{url}#fake"
                row = measured(
                    f"{args.faults:.0%} {kind}",
                    partial(ours, name, args.prompts, n, args.fsync, timeout_seconds=TIMEOUT),
                    *(args.prompts, n, delay),
                )
            held(row, 1.5 * args.prompts * delay / n + row["timeouts"] * TIMEOUT / n)
            rows.append(row)
    return rows


def dying(args: argparse.Namespace) -> list[dict[str, Any]]:
    """The server is gone for a while in the middle."""
    rows = []
    for n in args.in_flight:
        with served(args.delay, dies_at=args.prompts // 2, dies=args.dies) as url:
            name = f"{url}#fake"
            row = measured(
                f"gone for {args.dies:g} s",
                partial(ours, name, args.prompts, n, args.fsync),
                *(args.prompts, n, args.delay),
            )
        told = {"down", "back"} <= set(row["told"])
        held(row, 1.5 * args.prompts * args.delay / n + 2 * args.dies, told)
        rows.append(row)
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prompts", type=int, default=20_000)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument("--fsync", default="interval")
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--kinds", nargs="+", default=[*KINDS, "mixed"], choices=[*KINDS, "mixed"])
    parser.add_argument("--dies", type=float, default=0.0)
    args = parser.parse_args()
    rows = faulty(args) if args.faults else dying(args) if args.dies else steady(args)
    print(json.dumps({**vars(args), "load": round(os.getloadavg()[0], 2), "rows": rows}))
    sys.exit(0 if all(row.get("held", True) for row in rows) else 1)


if __name__ == "__main__":
    main()
