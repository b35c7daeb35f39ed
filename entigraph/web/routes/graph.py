"""Routes about the graph as it is seen: the corpus, a view, search, neighbours, ways, files."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from entigraph import __version__
from entigraph.web.desk import AtDesk, Desk
from entigraph.web.picture import files
from entigraph.web.picture.painting import painted
from entigraph.web.picture.shown import Find, shown
from entigraph.web.refusals import NotThere
from entigraph.web.shapes.base import Id
from entigraph.web.shapes.graph import (
    Corpus,
    FileFormat,
    Found,
    Neighbour,
    Neighbours,
    Picture,
    View,
    Way,
)
from kg.graph import Graph
from kg.model import Entity
from kg.stores.names import search_key
from kg.ways import way
from sampling.items import spread

MOST_FOUND = 80
"""Of so many that fit, the best joined of those whose name is as near come first."""
router = APIRouter(tags=["graph"])
Offset = Annotated[int, Query(ge=0, le=2**31)]
Limit = Annotated[int, Query(ge=1, le=200)]
MOST_CHOICES = 500
"""Documents, types and labels that the filters offer, those with most entities or relations."""


@router.get("/corpus")
def corpus(desk: AtDesk) -> Corpus:
    """What is served, with the documents, types and labels to filter by (500 of each at most)."""
    graph, atlas, covered = desk.graph(), desk.atlas(), desk.covered()
    return Corpus(
        name=desk.name,
        location=desk.location,
        typed=desk.typed,
        generation=graph.generation,
        documents=atlas.documents[:MOST_CHOICES],
        document_count=len(atlas.documents),
        types=atlas.types[:MOST_CHOICES],
        labels=atlas.labels[:MOST_CHOICES],
        entities=len(graph),
        relations=graph.relation_count,
        texts=covered.answers,
        accepted=covered.texts,
        version=__version__,
        read_only=desk.read_only,
    )


@router.post("/view", response_model=Picture)
def view(desk: AtDesk, view: View) -> Response:
    """The part of the graph that a view shows: at most 2,000 entities and 20,000 joined pairs."""
    atlas, covered = desk.atlas(), desk.covered()
    find = finder(desk, atlas.graph)
    if view.around is not None and find(view.around) < 0:
        raise unknown(view.around)
    generation = min(desk.graph().generation, covered.generation)
    picture = painted(atlas, shown(atlas, view, find), covered, generation)
    return Response(picture, media_type="application/json")


@router.get("/search")
def search(desk: AtDesk, q: Annotated[str, Query(max_length=1_000)] = "", limit: Limit = 20) -> list[Found]:
    """Entities whose name or alias contains the text, best first; none for an empty text."""
    wanted = search_key(q)
    if not wanted:
        return []
    graph = desk.graph()
    found = [(entity, _found(graph, entity, wanted)) for entity in desk.search(q, max(MOST_FOUND, limit))]
    found.sort(key=lambda one: (_far(one[0], wanted), -one[1].degree))
    return [one for _, one in found[:limit]]


def _far(entity: Entity, wanted: str) -> int:
    """How far a name is from what was typed: 0 it is that, 1 it begins so, 2 it is somewhere inside."""
    names = [search_key(name) for name in (entity.name, *entity.aliases)]
    return 0 if wanted in names else 1 if any(name.startswith(wanted) for name in names) else 2


@router.get("/entities/{id}/neighbours")
def neighbours(desk: AtDesk, id: Id, offset: Offset = 0, limit: Limit = 50) -> Neighbours:
    """Neighbours of an entity, the one with the heaviest relations first."""
    graph = desk.atlas().graph
    row = row_of(desk, graph, id)
    edges = graph.edges
    slots = np.arange(edges.neighbours.starts[row], edges.neighbours.starts[row + 1])
    others, joined = edges.neighbours.values[slots], edges.neighbour_edges[slots]
    order = np.lexsort((others, -edges.weights[joined]))[offset : offset + limit]
    of, places = spread(edges.relations, joined[order])
    relations = edges.relations.values[places]
    labels: list[dict[str, float]] = [{} for _ in order]
    for place, relation in zip(of.tolist(), relations.tolist(), strict=True):
        name = graph.label_names[graph.labels[relation]]
        labels[place][name] = labels[place].get(name, 0.0) + float(graph.weights[relation])
    degrees = graph.degrees
    return Neighbours(
        neighbours=[
            Neighbour(
                id=graph.entity_id(other),
                name=graph.names[other],
                type=graph.type_names[graph.types[other]],
                degree=int(degrees[other]),
                weight=float(edges.weights[edge]),
                labels=sorted(names, key=lambda name: (-names[name], name))[:20],
            )
            for other, edge, names in zip(others[order].tolist(), joined[order].tolist(), labels, strict=True)
        ],
        offset=offset,
        total=len(slots),
    )


@router.get("/path")
def path(
    desk: AtDesk, start: Annotated[Id, Query(alias="from")], end: Annotated[Id, Query(alias="to")]
) -> Way:
    """A shortest way between two entities along relations in either direction; of several the heaviest."""
    graph = desk.atlas().graph
    rows, weight = way(graph.edges, row_of(desk, graph, start), row_of(desk, graph, end))
    return Way(entities=[graph.entity_id(row) for row in rows], total_weight=weight)


@router.post("/export")
def export(desk: AtDesk, view: View, format: FileFormat) -> Response:
    """A file of what a view shows, with all relations that pass its filters."""
    atlas = desk.atlas()
    part = shown(atlas, view, finder(desk, atlas.graph))
    body, kind = files.written(atlas, part, format)
    disposition = files.disposition(f"{desk.name}.{format}")
    return Response(body, media_type=kind, headers={"content-disposition": disposition})


def finder(desk: Desk, graph: Graph) -> Find:
    """Rows by id, through redirects; -1 for an entity that is gone."""

    def find(id: str) -> int:
        try:
            return graph.entity_row(id)
        except KeyError:
            for entity in desk.store.read(Entity, "id", [id]):  # it may have been merged into another
                try:
                    return graph.entity_row(entity.id)
                except KeyError:
                    break
            return -1

    return find


def row_of(desk: Desk, graph: Graph, id: str) -> int:
    """The row of an entity, through redirects. Raises NotThere."""
    row = finder(desk, graph)(id)
    if row < 0:
        raise unknown(id)
    return row


def unknown(id: str) -> NotThere:
    """What is said of an entity that is not there."""
    return NotThere(
        f"there is no entity {id!r} in this corpus: it may be gone since the page was loaded. Search for its name"
    )


def _found(graph: Graph, entity: Entity, wanted: str) -> Found:
    """`alias` where the name itself does not hold what was looked for."""
    alias = ""
    if wanted not in search_key(entity.name):
        alias = next((one for one in entity.aliases if wanted in search_key(one)), "")
    try:
        degree = int(graph.degrees[graph.entity_row(entity.id)])
    except KeyError:  # written since the graph was read
        degree = 0
    return Found(id=entity.id, name=entity.name, type=entity.type, degree=degree, alias=alias)
