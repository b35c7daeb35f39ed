"""Reading from Neo4j: the same rows in the same order as from a folder, in pages of any size."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.model import (
    Candidate,
    Chunk,
    Document,
    Entity,
    Record,
    Relation,
    Resolution,
)
from kg.store import Derived, Store, StoreError
from kg.stores import open_corpus
from kg.stores.neo4j import around, reads, rows, schema, search, slices, wiping
from tests.kg.stores.conftest import Derive, MakeRecord, Say

pytestmark = pytest.mark.neo4j

KINDS: tuple[Any, ...] = tuple(rows.BY)


@pytest.fixture
def both(neo4j_place: Callable[[], str], tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """An empty corpus in a folder and one in Neo4j."""
    stores = [open_corpus(place, create=True) for place in (tmp_path / "a.kg", neo4j_place())]
    yield stores[0], stores[1]
    for store in stores:
        store.close()


def everything_else(store: Store) -> list[Any]:
    graph = store.graph()
    arrays_of = [
        value.tolist()
        for part in (graph, graph.entity_documents, graph.relation_documents)
        for _, value in sorted(vars(part).items())
        if hasattr(value, "tolist")
    ]
    texts = [
        list(graph.names),
        graph.type_names,
        graph.label_names,
        graph.document_ids,
        graph.document_titles,
    ]
    return [arrays_of, texts, store.documents(), store.past()]


def test_all_kinds_are_read_by_all_columns_as_from_a_folder(
    both: tuple[Store, Store], say: Say, derive: Derive, record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, few in ((reads, "PAGE", 3), (slices, "SLICE", 2)):
        monkeypatch.setattr(module, name, few)
    spoken = [
        say("a.txt", "Anna", "knows", "Bert"),
        say("b.txt", "Bert", "\U0001f600", "Anna"),
        say("b2.txt", "Bert", "\ufffd", "Anna"),
        say("c.txt", "Anna", "knows", "Anna"),
        say("d.txt", "`Cleo` {'x'} $", "MATCH (n) DETACH DELETE n", "李明"),
        say("e.txt", "Anna", "knows", "Bert", kind="place"),
    ]
    cited = [document.id for document, _ in spoken[:2]]
    chunks = [reading.chunks[0].id for _, reading in spoken[:2]]
    texts = [record(str(i), run=f"run {i % 2}", status="edited" if i % 3 else "accepted") for i in range(7)]
    texts += [record("cites", documents=tuple(cited), chunks=tuple(chunks))]
    for store in both:
        for document, reading in spoken:
            store.replace_document(document, reading)
        (anna,) = [one for one in store.read(Candidate, "document", [cited[0]]) if one.name == "Anna"]
        store.upsert([Entity.make("Annette", "person", given=True, aliases=("A.", "Ann"))])
        store.upsert([Resolution(anna.id, Entity.make("Annette", "").id, "said so", "user")])
        derive(store)
        store.upsert(
            [Relation.make(Entity.make("Bert", "").id, "given", Entity.make("Anna", "").id, given=True)]
        )
        store.upsert(texts)
        store.replace_document(*say("a.txt", "Dora", "knows", "Emil"))
    folder, server = both

    ids: dict[type, set[str]] = {kind: set() for kind in KINDS}
    for kind in KINDS:
        found = list(folder.read(kind))
        assert list(server.read(kind)) == found, kind
        ids[kind] = {row.id for row in found if hasattr(row, "id")}
    asked = {
        "id": set().union(*ids.values()) | set(chunks),
        "document": ids[Document] | {cited[0]},
        "chunk": ids[Chunk] | set(chunks),
        "candidate": ids[Candidate] | {anna.id},
        "entity": ids[Entity],
        "relation": ids[Relation],
        "by": {"user", "rule"},
        "given": {"1"},
        "type": {"person"},
        "run": {"run 1", "\ud800"},
        "status": {"edited", "stale"},
        "strategy": {"describe"},
        "item": {"item of 3", "item of 4"},
    }
    junk = {"", "no id", "'", "*", "g" * 32, "0" * 32}
    for kind in KINDS:
        for by in rows.BY[kind]:
            whole = sorted(asked[by])
            for some in (whole, whole[:2], [whole[-1].upper(), whole[-1], *junk], list(junk), []):
                assert list(server.read(kind, by, some)) == list(folder.read(kind, by, some)), (
                    kind,
                    by,
                    some,
                )
    assert everything_else(server) == everything_else(folder)
    assert server.words(chunks + list(junk)) == folder.words(chunks) != {}


def test_a_corpus_that_changes_between_pages_is_read_again(
    both: tuple[Store, Store], record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "PAGE", 3)
    _, server = both
    server.upsert([Entity.make(f"entity {i}", "x", given=True) for i in range(9)])
    reading = server.read(Entity)
    next(reading)
    server.upsert([record("one")])
    server.set_settings(something="else")
    assert len(list(reading)) == 8
    reading = server.read(Entity)
    next(reading)
    server.upsert([Entity.make("one more", "x", given=True)])
    with pytest.raises(StoreError, match="changed while it was read"):
        list(reading)


def test_records_are_read_on_while_others_are_written(
    both: tuple[Store, Store], record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "PAGE", 3)
    _, server = both
    texts = sorted((record(str(i)) for i in range(9)), key=lambda text: text.id)
    server.upsert([text for i, text in enumerate(texts) if i != 5])
    reading = server.read(Record)
    first = next(reading)
    server.upsert([texts[5], Entity.make("Anna", "person", given=True)])
    assert [first, *reading] == texts


def test_names_are_found_in_the_order_of_a_folder_however_many_there_are(
    both: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = "ab \U0001f600\uffee\ufffd明"
    rng = random.Random(4)
    made = ["".join(rng.choices(letters, k=rng.randint(1, 5))) for _ in range(60)]
    entities = {
        one.id: one
        for one in (
            Entity.make(name, "x", aliases=tuple(rng.choices(made, k=rng.randint(0, 2)))) for name in made
        )
    }
    for store in both:
        store.replace_derived(Derived(entities=list(entities.values())))
    folder, server = both
    for most in (search.MANY, 3):
        monkeypatch.setattr(search, "MANY", most)
        for text in ["a", "b", "明", "\U0001f600", "ab", "a b", "aba", "\ufffd明", *made[:10]]:
            expected = [entity.id for entity in folder.search(text, 200)]
            assert [entity.id for entity in server.search(text, 200)] == expected, (text, most)
            assert [entity.id for entity in server.search(text, 1)] == expected[:1], (text, most)


def test_names_of_a_megabyte_are_found_by_their_ends(both: tuple[Store, Store]) -> None:
    long = "ab \U0001f600" * 250_000
    entities = [
        Entity.make(long + "the end", "x"),
        Entity.make("short", "x", aliases=(long + "another end",)),
    ]
    server = both[1]
    server.replace_derived(Derived(entities=entities))
    assert [one.id for one in server.search("the end")] == [entities[0].id]
    assert [one.id for one in server.search("other end")] == [entities[1].id]
    assert [one.id for one in server.search(long)] == [entities[0].id, entities[1].id]
    assert [one.name for one in server.search("short")] == ["short"]


def test_neighbourhoods_are_those_of_a_folder(
    both: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(around, "HUB", 3)
    rng = random.Random(5)
    entities = [Entity.make(f"entity {i}", "x") for i in range(30)]
    relations: dict[str, Relation] = {}
    for _ in range(120):
        ends = entities[int(30 * rng.random() ** 2)], entities[int(30 * rng.random() ** 3)]
        one = Relation.make(ends[0].id, rng.choice("pq"), ends[1].id, weight=rng.choice([0.5, 1.0, 2.0]))
        relations[one.id] = one
    for store in both:
        store.replace_derived(Derived(entities=entities, relations=list(relations.values())))
    folder, server = both
    for entity in entities[::3]:
        for hops, limit in ((0, 5), (1, 0), (1, 3), (1, 50), (2, 6), (3, 50)):
            expected = folder.neighbourhood(entity.id, hops, limit)
            assert server.neighbourhood(entity.id, hops, limit) == expected, (entity.name, hops, limit)
    with pytest.raises(StoreError, match="none of that id"):
        server.neighbourhood("'] DETACH DELETE n //")


def test_pages_and_prefixes_come_in_the_order_of_an_index(both: tuple[Store, Store]) -> None:
    server: Any = both[1]
    statements = [
        search._BEGINS,
        search._ALONG,
        *(
            f"{rows.NODE[kind]} WHERE n.corpus = $corpus AND n.id > $after RETURN {rows.COLUMNS[kind]} "
            "ORDER BY n.corpus, n.id LIMIT $limit"
            for kind in rows.NODE
        ),
    ]
    values = {"corpus": "x", "after": "", "limit": 9, "head": "a", "start": "\na", "text": "a"}
    with server._access.session() as session:
        for statement in statements:
            plan = session.run(f"EXPLAIN {statement}", values).consume().plan
            assert plan is not None
            operators = set(names(plan))
            assert any("IndexSeek" in name or "IndexScan" in name for name in operators), operators
            assert operators.isdisjoint({"Top", "Sort", "NodeByLabelScan", "AllNodesScan"}), operators


@pytest.mark.parametrize("label", [*schema.LABELS, schema.CORPUS])
@pytest.mark.parametrize("query", [wiping._DROP_RELATIONS, wiping._DROP_NODES])
def test_nodes_to_remove_are_found_by_their_element_id_alone(
    both: tuple[Store, Store], label: str, query: str
) -> None:
    server: Any = both[1]
    values = {"corpus": "x", "ids": ["a", "b"], "most": 9}
    with server._access.session() as session:
        for corpus in ("x", None):
            statement = query.format(label=label, mine=wiping._mine(label, corpus))
            plan = session.run(f"EXPLAIN {statement}", values).consume().plan
            operators = set(names(plan))
            assert "NodeByElementIdSeek" in operators
            assert not any("Index" in name or "Scan" in name for name in operators), operators


def names(plan: Any) -> Iterator[str]:
    """Operators of a plan."""
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from names(child)
