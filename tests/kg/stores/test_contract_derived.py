"""What every store does alike with the graph: derived, given, and written again."""

from dataclasses import replace

import pytest

from kg.graph import Graph
from kg.model import Candidate, Entity, Evidence, Mention, Record, Relation, Resolution
from kg.store import Derived, Store, StoreError
from tests.kg.conftest import ARRAYS
from tests.kg.stores.conftest import Derive, Everything, MakeRecord, Say, entity_of

# ---- what is derived -----------------------------------------------------------------------------


def test_the_graph_shows_what_was_derived(store: Store, say: Say, derive: Derive) -> None:
    first, _ = say("a.txt", "Anna", "knows", "Bert")
    for spoken in (say("a.txt", "Anna", "knows", "Bert"), say("b.txt", "Anna", "knows", "Bert")):
        store.replace_document(*spoken)
    store.replace_document(*say("c.txt", "Bert", "likes", "Cleo"))
    derive(store)
    graph = store.graph()
    row = graph.entity_row(entity_of("Bert"))
    assert (graph.names[row], graph.mentions[row]) == ("Bert", 3)
    assert len(graph.entity_documents[row]) == 3
    knows = graph.relation_row(Relation.make(entity_of("Anna"), "knows", entity_of("Bert")).id)
    assert graph.weights[knows] == 3.0
    assert graph.label_names[graph.labels[knows]] == "knows"
    titles = {graph.document_titles[i] for i in graph.relation_documents[knows]}
    assert titles == {"A.Txt", "B.Txt"}
    assert first.id in graph.document_ids
    assert graph.generation == store.generation


def test_the_graph_equals_one_built_from_its_rows(store: Store, say: Say, derive: Derive) -> None:
    for i in range(12):
        store.replace_document(*say(f"{i}.txt", f"P{i % 5}", f"label {i % 3}", f"P{(i * 7) % 6} x"))
    derived = derive(store)
    of = {resolution.candidate: resolution.entity for resolution in derived.resolutions}
    owner = {candidate.id: candidate.document for candidate in store.read(Candidate)}
    counts: dict[str, int] = {}
    for mention in store.read(Mention):
        counts[of[mention.candidate]] = counts.get(of[mention.candidate], 0) + 1
    by_hand = Graph.build(
        [(e.id, e.name, e.type, counts.get(e.id, 0)) for e in derived.entities],
        [(r.id, r.source, r.label, r.target, r.weight) for r in derived.relations],
        documents=[(info.id, info.title) for info in store.documents()],
        entity_documents=[(of[candidate], document) for candidate, document in owner.items()],
        relation_documents=[
            (Relation.make(of[e.source], e.label, of[e.target]).id, owner[e.source])
            for e in store.read(Evidence)
        ],
    )
    graph = store.graph()
    for name in ARRAYS:
        assert getattr(graph, name).tolist() == getattr(by_hand, name).tolist(), name
    for name in ("names", "type_names", "label_names", "document_ids", "document_titles"):
        assert list(getattr(graph, name)) == list(getattr(by_hand, name)), name
    for name in ("entity_documents", "relation_documents"):
        assert getattr(graph, name).starts.tolist() == getattr(by_hand, name).starts.tolist(), name
        assert getattr(graph, name).values.tolist() == getattr(by_hand, name).values.tolist(), name


def test_evidence_and_mentions_are_found_by_what_they_are_about(
    store: Store, say: Say, derive: Derive
) -> None:
    spoken = [
        say("a.txt", "Anna", "knows", "Bert"),
        say("b.txt", "Bert", "likes", "Anna"),
        say("c.txt", "Cleo", "is", "Dora"),
    ]
    for document, reading in spoken:
        store.replace_document(document, reading)
    derive(store)
    evidence = [reading.evidence[0] for _, reading in spoken]
    assert {row.label for row in store.read(Evidence, "entity", [entity_of("Anna")])} == {"knows", "likes"}
    assert len(list(store.read(Evidence, "entity", [entity_of("Anna"), entity_of("Bert")]))) == 2
    knows = Relation.make(entity_of("Anna"), "knows", entity_of("Bert"))
    assert list(store.read(Evidence, "relation", [knows.id])) == evidence[:1]
    assert len(list(store.read(Mention, "entity", [entity_of("Bert")]))) == 2
    assert list(store.read(Mention, "candidate", [evidence[2].source])) == [spoken[2][1].mentions[0]]
    assert {row.label for row in store.read(Relation, "entity", [entity_of("Dora")])} == {"is"}
    assert len(list(store.read(Candidate, "entity", [entity_of("Anna")]))) == 2


