"""A user's word on what is one thing and what is two."""

from typing import Annotated

from pydantic import Field

from entigraph.web.shapes.base import Id, Shape


class Split(Shape):
    """Which part of an entity is another: the candidates (what one document calls one thing) to take out."""

    parts: Annotated[list[Id], Field(min_length=1, max_length=1_000)]


class Merge(Shape):
    """Entities that are one; it keeps the name of `into`, else of the first."""

    entities: Annotated[list[Id], Field(min_length=2, max_length=200)]
    into: Id | None = None


class Said(Shape):
    """What was done, in words; `entity` is the one that is left, or was taken out. `command` does the same."""

    said: str
    entity: str | None = None
    command: str
