"""A llama.cpp server in a process of its own: started, looked after, stopped, never left behind."""

import contextlib
import importlib.util
import json
import queue
import re
import secrets
import subprocess
import sys
import threading
import weakref
from collections import deque
from pathlib import Path
from typing import IO

from lm.base import ModelNotFound

CHILD = Path(__file__).with_name("gguf_child.py")
_CLOCK = re.compile(r"^[\d.]+ (?=[A-Z] )")
START_SECONDS = 300.0  # a large file read from a slow disk
CACHE_MIB = 512  # prompts kept for their beginnings
INSTALL = "pip install 'entigraph[local]'"


class CannotRun(ModelNotFound):
    """This machine cannot run this model: no runtime, no file, or one that does not load."""


def check_runtime() -> None:
    """Raise where xllamacpp is not installed, with the line that installs it."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise CannotRun(f"a local model needs xllamacpp, which is not installed. Try: {INSTALL}")


def check_file(path: Path) -> None:
    """Raise where `path` cannot be a GGUF model. What is inside is left to llama.cpp."""
    if not path.exists():
        raise CannotRun(
            f"there is no model file {str(path)!r}. 'entigraph models list' shows those that can be had"
        )
    if path.is_dir():
        raise CannotRun(f"{str(path)!r} is a folder where a .gguf file is wanted. Name the file in it")
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != b"GGUF":
        raise CannotRun(
            f"{str(path)!r} is not a GGUF file: it begins with {magic!r} where b'GGUF' is wanted. "
            "Convert the model with llama.cpp, or take a .gguf of it"
        )


class Llama:
    """One llama.cpp server for one GGUF file, on a free port of 127.0.0.1 behind a random key.

    It is started by the first `start`, and again when it has died. It ends with `stop`, with this
    interpreter, or within a second or so of this process being killed.
    """

    def __init__(self, path: Path, *, alias: str, threads: int, context_tokens: int, slots: int) -> None:
        self.path, self.alias = path, alias
        self.threads, self.context_tokens, self.slots = threads, context_tokens, slots
        self.key = secrets.token_hex(16)
        self._address = ""
        self._process: subprocess.Popen[str] | None = None
        self._log: deque[str] = deque(maxlen=200)
        self._lock = threading.Lock()

    @property
    def address(self) -> str | None:
        """Where it answers, "http://127.0.0.1:PORT", or None while it is not running."""
        return self._address if self._process is not None and self._process.poll() is None else None

    @property
    def pid(self) -> int | None:
        """Its process id while it is running."""
        return None if self.address is None or self._process is None else self._process.pid

    def start(self) -> str:
        """The address of the running server, started if need be. Blocks while the model is loaded."""
        with self._lock:
            if (address := self.address) is not None:
                return address
            self._end()
            check_runtime()
            check_file(self.path)
            self._log.clear()
            process = subprocess.Popen(
                [sys.executable, "-P", str(CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C is ours to handle
            )
            self._process = process
            self._finalizer = weakref.finalize(self, _end_process, process)
            answer: queue.Queue[str] = queue.Queue()
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            threading.Thread(target=_first_line, args=(process.stdout, answer), daemon=True).start()
            log = threading.Thread(target=_drain, args=(process.stderr, self._log), daemon=True)
            log.start()
            asked = {
                "path": str(self.path),
                "alias": self.alias,
                "threads": self.threads,
                "context_tokens": self.context_tokens,
                "slots": self.slots,
                "cache_mib": CACHE_MIB,
                "key": self.key,
            }
            try:
                process.stdin.write(json.dumps(asked) + "\n")
                process.stdin.flush()
                line = answer.get(timeout=START_SECONDS)
                self._address = json.loads(line)["address"]
            except (OSError, queue.Empty, ValueError) as problem:
                self._end()
                log.join(timeout=2.0)
                late = (
                    f"it did not answer within {START_SECONDS:g} s; "
                    if isinstance(problem, queue.Empty)
                    else ""
                )
                raise CannotRun(self._why(late)) from None
            return self._address

    def stop(self) -> None:
        """End the server. Nothing happens where none is running."""
        with self._lock:
            self._end()

    def last_words(self, lines: int = 4) -> str:
        """The end of its log in one line; of a log that names errors, those."""
        told = list(self._log)
        errors = [line for line in told if line.startswith("E ")]
        return " | ".join((errors or told)[-lines:]) or "it wrote no log"

    def _end(self) -> None:
        if self._process is not None:
            self._finalizer()
        self._process = None

    def _why(self, late: str) -> str:
        log = "\n".join(self._log)
        if "libgomp.so.1" in log:
            return (
                "the local model cannot run: xllamacpp needs the system's libgomp.so.1, which is not there. "
                "Try: apt-get install libgomp1"
            )
        hint = "The file may be cut short or the memory too small; try a smaller context (?context=4096)"
        for text, better in (
            ("ImportError", f"Try: {INSTALL}"),
            ("ModuleNotFoundError", f"Try: {INSTALL}"),
            ("not within the file bounds", "The file is cut short; fetch it again"),
        ):
            if text in log:
                hint = better
        return f"the local server for {str(self.path)!r} did not start: {late}{self.last_words()}. {hint}"


def _first_line(stream: IO[str], answer: "queue.Queue[str]") -> None:
    answer.put(stream.readline())


def _drain(stream: IO[str], log: "deque[str]") -> None:
    for line in stream:
        if line.strip():
            log.append(_CLOCK.sub("", line.strip())[:300])


def _end_process(process: "subprocess.Popen[str]") -> None:
    """By the end of its stdin, then by force; its pipes are closed."""
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(timeout=3.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
