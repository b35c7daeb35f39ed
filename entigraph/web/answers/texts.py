"""Texts as the routes give them: a row of a list, and everything about one of them."""

import time
from collections.abc import Iterable

from entigraph.text_lists import Text, records_of
from entigraph.web.refusals import Busy, NotThere
from entigraph.web.shapes.base import Passage, Piece
from entigraph.web.shapes.texts import CheckRow, PromptMessage, Sentence, TextDetails, TextRow
from entigraph.web.works.bench import Bench
from kg.model import Record
from synthesis.explanation import Stretch, explained
from synthesis.reader import NoSuchText, text_of

BEGINS = 200  # characters
WRITTEN_SECONDS = 4.0
"""A run writes its texts down every two seconds."""
UNTOLD = ("messages", "model")


def record_at(bench: Bench, id: str, *, to_change: bool = False) -> Record:
    """The record of a text, also of one that came a moment ago and is not in the corpus yet.

    One that is to be changed is waited for, a few seconds. Raises NotThere for an id that no text has, and Busy where
    it is to be changed and still not in the corpus.
    """
    until = time.monotonic() + WRITTEN_SECONDS
    while True:
        try:
            return text_of(bench.desk.store, id)
        except NoSuchText as error:
            came = bench.works.came(id)
            if came is None:
                raise NotThere(str(error)) from None
        if not to_change:
            return came
        if time.monotonic() > until:
            raise Busy("this text came a moment ago and is about to be written down; try again")
        time.sleep(0.1)


def row_of(record: Record, text: Text | None = None) -> TextRow:
    """A text in a list. `order` is 0 for one that is not in a list yet."""
    entities = text.entities if text else [asked.entity for asked in record.asked]
    return TextRow(
        id=record.id,
        title=record.title,
        begins=_begins(record.text),
        status=record.status if record.status != "judgement" else "accepted",
        strategy=record.strategy,
        model=record.model,
        language=record.language,
        run=record.run,
        reasons=list(record.reasons),
        entities=list(entities),
        names=[asked.name for asked in record.asked],
        order=text.place if text else 0,
    )


def _begins(text: str) -> str:
    """The first words; whole ones, where they are not very long."""
    if len(text) <= BEGINS:
        return text
    end = max((place for place in range(BEGINS - 20, BEGINS) if text[place].isspace()), default=BEGINS)
    return text[:end].rstrip() + " …"


def rows_of(bench: Bench, texts: Iterable[Text]) -> list[TextRow]:
    """These texts as rows, in their order; their words are read now."""
    known = {text.id: text for text in texts}
    return [row_of(record, known[record.id]) for record in records_of(bench.desk.store, known.values())]


def details_of(bench: Bench, record: Record) -> TextDetails:
    """Everything about a text: prompt, price, checks, marks, and the places it rests on."""
    request, answer = bench.asked(record.call)
    messages = request.messages if request is not None else ()
    user = "\n".join(message.content for message in messages if message.role == "user")
    why = explained(bench.desk.store, record, prompt=user)
    by_model = record.author == "model"
    parameters = request.to_dict() if request is not None and by_model else {}
    return TextDetails(
        row=row_of(record, bench.texts().by_id.get(record.id)),
        sentences=[
            Sentence(pieces=list(map(_piece, said.parts)), rests_on=list(said.rests_on))
            for said in why.sentences
        ],
        checks=[CheckRow(name=one.name, outcome=one.outcome, reason=one.reason) for one in record.checks],
        sources=[
            Passage(
                document=place.document,
                title=place.title,
                at=place.at,
                pieces=list(map(_piece, place.parts)),
            )
            for place in why.places
        ],
        left_out=list(record.left_out),
        prompt=[PromptMessage(role=one.role, content=one.content) for one in messages] if by_model else [],
        parameters={name: value for name, value in parameters.items() if name not in UNTOLD},
        tokens_in=record.tokens_in,
        tokens_out=record.tokens_out,
        cost_usd=record.cost_usd,
        seconds=answer.latency_seconds if answer is not None and by_model else None,
        author=record.author,
        edited_from=None if by_model else record.parent,
        command=f"entigraph texts show {bench.desk.typed} {record.id}",
    )


def _piece(part: Stretch) -> Piece:
    return Piece(text=part.text, mark=part.mark, entity=part.entity, note=part.note)
