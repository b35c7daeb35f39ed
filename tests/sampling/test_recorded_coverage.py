"""What the texts of a corpus cover, read from a real store, before and after its resolution changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.model import (
    Asked,
    Candidate,
    Chunk,
    Document,
    Entity,
    Evidence,
    Record,
    Relation,
    Resolution,
    Status,
    Subgraph,
    content_id,
)
from kg.store import Derived, Reading, Store
from kg.stores import open_corpus
from sampling import UNITS, coverage_of_records

TEXT = "Ann knows Bo. Bo knows Cy. Ann knows Cy."
DOCUMENT = Document.make("a.txt", TEXT, title="a", source="a.txt")
CHUNK = Chunk.make(DOCUMENT.id, TEXT, 0, 0, len(TEXT))
CANDIDATES = {name: Candidate.make(DOCUMENT.id, name, "person") for name in ("Ann", "Bo", "Cy")}


def derived(entity_names: dict[str, str], redirects: dict[str, str] | None = None) -> Derived:
    """Each candidate is the entity of that name; everybody knows whom the text says."""
    entities = {name: Entity.make(name, "person") for name in set(entity_names.values())}
    now = {candidate: entities[name].id for candidate, name in entity_names.items()}
    relations = [
        Relation.make(now[a], "knows", now[b])
        for a, b in (("Ann", "Bo"), ("Bo", "Cy"), ("Ann", "Cy"))
        if now[a] != now[b]
    ]
    return Derived(
        [Resolution(CANDIDATES[name].id, id, "test") for name, id in now.items()],
        list(entities.values()),
        list({one.id: one for one in relations}.values()),
        redirects or {},
    )


def text_about(
    names: tuple[str, ...], *, number: int, status: Status = "accepted", aware: bool = True
) -> Record:
    """A text that names these; `aware` of the candidates behind them, or of the entities' ids alone."""
    ids = {name: Entity.make(name, "person").id for name in names}
    asked = tuple(
        Asked(ids[name], name, (CANDIDATES[name].id,) if aware else (), named=True) for name in names
    )
    pairs = [(a, b) for a, b in (("Ann", "Bo"), ("Bo", "Cy"), ("Ann", "Cy")) if a in names and b in names]
    return Record(
        id=content_id("record", number),
        item=content_id("item", number),
        kind="text",
        title="",
        text=" ".join(names),
        language="en",
        strategy="relate",
        version="1",
        model="echo",
        subgraph=Subgraph.make(list(ids.values())),
        asked=asked,
        relations=tuple((ids[a], "knows", ids[b]) for a, b in pairs),
        documents=(DOCUMENT.id,),
        chunks=(CHUNK.id,),
        call=content_id("call", number),
        run="r1",
        status=status,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_corpus(tmp_path / "c.kg", create=True)
    evidence = [
        Evidence(CANDIDATES[a].id, "knows", CANDIDATES[b].id, CHUNK.id, start, start + 5)
        for a, b, start in (("Ann", "Bo", 4), ("Bo", "Cy", 17), ("Ann", "Cy", 31))
    ]
    opened.replace_document(
        DOCUMENT, Reading([CHUNK], list(CANDIDATES.values()), [], evidence, fingerprint="test")
    )
    opened.replace_derived(derived({"Ann": "Ann", "Bo": "Bo", "Cy": "Cy"}))
    yield opened
    opened.close()


def counts(store: Store) -> list[int]:
    coverage = coverage_of_records(store)
    return [coverage.covered(unit) for unit in UNITS]


def test_without_texts_nothing_is_covered(store: Store) -> None:
    assert counts(store) == [0, 0, 0, 0]


def test_accepted_texts_are_counted_and_rejected_ones_are_not(store: Store) -> None:
    store.upsert([text_about(("Ann", "Bo"), number=1), text_about(("Bo", "Cy"), number=2, status="rejected")])
    assert counts(store) == [2, 1, 0, 1]


def test_a_text_about_all_three_covers_the_triangle(store: Store) -> None:
    store.upsert([text_about(("Ann", "Bo", "Cy"), number=1)])
    assert counts(store) == [3, 3, 1, 3]
    assert coverage_of_records(store).share("triangles") == 1.0


def test_a_merge_after_writing_is_seen(store: Store) -> None:
    store.upsert([text_about(("Ann", "Bo", "Cy"), number=1)])
    cy = Entity.make("Cy", "person").id
    store.replace_derived(derived({"Ann": "Ann", "Bo": "Bo", "Cy": "Ann"}, {cy: Entity.make("Ann", "").id}))
    # Cy is Ann: two entities, Ann knows Bo and Bo knows Ann, no triangle, one pair
    assert counts(store) == [2, 2, 0, 1]


def test_a_text_without_candidates_follows_the_redirect(store: Store) -> None:
    store.upsert([text_about(("Bo", "Cy"), number=1, aware=False)])
    cy = Entity.make("Cy", "person").id
    store.replace_derived(derived({"Ann": "Ann", "Bo": "Bo", "Cy": "Ann"}, {cy: Entity.make("Ann", "").id}))
    assert counts(store) == [2, 1, 0, 1]  # it states Bo knows Ann, not Ann knows Bo
