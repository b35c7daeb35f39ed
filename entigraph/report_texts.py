"""The part of the report that is about texts: what they cost and yield, what was rejected and why, how different
they are, and some of each strategy beside what they rest on.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from analysis.diversity import diversity, wordings_apart
from entigraph.pages import beside, heading, note, table
from kg.model import Record
from kg.store import Store
from synthesis.library import Library

Key = TypeVar("Key", str, tuple[str, ...])

SHOWN = 2
EXAMPLES = 1
REASONS = 12
SOURCE_CHARACTERS = 1500
TEXT_CHARACTERS = 3000


def about_texts(store: Store, records: Sequence[Record]) -> list[str]:
    """Every part, in the order of the page; nothing where there are no texts."""
    texts = [record for record in records if record.status != "judgement"]
    if not texts:
        return []
    library = Library(store)
    return [
        *_costs(texts),
        *_checks(texts),
        *_rejections(library, texts),
        *_diversity(texts),
        *_judgements(records),
        *_samples(library, texts),
    ]


def _costs(texts: Sequence[Record]) -> list[str]:
    parts = [heading("Cost and yield")]
    for name, key in (("strategy", _how), ("sampler", _by_sampler)):
        rows = []
        for group, some in sorted(_grouped(texts, key).items()):
            good = sum(record.counts for record in some)
            costs = [record.cost_usd for record in some]
            known = [cost for cost in costs if cost is not None]
            dollars = f"{sum(known):.4f}" if len(known) == len(costs) else "unknown"
            tokens = sum(record.tokens_in + record.tokens_out for record in some)
            each = f"{tokens / good:,.0f}" if good else "-"
            rows.append((*group, len(some), f"{good / len(some):.0%}", tokens, each, dollars))
        heads = ("strategy", "language", "model") if name == "strategy" else ("sampler",)
        parts.append(
            table((*heads, "answers", "counted", "tokens", "tokens a text that counts", "dollars"), rows)
        )
    return parts


def _checks(texts: Sequence[Record]) -> list[str]:
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for record in texts:
        for check in record.checks:
            outcomes[check.name][check.outcome] += 1
    if not outcomes:
        return []
    rows = [
        (name, *(found[outcome] for outcome in ("passed", "failed", "unchecked")))
        for name, found in sorted(outcomes.items())
    ]
    return [heading("Checks"), table(("check", "passed", "failed", "unchecked"), rows)]


def _rejections(library: Library, texts: Sequence[Record]) -> list[str]:
    by_reason: dict[str, list[Record]] = defaultdict(list)
    for record in texts:
        if record.status == "rejected" and record.reasons:
            by_reason[record.reasons[0]].append(record)
    if not by_reason:
        return []
    commonest = sorted(by_reason, key=lambda reason: (-len(by_reason[reason]), reason))
    parts = [
        heading("Rejected"),
        table(("first reason", "texts"), [(reason, len(by_reason[reason])) for reason in commonest]),
    ]
    for reason in commonest[:REASONS]:
        parts.append(heading(reason, 3))
        parts += [_beside(library, record) for record in by_reason[reason][:EXAMPLES]]
    return parts


def _diversity(texts: Sequence[Record]) -> list[str]:
    good = [record for record in texts if record.counts]
    rows = []
    for group, some in [("all", good), *sorted(_grouped(good, lambda one: one.strategy).items())]:
        if not some:
            continue
        found = diversity([record.text for record in some], rng=np.random.default_rng(0))
        about = _grouped(some, lambda record: record.subgraph.key)
        apart = wordings_apart([record.text for record in of_one] for of_one in about.values())
        mean, low, high = found.lengths
        rows.append(
            (
                group,
                found.texts,
                f"{mean:.0f} ({low:.0f} to {high:.0f})",
                found.distinct_1,
                found.distinct_4,
                found.compression,
                f"{found.vendi:.1f} of {found.sampled}",
                "-" if math.isnan(apart) else f"{apart:.2f}",
            )
        )
    if not rows:
        return []
    heads = (
        "strategy",
        "texts",
        "words a text",
        "distinct-1",
        "distinct-4",
        "compression",
        "Vendi",
        "wordings apart",
    )
    return [
        heading("Diversity"),
        table(heads, rows),
        note(
            "Distinct-n: different runs of n words over all. Compression: bytes over compressed bytes, more is more "
            "repetition. Vendi: effective number of different texts of those looked at. Wordings apart: how little "
            "texts about the same subgraph agree in runs of three words, 0 to 1. Compare rows of about as many texts."
        ),
    ]


def _judgements(records: Sequence[Record]) -> list[str]:
    found = Counter((record.strategy, record.model) for record in records if record.status == "judgement")
    if not found:
        return []
    rows = [(rubric.removeprefix("judge:"), model, count) for (rubric, model), count in sorted(found.items())]
    return [
        heading("Judgements"),
        table(("rubric", "judge", "judgements"), rows),
        note("'entigraph judge' with the same rubric and model prints their table without a call."),
    ]


def _samples(library: Library, texts: Sequence[Record]) -> list[str]:
    parts = [heading("Texts beside their sources")]
    for strategy, some in sorted(_grouped(texts, lambda record: record.strategy).items()):
        good = [record for record in some if record.counts]
        if good:
            parts += [heading(strategy, 3), *(_beside(library, record) for record in _spread(good))]
    return parts if len(parts) > 1 else []


def _spread(records: Sequence[Record]) -> list[Record]:
    """A few of them, from the whole length of the list."""
    step = max(1, len(records) // SHOWN)
    return list(records[::step][:SHOWN])


def _beside(library: Library, record: Record) -> str:
    why = "; ".join(f"{check.name}: {check.reason}" for check in record.checks if check.outcome == "failed")
    text = record.text if len(record.text) <= TEXT_CHARACTERS else record.text[:TEXT_CHARACTERS] + " […]"
    return beside(record.title, text, _source(library, record), why)


def _source(library: Library, record: Record) -> str:
    """The chunks that a text rests on, as far as they fit."""
    chunks = sorted(
        library.chunks(set(record.chunks)).values(), key=lambda chunk: (chunk.document, chunk.start)
    )
    room, parts, last = SOURCE_CHARACTERS, list[str](), ""
    for chunk in chunks:
        words = library.words(chunk.document, chunk.start, chunk.end).strip()
        if chunk.document != last:
            parts.append(library.document(chunk.document).title.upper())
            last = chunk.document
        parts.append(words if len(words) <= room else words[:room] + " […]")
        room -= len(words)
        if room <= 0:
            break
    return "\n".join(parts) or "This text rests on no passage."


def _how(record: Record) -> tuple[str, ...]:
    return (record.strategy, record.language, record.model)


def _by_sampler(record: Record) -> tuple[str, ...]:
    return (record.sampler or "named in the plan",)


def _grouped(records: Iterable[Record], key: Callable[[Record], Key]) -> dict[Key, list[Record]]:
    groups: dict[Key, list[Record]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return groups
