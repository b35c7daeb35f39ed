"""What texts are wanted about: weights of entities and relations, made from what people have at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kg.graph import Floats, Graph, Ids, pack_ids
from kg.model import normal_name
from kg.suggest import unknown
from sampling.accounting import Coverage
from sampling.items import Rows
from sampling.mentions import NamesInTexts
from sampling.weights import check_weights

HEX = frozenset("0123456789abcdef")
SHOWN = 5  # names offered where one does not exist


@dataclass(frozen=True, eq=False, slots=True)
class Targets:
    """Weights of entities and relations by id, 24 bytes each; what is not among them has weight 0.

    `ids` holds those of entities and of relations alike, ascending; `weights[i]` is that of `ids[i]`.
    Ids outlive a change of the graph, rows do not; one that a graph does not have counts nothing there.
    """

    ids: Ids
    weights: Floats

    def __post_init__(self) -> None:
        if self.ids.shape != self.weights.shape or not (self.ids[1:] > self.ids[:-1]).all():
            raise ValueError(
                f"targets need ids in ascending order, once each, with a weight each; saw {len(self.ids)} ids "
                f"and {len(self.weights)} weights. Make them with Targets.of"
            )
        check_weights(self.weights, "weights of targets")

    def __len__(self) -> int:
        """Number of ids that have a weight."""
        return len(self.ids)

    @staticmethod
    def of(weights: Mapping[str, float]) -> "Targets":
        """Targets from weights by id of entity or relation.

        Raises ValueError for a key that is no id, or a weight that is negative or not a finite number.
        """
        for id in weights:
            if len(id) != 32 or not HEX.issuperset(id):
                raise ValueError(
                    f"targets are given by ids of 32 hex digits, not {id[:80]!r}. Targets by name are made with "
                    "sampling.targets.named"
                )
        ids = sorted(weights)
        return Targets(pack_ids(ids), np.fromiter((weights[id] for id in ids), np.float64, len(ids)))

    def at(self, ids: Ids) -> Floats:
        """The weight of each of these ids, 0 where it is no target; O(log) each."""
        if not len(self.ids):
            return np.zeros(len(ids))
        place = np.minimum(self.ids.searchsorted(ids), len(self.ids) - 1)
        return np.where(self.ids[place] == ids, self.weights[place], 0.0)


def targets_at(graph: Graph, entities: Floats, relations: Floats | None = None) -> Targets:
    """Targets from a weight for each entity row, and for each relation row; those of weight 0 are left out."""
    parts = [(graph.entity_ids, entities)]
    if relations is not None:
        parts.append((graph.relation_ids, relations))
    for ids, weights in parts:
        if len(ids) != len(weights):
            raise ValueError(f"wanted a weight for each of {len(ids)} rows, saw {len(weights)}")
    ids = np.concatenate([part[0] for part in parts])
    weights = np.concatenate([np.asarray(part[1], dtype=np.float64) for part in parts])
    order = np.argsort(ids, kind="stable")
    order = order[weights[order] != 0]
    return Targets(ids[order], weights[order])


def uncovered(coverage: Coverage, times: int = 1) -> Targets:
    """Every entity and relation that fewer than `times` texts cover; weight: how many are missing."""
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise ValueError(f"times, the texts wanted about each, must be 1 or more, not {times!r}")
    graph = coverage.graph
    entities, relations = np.full(len(graph), float(times)), np.full(graph.relation_count, float(times))
    for (row,), seen in coverage.counts_by_row("entities").items():
        entities[row] = max(0, times - seen)
    for (row,), seen in coverage.counts_by_row("relations").items():
        relations[row] = max(0, times - seen)
    return targets_at(graph, entities, relations)


def named(graph: Graph, names: Iterable[str] | Mapping[str, float]) -> Targets:
    """The entities of these names, of weight 1 each or as given; all of a name that several have.

    A name is one whatever its case, width and spaces (`kg.model.normal_name`); an id stands for its entity.
    Weights of what is named twice add up. Raises ValueError for a name that no entity has, and offers
    the nearest ones; and for a weight that is negative or not a finite number.
    """
    if isinstance(names, str):
        raise ValueError(f"wanted a list of names, saw the text {names[:80]!r}: put it into a list")
    called = Called(graph)
    weights = np.zeros(len(graph))
    for name in names:
        weight = names[name] if isinstance(names, Mapping) else 1.0
        check_weights(np.array([weight]), f"the weight of {name[:80]!r}")
        weights[called.entities(name)] += weight
    return targets_at(graph, weights)


def mentioned(graph: Graph, texts: Iterable[str]) -> Targets:
    """The entities whose names occur in these texts; weight: how many of the texts.

    See `sampling.mentions` for what it is to occur. The aliases of an entity are no part of a graph.
    """
    if isinstance(texts, str):
        raise ValueError(f"wanted a list of texts, saw one text {texts[:80]!r}: put it into a list")
    found = NamesInTexts(graph.names)
    weights = np.zeros(len(graph))
    for text in texts:
        weights[found.rows(text)] += 1
    return targets_at(graph, weights)


class Called:
    """The entities and relations of a graph by what people call them: names, or ids."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def entities(self, name: str) -> list[int]:
        """Rows of the entities of that name. Raises ValueError where there is none."""
        rows = self._rows.get(normal_name(name))
        if rows is None:
            try:
                rows = [self.graph.entity_row(name.strip())]
            except KeyError:
                raise ValueError(unknown("entity", name, set(self.graph.names), limit=SHOWN)) from None
        return rows

    def relations(self, source: str, target: str, label: str = "") -> list[int]:
        """Rows of the relations from one to the other; without a label those of any label.

        Raises ValueError where there is none, and says what there is instead.
        """
        graph = self.graph
        starts, ends = self.entities(source), self.entities(target)
        found = [row for a in starts for b in ends for row in self._between(a, b)]
        if not found:
            raise ValueError(self._no_relation(source, target, starts, ends))
        wanted = normal_name(label)
        labels = [graph.label_names[graph.labels[row]] for row in found]
        rows = [row for row, one in zip(found, labels, strict=True) if wanted in ("", normal_name(one))]
        if not rows:
            kind = f"label of a relation from {source[:80]!r} to {target[:80]!r}"
            raise ValueError(unknown(kind, label, set(labels), limit=SHOWN))
        return rows

    def _no_relation(self, source: str, target: str, starts: list[int], ends: list[int]) -> str:
        graph = self.graph
        if any(len(self._between(b, a)) for a in starts for b in ends):
            return (
                f"there is no relation from {source[:80]!r} to {target[:80]!r}, but one the other way: change "
                "source and target"
            )
        others = {graph.names[row] for a in starts for row in graph.targets[graph.outgoing[a]].tolist()}
        return unknown(f"relation from {source[:80]!r} to", target, others, limit=SHOWN)

    def _between(self, a: int, b: int) -> list[int]:
        keys, rows = self._ends
        wanted = a * len(self.graph) + b
        found = rows[keys.searchsorted(wanted) : keys.searchsorted(wanted, side="right")].tolist()
        return [int(row) for row in found]

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self.graph.names):
            rows.setdefault(normal_name(name), []).append(row)
        return rows

    @cached_property
    def _ends(self) -> tuple[Rows, Rows]:
        """Source and target of each relation as one number, ascending; and its row."""
        keys = self.graph.sources.astype(np.int64) * len(self.graph) + self.graph.targets
        rows = np.argsort(keys, kind="stable")
        return keys[rows], rows
