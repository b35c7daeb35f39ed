"""Many clients at a studio at once, for benchmarks/studio.py."""

import asyncio
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.studio_corpus import Served, until_idle

Row = dict[str, Any]
Request = tuple[str, str, dict[str, Any] | None]  # kind, path, body
FLAT = 0.1


@dataclass(slots=True)
class Seen:
    """What the clients saw: milliseconds by kind of request, failures in words, memory in MB by second."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    megabytes: list[float] = field(default_factory=list)


def load(served: Served, clients: int, seconds: float, texts: list[str], seed: int) -> Row:
    """So many clients, each of which asks again as soon as it is answered, without a pause.

    Memory is flat where it grows by less than a tenth over the last half of the time.
    """
    choices = requests(served, texts)
    until_idle(served.process)
    before = served.megabytes
    seen = Seen()
    began = time.perf_counter()
    asyncio.run(_all(served, choices, clients, seconds, seed, seen))
    took = time.perf_counter() - began
    until_idle(served.process)
    times = sorted(one for some in seen.times.values() for one in some)
    held = seen.megabytes
    third = len(held) // 3
    growth = held[-1] / held[len(held) // 2] - 1
    return {
        "load_clients": clients,
        "load_seconds": took,
        "load_requests": len(times),
        "load_requests_per_second": len(times) / took,
        "load_p50_ms": statistics.median(times),
        "load_p95_ms": times[int(0.95 * len(times))],
        "load_worst_ms": times[-1],
        "load_p95_ms_by_kind": {
            kind: round(sorted(some)[int(0.95 * len(some))], 1) for kind, some in sorted(seen.times.items())
        },
        "load_errors": sum(seen.errors.values()),
        "load_errors_seen": dict(seen.errors.most_common(5)),
        "memory_before_mb": before,
        "memory_third_mb": held[third],
        "memory_two_thirds_mb": held[2 * third],
        "memory_end_mb": held[-1],
        "memory_after_mb": served.megabytes,
        "memory_growth": growth,
    }


def requests(served: Served, texts: list[str]) -> dict[str, list[Request]]:
    """What is asked for, by kind: one of these kinds, then one of its requests, is chosen each time."""
    nodes = served.ask("/api/view", {"top": 300})["nodes"]
    corpus = served.ask("/api/corpus")
    ids = [node["id"] for node in nodes]
    kinds = [kind["name"] for kind in corpus["types"]]
    views: list[dict[str, Any]] = [
        {},
        {"top": 500},
        *({"around": id, "hops": 1} for id in ids[:10]),
        *({"expanded": [{"entity": id}]} for id in ids[:10]),
        *({"types": [kind]} for kind in kinds),
    ]
    rows = served.ask("/api/texts?limit=50")["texts"]
    found: dict[str, list[Request]] = {
        "view": [("view", "/api/view", view) for view in views],
        "search": [("search", f"/api/search?limit=20&q={text}", None) for text in texts],
        "documents": [("documents", f"/api/documents/{one['id']}", None) for one in corpus["documents"]],
        "coverage": [("coverage", f"/api/coverage?unit={unit}", None) for unit in ("entities", "relations")],
        "texts": [
            ("texts", "/api/texts?limit=20", None),
            *(("texts", f"/api/texts?entity={id}", None) for id in ids[:20]),
            *(("texts", f"/api/texts/{row['id']}", None) for row in rows),
        ],
    }
    for kind, path in (
        ("entity", ""),
        ("neighbours", "/neighbours"),
        ("relations", "/relations"),
        ("mentions", "/mentions"),
    ):
        found[kind] = [(kind, f"/api/entities/{id}{path}", None) for id in ids]
    return found


async def _all(
    served: Served, choices: dict[str, list[Request]], clients: int, seconds: float, seed: int, seen: Seen
) -> None:
    end = time.perf_counter() + seconds
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60)) as session:

        async def client(number: int) -> None:
            rng = random.Random(seed * 1000 + number)
            while time.perf_counter() < end:
                kind, path, body = rng.choice(choices[rng.choice(list(choices))])
                began = time.perf_counter()
                try:
                    method = "GET" if body is None else "POST"
                    async with session.request(method, served.url + path, json=body) as answer:
                        await answer.read()
                        if answer.status != 200:
                            seen.errors[f"{path.partition('?')[0]}: {answer.status}"] += 1
                except (aiohttp.ClientError, TimeoutError) as error:
                    seen.errors[f"{kind}: {type(error).__name__} {error}"] += 1
                seen.times.setdefault(kind, []).append((time.perf_counter() - began) * 1000)

        async def memory() -> None:
            while time.perf_counter() < end:
                await asyncio.sleep(min(1.0, seconds / 30))
                seen.megabytes.append(served.megabytes)

        await asyncio.gather(memory(), *(client(number) for number in range(clients)))
