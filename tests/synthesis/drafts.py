"""A passage, a good text about it, and drafts made for one test each."""

from kg.model import Check, Entity, Subgraph
from lm.base import FinishReason
from synthesis.base import Draft, Item, Kind, Parameters
from synthesis.checks import CHECKS, OPTIONAL, Written, checkers, judged
from synthesis.context import Context

PASSAGE = (
    "Tobias Lunt built Old Patience for the Company in 1838 and was paid forty-one pounds. "
    "The Company sold Hasty to Brackenhead College in 1874 for nineteen pounds."
)
GOOD = (
    "Old Patience was the work of Tobias Lunt, who finished it in 1838. The Company paid him 41 pounds, "
    "and unlike Hasty it was never sold to Brackenhead College."
)
PASSAGE_ZH = "闻三省在道光二十七年（1847年）造了老哑巴，公所付给他十二两银子。《听缸志略》说，它由司听保管，四十天洗一次。"
GOOD_ZH = "老哑巴出自闻三省之手，造于1847年，公所为此付了十二两银子。据《听缸志略》，保管它的人是司听，每过四十天就要把它洗一遍。"


def entity(name: str, *aliases: str) -> Entity:
    return Entity.make(name, "object", aliases=aliases)


PATIENCE = entity("Old Patience", "the balance")
MUTE = entity("老哑巴")


def written(
    text: str,
    *,
    entities: tuple[Entity, ...] = (),
    language: str = "en",
    finish: FinishReason = "stop",
    passage: str = PASSAGE,
    kind: Kind = "text",
    distractors: tuple[str, ...] = (),
) -> Written:
    item = Item(
        Subgraph.make([e.id for e in entities]),
        *(entities, (), "relate", "1", Parameters("echo"), language),
        distractors=distractors,
    )
    prompt = f"### Document\n{passage}\n### Task\nWrite."
    return Written(Draft("A title", text, kind), item, Context(text=passage), finish, prompt)


def outcome(name: str, text: str, **more: object) -> Check:
    """What one check says of a text."""
    return (CHECKS | OPTIONAL)[name]().check(written(text, **more))  # type: ignore[arg-type]


def failed_by(text: str, **more: object) -> list[str]:
    """The checks of "all" that a text fails."""
    found = judged(checkers(["all"]), written(text, **more))  # type: ignore[arg-type]
    return [check.name for check in found if check.outcome == "failed"]
