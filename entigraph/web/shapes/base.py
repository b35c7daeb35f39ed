"""What every answer is made of: pieces of marked text, and where an error comes from."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
"""An entity, relation, document, chunk or text: 32 hex digits."""


class Shape(BaseModel):
    """Base of all: nothing that is not named here is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Mark = Literal["", "entity", "evidence", "strange", "supported"]
"""Why a stretch of text is marked: an entity is named; it states a relation; a name or number that the sources do
not hold; a sentence and the evidence that it rests on."""


class Piece(Shape):
    """A stretch of text, whole in its marks: texts are sent as pieces, never with offsets.

    `entity` is the entity that is named; `note` says in words why it is marked.
    """

    text: str
    mark: Mark = ""
    entity: str | None = None
    note: str = ""


class Passage(Shape):
    """A sentence or two of a document with what is marked in it. `at` opens the document at that place."""

    document: str
    title: str
    at: int
    pieces: list[Piece]


class Problem(Shape):
    """Why a request was refused: what was wanted, what was seen, what to try."""

    detail: str
