"""Makes the picture of the README from a corpus: the graph around the triangle of one accepted text.

    .venv/bin/python docs/images/readme.py demo.kg [RECORD]

Prints the text that belongs to it. Of the accepted texts about three joined entities it takes the one
named by the beginning of its id, else the one whose entities have the fewest other neighbours.
"""

import sys
from pathlib import Path

import kg
from kg.picture import picture

HERE = Path(__file__).parent


def main(corpus: str, wanted: str = "") -> None:
    store = kg.open(corpus)
    graph = store.graph()
    edges = graph.edges
    about_three = []
    for record in store.read(kg.Record, "status", ["accepted"]):
        rows = [graph.entity_row(id) for id in record.subgraph.entities]
        if (
            record.id.startswith(wanted)
            and len(rows) == 3
            and all(sum(int(n) in rows for n in edges.neighbours[row]) == 2 for row in rows)
        ):
            about_three.append((int(graph.degrees[rows].sum()), record.id, record, rows))
    if not about_three:
        sys.exit(f"{corpus} has no accepted text about a triangle; write some with --sampler triangles")
    _, _, record, rows = min(about_three)
    names = [graph.names[row] for row in rows]
    picture(graph, HERE / "readme.svg", top=60, highlight=[graph.entity_id(row) for row in rows])
    print(" · ".join(names))
    print(record.text)
    print(f"from {', '.join(info.title for info in store.documents() if info.id in record.documents)}")
    store.close()


if __name__ == "__main__":
    main(*(sys.argv[1:3] or ["demo.kg"]))
