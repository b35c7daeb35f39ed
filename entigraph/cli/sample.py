"""`entigraph sample`: which parts of the graph would be written about, and what that covers."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from entigraph.cli.options import Json, Samplers, Seed, names
from entigraph.cli.terminal import data, out, talk

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.model import Subgraph


def sample(
    corpus: Annotated[
        str, typer.Argument(metavar="CORPUS", help="A corpus, an edge list (.csv, .tsv) or .graphml.")
    ],
    sampler: Samplers = None,
    n: Annotated[
        int | None, typer.Option("-n", help="How many; without it, all.", min=1, show_default=False)
    ] = None,
    seed: Seed = 0,
    report: Annotated[bool, typer.Option("--report", help="Say what the plan covers, on stderr.")] = False,
    json: Json = False,
) -> None:
    """Print a plan, one subgraph a line; the first n of a longer plan are the shorter plan."""
    from itertools import islice

    import numpy as np

    from entigraph.places import graph_at
    from sampling import Coverage, interleave
    from sampling import sampler as make

    chosen = [make(name) for name in names(sampler) or ("edges",)]
    with graph_at(corpus) as (graph, _):
        coverage = Coverage(graph)
        plans = [
            one.sample(graph, np.random.default_rng([seed, number])) for number, one in enumerate(chosen)
        ]
        label = "+".join(one.name for one in chosen)
        item = None
        for item in islice(interleave(*plans), n):
            if report:
                coverage.add(item)
            if json:
                data(row(graph, item, label))
            else:
                out(words(graph, item))
        if item is None:
            talk("; ".join(one.when_empty for one in chosen))
        if report:
            for unit in ("entities", "relations", "triangles", "pairs"):
                covered, total = coverage.covered(unit), coverage.total(unit)
                talk(f"{coverage.texts} texts would cover {covered:,} of {total:,} {unit}")


def row(graph: "Graph", item: "Subgraph", label: str) -> dict[str, Any]:
    """One line of a plan: names for people, ids for `generate --plan`."""
    titles = dict(zip(graph.document_ids, graph.document_titles, strict=True))
    return {
        "key": item.key,
        "sampler": label,
        "entities": [graph.names[graph.entity_row(id)] for id in item.entities],
        "relations": [triple(graph, graph.relation_row(id)) for id in item.relations],
        "documents": [titles[id] for id in item.documents],
        "ids": {
            "entities": list(item.entities),
            "relations": list(item.relations),
            "documents": list(item.documents),
            "slots": [list(slot) for slot in item.slots],
        },
    }


def triple(graph: "Graph", relation: int) -> list[str]:
    """Source, label and target of a relation row, by name."""
    return [
        graph.names[graph.sources[relation]],
        graph.label_names[graph.labels[relation]],
        graph.names[graph.targets[relation]],
    ]


def words(graph: "Graph", item: "Subgraph") -> str:
    """One subgraph as a line for people."""
    heads = " · ".join(graph.names[graph.entity_row(id)] for id in item.entities)
    joined = "; ".join("—".join(triple(graph, graph.relation_row(id))) for id in item.relations[:3])
    return f"{heads}    [{joined}]" if joined else heads
