"""What happens, as it happens: progress of runs, texts that came, a newer generation of the corpus."""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from entigraph.web.answers.runs import row_of_run
from entigraph.web.answers.texts import row_of
from entigraph.web.refusals import NotThere
from entigraph.web.shapes.generation import RunEvent, RunRow, Unfinished
from entigraph.web.works.bench import AtBench, Bench
from entigraph.web.works.news import Listener

router = APIRouter(tags=["events"])
HEARTBEAT_SECONDS = 10.0
LOOK_SECONDS = 0.5
PAUSE_SECONDS = 0.1
"""Between two messages to one listener: progress meanwhile is merged."""


@router.get("/events", response_class=StreamingResponse, responses={200: {"model": RunEvent}})
async def events(bench: AtBench) -> StreamingResponse:
    """Server-sent events, each a RunEvent as JSON, until the client or the server ends."""
    return StreamingResponse(
        _stream(bench), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _stream(bench: Bench) -> AsyncIterator[str]:
    listener = bench.news.listen(asyncio.get_running_loop())
    try:
        yield "retry: 1000\n: listening\n\n"
        said = time.monotonic()
        while not bench.desk.stopping.is_set():
            for event in await _heard(bench, listener):
                yield f"data: {event.model_dump_json()}\n\n"
                said = time.monotonic()
            if time.monotonic() - said >= HEARTBEAT_SECONDS:
                yield ": still here\n\n"
                said = time.monotonic()
    finally:
        bench.news.leave(listener)


async def _heard(bench: Bench, listener: Listener) -> list[RunEvent]:
    runs, generation = await listener.news(LOOK_SECONDS)
    found: list[RunEvent] = []
    for run in runs:
        row = await asyncio.to_thread(_row, bench, run)
        if row is not None:
            found.append(RunEvent(kind="run", row=row, writing=_writing(bench, run)))
    found = [RunEvent(kind="text", text=row_of(record)) for record in listener.texts()] + found
    if generation is not None:
        found.append(RunEvent(kind="generation", generation=generation))
    if found:
        await asyncio.sleep(PAUSE_SECONDS)
    return found


def _writing(bench: Bench, run: str) -> list[Unfinished]:
    work = bench.works.of(run)
    parts = work.writing.parts() if work is not None else []
    return [
        Unfinished(call=call, title=part.title, text=part.text, whole=part.whole_at is not None)
        for call, part in parts
    ]


def _row(bench: Bench, run: str) -> RunRow | None:
    try:
        return row_of_run(bench, run)
    except (NotThere, OSError, ValueError):
        return None
