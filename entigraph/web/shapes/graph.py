"""The graph as the page shows it: what is on screen, what can be found, ways between entities."""

from typing import Annotated, Literal

from pydantic import Field

from entigraph.web.shapes.base import Id, Shape

MOST_NODES = 2_000
EXPANDED = 50


class Counted(Shape):
    """A type, a label or a document with how many entities or relations it has."""

    id: str
    name: str
    count: int


class Corpus(Shape):
    """What is served, for the head of the page and its filters. `typed` is its place as one types it in a shell.

    `documents` are the first 500 of `document_count`.
    """

    name: str
    location: str
    typed: str
    generation: int
    documents: list[Counted]
    document_count: int
    types: list[Counted]
    labels: list[Counted]
    entities: int
    relations: int
    texts: int
    accepted: int
    version: str
    read_only: bool


class Expansion(Shape):
    """An entity whose neighbours are shown: the `count` most relevant of them."""

    entity: Id
    count: Annotated[int, Field(ge=1, le=MOST_NODES)] = EXPANDED


class View(Shape):
    """What is to be on screen. The same view of the same generation gives the same picture.

    It begins with the `top` most central entities, of `around` and what lies within `hops` of it where it is given
    (`top` 0: with nothing); then come `added` and the neighbours of `expanded`; `hidden` are taken out. `types`,
    `labels` and `documents` keep only what has one of them, `least_weight` only edges of that weight.
    """

    top: Annotated[int, Field(ge=0, le=MOST_NODES)] = 150
    around: Id | None = None
    hops: Annotated[int, Field(ge=0, le=4)] = 1
    added: Annotated[list[Id], Field(max_length=MOST_NODES)] = []
    expanded: Annotated[list[Expansion], Field(max_length=200)] = []
    hidden: Annotated[list[Id], Field(max_length=MOST_NODES)] = []
    types: Annotated[list[str], Field(max_length=500)] = []
    labels: Annotated[list[str], Field(max_length=500)] = []
    documents: Annotated[list[Id], Field(max_length=500)] = []
    least_weight: float = 0.0


class Node(Shape):
    """An entity on screen.

    `community` is its number by Leiden or label propagation, the largest is 0; `shown` how many of its `degree`
    neighbours are on screen; `covered_at` says after which texts, counted in the order they were written, it was
    covered (the first 100), and `covered` how often in all.
    """

    id: str
    name: str
    type: str
    degree: int
    mentions: int
    community: int
    shown: int
    covered: int
    covered_at: list[int]


class Edge(Shape):
    """Two entities on screen that are joined, by relations in either direction. `source` has the lower id."""

    source: str
    target: str
    weight: float
    labels: list[str]
    relations: int
    covered: int
    covered_at: list[int]


class Picture(Shape):
    """What is on screen. `left_out` entities of the view were too many, `edges_left_out` edges among those on screen,
    the lightest; `texts` is how many count in all."""

    generation: int
    nodes: list[Node]
    edges: list[Edge]
    left_out: int
    edges_left_out: int
    texts: int


class Found(Shape):
    """An entity that was looked for; `alias` is the other name that fits, empty where its own does."""

    id: str
    name: str
    type: str
    degree: int
    alias: str = ""


class Neighbour(Shape):
    """A neighbour with the sum of the weights of all relations to it, heaviest first."""

    id: str
    name: str
    type: str
    degree: int
    weight: float
    labels: list[str]


class Neighbours(Shape):
    """Some of the neighbours of an entity, from `offset` on; `total` is how many there are."""

    neighbours: list[Neighbour]
    offset: int
    total: int


class Way(Shape):
    """A shortest path as ids of entities, both ends in it; empty where there is none."""

    entities: list[str]
    total_weight: float


FileFormat = Literal["graphml", "gexf", "json", "svg"]
