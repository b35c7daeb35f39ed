"""How many requests may be in flight at one server: a window that finds out what the server bears.

It starts wide open. What moves it is counted over rounds (a window full of requests, and up to 32):

- Where requests of a round were refused (429, 503, no answer in time), the window shrinks by the share of
  its places that they wasted, never below one. The place of one that was refused at once stays empty for a
  round trip, so that nothing hammers at a closed door.
- Answers give places back: fast far from the size that was last refused, slowly near it.
- Now and then a round is sent through a narrower window. Where as much comes back in a second as before,
  the others had only waited inside the server, and the window stays narrow. This finds the limit of
  servers that never refuse, and costs no throughput.

Refusals that have nothing to do with the number in flight are found out: of a narrower window as large a
share is refused. Then it opens again, and they do not count for a while.

After the congestion windows of TCP: decrease by the share that is refused (DCTCP, Alizadeh et al. 2010),
growth by the distance to the last refusal (CUBIC, Ha, Rhee and Xu 2008), throughput compared to what it was
(Vegas, Brakmo and Peterson 1995). It is all counted in requests and not in seconds, so that one window
serves answers of 50 ms and of five minutes.
"""

import math
from collections import deque
from dataclasses import dataclass

from lm.rounds import Round

ROUND = 32  # requests in a round at least: fewer say nothing
NARROW = 0.75
KEPT = 0.96  # of what came back in a second before; less, and the narrower window costs throughput
LOOKS = 2  # that agree: a moment of load on this machine is no news of the server
CALM, LONGEST_CALM = 4, 64  # rounds between looks through a narrower window
EVIDENCE = 12  # refusals to expect before two windows are compared
TOLERANT = 64  # rounds


@dataclass(slots=True, eq=False)
class Ticket:
    """What a request takes along: the window and the round it belongs to, and when it left."""

    window: "Window"
    round: Round
    at: float


