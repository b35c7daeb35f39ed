"""Names are found in every script and length, best first, whatever is typed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.model import Entity, normal_name
from kg.store import Derived, Store

LETTERS = st.characters(exclude_categories=["Cs"])


def names(store: Store, text: str, limit: int = 20) -> list[str]:
    return [entity.name for entity in store.search(text, limit)]


@pytest.fixture
def known(store: Store) -> Store:
    store.replace_derived(
        Derived(
            entities=[
                Entity.make("Tide", "thing"),
                Entity.make("Tide Clock", "thing"),
                Entity.make("tide accord", "law"),
                Entity.make("High Tide", "thing"),
                Entity.make("Low Tide", "thing"),
                Entity.make("Moon's pull", "force", aliases=("Tide", "the tide", "MOON'S  PULL")),
                Entity.make("李明", "person", aliases=("老李",)),
                Entity.make("李明珠", "person"),
                Entity.make("王小明", "person"),
                Entity.make("LLM2LLM方法", "method"),
                Entity.make("Ab", "thing"),
                Entity.make("crab", "animal"),
                Entity.make('O"Neil (100 %)*', "person"),
                Entity.make("Straße", "place"),
                Entity.make("Öl", "thing"),
            ]
        )
    )
    return store


def test_exact_before_prefix_before_inside_before_alias(known: Store) -> None:
    assert names(known, "TIDE") == [
        "Tide",
        "tide accord",
        "Tide Clock",
        "High Tide",
        "Low Tide",
        "Moon's pull",
    ]
    assert names(known, "tide", 3) == ["Tide", "tide accord", "Tide Clock"]
    assert names(known, "tide", 0) == []


def test_an_entity_is_found_once(known: Store) -> None:
    assert names(known, "moon's pull") == ["Moon's pull"]
    assert names(known, "ide") == [
        "High Tide",
        "Low Tide",
        "Tide",
        "tide accord",
        "Tide Clock",
        "Moon's pull",
    ]


def test_chinese_names_of_two_characters_are_found(known: Store) -> None:
    assert names(known, "李明") == ["李明", "李明珠"]
    assert names(known, "小明") == ["王小明"]
    assert names(known, "明珠") == ["李明珠"]
    assert names(known, "方法") == ["LLM2LLM方法"]


def test_a_single_character_is_enough(known: Store) -> None:
    assert names(known, "明") == ["李明", "李明珠", "王小明"]
    assert names(known, "李") == ["李明", "李明珠"]
    assert names(known, "老") == ["李明"]
    assert names(known, "ö") == ["Öl"]


def test_short_latin_queries_look_inside(known: Store) -> None:
    assert names(known, "ab") == ["Ab", "crab"]
    assert names(known, "m方") == ["LLM2LLM方法"]
    assert names(known, "l") == ["Öl"][:0] + names(known, "L")
    assert "Low Tide" in names(known, "l")


def test_case_width_and_spaces_do_not_matter(known: Store) -> None:
    assert names(known, "  ｔｉｄｅ   CLOCK ") == ["Tide Clock"]
    assert names(known, "strasse") == ["Straße"]


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "*",
        "%",
        '"*" OR "a',
        "tide*",
        "NEAR(a b)",
        "a AND b",
        "text:tide",
        "\0",
        "tide\0",
        "\0tide clock",
        "\ud800",
        "'; DROP TABLE entity; --",
        "(((((",
        "{}[]^~",
        "x" * 100_000,
        "\U0010ffff" * 70,
        "",
        "   ",
        "‮tide",
    ],
)
def test_hostile_queries_find_nothing_and_break_nothing(known: Store, query: str) -> None:
    found = known.search(query)
    assert all(normal_name(query) in normal_name(entity.name) for entity in found)
    assert names(known, "high tide") == ["High Tide"]


def test_quotes_and_stars_are_searched_as_they_are(known: Store) -> None:
    assert names(known, 'o"n') == ['O"Neil (100 %)*']
    assert names(known, "(100 %)*") == ['O"Neil (100 %)*']


def test_a_renamed_entity_is_found_by_its_new_name_alone(known: Store) -> None:
    (crab,) = known.search("crab")
    known.upsert([Entity(crab.id, "青蟹", "animal", "", "", ("mud crawler",))])
    assert names(known, "crab") == []
    assert names(known, "青") == names(known, "crawl") == names(known, "mud crawler") == ["青蟹"]
    known.replace_derived(Derived())
    assert names(known, "青") == names(known, "tide") == []


def test_names_of_a_hundred_kilobytes_are_kept_and_found(store: Store) -> None:
    long = "ab " * 33_000 + "the end"
    store.replace_derived(Derived(entities=[Entity.make(long, "x"), Entity.make(long + "!", "x")]))
    assert [entity.name for entity in store.search(long)] == [long, long + "!"]
    assert [entity.name for entity in store.search("the end!")] == [long + "!"]
    assert len(store.search("ab ab")) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=8),
    st.text(LETTERS, min_size=1, max_size=3),
)
def test_search_finds_what_a_plain_scan_finds(store: Store, wanted: list[str], piece: str) -> None:
    texts = [*wanted, *(name + piece for name in wanted[:2])]
    entities = {entity.id: entity for entity in (Entity.make(name, "x") for name in texts)}
    store.replace_derived(Derived(entities=list(entities.values())))
    for query in (piece, wanted[0], wanted[-1][-2:]):
        plain = normal_name(query).replace("\0", "�")
        expected = {
            id for id, e in entities.items() if plain and plain in normal_name(e.name).replace("\0", "�")
        }
        assert {entity.id for entity in store.search(query, 100)} == expected
