"""Routes about one entity, a few entities together, a relation, a document."""

from itertools import islice
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from entigraph.web.answers import documents, entities, passages
from entigraph.web.desk import AtDesk
from entigraph.web.refusals import NotThere
from entigraph.web.routes.graph import Limit, Offset, row_of
from entigraph.web.shapes.base import Id
from entigraph.web.shapes.details import DocumentPage, EntityDetails, Passages, Relations, SubgraphDetails
from kg.model import Evidence, Mention, Relation

router = APIRouter(tags=["details"])
Place = Annotated[int | None, Query(ge=0, le=2**40)]


@router.get("/entities/{id}")
def entity(desk: AtDesk, id: Id) -> EntityDetails:
    """All of an entity but what grows without end; at most 200 aliases and documents, the most mentioned."""
    row = row_of(desk, desk.atlas().graph, id)
    return entities.entity(desk, row)


@router.get("/entities/{id}/mentions")
def mentions(desk: AtDesk, id: Id, offset: Offset = 0, limit: Limit = 20) -> Passages:
    """The places that name an entity, each in its sentence, in the order of document and place."""
    atlas = desk.atlas()
    row = row_of(desk, atlas.graph, id)
    now = atlas.graph.entity_id(row)
    found = list(islice(desk.store.read(Mention, "entity", [now]), offset, offset + limit))
    return Passages(
        passages=passages.of_mentions(desk.store, atlas.titles, found, now),
        offset=offset,
        total=int(atlas.graph.mentions[row]),
    )


@router.get("/entities/{id}/relations")
def relations(desk: AtDesk, id: Id, offset: Offset = 0, limit: Limit = 50) -> Relations:
    """The relations of an entity in either direction, heaviest first."""
    graph = desk.atlas().graph
    row = row_of(desk, graph, id)
    rows = np.union1d(graph.outgoing[row], graph.incoming[row])
    page = rows[np.lexsort((rows, -graph.weights[rows]))][offset : offset + limit]
    return Relations(relations=entities.relation_rows(desk, page.tolist()), offset=offset, total=len(rows))


@router.get("/subgraph")
def subgraph(
    desk: AtDesk, entity: Annotated[list[Id], Query(min_length=1, max_length=50)]
) -> SubgraphDetails:
    """Some entities together, with the relations among them, at most 200, heaviest first."""
    graph = desk.atlas().graph
    return entities.subgraph(desk, list(dict.fromkeys(row_of(desk, graph, id) for id in entity)))


@router.get("/relations/{id}/evidence")
def evidence(desk: AtDesk, id: Id, offset: Offset = 0, limit: Limit = 20) -> Passages:
    """The places that state a relation, each in its sentence, with what it joins marked in it."""
    relation = next(iter(desk.store.read(Relation, "id", [id])), None)
    if relation is None:
        raise NotThere(
            f"there is no relation {id!r} in this corpus: it may be gone since the page was loaded"
        )
    every = list(desk.store.read(Evidence, "relation", [id]))
    found = passages.of_evidence(
        desk.store,
        desk.atlas().titles,
        every[offset : offset + limit],
        relation.source,
        relation.target,
    )
    return Passages(passages=found, offset=offset, total=len(every))


@router.get("/documents/{id}")
def document(
    desk: AtDesk,
    id: Id,
    at: Place = None,
    start: Place = None,
    characters: Annotated[int, Query(ge=200, le=50_000)] = 6_000,
) -> DocumentPage:
    """A stretch of a document: around the place `at`, which is in focus, or from `start` on."""
    return documents.opened_at(desk.store, id, at, start, characters)
