"""Formats of Parquet: a table of texts, and a shard of a data set for a hub."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from synthesis.exports.jsonl import prose
from synthesis.exports.lines import Line

GROUP = 1000

COLUMNS = {
    "id": "id of the text in its corpus, empty where it was replayed",
    "title": "what the text is about, and its source",
    "text": "what to train on: the title, an empty line, the words",
    "language": "ISO 639-1 code",
    "kind": "text, qa, dialogue, document or replay",
    "provenance": "JSON: subgraph, sources, strategy, model, checks",
}


def words(line: Line) -> str:
    """The text without its title, which has a column of its own."""
    return line.text


def written(text: Callable[[Line], str]) -> Callable[[Iterable[Line], Path], None]:
    """What writes a Parquet file of texts, `text` being what stands in that column. Raises OSError."""

    def write(lines: Iterable[Line], path: Path) -> None:
        import pyarrow
        import pyarrow.parquet

        schema = pyarrow.schema([(name, pyarrow.large_string()) for name in COLUMNS])
        with pyarrow.parquet.ParquetWriter(path, schema) as writer:
            for group in _groups(lines):
                columns = zip(*(_values(line, text(line)) for line in group), strict=True)
                arrays = [pyarrow.array(column, pyarrow.large_string()) for column in columns]
                writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))

    return write


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    source = iter(lines)
    while group := list(islice(source, GROUP)):
        yield group


def _values(line: Line, text: str) -> tuple[str, ...]:
    provenance = json.dumps(line.provenance, ensure_ascii=False)
    return (line.id, line.title, text, line.language, line.kind, provenance)


table = written(words)
shard = written(prose)
