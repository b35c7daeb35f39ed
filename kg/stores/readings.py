"""What must hold of rows before any store writes them."""

from collections.abc import Iterable, Mapping

from kg.model import Document
from kg.store import Reading, StoreError


def checked_id(id: str) -> str:
    """The id, if it is 32 hex digits; StoreError else."""
    try:
        if len(id) == 32 and bytes.fromhex(id).hex() == id:
            return id
    except (ValueError, TypeError):
        pass
    raise StoreError(f"cannot write the id {id!r}: an id is 32 hex digits. Make it with kg.content_id")


def check_reading(document: Document, reading: Reading) -> None:
    """Raise StoreError where a reading does not fit its document: nothing of it is written then."""
    chunks = {chunk.id for chunk in reading.chunks}
    candidates = {candidate.id for candidate in reading.candidates}
    where = f"the reading of {document.source!r}"
    for chunk in reading.chunks:
        if chunk.document != document.id or not 0 <= chunk.start <= chunk.end <= len(document.text):
            raise StoreError(f"cannot write {where}: the {chunk} does not lie in its text. Chunk it again")
    for candidate in reading.candidates:
        if candidate.document != document.id:
            raise StoreError(f"cannot write {where}: the {candidate} belongs to another document")
    for mention in reading.mentions:
        if mention.candidate not in candidates or mention.chunk not in chunks:
            raise StoreError(f"cannot write {where}: the {mention} names a candidate or chunk not in it")
        if document.text[mention.start : mention.end] != mention.surface:
            seen = document.text[mention.start : mention.end][:80]
            raise StoreError(f"cannot write {where}: the {mention} is spelled {seen!r} in the text")
    for evidence in reading.evidence:
        if not {evidence.source, evidence.target} <= candidates or evidence.chunk not in chunks:
            raise StoreError(f"cannot write {where}: the {evidence} names a candidate or chunk not in it")


def check_redirects(moved: Mapping[str, str], fresh: Iterable[str]) -> None:
    """Raise StoreError where the way from one of the fresh ones leads in a circle."""
    for start in sorted(fresh):
        seen = [start]
        while seen[-1] in moved:
            seen.append(moved[seen[-1]])
            if seen[-1] == start or len(seen) > len(moved) + 1:
                raise StoreError(
                    f"cannot redirect the entity {start}: the way leads in a circle ({' -> '.join(seen[:5])}). "
                    "Redirect to an entity that exists"
                )
