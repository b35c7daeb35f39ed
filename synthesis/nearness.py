"""Chunks by their distance in the graph from what a text is about."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from kg.model import Mention, Subgraph
from kg.store import Store
from synthesis.library import Library, Sentence

NEIGHBOURS = 30
MENTIONS_READ = 60


def by_distance(
    store: Store,
    library: Library,
    subgraph: Subgraph,
    found: Mapping[tuple[str, int], Sentence],
    room: int,
    count: Callable[[str], int],
) -> tuple[list[Sentence], list[Sentence]]:
    """Whole chunks within so many tokens, nearest first; and those that did not fit.

    First those that state the relations asked about or name the entities (distance 0), the ones that say
    most first; then those that name neighbours of the entities (distance 1), the ones that name most first.
    """
    ranks: dict[str, tuple[int, int, int]] = {}
    for sentence in found.values():
        _, states, names = ranks.get(sentence.chunk, (0, 0, 0))
        ranks[sentence.chunk] = (0, states - min(sentence.states, 1), names - len(sentence.entities))
    named: dict[str, set[str]] = defaultdict(set)
    for neighbour in sorted(_neighbours(store, subgraph)):
        for mention in islice(store.read(Mention, "entity", [neighbour]), MENTIONS_READ):
            named[mention.chunk].add(neighbour)
    for id, names_there in named.items():
        ranks.setdefault(id, (1, 0, -len(names_there)))
    chunks = library.chunks(set(ranks))
    meant = set(subgraph.documents)
    order = sorted(
        (chunk for chunk in chunks.values() if not meant or chunk.document in meant),
        key=lambda chunk: (ranks[chunk.id], chunk.document, chunk.start),
    )
    taken: list[Sentence] = []
    left: list[Sentence] = []
    for chunk in order:
        cost = count(library.words(chunk.document, chunk.start, chunk.end))
        part = Sentence(chunk.document, chunk.id, 0, chunk.start, chunk.end)
        (taken if cost <= room else left).append(part)
        room -= cost if cost <= room else 0
    return taken, left


def _neighbours(store: Store, subgraph: Subgraph) -> Iterable[str]:
    asked = set(subgraph.entities)
    return {id for one in asked for id in store.neighbourhood(one, 1, NEIGHBOURS).entities} - asked
