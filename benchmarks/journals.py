"""What a journal of many answers costs: seconds and memory to open it, to look an answer up, to compact it.

    python benchmarks/journals.py [--answers 1000000] [--words 60] [--folder DIR]

The journal is written by us into a folder of its own under DIR (about a kilobyte and a half an answer with
60 words in prompt and text each; a tenth of the attempts failed after they had left, a tenth never left).
Each step runs in a process of its own, whose peak memory is printed. CPU is user + system time. Prints a
table to stderr and JSON to stdout.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lm import lines
from lm.base import Completion, Request, chat
from lm.journal import Journal

WORD = "harbour "
STEPS = ("nothing", "open", "open again", "look up 10,000", "compact", "open compacted")


def request_of(number: int, words: int) -> Request:
    """The n-th question."""
    return Request(chat(f"{WORD * words} {number}"), "m")


def write(folder: Path, answers: int, words: int) -> None:
    """A journal of so many answers, its lines written straight to the file."""
    with Journal.open(folder, corpus_id="b", fsync="none"):
        pass
    text, rng = WORD * words, random.Random(1)
    done = Completion(text, "stop", words, words, 0.2, "m", 0.001)
    head = {"at": 1.0, "run": "r", "purpose": "write"}
    with (folder / "calls.jsonl").open("ab", buffering=1 << 20) as file:
        attempts = 0
        for number in range(answers):
            request = request_of(number, words)
            key = request.key
            while True:
                attempts += 1
                ids = {"key": key, "id": f"0123456789-{attempts}", **head}
                file.write(lines.encode({"event": "sent", **ids, "model": "m", "tokens": 500, "usd": 0.01}))
                fate = rng.random()
                if fate > 0.2:
                    break
                reason = {"left": fate < 0.1, "error": "ServerError", "reason": "it failed"}
                file.write(lines.encode({"event": "failed", **ids, **reason}))
            counts = {"tokens_in": words, "tokens_out": words, "usd": 0.001}
            bodies = {"request": request.to_dict(), "completion": done.to_dict()}
            file.write(lines.encode({"event": "answered", **ids, **counts, **bodies}))


def step(name: str, folder: Path, words: int) -> dict[str, Any]:
    """One step, timed, in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    answers = 0
    if name != "nothing":
        with Journal.open(folder, corpus_id="b", fsync="none") as journal:
            answers = len(journal)
            if name.startswith("look up"):
                wall, cpu = time.perf_counter(), time.process_time()
                for number in random.Random(2).sample(range(answers), min(answers, 10_000)):
                    assert journal.answer(request_of(number, words).key) is not None
            if name == "compact":
                before = journal.ledger.all
                wall, cpu = time.perf_counter(), time.process_time()
                journal.compact()
                assert journal.ledger.all.tokens == before.tokens
                assert len(journal) == answers
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "step": name,
        "answers": answers,
        "seconds": round(wall if name != "nothing" else 0.0, 2),
        "cpu_seconds": round(cpu if name != "nothing" else 0.0, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "file_mb": round((folder / "calls.jsonl").stat().st_size / 1e6, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--folder", default=None)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        print(json.dumps(step(args.step, Path(args.folder), args.words)))
        return
    rows = []
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        write(Path(folder) / "journal", args.answers, args.words)
        for name in STEPS:
            command = [sys.executable, __file__, "--step", name, "--folder", f"{folder}/journal"]
            done = subprocess.run(
                [*command, "--words", str(args.words)], stdout=subprocess.PIPE, check=True, text=True
            )
            row = json.loads(done.stdout)
            rows.append(row)
            print(
                f"{row['step']:16s} {row['seconds']:8.2f} s  {row['cpu_seconds']:8.2f} CPU s  "
                f"{row['peak_memory_mb']:7.1f} MB memory  {row['file_mb']:8.1f} MB file",
                file=sys.stderr,
            )
    load = os.getloadavg()[0]
    print(json.dumps({"answers": args.answers, "words": args.words, "load": round(load, 2), "rows": rows}))


if __name__ == "__main__":
    main()
