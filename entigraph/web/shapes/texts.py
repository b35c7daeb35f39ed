"""Texts that were written, with everything needed to explain them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from entigraph.web.shapes.base import Passage, Piece, Shape

Status = Literal["accepted", "rejected", "stale", "edited"]


class TextRow(Shape):
    """A text in a list: what it is about, how it begins, what became of it."""

    id: str
    title: str
    begins: str
    status: Status
    strategy: str
    model: str
    language: str
    run: str
    reasons: list[str]
    entities: list[str]
    names: list[str]
    order: int


class TextList(Shape):
    """Some of the texts, the newest first, from `offset` on; `total` fit what was asked for."""

    texts: list[TextRow]
    offset: int
    total: int
    reasons: dict[str, int]


class CheckRow(Shape):
    """What one check said."""

    name: str
    outcome: Literal["passed", "failed", "unchecked"]
    reason: str


class PromptMessage(Shape):
    """One message of the exact request."""

    role: str
    content: str


class Sentence(Shape):
    """A sentence of a text in pieces (names and numbers that the sources do not hold are marked), with the places
    of the sources it rests on: numbers into `sources` of the text."""

    pieces: list[Piece]
    rests_on: list[int]


class TextDetails(Shape):
    """A text with its exact prompt, price, checks and sources.

    `prompt` is empty where no model wrote it or its call is not in the journal. `cost_usd` is None where nobody
    wrote the price down. `edited_from` is the text it was made from by hand.
    """

    row: TextRow
    sentences: list[Sentence]
    checks: list[CheckRow]
    sources: list[Passage]
    left_out: list[str]
    prompt: list[PromptMessage]
    parameters: dict[str, Any]
    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    seconds: float | None
    author: str
    edited_from: str | None
    command: str


class Verdict(Shape):
    """A reader's word on a text. A reason is wanted where it is rejected."""

    status: Literal["accepted", "rejected"]
    reason: Annotated[str, Field(max_length=2_000)] = ""


class Edit(Shape):
    """A text in a reader's words: the old one stays, the new one is a record of its own."""

    text: Annotated[str, Field(min_length=1, max_length=100_000)]
