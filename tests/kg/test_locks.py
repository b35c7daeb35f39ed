"""A lock says who holds it, and is free when its holder is gone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.locks import Lock
from kg.store import CorpusLocked, StoreError

HOLDER = """
import sys
from pathlib import Path
from kg.locks import Lock
lock = Lock(Path(sys.argv[1]), "the corpus 'x.kg'")
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def held_elsewhere(path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_refusal_names_process_and_time(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    with held_elsewhere(path) as process:
        lock = Lock(path, "the corpus 'x.kg'")
        with pytest.raises(
            CorpusLocked, match=rf"'x\.kg': process {process.pid} .* since \d{{4}}-.*kill {process.pid}"
        ):
            lock.acquire()
        assert not lock.held
        holder = lock.holder()
        assert holder is not None
        assert holder.pid == process.pid
        process.kill()
        process.wait()
        lock.acquire()  # the system freed it
        assert lock.held
        lock.release()


def test_it_is_taken_and_given_back_any_number_of_times(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "l", "it")
    for _ in range(3):
        with lock as held:
            held.acquire()
            assert held.held
        lock.release()
        assert not lock.held
    assert lock.holder() is None


def test_a_holder_that_wrote_nothing_readable_is_another_process(tmp_path: Path) -> None:
    path = tmp_path / "l"
    with Lock(path, "it"):
        path.write_text("{half a")
        with pytest.raises(CorpusLocked, match="another process writes to it"):
            Lock(path, "it").acquire()


def test_the_program_is_named_without_its_arguments(tmp_path: Path) -> None:
    path = tmp_path / "l"
    with Lock(path, "it"):
        assert all(argument not in path.read_text() for argument in sys.argv[1:] if len(argument) > 3)


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Lock(tmp_path / "no" / "such", "it").acquire()
