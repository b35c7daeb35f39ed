"""Entities and relations named by a language model, grounded in the text by offsets.

Every chunk is one request; a second one may ask what the first has missed. All calls go through the
`lm.Session` that the caller opened: one journal, one budget. An answer that holds no usable JSON is
asked for once more and then reported in `notes`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.extract.base import ExtractError
from kg.extract.grounding import ground
from kg.extract.sightings import Sightings
from kg.extract.wanted import prompt_file, read_types
from kg.model import Chunk, Document, GraphError
from kg.store import Reading
from lm.base import LMError, Malformed, Request, chat
from lm.jobs import Answer, Job, Stopped
from lm.session import Session
from lm.structured import parse

VERSION = "1"
MAX_TOKENS = 2_000


@dataclass(slots=True)
class _Work:
    """One document under way: what is still out, and what went wrong."""

    document: Document
    chunks: Sequence[Chunk]
    sightings: Sightings
    open: int
    read: int = 0
    problems: list[str] = field(default_factory=list)
    error: LMError | None = None


@dataclass(frozen=True, slots=True)
class _Tag:
    """Which chunk a request is about, and the how-manieth it is of its kind."""

    work: _Work
    chunk: Chunk
    prompt: str
    attempt: int = 0
    known: tuple[str, ...] = ()


class LLMExtractor:
    """Asks the model of `session`. `types` is a file that limits and explains types and labels.

    `second_pass` asks once more for what was missed: about twice the tokens.
    """

    name = "llm"

    def __init__(
        self,
        session: Session,
        *,
        types: Path | str | None = None,
        second_pass: bool = False,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        if max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, not {max_tokens}")
        self._session = session
        self._wanted = read_types(types)
        self._second_pass = second_pass
        self._max_tokens = max_tokens
        self._counts: Counter[str] = Counter()
        self._problems: list[str] = []

    @property
    def fingerprint(self) -> str:
        """Changes with the model, the prompts, the schema and the number of passes."""
        prompts = [prompt_file(name, code) for name in ("extract", "missed") for code in ("en", "zh")]
        wanted = [dict(self._wanted.types), dict(self._wanted.labels)]
        parts = json.dumps([prompts, self._wanted.schema(0), wanted, self._max_tokens], sort_keys=True)
        digest = hashlib.blake2b(parts.encode(), digest_size=8).hexdigest()
        return f"llm {VERSION} {self._session.model.name} passes {1 + self._second_pass} {digest}"

    @property
    def stopped(self) -> Stopped | None:
        """Why the session stopped before everything was read; None where it did not."""
        return self._session.stopped

    @property
    def notes(self) -> list[str]:
        """What the answers held so far, and which were of no use."""
        line = ", ".join(f"{count} {what}" for what, count in sorted(self._counts.items()))
        return ([line] if line else []) + self._problems

    def check(self) -> None:
        """Nothing of its own can be missing: the session has checked the model, the types file is read."""

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        """Each document when all its chunks are answered; those a stop left out do not come."""
        fingerprint = self.fingerprint
        empty: list[_Work] = []
        for answer in self._session.answers(self._jobs(documents, empty), self._follow):
            tag = answer.job.tag
            assert isinstance(tag, _Tag)
            tag.work.open -= 1
            if not tag.work.open:
                yield self._finished(tag.work, fingerprint)
            yield from (self._finished(work, fingerprint) for work in _taken(empty))
        yield from (self._finished(work, fingerprint) for work in _taken(empty))

    def _jobs(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]], empty: list[_Work]
    ) -> Iterator[Job]:
        for document, chunks in documents:
            worded = [chunk for chunk in chunks if document.text[chunk.start : chunk.end].strip()]
            work = _Work(document, chunks, Sightings(document), len(worded))
            if not worded:
                empty.append(work)
            for chunk in worded:
                yield self._job(_Tag(work, chunk, "extract"))

    def _job(self, tag: _Tag) -> Job:
        """The request for a chunk; a repeated one differs in its sample, so that it is a question of its own."""
        document, chunk = tag.work.document, tag.chunk
        language = chunk.language if chunk.language != "und" else document.language
        text = self._wanted.prompt(
            tag.prompt,
            language,
            title=document.title,
            passage=document.text[chunk.start : chunk.end],
            entities="\n".join(f"- {name}" for name in tag.known),
        )
        request = Request(
            chat(text),
            self._session.model.name,
            temperature=0.0 if not tag.attempt else 0.7,
            max_tokens=self._max_tokens,
            sample=tag.attempt,
            schema=self._schema(tag),
        )
        return Job(request, tag)

    def _schema(self, tag: _Tag) -> dict[str, Any]:
        size = tag.chunk.end - tag.chunk.start
        spaceless = tag.work.document.text[tag.chunk.start : tag.chunk.end].count(" ") * 20 < size
        return self._wanted.schema(size * (3 if spaceless else 1))

    def _follow(self, answer: Answer) -> list[Job]:
        """Take an answer in; ask again for a useless one (once), or for what was missed."""
        tag = answer.job.tag
        assert isinstance(tag, _Tag)
        work = tag.work
        if answer.completion is None:
            work.error = work.error or answer.error
            return []
        try:
            data: Any = parse(answer.completion.text, self._schema(tag))
        except Malformed as error:
            self._counts["answers of no use"] += 1
            if not tag.attempt:
                work.open += 1
                return [self._job(_Tag(work, tag.chunk, tag.prompt, 1, tag.known))]
            work.problems.append(str(error))
            return []
        work.read += 1
        self._counts["answers"] += 1
        self._counts["cut answers"] += answer.completion.finish == "length"
        self._counts.update(ground(data, work.sightings, tag.chunk))
        if self._second_pass and tag.prompt == "extract":
            work.open += 1
            known = tuple(entity["name"] for entity in data.get("entities", ()))
            return [self._job(_Tag(work, tag.chunk, "missed", 0, known))]
        return []

    def _finished(self, work: _Work, fingerprint: str) -> tuple[Document, Reading | GraphError]:
        """The reading; an error where a request failed, or no answer could be used."""
        source = work.document.source
        if work.error is not None:
            return work.document, ExtractError(f"the model could not be asked about all of it: {work.error}")
        if work.problems and not work.read:
            return work.document, ExtractError(f"no answer of the model could be used: {work.problems[0]}")
        self._problems += [f"{source}: left out, {problem}" for problem in work.problems]
        return work.document, work.sightings.reading(work.chunks, fingerprint)


def _taken(works: list[_Work]) -> list[_Work]:
    """All that is in the list, which is then empty."""
    taken = works[:]
    works.clear()
    return taken
