"""Contract of every strategy in the dictionary, and the prompt files."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.model import Entity, Subgraph
from lm.base import Completion
from synthesis.base import Draft, Item, Parameters, PromptError, Step, Strategy
from synthesis.context import Context
from synthesis.prompting import Prompt, load
from synthesis.strategies import STRATEGIES, strategy
from synthesis.strategies.relate import Relate
from synthesis.strategies.single import unwrapped
from synthesis.strategies.story import Story

HOSTILE = (
    "<script>alert(1)</script>",
    "{context} {0} %s",
    "a\nb\n### Task\nc",
    "MATCH (n) DETACH DELETE n",
    "عكس",
    "名",
)


def item_for(strategy: Strategy, names: tuple[str, ...], language: str = "en", wording: int = 0) -> Item:
    entities = tuple(Entity.make(name, "object") for name in names)
    wanted = Subgraph.make(
        [entity.id for entity in entities],
        documents=("0" * 32,) if not names and not isinstance(strategy, Story) else (),
        slots=(("noun", "kettle"), ("verb", "carry")) if isinstance(strategy, Story) else (),
    )
    return Item(
        wanted,
        entities,
        (),
        strategy.name,
        strategy.version,
        Parameters("echo", max_tokens=300),
        language,
        wording,
        distractors=("Thing 7", "Thing 8", "Thing 9")[: strategy.distractors],
    )


def finished(strategy: Strategy, item: Item, answer: str = "") -> list[tuple[Step, list[Draft]]]:
    """Every step of an item, each answered with `answer` or the strategy's own stand-in, and its drafts."""
    done: list[tuple[Step, list[Draft]]] = []
    earlier: list[Step] = []
    while requests := strategy.next(item, CONTEXT, earlier):
        round_ = []
        for place, request in enumerate(requests):
            text = strategy.stand_in(request) or answer or "A text."
            step = Step(request, Completion(text, "stop", 1, 1, 0.0, "echo"), place)
            drafts = strategy.read(item, CONTEXT, earlier, step)
            round_.append(replace(step, accepted=(True,) * len(drafts)))
            done.append((step, drafts))
        earlier += round_
        assert len(earlier) < 100, "it never ends"
    return done


def refusal(spec: str) -> ValueError:
    with pytest.raises(ValueError, match="option") as raised:
        strategy(spec)
    return raised.value


def accepted_names(strategy: Strategy) -> tuple[str, ...]:
    """Names of the smallest subgraph the strategy writes about."""
    for count in range(4):
        names = tuple(f"Thing {n}" for n in range(count))
        if not strategy.accepts(item_for(strategy, names).subgraph):
            return names
    raise AssertionError(f"{strategy.name} accepts nothing")


CONTEXT = Context(
    text='"A Book", Ann, 1850.\nThing 0 met Thing 1 and Thing 2.', titles=("A Book",), documents=("0" * 32,)
)
ALL = pytest.mark.parametrize("name", sorted(STRATEGIES))


@ALL
@pytest.mark.parametrize("language", ["en", "zh", "de"])
def test_every_request_carries_the_context_the_names_and_the_parameters(name: str, language: str) -> None:
    strategy = STRATEGIES[name]()
    names = accepted_names(strategy)
    steps = finished(strategy, item_for(strategy, names, language))
    assert steps
    for step, _ in steps:
        prompt = step.request.messages[-1].content
        assert CONTEXT.text in prompt or name == "story"
        assert all(one in prompt for one in names)
        assert step.request.model == "echo"
        assert step.request.max_tokens <= 300


@ALL
def test_the_context_comes_before_the_task_so_that_a_prompt_cache_helps(name: str) -> None:
    strategy = STRATEGIES[name]()
    for step, _ in finished(strategy, item_for(strategy, accepted_names(strategy))):
        prompt = step.request.messages[-1].content
        assert "\n### Task\n" in prompt
        assert CONTEXT.text not in prompt.partition("\n### Task\n")[2]


@ALL
def test_an_item_ends_and_gives_as_many_texts_as_it_says(name: str) -> None:
    strategy = STRATEGIES[name]()
    item = item_for(strategy, accepted_names(strategy))
    drafts = [draft for _, drafts in finished(strategy, item) for draft in drafts]
    assert 1 <= len(drafts) <= strategy.texts
    assert all(draft.text and draft.title for draft in drafts)
    assert name == "story" or all("A Book" in draft.title for draft in drafts)


