"""A checked draft becomes a record: everything needed to explain the text and to write it again."""

from collections.abc import Sequence

from kg.encodings import clean
from kg.model import Asked, Candidate, Check, Entity, Record, content_id
from kg.store import Store
from lm.base import Completion
from synthesis.base import Draft, Item
from synthesis.checks.named import names
from synthesis.context import Context


def asked_of(
    store: Store, entities: Sequence[Entity], documents: Sequence[str], text: str
) -> tuple[Asked, ...]:
    """The entities a text was asked about, with the candidates behind them in the documents it rests on.

    Coverage is counted through what these candidates resolve to later; an entity without candidates
    there (an imported one) stands for itself.
    """
    within = set(documents)
    asked = []
    for entity in entities:
        candidates = [
            candidate.id
            for candidate in store.read(Candidate, "entity", [entity.id])
            if candidate.document in within
        ]
        asked.append(Asked(entity.id, entity.name, tuple(sorted(candidates)), names(text, entity)))
    return tuple(asked)


def record_of(
    store: Store,
    item: Item,
    context: Context,
    draft: Draft,
    completion: Completion,
    checks: Sequence[Check],
    *,
    call: str,
    run: str,
    seed: int = 0,
    number: int = 0,
    parent: str | None = None,
) -> Record:
    """The record of one draft: accepted where no check failed, else rejected with the reasons kept.

    Lone surrogates and NUL, which no file can hold, are replaced. `call` is the key of the request in the journal, `number` the place of the draft among those of
    its item. Its id is the hash of item, call and number, so the same answer read twice is one record.
    """
    return Record(
        id=content_id("record", item.key, call, number),
        item=item.key,
        kind=draft.kind,
        title=clean(draft.title),
        text=clean(draft.text),
        language=item.language,
        strategy=item.strategy,
        version=item.version,
        model=completion.model,
        subgraph=item.subgraph,
        asked=asked_of(store, item.entities, context.documents, draft.text),
        relations=tuple((r.source, r.label, r.target) for r in item.relations),
        documents=context.documents,
        chunks=context.chunks,
        call=call,
        run=run,
        sampler=item.sampler,
        wording=item.wording,
        seed=seed,
        parent=parent,
        checks=tuple(checks),
        status="rejected" if any(check.outcome == "failed" for check in checks) else "accepted",
        left_out=context.left_out,
        tokens_in=completion.tokens_in,
        tokens_out=completion.tokens_out,
        cost_usd=completion.cost_usd,
    )
