"""Small named graphs that every test of sampling may ask for."""

from collections.abc import Callable, Iterable, Sequence

import pytest

from kg.graph import Graph
from kg.model import Entity, Relation, content_id

Make = Callable[..., Graph]


def entity_id(name: str) -> str:
    return Entity.make(name, "").id


def relation_id(source: str, target: str, label: str = "knows") -> str:
    return content_id("relation", entity_id(source), label, entity_id(target))


def make_graph(
    edges: Iterable[tuple[str, str] | tuple[str, str, float]],
    *,
    entities: Iterable[str] = (),
    documents: dict[str, Sequence[str]] | None = None,
    stated: dict[str, Sequence[tuple[str, str]]] | None = None,
) -> Graph:
    """A graph of names; `documents` says who is named where, `stated` which relations."""
    relations = [
        Relation.make(
            entity_id(edge[0]), "knows", entity_id(edge[1]), weight=edge[2] if len(edge) > 2 else 1.0
        )
        for edge in edges
    ]
    names = {name for edge in edges for name in edge[:2]} | set(entities)
    names |= {name for members in (documents or {}).values() for name in members}
    return Graph.build(
        [(entity_id(name), name, "person", 1) for name in names],
        [(one.id, one.source, one.label, one.target, one.weight) for one in relations],
        documents=[(content_id("document", title), title) for title in documents or {}],
        entity_documents=[
            (entity_id(name), content_id("document", title))
            for title, members in (documents or {}).items()
            for name in members
        ],
        relation_documents=[
            (relation_id(*ends), content_id("document", title))
            for title, pairs in (stated or {}).items()
            for ends in pairs
        ],
    )


@pytest.fixture(scope="session")
def make() -> Make:
    return make_graph


@pytest.fixture(scope="session")
def ids() -> Callable[[str], str]:
    """Entity id by name."""
    return entity_id


@pytest.fixture(scope="session")
def relation() -> Callable[..., str]:
    """Relation id by the names of its ends."""
    return relation_id


@pytest.fixture(scope="session")
def kite() -> Graph:
    """Four entities, two triangles that share the edge Bo-Cy; Bo and Cy are related both ways.

    Ann   Bo
      | X |      Ann-Bo, Ann-Cy, Bo-Cy, Bo-Dee, Cy-Dee
    Cy    Dee
    """
    return make_graph(
        [("Ann", "Bo"), ("Ann", "Cy"), ("Bo", "Cy"), ("Cy", "Bo"), ("Bo", "Dee"), ("Dee", "Cy")],
        documents={"one": ["Ann", "Bo", "Cy"], "two": ["Bo", "Cy", "Dee", "Eve"]},
        stated={"one": [("Ann", "Bo"), ("Ann", "Cy"), ("Bo", "Cy")], "two": [("Cy", "Bo"), ("Dee", "Cy")]},
    )
