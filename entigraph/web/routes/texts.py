"""Texts: a list to choose from, one with everything about it, and a reader's word on it."""

from typing import Annotated

from fastapi import APIRouter, Query

from entigraph.text_lists import Wanted, chosen
from entigraph.web.answers.texts import details_of, record_at, rows_of
from entigraph.web.shapes.base import Id
from entigraph.web.shapes.texts import Edit, Status, TextDetails, TextList, Verdict
from entigraph.web.works.bench import AtBench, Bench
from kg.model import Record
from synthesis import reader

router = APIRouter(tags=["texts"])
Words = Annotated[str, Query(max_length=200)]


@router.get("/texts")
def texts(
    bench: AtBench,
    entity: Annotated[list[Id], Query(max_length=50)] = [],  # noqa: B006  pydantic copies it
    status: Status | None = None,
    strategy: Words = "",
    run: Words = "",
    reason: Words = "",
    q: Words = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TextList:
    """Some of the texts, the newest first: about all of the entities, and with these words in title or text."""
    wanted = Wanted(tuple(entity), status or "", strategy, run, reason, q)
    found, reasons = chosen(bench.desk.store, bench.texts().all, wanted)
    return TextList(
        texts=rows_of(bench, found[offset : offset + limit]),
        offset=offset,
        total=len(found),
        reasons=dict(reasons.most_common()),
    )


@router.get("/texts/{id}")
def text(bench: AtBench, id: Id) -> TextDetails:
    """A text with its exact prompt, price, checks and sources, its sentences linked to what they rest on."""
    return details_of(bench, record_at(bench, id))


@router.post("/texts/{id}/verdict")
def verdict(bench: AtBench, id: Id, verdict: Verdict) -> TextDetails:
    """Accept a text whatever the checks said, or reject it with a reason. As 'entigraph texts accept' and 'reject'."""
    bench.desk.refuse_if_read_only()
    record_at(bench, id, to_change=True)
    if verdict.status == "accepted":
        return _changed(bench, reader.accept(bench.desk.store, id, verdict.reason))
    return _changed(bench, reader.reject(bench.desk.store, id, verdict.reason))


@router.post("/texts/{id}/edit")
def edit(bench: AtBench, id: Id, edit: Edit) -> TextDetails:
    """A text in a reader's words, which counts instead of the old one; the answer is the new one. As 'entigraph texts edit'."""
    bench.desk.refuse_if_read_only()
    record_at(bench, id, to_change=True)
    return _changed(bench, reader.edit(bench.desk.store, id, edit.text))


def _changed(bench: Bench, record: Record) -> TextDetails:
    bench.changed()
    return details_of(bench, record)
