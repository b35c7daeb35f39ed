"""What is known of an entity, a relation, a few entities together, a document; on every store."""

import shlex
from collections.abc import Callable
from typing import Any

from entigraph.web.shapes.details import (
    DocumentPage,
    EntityDetails,
    Passages,
    Relations,
    SubgraphDetails,
)
from kg.model import Asked, Document, Entity, Record, Relation, Subgraph
from kg.store import Derived
from kg.stores import open_corpus
from tests.web.conftest import Serve, Studio


def joined(pieces: Any) -> str:
    return "".join(piece.text for piece in pieces)


def text_about(key: str, *entities: tuple[str, str], status: Any = "accepted") -> Record:
    """A written text that names these entities (id, name)."""
    return Record(
        id=Entity.make(key, "").id,
        item=key,
        kind="text",
        title=key,
        text="Words.",
        language="en",
        strategy="describe",
        version="1",
        model="echo",
        subgraph=Subgraph.make([id for id, _ in entities]),
        asked=tuple(Asked(id, name, (), True) for id, name in entities),
        relations=(),
        documents=(),
        chunks=(),
        call=key,
        run="r",
        status=status,
    )


def test_an_entity_with_where_it_was_seen_and_why_it_is_one(studio: Studio) -> None:
    id = studio.entity("Orla Finch")
    found = EntityDetails.model_validate(studio.get(f"/api/entities/{id}").json)
    assert (found.name, found.mentions) == ("Orla Finch", 3)
    assert [(one.title, one.mentions, one.by) for one in found.aliases] == [
        ("The Tide Clock", 2, "rule"),
        ("A Quarrel about Brass", 1, "rule"),
    ]
    assert [(one.name, one.count) for one in found.documents] == [
        ("The Tide Clock", 2),
        ("A Quarrel about Brass", 1),
    ]
    assert found.command.startswith("entigraph show ")
    assert found.command.endswith("--around 'Orla Finch'")


def test_mentions_stand_in_their_sentences(studio: Studio) -> None:
    id = studio.entity("Orla Finch")
    found = Passages.model_validate(studio.get(f"/api/entities/{id}/mentions").json)
    assert found.total == len(found.passages) == 3
    texts = {joined(one.pieces) for one in found.passages}
    assert "Orla Finch and Bram Keel built the tide clock of Saltmere." in texts
    for one in found.passages:
        assert [(piece.text, piece.entity) for piece in one.pieces if piece.mark == "entity"] == [
            ("Orla Finch", id)
        ]
    page = Passages.model_validate(studio.get(f"/api/entities/{id}/mentions", offset=1, limit=1).json)
    assert page.passages == found.passages[1:2]
    chinese = studio.get(f"/api/entities/{studio.entity('林静')}/mentions").json["passages"]
    assert joined(
        Passages.model_validate({**found.model_dump(), "passages": chinese}).passages[0].pieces
    ) == ("林静在盐场修好了潮钟。")


def test_evidence_is_marked_with_the_two_that_it_joins(studio: Studio) -> None:
    id, other = studio.entity("Orla Finch"), studio.entity("Ines Marrow")
    rows = Relations.model_validate(studio.get(f"/api/entities/{id}/relations").json)
    assert rows.total == len(rows.relations)
    assert [one.weight for one in rows.relations] == sorted(
        (one.weight for one in rows.relations), reverse=True
    )
    relation = next(one for one in rows.relations if {one.source, one.target} == {id, other})
    found = Passages.model_validate(studio.get(f"/api/relations/{relation.id}/evidence").json)
    assert found.total == 2
    quarrel = next(one for one in found.passages if "quarrel" in joined(one.pieces))
    assert [(piece.text, piece.mark) for piece in quarrel.pieces] == [
        ("Ines Marrow", "entity"),
        (" and ", "evidence"),
        ("Orla Finch", "entity"),
        (" quarrelled over the brass of Nant Hollow.", "evidence"),
    ]
    opened = DocumentPage.model_validate(studio.get(f"/api/documents/{quarrel.document}", at=quarrel.at).json)
    assert opened.focus is not None
    assert opened.pieces[opened.focus].text == "Ines Marrow"
    assert " quarrelled over the " in [one.text for one in opened.pieces if one.mark == "evidence"]


def test_a_document_is_read_page_by_page_without_losing_a_character(studio: Studio) -> None:
    (document,) = [one for one in studio.desk.store.read(Document) if one.title == "The Tide Clock"]
    seen, start = "", 0
    while True:
        answer = studio.get(f"/api/documents/{document.id}", start=start, characters=200)
        page = DocumentPage.model_validate(answer.json)
        assert page.total == len(document.text)
        assert page.focus is None
        seen += joined(page.pieces)
        if page.end == page.total:
            break
        start = page.end
    assert seen == document.text
    whole = DocumentPage.model_validate(studio.get(f"/api/documents/{document.id}").json)
    named = {(piece.text, piece.entity) for piece in whole.pieces if piece.mark == "entity"}
    assert ("Nant Hollow", studio.entity("Nant Hollow")) in named