def test_an_empty_corpus_has_an_empty_graph(store: Store) -> None:
    graph = store.graph()
    assert (len(graph), graph.relation_count, len(graph.document_ids)) == (0, 0, 0)
    assert store.search("anna") == []


def test_given_relations_and_their_entities_survive_a_rebuild(store: Store, say: Say, derive: Derive) -> None:
    ends = Entity.make("Xenia", "person"), Entity.make("Yuri", "person")
    given = Relation.make(ends[0].id, "taught", ends[1].id, "imported", 2.0, given=True)
    store.upsert([given, *ends])
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    derive(store)
    derive(store)
    assert list(store.read(Relation, "given", ["1"])) == [given]
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert", "Xenia", "Yuri"}
    assert store.delete([given]) == 1
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert"}


def test_a_derived_relation_leaves_a_given_one_of_the_same_id_as_it_is(
    store: Store, say: Say, derive: Derive
) -> None:
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    derive(store)
    given = Relation.make(entity_of("Anna"), "knows", entity_of("Bert"), "imported", 7.0, given=True)
    store.upsert([given])
    derive(store)
    assert list(store.read(Relation)) == [given]


def test_a_users_word_survives_a_rebuild_and_waits_for_its_candidate(
    store: Store, say: Say, derive: Derive
) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    store.replace_document(*say("b.txt", "Cleo", "knows", "Dora"))
    derive(store)
    nina = Entity.make("Nina", "person", aliases=("Annie",))
    word = Resolution(reading.candidates[0].id, nina.id, "I know her", "user")
    store.upsert([word, nina])
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Nina", "Bert", "Cleo", "Dora"}

    store.remove_documents([document.id])
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Cleo", "Dora"}
    assert store.search("nina") == []
    assert list(store.read(Resolution, "by", ["user"])) == [word]
    assert list(store.read(Entity, "id", [nina.id])) == [nina]
    assert len(store.graph()) == 2

    store.replace_document(document, reading)
    derive(store)
    assert list(store.read(Resolution, "candidate", [word.candidate])) == [word]
    assert {entity.name for entity in store.read(Entity)} == {"Nina", "Bert", "Cleo", "Dora"}
    assert store.search("annie") == [nina]

    assert store.delete([word]) == 1
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert", "Cleo", "Dora"}


def test_a_users_word_about_an_unknown_candidate_waits(store: Store, say: Say, derive: Derive) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    nina = Entity.make("Nina", "person")
    store.upsert([nina, Resolution(reading.candidates[0].id, nina.id, "from a copy", "user")])
    derive(store)
    assert list(store.read(Candidate)) == []
    store.replace_document(document, reading)
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Nina", "Bert"}


def test_a_rule_does_not_overrule_a_user(store: Store, say: Say, derive: Derive) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    derived = derive(store)
    nina = Entity.make("Nina", "person")
    word = Resolution(reading.candidates[0].id, nina.id, "I know her", "user")
    store.upsert([nina, word])
    store.replace_derived(derived)
    assert list(store.read(Resolution, "candidate", [word.candidate])) == [word]
    assert nina in list(store.read(Entity))


