"""Names and aliases of a corpus in memory, searched as stores search them, within a millisecond or two."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import Entity
from kg.stores.names import search_key


@dataclass(frozen=True, slots=True)
class _Lines:
    """Keys in the order of their code points, one a line, each with the place of its entity in `NameIndex.ids`."""

    text: str
    starts: "array[int]"
    owners: "array[int]"

    @staticmethod
    def of(keys: list[tuple[str, str, int]]) -> "_Lines":
        """From (key, id, place of the entity)."""
        keys.sort()
        starts = array("q", [0])
        for key, _, _ in keys:
            starts.append(starts[-1] + len(key) + 1)
        return _Lines(
            "".join(f"{key}\n" for key, _, _ in keys), starts, array("q", [one for _, _, one in keys])
        )

    def begins(self, wanted: str) -> Iterator[int]:
        """Owners of the lines that begin with the text: the line itself first, then as they stand."""
        line = bisect_left(range(len(self.owners)), wanted, key=self._line)
        while line < len(self.owners) and self.text.startswith(wanted, self.starts[line]):
            yield self.owners[line]
            line += 1

    def holds(self, wanted: str) -> Iterator[int]:
        """Owners of the lines that hold the text further in, as they stand."""
        at = self.text.find(wanted)
        while at >= 0:
            line = bisect_right(self.starts, at) - 1
            if not self.text.startswith(wanted, self.starts[line]):
                yield self.owners[line]
            at = self.text.find(wanted, self.starts[line + 1])

    def _line(self, number: int) -> str:
        return self.text[self.starts[number] : self.starts[number + 1] - 1]


class NameIndex:
    """Finds entities by parts of their names: the same ones in the same order as `Store.search`.

    About 200 bytes an entity. A search takes as long as it takes to look through all names once, at most.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.ids: list[str] = []
        names, aliases = [], []
        for place, entity in enumerate(entities):
            self.ids.append(entity.id)
            own = search_key(entity.name)
            if own:
                names.append((own, entity.id, place))
            others = {search_key(alias) for alias in entity.aliases} - {own, ""}
            aliases += [(key, entity.id, place) for key in others]
        self._names, self._aliases = _Lines.of(names), _Lines.of(aliases)

    def search(self, text: str, limit: int = 20) -> list[str]:
        """Ids of the entities found, best first: by name exact, prefix, inside; then so by alias."""
        wanted = search_key(text)
        found: dict[int, None] = {}
        if not wanted or limit <= 0:
            return []
        for lines in (self._names, self._aliases):
            for some in (lines.begins(wanted), lines.holds(wanted)):
                for owner in some:
                    found.setdefault(owner)
                    if len(found) >= limit:
                        return [self.ids[one] for one in found]
        return [self.ids[one] for one in found]
