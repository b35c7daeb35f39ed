"""What a corpus can tell about the entities on a page: descriptions, sentences, texts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.model import Chunk, Document, Entity, Evidence, Mention, Record, Resolution, content_id
from kg.sentences import sentences
from kg.store import Store

PER_ENTITY = 4
PER_RELATION = 2
TEXTS_PER_ENTITY = 6


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a document, as it stands there."""

    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Notes:
    """By id: the entity itself, quotes that speak of it or state a relation, texts that cover it."""

    entities: Mapping[str, Entity] = field(default_factory=dict)
    quotes: Mapping[str, Sequence[Quote]] = field(default_factory=dict)
    texts: Mapping[str, Sequence[Record]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    chunk: str
    start: int
    end: int


def notes_of(store: Store, entities: Sequence[str]) -> Notes:
    """Notes on these entities (ids) and the relations among them.

    At most four quotes an entity, two a relation and six texts an entity; an entity that no relation
    speaks of is quoted where it is mentioned. Only accepted and edited texts.
    """
    if not entities:
        return Notes()
    entity_of = {row.candidate: row.entity for row in store.read(Resolution, "entity", entities)}
    wanted = set(entities)
    places: dict[str, list[_Place]] = defaultdict(list)
    for row in store.read(Evidence, "entity", entities):
        source, target = entity_of.get(row.source, ""), entity_of.get(row.target, "")
        place = _Place(row.chunk, row.start, row.end)
        _keep(places, content_id("relation", source, row.label, target), place, PER_RELATION)
        for end in (source, target):
            _keep(places, end, place, PER_ENTITY)
    if silent := [id for id in entities if not places[id]]:
        for mention in store.read(Mention, "entity", silent):
            place = _Place(mention.chunk, mention.start, mention.end)
            _keep(places, entity_of.get(mention.candidate, ""), place, PER_RELATION)
    return Notes(
        entities={entity.id: entity for entity in store.read(Entity, "id", entities)},
        quotes=_quotes(store, places),
        texts=_texts(store, entities, wanted),
    )


def _keep(places: dict[str, list[_Place]], key: str, place: _Place, limit: int) -> None:
    if key and len(places[key]) < limit and place not in places[key]:
        places[key].append(place)


def _quotes(store: Store, places: Mapping[str, Sequence[_Place]]) -> dict[str, list[Quote]]:
    """The sentences around the places; each document is read once and not kept."""
    every = {place for kept in places.values() for place in kept}
    if not every:
        return {}
    chunks = {chunk.id: chunk for chunk in store.read(Chunk, "id", sorted({one.chunk for one in every}))}
    by_document: dict[str, list[_Place]] = defaultdict(list)
    for place in every:
        if place.chunk in chunks:
            by_document[chunks[place.chunk].document].append(place)
    found: dict[_Place, Quote] = {}
    for id in sorted(by_document):
        for document in store.read(Document, "id", [id]):
            for place in by_document[id]:
                text = _sentence(document, chunks[place.chunk], place)
                found[place] = Quote(text, document.title)
    return {key: [found[place] for place in kept if place in found] for key, kept in places.items() if kept}


def _sentence(document: Document, chunk: Chunk, place: _Place) -> str:
    """The sentence or sentences of the chunk that the place touches."""
    touched = [
        (start, end)
        for start, end in sentences(document.text, chunk.start, chunk.end, chunk.language)
        if start < place.end and end > place.start
    ]
    start = min([place.start, *(start for start, _ in touched)])
    end = max([place.end, *(end for _, end in touched)])
    return document.text[start:end].strip()


def _texts(store: Store, entities: Iterable[str], wanted: set[str]) -> dict[str, list[Record]]:
    records = [record for record in store.read(Record, "entity", entities) if record.counts]
    candidates = sorted({id for record in records for asked in record.asked for id in asked.candidates})
    rows = store.read(Resolution, "candidate", candidates) if candidates else iter(())
    now = {row.candidate: row.entity for row in rows}
    texts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        covered: set[str] = set()
        for asked in record.asked:
            if asked.named:
                covered |= {now[id] for id in asked.candidates if id in now} or {asked.entity}
        for id in sorted(covered & wanted):
            if len(texts[id]) < TEXTS_PER_ENTITY:
                texts[id].append(record)
    return dict(texts)
