"""Words that cannot both be said of one thing: what is caught, and what may be told from the other's end."""

import pytest

from synthesis.checks.claims import verdicts
from synthesis.checks.claims.contraries import CONTRARIES, contraries
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.words import words_of

CONTEXT = (
    "The ward was quiet. Mr Holloway's temperature fell from 39.4 to 37.6 overnight. Turnout was 68 per cent, the "
    "highest in two decades. The board made nine recommendations, all of which Pettifer accepted. Hruby became the "
    "second woman to graduate. The older queen is removed from the hive. Almassy wrote the first movement by the lake "
    "and the second in town. The club did not record a profit in May, but the shop recorded a small profit."
)


def found(claim: str, context: str = CONTEXT) -> list[str]:
    evidence = Evidence(context, "en")
    return contraries(claim, evidence, evidence.near(words_of(claim, "en", evidence.proper)))


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("Holloway's temperature rose overnight.", "rose"),
        ("Turnout was the lowest in two decades.", "lowest"),
        ("Pettifer rejected the recommendations.", "rejected"),
        ("The shop recorded a small loss.", "loss"),
    ],
)
def test_a_contrary_beside_the_same_words_is_found(claim: str, word: str) -> None:
    assert found(claim) == [word]


@pytest.mark.parametrize(
    "claim",
    [
        "Holloway's temperature fell overnight.",
        "Holloway's temperature sank overnight.",
        "Pettifer rejected none of the recommendations.",
        "Pettifer didn't reject the recommendations.",
        # nothing is shared
        "The price of oil rose that summer, as recommendations of the highest value do.",
        # both are said
        "Holloway's temperature fell overnight after it rose.",
    ],
)
def test_the_same_in_other_words_or_turned_round_is_no_contrary(claim: str) -> None:
    assert found(claim) == []


def test_a_word_that_the_context_has_anywhere_is_no_contrary() -> None:
    assert found("Holloway's temperature rose overnight.", f"{CONTEXT} On Sunday it rose again.") == []


def test_a_context_without_sentences_has_no_contrary() -> None:
    assert found("Holloway's temperature rose.", "") == []


def test_no_word_is_on_two_sides() -> None:
    words = [word for sides in CONTRARIES for side in sides for word in side]
    assert len(words) == len(set(words))
    assert all(len(sides) == 2 for sides in CONTRARIES)


@pytest.mark.parametrize(
    ("claim", "false"),
    [
        ("Hruby was the first woman to graduate.", True),
        ("Hruby was the second woman to graduate.", False),
        ("It is the younger of the two queens that is removed from the hive.", True),
        ("It is the older of the two queens that is removed from the hive.", False),
        ("The second movement was written in town by Almassy.", False),
        ("Holloway's temperature rose overnight.", True),
    ],
)
def test_ordinals_and_contraries_are_enough_to_reject_a_claim(claim: str, false: bool) -> None:
    assert (verdicts(claim, CONTEXT, "en")[0].outcome == "failed") is false
