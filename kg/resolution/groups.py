"""Candidates brought together into things, one link at a time, never against what keeps them apart."""

from collections import Counter
from collections.abc import Sequence

from kg.resolution.apart import certainly_apart
from kg.resolution.kinds import contradict
from kg.resolution.name import Name

MOST_COMPARED = 24
"""Names of a group; of a larger one the first are compared when it is asked to grow."""


class Groups:
    """A partition of candidates 0..n-1; `join` refuses what would make one thing of two.

    Refused are: two different words of a user, kinds that contradict each other, names of which any
    two are certainly apart, and candidates that a text names side by side.
    """

    def __init__(
        self,
        names: Sequence[Name],
        *,
        kinds: Sequence[str],
        weights: Sequence[int],
        pins: Sequence[str | None],
    ) -> None:
        self.parent = list(range(len(names)))
        self.names: list[dict[str, Name]] = [{name.form: name} for name in names]
        self.kinds: list[Counter[str]] = [
            Counter({kind: weight}) for kind, weight in zip(kinds, weights, strict=True)
        ]
        self.pins = list(pins)
        self.enemies: list[set[int]] = [set() for _ in names]
        self.reasons: dict[int, str] = {}

    def root(self, one: int) -> int:
        """The candidate that stands for its group."""
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def kind(self, root: int) -> str:
        """The kind that most mentions in the group give, unknown only if none gives any."""
        known = [(-count, kind) for kind, count in self.kinds[root].items() if kind]
        return min(known)[1] if known else ""

    def keep_apart(self, a: int, b: int) -> None:
        """These two are named side by side: no rule joins them."""
        x, y = self.root(a), self.root(b)
        if x != y:
            self.enemies[x].add(y)
            self.enemies[y].add(x)

    def may_join(self, a: int, b: int, *, same_form: bool = False) -> bool:
        """Whether nothing keeps the two groups apart; `same_form` leaves their names uncompared."""
        x, y = self.root(a), self.root(b)
        if x == y:
            return True
        if self.pins[x] and self.pins[y] and self.pins[x] != self.pins[y]:
            return False
        if y in self.enemies[x] or contradict(self.kind(x), self.kind(y)):
            return False
        if same_form and len(self.names[x]) == len(self.names[y]) == 1:
            return True
        ours, theirs = list(self.names[x].values()), list(self.names[y].values())
        return not any(certainly_apart(p, q) for p in ours[:MOST_COMPARED] for q in theirs[:MOST_COMPARED])

    def join(self, a: int, b: int, reason: str, *, by_order: bool = False) -> bool:
        """Bring a's group into b's because of `reason`; False where it is refused.

        `by_order` is a user's word or a text's: only another word of a user stands against it, and
        a's name is not held against later ones.
        """
        x, y = self.root(a), self.root(b)
        if x == y:
            return True
        if by_order and self.pins[x] and self.pins[y] and self.pins[x] != self.pins[y]:
            return False
        if not by_order and not self.may_join(a, b):
            return False
        if len(self.names[x]) > len(self.names[y]):
            x, y = y, x
        self.reasons.setdefault(a, reason)
        self.parent[x] = y
        if not by_order:
            self.names[y].update(self.names[x])
        self.kinds[y].update(self.kinds[x])
        self.pins[y] = self.pins[y] or self.pins[x]
        for enemy in self.enemies[x]:
            self.enemies[enemy].discard(x)
            if enemy != y:
                self.enemies[enemy].add(y)
                self.enemies[y].add(enemy)
        self.enemies[y].discard(x)
        return True

    def groups(self) -> list[list[int]]:
        """The members of each group, in order."""
        found: dict[int, list[int]] = {}
        for one in range(len(self.parent)):
            found.setdefault(self.root(one), []).append(one)
        return list(found.values())
