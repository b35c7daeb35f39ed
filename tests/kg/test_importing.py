"""Graphs that others made: what becomes an entity, what a relation, and what is left out and why."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.importing import Link, Named, import_file, import_graph, import_rows
from kg.importing.base import Row
from kg.model import Entity, GraphError, Relation
from kg.store import Store
from kg.stores import open_corpus
from tests.kg.conftest import Tale

HOSTILE = [
    "<script>alert(1)</script>",
    "'); DROP TABLE entity; --",
    "MATCH (n) DETACH DELETE n",
    "a`b}{c\\",
    'comma, "quote"\nline',
    "n" * 100_000,
    "\u202eright to left",
    "李明",
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_corpus(tmp_path / "c.kg", create=True)
    yield opened
    opened.close()


def put(tmp_path: Path, text: str, name: str = "g.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def entities(store: Store) -> dict[str, Entity]:
    """Entities by name, with the sense where they have one."""
    return {f"{e.name} ({e.sense})" if e.sense else e.name: e for e in store.read(Entity)}


def relations(store: Store) -> dict[tuple[str, str, str], Relation]:
    names = {e.id: key for key, e in entities(store).items()}
    return {(names[r.source], r.label, names[r.target]): r for r in store.read(Relation)}


def rows_of(store: Store) -> tuple[list[Entity], list[Relation]]:
    return list(store.read(Entity)), list(store.read(Relation))


# ---- names, types, weights -----------------------------------------------------------------------


def test_an_edge_list_becomes_given_entities_and_relations(store: Store, tmp_path: Path) -> None:
    report = import_file(store, put(tmp_path, "Ada,Bo,knows,2\nBo,Cy,likes\n"))
    assert (report.entities, report.relations, report.changed) == (3, 2, True)
    assert all(entity.given for entity in store.read(Entity))
    assert {key: (r.weight, r.given) for key, r in relations(store).items()} == {
        ("Ada", "knows", "Bo"): (2.0, True),
        ("Bo", "likes", "Cy"): (1.0, True),
    }


def test_weights_of_parallel_relations_add_up_and_the_longest_description_stays(
    store: Store, tmp_path: Path
) -> None:
    lines = "source,target,label,weight,description\nAda,Bo,pays,0.1,short\nADA, bo ,pays,0.2,rather long\n"
    import_file(store, put(tmp_path, lines + "Ada,Bo,pays,,\nBo,Ada,pays,7,\n"))
    found = relations(store)
    assert found["Ada", "pays", "Bo"].weight == 1.3
    assert found["Ada", "pays", "Bo"].description == "rather long"
    assert found["Bo", "pays", "Ada"].weight == 7


def test_one_name_under_two_types_is_two_entities_with_a_sense(store: Store) -> None:
    import_rows(
        store,
        [
            Link(Named("Mercury", "Planet"), "orbits", Named("Sun", "Star")),
            Link(Named("mercury", "Element"), "is in", Named("Thermometer", "Thing")),
            Link(Named("Mercury", "planet"), "is near", Named("Sun")),
        ],
    )
    assert sorted(entities(store)) == ["Mercury (planet)", "Sun", "Thermometer", "mercury (element)"]
    assert ("Mercury (planet)", "is near", "Sun") in relations(store)


def test_a_name_without_a_type_is_the_thing_of_that_name_if_there_is_one(store: Store) -> None:
    rows: list[Row] = [
        Link(Named("Ada"), "owns", Named("Ship")),
        Named("Ada", "Person", "A pilot.", ("Miss A.",)),
    ]
    assert import_rows(store, rows).left_out.reasons == {}
    ada = entities(store)["Ada"]
    assert (ada.type, ada.description, ada.aliases) == ("Person", "A pilot.", ("Miss A.",))


def test_a_name_of_several_types_that_does_not_say_which_is_left_out_and_counted(store: Store) -> None:
    report = import_rows(
        store,
        [
            Named("Ostrey", "Town"),
            Named("Ostrey", "Ship"),
            Link(Named("Ostrey"), "pays", Named("Mina", "Person")),
            Link(Named("Ostrey", "Ship"), "carries", Named("Mina", "Person")),
        ],
    )
    assert list(relations(store)) == [("Ostrey (ship)", "carries", "Mina")]
    assert sorted(report.left_out.reasons.values()) == [1, 1]
    assert any("'Ostrey' 'pays' 'Mina'" in line for line in report.left_out.shown)


def test_what_has_no_name_or_no_other_end_is_left_out_and_counted(store: Store) -> None:
    report = import_rows(
        store,
        [
            Named("", key="1", description="the node 1"),
            Named("Ada", key="2"),
            Link("1", "knows", "2"),
            Link("2", "knows", "nobody"),
            Link("2", "is", "2"),
            Link(Named(""), "is", Named("Ada")),
        ],
    )
    assert (report.entities, report.relations) == (1, 0)
    assert report.left_out.reasons == {
        "it has no name": 1,
        "an end of it was left out": 1,
        "it names a node that is not in the source": 1,
        "it joins a thing to itself": 1,
        "an end of it has no name": 1,
    }


def test_a_thing_alone_is_kept_and_survives_a_rebuild(tale: Tale) -> None:
    from kg.derivation import derive

    import_rows(tale.store, [Named("Lonely", "Thing", "Nobody knows it.")])
    tale.tell("a", "Orla met Bram.", {"Orla": "person", "Bram": "person"}, [("Orla", "met", "Bram")])
    derive(tale.store)
    assert sorted(entities(tale.store)) == ["Bram", "Lonely", "Orla"]


# ---- again, and into what is there ---------------------------------------------------------------


ROWS: list[Row] = [
    Link(Named("Ada", "Person"), "knows", Named("Bo", "Person"), "since 1820", 0.1),
    Link(Named("ada", "person"), "knows", Named("Bo"), "", 0.2),
    Link(Named("Bo", "Ship"), "carries", Named("Ada"), "", 0.7),
    Link(Named("Cy"), "", Named("Ada"), "", 0.0),
    Named("Cy", "Town", "A town.", ("Cyton", "CY", "Cytown")),
    Named("Alone"),
]


def test_an_import_done_twice_changes_nothing(store: Store) -> None:
    first = import_rows(store, ROWS)
    before, generation = rows_of(store), store.generation
    again = import_rows(store, ROWS)
    assert (first.changed, again.changed) == (True, False)
    assert (again.entities, again.relations) == (first.entities, first.relations)
    assert (rows_of(store), store.generation) == (before, generation)


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(ROWS))
def test_the_order_of_the_rows_changes_no_id_and_no_weight(
    new_store: Callable[[], Store], rows: list[Row]
) -> None:
    one, other = new_store(), new_store()
    import_rows(one, ROWS)
    import_rows(other, rows)
    assert [e.id for e in one.read(Entity)] == [e.id for e in other.read(Entity)]
    assert list(one.read(Relation)) == list(other.read(Relation))


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    stores: list[Store] = []

    def make() -> Store:
        stores.append(open_corpus(tmp_path / f"{len(stores)}.kg", create=True))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


def test_an_entity_found_in_documents_is_the_imported_one_unless_their_types_contradict(tale: Tale) -> None:
    from kg.derivation import derive

    tale.tell("a", "Orla met Wendlow.", {"Orla": "PERSON", "Wendlow": "GPE"}, [("Orla", "met", "Wendlow")])
    derive(tale.store)
    import_rows(
        tale.store,
        [
            Link(Named("Orla", "Employee"), "works in", Named("Wendlow", "Person")),
            Named("Orla", "Employee", "The keeper."),
        ],
    )
    found = entities(tale.store)
    assert sorted(found) == ["Orla", "Wendlow", "Wendlow (person)"]
    assert (found["Orla"].description, found["Orla"].given) == ("The keeper.", True)
    assert set(relations(tale.store)) == {
        ("Orla", "met", "Wendlow"),
        ("Orla", "works in", "Wendlow (person)"),
    }


def test_a_later_import_finds_the_senses_of_an_earlier_one(store: Store) -> None:
    import_rows(store, [Named("Mercury", "Planet"), Named("Mercury", "Element")])
    report = import_rows(store, [Named("Mercury", "Element", "Hg"), Named("Mercury", "God")])
    assert sorted(entities(store)) == ["Mercury (element)", "Mercury (god)", "Mercury (planet)"]
    assert entities(store)["Mercury (element)"].description == "Hg"
    assert report.entities == 2


# ---- files ---------------------------------------------------------------------------------------


def test_an_edge_list_may_say_types_and_a_second_file_the_nodes(store: Store, tmp_path: Path) -> None:
    edges = put(
        tmp_path,
        "target_type\tsource\ttarget\tlabel\tdescription\nTown\tMina\tOstrey\tlives in\tsince 1820\n",
        "edges.tsv",
    )
    nodes = put(
        tmp_path, "aliases,name,type,description\nMiss D.; M. D.,Mina,Person,A pilot\n,Lone,,\n", "nodes.csv"
    )
    import_file(store, edges, nodes=nodes)
    found = entities(store)
    assert (found["Mina"].type, found["Mina"].description) == ("Person", "A pilot")
    assert sorted(found["Mina"].aliases) == ["M. D.", "Miss D."]
    assert (found["Ostrey"].type, found["Lone"].type) == ("Town", "")
    assert relations(store)["Mina", "lives in", "Ostrey"].description == "since 1820"


def test_graphml_is_imported_with_types_and_descriptions(store: Store, tmp_path: Path) -> None:
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.add_node("1", name="Mina", type="Person", description="A pilot")
    graph.add_node("2", label="Ostrey")
    graph.add_node("n3")
    graph.add_edge("1", "2", label="lives in", weight=2.0)
    graph.add_edge("1", "2", label="lives in", weight=0.5, description="since 1820")
    graph.add_edge("2", "n3")
    networkx.write_graphml(graph, tmp_path / "g.graphml")
    import_file(store, tmp_path / "g.graphml")
    found = relations(store)
    assert set(found) == {("Mina", "lives in", "Ostrey"), ("Ostrey", "", "n3")}
    assert (found["Mina", "lives in", "Ostrey"].weight, entities(store)["Mina"].description) == (
        2.5,
        "A pilot",
    )


def test_hostile_names_come_in_as_they_are(store: Store) -> None:
    rows = [Link(Named(a, b), a, Named(b, a), b) for a, b in pairwise(HOSTILE)]
    import_rows(store, rows)
    assert {entity.name for entity in store.read(Entity)} == set(HOSTILE)
    assert {relation.label for relation in store.read(Relation)} == set(HOSTILE[:-1])


def test_nul_and_half_characters_are_replaced(store: Store, tmp_path: Path) -> None:
    import_file(store, put(tmp_path, "a\0b,c\n"))
    assert sorted(entities(store)) == ["a\ufffdb", "c"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.csv", "a,b\nc\n", "line 2: wanted source and target"),
        ("g.csv", "a,b,r,heavy\n", "line 1: the weight 'heavy'"),
        ("g.csv", "", "there is nothing in it"),
        ("g.graphml", "<graphml><graph>", "not well-formed"),
    ],
)
def test_after_an_error_nothing_is_written(
    store: Store, tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(GraphError, match=message):
        import_file(store, put(tmp_path, text, name))
    assert rows_of(store) == ([], [])
    assert store.generation == 0


def test_files_and_options_that_do_not_fit_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no importer reads the ending '\.xlsx'.*\.csv, \.graphml, \.tsv"):
        import_graph(store, "g.xlsx")
    with pytest.raises(ValueError, match="--cypher is for a Neo4j database"):
        import_graph(store, "g.csv", cypher="RETURN 1")
    with pytest.raises(ValueError, match="--nodes is for a file"):
        import_graph(store, "bolt://127.0.0.1:1", nodes="n.csv")
    with pytest.raises(ValueError, match="--cypher says itself what is read"):
        import_graph(store, "bolt://127.0.0.1:1", cypher="RETURN 1", labels=["A"])
    with pytest.raises(GraphError, match="No such file"):
        import_graph(store, str(tmp_path / "none.csv"))


@pytest.mark.slow
def test_a_large_edge_list_stays_out_of_memory(store: Store, tmp_path: Path) -> None:
    import tracemalloc

    rng = random.Random(0)
    lines = (
        f"Entity {rng.randrange(5_000)},Entity {5_000 + rng.randrange(5_000)},knows,1\n"
        for _ in range(40_000)
    )
    path = put(tmp_path, "".join(lines))
    import_file(store, put(tmp_path, "a,b\n", "warm.csv"))
    tracemalloc.start()
    try:
        report = import_file(store, path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.entities <= 10_000
    assert relations(store).keys() >= {("a", "", "b")}
    assert peak < 60_000_000
