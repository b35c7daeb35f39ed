"""Entities from a list of names: what the list knows is found, nothing else.

The list is a text file, one entity a line:

    Orla Finch = Finch | the keeper         # aliases after "="
    tide clock<TAB>sea clock<TAB>object     # or: name, aliases with "|", type, divided by tabs
    潮钟

Two names in one sentence are related as "mentioned with".
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.extract.base import ExtractError
from kg.extract.matching import Names
from kg.extract.sightings import Sight, Sightings, state_together
from kg.model import Chunk, Document, GraphError
from kg.sentences import sentences
from kg.store import Reading

VERSION = "1"
UNTYPED = "entity"


@dataclass(frozen=True, slots=True)
class Listed:
    """One entity of a list of names."""

    name: str
    aliases: tuple[str, ...] = ()
    type: str = UNTYPED


class DictionaryExtractor:
    """Finds listed names: whole words in spaced scripts, longest first, whatever their case.

    `names` is a file, or the entities themselves. `ignore_case=False` tells "Reed" from "reed".
    """

    name = "dictionary"

    def __init__(self, names: Path | str | Iterable[Listed] = (), *, ignore_case: bool = True) -> None:
        self._source = Path(names) if isinstance(names, str | Path) else None
        self._listed = () if isinstance(names, str | Path) else tuple(names)
        self._ignore_case = ignore_case
        self._names: Names | None = None

    @property
    def fingerprint(self) -> str:
        """Changes with the list and with the way it is matched."""
        digest = hashlib.blake2b(digest_size=8)
        for entry in self._entries():
            digest.update(repr(entry).encode("utf-8", "surrogatepass"))
        return (
            f"dictionary {VERSION} {'any case' if self._ignore_case else 'exact case'} {digest.hexdigest()}"
        )

    def check(self) -> None:
        """Raise ExtractError where there is no list, or nothing on it."""
        if not self._entries():
            raise ExtractError(
                "the extractor 'dictionary' needs names to look for; none were given. "
                "Pass a text file with one name a line (name = alias | alias)"
            )

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        """Each document with the listed names found in it."""
        entries, fingerprint = {entry.name: entry for entry in self._entries()}, self.fingerprint
        matcher = self._matcher(entries)
        for document, chunks in documents:
            sightings = Sightings(document)
            for chunk in chunks:
                _look(matcher, entries, sightings, chunk)
            yield document, sightings.reading(chunks, fingerprint)

    def _entries(self) -> tuple[Listed, ...]:
        if self._source is not None and not self._listed:
            self._listed = tuple(listed(self._source))
        return self._listed

    def _matcher(self, entries: Mapping[str, Listed]) -> Names:
        if self._names is None:
            spelled = {entry.name: entry.name for entry in entries.values()}
            for entry in entries.values():
                for alias in entry.aliases:
                    spelled.setdefault(alias, entry.name)
            self._names = Names(spelled, ignore_case=self._ignore_case)
        return self._names


def _look(matcher: Names, entries: Mapping[str, Listed], sightings: Sightings, chunk: Chunk) -> None:
    language = chunk.language if chunk.language != "und" else sightings.document.language
    for start, end in sentences(sightings.document.text, chunk.start, chunk.end, language):
        sights = []
        for match in matcher.find(sightings.document.text, start, end):
            key = sightings.name(match.value, entries[match.value].type)
            sightings.mention(key, chunk, match.start, match.end)
            sights.append(Sight(key, match.start, match.end))
        state_together(sightings, sights, chunk.id, start, end)


def listed(file: Path) -> Iterator[Listed]:
    """The entities of a list of names; blank lines and lines that begin with # are passed over."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ExtractError(
            f"cannot read the list of names {str(file)!r} ({why}). It must be a text file in UTF-8, one name a line"
        ) from error
    for line in lines:
        entry = entry_of(line)
        if entry is not None:
            yield entry


def entry_of(line: str) -> Listed | None:
    r"""One line of a list of names; None for a blank line or a comment.

    >>> entry_of("Orla Finch = Finch | the keeper")
    Listed(name='Orla Finch', aliases=('Finch', 'the keeper'), type='entity')
    >>> entry_of("tide clock\tsea clock\tobject").type
    'object'
    """
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    if "\t" in line:
        name, aliases, *rest = (part.strip() for part in line.strip("\r\n").split("\t"))
    else:
        name, _, aliases = (part.strip() for part in line.partition("="))
        rest = []
    if not name:
        return None
    others = tuple(
        dict.fromkeys(alias.strip() for alias in aliases.split("|") if alias.strip() not in ("", name))
    )
    return Listed(name, others, rest[0] if rest and rest[0] else UNTYPED)
