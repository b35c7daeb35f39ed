"""A corpus told in a few lines: documents, the names in them with their types, and who did what."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from kg.model import Candidate, Chunk, Document, Entity, Evidence, Mention, Resolution
from kg.store import Reading, Store
from kg.stores import open_corpus

# A file that imports the driver of Neo4j is no test where it is not installed.
collect_ignore = [] if find_spec("neo4j") else ["test_neo4j_csv.py"]

# Arrays of a graph that are compared by value.
ARRAYS = ("entity_ids", "types", "mentions", "relation_ids", "sources", "targets", "labels", "weights")


class Tale:
    """Writes documents into a store as an extractor would have read them."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def tell(
        self,
        place: str,
        text: str,
        names: Mapping[str, str],
        relations: Sequence[tuple[str, str, str]] = (),
        *,
        descriptions: Mapping[str, str] | None = None,
        fingerprint: str = "dictionary",
    ) -> None:
        """One document: `names` with their types, `relations` between them, evident in the whole text."""
        document = Document.make(place, text, title=place, source=place, language="en")
        chunk = Chunk.make(document.id, text, 0, 0, len(text), "en")
        described = descriptions or {}
        candidates = {
            name: Candidate.make(document.id, name, type_, description=described.get(name, ""))
            for name, type_ in names.items()
        }
        mentions = [
            Mention(candidate.id, chunk.id, found.start(), found.end(), name)
            for name, candidate in candidates.items()
            for found in re.finditer(re.escape(name), text)
        ]
        evidence = [
            Evidence(candidates[source].id, label, candidates[target].id, chunk.id, 0, len(text))
            for source, label, target in relations
        ]
        self.store.replace_document(
            document, Reading([chunk], list(candidates.values()), mentions, evidence, fingerprint)
        )

    def entities(self) -> dict[str, list[str]]:
        """Names of the candidates behind each entity, by its name and sense."""
        names = {entity.id: entity for entity in self.store.read(Entity)}
        candidates = {one.id: one.name for one in self.store.read(Candidate)}
        found: dict[str, list[str]] = {}
        for row in self.store.read(Resolution, "candidate", candidates):
            entity = names[row.entity]
            key = f"{entity.name} ({entity.sense})" if entity.sense else entity.name
            found.setdefault(key, []).append(candidates[row.candidate])
        return {key: sorted(members) for key, members in sorted(found.items())}


@pytest.fixture
def tale(tmp_path: Path) -> Iterator[Tale]:
    """An empty corpus to tell documents to."""
    store = open_corpus(tmp_path / "tale.kg", create=True)
    yield Tale(store)
    store.close()


@pytest.fixture
def new_tale(tmp_path: Path) -> Iterator[Callable[[], Tale]]:
    """Makes one empty corpus after another, for tests that need several."""
    stores: list[Store] = []

    def make() -> Tale:
        stores.append(open_corpus(tmp_path / f"tale{len(stores)}.kg", create=True))
        return Tale(stores[-1])

    yield make
    for store in stores:
        store.close()
