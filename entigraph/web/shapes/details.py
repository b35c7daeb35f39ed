"""What is known of an entity, of what joins entities, and of a document."""

from entigraph.web.shapes.base import Passage, Piece, Shape
from entigraph.web.shapes.graph import Counted


class Alias(Shape):
    """A name under which it was seen, where, and why that is taken for the same thing.

    `candidate` can be split off again: what one document calls one thing.
    """

    candidate: str
    name: str
    document: str
    title: str
    reason: str
    by: str
    mentions: int


class RelationRow(Shape):
    """A relation as its ends see it; `covered` texts cover it."""

    id: str
    source: str
    source_name: str
    label: str
    target: str
    target_name: str
    weight: float
    description: str
    covered: int


class EntityDetails(Shape):
    """All of an entity but what grows without end: passages, relations and texts come from routes of their own."""

    id: str
    name: str
    type: str
    sense: str
    description: str
    aliases: list[Alias]
    degree: int
    mentions: int
    relations: int
    documents: list[Counted]
    covered: int
    texts: int
    command: str


class Passages(Shape):
    """Some of the places where it is named or stated, from `offset` on, in the order of document and place."""

    passages: list[Passage]
    offset: int
    total: int


class Relations(Shape):
    """Some of the relations, heaviest first, from `offset` on."""

    relations: list[RelationRow]
    offset: int
    total: int


class SubgraphDetails(Shape):
    """Some entities (a pair, a triangle, a path) with the relations among them; `joined` pairs of them have one."""

    entities: list[Counted]
    relations: list[RelationRow]
    joined: int
    covered: int
    texts: int
    command: str


class DocumentPage(Shape):
    """A stretch of a document in pieces. `start` and `end` are places in it, to ask for more; `total` its length.

    The piece that was asked for carries the mark "evidence" or "entity" and is number `focus` of the pieces.
    """

    id: str
    title: str
    source: str
    language: str
    start: int
    end: int
    total: int
    focus: int | None
    pieces: list[Piece]