class Window:
    """`most` places, of which `limit` are open now."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = self._widest = self._ceiling = float(most)
        self._held: deque[Ticket] = deque()  # places of refused requests, since when
        self._usual = math.inf  # seconds that an answer takes
        self._era = 0  # of sizes
        self._round, self._length = Round(), max(most, ROUND)
        self._before: Round | None = None  # what a look through a narrower window is compared with
        self._looking, self._back_to = False, self.size
        self._kept, self._seen = 0.0, 0
        self._calm = self._pause = CALM
        self._top = 0.0  # the size at which refusals began; 0 for none
        self._first = 0.0  # the same, since a window was last seen to be free of them
        self._wide, self._narrow, self._clean = Round(), Round(), 0
        self._tolerant, self._tolerated, self._patience = 0, 0.0, TOLERANT

    @property
    def limit(self) -> int:
        """How many may be in flight, 1 or more."""
        return max(1, int(self.size) - len(self._held))

    def sent(self, in_flight: int, now: float) -> Ticket:
        """A request leaves; `in_flight` counts it too."""
        current = self._round
        current.left(in_flight + len(self._held), int(self.size))
        if current.sent >= self._length:
            self._end_round()
        return Ticket(self, current, now)

    def answered(self, ticket: Ticket, work: int, now: float) -> None:
        """An answer came; `work` is how much of one, in tokens."""
        ticket.round.work += max(1, work)
        if self._held:
            if ticket.at >= self._held[0].at:
                held = self._held.popleft()
                held.round.empty_seconds += now - held.at
        elif not self._top and not self._round.look and ticket.round.most >= int(self.size):
            places = max(0.25, abs(self._ceiling - self.size) / 4)  # in a round trip
            self.size = max(self.size, min(self._widest, self.size + places / self.size))
        seconds = now - ticket.at
        self._usual = seconds if self._usual == math.inf else 0.9 * self._usual + 0.1 * seconds
        self._returned(ticket, now)

    def refused(self, ticket: Ticket, now: float) -> None:
        """The server would not take it, or did not come to it: it is asked too much."""
        ticket.round.refused += 1
        ticket.round.refused_seconds += now - ticket.at
        at_once = now - ticket.at < 0.5 * self._usual
        ticket.round.at_once += at_once
        if at_once and not self._tolerant and len(self._held) < int(self.size) - 1:
            self._held.append(Ticket(self, ticket.round, now))
        self._returned(ticket, now)

    def failed(self, ticket: Ticket, now: float) -> None:
        """It failed in a way that says nothing about how much the server is asked."""
        self._returned(ticket, now)

    # ---- rounds ----------------------------------------------------------------------------------

    def _returned(self, ticket: Ticket, now: float) -> None:
        done = ticket.round
        done.came_back(now - ticket.at)
        if done.ended and done.back == done.sent:
            done.empty_seconds += sum(now - held.at for held in self._held if held.round is done)
            self._judge(done)

    def _end_round(self) -> None:
        ended, self._round = self._round, Round(self._era)
        ended.ended = True
        self._length = max(int(self.size), min(8 * int(self.size), ROUND))
        if ended.look:
            self.size = self._back_to
        elif self._before is not None and not self._looking and not self._top:
            self._calm -= 1
            if self._calm <= 0 and self.size >= 2:
                self._look(self._before.spread)

    def _resize(self, size: float) -> None:
        """Change the size at once; what leaves from now on is another round."""
        for _ in range(min(len(self._held), int(self.size) - int(size))):
            self._held.pop()
        self.size = size
        self._era += 1
        if self._round.look:  # a look cut short is none
            self._round.look = self._looking = False
        self._end_round()

    def _judge(self, done: Round) -> None:
        """All of a round is back."""
        before = self._before
        if done.look:
            self._judge_look(done)
        elif self._tolerant:
            self._tolerant = 0 if done.share > 2 * self._tolerated + 0.1 else self._tolerant - 1
        elif self._top or done.refused:
            self._judge_refusals(done)
        elif done.is_full:
            if before is None:
                self._before = done
            elif abs(done.size - before.size) > 0.1 * before.size:
                self._before, self._calm = done, max(self._calm, CALM)
            elif not self._looking and self._calm > 0:
                before.add(done)

    # ---- looks through a narrower window ---------------------------------------------------------

    def _look(self, spread: float) -> None:
        """Send some requests through a narrower window: as many as tell it from chance."""
        self._looking, self._back_to = True, self.size
        self.size = float(max(1, min(int(self.size * NARROW), int(self.size) - 1)))
        self._round.look = True
        length = max(int(self.size), ROUND)
        self._length = max(length, min(4 * length, int((spread / 0.05) ** 2)))

    def _judge_look(self, done: Round) -> None:
        before, self._before, self._looking = self._before, None, False
        if before is not None and done.is_full and not done.refused:
            self._kept = max(self._kept, KEPT * before.rate)
            if done.rate >= self._kept:
                self._calm, self._pause = 1, CALM
                self._seen += 1
                if self._seen >= LOOKS:  # and further, as long as no less comes back than at first
                    self._resize(float(done.most))
                    self._ceiling, self._widest = self.size, self._wider()
                return
        self._kept = self._seen = 0
        self._calm = self._pause
        if self._widest < self.most:
            self._ceiling = self._widest = self._wider()
        if self.size >= self.most:
            self._pause = min(2 * self._pause, LONGEST_CALM)

    def _wider(self) -> float:
        """How far the window may open until the next look."""
        return min(float(self.most), max(self.size + 1, 1.25 * self.size))

    # ---- refusals, and whether fewer in flight would mean fewer of them --------------------------

    def _judge_refusals(self, done: Round) -> None:
        if self._round.look:
            self._resize(self._back_to)
        used = min(self.size, float(done.most))
        if not self._top:
            self._top, self._clean, self._wide, self._narrow = used, 0, Round(), Round()
            self._first = max(self._first, used)
        wide, narrow = self._wide, self._narrow
        if done.most <= max(NARROW, 1 - wide.share) * self._top and wide.sent:
            narrow.add(done)
        elif done.refused or wide.sent < 2 * ROUND:
            wide.add(done)
        self._clean = 0 if done.refused else self._clean + done.sent
        self._before, self._pause = None, CALM
        if done.most == 1 and done.share * done.sent >= 1 and wide.share < 0.5:
            self._tolerate(wide.share)
        elif wide.share * narrow.sent >= EVIDENCE:
            self._compare()
        elif wide.share * self._clean >= 5:
            self._ceiling, self._top, self._first = min(self._top, 2 * self.size), 0.0, 0.0
        elif done.refused and done.era == self._era:  # once for each round trip
            floor = 1.0 if done.share >= 0.5 else max(1.0, self._top * max(0.5, 1 - 2 * wide.share))
            size = max(floor, used * (1 - min(done.share, done.waste)))
            if size < self.size:
                self._ceiling, self._widest = used, float(self.most)
                self._resize(size)

    def _compare(self) -> None:
        """Leave the window narrow where that helped; open it again where it did not."""
        wide, narrow, top = self._wide, self._narrow, self._top
        # refused at once, a request leaves its place empty: then the share is ours as much as the server's
        less = narrow.rate < wide.rate * (1 + narrow.most / wide.most) / 2
        if wide.share / 2 < narrow.share < 0.5 and (less or 2 * narrow.at_once < narrow.refused):
            self._tolerate(narrow.share)
        else:
            self._ceiling, self._top, self._patience = min(top, 2 * self.size), 0.0, TOLERANT

    def _tolerate(self, share: float) -> None:
        """Such a share is refused however few are in flight: do not count it for a while."""
        self._tolerant, self._tolerated, self._top = self._patience, share, 0.0
        self._patience *= 2
        self._ceiling = self._widest = float(self.most)
        self._held.clear()
        first, self._first = self._first, 0.0
        self._resize(max(self.size, first))
