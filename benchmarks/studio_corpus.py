"""The corpus of benchmarks/studio.py, written into any store, and the studio that serves it."""

import json
import random
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.graphs import powerlaw_cluster
from benchmarks.stores import made_name
from entigraph import places
from entigraph.generation import generate, prepare
from entigraph.generation_options import Options
from entigraph.workplace import settings_for
from kg.model import Candidate, Chunk, Document, Entity, Evidence, Mention, Relation, Resolution
from kg.store import CorpusNotFound, Derived, Reading

HUB = "Meridian Exchange"
TYPES = ("person", "place", "organisation", "work", "event", "material", "instrument", "idea")
LABELS = ("wrote to", "sold", "repaired", "paid", "taught", "visited", "owns", "praised", "left", "built")
PARAGRAPHS, SENTENCES = 4, 8
IDLE_SHARE = 0.05
"""Of a core: a server that uses less for a second has nothing to do."""


@dataclass(frozen=True, slots=True)
class Made:
    """A graph, documents that state a little of it, and the entity of the many neighbours."""

    derived: Derived
    documents: list[tuple[Document, Reading]]
    hub: Entity


def made(entities: int, relations: int, degree: int, documents: int, seed: int) -> Made:
    """Exactly so many entities and relations, all between different pairs; one entity has `degree` neighbours.

    Pairs are those of `powerlaw_cluster`, without as many as the hub needs. Names are those of
    benchmarks/stores.py. Every document has sentences about the hub and about entities met along relations.
    """
    rng = random.Random(seed)
    names = [HUB if i == 1 else made_name(rng, i) for i in range(entities)]
    often = Counter(names)
    nodes = [
        Entity.make(name, rng.choice(TYPES), sense=str(i) if often[name] > 1 else "")
        for i, name in enumerate(names)
    ]
    graph = powerlaw_cluster(entities, max(1, round(relations / entities)), seed=seed)
    pairs = list(zip(graph.sources.tolist(), graph.targets.tolist(), strict=True))
    near = {a + b - 1 for a, b in pairs if 1 in (a, b)}
    others = [row for row in range(entities) if row != 1 and row not in near]
    near = {*sorted(near)[:degree], *rng.sample(others, max(0, degree - len(near)))}
    about = [(1, row) for row in sorted(near)]
    rest = [pair for pair in pairs if 1 not in pair]
    chosen = about + rng.sample(rest, min(len(rest), relations - len(about)))
    edges = [_relation(rng, nodes[a], nodes[b]) for a, b in chosen]
    readings = [_document(rng, i, nodes, edges, len(about)) for i in range(documents)]
    resolutions = [one for _, _, found in readings for one in found]
    return Made(
        Derived(entities=nodes, relations=edges, resolutions=resolutions),
        [(document, reading) for document, reading, _ in readings],
        nodes[1],
    )


def _relation(rng: random.Random, one: Entity, other: Entity) -> Relation:
    source, target = (one, other) if rng.random() < 0.5 else (other, one)
    weight = 1.0 if rng.random() < 0.7 else rng.random() * 5
    return Relation.make(source.id, rng.choice(LABELS), target.id, weight=weight)


def _document(
    rng: random.Random, number: int, nodes: list[Entity], edges: list[Relation], hubs: int
) -> tuple[Document, Reading, list[Resolution]]:
    """One sentence for each relation, in a paragraph (a chunk) the first half of which is about the hub."""
    by_id = {one.id: one for one in nodes}
    names: dict[str, str] = {}  # which entity a name means in this document
    paragraphs: list[list[tuple[Relation, int]]] = []
    text = ""
    for _ in range(PARAGRAPHS):
        stated = []
        for place in range(SENTENCES):
            edge = edges[rng.randrange(hubs) if 2 * place < SENTENCES else rng.randrange(hubs, len(edges))]
            ends = by_id[edge.source], by_id[edge.target]
            if any(names.setdefault(one.name, one.id) != one.id for one in ends):
                continue
            stated.append((edge, len(text)))
            text += f"{ends[0].name} {edge.label} {ends[1].name}. "
        paragraphs.append(stated)
        text = text.rstrip() + "\n\n"
    document = Document.make(f"{number}.md", text, title=f"Report {number}", source=f"{number}.md")
    candidates = {id: Candidate.make(document.id, name, by_id[id].type) for name, id in names.items()}
    chunks, mentions, evidence = [], [], []
    for stated in filter(None, paragraphs):
        start, end = stated[0][1], text.index("\n", stated[0][1])
        chunk = Chunk.make(document.id, text[start:end], 0, start, end, "en")
        chunks.append(chunk)
        for edge, at in stated:
            source, target = candidates[edge.source], candidates[edge.target]
            after = at + len(source.name) + len(edge.label) + 2
            until = after + len(target.name)
            mentions.append(Mention(source.id, chunk.id, at, at + len(source.name), source.name))
            mentions.append(Mention(target.id, chunk.id, after, until, target.name))
            evidence.append(Evidence(source.id, edge.label, target.id, chunk.id, at, until + 1))
    reading = Reading(chunks, list(candidates.values()), mentions, evidence, "made")
    resolutions = [Resolution(one.id, id, "made so") for id, one in candidates.items()]
    return replace(document, language="en"), reading, resolutions


def write(place: str, made: Made, texts: int) -> None:
    """Put all of it into a new corpus there, and have the model that says back what it is asked write so many texts."""
    with places.made(place) as store:
        for document, reading in made.documents:
            store.replace_document(document, reading)
        store.replace_derived(made.derived)
        settings = settings_for(store)
        wanted = Options(model="echo", n=texts, checks=("none",), pilot=False, concurrency=32)
        generate(prepare(store, wanted, settings), settings)


def remove(place: str) -> None:
    """Remove the corpus there, if there is one."""
    with suppress(CorpusNotFound):
        store = places.at(place, half=True)
        try:
            store.remove()
        finally:
            store.close()


@dataclass(frozen=True, slots=True)
class Served:
    """A studio in a process of its own."""

    url: str
    process: psutil.Process

    def ask(self, path: str, body: object = None) -> Any:
        """What a route answers, as plain values."""
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        with _OPENER.open(request, timeout=120) as answer:
            return json.loads(answer.read())

    @property
    def megabytes(self) -> float:
        """Memory that the process holds (resident)."""
        return float(self.process.memory_info().rss) / 1e6


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def served(place: str) -> Iterator[Served]:
    """`entigraph serve` of this corpus on a free port, warm: it has answered what a page asks and is idle again."""
    command = [str(Path(sys.executable).with_name("entigraph")), "serve", place, "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        if "http://" not in said:
            raise SystemExit(f"the studio does not start: {said}{process.stderr.read()}")
        one = Served(said.split(" is served at ")[1].strip().rstrip("/"), psutil.Process(process.pid))
        for path, body in (("/api/corpus", None), ("/api/view", {}), ("/api/search?q=me", None)):
            one.ask(path, body)
        until_idle(one.process)
        yield one
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()


def until_idle(process: psutil.Process, seconds: float = 60) -> None:
    """Wait until the process has had nothing to do for a second, but no longer than so many seconds."""
    end = time.monotonic() + seconds
    while process.cpu_percent(interval=1.0) > 100 * IDLE_SHARE and time.monotonic() < end:
        pass
