"""The card of a data set folder: README.md with the header that hubs read, and what a reader should know."""

import json
import re
from collections.abc import Sequence
from typing import Any

from synthesis.exports.jsonl import prose
from synthesis.exports.lines import Line
from synthesis.exports.manifest import Written
from synthesis.exports.tables import COLUMNS

SIZES = (
    *((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")),
    *((10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B")),
)
SHOWN = 1200
LANGUAGE = re.compile(r"[a-z]{2,3}")
# What a YAML reader takes for a line end or refuses inside quotes, though JSON lets it stand.
UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
WAY = (
    "documents become a graph of entities and relations, a sampler chooses parts of it, a language model writes a "
    "text about each, and checks decide whether it stays (after Yang et al., "
    "[Synthetic continued pretraining](https://arxiv.org/abs/2409.07431))"
)


def card_text(name: str, said: dict[str, Any], files: Sequence[Written], example: Line | None) -> str:
    """The card. `said` is what the manifest says; `example` is shown as it stands in the column text."""
    parts = [
        _header(name, said),
        f"# {_plain(name)}",
        _what(said),
        _made(said),
        "## Columns\n\n" + _table(["column", "holds"], [[f"`{key}`", what] for key, what in COLUMNS.items()]),
    ]
    if example is not None:
        text = prose(example)
        shown = text if len(text) <= SHOWN else text[:SHOWN].rstrip() + " […]"
        # An indented block: no fence that the text could close, no markup that it could open.
        parts.append(
            "## Example\n\n"
            + "\n".join(f"    {line}" for line in re.split(r"[\n\r\v\f\x85\u2028\u2029]", shown))
        )
    parts.append(_licences(said))
    rows = [[f"`{_within(file.file, name)}`", f"{file.lines:,}", f"`{file.sha256}`"] for file in files]
    parts.append("## Files\n\n" + _table(["file", "texts", "sha256"], rows))
    return "\n\n".join(parts) + "\n"


def _header(name: str, said: dict[str, Any]) -> str:
    languages = [code for code in said["languages"] if LANGUAGE.fullmatch(code) and code != "und"]
    lines = ["---", f"pretty_name: {quoted(name)}"]
    if languages:
        lines += ["language:", *(f"- {quoted(code)}" for code in languages)]  # no: a country or a denial
    lines += [
        "license: unknown",
        "size_categories:",
        f"- {_size(said['texts'])}",
        "task_categories:",
        "- text-generation",
        "tags:",
        *(f"- {tag}" for tag in _tags(said)),
        "configs:",
        "- config_name: default",
        "  data_files:",
        "  - split: train",
        "    path: data/train-*.parquet",
        "---",
    ]
    return "\n".join(lines)


def _tags(said: dict[str, Any]) -> list[str]:
    synthetic = ["synthetic", "continued-pretraining", "knowledge-graph"]
    return [*(synthetic if said["models"] else ["continued-pretraining"]), "entigraph"]


def quoted(text: str) -> str:
    """A text as a YAML scalar on one line, whatever stands in it.

    >>> quoted('a "b": #c')
    '"a \\\\"b\\\\": #c"'
    """
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _size(texts: int) -> str:
    return next((name for most, name in SIZES if texts < most), "1B<n<10B")


def _what(said: dict[str, Any]) -> str:
    kind = (
        "documents"
        if said["options"]["source"]
        else "synthetic texts about the entities and relations of a corpus"
    )
    counted = f"{said['texts']:,} {kind}, about {said['tokens']:,} tokens (counted by `{said['tokens_counted_by']}`)"
    kinds = ", ".join(f"{n:,} of kind `{_code(kind)}`" for kind, n in said["kinds"].items())
    lines = [f"{counted}: {kinds}."]
    if replay := said["replay"]:
        lines.append(
            f"{replay['texts']:,} of them, {replay['share']:.1%} of the tokens, are replayed from "
            f"`{_code(replay['file'])}` and are not about the corpus."
        )
    return " ".join(lines)


def _made(said: dict[str, Any]) -> str:
    options, left = said["options"], said["left_out"]
    order = f"shuffled with the seed {options['seed']}" if options["shuffle"] else "not shuffled"
    way = "the documents of a corpus as they are, each with its title" if options["source"] else WAY
    text = (
        f"## How it was made\n\nWith entigraph {said['entigraph']}: {way}. The texts are {order}; exact duplicates "
        f"were {'left out' if options['exact_duplicates'] == 'drop' else 'kept'}; "
    )
    clean = said["decontamination"]
    text += (
        f"texts that share {clean['words']} words in a row with one of {clean['questions']:,} evaluation questions were left out."
        if clean
        else "no evaluation questions were held against them."
    )
    if left:
        text += "\n\nLeft out: " + ", ".join(f"{n:,} `{_code(why)}`" for why, n in left.items()) + "."
    if said["strategies"]:
        rows = [
            [_plain(s["strategy"]), f"`{_code(s['version'])}`", f"{s['texts']:,}"] for s in said["strategies"]
        ]
        text += "\n\n" + _table(["strategy", "version", "texts"], rows)
    return text


def _licences(said: dict[str, Any]) -> str:
    text = (
        "## Licences\n\nThe licence of the data set is for its maker to state: it depends on the documents it was "
        "made from and on the terms of the models that wrote it."
    )
    if said["models"]:
        rows = [[_plain(m["model"]), _plain(m["licence"]), f"{m['texts']:,}"] for m in said["models"]]
        text += "\n\n" + _table(["model", "licence of the model", "texts"], rows)
    return text


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _plain(text: str) -> str:
    """Words of a stranger among ours: on one line, without markup."""
    return re.sub(r"([\\`*_{}\[\]<>()#|~!&])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    return " ".join(text.split()).replace("`", "'").replace("|", "/")


def _within(file: str, name: str) -> str:
    return _code(file.removeprefix(f"{name}/"))
