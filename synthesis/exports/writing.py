"""The files of an export written to their draft, each line with its provenance, counted on the way."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TextIO

from synthesis.base import SynthesisError
from synthesis.exports.composition import Composition
from synthesis.exports.lines import Line, Origin
from synthesis.exports.manifest import Written
from synthesis.exports.options import SHARD_TOKENS, ExportOptions
from synthesis.exports.place import DATA, Place
from synthesis.exports.pool import Pool
from synthesis.exports.replay import Replay
from synthesis.exports.shards import PROVENANCE, names, parted
from synthesis.exports.tally import Tally


def lines_of(made: Composition, pool: Pool, origin: Origin, replay: Replay | None) -> Iterator[Line]:
    """The lines of the file to come, fetched again in their order, a few at a time.

    Raises SynthesisError where a text is not the one any more that was looked at.
    """
    numbers = iter(made.numbers)
    while batch := list(islice(numbers, origin.batch)):
        ids = {number: pool.id(number) for number in batch if number >= 0}
        found = {line.id: line for line in origin.some(list(ids.values()))} if ids else {}
        for number in batch:
            if number < 0:
                assert replay is not None
                yield replay.line(~number)
                continue
            line = found.get(ids[number])
            if line is None or not pool.holds(number, line):
                raise SynthesisError(f"the text {ids[number][:12]} was changed meanwhile; export again")
            yield line


def write_files(
    place: Place,
    options: ExportOptions,
    made: Composition,
    lines: Iterator[Line],
    tally: Tally,
    on_text: Callable[[int], None] | None = None,
) -> list[Written]:
    """Write all texts and their provenance; the files, those with texts first, in the order of the lines."""
    texts: list[Written] = []
    told: Counter[str] = Counter()
    for name, beside, length in _layout(place, options, made):
        before = tally.tokens
        with place.new(beside).open("a", encoding="utf-8", newline="\n") as provenance:
            part = _told(islice(lines, length), provenance, told[beside], made, tally, on_text)
            options.writer.write(part, place.new(name))
        told[beside] += length
        texts.append(Written.of(place.draft, name, "texts", length, tally.tokens - before))
    return texts + [Written.of(place.draft, name, "provenance", length) for name, length in told.items()]


def _layout(place: Place, options: ExportOptions, made: Composition) -> Iterator[tuple[str, str, int]]:
    """Every file, the file of its provenance, and how many lines it has. The shards of a folder share one."""
    shard_tokens, name = options.shard_tokens, place.path.name
    if options.writer.folder:
        if options.shards is None and shard_tokens is None:
            shard_tokens = SHARD_TOKENS
        parts = parted(made.tokens, shards=options.shards, shard_tokens=shard_tokens)
        for file, part in zip(names(place.path / "train.parquet", len(parts)), parts, strict=True):
            yield f"{name}/{DATA}/{file}", name + PROVENANCE, len(part)
        return
    parts = parted(made.tokens, shards=options.shards, shard_tokens=shard_tokens)
    whole = options.shards is None and shard_tokens is None
    for file, part in zip(names(place.path, None if whole else len(parts)), parts, strict=True):
        yield file, file + PROVENANCE, len(part)


def _told(
    lines: Iterator[Line],
    provenance: TextIO,
    told: int,
    made: Composition,
    tally: Tally,
    on_text: Callable[[int], None] | None,
) -> Iterator[Line]:
    """The lines as they are; on the way their provenance is written, numbered from `told` + 1, and they are counted."""
    for number, line in enumerate(lines, told + 1):
        tally.add(line, made.tokens[tally.texts])
        provenance.write(json.dumps({"line": number, **line.provenance}, ensure_ascii=False) + "\n")
        if on_text:
            on_text(tally.texts)
        yield line