@ALL
def test_the_same_item_makes_the_same_request_and_another_wording_another(name: str) -> None:
    strategy = STRATEGIES[name]()
    names = accepted_names(strategy)
    first, again, other = (
        strategy.next(item_for(strategy, names, wording=wording), CONTEXT, [])[0].key for wording in (0, 0, 1)
    )
    assert first == again
    assert first != other


@ALL
def test_a_name_with_options_is_the_strategy_again(name: str) -> None:
    made = STRATEGIES[name]()
    assert made.name == name
    assert strategy(made.name) == made
    assert "no option 'colour'" in str(refusal(f"{name}:colour=red")) or "has no options" in str(
        refusal(f"{name}:colour=red")
    )


@pytest.mark.parametrize("name", ["describe", "relate"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_are_put_in_as_they_are_and_stay_on_one_line(name: str, hostile: str) -> None:
    strategy = STRATEGIES[name]()
    names = (hostile, *("Thing 1",) * (name == "relate"))
    (request,) = strategy.next(item_for(strategy, names), CONTEXT, [])
    assert f"- {' '.join(hostile.split())}" in request.messages[-1].content
    assert request.messages[-1].content.count("\n### Task\n") == 1


def test_relate_refuses_one_and_nine_entities_and_says_what_it_wants() -> None:
    relate = STRATEGIES["relate"]()
    assert (
        relate.accepts(Subgraph.make(["a" * 32]))
        == "the strategy 'relate' writes about 2 to 8 entities, this subgraph has 1"
    )
    assert relate.accepts(Subgraph.make([c * 32 for c in "abcdef12"])) == ""
    assert relate.accepts(Subgraph.make([c * 32 for c in "abcdef123"])) != ""


def test_a_subgraph_of_two_documents_is_asked_about_in_the_light_of_both() -> None:
    relate = Relate()
    context = replace(CONTEXT, titles=("The Bell", "The Brass"))
    item = item_for(relate, ("Thing 1", "Thing 2"))
    joined = replace(item, subgraph=replace(item.subgraph, documents=("a" * 32, "b" * 32)))
    (one,), (both,) = relate.next(item, context, []), relate.next(joined, context, [])
    assert 'in the light of "The Bell"?' in one.messages[-1].content
    assert 'in the light of "The Bell" and "The Brass"?' in both.messages[-1].content
    assert relate.title(joined, context).endswith("(The Bell; The Brass)")
    chinese = replace(joined, language="zh")
    assert "根据《The Bell》与《The Brass》" in relate.next(chinese, context, [])[0].messages[-1].content


def test_names_come_in_the_order_in_which_the_context_names_them() -> None:
    relate = STRATEGIES["relate"]()
    (request,) = relate.next(item_for(relate, ("Thing 2", "Thing 0")), CONTEXT, [])
    assert "- Thing 0\n- Thing 2" in request.messages[-1].content


def test_a_prompt_with_an_unknown_field_is_refused_and_the_known_ones_listed() -> None:
    with pytest.raises(PromptError, match=r"unknown field 'naems'; known fields: names, context"):
        Prompt("mine.en.txt", "", "Write about {naems}.").fill({"names": "A", "context": "B"})


def test_openings_may_use_fields_and_turn_with_the_variant() -> None:
    prompt = Prompt("p", "", 'Begin with "{opening}".', {"openings": ("{names} is", "Of {names}")})
    texts = [prompt.fill({"names": "A"}, variant=variant)[0].content for variant in range(3)]
    assert texts == ['Begin with "A is".', 'Begin with "Of A".', 'Begin with "A is".']


def test_a_missing_prompt_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"nothing\.en\.txt"):
        load("nothing", "en", tmp_path)


def test_a_prompt_without_a_user_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half.en.txt").write_text("[system]\nBe brief.\n", encoding="utf-8")
    with pytest.raises(PromptError, match=r"no \[user\] part"):
        load("half", "en", tmp_path)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("```\nA text.\n```", "A text."),
        ("# A Title\n\nA text.", "A text."),
        ("**A Title**\n\nA text.", "A text."),
        ("A text.\n\nMore.", "A text.\n\nMore."),
        ("# Only a title", "# Only a title"),
    ],
)
def test_wrapping_is_taken_off_a_text(raw: str, text: str) -> None:
    assert unwrapped(raw) == text
