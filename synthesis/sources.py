"""What a text rests on, as it can be read now: the words of its chunks, where they stand, and all it may say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from kg.model import Chunk, Document, Entity, Record
from kg.store import Store
from synthesis.base import Draft, Item, Kind, Parameters
from synthesis.checks.base import Written
from synthesis.context import Context, Passage, heading

CHANGED = "a document that has changed since"


@dataclass(frozen=True, slots=True)
class Source:
    """The words of a chunk. `document` is empty, and `at` 0, where its document has changed since or is gone."""

    document: str
    title: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What a record rests on: chunks in the order of its documents, the headings these have in a prompt, and
    the entities that it was asked about as they are now (an entity that is gone: as it was called)."""

    chunks: tuple[Source, ...]
    headings: str
    entities: tuple[Entity, ...]


def sources_of(store: Store, record: Record) -> Sources:
    """Everything of a record's sources that is still known. A chunk whose document has changed is there too."""
    documents = (
        {one.id: one for one in store.read(Document, "id", record.documents)} if record.documents else {}
    )
    chunks = {one.id: one for one in store.read(Chunk, "id", record.chunks)} if record.chunks else {}
    words = store.words(record.chunks)
    found = [_source(words[id], chunks.get(id), documents) for id in record.chunks if id in words]
    place = {id: number for number, id in enumerate(record.documents)}
    found.sort(key=lambda one: (place.get(one.document, len(place)), one.at))
    return Sources(
        tuple(found),
        "\n".join(heading(documents[id]) for id in record.documents if id in documents),
        asked_now(store, record),
    )


def asked_now(store: Store, record: Record) -> tuple[Entity, ...]:
    """The entities a text was asked about as they are now, the names it was asked by among their aliases."""
    found = []
    for asked in record.asked:
        now = next(iter(store.read(Entity, "id", [asked.entity])), None)
        if now is None:
            found.append(Entity(asked.entity, asked.name, ""))
        else:
            aliases = tuple(dict.fromkeys((*now.aliases, asked.name)))
            found.append(Entity(now.id, now.name, now.type, now.sense, now.description, aliases, now.given))
    return tuple(found)


def written_of(record: Record, sources: Sources, *, text: str = "", prompt: str = "") -> Written:
    """The text of a record, or another in its place, with what the checks hold it against.

    The context are whole chunks, where the model may have been shown some of their sentences. A text without
    chunks, and one with wrong answers among its questions, is held against its prompt too.
    """
    parts = [one.text for one in sources.chunks]
    if prompt and (not parts or record.kind == "qa"):
        parts.append(prompt)
    kind = cast(Kind, record.kind) if record.kind in get_args(Kind) else "text"
    context = Context(
        text="\n".join(parts),
        passages=tuple(
            Passage(one.document, one.at, one.at + len(one.text), one.text) for one in sources.chunks
        ),
        documents=record.documents,
        chunks=record.chunks,
        headings=sources.headings,
    )
    item = Item(
        subgraph=record.subgraph,
        entities=sources.entities,
        relations=(),
        strategy=record.strategy,
        version=record.version,
        parameters=Parameters(record.model),
        language=record.language,
        wording=record.wording,
    )
    return Written(Draft(record.title, text or record.text, kind), item, context, "stop", prompt)


def _source(words: str, chunk: Chunk | None, documents: dict[str, Document]) -> Source:
    document = documents.get(chunk.document) if chunk is not None else None
    if chunk is None or document is None or document.text[chunk.start : chunk.end] != words:
        return Source("", CHANGED, 0, words)
    return Source(document.id, document.title, chunk.start, words)


def forms_of(entities: Sequence[Entity]) -> dict[str, str]:
    """Every name and alias of these entities, and whose it is; the first of two that share one."""
    forms: dict[str, str] = {}
    for entity in entities:
        for form in (entity.name, *entity.aliases):
            forms.setdefault(form, entity.id)
    return forms
