"""A graph as JSON, the way networkx (`node_link_graph`) and many tools of JavaScript read it."""

import json
from typing import TextIO

from kg.graph import Graph


def write_json(graph: Graph, file: TextIO) -> None:
    """One object with `nodes` (id, name, type, mentions) and directed `edges` (source, target, key, label, weight)."""
    file.write('{"directed": true, "multigraph": true, "graph": {},\n"nodes": [')
    for row, name in enumerate(graph.names):
        node = {
            "id": graph.entity_id(row),
            "name": name,
            "type": graph.type_names[graph.types[row]],
            "mentions": int(graph.mentions[row]),
        }
        file.write((",\n" if row else "\n") + json.dumps(node, ensure_ascii=False))
    file.write('],\n"edges": [')
    for row in range(graph.relation_count):
        edge = {
            "source": graph.entity_id(int(graph.sources[row])),
            "target": graph.entity_id(int(graph.targets[row])),
            "key": graph.relation_id(row),
            "label": graph.label_names[graph.labels[row]],
            "weight": float(graph.weights[row]),
        }
        file.write((",\n" if row else "\n") + json.dumps(edge, ensure_ascii=False))
    file.write("]}\n")
