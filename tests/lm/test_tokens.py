"""The stated estimate, its bound, and the rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm import chat
from lm.base import Message
from lm.rates import Rate
from lm.tokens import at_most, estimate, of_messages


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", 0, 0),
        ("a", 1, 1),
        ("The tide clock stopped.", 5, 7),
        ("潮汐鐘停了", 5, 5),
        ("x" * 4500, 1000, 1001),
        ("2026-11-21", 5, 7),
        ("Größenänderung", 3, 8),
        ("\n\n\n", 0, 0),
        ("\ud800", 1, 1),
    ],
)
def test_the_estimate_counts_by_script(text: str, low: int, high: int) -> None:
    assert low <= estimate(text) <= high


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_the_bound_is_above_the_estimate_and_grows_with_the_text(one: str, two: str) -> None:
    assert at_most(chat(one)) >= of_messages(chat(one)) - len(one) // 2
    assert at_most(chat(one + two)) >= at_most(chat(one))
    assert at_most([Message("system", one), Message("user", two)]) > at_most(chat(one))


@given(st.text(st.characters(min_codepoint=0x80, codec="utf-8")))
def test_outside_of_ascii_the_bound_is_the_bytes(text: str) -> None:
    assert at_most(chat(text)) >= len(text.encode())


def test_no_minute_holds_more_than_its_share() -> None:
    rate = Rate(120, now=0.0)
    now, sent = 0.0, []
    while now < 180:
        wait = rate.wait(1, now)
        if wait == 0:
            rate.take(1)
            sent.append(now)
        now += wait or 0.0
    for start in sent:
        assert sum(start <= at < start + 60 for at in sent) <= 120
    assert len(sent) > 340, "and little is left unused"


def test_a_large_request_waits_for_a_full_bucket_and_leaves_a_debt() -> None:
    rate = Rate(6000, now=0.0)
    assert rate.wait(5000, 0.0) == 0.0
    rate.take(5000)
    assert rate.wait(100, 0.0) == pytest.approx(5000 / 98.33, rel=0.02)
    rate.give_back(4900)
    assert rate.wait(100, 0.0) < 2


def test_no_rate_never_waits_and_a_rate_of_nothing_is_refused() -> None:
    rate = Rate(None, now=0.0)
    rate.take(10**9)
    assert rate.wait(10**9, 0.0) == 0.0
    with pytest.raises(ValueError, match="above 0"):
        Rate(0, now=0.0)
