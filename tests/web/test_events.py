"""The stream of events: runs, texts, generations, heartbeats; and that nobody waits for a slow listener."""

import asyncio
import threading
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

import pytest

from entigraph.web.routes import events
from entigraph.web.works.bench import Bench
from entigraph.web.works.news import MOST_TEXTS, Listener
from kg.model import Record, Subgraph
from tests.lm.conftest import FakeServer
from tests.web.conftest import Studio
from tests.web.writing import ended, listening, until, write


def test_a_run_tells_how_it_goes_and_which_texts_came(studio: Studio) -> None:
    with listening(studio) as events:
        run = studio.post("/api/generate", {"model": "echo", "n": 3}).json["run"]
        ended(studio, run)

        def last() -> Any:
            rows = [event["row"] for event in events if event and event["kind"] == "run"]
            return rows and rows[-1]["state"] == "finished" and rows[-1]

        assert until(last)["planned"] == 3
        texts = [event["text"] for event in events if event and event["kind"] == "text"]
        assert len(texts) == 3
        assert all(text["run"] == run and text["begins"] for text in texts)
    listed = {row["id"] for row in studio.get("/api/texts").json["texts"]}
    assert {text["id"] for text in texts} == listed


@pytest.mark.slow
def test_an_answer_is_told_word_by_word_and_what_breaks_off_is_taken_back(
    folder_studio: Studio, model: FakeServer
) -> None:
    model.pause = 0.02
    model.behave = lambda n, body: "cut" if n == 0 else "ok"
    with listening(folder_studio) as events:
        order = {"model": model.name, "n": 1, "strategy": "relate"}
        run = folder_studio.post("/api/generate", order).json["run"]
        ended(folder_studio, run)

        def writing() -> list[Any]:
            return [event["writing"] for event in events if event and event["kind"] == "run"]

        until(lambda: len(writing()) > 3 and writing()[-1] == [])
    texts = [parts[0]["text"] if parts else "" for parts in writing()]
    grown = [len(text) for text in texts]
    assert any(0 < a < b for a, b in pairwise(grown)), "it grew"
    assert any(a > b > 0 or (a > 0 and b == 0) for a, b in pairwise(grown)), "the half of it was taken back"
    titles = {part["title"] for parts in writing() for part in parts}
    assert len(titles) == 1
    row = folder_studio.get("/api/texts").json["texts"][0]
    assert titles == {" · ".join(row["names"])}


@pytest.mark.slow
def test_a_newer_generation_is_told_whoever_wrote_it(studio: Studio) -> None:
    with listening(studio) as events:

        def told() -> list[int]:
            return [event["generation"] for event in events if event and event["kind"] == "generation"]

        assert until(told) == [studio.get("/api/corpus").json["generation"]]  # what it is now, to begin with
        write(studio, 1)
        now = studio.get("/api/corpus").json["generation"]
        until(lambda: told()[-1] == now)
    assert told() == sorted(set(told()))


def test_every_listener_hears_the_same(folder_studio: Studio) -> None:
    with listening(folder_studio) as one, listening(folder_studio) as other:
        run = folder_studio.post("/api/generate", {"model": "echo", "n": 2}).json["run"]
        ended(folder_studio, run)

        def heard(events: list[Any]) -> set[str]:
            return {event["text"]["id"] for event in events if event and event["kind"] == "text"}

        until(lambda: len(heard(one)) == len(heard(other)) == 2)
        assert heard(one) == heard(other)


def test_a_stream_ends_when_the_server_does(folder_studio: Studio) -> None:
    with listening(folder_studio):
        began = time.monotonic()
        folder_studio.server.stop()
        assert time.monotonic() - began < 3


def test_who_hangs_up_is_forgotten(folder_studio: Studio) -> None:
    with listening(folder_studio), listening(folder_studio):
        assert watching() == 1, "one looks at the generation, however many listen"
    write(folder_studio, 1)
    until(lambda: watching() == 0)


def watching() -> int:
    """How many threads look at the generation for those who listen."""
    return sum(thread.name == "generation" for thread in threading.enumerate())


def test_a_slow_listener_finds_progress_merged() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        made: Listener = asyncio.run_coroutine_threadsafe(_listener(), loop).result(5)
        for number in range(5_000):
            made.hear(run=f"run-{number % 3}")
            made.hear(generation=number)
        runs, generation = asyncio.run_coroutine_threadsafe(made.news(1.0), loop).result(5)
        assert (sorted(runs), made.texts(), generation) == (["run-0", "run-1", "run-2"], [], 4_999)
        again = asyncio.run_coroutine_threadsafe(made.news(0.05), loop).result(5)
        assert again == ([], None)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
    made.hear(run="after the end of his loop")


async def _listener() -> Listener:
    return Listener(asyncio.get_running_loop())


ONE = Record(*("0" * 32, "", "text", "", "", "en", "", "", "", Subgraph.make([]), (), (), (), (), "", ""))


@pytest.mark.parametrize("texts", [MOST_TEXTS + 50])
def test_of_many_texts_the_newest_are_told(texts: int) -> None:
    async def heard() -> list[str]:
        listener = Listener(asyncio.get_running_loop())
        for number in range(texts):
            listener.hear(run="run", text=replace(ONE, id=f"{number:032x}"))
        await listener.news(1.0)
        return [record.id for record in listener.texts()]

    found = asyncio.run(heard())
    assert (len(found), found[-1]) == (MOST_TEXTS, f"{texts - 1:032x}")


def test_a_text_that_comes_while_its_run_is_looked_at_is_told_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that nobody sees a run at its end before its last text."""

    async def heard() -> list[str]:
        listener = Listener(asyncio.get_running_loop())
        listener.hear(run="run")
        monkeypatch.setattr(events, "_row", lambda bench, run: listener.hear(run="run", text=ONE))
        found = await events._heard(cast(Bench, None), listener)
        return [event.text.id for event in found if event.text]

    assert asyncio.run(heard()) == [ONE.id]
