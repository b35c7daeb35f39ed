"""What a view shows: which entities, and which of the pairs among them that its filters let through."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entigraph.web.picture.atlas import Atlas
from entigraph.web.shapes.graph import MOST_NODES, View
from kg.graph import Floats
from sampling.items import spread

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Find = Callable[[str], int]
"""The row of an entity id, through redirects; -1 where it is gone."""

MOST_EDGES = 20_000
EDGES_A_NODE = 20
"""Beyond so many edges for each node on screen nobody can tell them apart; they take seconds to draw."""
FEW_EDGES = 1_500


@dataclass(frozen=True, eq=False, slots=True)
class Sieve:
    """What the filters of a view let through, as masks over all rows.

    `edges` says nothing of their ends; `weights` are of the relations that pass, `degrees` count neighbours that pass.
    """

    entities: Mask
    relations: Mask
    edges: Mask
    weights: Floats
    degrees: Rows

    @staticmethod
    def of(atlas: Atlas, view: View) -> "Sieve":
        """Names of types, labels and documents that the graph does not have let nothing through."""
        graph, edges = atlas.graph, atlas.graph.edges
        entities = np.ones(len(graph), dtype=bool)
        relations = np.ones(graph.relation_count, dtype=bool)
        if view.types:
            entities &= np.isin(graph.types, _codes(graph.type_names, view.types))
        if view.labels:
            relations &= np.isin(graph.labels, _codes(graph.label_names, view.labels))
        if view.documents:
            documents = _codes(graph.document_ids, view.documents)
            named, stated = np.zeros_like(entities), np.zeros_like(relations)
            named[atlas.in_document.values[spread(atlas.in_document, documents)[1]]] = True
            stated[atlas.stated_in.values[spread(atlas.stated_in, documents)[1]]] = True
            entities &= named
            relations &= stated
        if not (view.types or view.labels or view.documents or view.least_weight > 0):
            kept = np.ones(len(edges), dtype=bool)
            return Sieve(entities, relations, kept, edges.weights, graph.degrees)
        if view.labels:
            joined = np.zeros_like(entities)
            joined[graph.sources[relations]] = joined[graph.targets[relations]] = True
            entities &= joined
        passing = np.flatnonzero(relations & (atlas.edge_of >= 0))
        of = atlas.edge_of[passing]
        weights = np.bincount(of, weights=graph.weights[passing], minlength=len(edges)).astype(np.float64)
        kept = np.bincount(of, minlength=len(edges)) > 0
        kept &= weights >= view.least_weight
        whole = kept & entities[edges.low] & entities[edges.high]
        ends = np.concatenate((edges.low[whole], edges.high[whole]))
        return Sieve(entities, relations, kept, weights, np.bincount(ends, minlength=len(graph)))


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """Entity rows, those the user asked for first, and the edges (numbers) among them, heaviest first.

    `beside` is how many neighbours of each are on screen. So many entities, and edges among those that are shown,
    were too many.
    """

    sieve: Sieve
    rows: Rows
    beside: Rows
    edges: Rows
    left_out: int
    edges_left_out: int


def shown(atlas: Atlas, view: View, find: Find) -> Shown:
    """What the view shows; the same for the same graph. Entities that are gone are left out.

    The filters hold for all but `around` itself. Where there are too many, entities that the user added or
    expanded come before those of the overview.
    """
    graph = atlas.graph
    sieve = Sieve.of(atlas, view)
    asked: list[int] = []
    rest: Rows = np.empty(0, dtype=np.int64)
    if view.around is not None and (centre := find(view.around)) >= 0:
        asked.append(centre)
        if view.top:
            rest = _around(atlas, sieve, centre, view.hops)
    elif view.around is None and view.top:
        rest = _overview(atlas, sieve, view)
    first = rest[: view.top].tolist()
    asked += [row for id in view.added if (row := find(id)) >= 0 and sieve.entities[row]]
    for one in view.expanded:
        if (row := find(one.entity)) >= 0:
            asked += [row] if sieve.entities[row] else []
            asked += nearest(atlas, sieve, row)[: one.count].tolist()
    hidden = {find(id) for id in view.hidden}
    rows = [row for row in dict.fromkeys([*asked, *first]) if row not in hidden]
    left_out = max(0, len(rows) - MOST_NODES) + max(0, len(rest) - view.top)
    chosen = np.array(rows[:MOST_NODES], dtype=np.int64)
    inside = np.zeros(len(graph), dtype=bool)
    inside[chosen] = True
    edges = _edges(atlas, sieve, inside)
    ends = np.concatenate((graph.edges.low[edges], graph.edges.high[edges]))
    beside = np.bincount(ends, minlength=len(graph))[chosen]
    drawn = _drawn(atlas, edges, len(chosen), {find(id) for id in view.added})
    return Shown(sieve, chosen, beside, drawn, left_out, len(edges) - len(drawn))


def nearest(atlas: Atlas, sieve: Sieve, row: int) -> Rows:
    """Neighbours that pass, heaviest first, then the lower id."""
    table = atlas.graph.edges.neighbours
    slots = np.arange(table.starts[row], table.starts[row + 1])
    others, edges = table.values[slots].astype(np.int64), atlas.graph.edges.neighbour_edges[slots]
    kept = sieve.entities[others] & sieve.edges[edges]
    others, weights = others[kept], sieve.weights[edges[kept]]
    return others[np.lexsort((others, -weights))]


def _overview(atlas: Atlas, sieve: Sieve, view: View) -> Rows:
    if sieve.edges.all() and sieve.entities.all():
        return atlas.ranking
    return atlas.central(np.flatnonzero(sieve.entities), sieve.degrees)


def _around(atlas: Atlas, sieve: Sieve, centre: int, hops: int) -> Rows:
    """What is within reach along edges that pass, nearer first, then with more neighbours."""
    graph, edges = atlas.graph, atlas.graph.edges
    distance = np.full(len(graph), -1, dtype=np.int64)
    distance[centre] = 0
    frontier = np.array([centre], dtype=np.int64)
    for hop in range(1, hops + 1):
        _, slots = spread(edges.neighbours, frontier)
        reached = np.zeros(len(graph), dtype=bool)
        reached[edges.neighbours.values[slots[sieve.edges[edges.neighbour_edges[slots]]]]] = True
        frontier = np.flatnonzero(reached & (distance < 0) & sieve.entities)
        distance[frontier] = hop
    rows = np.flatnonzero(distance >= 0)
    return rows[np.lexsort((rows, -sieve.degrees[rows], distance[rows]))]


def _edges(atlas: Atlas, sieve: Sieve, inside: Mask) -> Rows:
    """Edges that pass, with both ends on screen; the heaviest first."""
    edges = atlas.graph.edges
    found = np.flatnonzero(inside[edges.low] & inside[edges.high] & sieve.edges)
    return found[np.argsort(-sieve.weights[found], kind="stable")]


def _drawn(atlas: Atlas, found: Rows, nodes: int, by_name: Iterable[int]) -> Rows:
    """Those of them that are drawn: the heaviest; but what joins entities that were asked for by name always is."""
    most = min(MOST_EDGES, max(FEW_EDGES, EDGES_A_NODE * nodes))
    if len(found) <= most:
        return found
    named = np.zeros(len(atlas.graph), dtype=bool)
    named[[row for row in by_name if row >= 0]] = True
    edges = atlas.graph.edges
    wanted = named[edges.low[found]] & named[edges.high[found]]
    kept = wanted | (np.arange(len(found)) < most)
    if np.count_nonzero(kept) > MOST_EDGES:
        kept = wanted if np.count_nonzero(wanted) <= MOST_EDGES else np.arange(len(found)) < MOST_EDGES
    return found[kept]


def _codes(names: Iterable[str], wanted: Iterable[str]) -> Rows:
    asked = set(wanted)
    return np.array([code for code, name in enumerate(names) if name in asked], dtype=np.int64)
