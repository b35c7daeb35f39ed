"""What a text rests on: passages of the documents, chosen for a subgraph within a token bound.

Three ways, by name. `evidence`: the sentences that state the relations asked about and those that name
the entities, each with its neighbours. `chunks`: whole chunks, those that speak of the entities first, then
those that speak of their neighbours in the graph. `document`: the whole document. Whatever does not fit is
recorded in `Context.left_out`, and a gap inside a document shows as `[…]`. What was imported without a
document is stated in a line of its own: "A — label → B. Description".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from kg.model import Chunk, Document, Entity, Evidence, Mention, Relation, Subgraph
from kg.store import Store
from kg.suggest import unknown
from kg.titles import title_of
from lm.tokens import estimate
from synthesis.facts import fitting, given, statements
from synthesis.library import Library, Sentence
from synthesis.nearness import by_distance

CONTEXTS = ("evidence", "chunks", "document")
GAP = "[…]"
MENTIONS_READ = 400
LEFT_OUT_NAMED = 20
MISFITS = 20


@dataclass(frozen=True, slots=True)
class Passage:
    """One unbroken stretch of a document: `text == document.text[start:end]`."""

    document: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """Passages and how they read in a prompt.

    `titles` are those of the documents, the one that says most about the entities together first. `left_out` names what was
    found but did not fit, as "document id:start-end" or a count. `tokens` is the size of `text`.
    """

    text: str = ""
    passages: tuple[Passage, ...] = ()
    titles: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    chunks: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    tokens: int = 0
    headings: str = ""


class ContextBuilder:
    """Chooses the context of one subgraph after the other from a store.

    Raises ValueError for an unknown way or a bound below 50 tokens. Reads only the documents, chunks,
    mentions and evidence it needs; keeps the last few documents at hand.
    """

    def __init__(
        self,
        store: Store,
        *,
        way: str = "evidence",
        tokens: int = 500,
        count: Callable[[str], int] = estimate,
        neighbours: int = 2,
    ) -> None:
        if way not in CONTEXTS:
            raise ValueError(unknown("context", way, CONTEXTS))
        if tokens < 50:
            raise ValueError(f"a context of {tokens} tokens holds no passage; give at least 50")
        self.store = store
        self.way = way
        self.tokens = tokens
        self.count = count
        self.neighbours = neighbours
        self._library = Library(store)

    def build(self, subgraph: Subgraph, entities: Iterable[Entity], relations: Iterable[Relation]) -> Context:
        """The context of a subgraph; facts of the graph alone where no document speaks of it."""
        entities, relations = list(entities), list(relations)
        unread: list[str] = []
        found = self._found(subgraph, unread)
        # No passage states what was imported: it has up to a third of the room.
        lines, left = fitting(given(entities, relations), self.tokens // 3, self.count)
        room = self.tokens - sum(self.count(line) + 1 for line in lines)
        context = self._choose(subgraph, entities, relations, found, room)
        if context.passages and lines:
            text = "\n".join([context.text, *lines])
            context = replace(context, text=text, tokens=self.count(text))
        more = (*unread, *(left if context.passages else ()))
        return replace(context, left_out=(*context.left_out, *more)) if more else context

    def _choose(
        self,
        subgraph: Subgraph,
        entities: list[Entity],
        relations: list[Relation],
        found: dict[tuple[str, int], Sentence],
        room: int,
    ) -> Context:
        if self.way == "document":
            wanted = subgraph.documents or tuple(_by_weight(found))
            return (
                self._render(*self._whole(wanted, found, room), found)
                if wanted
                else self._facts(entities, relations)
            )
        if not found and subgraph.documents:
            return self._render(*self._whole(subgraph.documents, found, room), found)
        if not found:
            return self._facts(entities, relations)
        if self.way == "chunks":
            taken, left = by_distance(self.store, self._library, subgraph, found, room, self.count)
            if taken:
                return self._render(taken, left, found)
        return self._render(*self._chosen(found, set(subgraph.entities), room), found)

    def _facts(self, entities: list[Entity], relations: list[Relation]) -> Context:
        """What the graph itself says, where no document speaks of it; the corpus gives the title."""
        title = title_of(self.store.location)
        lines, left = fitting(statements(entities, entities, relations), self.tokens, self.count)
        text = "\n".join([f'"{title}".', *lines])
        return Context(text=text, titles=(title,), left_out=left, tokens=self.count(text))

    # ---- finding ---------------------------------------------------------------------------------

    def _found(self, subgraph: Subgraph, unread: list[str]) -> dict[tuple[str, int], Sentence]:
        """Every sentence of the documents meant that names an entity or states a relation asked about.

        Of an entity that is named very often the first mentions are read; `unread` says what was not.
        """
        wanted = set(subgraph.documents)
        found: dict[tuple[str, int], Sentence] = {}
        spots: list[tuple[Mention | Evidence, str | None]] = []
        if subgraph.relations:
            spots += [
                (evidence, None) for evidence in self.store.read(Evidence, "relation", subgraph.relations)
            ]
        for asked in subgraph.entities:
            mentions = self.store.read(Mention, "entity", [asked])
            spots += [
                (mention, asked) for mention in (mentions if wanted else islice(mentions, MENTIONS_READ))
            ]
            more = sum(1 for _ in mentions)
            if more:
                unread.append(f"{more} more mentions of {asked}")
        chunks = self._library.chunks({spot.chunk for spot, _ in spots})
        for spot, entity in spots:
            chunk = chunks.get(spot.chunk)
            if chunk is None or (wanted and chunk.document not in wanted):
                continue
            for number, (start, end) in enumerate(self._library.sentences(chunk)):
                if start < spot.end and spot.start < end:
                    key = (chunk.id, number)
                    sentence = found.setdefault(key, Sentence(chunk.document, chunk.id, number, start, end))
                    if entity is None:
                        sentence.states += 1
                    else:
                        sentence.entities.add(entity)
        return found

    # ---- choosing --------------------------------------------------------------------------------

    def _chosen(
        self, found: dict[tuple[str, int], Sentence], asked: set[str], room: int
    ) -> tuple[list[Sentence], list[Sentence]]:
        """Sentences within the bound, most telling first and every entity in turn; and those left out."""
        chunks = self._library.chunks({sentence.chunk for sentence in found.values()})
        queue = sorted(
            found.values(), key=lambda s: (-min(s.states, 1), -len(s.entities), s.document, s.start)
        )
        taken: dict[tuple[str, int], Sentence] = {}
        left: list[Sentence] = []
        spent, told = 0, dict.fromkeys(sorted(asked), 0)
        misfits = 0
        while queue and misfits < MISFITS:
            fewest = min(told.values(), default=0)
            at = next(
                (
                    i
                    for i, s in enumerate(queue)
                    if s.states or any(told[e] == fewest for e in s.entities if e in told)
                ),
                0,
            )
            sentence = queue.pop(at)
            group = [sentence, *self._around(sentence, chunks[sentence.chunk])]
            for member in group:
                key = (member.chunk, member.number)
                if key in taken:
                    continue
                cost = self.count(self._library.words(member.document, member.start, member.end)) + 1
                if spent + cost > room:
                    if member is sentence:
                        left.append(member)
                        misfits += 1
                    continue
                spent += cost
                taken[key] = found.get(key, member)
            for entity in sentence.entities & told.keys():
                told[entity] += 1
        return list(taken.values()), left + queue

    def _around(self, sentence: Sentence, chunk: Chunk) -> list[Sentence]:
        bounds = self._library.sentences(chunk)
        near = [n for d in range(1, self.neighbours + 1) for n in (sentence.number - d, sentence.number + d)]
        return [Sentence(sentence.document, chunk.id, n, *bounds[n]) for n in near if 0 <= n < len(bounds)]

    def _whole(
        self, documents: Iterable[str], found: dict[tuple[str, int], Sentence], room: int
    ) -> tuple[list[Sentence], list[Sentence]]:
        """Whole documents where they fit; else their chunks, those that name the entities first."""
        taken: list[Sentence] = []
        left: list[Sentence] = []
        spent = 0
        naming: dict[str, int] = defaultdict(int)
        for sentence in found.values():
            naming[sentence.chunk] += len(sentence.entities) + sentence.states
        for document in documents:
            chunks = self._library.chunks_of(document)
            for chunk in sorted(chunks, key=lambda c: (-naming.get(c.id, 0), c.start)):
                cost = self.count(self._library.words(document, chunk.start, chunk.end))
                part = Sentence(document, chunk.id, 0, chunk.start, chunk.end)
                fits = spent + cost <= room
                (taken if fits else left).append(part)
                spent += cost if fits else 0
        return taken, left

    # ---- rendering -------------------------------------------------------------------------------

    def _render(
        self, taken: list[Sentence], left: list[Sentence], found: dict[tuple[str, int], Sentence]
    ) -> Context:
        by_document: dict[str, list[Sentence]] = defaultdict(list)
        for sentence in taken:
            by_document[sentence.document].append(sentence)
        telling = _by_weight(found)
        order = [d for d in telling if d in by_document]
        order += sorted(by_document.keys() - set(order), key=lambda d: self._library.document(d).source)
        passages: list[Passage] = []
        blocks: list[str] = []
        heads: list[str] = []
        for id in order:
            document = self._library.document(id)
            heads.append(heading(document))
            blocks.append(heads[-1])
            previous = None
            for start, end in self._merged(document, by_document[id]):
                text = document.text[start:end]
                passages.append(Passage(id, start, end, text))
                first = not document.text[:start].strip() if previous is None else False
                blocks.append(
                    text.strip() if first or (previous is None and start == 0) else f"{GAP} {text.strip()}"
                )
                previous = end
        text = "\n".join(blocks)
        return Context(
            text=text,
            passages=tuple(passages),
            titles=tuple(self._library.document(id).title for id in order),
            documents=tuple(order),
            chunks=tuple(dict.fromkeys(sentence.chunk for sentence in taken)),
            left_out=_left_out(left),
            tokens=self.count(text),
            headings="\n".join(heads),
        )

    def _merged(self, document: Document, parts: list[Sentence]) -> list[tuple[int, int]]:
        """Stretches in order; two with only white space between them become one."""
        stretches: list[tuple[int, int]] = []
        for part in sorted(parts, key=lambda p: p.start):
            if stretches and not document.text[stretches[-1][1] : part.start].strip():
                stretches[-1] = (stretches[-1][0], max(stretches[-1][1], part.end))
            else:
                stretches.append((part.start, part.end))
        return stretches


def heading(document: Document) -> str:
    """How a document is named in a prompt: "Title", Author, year. (after Yang et al.)"""
    parts = [f"《{document.title}》" if document.language == "zh" else f'"{document.title}"']
    parts += [str(part) for part in (document.author, document.year) if part]
    return ("，".join(parts) + "。") if document.language == "zh" else ", ".join(parts) + "."


def _by_weight(found: dict[tuple[str, int], Sentence]) -> list[str]:
    """Documents, the one that says most about the entities together first."""
    weight: dict[str, int] = defaultdict(int)
    for sentence in found.values():
        weight[sentence.document] += len(sentence.entities) ** 2 + 2 * sentence.states
    return sorted(weight, key=lambda document: (-weight[document], document))


def _left_out(left: list[Sentence]) -> tuple[str, ...]:
    named = [f"{s.document}:{s.start}-{s.end}" for s in sorted(left, key=lambda s: (s.document, s.start))]
    if len(named) <= LEFT_OUT_NAMED:
        return tuple(named)
    return (*named[:LEFT_OUT_NAMED], f"and {len(named) - LEFT_OUT_NAMED} more")
