"""A plan as a file: JSON lines that another machine can carry out, people can read, and `split` can part.

A line names its entities, relations and documents for people and holds their ids for `generate --plan`.
Ids are hashes of content, so a plan fits every corpus that holds the same things, wherever it is.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from kg.graph import Graph, Ids, pack_ids
from kg.model import Subgraph
from sampling.base import SamplingError
from sampling.items import FIRST, Rows

MOST = 4096
TAIL = 1 << 20  # bytes: no line is longer
HOW = "write plans with 'entigraph sample C --json > plan.jsonl'"


def plan_lines(graph: Graph, items: Iterable[Subgraph], label: str) -> Iterator[dict[str, Any]]:
    """A line for each item, by one pass: `key sampler entities relations documents` and `ids`."""
    titles = dict(zip(graph.document_ids, graph.document_titles, strict=True))
    running, size = iter(items), FIRST
    while some := list(islice(running, size)):
        yield from _lines(graph, some, label, titles)
        size = min(2 * size, MOST)


def _lines(
    graph: Graph, items: list[Subgraph], label: str, titles: dict[str, str]
) -> Iterator[dict[str, Any]]:
    entities = rows_of(graph.entity_ids, [id for item in items for id in item.entities]).tolist()
    relations = rows_of(graph.relation_ids, [id for item in items for id in item.relations])
    sources, targets = graph.sources[relations].tolist(), graph.targets[relations].tolist()
    labels = graph.labels[relations].tolist()
    known = {row: graph.names[row] for row in {*entities, *sources, *targets}}
    at_entity = at_relation = 0
    for item in items:
        to_entity, to_relation = at_entity + len(item.entities), at_relation + len(item.relations)
        yield {
            "key": item.key,
            "sampler": label,
            "entities": [known[row] for row in entities[at_entity:to_entity]],
            "relations": [
                [known[sources[i]], graph.label_names[labels[i]], known[targets[i]]]
                for i in range(at_relation, to_relation)
            ],
            "documents": [titles[id] for id in item.documents],
            "ids": {
                "entities": item.entities,
                "relations": item.relations,
                "documents": item.documents,
                "slots": item.slots,
            },
        }
        at_entity, at_relation = to_entity, to_relation


def write_plan(path: Path, graph: Graph, items: Iterable[Subgraph], label: str) -> int:
    """Write a plan, line by line; returns how many. The memory it takes does not grow with the plan."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, line in enumerate(plan_lines(graph, items, label), 1):  # noqa: B007
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return count


def read_plan(path: Path, graph: Graph) -> Iterator[Subgraph]:
    """The subgraphs of a plan file, one by one.

    Raises SamplingError for a file that cannot be read, a line that is no subgraph, and ids that the graph
    does not have: the plan of another corpus. `check_plan` finds these before anything is done.
    """
    for lines in _parts(path):
        items = [item for _, _, item in lines]
        for name, ids, wanted in (
            ("entities", graph.entity_ids, [item.entities for item in items]),
            ("relations", graph.relation_ids, [item.relations for item in items]),
        ):
            flat = [id for some in wanted for id in some]
            if (rows_of(ids, flat) < 0).any():
                missing = [
                    any(row < 0 for row in rows_of(ids, list(some)).tolist()) for some in wanted
                ].index(True)
                raise _foreign(path, lines[missing][0], lines[missing][1], name)
        documents = set(graph.document_ids)
        for number, row, item in lines:
            if not documents.issuperset(item.documents):
                raise _foreign(path, number, row, "documents")
        yield from items


def keep_plan(items: Iterable[Subgraph], graph: Graph, path: Path, label: str) -> Iterator[Subgraph]:
    """The items, each added to the file before it is handed on: a plan that is kept while it is carried out."""
    with path.open("a+b") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        end = file.read()
        file.truncate(size - len(end) + end.rfind(b"\n") + 1)  # what was being written when the program died
        for item in items:
            (line,) = plan_lines(graph, [item], label)
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            file.flush()
            yield item


def kept_plan(path: Path, graph: Graph) -> Iterator[Subgraph]:
    """The items of a file that `keep_plan` wrote, without those about what the graph has lost meanwhile."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.endswith(b"\n"):
                item = _parsed(path, number, line.decode())[2]
                if _fits(graph, item):
                    yield item


def _fits(graph: Graph, item: Subgraph) -> bool:
    return bool(
        (rows_of(graph.entity_ids, list(item.entities)) >= 0).all()
        and (rows_of(graph.relation_ids, list(item.relations)) >= 0).all()
        and set(graph.document_ids).issuperset(item.documents)
    )


def check_plan(path: Path, graph: Graph) -> int:
    """Read a whole plan file and return how many subgraphs it holds. Raises SamplingError as `read_plan` does."""
    return sum(1 for _ in read_plan(path, graph))


def rows_of(ids: Ids, wanted: list[str]) -> Rows:
    """The row of each id among sorted ids; -1 where it is not there. O(log n) each, without a table."""
    if not wanted or not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    packed = pack_ids(wanted)
    rows = np.minimum(ids.searchsorted(packed), len(ids) - 1)
    return np.where(ids[rows] == packed, rows, -1).astype(np.int64)


def _parts(path: Path) -> Iterator[list[tuple[int, dict[str, Any], Subgraph]]]:
    """Lines of the file, a few thousand at a time: number, line, subgraph."""
    try:
        file = path.open(encoding="utf-8")
    except OSError as error:
        raise SamplingError(f"cannot read the plan {str(path)!r}: {error.strerror}") from None
    with file:
        numbered = enumerate(file, 1)
        size = FIRST
        while True:
            try:
                some = list(islice(numbered, size))
            except UnicodeDecodeError:
                raise SamplingError(f"the plan {str(path)!r} is not UTF-8; {HOW}") from None
            if not some:
                return
            yield [_parsed(path, number, line) for number, line in some if line.strip()]
            size = min(2 * size, MOST)


def _parsed(path: Path, number: int, line: str) -> tuple[int, dict[str, Any], Subgraph]:
    try:
        row = json.loads(line)
        ids = row["ids"]
        item = Subgraph.make(
            ids["entities"],
            ids.get("relations", []),
            ids.get("documents", []),
            tuple((str(name), str(value)) for name, value in ids.get("slots", [])),
        )
        for id in (*item.entities, *item.relations):
            if len(id) != 32 or bytes.fromhex(id).hex() != id:
                raise ValueError(f"{id!r} is no id")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise SamplingError(
            f"line {number} of the plan {str(path)!r} is no subgraph ({said}); {HOW}"
        ) from None
    return number, row, item


def _foreign(path: Path, number: int, row: dict[str, Any], what: str) -> SamplingError:
    names = row.get("entities") if isinstance(row.get("entities"), list) else None
    shown = " and ".join(str(name)[:40] for name in names[:3]) if names else str(row["ids"][what][:1])
    return SamplingError(
        f"line {number} of the plan {str(path)!r} (about {shown}) names {what} that are not in this corpus; was it "
        "made for another corpus, or before a rebuild? Make it anew with 'entigraph sample'"
    )
