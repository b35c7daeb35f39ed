"""SIGKILL at a random moment, again and again: what is lost, what is paid twice, whether the budget holds.

    python benchmarks/generation_kills.py [--kills 20] [--prompts 4000] [--in-flight 64] [--seed 1]

Each round starts the same run in a process of its own, against one fake server of 200 ms, and kills it after
a random time (0 to 2 s after the first request has arrived). Then the journal is opened here: it must open,
hold every answer that the process had handed out, and have reserved and paid no more than the budget, which
is just enough for the prompts and for what was in flight at each kill. At last the run goes on to its end.
Prints a table to stderr and JSON to stdout; the exit code is 1 where something is lost, where more is asked
twice than was in flight, where the budget is passed or a journal does not open.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lm
from benchmarks.generation import request_of, say
from benchmarks.generation_server import served
from lm.tokens import at_most


def run(folder: str, name: str, prompts: int, in_flight: int, tokens: int) -> None:
    """The run itself: prints the key of each answer that is handed out."""
    model = lm.connect(name)
    jobs = (lm.Job(request_of(number, model.name)) for number in range(prompts))
    with (
        lm.Journal.open(folder, corpus_id="kills") as journal,
        lm.Session(
            model, journal=journal, concurrency=in_flight, budget=lm.Budget(tokens=tokens), run="kills"
        ) as session,
    ):
        for answer in session.answers(jobs):
            if answer.completion:
                print(answer.job.request.key, flush=True)


def seen_by(url: str) -> dict[str, int]:
    """How often each prompt has arrived at the server."""
    with urllib.request.urlopen(f"{url}/seen") as answer:
        found: dict[str, int] = json.load(answer)["seen"]
    return found


def kill_once(command: list[str], url: str, rng: random.Random) -> set[str]:
    """Start, wait for the first request, kill at a random moment; the keys that were handed out."""
    before = sum(seen_by(url).values())
    with tempfile.TemporaryFile() as said:  # a pipe that nobody reads fills up, and the run would wait
        process = subprocess.Popen(command, stdout=said)
        while process.poll() is None and sum(seen_by(url).values()) == before:
            time.sleep(0.02)
        time.sleep(rng.uniform(0.0, 2.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        said.seek(0)
        lines = said.read().decode().split("\n")[:-1]
    return {line for line in lines if len(line) == 32}


def main() -> None:
    """Kill, look, go on."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--prompts", type=int, default=4000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        run(args.run[0], args.run[1], args.prompts, args.in_flight, int(args.run[2]))
        return
    rng, given = random.Random(args.seed), set[str]()
    worst = at_most(request_of(args.prompts, "m").messages) + 1000
    budget = args.prompts * 1200 + worst * args.in_flight * (args.kills + 2)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, served(0.2) as url:
        command = [sys.executable, __file__, "--prompts", str(args.prompts)]
        command += ["--in-flight", str(args.in_flight), "--run", folder, f"{url}#fake", str(budget)]
        for kill in range(args.kills + 1):
            if kill < args.kills:
                given |= kill_once(command, url, rng)
            else:
                subprocess.run(command, stdout=subprocess.PIPE, check=True)
            with lm.Journal.open(folder, corpus_id="kills") as journal:
                asked = seen_by(url)
                row = {
                    "kill": kill + 1 if kill < args.kills else "to the end",
                    "answers": len(journal),
                    "handed_out_and_lost": sum(key not in journal for key in given),
                    "bad_lines": len([p for p in journal.problems if "torn" not in p.reason]),
                    "open_attempts": journal.ledger.all.open_attempts,
                    "asked_again": sum(asked.values()) - len(asked),
                    "tokens_of_budget": round(journal.ledger.run("kills").tokens / budget, 3),
                }
            rows.append(row)
            say("  ".join(f"{name} {value}" for name, value in row.items()))
    last = rows[-1]
    most_open = args.in_flight * args.kills
    held = (
        all(not row["handed_out_and_lost"] and not row["bad_lines"] for row in rows)
        and all(row["tokens_of_budget"] <= 1 for row in rows)
        and last["answers"] == args.prompts
        and last["asked_again"] <= last["open_attempts"] <= most_open
    )
    lost = sum(row["handed_out_and_lost"] for row in rows)
    say(
        f"lost {lost}, asked again {last['asked_again']} of at most {most_open} in flight at the kills: {held}"
    )
    print(json.dumps({**vars(args), "load": round(os.getloadavg()[0], 2), "held": held, "rows": rows}))
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
