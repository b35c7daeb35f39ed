"""Personal data: what is some, what only looks like it, and what the document says itself."""

import pytest

from synthesis.checks.personal_data import KINDS, PersonalData
from tests.synthesis.drafts import GOOD, PASSAGE, outcome, written

SOME = [
    ("email", "Write to mina.arden+bell@skerry-point.co.uk today.", "mina.arden+bell@skerry-point.co.uk"),
    ("email", "邮箱是linda@例子.中国。", "linda@例子.中国"),
    ("phone", "Call +44 20 7946 0958.", "+44 20 7946 0958"),
    ("phone", "Call (555) 123-4567 or not.", "(555) 123-4567"),
    ("phone", "Call 555-123-4567.", "555-123-4567"),
    ("phone", "电话：13812345678。", "13812345678"),
    ("phone", "电话：010-62345678。", "010-62345678"),
    ("iban", "Pay to GB82 WEST 1234 5698 7654 32.", "GB82 WEST 1234 5698 7654 32"),
    ("card", "The card 4111-1111-1111-1111 was charged.", "4111-1111-1111-1111"),
    ("chinese_id", "身份证11010519491231002X。", "11010519491231002X"),
    ("ip", "It came from 203.0.113.7.", "203.0.113.7"),
    ("ip", "It came from 2001:db8::8a2e:370:7334 at night.", "2001:db8::8a2e:370:7334"),
]


@pytest.mark.parametrize(("kind", "text", "quoted"), SOME)
def test_personal_data_fails_and_is_quoted(kind: str, text: str, quoted: str) -> None:
    assert list(KINDS[kind](text)) == [quoted]
    assert outcome("personal_data", text).reason == f"{kind} {quoted!r}"


@pytest.mark.parametrize(
    "text",
    [
        "From 1874-1880 the price rose by 1,200-1,300 pounds, on 1874-01-02 and 02/01/1874.",
        "The tide clock stood at 10:45:30; chapter 12.3.4.5.6 says so.",
        "Version 5.26.30.1 listens on 127.0.0.1.",
        "GB82 WEST 1234 5698 7654 33 and 4111 1111 1111 1112 have wrong check digits.",
        "身份证110105194912310021错了。",
        "Serial 0000 0000 0000 0000, ISBN 978-3-16-148410-0, π = 3.14159265358979.",
        "Mina Arden, 12 Rope Walk, wrote at 4:30 @ noon.",
        "三千二百只青蛙，一九二三年十一月二十八日。",
    ],
)
def test_what_only_looks_like_it_passes(text: str) -> None:
    assert outcome("personal_data", text).outcome == "passed"


def test_what_the_document_says_itself_may_be_repeated_unless_it_may_not() -> None:
    text = "Mina can be reached at +44 20 7946 0958."
    draft = written(text, passage=PASSAGE + " Telephone: +44 (20) 7946-0958")
    assert PersonalData().check(draft).outcome == "passed"
    assert PersonalData(repeated=False).check(draft).outcome == "failed"


def test_only_the_kinds_that_are_asked_for_are_looked_for() -> None:
    draft = written("Write to mina@skerry.example.")
    assert PersonalData(["phone", "ip"]).check(draft).outcome == "passed"
    with pytest.raises(ValueError, match="'mail'"):
        PersonalData(["mail"])


def test_names_are_no_personal_data() -> None:
    assert outcome("personal_data", GOOD).outcome == "passed"
