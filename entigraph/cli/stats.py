"""`entigraph stats`: how large a graph is and how much of it the texts cover."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated, Any

import typer

from entigraph.cli.options import Corpus, Json
from entigraph.cli.terminal import data, out, table, talk


def stats(
    corpus: Corpus,
    documents: Annotated[
        bool,
        typer.Option("--documents", help="What the texts cover of each document too, least covered first."),
    ] = False,
    uncovered: Annotated[
        int | None,
        typer.Option(
            "--uncovered",
            metavar="N",
            help="Print a plan of up to N items for relations that no text covers, heaviest first: "
            "JSON lines for 'generate --plan'.",
            min=1,
            show_default=False,
        ),
    ] = None,
    times: Annotated[int, typer.Option(help="A thing is covered once this many texts cover it.", min=1)] = 1,
    json: Json = False,
) -> None:
    """Documents, entities, relations, triangles, components, degrees, and coverage by texts."""
    from kg.stores import shown

    if uncovered is not None:
        if documents:
            raise ValueError("--uncovered prints a plan and nothing else; leave --documents out")
        return _plan(corpus, uncovered, times)
    found = figures(corpus, times=times, documents=documents)
    if json:
        return data(found)
    cover = found["coverage"]
    rows: list[tuple[str, Any]] = [(name, found[name]) for name in FIGURES]
    heads = ("", shown(corpus))
    table([(name, f"{value:,}" if isinstance(value, int) else value) for name, value in rows], heads)
    out("")
    for unit in ("entities", "relations", "triangles"):
        out(f"texts cover {cover[unit]:.1%} of the {unit}")
    if documents and "documents_covered" in found:
        out("")
        table(
            [
                (
                    one["title"],
                    f"{one['entities_covered']:,} of {one['entities']:,}",
                    f"{one['relations_covered']:,} of {one['relations']:,}",
                    one["texts"],
                )
                for one in found["documents_covered"]
            ],
            ("document", "entities", "relations", "texts"),
        )
    if found["stale"]:
        out(
            f"{found['stale']} texts are stale: their documents changed; 'entigraph generate … --refresh' renews them"
        )


FIGURES = (
    *("documents", "chunks", "entities", "mentions", "relations", "triangles", "components"),
    *("largest_component", "mean_degree", "max_degree", "texts"),
)


def figures(place: str, *, times: int = 1, documents: bool = False) -> dict[str, Any]:
    """What `stats --json` prints, of a corpus or a bare graph file."""
    from entigraph.places import is_bare_graph, opened

    if is_bare_graph(place):
        from kg.exchange import read_graph
        from sampling import triangle_count

        graph = read_graph(place)
        seen = {"documents": 0, "chunks": 0, "mentions": 0, "texts": 0, "stale": 0}
        return seen | _shape(
            graph,
            triangle_count(graph.edges),
            {"entities": 0.0, "relations": 0.0, "triangles": 0.0, "pairs": 0.0},
        )
    with opened(place) as store:
        from kg.model import Record
        from sampling import coverage_of_records

        graph = store.graph()
        infos = store.documents()
        statuses = Counter(record.status for record in store.read(Record))
        coverage = coverage_of_records(store)
        shares = {
            unit: round(coverage.share(unit, times), 6)
            for unit in ("entities", "relations", "triangles", "pairs")
        }
        by = {}
        if documents:
            from analysis.written import by_document

            by = {"documents_covered": [asdict(one) for one in by_document(store, coverage, times=times)]}
        return (
            {
                "documents": len(infos),
                "chunks": sum(info.chunks for info in infos),
                "mentions": sum(info.mentions for info in infos),
                "texts": statuses["accepted"] + statuses["edited"],
                "rejected": statuses["rejected"],
                "stale": statuses["stale"],
                "generation": store.generation,
            }
            | _shape(graph, coverage.total("triangles"), shares)
            | by
        )


def _plan(place: str, n: int, times: int) -> None:
    """Items for uncovered relations, as `sample --json` prints a plan."""
    from itertools import islice

    from analysis.written import uncovered
    from entigraph.places import graph_at
    from sampling import Coverage, coverage_of_records, plan_lines

    with graph_at(place) as (graph, store):
        coverage = Coverage(graph) if store is None else coverage_of_records(store)
        line = None
        for line in plan_lines(graph, islice(uncovered(coverage, times=times), n), "uncovered"):
            data(line)
        if line is None:
            talk("every relation is covered" if graph.relation_count else "there are no relations to cover")


def _shape(graph: Any, triangles: int, coverage: dict[str, float]) -> dict[str, Any]:
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(graph)
    degrees = graph.degrees
    edges = graph.edges
    count, member = (
        connected_components(
            coo_array((np.ones(len(edges)), (edges.low, edges.high)), shape=(n, n)), directed=False
        )
        if n
        else (0, np.array([], dtype=int))
    )
    return {
        "entities": n,
        "relations": graph.relation_count,
        "triangles": triangles,
        "components": int(count),
        "largest_component": int(np.bincount(member).max()) if n else 0,
        "mean_degree": round(float(degrees.mean()), 3) if n else 0.0,
        "max_degree": int(degrees.max()) if n else 0,
        "coverage": coverage,
    }
