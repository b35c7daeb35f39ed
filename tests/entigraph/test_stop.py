"""A generation that is stopped from another thread ends as with Ctrl-C, and goes on when it is asked again."""

import shutil
import threading
from pathlib import Path

import pytest

from entigraph.generation import generate, prepare
from entigraph.generation_options import Options
from entigraph.workplace import settings_for
from kg.stores import open_corpus
from lm.interrupts import Stop
from synthesis.outcomes import RunReport
from tests.entigraph.conftest import lm_answers, until
from tests.lm.conftest import FakeServer


def carried_out(place: Path, model: str, stop: Stop | None = None) -> RunReport:
    store = open_corpus(place)
    try:
        options = Options(model=model, n=8, checks=("none",), concurrency=2)
        settings = settings_for(store)
        return generate(prepare(store, options, settings), settings, stop=stop)
    finally:
        store.close()


@pytest.fixture
def place(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTIGRAPH_CONFIG", str(tmp_path / "config.toml"))
    return Path(shutil.copytree(built, tmp_path / "clock.kg"))


def test_what_is_in_flight_comes_in_and_the_rest_is_left(place: Path, server: FakeServer) -> None:
    server.delay = 0.2
    stop, reports = Stop(), list[RunReport]()
    thread = threading.Thread(target=lambda: reports.append(carried_out(place, server.name, stop)))
    thread.start()
    until(lambda: len(server.bodies) >= 3)
    stop.ask()
    thread.join(30)
    (report,) = reports
    assert report.stopped == "interrupt"
    assert report.done == len(server.bodies) == lm_answers(place)
    assert report.planned == report.done + report.left == 8
    server.delay = 0.0
    again = carried_out(place, server.name)
    assert (again.done, again.reused) == (8 - report.done, report.done)
    assert set(server.times_asked().values()) == {1}


def test_a_word_that_came_before_lets_nothing_leave(place: Path, server: FakeServer) -> None:
    stop = Stop()
    stop.ask()
    report = carried_out(place, server.name, stop)
    assert (report.stopped, report.done, report.left) == ("interrupt", 0, 8)
    assert server.bodies == []
