"""Accepted texts as training files, each with its provenance beside it.

Formats: `cpt` (JSON lines with one field `text`, the title first), `chat` (JSON lines with
`messages`), `parquet` (one row a text). `PATH.provenance.jsonl` holds a line for every line of the
file, in the same order.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.model import Document, Record
from kg.store import Store
from kg.suggest import unknown
from lm.tokens import estimate
from synthesis.base import SynthesisError
from synthesis.context import heading

EXPORTED = ("accepted", "edited")


@dataclass(frozen=True, slots=True)
class Line:
    """One training text and where it comes from."""

    id: str
    title: str
    text: str
    language: str
    provenance: dict[str, Any]


@dataclass(slots=True)
class ExportReport:
    """Files written, texts and tokens in them, texts left out by reason."""

    files: list[str] = field(default_factory=list)
    texts: int = 0
    tokens: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def nothing(self) -> str:
        """Why there was nothing to write; empty where there was something."""
        if self.texts or self.files:
            return ""
        reasons = ", ".join(f"{n} {why}" for why, n in sorted(self.left_out.items()))
        return f"nothing to export ({reasons or 'no texts yet'}); write texts with 'entigraph generate'"

    def to_json(self) -> dict[str, Any]:
        """The keys that `entigraph export --json` promises."""
        return {
            "files": self.files,
            "texts": self.texts,
            "tokens": self.tokens,
            "left_out": dict(sorted(self.left_out.items())),
        }


def export(
    store: Store,
    path: Path,
    *,
    format: str = "cpt",
    source: bool = False,
    count: Callable[[str], int] = estimate,
) -> ExportReport:
    """Write the accepted texts of a corpus (with `source`, its documents: the Raw baseline) to `path`.

    A file appears whole or not at all; where there is nothing to write, no file is touched and the
    report names none. Raises ValueError for an unknown format, SynthesisError where the file cannot be
    written.
    """
    if format not in FORMATS:
        raise ValueError(unknown("format", format, FORMATS))
    report = ExportReport()
    lines = _documents(store) if source else _texts(store, report)
    beside = path.with_name(path.name + ".provenance.jsonl")
    parts = {target: target.with_name(target.name + ".part") for target in (path, beside)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with parts[beside].open("w", encoding="utf-8") as provenance:
            counted = _counted(lines, report, count, provenance.write)
            FORMATS[format](counted, parts[path])
        if not report.texts:
            return report
        for target, part in parts.items():
            os.replace(part, target)
    except OSError as error:
        raise SynthesisError(
            f"cannot write {path}: {error.strerror or error}; choose another place with -o"
        ) from None
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
    report.files = [str(path), str(beside)]
    return report


def _texts(store: Store, report: ExportReport) -> Iterator[Line]:
    for record in store.read(Record):
        if record.status not in EXPORTED:
            why = record.reasons[0] if record.status == "rejected" and record.reasons else record.status
            report.left_out[why] += 1
            continue
        yield Line(record.id, record.title, record.text, record.language, provenance_of(record))


def _documents(store: Store) -> Iterator[Line]:
    for info in store.documents():
        document = next(store.read(Document, "id", [info.id]))
        title = heading(document)
        yield Line(document.id, title, document.text, document.language, {"source": document.source})


def provenance_of(record: Record) -> dict[str, Any]:
    """Everything about a record but its words: subgraph, sources, strategy, model, call, checks."""
    return {
        "id": record.id,
        "subgraph": record.subgraph.key,
        "entities": [{"id": a.entity, "name": a.name, "named": a.named} for a in record.asked],
        "relations": [list(relation) for relation in record.relations],
        "documents": list(record.documents),
        "chunks": list(record.chunks),
        "left_out": list(record.left_out),
        "strategy": record.strategy,
        "version": record.version,
        "sampler": record.sampler,
        "wording": record.wording,
        "language": record.language,
        "model": record.model,
        "author": record.author,
        "call": record.call,
        "run": record.run,
        "seed": record.seed,
        "checks": {check.name: check.outcome for check in record.checks},
        "tokens_in": record.tokens_in,
        "tokens_out": record.tokens_out,
        "cost_usd": record.cost_usd,
    }


def _counted(
    lines: Iterable[Line], report: ExportReport, count: Callable[[str], int], write: Callable[[str], object]
) -> Iterator[Line]:
    for line in lines:
        report.texts += 1
        report.tokens += count(line.text)
        write(json.dumps({"line": report.texts, **line.provenance}, ensure_ascii=False) + "\n")
        yield line


def _cpt(lines: Iterable[Line], path: Path) -> None:
    _json_lines(({"text": f"{line.title}\n\n{line.text}"} for line in lines), path)


def _chat(lines: Iterable[Line], path: Path) -> None:
    ask = {"zh": "请讲讲：{}", "en": "Tell me about this: {}"}
    _json_lines(
        (
            {
                "messages": [
                    {"role": "user", "content": ask.get(line.language, ask["en"]).format(line.title)},
                    {"role": "assistant", "content": line.text},
                ]
            }
            for line in lines
        ),
        path,
    )


def _json_lines(rows: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _parquet(lines: Iterable[Line], path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    names = ("id", "title", "text", "language", "provenance")
    schema = pyarrow.schema([(name, pyarrow.large_string()) for name in names])
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        batch: list[dict[str, str]] = []
        for line in lines:
            provenance = json.dumps(line.provenance, ensure_ascii=False)
            values = (line.id, line.title, line.text, line.language, provenance)
            batch.append(dict(zip(names, values, strict=True)))
            if len(batch) == 1000:
                writer.write_table(pyarrow.Table.from_pylist(batch, schema))
                batch = []
        writer.write_table(pyarrow.Table.from_pylist(batch, schema))


FORMATS: dict[str, Callable[[Iterable[Line], Path], None]] = {
    "cpt": _cpt,
    "chat": _chat,
    "parquet": _parquet,
}
