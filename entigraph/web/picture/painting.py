"""A picture as the page is told it: nodes and edges with names, sizes, communities and coverage."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from entigraph.web.picture.atlas import Atlas
from entigraph.web.picture.covered import Covered
from entigraph.web.picture.shown import Shown
from lm import fastjson
from sampling.items import spread

MOST_LABELS = 20
"""So many labels of an edge are told, the heaviest first."""


def painted(atlas: Atlas, shown: Shown, covered: Covered, generation: int) -> bytes:
    """The picture as JSON, of the shape `Picture`; `generation` is that of the oldest thing in it.

    Written at once from plain values: checked one by one, thousands of nodes would take a tenth of a second.
    """
    picture = {
        "generation": generation,
        "nodes": _nodes(atlas, shown, covered),
        "edges": _edges(atlas, shown, covered),
        "left_out": shown.left_out,
        "edges_left_out": shown.edges_left_out,
        "texts": covered.texts,
    }
    return fastjson.dumps(picture)


def _nodes(atlas: Atlas, shown: Shown, covered: Covered) -> list[dict[str, object]]:
    graph, rows = atlas.graph, shown.rows
    at = covered.entities_at
    columns = {
        "id": hex_ids(graph.entity_ids[rows].tobytes()),
        "name": [graph.names[row] for row in rows.tolist()],
        "type": [graph.type_names[kind] for kind in graph.types[rows].tolist()],
        "degree": graph.degrees[rows].tolist(),
        "mentions": graph.mentions[rows].tolist(),
        "community": atlas.communities()[rows].tolist(),
        "shown": shown.beside.tolist(),
        "covered": covered.entities[rows].tolist(),
        "covered_at": [at.get(row, ()) for row in rows.tolist()],
    }
    return _rows(columns)


def _edges(atlas: Atlas, shown: Shown, covered: Covered) -> list[dict[str, object]]:
    graph, chosen = atlas.graph, shown.edges
    edges, at = graph.edges, covered.edges_at
    labels, counts = labels_of(atlas, shown)
    columns = {
        "source": hex_ids(graph.entity_ids[edges.low[chosen]].tobytes()),
        "target": hex_ids(graph.entity_ids[edges.high[chosen]].tobytes()),
        "weight": shown.sieve.weights[chosen].tolist(),
        "labels": [names[:MOST_LABELS] for names in labels],
        "relations": counts,
        "covered": covered.edges[chosen].tolist(),
        "covered_at": [at.get(edge, ()) for edge in chosen.tolist()],
    }
    return _rows(columns)


def _rows(columns: Mapping[str, Sequence[object]]) -> list[dict[str, object]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def labels_of(atlas: Atlas, shown: Shown) -> tuple[list[list[str]], list[int]]:
    """Of each edge the labels of its relations that pass, heaviest first and once each, and how many relations."""
    graph = atlas.graph
    of, slots = spread(graph.edges.relations, shown.edges)
    relations = graph.edges.relations.values[slots]
    passing = shown.sieve.relations[relations]
    of, relations = of[passing], relations[passing]
    order = np.lexsort((relations, -graph.weights[relations], of))
    labels = graph.labels[relations[order]]
    _, first = np.unique(of[order] * np.int64(len(graph.label_names)) + labels, return_index=True)
    first.sort()
    names = [graph.label_names[label] for label in labels[first].tolist()]
    ends = np.searchsorted(of[order][first], np.arange(len(shown.edges) + 1)).tolist()
    return [names[a:b] for a, b in pairwise(ends)], np.bincount(of, minlength=len(shown.edges)).tolist()


def hex_ids(ids: bytes) -> list[str]:
    """Ids of 16 bytes each, in hex."""
    digits = ids.hex()
    return [digits[start : start + 32] for start in range(0, len(digits), 32)]
