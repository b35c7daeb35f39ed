"""Names in memory are searched as the store searches them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Entity
from kg.name_index import NameIndex
from kg.store import Derived
from kg.stores import open_corpus

NAMES = st.text("abAB 林静潮é\u0130ß'\\%_\n", min_size=1, max_size=6)
ENTITIES = st.lists(
    st.tuples(NAMES, st.sampled_from(("", "one", "two")), st.lists(NAMES, max_size=3)), max_size=25
)


def ids(found: list[Entity]) -> list[str]:
    return [one.id for one in found]


@settings(max_examples=60, deadline=None)
@given(rows=ENTITIES, wanted=st.text("abAB 林静潮é\u0130ß'\\%_\n", max_size=4))
def test_it_finds_what_the_store_finds_in_the_same_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, list[str]]], wanted: str
) -> None:
    made = {
        (one := Entity.make(name, "", sense, "", tuple(aliases), given=True)).id: one
        for name, sense, aliases in rows
    }
    store = open_corpus(tmp_path_factory.mktemp("names") / "c.kg", create=True)
    store.replace_derived(Derived(entities=list(made.values())))
    index = NameIndex(store.read(Entity))
    assert index.search(wanted, 200) == ids(store.search(wanted, 200))
    assert index.search(wanted, 3) == index.search(wanted, 200)[:3]
    store.close()


def test_the_name_itself_comes_first_then_beginnings_then_insides_then_aliases(tmp_path: Path) -> None:
    entities = [
        Entity.make("old tide", ""),
        Entity.make("tide clock", ""),
        Entity.make("tide", ""),
        Entity.make("bell", "", aliases=("the tide bell",)),
        Entity.make("spring", "", aliases=("tide",)),
    ]
    names = {one.id: one.name for one in entities}
    found = [names[id] for id in NameIndex(entities).search("Tide")]
    assert found == ["tide", "tide clock", "old tide", "spring", "bell"]


def test_nothing_is_found_for_nothing() -> None:
    index = NameIndex([Entity.make("tide", "")])
    assert index.search("  ") == []
    assert index.search("tide", 0) == []
    assert NameIndex([]).search("a") == []
