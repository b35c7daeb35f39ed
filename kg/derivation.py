"""The graph derived from what was seen: candidates resolved, entities named, relations summed.

`derive` can be run at any time and gives the same graph for the same documents, aliases and words of
the user; nothing that was seen is changed by it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import fsum
from pathlib import Path

from kg.model import (
    Candidate,
    Document,
    Entity,
    Evidence,
    Mention,
    Relation,
    Resolution,
    normal_name,
)
from kg.names import form
from kg.resolution import Alias, Aliases, Group, Statements, read_aliases, resolve
from kg.resolution.kinds import contradict, kind_of
from kg.store import Derived, Store

ALIASES = "aliases"
"""The setting under which a corpus keeps the aliases it was last derived with."""
DESCRIPTION = 600
"""Characters of a description; what is said of one thing in many places is joined up to here."""
RELATION_DESCRIPTION = 300
MOST_ALIASES = 64
TAGGERS = ("spacy", "jieba", "capitals")
"""Extractors whose types are guesses, as a reading's fingerprint names them."""
DOCUMENTS_AT_ONCE = 100


DERIVATION = "derivation"
"""Setting of a corpus: "pending" from the first change to what was seen until the graph is derived again."""

PENDING, DONE = "pending", "done"


@contextmanager
def pending(store: Store) -> Iterator[None]:
    """The block changes what was said and derives: cut off within it, the next build derives again."""
    store.set_settings(**{DERIVATION: PENDING})
    yield
    store.set_settings(**{DERIVATION: DONE})


def derive(
    store: Store, *, aliases: Aliases | Path | str | None = None, before: Mapping[str, str] | None = None
) -> Derived:
    """Resolve all candidates of the corpus and write entities and relations; returns what was written.

    `aliases` (or the path of such a file, see `kg.resolution.read_aliases`) is kept with the corpus and
    used until another one is given; an empty one forgets it. Words of a user stand above all rules.
    `before` says which entities candidates had before a user's word moved them (candidate -> entity), so
    that the ids left behind lead to where they went.
    """
    listed = _aliases(store, aliases)
    candidates = {one.id: one for one in store.read(Candidate)}
    mentions, statements = _said(store, candidates)
    stands = list(store.read(Resolution))
    pins = {row.candidate: row.entity for row in stands if row.by == "user"}
    groups = resolve(
        candidates.values(),
        aliases=listed,
        statements=statements,
        mentions=mentions,
        pins=pins,
        guessed={one.id for one in store.documents() if any(name in one.fingerprint for name in TAGGERS)},
    )
    given = _given(store)
    entities, home = _entities(store, groups, candidates, mentions, given, listed)
    reasons = {member.candidate: member for group in groups for member in group.members}
    derived = Derived(
        resolutions=[
            Resolution(one, home[one], reasons[one].reason, reasons[one].by) for one in sorted(home)
        ],
        entities=sorted(entities, key=lambda entity: entity.id),
        relations=_relations(store.read(Evidence), home),
        redirects=_redirects(
            {row.candidate: row.entity for row in stands} | dict(before or {}), home, mentions, given
        ),
    )
    store.replace_derived(derived)
    return derived


# ---- what resolution is told -----------------------------------------------------------------------


def _aliases(store: Store, aliases: Aliases | Path | str | None) -> Aliases:
    """The aliases given, kept for the next time, else those kept."""
    if aliases is None:
        kept = json.loads(store.settings.get(ALIASES) or "[]")
        return Aliases(tuple(Alias(name, tuple(others), type_) for name, others, type_ in kept))
    found = aliases if isinstance(aliases, Aliases) else read_aliases(aliases)
    rows = [[entry.name, list(entry.others), entry.type] for entry in found.entries]
    text = json.dumps(rows, ensure_ascii=False) if rows else ""
    if store.settings.get(ALIASES, "") != text:
        store.set_settings(**{ALIASES: text})
    return found


def _said(store: Store, candidates: Mapping[str, Candidate]) -> tuple[Counter[str], Statements]:
    """How often each candidate is named, and what the texts say about two of them."""
    counts: Counter[str] = Counter()
    statements = Statements()
    names = {one.id: one.name for one in candidates.values()}
    for batch in _batches(_by_document(store.read(Mention), candidates)):
        found = dict(batch)
        for mentions in found.values():
            counts.update(mention.candidate for mention in mentions)
        for document in store.read(Document, "id", found):
            statements.add(document.text, found[document.id], names=names)
    return counts, statements


def _by_document(
    mentions: Iterable[Mention], candidates: Mapping[str, Candidate]
) -> Iterator[tuple[str, list[Mention]]]:
    """Mentions of each document; they come in its order."""
    here, held = "", list[Mention]()
    for mention in mentions:
        document = candidates[mention.candidate].document
        if document != here:
            if held:
                yield here, held
            here, held = document, []
        held.append(mention)
    if held:
        yield here, held


def _batches(documents: Iterable[tuple[str, list[Mention]]]) -> Iterator[list[tuple[str, list[Mention]]]]:
    batch: list[tuple[str, list[Mention]]] = []
    for one in documents:
        batch.append(one)
        if len(batch) == DOCUMENTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _given(store: Store) -> dict[str, Entity]:
    """Entities that were imported, or that an imported relation needs: they keep their id, whatever is derived."""
    found = {entity.id: entity for entity in store.read(Entity, "given", ["1"])}
    ends = {end for row in store.read(Relation, "given", ["1"]) for end in (row.source, row.target)}
    if missing := sorted(ends - found.keys()):
        found.update((entity.id, entity) for entity in store.read(Entity, "id", missing))
    return found


