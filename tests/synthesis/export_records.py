"""Records to export, made by hand: a text each, with nothing behind them but what a test says."""

import json
from pathlib import Path
from typing import Any

from kg.model import Asked, Check, Record, Subgraph, content_id


def record(
    number: int,
    text: str,
    status: str = "accepted",
    *,
    kind: str = "text",
    language: str = "en",
    title: str | None = None,
    model: str = "echo",
) -> Record:
    """A record whose id depends on `number` alone."""
    return Record(
        id=content_id("r", number),
        item=content_id("i", number),
        kind=kind,
        title=f"Title {number}" if title is None else title,
        text=text,
        language=language,
        strategy="relate",
        version="1",
        model=model,
        subgraph=Subgraph.make(["a" * 32]),
        asked=(Asked("a" * 32, "A", (), True),),
        relations=(),
        documents=(),
        chunks=(),
        call="c" * 32,
        run="run",
        checks=(Check("numbers", "failed", "7 is not in the passages"),) if status == "rejected" else (),
        status=status,  # type: ignore[arg-type]
    )


def words(text: str) -> int:
    """Tokens that can be counted by hand: words between white space."""
    return len(text.split())


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
