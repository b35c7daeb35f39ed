"""A reader's word on a text: it is accepted, rejected with a reason, or written anew. It stands above all checks.

A verdict is a check of the name "reader" in the record itself. An edit is a record of its own: status "edited",
author "user", `parent` the text it was made from. It has the same item, call and sources, so that it stands in
the place of the old one in every order, and the item is not asked for again. Of a text and its edits one counts
at most: the one that was accepted or written last. What a run does later leaves the reader's word as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.encodings import clean
from kg.model import Asked, Check, Entity, Record, Status, content_id
from kg.store import Store
from synthesis.base import SynthesisError
from synthesis.checks import checkers, judged
from synthesis.checks.named import names
from synthesis.sources import sources_of, written_of

READER = "reader"
SUITABLE = ("refusal", "language", "named", "repetition", "copying", "numbers", "names")
"""Checks that can be asked of a text that no model wrote."""
LONGEST_REASON = 2_000


class NoSuchText(SynthesisError):
    """No text of the corpus has that id."""


def text_of(store: Store, id: str) -> Record:
    """The text with that id, or with the only id that begins so. Raises NoSuchText where there is none.

    ValueError where several begin so: type more of it.
    """
    if len(id) == 32 and set(id) <= set("0123456789abcdef"):
        found = list(store.read(Record, "id", [id]))
    elif len(id) >= 4:
        found = [one for one in store.read(Record) if one.id.startswith(id)]
    else:
        raise ValueError(
            f"a text is named by its id or the first four digits of it or more, seen {id[:40]!r}"
        )
    found = [one for one in found if one.status != "judgement"]
    if len(found) > 1:
        raise ValueError(f"{len(found)} texts have ids that begin with {id!r}; type more of it")
    if not found:
        raise NoSuchText(f"no text of this corpus has the id {id[:40]!r}; 'entigraph texts list' shows them")
    return found[0]


def word_of(record: Record) -> Check | None:
    """What a reader said of a text, None where nobody did."""
    return next((check for check in record.checks if check.name == READER), None)


def words_in(records: Iterable[Record]) -> dict[str, Check]:
    """What readers said of these texts, by their ids."""
    return {one.id: word for one in records if (word := word_of(one)) is not None}


def with_word(record: Record, word: Check) -> Record:
    """The record as a reader's word leaves it."""
    status: Status = "rejected" if word.outcome == "failed" else _counting(record)
    checks = [check for check in record.checks if check.name != READER]
    return replace(record, checks=(*checks, word), status=status)


def accept(store: Store, id: str, reason: str = "") -> Record:
    """The text counts from now on, whatever the checks said; of its versions it is the one that does."""
    return _kept(store, with_word(text_of(store, id), Check(READER, "passed", _said(reason))))


def reject(store: Store, id: str, reason: str) -> Record:
    """The text does not count any more. Raises ValueError without a reason: it is what the others learn from."""
    said = _said(reason)
    if not said:
        raise ValueError("a text is rejected for a reason: say in a few words what is wrong with it")
    return _kept(store, with_word(text_of(store, id), Check(READER, "failed", said)))


def edit(store: Store, id: str, text: str) -> Record:
    """The record of a text in a reader's words, which counts instead of the one it was made from.

    It is checked as far as it can be, and counts whatever the checks say. Raises ValueError where nothing was
    changed, or nothing is left.
    """
    old, words = text_of(store, id), clean(text).strip()
    if not words:
        raise ValueError("an edit of nothing: to take a text out, reject it")
    if words == old.text.strip():
        raise ValueError("nothing was changed: the edit is the text as it stands")
    sources = sources_of(store, old)
    new = replace(
        old,
        id=content_id("edit", old.id, words),
        text=words,
        asked=_asked(old, sources.entities, words),
        author="user",
        parent=old.id,
        checks=tuple(judged(checkers(SUITABLE), written_of(old, sources, text=words))),
        status="edited",
        tokens_in=0,
        tokens_out=0,
        cost_usd=0.0,
    )
    return _kept(store, new)


def versions_of(store: Store, record: Record) -> list[Record]:
    """The text that a model wrote, all that readers made of it and of those, and this one."""
    alike = {one.id: one for one in store.read(Record, "item", [record.item])} | {record.id: record}
    above = {one.id: one.parent for one in alike.values() if one.author == "user" and one.parent in alike}

    def first(id: str) -> str:
        while (parent := above.get(id)) is not None:
            id = parent
        return id

    return [one for one in alike.values() if first(one.id) == first(record.id)]


def _counting(record: Record) -> Status:
    return "edited" if record.author == "user" else "accepted"


def _asked(record: Record, entities: Sequence[Entity], text: str) -> tuple[Asked, ...]:
    pairs = zip(record.asked, entities, strict=True)
    return tuple(replace(asked, named=names(text, entity)) for asked, entity in pairs)


def _said(reason: str) -> str:
    return " ".join(clean(reason).split())[:LONGEST_REASON]


def _kept(store: Store, record: Record) -> Record:
    """Write a record down; where it counts, no other version of it does any more."""
    changed = [record]
    if record.counts:
        other = Check(READER, "failed", f"another version counts: {record.id}")
        changed += [
            with_word(one, other) for one in versions_of(store, record) if one.id != record.id and one.counts
        ]
    store.upsert(changed)
    return record
