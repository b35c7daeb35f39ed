"""The program as a user runs it: a process of its own, with its own settings, on a small corpus."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

import lm
from tests.lm.conftest import FakeServer

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(sys.executable).with_name("entigraph")
PROGRAM = (
    [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-c", "from entigraph.cli import main; main()"]
)
CLOCK = """---
title: The Tide Clock
author: Ines Marrow
year: 1893
---
Orla Finch and Bram Keel built the tide clock of Saltmere. Bram Keel cast its bell at Nant Hollow in 1871.
Ines Marrow sold the brass for the tide clock to Orla Finch. Saltmere paid 90 crowns and a barrel of eels.
"""
QUARREL = """---
title: A Quarrel about Brass
---
Ines Marrow and Orla Finch quarrelled over the brass of Nant Hollow. Keeper Dow heard them at Saltmere.
Bram Keel told Keeper Dow to hold the scales. The tide clock stood still for nine days.
"""
NAMES = "Orla Finch\nBram Keel\nSaltmere\nNant Hollow\nInes Marrow\ntide clock\nKeeper Dow\nbrass\n"


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def said(self) -> list[str]:
        return self.err.splitlines()


def says(done: Outcome, code: int, *words: str, lines: int = 1) -> None:
    """It ended with this code and one line in which these words stand, and put nothing on stdout."""
    assert (done.code, done.out) == (code, ""), done.err
    assert len(done.said) == lines, done.err
    assert done.said[-1].startswith("entigraph: ")
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err


Start = Callable[..., "subprocess.Popen[str]"]


class Program(Protocol):
    def __call__(
        self, *words: object, env: dict[str, str] | None = None, stdin: str = "", cwd: Path | None = None
    ) -> Outcome: ...


def environment(home: Path) -> dict[str, str]:
    """Where nothing of the user's is: settings, log, models and caches lie in `home`."""
    own = ("ENTIGRAPH_", "XDG_", "OPENAI_", "UV_", "PIP_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    kinds = ("CONFIG", "CACHE", "DATA", "STATE")
    return env | {
        "HOME": str(home),
        **{f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in kinds},
        "ENTIGRAPH_CONFIG": str(home / "config.toml"),
        "ENTIGRAPH_LOG": str(home / "entigraph.log"),
        "ENTIGRAPH_MODELS": str(home / "models"),
        "NO_COLOR": "1",
        "COLUMNS": "200",
    }


FORKS = """
import json, os, signal, sys
import aiohttp, numpy.ma, pandas, platformdirs, scipy.sparse.csgraph, typer
import entigraph.building, entigraph.generation, kg.curation, kg.extract.dictionary, kg.stores.sqlite, lm.echo
import analysis, kg.exchange, kg.page, lm.endpoint, synthesis.exports
from entigraph.cli import main
try:
    main(["stats", "nothing.kg"])
except SystemExit:
    pass
for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if child == 0:
        signal.alarm(120)
        os.chdir(job["cwd"])
        os.environ.clear()
        os.environ.update(job["env"])
        for number, (name, how) in enumerate(zip(job["files"], "rww")):
            os.dup2(os.open(name, os.O_RDONLY if how == "r" else os.O_WRONLY), number)
        sys.stdin, sys.stdout, sys.stderr = (open(n, how) for n, how in enumerate("rww"))
        sys.argv = ["entigraph", *job["words"]]
        main()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forks:
    """Starts the program without waiting for its imports each time: a process that has them forks.

    What runs is a process like any other, with its own files, environment and exit code.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", FORKS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(folder) | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )

    def run(self, words: list[str], env: dict[str, str], cwd: Path, stdin: str) -> Outcome:
        files = [self.folder / name for name in ("in", "out", "err")]
        for file, text in zip(files, (stdin, "", ""), strict=True):
            file.write_text(text, encoding="utf-8")
        job = {"words": words, "env": env, "cwd": str(cwd), "files": [str(file) for file in files]}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return Outcome(code, files[1].read_text("utf-8"), files[2].read_text("utf-8"))

    def close(self) -> None:
        self.process.communicate()


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """One for the whole session."""
    made = Forks(tmp_path_factory.mktemp("forks"))
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder the program runs in, and its home."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def env(home: Path) -> dict[str, str]:
    """The environment of the program, for tests that start it themselves."""
    return environment(home)


@pytest.fixture
def program() -> list[str]:
    """The words that start the program."""
    return list(PROGRAM)


@pytest.fixture
def entigraph(home: Path, env: dict[str, str], forks: Forks) -> Program:
    """`entigraph("stats", "c.kg")`: run to its end in the folder `home`, or in `cwd`."""
    own = env

    def run(
        *words: object, env: dict[str, str] | None = None, stdin: str = "", cwd: Path | None = None
    ) -> Outcome:
        return forks.run([str(word) for word in words], own | (env or {}), cwd or home, stdin)

    return run


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents in a folder `docs`, and beside it `names.txt`, the list of names."""
    place = tmp_path_factory.mktemp("sources")
    (place / "docs").mkdir()
    (place / "docs" / "clock.md").write_text(CLOCK, encoding="utf-8")
    (place / "docs" / "quarrel.md").write_text(QUARREL, encoding="utf-8")
    (place / "names.txt").write_text(NAMES, encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def built(documents: Path, forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus of the two documents; tests take a copy of it."""
    home = tmp_path_factory.mktemp("built")
    words = ["build", str(documents / "docs"), "-o", "clock.kg", "--names", str(documents / "names.txt")]
    made = forks.run(words, environment(home), home, "")
    assert made.code == 0, made.err
    return home / "clock.kg"


@pytest.fixture
def corpus(built: Path, home: Path) -> str:
    """A corpus of two documents, eight entities and their relations, to do anything to."""
    shutil.copytree(built, home / "clock.kg")
    return "clock.kg"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """An OpenAI-compatible server on this machine that answers as it is told to."""
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def start(home: Path, env: dict[str, str], program: list[str]) -> Iterator[Start]:
    """Start the program and leave it running, in a process group of its own, deaf to no signal."""
    started: list[subprocess.Popen[str]] = []

    def hear() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    def begin(*words: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*program, *map(str, words)],
            cwd=home,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=hear,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(ready: Callable[[], bool]) -> None:
    """Wait for it, at most a minute."""
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end, "it did not happen within 60 s"
        time.sleep(0.01)


def lm_answers(corpus: Path) -> int:
    """How many answers the journal of a corpus holds."""
    with lm.Journal.open(corpus / "journal", read_only=True) as journal:
        return len(journal)
