"""One page about a corpus: its graph, what its texts cover, what they cost, what the checks let through.

Plain HTML without scripts; pictures stand in it, nothing is fetched. Curves need matplotlib; without it the
page says so and has the tables.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from importlib.util import find_spec

import numpy as np

from analysis.expectation import expected
from analysis.plot import Line, Picture, svg
from analysis.written import Written, by_document, realised
from entigraph.planning import calls_of
from kg.drawing import draw
from kg.excerpt import excerpt
from kg.graph import Graph
from kg.model import Record
from kg.picture import svg as graph_svg
from kg.store import Store
from sampling import SAMPLERS, UNITS, sampler
from sampling.accounting import COUNTED

ENTITIES_SHOWN = 40
DOCUMENTS_SHOWN = 200
TIMES = (1, 2, 3)
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; }
table { border-collapse: collapse; } th, td { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid #bbb; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } p.note { color: #666; }
"""


def report(store: Store, *, title: str) -> str:
    """The page as HTML. `title` is what the corpus is called; every word of the corpus is escaped."""
    graph, records = store.graph(), sorted(store.read(Record), key=lambda record: record.id)
    seen = realised(store, calls=calls_of(store))
    parts = [
        f"<h1>{escape(title)}</h1>",
        *_graph(store, graph),
        *_coverage(graph, seen, records),
        *_documents(store, seen),
        *_costs(records),
        *_checks(records),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    ).replace("\ufffe", "\ufffd")


def _graph(store: Store, graph: Graph) -> list[str]:
    parts = [
        "<h2>The graph</h2>",
        _table(
            ("", "documents", "entities", "relations", "types of entity"),
            [("in all", len(store.documents()), len(graph), graph.relation_count, len(graph.type_names))],
        ),
    ]
    if len(graph):
        part = excerpt(graph, top=min(ENTITIES_SHOWN, len(graph)))
        parts += [
            graph_svg(draw(graph, part, mark=[], aspect=1.6), width=900),
            _note(f"The {len(part.entities)} entities with most neighbours."),
        ]
    return parts


def _coverage(graph: Graph, seen: Written, records: Sequence[Record]) -> list[str]:
    counted = seen.coverage
    rows = []
    for unit in UNITS:
        total = counted.total(unit)
        rows.append((unit, total, *(f"{counted.share(unit, times):.1%}" for times in TIMES)))
    parts = [
        "<h2>Coverage</h2>",
        _table(("", "in all", "covered once", *(f"{times} times" for times in TIMES[1:])), rows),
        _note(
            "A text covers an entity that it was asked about and names, a relation, triangle or pair if it covers all "
            "its ends. Accepted and edited texts count."
        ),
    ]
    if not records:
        return [*parts, _note("There are no texts yet.")]
    if find_spec("matplotlib") is None:
        return [*parts, _note("Curves need matplotlib: pip install 'entigraph[plot]'")]
    return [*parts, svg(_curves(graph, seen, records))]


def _curves(graph: Graph, seen: Written, records: Sequence[Record]) -> Picture:
    """Written coverage of relations over texts that count, and what their samplers were expected to cover."""
    x = np.linspace(0, max(1, seen.texts[-1]), 60).round()
    lines = [Line("written", seen.texts, seen.share("relations"))]
    used = Counter(record.sampler for record in records if record.status in COUNTED)
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
        "<h2>By document</h2>",
        _table(("document", "entities covered", "relations covered", "texts"), rows),
        _note(f"The least covered first{f'; {left:,} more are left out' if left else ''}."),
    ]


def _costs(records: Sequence[Record]) -> list[str]:
    if not records:
        return []
    groups: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        groups[(record.strategy, record.language, record.model)].append(record)
    rows = []
    for key in sorted(groups):
        some = groups[key]
        good = sum(record.status in COUNTED for record in some)
        costs = [record.cost_usd for record in some]
        known = [cost for cost in costs if cost is not None]
        dollars = f"{sum(known):.4f}" if len(known) == len(costs) else "unknown"
        tokens = sum(record.tokens_in + record.tokens_out for record in some)
        rows.append(
            (*key, len(some), f"{good / len(some):.0%}", tokens, f"{tokens / len(some):,.0f}", dollars)
        )
    heads = ("strategy", "language", "model", "answers", "counted", "tokens", "tokens each", "dollars")
    return ["<h2>Cost and yield</h2>", _table(heads, rows)]


def _checks(records: Sequence[Record]) -> list[str]:
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        for check in record.checks:
            outcomes[check.name][check.outcome] += 1
    if not outcomes:
        return []
    rows = [
        (name, *(found[outcome] for outcome in ("passed", "failed", "unchecked")))
        for name, found in sorted(outcomes.items())
    ]
    return ["<h2>Checks</h2>", _table(("check", "passed", "failed", "unchecked"), rows)]


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{body}</table>"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f'<td class="n">{value:,}</td>'
    return f"<td>{escape(str(value))}</td>"


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'
