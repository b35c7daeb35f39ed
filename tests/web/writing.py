"""Texts for the corpus of a studio, written beside its server as the command line writes them."""

import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from entigraph import places
from entigraph.generation import generate, prepare
from entigraph.generation_options import Options
from entigraph.workplace import settings_for
from tests.web.conftest import Client, Studio


def write(studio: Studio, n: int = 3, **options: Any) -> list[str]:
    """Write n texts, all of them accepted; the ids of all texts, the newest first."""
    with places.opened(studio.place) as store:
        settings = settings_for(store)
        wanted = Options(**{"model": "echo", "n": n, "checks": ("none",), **options})
        generate(prepare(store, wanted, settings), settings)
    return [row["id"] for row in studio.get("/api/texts", limit=200).json["texts"]]


def until(ready: Callable[[], Any], seconds: float = 30) -> Any:
    """What is there once it is."""
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, f"it did not happen within {seconds} s"
        time.sleep(0.02)
    return found


def ended(client: Client, run: str) -> Any:
    """The row of a run once it goes on no more."""

    def row() -> Any:
        found = client.get(f"/api/runs/{run}").json["row"]
        return found if found["state"] not in ("running", "stopping") else None

    return until(row)


@contextmanager
def listening(client: Client) -> Iterator[list[Any]]:
    """The events that came so far; heartbeats are there as None."""
    address = urllib.parse.urlsplit(client.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    connection.request("GET", "/api/events", headers=client.headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.getheader("content-type", "").startswith("text/event-stream")
    assert answer.readline() == b"retry: 1000\n"
    found: list[Any] = []

    def read() -> None:
        while line := answer.readline():
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
            elif line.startswith(b": still"):
                found.append(None)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        if connection.sock is not None:
            connection.sock.shutdown(2)
        thread.join(10)
        connection.close()