def test_a_place_in_a_document_is_in_focus(studio: Studio) -> None:
    id = studio.entity("Nant Hollow")
    for passage in studio.get(f"/api/entities/{id}/mentions").json["passages"]:
        page = DocumentPage.model_validate(
            studio.get(f"/api/documents/{passage['document']}", at=passage["at"]).json
        )
        assert page.focus is not None
        assert page.pieces[page.focus].entity == id
        beyond = studio.get(f"/api/documents/{passage['document']}", at=10**9).json
        assert beyond["focus"] == len(beyond["pieces"]) - 1


def test_a_few_entities_together_with_what_joins_them(studio: Studio) -> None:
    ids = [studio.entity(name) for name in ("Orla Finch", "Bram Keel", "林静")]
    found = SubgraphDetails.model_validate(studio.get("/api/subgraph", *(("entity", id) for id in ids)).json)
    assert [one.name for one in found.entities] == ["Orla Finch", "Bram Keel", "林静"]
    assert found.joined == 1
    assert {(one.source_name, one.target_name) for one in found.relations} == {("Orla Finch", "Bram Keel")}
    assert "--highlight 'Bram Keel'" in found.command
    assert studio.get("/api/subgraph").status == 422


def test_texts_colour_what_they_cover_in_the_order_they_were_written(studio: Studio) -> None:
    orla, bram = ((studio.entity(name), name) for name in ("Orla Finch", "Bram Keel"))
    store = open_corpus(studio.place)
    store.upsert(
        [
            text_about("one", orla),
            text_about("two", orla, bram),
            text_about("three", orla, bram, status="rejected"),
        ]
    )
    store.close()
    order = sorted((Entity.make(key, "").id, key) for key in ("one", "two"))
    place = {key: number for number, (_, key) in enumerate(order, 1)}
    picture = studio.post("/api/view").json
    node = {one["id"]: one for one in picture["nodes"]}
    assert picture["texts"] == 2
    assert (node[orla[0]]["covered"], node[orla[0]]["covered_at"]) == (2, [1, 2])
    assert node[bram[0]]["covered_at"] == [place["two"]]
    details = studio.get(f"/api/entities/{orla[0]}").json
    assert (details["covered"], details["texts"]) == (2, 3)
    both = studio.get("/api/subgraph", ("entity", orla[0]), ("entity", bram[0])).json
    assert (both["covered"], both["texts"]) == (1, 2)
    corpus = studio.get("/api/corpus").json
    assert (corpus["texts"], corpus["accepted"]) == (3, 2)


def test_what_is_not_there_is_said(folder_studio: Studio) -> None:
    for path in ("entities/{}", "entities/{}/mentions", "relations/{}/evidence", "documents/{}"):
        answer = folder_studio.get("/api/" + path.format("0" * 32))
        assert answer.status == 404
        assert "0" * 32 in answer.said
        assert folder_studio.get("/api/" + path.format("..%2f..%2fetc")).status in (404, 422)
    assert folder_studio.get("/api/entities/" + "0" * 32 + "/mentions", limit=201).status == 422
    assert folder_studio.get("/api/documents/" + "0" * 32, characters=10**9).status == 422


def test_hostile_names_come_back_as_they_are(new_corpus: Callable[[], str], serve: Serve) -> None:
    hostile = [
        "<script>alert(1)</script>",
        "\u202eevil",
        "😀👩\u200d👩",
        'it\'s "quoted" `x`',
        "x" * 10_000,
        "-v",
        "a\0b",
    ]
    entities = [Entity.make(name, "thing", description=name, given=True) for name in hostile]
    relations = [
        Relation.make(entities[0].id, name, one.id, given=True)
        for name, one in zip(hostile, entities, strict=True)
    ]
    place = new_corpus()
    store = open_corpus(place, create=True)
    store.replace_derived(Derived(entities=entities, relations=relations))
    store.close()
    studio = serve(place)
    picture = studio.post("/api/view").json
    assert {node["name"] for node in picture["nodes"]} == set(hostile)
    for entity in entities:
        details = studio.get(f"/api/entities/{entity.id}").json
        assert (details["name"], details["description"]) == (entity.name, entity.name)
        command = shlex.split(details["command"])
        assert command[-1] in (entity.name, entity.id)
        assert entity.id in {one["id"] for one in studio.get("/api/search", q=entity.name[:900]).json}
    rows = studio.get(f"/api/entities/{entities[0].id}/relations").json["relations"]
    assert {row["label"] for row in rows} == set(hostile)
    for kind in ("graphml", "gexf", "json", "svg"):
        assert studio.post(f"/api/export?format={kind}").status == 200
