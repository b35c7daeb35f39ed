"""What a first step costs: distributions of the core install, time to import, time to a help text. JSON.

    python benchmarks/startup.py --runs 10

Wall times are medians over new interpreters with warm file caches; CPU times beside them tell how
much of a wall time is the machine's other work. The core install is counted from its pins.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
IMPORTS = "import kg, sampling, synthesis, analysis"


def timed(command: list[str], runs: int) -> dict[str, float]:
    """Median wall and CPU seconds of a command, the first run left out; the wall time at its best."""
    wall, cpu = [], []
    for _ in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {
        "seconds": round(statistics.median(wall[1:]), 3),
        "cpu_seconds": round(statistics.median(cpu[1:]), 3),
        "best_seconds": round(min(wall[1:]), 3),
    }


def distributions() -> int:
    """How many distributions the core install puts on this machine, itself among them."""
    from packaging.requirements import Requirement

    lines = (ROOT / "requirements" / "core.txt").read_text("utf-8").splitlines()
    pins = [Requirement(re.sub(r"\s*\\$", "", line)) for line in lines if re.match(r"[a-z]", line)]
    return 1 + sum(pin.marker is None or pin.marker.evaluate() for pin in pins)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    program = str(Path(sys.executable).with_name("entigraph"))
    figures: dict[str, Any] = {
        "python": sys.version.split()[0],
        "runs": runs,
        "load": round(os.getloadavg()[0], 2),
        "core_distributions": distributions(),
        "interpreter": timed([sys.executable, "-c", "pass"], runs),
        "import": timed([sys.executable, "-c", IMPORTS], runs),
        "help": timed([program, "--help"], runs),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
