"""One file in parts: what each part is called, and where it begins."""

import re
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

PROVENANCE = ".provenance.jsonl"


def parted(
    tokens: Sequence[int], *, shards: int | None = None, shard_tokens: int | None = None
) -> list[range]:
    """Which lines go into which shard, in order: `shards` of about equal tokens, or of at most `shard_tokens`.

    A single text above that has a shard of its own. Raises ValueError for more shards than lines.

    >>> parted([5, 5, 5, 5], shards=2), parted([5, 5, 9, 5], shard_tokens=10)
    ([range(0, 2), range(2, 4)], [range(0, 2), range(2, 3), range(3, 4)])
    """
    if shards is not None:
        return _equal(tokens, shards)
    if shard_tokens is None:
        return [range(len(tokens))]
    starts, held = [0], 0
    for at, size in enumerate(tokens):
        if held and held + size > shard_tokens:
            starts.append(at)
            held = 0
        held += size
    return [range(*ends) for ends in zip(starts, [*starts[1:], len(tokens)], strict=True)]


def _equal(tokens: Sequence[int], shards: int) -> list[range]:
    if shards > len(tokens):
        raise ValueError(f"there are {len(tokens):,} texts, too few for {shards:,} shards; ask for fewer")
    before = [0, *accumulate(tokens)]
    ends, end = [0], 0
    for shard in range(1, shards):
        goal, last = before[-1] * shard / shards, len(tokens) - (shards - shard)
        end += 1
        while end < last and (before[end] + before[end + 1]) / 2 <= goal:
            end += 1
        ends.append(end)
    return [range(*pair) for pair in zip(ends, [*ends[1:], len(tokens)], strict=True)]


def names(path: Path, count: int | None) -> list[str]:
    """What the parts of a file are called; its own name where it is not parted.

    >>> names(Path("out/texts.jsonl"), 2)
    ['texts-00000-of-00002.jsonl', 'texts-00001-of-00002.jsonl']
    """
    if count is None:
        return [path.name]
    return [f"{path.stem}-{n:05d}-of-{count:05d}{path.suffix}" for n in range(count)]


def is_part(name: str, path: Path) -> bool:
    """Whether a file of this name is what an export to `path` writes: the file, a part, provenance of either."""
    stem, suffix = re.escape(path.stem), re.escape(path.suffix)
    pattern = rf"({stem}(-\d{{5}}-of-\d{{5}})?{suffix})({re.escape(PROVENANCE)})?"
    return re.fullmatch(pattern, name) is not None
