"""The formats by name: what is trained on in each, how a file of it is written, what it has room for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from synthesis.exports import jsonl, tables
from synthesis.exports.lines import Line


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `trained` are the words that a model learns from, by which tokens are counted.

    `folder` is one that is a folder with shards in it and a card; `plain` one that has room for a text that
    is neither titled nor an answer, as those of a replay file are.
    """

    write: Callable[[Iterable[Line], Path], None]
    trained: Callable[[Line], tuple[str, ...]]
    plain: bool = False
    folder: bool = False


def _prose(line: Line) -> tuple[str, ...]:
    return (jsonl.prose(line),)


def _turns(line: Line) -> tuple[str, ...]:
    return tuple(turn.text for turn in jsonl.turns(line))


def _exchange(line: Line) -> tuple[str, ...]:
    return tuple(turn.text for turn in jsonl.exchange(line))


FORMATS: dict[str, Format] = {
    "cpt": Format(jsonl.written(jsonl.cpt), _prose, plain=True),
    "chat": Format(jsonl.written(jsonl.chat), _turns),
    "alpaca": Format(jsonl.written(jsonl.alpaca), _exchange),
    "sharegpt": Format(jsonl.written(jsonl.sharegpt), _turns),
    "parquet": Format(tables.table, _prose, plain=True),
    "hf": Format(tables.shard, _prose, plain=True, folder=True),
}
