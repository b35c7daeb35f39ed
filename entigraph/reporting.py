"""One page about a corpus: its graph, what its texts cover, and the texts themselves.

Plain HTML without scripts; pictures stand in it, nothing is fetched. Curves need matplotlib; without it the
page says so and has the tables.
"""

from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from analysis.expectation import expected
from analysis.plot import Line, Picture, svg
from analysis.written import Written, by_document, realised
from entigraph.pages import heading, note, page, table
from entigraph.planning import calls_of
from entigraph.report_texts import about_texts
from kg.drawing import draw
from kg.excerpt import excerpt
from kg.graph import Graph
from kg.model import Record
from kg.picture import svg as graph_svg
from kg.store import Store
from kg.stores import called
from sampling import SAMPLERS, UNITS, sampler

ENTITIES_SHOWN = 40
DOCUMENTS_SHOWN = 200
TIMES = (1, 2, 3)


def report(store: Store, *, title: str | None = None) -> str:
    """The page as HTML. `title` is the name of the corpus if not given; every word of the corpus is escaped."""
    graph, records = store.graph(), sorted(store.read(Record), key=lambda record: record.id)
    seen = realised(store, calls=calls_of(store))
    parts = [
        *_graph(store, graph),
        *_coverage(graph, seen, records),
        *_documents(store, seen),
        *about_texts(store, records),
    ]
    return page(title or called(store.location), parts)


def _graph(store: Store, graph: Graph) -> list[str]:
    parts = [
        heading("The graph"),
        table(
            ("", "documents", "entities", "relations", "types of entity"),
            [("in all", len(store.documents()), len(graph), graph.relation_count, len(graph.type_names))],
        ),
    ]
    if len(graph):
        part = excerpt(graph, top=min(ENTITIES_SHOWN, len(graph)))
        parts += [
            graph_svg(draw(graph, part, mark=[], aspect=1.6), width=900),
            note(f"The {len(part.entities)} entities with most neighbours."),
        ]
    return parts


def _coverage(graph: Graph, seen: Written, records: Sequence[Record]) -> list[str]:
    counted = seen.coverage
    rows = []
    for unit in UNITS:
        total = counted.total(unit)
        rows.append((unit, total, *(f"{counted.share(unit, times):.1%}" for times in TIMES)))
    parts = [
        heading("Coverage"),
        table(("", "in all", "covered once", *(f"{times} times" for times in TIMES[1:])), rows),
        note(
            "A text covers an entity that it was asked about and names, a relation, triangle or pair if it covers all "
            "its ends. Accepted and edited texts count."
        ),
    ]
    if not records:
        return [*parts, note("There are no texts yet.")]
    if find_spec("matplotlib") is None:
        return [*parts, note("Curves need matplotlib: pip install 'entigraph[plot]'")]
    return [*parts, svg(_curves(graph, seen, records))]


def _curves(graph: Graph, seen: Written, records: Sequence[Record]) -> Picture:
    """Written coverage of relations over texts that count, and what their samplers were expected to cover."""
    x = np.linspace(0, max(1, seen.texts[-1]), 60).round()
    lines = [Line("written", seen.texts, seen.share("relations"))]
    used = Counter(record.sampler for record in records if record.counts)
    for name in [name for name, _ in used.most_common() if name.partition(":")[0] in SAMPLERS][:2] or [
        "edges"
    ]:
        outlook = expected(graph, sampler(name), rng=np.random.default_rng(0))
        low, high = outlook.band(x)
        lines.append(
            Line(f"{name}, expected", x.tolist(), outlook.share(x).tolist(), low.tolist(), high.tolist())
        )
    return Picture("Relations covered", "texts that count", "share of the relations", lines, percent=True)


def _documents(store: Store, seen: Written) -> list[str]:
    found = by_document(store, seen.coverage)
    if not found:
        return []
    rows = [
        (
            one.title,
            f"{one.entities_covered:,} of {one.entities:,}",
            f"{one.relations_covered:,} of {one.relations:,}",
            one.texts,
        )
        for one in found[:DOCUMENTS_SHOWN]
    ]
    left = len(found) - len(rows)
    return [
        heading("By document"),
        table(("document", "entities covered", "relations covered", "texts"), rows),
        note(f"The least covered first{f'; {left:,} more are left out' if left else ''}."),
    ]