# ---- entities --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Naming:
    """Gives every group an id of its own: h(name, sense), the sense empty unless names collide."""

    given: Mapping[str, Entity]
    taken: set[str] = field(default_factory=set)

    def make(self, name: str, type: str, crowded: bool) -> Entity:
        """An entity of that name; where several have it, its type tells it apart, then a number."""
        entity = Entity.make(name, type, type if crowded else "")
        known = self.given.get(entity.id)
        number = 1
        while entity.id in self.taken or (known and contradict(kind_of(known.type), kind_of(type))):
            sense = type if number == 1 and not entity.sense else f"{type} {number + 1}"
            entity, known, number = Entity.make(name, type, sense), None, number + 1
        self.taken.add(entity.id)
        return entity


def _entities(
    store: Store,
    groups: Sequence[Group],
    candidates: Mapping[str, Candidate],
    mentions: Mapping[str, int],
    given: Mapping[str, Entity],
    aliases: Aliases,
) -> tuple[list[Entity], dict[str, str]]:
    """An entity for every group, and the entity of every candidate."""
    pinned = sorted({group.entity for group in groups if group.entity})
    kept = {entity.id: entity for entity in store.read(Entity, "id", pinned)} if pinned else {}
    listed = aliases.by_form()
    naming = _Naming(given, set(pinned))
    crowd = Counter(normal_name(group.name) for group in groups if not group.entity)
    entities: list[Entity] = []
    home: dict[str, str] = {}
    for group in sorted(groups, key=lambda group: min(member.candidate for member in group.members)):
        members = sorted(
            (candidates[member.candidate] for member in group.members),
            key=lambda one: (-mentions.get(one.id, 0), one.id),
        )
        type_ = group.type or _type(members, mentions, group.kind)
        if group.entity:
            old = kept.get(group.entity)
            named = Entity(group.entity, old.name if old else group.name, type_, old.sense if old else "")
        else:
            named = naming.make(group.name, type_, crowd[normal_name(group.name)] > 1)
        also = next((entry for one in members if (entry := listed.get(form(one.name)))), None)
        more = (also.name, *also.others) if also else ()
        known = given.get(named.id)
        if known is not None and known.given:
            # It stands for itself: documents add names under which it is found, and say nothing else of it.
            entities.append(
                replace(known, aliases=_surfaces(known.name, members, (*known.aliases, named.name, *more)))
            )
        else:
            described = joined([one.description for one in members], DESCRIPTION)
            entities.append(
                replace(named, description=described, aliases=_surfaces(named.name, members, more))
            )
        home.update((one.id, named.id) for one in members)
    return entities, home


def _type(members: Sequence[Candidate], mentions: Mapping[str, int], kind: str) -> str:
    """The type most mentions give, among those of the group's kind."""
    votes: Counter[str] = Counter()
    for one in members:
        if kind_of(one.type) == kind or not kind:
            votes[one.type] += max(1, mentions.get(one.id, 1))
    return min(votes or Counter(one.type for one in members), key=lambda type_: (-votes[type_], type_))


def _surfaces(name: str, members: Sequence[Candidate], more: Sequence[str]) -> tuple[str, ...]:
    """The other ways the thing is written, the commonest first; spellings that differ in case count once."""
    found = {normal_name(name): name}
    for surface in (*more, *(surface for one in members for surface in (one.name, *one.surfaces))):
        if surface.strip():
            found.setdefault(normal_name(surface), surface)
    return tuple(list(found.values())[1 : MOST_ALIASES + 1])


def joined(texts: Iterable[str], most: int) -> str:
    """Different texts one after another, up to `most` characters; whole ones only, but for the first."""
    kept: list[str] = []
    length = -1
    for text in dict.fromkeys(text.strip() for text in texts):
        if not text or any(text in other for other in kept):
            continue
        if kept and length + 1 + len(text) > most:
            break
        kept.append(text if len(text) <= most else text[: most - 1] + "…")
        length += 1 + len(kept[-1])
    return " ".join(kept)


# ---- relations and redirects -------------------------------------------------------------------------


def _relations(evidence: Iterable[Evidence], home: Mapping[str, str]) -> list[Relation]:
    """Relations between entities: evidence of the same ends and label summed, none to itself."""
    weights: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    described: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in evidence:
        source, target = home[row.source], home[row.target]
        if source == target:
            continue
        key = (source, row.label, target)
        weights[key].append(row.weight)
        if row.description and len(described[key]) < 8:
            described[key].append(row.description)
    found = [
        Relation.make(*key, joined(described.get(key, ()), RELATION_DESCRIPTION), fsum(values))
        for key, values in weights.items()
    ]
    return sorted(found, key=lambda relation: relation.id)


def _redirects(
    before: Mapping[str, str],
    home: Mapping[str, str],
    mentions: Mapping[str, int],
    given: Mapping[str, Entity],
) -> dict[str, str]:
    """Where the candidates of each vanished entity went, most mentions deciding."""
    present = set(home.values()) | set(given)
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for candidate, old in before.items():
        if old not in present and candidate in home:
            moved[old][home[candidate]] += max(1, mentions.get(candidate, 1))
    return {old: min(new, key=lambda id: (-new[id], id)) for old, new in sorted(moved.items())}
