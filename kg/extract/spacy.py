"""Entities, terms and relations of English text, found by a spaCy pipeline and rules on its parses.

The only module that imports spaCy. Names, terms, types and relations are told by the modules
`english*` and `dependencies`, which read plain columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.extract import english
from kg.extract.base import ExtractError
from kg.extract.paragraphs import Paragraph, paragraphs
from kg.extract.parses import Parse
from kg.extract.sightings import Sightings
from kg.extract.vocabulary import Vocabulary
from kg.model import Chunk, Document, GraphError
from kg.store import Reading

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

VERSION = "1"
PIPELINE = "en_core_web_sm"
BATCH = 64
_MISTAGGED = frozenset(("ADV", "ADJ", "X", "INTJ", "PROPN"))
_MOST_WORDS = 200_000
_MISSING_SPACY = "the extractor 'spacy' needs spaCy, which is not installed. Install it with: pip install 'entigraph[spacy]'"


class SpacyExtractor:
    """Reads English with a spaCy pipeline.

    `pipeline` is a folder of a pipeline, the name of an installed one, or None for the `en_core_web_sm`
    that `entigraph models pull` fetched, else the installed one. `processes` above 1 lets spaCy work in that many processes.
    """

    name = "spacy"

    def __init__(self, pipeline: Path | str | None = None, *, processes: int = 1) -> None:
        if processes < 1:
            raise ValueError(f"processes must be at least 1, not {processes}")
        self._pipeline = pipeline
        self._processes = processes
        self._loaded: Language | None = None

    @property
    def fingerprint(self) -> str:
        """Name and version of these rules, of spaCy, and of the pipeline."""
        meta = self.pipeline().meta
        return (
            f"spacy {VERSION} {meta['lang']}_{meta['name']} {meta['version']} {meta.get('spacy_version', '')}"
        )

    def check(self) -> None:
        """Load the pipeline now, so that what is missing is said before any document is read."""
        self.pipeline()

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        """Each document with its names, terms and relations."""
        nlp, fingerprint = self.pipeline(), self.fingerprint
        for document, chunks in documents:
            sightings = Sightings(document)
            for portion in portions(document.text, chunks):
                english.read(list(self.parses(nlp, portion)), sightings, self._vocabulary.knows)
            yield document, sightings.reading(chunks, fingerprint)

    def parses(self, nlp: "Language", found: Sequence[Paragraph]) -> Iterator[Parse]:
        """The parsed paragraphs, in order."""
        texts = [paragraph.text for paragraph in found]
        docs = nlp.pipe(texts, batch_size=BATCH, n_process=self._processes)
        for paragraph, doc in zip(found, docs, strict=True):
            if len(doc):
                yield columns(paragraph, doc, self._vocabulary)

    def pipeline(self) -> "Language":
        """The loaded pipeline; loads it on the first call."""
        if self._loaded is None:
            self._loaded = load(self._pipeline)
            self._vocabulary = vocabulary_of(self._loaded)
        return self._loaded


def load(pipeline: Path | str | None) -> "Language":
    """The pipeline, or an ExtractError that says how to get it."""
    if find_spec("spacy") is None:
        raise ExtractError(_MISSING_SPACY)
    import spacy

    wanted = pipeline if pipeline is not None else fetched()
    try:
        return spacy.load(wanted)
    except (OSError, ValueError) as error:
        seen = str(error).splitlines()[0][:200]
        raise ExtractError(
            f"the extractor 'spacy' cannot load the pipeline {str(wanted)!r} ({seen}). "
            f"Fetch it with: entigraph models pull {PIPELINE}"
        ) from error


def fetched() -> Path | str:
    """The pinned pipeline in the user's cache folder; its name where it was not fetched."""
    from lm.fetch import ModelFileError
    from lm.models import models_folder, path_of

    try:
        return path_of(PIPELINE, cache_folder=models_folder())
    except ModelFileError:
        return PIPELINE


def portions(text: str, chunks: Sequence[Chunk]) -> Iterator[list[Paragraph]]:
    """The paragraphs of a document, all at once or, in a very long one, 200,000 words at a time."""
    found: list[Paragraph] = []
    size = 0
    for chunk in chunks:
        for paragraph in paragraphs(text, chunk):
            found.append(paragraph)
            size += len(paragraph.text) // 6 + 1
        if size > _MOST_WORDS:
            yield found
            found, size = [], 0
    if found:
        yield found


def vocabulary_of(nlp: "Language") -> Vocabulary:
    """The words that the pipeline's lemmatizer lists; none where it has no such table."""
    lemmatizer: Any = nlp.get_pipe("lemmatizer") if nlp.has_pipe("lemmatizer") else None
    lookups = getattr(lemmatizer, "lookups", None)
    if lookups is None or not lookups.has_table("lemma_index"):
        return Vocabulary()
    table = lookups.get_table("lemma_index")
    return Vocabulary.of({part: frozenset(table.get(part, ())) for part in ("noun", "verb", "adj", "adv")})


def columns(paragraph: Paragraph, doc: "Doc", vocabulary: Vocabulary) -> Parse:
    """A spaCy Doc as plain columns.

    All attributes come in one numpy call: asking each token takes ten times as long. A word that can
    only be a noun is one, whatever the tagger says: it takes rare nouns for adverbs.
    """
    import numpy as np
    from spacy.attrs import DEP, HEAD, LEMMA, LOWER, ORTH, POS, SENT_START, SPACY, TAG

    strings = doc.vocab.strings
    rows = doc.to_array([ORTH, LOWER, LEMMA, POS, TAG, DEP, HEAD, SENT_START, SPACY])
    names: dict[int, str] = {key: strings[key] for key in np.unique(rows[:, :6]).tolist()}
    orth, lower, lemma, pos, tag, dep = ([names[key] for key in column] for column in rows[:, :6].T.tolist())
    lemma = [word if word.islower() else word.lower() for word in lemma]
    n = len(orth)
    for i, part in enumerate(pos):
        if part in _MISTAGGED and orth[i].islower() and vocabulary.only_noun(lower[i]):
            pos[i], lemma[i] = (
                "NOUN",
                lower[i] if lower[i] in vocabulary.nouns else lower[i].removesuffix("s"),
            )
    heads = (rows[:, 6].astype(np.int64) + np.arange(n)).tolist()
    lengths = np.fromiter(map(len, orth), dtype=np.int64, count=n)
    ends = np.cumsum(lengths + rows[:, 8].astype(np.int64)) - rows[:, 8].astype(np.int64)
    begins = [i for i, mark in enumerate(rows[:, 7].astype(np.int64).tolist()) if mark == 1 or i == 0]
    return Parse(
        paragraph,
        orth,
        lower,
        lemma,
        pos,
        tag,
        dep,
        heads,
        (ends - lengths).tolist(),
        ends.tolist(),
        [(entity.start, entity.end, entity.label_) for entity in doc.ents],
        list(zip(begins, [*begins[1:], n], strict=True)),
    )
