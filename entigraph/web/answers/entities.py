"""What is known of an entity, of a few entities together, of relations, as rows for the page."""

import shlex
from collections import Counter
from collections.abc import Sequence

import numpy as np

from entigraph.web.desk import Desk
from entigraph.web.shapes.details import Alias, EntityDetails, RelationRow, SubgraphDetails
from entigraph.web.shapes.graph import Counted
from kg.model import Candidate, Entity, Mention, Record, Relation, Resolution, normal_name
from sampling.accounting import resolved
from sampling.items import Items

MOST = 200
MENTIONS_COUNTED = 50_000


def entity(desk: Desk, row: int) -> EntityDetails:
    """The entity in that row of the atlas' graph."""
    atlas, store, covered = desk.atlas(), desk.store, desk.covered()
    graph = atlas.graph
    id = graph.entity_id(row)
    known = next(iter(store.read(Entity, "id", [id])), None)
    candidates = list(store.read(Candidate, "entity", [id]))
    reasons = {one.candidate: one for one in store.read(Resolution, "entity", [id])}
    named = _named(desk, id)
    in_document: Counter[str] = Counter()
    for one in candidates:
        in_document[one.document] += named[one.id]
    aliases = [
        Alias(
            candidate=one.id,
            name=one.name,
            document=one.document,
            title=atlas.titles.get(one.document, ""),
            reason=reasons[one.id].reason if one.id in reasons else "",
            by=reasons[one.id].by if one.id in reasons else "",
            mentions=named[one.id],
        )
        for one in sorted(candidates, key=lambda one: (-named[one.id], one.name, one.id))[:MOST]
    ]
    documents = [graph.document_ids[place] for place in graph.entity_documents[row].tolist()]
    documents.sort(key=lambda one: (-in_document[one], atlas.titles.get(one, ""), one))
    relations = np.union1d(graph.outgoing[row], graph.incoming[row])
    return EntityDetails(
        id=id,
        name=graph.names[row],
        type=graph.type_names[graph.types[row]],
        sense=known.sense if known else "",
        description=known.description if known else "",
        aliases=aliases,
        degree=int(graph.degrees[row]),
        mentions=int(graph.mentions[row]),
        relations=len(relations),
        documents=[
            Counted(id=one, name=atlas.titles.get(one, ""), count=in_document[one])
            for one in documents[:MOST]
        ],
        covered=int(covered.entities[row]),
        texts=len(_texts(desk, id)),
        command=f"entigraph show {desk.typed} --around {typed_name(desk, row)}",
    )


def _named(desk: Desk, id: str) -> Counter[str]:
    """How often each candidate of an entity is named, of its first 50,000 mentions."""
    counted: Counter[str] = Counter()
    for number, mention in enumerate(desk.store.read(Mention, "entity", [id])):
        if number >= MENTIONS_COUNTED:
            break
        counted[mention.candidate] += 1
    return counted


def subgraph(desk: Desk, rows: Sequence[int]) -> SubgraphDetails:
    """Entities with the relations among them, the 200 heaviest."""
    graph = desk.atlas().graph
    items = Items(graph)
    edges = items.edges_among(rows)
    among = items.make(rows, edges).relations
    relations = np.array([graph.relation_row(id) for id in among], dtype=np.int64)
    heaviest = relations[np.lexsort((relations, -graph.weights[relations]))][:MOST]
    written, counted = _together(desk, rows)
    names = " ".join(f"--highlight {typed_name(desk, row)}" for row in rows)
    return SubgraphDetails(
        entities=[
            Counted(id=graph.entity_id(row), name=graph.names[row], count=int(graph.degrees[row]))
            for row in rows
        ],
        relations=relation_rows(desk, heaviest.tolist()),
        joined=len(edges),
        covered=counted,
        texts=written,
        command=f"entigraph show {desk.typed} --around {typed_name(desk, rows[0])} {names}",
    )


def relation_rows(desk: Desk, rows: Sequence[int]) -> list[RelationRow]:
    """These relations (rows of the atlas' graph) with their descriptions and how often texts cover them."""
    graph, times = desk.atlas().graph, desk.covered().coverage.counts_by_row("relations")
    ids = [graph.relation_id(row) for row in rows]
    said = {one.id: one.description for one in desk.store.read(Relation, "id", ids)} if ids else {}
    ends = [(int(graph.sources[row]), int(graph.targets[row])) for row in rows]
    return [
        RelationRow(
            id=id,
            source=graph.entity_id(source),
            source_name=graph.names[source],
            label=graph.label_names[graph.labels[row]],
            target=graph.entity_id(target),
            target_name=graph.names[target],
            weight=float(graph.weights[row]),
            description=said.get(id, ""),
            covered=times.get((row,), 0),
        )
        for id, row, (source, target) in zip(ids, rows, ends, strict=True)
    ]


def typed_name(desk: Desk, row: int) -> str:
    """An entity as one types it in a shell: its name, or its id where the name is not plain or not its alone."""
    graph = desk.atlas().graph
    name = graph.names[row]
    plain = len(name) <= 80 and name.isprintable() and name.strip() == name and not name.startswith("-")
    wanted = normal_name(name)
    if not plain or sum(normal_name(one.name) == wanted for one in desk.search(name, 5)) != 1:
        return graph.entity_id(row)
    return shlex.quote(name)


def _texts(desk: Desk, id: str) -> dict[str, Record]:
    """All texts about an entity, whatever became of them."""
    return {one.id: one for one in desk.store.read(Record, "entity", [id]) if one.status != "judgement"}


def _together(desk: Desk, rows: Sequence[int]) -> tuple[int, int]:
    """How many texts are about all of these entities, and how many of those that count cover all of them."""
    covered, graph = desk.covered(), desk.atlas().graph
    rarest = sorted(rows, key=lambda row: int(covered.entities[row]))
    about = _texts(desk, graph.entity_id(rarest[0]))
    for row in rarest[1:]:
        if not about:
            break
        about = {id: one for id, one in _texts(desk, graph.entity_id(row)).items() if id in about}
    counting = [one for one in about.values() if one.counts]
    resolution, redirects = resolved(desk.store, covered.coverage, counting)
    whole = {(row,) for row in rows}
    met = [covered.coverage.things_of_record(one, resolution, redirects)["entities"] for one in counting]
    return len(about), sum(1 for things in met if whole <= set(things))
