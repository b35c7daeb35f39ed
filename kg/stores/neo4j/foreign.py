"""A graph in Neo4j that nobody here built, read as things and links; nothing is ever written.

Sessions are opened for reading, so the server itself refuses a query that writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any  # Any: values of the driver

import neo4j
from neo4j import exceptions

from kg.importing.base import LeftOut, Link, Named, Row, named, sound
from kg.model import GraphError
from kg.stores.neo4j.access import Access, Login
from kg.stores.neo4j.address import parse
from kg.stores.neo4j.schema import CORPUS, LABELS

NAMES = ("name", "title", "label", "id")
"""Properties that may name a node, the first that it has."""
COLUMNS = ("source", "label", "target")
MORE = (
    *("weight", "description", "source_type", "target_type", "source_description", "target_description"),
    *("source_aliases", "target_aliases"),
)
_OURS = [*LABELS, CORPUS]
_CHOSEN = {
    True: "any(l IN labels({0}) WHERE l IN $labels)",
    False: "none(l IN labels({0}) WHERE l IN $labels)",
}
_NODES = "MATCH (n) WHERE {n} RETURN elementId(n) AS key, labels(n) AS labels, properties(n) AS properties"
_LINKS = (
    "MATCH (a)-[r]->(b) WHERE {a} AND {b} RETURN elementId(a) AS source, type(r) AS label, "
    "elementId(b) AS target, r.weight AS weight, r.description AS description"
)


class Foreign:
    """A database of somebody else's, open for reading. Raises StoreError where it cannot be reached."""

    def __init__(self, location: str, login: Login | None = None) -> None:
        """`location` is bolt://[user:password@]host[:port][/database]; `login` is asked where it has no user."""
        if "#" in location:
            raise ValueError(
                "an address with #name is a corpus of ours, which holds more than an import takes: "
                "use 'entigraph copy', or leave #name out to import other nodes of that database"
            )
        self._access = Access(parse(location), login)
        self.source = str(self._access.address).partition("#")[0]

    def close(self) -> None:
        """Close every connection."""
        self._access.close()

    def query(self, cypher: str, left_out: LeftOut) -> Iterator[Row]:
        """A link for every row of a query with the columns source, label and target, and any of MORE.

        A row whose label and target are null is a thing alone.
        """
        with self._results(cypher) as results:
            columns = results.keys()
            missing = [name for name in COLUMNS if name not in columns]
            if missing:
                raise GraphError(
                    f"cannot import {self.source}: the query gives no column {' and no '.join(map(repr, missing))}; it "
                    f"gives {', '.join(columns) or 'nothing'}. Name them: RETURN a.name AS source, type(r) AS label, "
                    "b.name AS target"
                )
            empty = True
            for number, record in enumerate(results, 1):
                empty = False
                yield from self._row(number, dict(record), left_out)
            if empty:
                raise GraphError(
                    f"cannot import {self.source}: the query found nothing. Try it in Neo4j Browser; names of labels "
                    "and properties are case-sensitive"
                )

    def labels(self, labels: Sequence[str] = (), *, name_property: str = "") -> Iterator[Row]:
        """Every node with one of these labels, and the relations among them; without labels, every node.

        Our own nodes are not among them. The type is the first of the labels asked for that a node has,
        else its first label; `name_property` names it, else the first of NAMES that it has.
        """
        chosen = _CHOSEN[bool(labels)]
        where = {letter: chosen.format(letter) for letter in "nab"}
        wanted = {"labels": list(labels) or _OURS}
        names = (name_property,) if name_property else NAMES
        empty = True
        with self._results(_NODES.format(**where), **wanted) as results:
            for key, its_labels, properties in results:
                empty = False
                types = [label for label in labels if label in its_labels] or its_labels
                thing = _thing(key, types, properties, names)
                yield thing or Named("", description=_shown(key, its_labels, properties), key=key)
        if empty:
            raise GraphError(f"cannot import {self.source}: {self._nothing(labels)}")
        with self._results(_LINKS.format(**where), **wanted) as results:
            for source, label, target, weight, description in results:
                said = description if isinstance(description, str) else ""
                number = _weight(weight)
                yield Link(source, sound(label), target, sound(said), 1.0 if number is None else number)

    # ---- one by one ------------------------------------------------------------------------------

    def _row(self, number: int, record: Mapping[str, Any], left_out: LeftOut) -> Iterator[Row]:
        texts = {name: self._text(name, record.get(name)) for name in ("source", "label", "target")}
        ends = [
            named(
                texts[end] or "",
                self._text(f"{end}_type", record.get(f"{end}_type")) or "",
                self._text(f"{end}_description", record.get(f"{end}_description")) or "",
                _texts(record.get(f"{end}_aliases")),
            )
            for end in ("source", "target")
        ]
        if texts["label"] is None and texts["target"] is None and ends[0].name:
            yield ends[0]
            return
        weight = _weight(record.get("weight"))
        if weight is None:
            left_out.add("its weight is not a number of 0 or more", f"row {number} of the query")
            return
        description = self._text("description", record.get("description"))
        yield Link(ends[0], sound(texts["label"] or ""), ends[1], sound(description or ""), weight)

    def _text(self, column: str, value: Any) -> str | None:
        """A value as text. GraphError for one that is no text or number."""
        if isinstance(value, list | tuple) and column.endswith("_type"):
            value = value[0] if value else None  # labels(a) itself
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float):
            return str(value)
        kind = "a node" if isinstance(value, neo4j.graph.Node) else f"a {type(value).__name__}"
        raise GraphError(
            f"cannot import {self.source}: the column {column!r} of the query holds {kind}, wanted a text. "
            f"Return a property of it, such as a.name AS {column}"
        )

    def _nothing(self, labels: Sequence[str]) -> str:
        with self._results("CALL db.labels() YIELD label RETURN label ORDER BY label") as results:
            there = [label for (label,) in results if label not in _OURS]
        seen = f"labels there are {', '.join(there[:20])}" if there else "there are no labels but ours"
        wanted = f"no node has the label {' or '.join(map(repr, labels))}" if labels else "there is no node"
        return f"{wanted}; {seen}. Give --labels or --cypher"

    @contextmanager
    def _results(self, cypher: str, **parameters: Any) -> Iterator[neo4j.Result]:
        """The rows of a query as they come; errors of the server in one line."""
        database = self._access.address.database or None
        with self._access.trouble("import"):
            session = self._access.driver.session(
                database=database, default_access_mode=neo4j.READ_ACCESS, fetch_size=5000
            )
            try:
                with session:
                    # Any: the driver takes only literal strings, a query of the user's is none.
                    query: Any = cypher
                    yield session.run(query, parameters)
            except exceptions.ClientError as error:
                raise self._refused(error) from None

    def _refused(self, error: exceptions.ClientError) -> Exception:
        code = error.code or ""
        said = " ".join((error.message or "").split())[:300]
        if code.endswith("Statement.AccessMode") or "access mode" in said:
            return GraphError(
                f"cannot import {self.source}: that query writes, and the server refused it ({said}). "
                "Give one that only reads"
            )
        if ".Statement." in code or ".Procedure." in code:
            return GraphError(f"cannot import {self.source}: the server does not take the query: {said}")
        return error


def _thing(
    key: str, labels: Sequence[str], properties: Mapping[str, Any], names: Sequence[str]
) -> Named | None:
    """A node as a thing; None where nothing names it."""
    found = (properties.get(name) for name in names)
    name = next((sound(str(value)) for value in found if _names(value)), "")
    if not name:
        return None
    description = properties.get("description")
    said = description if isinstance(description, str) else ""
    return named(name, labels[0] if labels else "", said, _texts(properties.get("aliases")), key)


def _shown(key: str, labels: Sequence[str], properties: Mapping[str, Any]) -> str:
    """A node that nothing names, for people."""
    has = ", ".join(sorted(properties))[:120] or "none"
    return f"the node {key} (labels: {', '.join(labels)[:120] or 'none'}; properties: {has})"


def _names(value: object) -> bool:
    """Whether a value can be a name: a text with something in it, or a number."""
    if isinstance(value, str):
        return bool(sound(value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def _texts(value: object) -> list[str]:
    """A list of texts, or one text, as a list of texts."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _weight(value: object) -> float | None:
    """A weight, 1 for none; None for what is not a number of 0 or more."""
    if value is None:
        return 1.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        return None
    return float(value)
