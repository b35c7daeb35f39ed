"""The best extractor that is installed for each language; never a language model.

English goes to spaCy, Chinese to jieba. Where spaCy or its pipeline is missing, and for languages
without an extractor of their own, the rule of `capitals` stands in. `notes` says what was done.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.extract.base import ExtractError, Extractor
from kg.extract.capitals import CapitalsExtractor
from kg.extract.jieba import JiebaExtractor
from kg.extract.spacy import SpacyExtractor
from kg.languages import language_of
from kg.model import Chunk, Document, GraphError
from kg.store import Reading

VERSION = "1"
_MOST_NAMED = 20


@dataclass(slots=True)
class _Yield:
    """What one extractor found in one language."""

    documents: int = 0
    counts: Counter[str] = field(default_factory=Counter)


class AutoExtractor:
    """Chooses by the language of each chunk; `pipeline` is handed to the spaCy extractor."""

    name = "auto"

    def __init__(self, pipeline: Path | str | None = None) -> None:
        self._pipeline = pipeline
        self._chosen: dict[str, Extractor] = {}
        self._missing: dict[str, str] = {}
        self._yields: dict[tuple[str, str], _Yield] = {}
        self._bare: list[str] = []

    @property
    def fingerprint(self) -> str:
        """The fingerprints of what English and Chinese are read with on this machine."""
        return f"auto {VERSION}; " + "; ".join(
            f"{code}: {self._for(code).fingerprint}" for code in ("en", "zh")
        )

    @property
    def notes(self) -> list[str]:
        """What each language yielded so far, what is not installed, which documents have no relations."""
        lines = [
            f"{language} ({name}): {found.documents} document{'s' * (found.documents != 1)}, "
            f"{found.counts['entities']} entities, {found.counts['mentions']} mentions, "
            f"{found.counts['relations']} statements of relations"
            for (language, name), found in sorted(self._yields.items())
        ]
        read = {language for language, _ in self._yields}
        lines += [f"{language}: {why}" for language, why in sorted(self._missing.items()) if language in read]
        if self._bare:
            more = f" and {len(self._bare) - _MOST_NAMED} more" if len(self._bare) > _MOST_NAMED else ""
            lines.append(f"left without relations: {', '.join(self._bare[:_MOST_NAMED])}{more}")
        return lines

    def check(self) -> None:
        """Never fails: without spaCy and jieba, capitals are read; `notes` says so."""
        self._for("en")
        self._for("zh")

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        """Each document read in parts by language, the parts put together."""
        fingerprint = self.fingerprint
        for document, chunks in documents:
            parts: dict[str, list[Chunk]] = {}
            for chunk in chunks:
                parts.setdefault(self._language(document, chunk), []).append(chunk)
            readings: list[Reading] = []
            failed: GraphError | None = None
            for language, some in parts.items():
                extractor = self._for(language)
                for _, reading in extractor.read([(document, some)]):
                    if isinstance(reading, GraphError):
                        failed = reading
                    else:
                        readings.append(reading)
                        self._count(language, extractor.name, reading)
            if failed is not None and not readings:
                yield document, failed
                continue
            whole = together(chunks, readings, fingerprint)
            if not whole.evidence:
                self._bare.append(document.source)
            yield document, whole

    def _language(self, document: Document, chunk: Chunk) -> str:
        for language in (chunk.language, document.language):
            if language != "und":
                return language
        return language_of(document.text[chunk.start : chunk.end])

    def _for(self, language: str) -> Extractor:
        if language not in self._chosen:
            self._chosen[language] = self._choose(language)
        return self._chosen[language]

    def _choose(self, language: str) -> Extractor:
        extractor: Extractor
        if language == "en":
            extractor = SpacyExtractor(self._pipeline)
        elif language == "zh":
            extractor = JiebaExtractor()
        else:
            self._missing[language] = "no extractor for this language; only capitalised names were read"
            return CapitalsExtractor()
        try:
            extractor.check()
        except ExtractError as error:
            self._missing[language] = f"{error}. Until then only capitalised names are read"
            return CapitalsExtractor()
        return extractor

    def _count(self, language: str, name: str, reading: Reading) -> None:
        found = self._yields.setdefault((language, name), _Yield())
        found.documents += 1
        found.counts.update(
            entities=len(reading.candidates), mentions=len(reading.mentions), relations=len(reading.evidence)
        )


def together(chunks: Sequence[Chunk], readings: Sequence[Reading], fingerprint: str) -> Reading:
    """One reading of a document from readings of its parts; what several parts saw is listed once."""
    candidates = {row.id: row for reading in readings for row in reading.candidates}
    mentions = {row.id: row for reading in readings for row in reading.mentions}
    evidence = {row.id: row for reading in readings for row in reading.evidence}
    return Reading(
        tuple(chunks),
        tuple(candidates.values()),
        tuple(mentions.values()),
        tuple(evidence.values()),
        fingerprint,
    )
