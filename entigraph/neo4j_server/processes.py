"""What runs on this machine: whose a process is, who has a port, whether a server answers, who has a lock."""

import base64
import fcntl
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

from entigraph.neo4j_server.layout import HOST, USER

BOLT_HELLO = bytes.fromhex("6060b017 00040405 00000004 00000000 00000000")


def is_ours(pid: int, home: Path) -> bool:
    """Whether the process is the server of this folder: its number may have gone to another program."""
    if pid <= 0:
        return False
    word, between = f"--home-dir={home}", "\0"
    if Path("/proc/self/cmdline").exists():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace")
        except OSError:
            return False
    else:
        between = " "
        command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
        line = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return f"{between}{word}{between}" in f"{between}{line}{between}"


def ended(pid: int, home: Path, seconds: float) -> bool:
    """Whether the server ends within that time."""
    began = time.monotonic()
    while is_ours(pid, home):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # where it was started by this very process
        if time.monotonic() - began > seconds:
            return False
        time.sleep(0.1)
    return True


def kill(pid: int, home: Path, how: signal.Signals) -> None:
    """Send a signal to the server, never to another program."""
    if is_ours(pid, home):
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def port_is_taken(port: int) -> bool:
    """Whether somebody listens on that port of this machine."""
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def speaks_bolt(port: int) -> bool:
    """Whether a Neo4j answers on that port: it agrees on a version of its protocol."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.settimeout(2)
            connection.sendall(BOLT_HELLO)
            answer = connection.recv(4)
    except OSError:
        return False
    return len(answer) == 4 and any(answer)


def refusal(http_port: int, password: str) -> str | None:
    """What the server says against a query on its database; empty where it answers it, None where it is silent.

    Asked over HTTP: the driver may not be installed.
    """
    request = urllib.request.Request(
        f"http://{HOST}:{http_port}/db/neo4j/tx/commit",
        data=b'{"statements": [{"statement": "RETURN 1"}]}',
        headers={
            "Authorization": "Basic " + base64.b64encode(f"{USER}:{password}".encode()).decode(),
            "Content-Type": "application/json",
        },
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=30) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        with error:
            text = error.read()
    except (OSError, HTTPException):
        return None
    try:
        errors = json.loads(text)["errors"]
        return "; ".join(f"{error['code']}: {error['message']}" for error in errors)
    except (ValueError, KeyError, TypeError):
        return "an answer that is not Neo4j's"


def tail(path: Path, lines: int) -> list[str]:
    """The last lines of a file; none where there is no file."""
    try:
        with path.open("r", encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=lines)]
    except OSError:
        return []


def follow_file(path: Path) -> Iterator[str]:
    """Each line that is added to a file from now on; goes on in the new file where it was replaced."""
    file, number = None, 0
    try:
        while True:
            with suppress(FileNotFoundError):
                if path.stat().st_ino != number:
                    if file is not None:
                        yield from (line.rstrip("\n") for line in file)
                        file.close()
                    file = path.open("r", encoding="utf-8", errors="replace")
                    file.seek(0, os.SEEK_SET if number else os.SEEK_END)
                    number = os.fstat(file.fileno()).st_ino
            line = file.readline() if file is not None else ""
            if line:
                yield line.rstrip("\n")
            else:
                time.sleep(0.2)
    finally:
        if file is not None:
            file.close()


@contextmanager
def waited_lock(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """The lock, waited for while another process has it; freed by the system when its holder dies."""
    with path.open("w") as file:
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    on_wait()
                told = True
                time.sleep(0.1)
        yield
