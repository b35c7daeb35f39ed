"""Several endpoints of one model: shares, failover, health, and one name for all of them."""

import threading
from typing import TYPE_CHECKING

import pytest

import lm
from lm.endpoint import Endpoint
from lm.pool import Member, Pool
from tests.lm.sessions import Jobs, session

if TYPE_CHECKING:
    from tests.lm.conftest import FakeServer


def both(one: "FakeServer", other: "FakeServer", weight: str = "") -> lm.LM:
    return lm.connect(f"{one.name},{other.name}{weight}")


@pytest.mark.parametrize(
    ("text", "name", "members"),
    [
        (
            "http://a:1/v1#q,http://b/v1#r*2",
            "http://a:1/v1#q",
            [("http://a:1/v1#q", 1.0), ("http://b/v1#r", 2.0)],
        ),
        (
            "qwen=http://a/v1#q,openai:x*0.5",
            "qwen",
            [("http://a/v1#q", 1.0), ("openai:x", 0.5)],
        ),
        ("http://old/v1#q=https://new/v1#q", "http://old/v1#q", [("https://new/v1#q", 1.0)]),
    ],
)
def test_the_form_gives_names_and_weights(text: str, name: str, members: list[tuple[str, float]]) -> None:
    model = lm.connect(text)
    assert isinstance(model, Pool)
    assert model.name == name
    assert [(member.model.name, member.weight) for member in model.members] == members


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://a/v1#q,http://a/v1#q", "twice"),
        ("http://a/v1#q,http://b/v1#q*0", "above 0"),
        ("http://a/v1#q,http://b/v1", "which model"),
    ],
)
def test_a_wrong_list_is_told_at_once(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lm.connect(text)


def test_requests_are_shared_by_weight(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = other_server.delay = 0.02
    model = both(fake_server, other_server, "*3")
    with session(model, journal, concurrency=16) as opened:
        answers = list(opened.answers(jobs_for(model, 400)))
    assert all(a.completion for a in answers)
    assert fake_server.most_in_flight <= 5
    assert other_server.most_in_flight <= 13
    assert 250 < len(other_server.bodies) < 350
    assert len(fake_server.bodies) + len(other_server.bodies) == 400


def test_answers_are_known_by_the_name_of_the_pool_when_its_members_change(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    one = lm.connect(fake_server.name)
    with session(one, journal) as opened:
        list(opened.answers(jobs_for(one, 10)))
    two = both(fake_server, other_server)
    with session(two, journal) as opened:
        answers = list(opened.answers(jobs_for(two, 20)))
    assert sum(a.reused for a in answers) == 10
    fake_server.stop()
    left = lm.connect(f"{fake_server.name}={other_server.name}")
    with session(left, journal) as opened:
        answers = list(opened.answers(jobs_for(left, 30)))
    assert sum(a.reused for a in answers) == 20
    assert {a.completion.model for a in answers if a.completion} == {fake_server.name, other_server.name}


def test_a_member_that_is_dead_costs_no_retry(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = both(fake_server, other_server)
    events: list[lm.Event] = []
    fake_server.stop()
    with session(model, journal, retries=0, on_event=events.append) as opened:
        answers = list(opened.answers(jobs_for(model, 100)))
    assert all(a.completion for a in answers)
    assert len(other_server.bodies) == 100
    assert any(e.kind == "down" and "The other endpoints go on" in e.message for e in events)


@pytest.mark.slow
def test_a_member_that_dies_and_comes_back_takes_its_share_again(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = other_server.delay = 0.02
    model = both(fake_server, other_server)
    with session(model, journal, retries=1, concurrency=4) as opened:
        before = 0
        for place, answer in enumerate(opened.answers(jobs_for(model, 500))):
            assert answer.completion
            if place == 100:
                fake_server.stop()
                before = len(fake_server.bodies)
                threading.Timer(0.3, fake_server.start).start()
    assert opened.stopped is None
    assert len(fake_server.bodies) > before + 20


@pytest.mark.slow
def test_when_all_are_dead_they_are_waited_for(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = other_server.delay = 0.02
    model = both(fake_server, other_server)
    with session(model, journal, retries=2) as opened:  # each death may break it once
        for place, answer in enumerate(opened.answers(jobs_for(model, 200))):
            assert answer.completion
            if place == 50:
                fake_server.stop()
                other_server.stop()
                threading.Timer(1.5, other_server.start).start()
    assert opened.stopped is None


def test_when_all_stay_away_the_session_ends(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    model = both(fake_server, other_server)
    with session(model, journal, give_up_seconds=0.5) as opened:
        for place, _ in enumerate(opened.answers(jobs_for(model, 200))):
            if place == 50:
                fake_server.stop()
                other_server.stop()
    assert opened.stopped == "unreachable"


def test_each_member_has_its_own_limit(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = other_server.delay = 0.02
    fake_server.behave = lambda n, body: "ok" if fake_server.working < 2 else "busy"
    model = both(fake_server, other_server)
    with session(model, journal, concurrency=16) as opened:
        for place, answer in enumerate(opened.answers(jobs_for(model, 600))):
            assert answer.completion
            if place == 300:
                fake_server.most_in_flight = 0
    assert fake_server.most_in_flight <= 4
    assert other_server.most_in_flight >= 12, "what the one does not take, the other does"


def test_a_retry_after_holds_for_its_own_endpoint_alone(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.delay = other_server.delay = 0.02
    fake_server.behave = lambda n, body: "429:60"
    model = both(fake_server, other_server)
    with session(model, journal, concurrency=4) as opened:
        answers = list(opened.answers(jobs_for(model, 100)))
    assert all(a.completion for a in answers)
    assert len(fake_server.bodies) <= 2
    assert len(other_server.bodies) == 100


def test_a_key_that_one_member_refuses_is_told_before_anything_is_sent(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal
) -> None:
    fake_server.key = "right"
    with pytest.raises(lm.AccessDenied), session(both(fake_server, other_server), journal):
        pytest.fail("the body must not run")


def test_a_member_whose_key_is_revoked_midway_is_left_and_the_other_goes_on(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    fake_server.behave = lambda n, body: "401" if n >= 20 else "ok"
    model = both(fake_server, other_server)
    with session(model, journal) as opened:
        answers = list(opened.answers(jobs_for(model, 300)))
    assert all(a.completion for a in answers)
    assert opened.stopped is None
    assert len(fake_server.bodies) < 40


def test_each_key_goes_to_its_own_host_alone(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    keys = {f"127.0.0.1:{fake_server.port}": "one", f"127.0.0.1:{other_server.port}": "two"}
    model = lm.connect(f"{fake_server.name},{other_server.name}", key_for=keys.get)
    with session(model, journal) as opened:
        list(opened.answers(jobs_for(model, 20)))
    assert {h["Authorization"] for h in fake_server.headers} == {"Bearer one"}
    assert {h["Authorization"] for h in other_server.headers} == {"Bearer two"}


def test_each_member_is_paid_at_its_own_price(
    fake_server: "FakeServer", other_server: "FakeServer", journal: lm.Journal, jobs_for: Jobs
) -> None:
    cheap = Endpoint(fake_server.url, "fake-1", price=lm.Price(100.0, 100.0))
    dear = Endpoint(other_server.url, "fake-1", price=lm.Price(1000.0, 1000.0))
    model = Pool("both", [Member(cheap), Member(dear)])
    assert model.price == lm.Price(1000.0, 1000.0)
    with session(model, journal, budget=lm.Budget(usd=100.0)) as opened:
        list(opened.answers(jobs_for(model, 100)))
    paid = len(fake_server.bodies) * 30 * 100 / 1e6 + len(other_server.bodies) * 30 * 1000 / 1e6
    assert opened.spent.usd == pytest.approx(paid)
    assert Pool("b", [Member(cheap), Member(Endpoint(other_server.url, "fake-1"))]).price is None
