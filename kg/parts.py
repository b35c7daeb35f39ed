"""A part of a graph as a graph of its own."""

import numpy as np
from numpy.typing import NDArray

from kg.graph import Graph
from kg.ragged import Ragged


def part_of(graph: Graph, entities: NDArray[np.integer], relations: NDArray[np.integer]) -> Graph:
    """The graph of these entity rows and of those of these relation rows that join two of them.

    Ids, types, labels and documents stay what they are. O(n + m) of the whole graph.
    """
    rows = np.unique(np.asarray(entities, dtype=np.int64))
    place = np.full(len(graph), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows))
    kept = np.unique(np.asarray(relations, dtype=np.int64))
    kept = kept[(place[graph.sources[kept]] >= 0) & (place[graph.targets[kept]] >= 0)]
    names = graph.names
    return Graph(
        entity_ids=graph.entity_ids[rows],
        names=[names[row] for row in rows.tolist()],
        types=graph.types[rows],
        type_names=graph.type_names,
        mentions=graph.mentions[rows],
        relation_ids=graph.relation_ids[kept],
        sources=place[graph.sources[kept]],
        targets=place[graph.targets[kept]],
        labels=graph.labels[kept],
        label_names=graph.label_names,
        weights=graph.weights[kept],
        document_ids=graph.document_ids,
        document_titles=graph.document_titles,
        entity_documents=_rows(graph.entity_documents, rows),
        relation_documents=_rows(graph.relation_documents, kept),
        generation=graph.generation,
    )


def _rows(table: Ragged, rows: NDArray[np.int64]) -> Ragged:
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(table.lengths[rows], out=starts[1:])
    values = [table[row] for row in rows.tolist()]
    return Ragged(starts, np.concatenate([np.empty(0, dtype=np.int32), *values]))
