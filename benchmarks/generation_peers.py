"""Requests a second of other generators, of ours and of bare aiohttp, against the same fake server of 200 ms.

    python benchmarks/generation_peers.py --peer curator=PYTHON --peer distilabel=PYTHON [--prompts 4000]

PYTHON is the interpreter of a virtual environment of its own, made for instance with
    python -m venv v && v/bin/pip install bespokelabs-curator
    python -m venv w && w/bin/pip install 'distilabel[openai]' requests
Each runs alone, one after the other, in a process of its own and against a fresh server, with the same number
in flight. What is measured is what the server sees: from the first request to the last answer, so that no
start of an interpreter counts. Prints a table to stderr and JSON to stdout; the exit code is 1 where ours is
less than three times as fast as a peer.
"""

import argparse
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.generation import alone, ours, say
from benchmarks.generation_server import served

DRIVERS = Path(__file__).with_name("generation_peer_drivers.py")
WANTED = 3.0


def seen(url: str) -> dict[str, Any]:
    """What the server has seen."""
    with urllib.request.urlopen(f"{url}/seen") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def driven(python: str, name: str, url: str, prompts: int, in_flight: int) -> dict[str, Any]:
    """A peer, run by its own interpreter; raises with the end of what it said where it failed."""
    command = [python, str(DRIVERS), name, url, str(prompts), str(in_flight)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--prompts", type=int, default=4000)
    parser.add_argument("--in-flight", type=int, default=256)
    args = parser.parse_args()
    n, rows = args.in_flight, []
    for name, python in (("bare aiohttp", ""), ("ours", ""), *(one.split("=", 1) for one in args.peer)):
        with served(0.2) as url:
            found: dict[str, Any] = {}
            if name == "bare aiohttp":
                alone(url, args.prompts, n)
            elif name == "ours":
                found = ours(f"{url}#fake", args.prompts, n, "interval")
            else:
                found = driven(python, name, url, args.prompts, n)
            told = seen(url)
        rate = sum(told["seen"].values()) / told["seconds"]
        rows.append({"what": name, "requests_per_second": round(rate, 1), **found})
        rows[-1]["most_in_flight"] = told["most_in_flight"]
        version = found.get("version", "")
        say(f"{name:12s} {version:8s} {rate:8.1f} requests/s  {told['most_in_flight']:4d} in flight at most")
    rates = {row["what"]: row["requests_per_second"] for row in rows}
    times = {peer.split("=")[0]: round(rates["ours"] / rates[peer.split("=")[0]], 2) for peer in args.peer}
    for peer, factor in times.items():
        say(f"ours is {factor:.2f} times as fast as {peer}")
    print(json.dumps({**vars(args), "load": round(os.getloadavg()[0], 2), "times": times, "rows": rows}))
    sys.exit(0 if all(factor >= WANTED for factor in times.values()) else 1)


if __name__ == "__main__":
    main()
