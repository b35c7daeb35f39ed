"""The window on servers in simulated time: every run is the same, whatever this machine is doing."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lm.window import Ticket, Window

Reply = tuple[str, float]  # "ok", "refused" or "failed", and after how many seconds


@dataclass
class Server:
    """Requests sent as fast as the window lets them through, to a server that `reply` describes.

    `reply` is told how many requests the server is working on, without this one.
    """

    window: Window
    reply: Callable[[int], Reply]
    now: float = 0.0
    working: int = 0
    in_flight: int = 0
    seen: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _out: list[tuple[float, int, Ticket, str]] = field(default_factory=list)

    def answer(self, wanted: int) -> "Server":
        """Go on until so many more are answered; refused and failed ones are sent again."""
        wanted += self.counts["ok"]
        while self.counts["ok"] < wanted:
            while self.in_flight < self.window.limit and self.counts["ok"] + self.in_flight < wanted:
                self._send()
            self._receive()
        return self

    def _send(self) -> None:
        self.in_flight += 1
        self.seen.append(self.in_flight)
        ticket = self.window.sent(self.in_flight, self.now)
        what, seconds = self.reply(self.working)
        self.working += what == "ok"
        heapq.heappush(self._out, (self.now + seconds, len(self.seen), ticket, what))

    def _receive(self) -> None:
        self.now, _, ticket, what = heapq.heappop(self._out)
        self.in_flight -= 1
        self.working -= what == "ok"
        self.counts[what] += 1
        if what == "ok":
            self.window.answered(ticket, 10, self.now)
        elif what == "refused":
            self.window.refused(ticket, self.now)
        else:
            self.window.failed(ticket, self.now)


def steady(seconds: float = 0.2) -> Callable[[int], Reply]:
    return lambda working: ("ok", seconds)


def refusing(above: int, seconds: float = 0.2, at_once: bool = True) -> Callable[[int], Reply]:
    """A server that takes so many at a time and refuses the others, at once or after a while."""
    refusal = 0.003 if at_once else seconds
    return lambda working: ("ok", seconds) if working < above else ("refused", refusal)


def slowing(above: int, seconds: float = 0.2) -> Callable[[int], Reply]:
    """A server that takes all, and is the slower the more it works on: it has so many places."""
    return lambda working: ("ok", seconds * max(1.0, (working + 1) / above))


def failing(share: float, what: str = "refused", seconds: float = 0.2) -> Callable[[int], Reply]:
    """A server that refuses a share of the requests, however few they are."""
    rng = random.Random(5)
    return lambda working: (what, seconds) if rng.random() < share else ("ok", 0.2)


def test_it_starts_wide_open() -> None:
    assert Window(64).limit == 64


@pytest.mark.parametrize("most", [1, 8, 64, 256])
def test_a_steady_server_is_kept_full(most: int) -> None:
    server = Server(Window(most), steady()).answer(80 * most)
    assert max(server.seen) == most
    assert server.now < 80 * 0.2 / 0.95


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(("most", "bears"), [(8, 3), (64, 8), (64, 50), (256, 8), (256, 128), (16, 1)])
def test_a_server_that_refuses_is_sent_what_it_bears(most: int, bears: int, at_once: bool) -> None:
    server = Server(Window(most), refusing(bears, at_once=at_once)).answer(100 * bears)
    first = len(server.seen)
    refused = server.counts["refused"]
    began = server.now
    server.answer(200 * bears)
    assert max(server.seen[first:]) <= bears + 2
    assert server.now - began < 200 * 0.2 / 0.9, "and is kept full"
    assert refused <= 4 * most + 25 * bears
    assert server.counts["refused"] - refused < 0.2 * 200 * bears


@pytest.mark.parametrize(("most", "bears"), [(64, 8), (64, 16), (256, 16), (8, 3)])
def test_a_server_that_only_slows_down_is_found_out_without_a_refusal(most: int, bears: int) -> None:
    server = Server(Window(most), slowing(bears)).answer(80 * most)
    first, began = len(server.seen), server.now
    server.answer(100 * bears)
    later = server.seen[first:]
    assert bears <= sum(later) / len(later) <= 1.5 * bears
    assert max(later) <= 2 * bears
    assert server.now - began < 100 * 0.2 / 0.9, "its throughput is kept"


def test_a_refusal_now_and_then_does_not_hide_that_a_server_slows_down() -> None:
    slow, rng = slowing(8), random.Random(2)
    server = Server(Window(64), lambda working: ("refused", 0.1) if rng.random() < 0.003 else slow(working))
    server.answer(8000)
    later = server.seen[-2000:]
    assert sum(later) / len(later) <= 20


@pytest.mark.parametrize("most", [8, 64, 256])
@pytest.mark.parametrize("share", [0.05, 0.2])
def test_refusals_that_do_not_depend_on_the_number_in_flight_are_found_out(most: int, share: float) -> None:
    server = Server(Window(most), failing(share)).answer(100 * most)
    ideal = 100 * 0.2 / (1 - share)
    assert server.now < 1.5 * ideal
    assert max(server.seen[-500:]) == most


@pytest.mark.parametrize("most", [8, 64, 256])
def test_a_fifth_of_timeouts_costs_little_more_than_the_timeouts(most: int) -> None:
    server = Server(Window(most), failing(0.2, seconds=2.0)).answer(100 * most)
    ideal = 100 * 0.2 / 0.8 + server.counts["refused"] * 2.0 / most
    assert server.now < 1.5 * ideal


def test_failures_of_another_kind_do_not_narrow_it() -> None:
    server = Server(Window(64), failing(0.2, "failed")).answer(4000)
    assert server.now < 4000 * 0.2 / 64 / 0.8 / 0.95


def test_it_never_falls_below_one_and_comes_back() -> None:
    down = True
    server = Server(Window(64), lambda working: ("refused" if down else "ok", 0.2))
    for _ in range(300):
        if server.in_flight < server.window.limit:
            server._send()
        else:
            server._receive()
        assert server.window.limit >= 1
    assert server.window.limit == 1
    down = False
    server.answer(3000)
    assert max(server.seen[-500:]) >= 60


def test_it_opens_when_the_server_comes_to_bear_more() -> None:
    bears = 8
    server = Server(Window(64), lambda working: ("ok", 0.2) if working < bears else ("refused", 0.01))
    server.answer(500)
    assert max(server.seen[-100:]) <= 10
    bears = 40
    server.answer(4000)
    assert 36 <= max(server.seen[-500:]) <= 42


def test_it_narrows_when_the_server_comes_to_bear_less() -> None:
    bears = 64
    server = Server(Window(64), lambda working: ("ok", 0.2) if working < bears else ("refused", 0.01))
    server.answer(3000)
    assert max(server.seen[-500:]) == 64
    bears = 8
    server.answer(1000)
    assert max(server.seen[-500:]) <= 10


def test_a_lack_of_requests_is_no_reason_to_change_it() -> None:
    window = Window(64)
    for n in range(1000):
        ticket = window.sent(1, n * 0.2)
        window.answered(ticket, 10, n * 0.2 + 0.2 * (1 + n % 3))
    assert window.limit == 64