def test_redirects_are_followed_to_their_end_and_never_in_circles(store: Store, record: MakeRecord) -> None:
    a, b, c = (Entity.make(name, "person") for name in "ABC")
    store.replace_derived(Derived(entities=[a]))
    store.upsert([record("about a", subgraph=record("x").subgraph, asked=())])
    store.replace_derived(Derived(entities=[b], redirects={a.id: b.id}))
    store.replace_derived(Derived(entities=[c], redirects={b.id: c.id}))
    assert list(store.read(Entity, "id", [a.id])) == [c]
    assert store.neighbourhood(a.id).entities == (c.id,)
    with pytest.raises(StoreError, match="circle"):
        store.replace_derived(Derived(entities=[], redirects={c.id: a.id}))
    assert list(store.read(Entity)) == [c]
    store.replace_derived(Derived(entities=[a], redirects={c.id: a.id}))
    assert list(store.read(Entity, "id", [b.id, a.id, c.id])) == [a]


def test_records_are_found_by_the_entity_that_took_the_place_of_theirs(
    store: Store, record: MakeRecord
) -> None:
    anna, nina = Entity.make("Anna", "person"), Entity.make("Nina", "person")
    store.replace_derived(Derived(entities=[anna]))
    store.upsert([record("one")])
    store.replace_derived(Derived(entities=[nina], redirects={anna.id: nina.id}))
    assert list(store.read(Record, "entity", [nina.id])) == [record("one")]


def test_a_rebuild_drops_what_is_no_longer_derived(store: Store, everything: Everything) -> None:
    a, b, c = (Entity.make(name, "person") for name in "ABC")
    old = Derived(
        entities=[a, b, c], relations=[Relation.make(a.id, "to", b.id), Relation.make(b.id, "to", c.id)]
    )
    new = Derived(
        entities=[a, replace(b, description="changed")], relations=[Relation.make(a.id, "to", b.id, weight=2)]
    )
    store.replace_derived(old)
    store.replace_derived(new)
    assert {entity.id: entity for entity in store.read(Entity)} == {
        entity.id: entity for entity in new.entities
    }
    assert list(store.read(Relation)) == list(new.relations)
    before, generation = everything(store), store.generation
    store.replace_derived(new)
    assert everything(store) == before
    assert store.generation == generation


# ---- what was given ------------------------------------------------------------------------------


def test_given_entities_are_read_by_that_column_and_survive_a_rebuild(
    store: Store, say: Say, derive: Derive
) -> None:
    alone = Entity.make("Xenia", "person", "", "imported", ("Xen",), given=True)
    store.upsert([alone, Entity.make("Yuri", "person")])
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    for _ in range(2):
        derive(store)
        assert list(store.read(Entity, "given", ["1"])) == [alone]
        assert list(store.read(Entity, "given", ["0"])) == []
        assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert", "Xenia"}
    assert store.search("xen") == [alone]
    assert len(store.graph()) == 3
    assert store.delete([alone]) == 1
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert"}


def test_a_given_entity_among_the_derived_takes_their_words_and_stays_given(store: Store) -> None:
    store.upsert([Entity.make("Anna", "person", given=True)])
    derived = Entity.make("Anna", "person", "", "seen in a document", ("Annie",))
    store.replace_derived(Derived(entities=[derived]))
    stands = replace(derived, given=True)
    assert list(store.read(Entity)) == [stands]
    generation = store.generation
    store.replace_derived(Derived(entities=[derived]))
    assert store.generation == generation
    store.replace_derived(Derived())
    assert list(store.read(Entity)) == [stands]
    assert store.search("annie") == [stands]


def test_an_entity_is_given_or_not_as_it_was_last_written(store: Store) -> None:
    anna = Entity.make("Anna", "person", given=True)
    store.upsert([anna])
    store.upsert([replace(anna, given=False)])
    assert list(store.read(Entity, "given", ["1"])) == []
    store.replace_derived(Derived(entities=[anna]))
    assert list(store.read(Entity, "given", ["1"])) == [anna]
    store.upsert([replace(anna, given=False)])
    store.replace_derived(Derived())
    assert list(store.read(Entity)) == []
