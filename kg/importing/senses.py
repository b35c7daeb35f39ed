"""Which entity a named thing is: one a name, or one a name and type where types tell them apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.model import Entity, normal_name
from kg.resolution.kinds import contradict, kind_of

SEVERAL = "several types have that name, and the source does not say which is meant"

Known = Callable[[list[str]], Mapping[str, Entity]]
"""The entities of the corpus among these ids, by id."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A name and a type of the source; `kind` is the type in its normal form."""

    id: bytes
    kind: str
    name: str
    type: str
    description: str = ""
    aliases: tuple[str, ...] = ()

    def entity(self, sense: str) -> Entity:
        """The thing as an entity that stands for itself."""
        made = Entity.make(self.name, self.type, sense, self.description, _others(self.name, self.aliases))
        return replace(made, given=True)


def settled(
    groups: Sequence[Sequence[Thing]], known: Known
) -> tuple[list[tuple[bytes, str | None]], list[Entity]]:
    """The entity of each thing by id, None where nobody can tell; and those entities, each once.

    A group holds the things of one name. One type: the sense is empty. Several: the sense of each is
    its type, and a thing without a type could be any of them. What is in the corpus already stays what
    it is, and an entity found in documents, whose type is a guess, is the thing of its name unless the
    types contradict each other.
    """
    there = known(sorted({id for group in groups for thing in group for id in _ids(thing)}))
    homes: list[tuple[bytes, str | None]] = []
    entities: list[Entity] = []
    for group in groups:
        typed = [thing for thing in group if thing.kind]
        bare = next((thing for thing in group if not thing.kind), None)
        if bare and len(typed) == 1:
            typed = [_with(typed[0], bare)]
        elif bare and not typed:
            typed = [bare]
        for thing in typed:
            sense = _sense(thing, len(typed) > 1, there)
            made = thing.entity(sense)
            entities.append(_onto(there[made.id], made) if made.id in there else made)
            homes.append((thing.id, made.id))
        if bare and bare.id not in {thing.id for thing in typed}:
            homes.append((bare.id, homes[-1][1] if len(typed) == 1 else None))
    return homes, entities


def _ids(thing: Thing) -> set[str]:
    return {Entity.make(thing.name, "", sense).id for sense in ("", thing.kind)}


def _sense(thing: Thing, crowded: bool, there: Mapping[str, Entity]) -> str:
    if thing.kind and Entity.make(thing.name, "", thing.kind).id in there:
        return thing.kind
    plain = there.get(Entity.make(thing.name, "").id)
    if plain is None:
        return thing.kind if crowded else ""
    if normal_name(plain.type) == thing.kind:
        return ""
    if crowded:
        return thing.kind
    agrees = not plain.type or not thing.kind
    guessed = not plain.given and not contradict(kind_of(plain.type), kind_of(thing.type))
    return "" if agrees or guessed else thing.kind


def _with(thing: Thing, bare: Thing) -> Thing:
    """A thing with what was said under its name alone."""
    longer = max(thing.description, bare.description, key=lambda text: (len(text), text))
    return replace(thing, description=longer, aliases=(*thing.aliases, *bare.aliases))


def _onto(there: Entity, new: Entity) -> Entity:
    """An entity of the corpus with what is imported about it."""
    same = not new.type or normal_name(new.type) == normal_name(there.type)
    return replace(
        there,
        type=there.type if same else new.type,
        description=new.description or there.description,
        aliases=_others(there.name, (*there.aliases, *new.aliases)),
        given=True,
    )


def _others(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that are spelled otherwise, each once."""
    found = {normal_name(name): name}
    for other in names:
        found.setdefault(normal_name(other), other)
    return tuple(list(found.values())[1:])
