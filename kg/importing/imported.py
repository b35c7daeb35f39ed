"""A graph that somebody else made becomes given entities and relations of a corpus."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.importing.base import LeftOut, Reader, Row
from kg.importing.graphml import read_graphml_rows
from kg.importing.spool import Spool
from kg.importing.tables import read_edge_list, read_node_list
from kg.model import Entity, GraphError, Relation
from kg.store import Store

if TYPE_CHECKING:
    from kg.stores.neo4j.foreign import Foreign

Login = Callable[[str], tuple[str, str] | None]

IMPORTERS: dict[str, Reader] = {
    ".csv": read_edge_list,
    ".graphml": read_graphml_rows,
    ".tsv": read_edge_list,
}
"""What reads a file, by its ending."""


@dataclass
class ImportReport:
    """What an import took and left out. `changed` says whether the corpus is another one than before."""

    entities: int = 0
    relations: int = 0
    changed: bool = False
    left_out: LeftOut = field(default_factory=LeftOut)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The report as JSON promises it."""
        return {
            "entities": self.entities,
            "relations": self.relations,
            "changed": self.changed,
            "left_out": dict(sorted(self.left_out.reasons.items())),
            "shown": self.left_out.shown,
            "seconds": round(self.seconds, 3),
        }


def import_graph(
    store: Store,
    source: str,
    *,
    cypher: str | None = None,
    labels: Sequence[str] = (),
    name_property: str | None = None,
    nodes: Path | str | None = None,
    login: Login | None = None,
) -> ImportReport:
    """Take a graph into the corpus: a .csv, .tsv or .graphml file, or a Neo4j database by its address.

    A database is read by a query with the columns source, label and target, or by whole labels; see
    `kg.stores.neo4j.foreign`. `login` says user and password of a host where the address does not.
    Raises ValueError for options that do not fit the source, GraphError where it cannot be read.
    """
    check(source, cypher=cypher, labels=labels, name_property=name_property, nodes=nodes)
    if "://" not in source:
        return import_file(store, source, nodes=nodes)
    foreign = _foreign(source, login)
    left_out = LeftOut()
    try:
        rows = (
            foreign.query(cypher, left_out)
            if cypher
            else foreign.labels(labels, name_property=name_property or "")
        )
        return import_rows(store, rows, left_out=left_out, source=foreign.source)
    finally:
        foreign.close()


def check(
    source: str,
    *,
    cypher: str | None = None,
    labels: Sequence[str] = (),
    name_property: str | None = None,
    nodes: Path | str | None = None,
) -> None:
    """Raises ValueError for a source that nothing reads, and for options that do not fit it."""
    given = {"cypher": cypher, "labels": labels, "name-property": name_property}
    if "://" not in source:
        kind = Path(source).suffix.lower()
        if kind not in IMPORTERS:
            known = f"{', '.join(IMPORTERS)} and addresses such as bolt://host:7687"
            raise ValueError(
                f"cannot import {source!r}: no importer reads the ending {kind!r}. Known: {known}"
            )
        if wrong := [f"--{name}" for name, value in given.items() if value]:
            raise ValueError(f"{wrong[0]} is for a Neo4j database, and {source!r} is a file")
        return
    if nodes is not None:
        raise ValueError("--nodes is for a file; of a Neo4j database give --labels or --cypher")
    if cypher is not None and (labels or name_property):
        raise ValueError("--cypher says itself what is read; give it without --labels and --name-property")
    if cypher is not None and not cypher.strip():
        raise ValueError('the query is empty: give --cypher "MATCH (a)-[r]->(b) RETURN a.name AS source, …"')


def _foreign(source: str, login: Login | None) -> "Foreign":
    try:
        from kg.stores.neo4j.foreign import Foreign
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "neo4j":
            raise
        raise GraphError(
            "cannot read a Neo4j database: the driver is not installed. pip install 'entigraph[neo4j]'"
        ) from None
    return Foreign(source, login)


def import_file(store: Store, path: Path | str, *, nodes: Path | str | None = None) -> ImportReport:
    """Take the graph in a .csv, .tsv or .graphml file into the corpus; `nodes` is a list of its nodes.

    GraphError says what is wrong with a file and in which line; then nothing is written.
    """
    check(str(path))
    place = Path(path)
    left_out = LeftOut()
    rows = IMPORTERS[place.suffix.lower()](place, left_out)
    listed = read_node_list(Path(nodes)) if nodes is not None else ()
    named = str(path) if nodes is None else f"{path} with {nodes}"
    try:
        return import_rows(store, chain(listed, rows), left_out=left_out, source=named)
    except OSError as error:
        raise GraphError(f"cannot read the graph {str(error.filename or path)!r}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise GraphError(
            f"cannot read the graph {named!r}: byte {error.start} of a portion is not UTF-8. Save it as UTF-8"
        ) from None


def import_rows(
    store: Store, rows: Iterable[Row], *, left_out: LeftOut | None = None, source: str = "the source"
) -> ImportReport:
    """Take these things and links into the corpus, all of them or, after an error, none.

    Names of one normal form and type are one entity, relations of the same ends and label are one whose
    weight is their sum; the same rows imported twice change nothing. Raises GraphError where there is
    nothing to import.
    """
    began = time.monotonic()
    left = left_out if left_out is not None else LeftOut()
    report = ImportReport(left_out=left)
    spool = Spool(left)
    try:
        if not spool.take(rows) and not left.reasons:
            raise GraphError(f"cannot import {source}: there is nothing in it")

        def known(ids: list[str]) -> dict[str, Entity]:
            wanted = set(ids)
            return {entity.id: entity for entity in store.read(Entity, "id", ids) if entity.id in wanted}

        report.entities = spool.settle(known)
        before = store.generation
        sent = store.upsert(_written(spool))
        report.relations = sent - report.entities
        report.changed = store.generation != before
    finally:
        spool.close()
    report.seconds = time.monotonic() - began
    return report


def _written(spool: Spool) -> Iterable[Entity | Relation]:
    return chain(spool.entities(), spool.relations())
