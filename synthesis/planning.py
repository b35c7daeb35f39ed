"""Subgraphs times strategies times wordings: the items of a plan, lazily."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.graph import Graph
from kg.model import Entity, Relation, Subgraph
from kg.store import DocumentInfo, Store
from synthesis.base import Item, Parameters, Strategy, SynthesisError
from synthesis.distractors import Distractors

WINDOW = 256
COUNTED = 100_000
"""So many items of a plan are counted where somebody wants to know how many there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written about every subgraph of a plan.

    Each strategy that accepts a subgraph writes about it, and each in turn once more until there are
    `wordings` texts. `language` is a code or "auto": that of the documents the subgraph stands in.
    """

    strategies: Sequence[Strategy]
    parameters: Parameters
    wordings: int = 1
    language: str = "auto"
    context: str = "evidence"
    sampler: str = ""


class Plan(Iterator[Item]):
    """Every item of a plan, in the order of the subgraphs; drawn as they are asked for.

    A subgraph is written about by each strategy that accepts it. Drawing raises SynthesisError where none
    does (before anything is sent, if it is the first), or where an id is not in the corpus.
    """

    def __init__(self, store: Store, graph: Graph, subgraphs: Iterable[Subgraph], wanted: Wanted) -> None:
        self._store = store
        self._wanted = wanted
        self._subgraphs = iter(subgraphs)
        if wanted.context.partition(":")[0] == "document":
            self._subgraphs = by_document(self._subgraphs, graph)
        self._languages = Languages(graph, store.documents())
        self._distractors = Distractors(graph)
        self._versions = {strategy.name: strategy.version for strategy in wanted.strategies}
        self._drawn: deque[Item] = deque()

    def __next__(self) -> Item:
        while not self._drawn:
            self._drawn.extend(self._about(next(self._subgraphs)))
        return self._drawn.popleft()

    def rest(self, most: int) -> tuple[int, bool]:
        """How many items are left, and whether that is all: counting ends once `most` are reached.

        Nothing is read from the corpus for it, and the plan is used up.
        """
        left = len(self._drawn)
        for subgraph in self._subgraphs:
            if left >= most:
                return left, False
            accepting = len(self._accepting(subgraph))
            left += max(accepting, self._wanted.wordings) if accepting else 0
        return left, True

    def _accepting(self, subgraph: Subgraph) -> list[Strategy]:
        return [strategy for strategy in self._wanted.strategies if not strategy.accepts(subgraph)]

    def _about(self, subgraph: Subgraph) -> Iterator[Item]:
        store, wanted = self._store, self._wanted
        strategies = self._accepting(subgraph)
        if not strategies:
            reasons = "; ".join(strategy.accepts(subgraph) for strategy in wanted.strategies)
            raise SynthesisError(
                f"no strategy fits this subgraph: {reasons}. Choose another --strategy or --sampler"
            )
        entities = tuple(store.read(Entity, "id", subgraph.entities)) if subgraph.entities else ()
        missing = sorted(set(subgraph.entities) - {entity.id for entity in entities})
        if missing:
            raise SynthesisError(
                f"the plan names {len(missing)} entities that are not in this corpus (first: {missing[0]}); "
                "was it made for another corpus, or before a rebuild? Make it anew with 'entigraph sample'"
            )
        relations = tuple(store.read(Relation, "id", subgraph.relations)) if subgraph.relations else ()
        language = self._languages.of(subgraph) if wanted.language == "auto" else wanted.language
        most = max(strategy.distractors for strategy in strategies)
        distractors = self._distractors.of(subgraph, most) if most else ()
        for number in range(max(len(strategies), wanted.wordings)):
            wording, turn = divmod(number, len(strategies))
            strategy = strategies[turn]
            yield Item(
                subgraph=subgraph,
                entities=entities,
                relations=relations,
                strategy=strategy.name,
                version=self._versions[strategy.name],
                parameters=wanted.parameters,
                language=language,
                wording=wording,
                context=wanted.context,
                sampler=wanted.sampler,
                distractors=distractors[: strategy.distractors],
            )


def items(store: Store, graph: Graph, subgraphs: Iterable[Subgraph], wanted: Wanted) -> Plan:
    """The plan that writes about these subgraphs as wanted."""
    return Plan(store, graph, subgraphs, wanted)


def by_document(subgraphs: Iterable[Subgraph], graph: Graph, *, window: int = WINDOW) -> Iterator[Subgraph]:
    """The same subgraphs, those of one document together within every `window` of them.

    Whole documents stand at the beginning of a prompt: a server that caches prompts reads each once then.
    """
    source = iter(subgraphs)
    while some := list(islice(source, window)):
        groups: dict[str, list[Subgraph]] = {}
        for subgraph in some:
            groups.setdefault(_document_of(subgraph, graph), []).append(subgraph)
        for group in groups.values():
            yield from group


def _document_of(subgraph: Subgraph, graph: Graph) -> str:
    """The document meant, else the one in which most of the entities stand, the first by id among equals."""
    if subgraph.documents:
        return subgraph.documents[0]
    counted = Counter(_documents_of(subgraph, graph))
    return min(counted, key=lambda id: (-counted[id], id), default="")


def _documents_of(subgraph: Subgraph, graph: Graph) -> list[str]:
    ids: list[str] = []
    for entity in subgraph.entities:
        try:
            rows = graph.entity_documents[graph.entity_row(entity)]
        except KeyError:
            continue
        ids += [graph.document_ids[row] for row in rows]
    return ids


class Languages:
    """Which language the documents of a subgraph are in; English where none can be told."""

    def __init__(self, graph: Graph, documents: Sequence[DocumentInfo]) -> None:
        self._graph = graph
        self._of = {info.id: info.language for info in documents}

    def of(self, subgraph: Subgraph) -> str:
        """The commonest language of the documents meant, or of those all its entities stand in."""
        ids = list(subgraph.documents) or _documents_of(subgraph, self._graph)
        counted = Counter(self._of.get(id, "und") for id in ids)
        del counted["und"]
        return min(counted, key=lambda language: (-counted[language], language), default="en")
