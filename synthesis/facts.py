"""What the graph itself says, in a line each: "A — label → B. Description"; for what no passage states."""

from collections.abc import Callable, Mapping, Sequence

from kg.model import Entity, Relation

DESCRIBED = 600  # characters of a description that is stated


def given(entities: Sequence[Entity], relations: Sequence[Relation]) -> dict[str, str]:
    """Statements of what was imported about these, by id: relations, and entities with a description."""
    described = [entity for entity in entities if entity.given and entity.description]
    return statements(entities, described, [relation for relation in relations if relation.given])


def statements(
    known: Sequence[Entity], entities: Sequence[Entity], relations: Sequence[Relation]
) -> dict[str, str]:
    """Statements of these relations and entities, by id; `known` has the ends of the relations."""
    names = {entity.id: " ".join(entity.name.split()) for entity in known}
    lines = {}
    for relation in relations:
        label = " ".join(relation.label.split())
        joint = f" — {label} → " if label else " → "
        said = f"{names[relation.source]}{joint}{names[relation.target]}."
        lines[relation.id] = _described(said, relation.description)
    for entity in entities:
        said = f"{names[entity.id]} ({entity.type})." if entity.type else f"{names[entity.id]}."
        lines[entity.id] = _described(said, entity.description)
    return lines


def fitting(
    lines: Mapping[str, str], room: int, count: Callable[[str], int]
) -> tuple[list[str], tuple[str, ...]]:
    """The statements that fit into so many tokens, and what the others are about."""
    taken: list[str] = []
    left: list[str] = []
    for id, line in lines.items():
        cost = count(line) + 1
        if cost <= room:
            taken.append(line)
            room -= cost
        else:
            left.append(f"what is given of {id}")
    return taken, tuple(left)


def _described(said: str, description: str) -> str:
    """A statement and its description on one line, the description cut where it is long."""
    words = " ".join(description[: 2 * DESCRIBED].split())
    return f"{said} {words if len(words) <= DESCRIBED else words[: DESCRIBED - 1] + '…'}".rstrip()
