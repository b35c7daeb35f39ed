"""The texts of a corpus to choose from: by entity, status, strategy, run, reason or words; the newest first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from entigraph.planning import calls_of
from kg.graph import Graph
from kg.model import Entity, Record
from kg.store import Store

BATCH = 500


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a list. `item` is what was wanted (`kg.model.Record.item`). `place` is its number, from 1, in the order in which the answers came; of an edit that
    of the text it was made from. `entities` are those it is about by their ids now, `names` as they were
    called."""

    id: str
    item: str
    place: int
    title: str
    status: str
    strategy: str
    model: str
    language: str
    run: str
    reasons: tuple[str, ...]
    entities: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts are wanted: those that fit everything that is given. `entities`: about all of these;
    `words`: somewhere in title or text, whatever their case."""

    entities: tuple[str, ...] = ()
    status: str = ""
    strategy: str = ""
    run: str = ""
    reason: str = ""
    words: str = ""

    def fits(self, text: Text) -> bool:
        """Whether a text is wanted, by all but its words."""
        return (
            set(self.entities) <= set(text.entities)
            and self.status in ("", text.status)
            and self.strategy in ("", text.strategy)
            and self.run in ("", text.run)
            and (not self.reason or self.reason in text.reasons)
        )


def texts_of(store: Store, graph: Graph) -> list[Text]:
    """Every text, the newest first. Reads all records once."""
    place = {key: number for number, key in enumerate(calls_of(store))}
    found: list[tuple[int, Text]] = []
    now = _Now(store, graph)
    for record in store.read(Record):
        if record.status != "judgement":
            found.append((place.get(record.call, len(place)), _text(record, now)))
    found.sort(key=lambda one: (one[0], one[1].id))
    return [replace(text, place=number) for number, (_, text) in enumerate(found, 1)][::-1]


def chosen(store: Store, texts: Sequence[Text], wanted: Wanted) -> tuple[list[Text], Counter[str]]:
    """Those that are wanted, and for which reasons texts were rejected among those wanted for any reason."""
    wide = [text for text in texts if replace(wanted, reason="").fits(text)]
    if wanted.words.strip():
        holding = set(_holding(store, [text.id for text in wide], wanted.words))
        wide = [text for text in wide if text.id in holding]
    reasons = Counter(reason for text in wide if text.status == "rejected" for reason in text.reasons)
    return [text for text in wide if wanted.fits(text)], reasons


def records_of(store: Store, texts: Iterable[Text]) -> list[Record]:
    """The whole records of these, in their order; what is gone is left out."""
    ids = [text.id for text in texts]
    found = {record.id: record for some in _some(ids) for record in store.read(Record, "id", some)}
    return [found[id] for id in ids if id in found]


def _holding(store: Store, ids: Sequence[str], words: str) -> Iterator[str]:
    wanted = words.casefold().strip()
    for some in _some(ids):
        for record in store.read(Record, "id", some):
            if wanted in record.title.casefold() or wanted in record.text.casefold():
                yield record.id


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _text(record: Record, now: "_Now") -> Text:
    ids = dict.fromkeys((*(asked.entity for asked in record.asked), *record.subgraph.entities))
    return Text(
        id=record.id,
        item=record.item,
        place=0,
        title=record.title,
        status=record.status,
        strategy=record.strategy,
        model=record.model,
        language=record.language,
        run=record.run,
        reasons=record.reasons,
        entities=tuple(dict.fromkeys(now.of(id) for id in ids)),
        names=tuple(asked.name for asked in record.asked),
    )


class _Now:
    """What the ids of entities are now: those that were merged away lead to the one that took their place."""

    def __init__(self, store: Store, graph: Graph) -> None:
        self._store, self._graph = store, graph
        self._known: dict[str, str] = {}

    def of(self, id: str) -> str:
        """The id now; an entity that is gone keeps its own."""
        if id not in self._known:
            self._known[id] = self._found(id)
        return self._known[id]

    def _found(self, id: str) -> str:
        try:
            self._graph.entity_row(id)
        except KeyError:
            return next((one.id for one in self._store.read(Entity, "id", [id])), id)
        return id
