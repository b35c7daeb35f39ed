"""A user's word on what is one thing and what is two: it stands above the rules and can be undone.

A word is kept as `Resolution` rows by "user" (candidate -> entity), so it survives every rebuild. What
stood there before is noted in `curation.jsonl` in the corpus's folder, one line for each word.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypedDict

from kg.derivation import derive, pending
from kg.model import Candidate, Entity, Resolution, normal_name
from kg.names import form
from kg.store import Store
from kg.suggest import unknown

HISTORY = "curation.jsonl"


class Word(TypedDict):
    """One merge or split: in words, and each candidate with the user's entity before (None: none)."""

    said: str
    before: dict[str, str | None]


def find(store: Store, entity: str) -> Entity:
    """The one entity of that id, name or alias.

    Raises ValueError where there is none (the nearest are offered) or several (their ids are said).
    """
    if len(entity) == 32 and all(c in "0123456789abcdef" for c in entity):
        for known in store.read(Entity, "id", [entity]):
            return known
    wanted, written = normal_name(entity), form(entity)
    found = store.search(entity, limit=50) if wanted else []
    for same in (
        [one for one in found if normal_name(one.name) == wanted],
        [one for one in found if wanted in map(normal_name, one.aliases)],
        _spelt(store, written) if wanted else [],
    ):
        if len(same) == 1:
            return same[0]
        if same:
            raise ValueError(
                f"{entity[:80]!r} is the name of {len(same)} entities: "
                + ", ".join(f"{one.id} ({one.name[:60]!r}, {one.type or 'no type'})" for one in same)
                + ". Give the id"
            )
    raise ValueError(unknown("entity", entity, {one.name for one in store.read(Entity)}, limit=5))


def _spelt(store: Store, written: str) -> list[Entity]:
    """Entities of which a name is spelt otherwise but has the same form; reads all of them."""
    return [one for one in store.read(Entity) if written in map(form, (one.name, *one.aliases))]


def merge(store: Store, entities: Sequence[str], *, into: str | None = None) -> Entity:
    """The one entity that these (names, aliases or ids) are from now on.

    It keeps the name and id of `into`, else of the first. Raises ValueError where fewer than two
    different entities are meant, or one rests on no document and so cannot be resolved anew.
    """
    named = [*entities, into] if into is not None else list(entities)
    meant = {one.id: one for one in (find(store, name) for name in named)}
    target = find(store, into if into is not None else entities[0]) if named else None
    if target is None or len(meant) < 2:
        raise ValueError(
            f"a merge needs two different entities, but {', '.join(map(repr, named)) or 'nothing'} "
            f"means {len(meant)}. Name another"
        )
    rows = []
    for entity in meant.values():
        candidates = [one.id for one in store.read(Candidate, "entity", [entity.id])]
        if not candidates and entity.id != target.id:
            raise ValueError(
                f"cannot merge {entity.name[:80]!r}: it was imported and no document names it. "
                f"Merge the other way, into {entity.name[:80]!r}"
            )
        rows += [Resolution(candidate, target.id, "user", "user") for candidate in candidates]
    others = ", ".join(repr(one.name[:60]) for one in meant.values() if one.id != target.id)
    return _say(store, f"merge of {others} into {target.name[:60]!r}", rows, target.id)


def split(store: Store, entity: str, *parts: str) -> Entity:
    """The new entity that part of this one is from now on.

    A part is what it is called (any spelling under which it was seen), the title or source of its
    document, or the id of a candidate. The rest keeps name and id. Raises ValueError where nothing, or
    everything, is meant by the parts.
    """
    whole = find(store, entity)
    candidates = sorted(store.read(Candidate, "entity", [whole.id]), key=lambda one: one.id)
    titles = {one.id: {one.id, one.title, one.source} for one in store.documents()}
    chosen: dict[str, Candidate] = {}
    for part in parts:
        matches = [one for one in candidates if part in (one.id, *titles.get(one.document, ()))]
        matches = matches or [one for one in candidates if form(one.name) == form(part)]
        matches = matches or [one for one in candidates if form(part) in map(form, one.surfaces)]
        if not matches:
            known = {one.name for one in candidates} | {
                title for one in candidates for title in titles[one.document]
            }
            raise ValueError(unknown(f"part of {whole.name[:80]!r}", part, known, limit=8))
        chosen.update((one.id, one) for one in matches)
    if not chosen or len(chosen) == len(candidates):
        raise ValueError(
            f"cannot split {whole.name[:80]!r}: {'everything' if chosen else 'nothing'} it rests on was named "
            f"({len(chosen)} of {len(candidates)}). Name some of: "
            + ", ".join(sorted({repr(one.name[:60]) for one in candidates})[:8])
        )
    new = _unused(store, whole, list(chosen.values()))
    store.upsert([new])
    rows = [
        Resolution(one.id, new.id if one.id in chosen else whole.id, "user", "user") for one in candidates
    ]
    return _say(store, f"split of {new.name[:60]!r} from {whole.name[:60]!r}", rows, new.id)


def undo(store: Store) -> str:
    """Take back the last merge or split; returns it in words. ValueError where there is none."""
    path = store.folder / HISTORY
    words = _history(path)
    if not words:
        raise ValueError("there is nothing to take back: nothing was merged or split by hand in this corpus")
    last = words.pop()
    rows = {row.candidate: row for row in store.read(Resolution, "candidate", last["before"])}
    with pending(store):
        store.delete([rows[one] for one, entity in last["before"].items() if entity is None and one in rows])
        kept = [(one, entity) for one, entity in last["before"].items() if entity is not None and one in rows]
        store.upsert([Resolution(one, entity, "user", "user") for one, entity in kept])
        derive(store, before={row.candidate: row.entity for row in rows.values()})
    _write(path, words)
    return last["said"]


def _say(store: Store, said: str, rows: Iterable[Resolution], entity: str) -> Entity:
    """Note the word, write its rows, derive again; the entity it is about."""
    rows = list(rows)
    before = {
        row.candidate: row for row in store.read(Resolution, "candidate", [row.candidate for row in rows])
    }
    past = {
        row.candidate: before[row.candidate].entity
        if row.candidate in before and before[row.candidate].by == "user"
        else None
        for row in rows
    }
    path = store.folder / HISTORY
    _write(path, [*_history(path), Word(said=said, before=past)])
    with pending(store):
        store.upsert(rows)
        derive(store, before={row.candidate: row.entity for row in before.values()})
    return next(store.read(Entity, "id", [entity]))


def _unused(store: Store, whole: Entity, parts: Sequence[Candidate]) -> Entity:
    """An entity named as the parts are, with a sense that no entity of that name has."""
    name = min(parts, key=lambda one: (-len(one.name), one.name)).name
    type_ = min(one.type for one in parts)
    senses = ("", type_, *(f"{type_} {number}" for number in range(2, len(parts) + 10_000)))
    for sense in senses:
        entity = Entity.make(name, type_, sense)
        if entity.id != whole.id and not list(store.read(Entity, "id", [entity.id])):
            return entity
    raise ValueError(f"cannot split {whole.name[:80]!r}: too many entities are called {name[:80]!r} already")


def _history(path: Path) -> list[Word]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _write(path: Path, words: Sequence[Word]) -> None:
    """The history in one step: a crash leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text("".join(json.dumps(word, ensure_ascii=False) + "\n" for word in words), "utf-8")
    draft.replace(path)
