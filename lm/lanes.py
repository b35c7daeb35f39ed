"""The servers of a session: how many requests may be out at each, when the next may leave, and which are well."""

import math
import random
import time
from collections.abc import Callable, Iterator

from lm.base import LM, Completion, LMError, RateLimited, ServerError, TimedOut
from lm.jobs import Event, Item, OnEvent, Settings, Stopped
from lm.outage import Outage
from lm.pool import members
from lm.rates import Rate
from lm.tokens import at_most
from lm.window import Ticket, Window

OVERLOAD_STATUS = (503, 504, 529)
DENIED_IN_A_ROW = 8
UNANSWERED = 8  # failures in a row, so that one request that is left at the end does not wait for a minute


class Lane:
    """The way to `model`. `weight` is its share of the requests among several lanes.

    A `careful` lane lets one request go alone: the first under a limit, whose answer shows by how much the
    server counts differently, and the first after an outage. `lost` is the error that ended the lane for
    good. `on_back` is called when an outage is over, `on_end` when waiting is over; `all_down_since` says
    since when no lane at all is well.
    """

    def __init__(
        self,
        model: LM,
        weight: float,
        settings: Settings,
        rng: random.Random,
        tell: OnEvent,
        *,
        careful: bool,
        on_back: Callable[[], None],
        on_end: Callable[["Lane", Stopped, LMError], None],
        all_down_since: Callable[[], float | None],
    ) -> None:
        self.model, self.weight, self.careful = model, weight, careful
        self.most = min(settings.concurrency, getattr(model, "slots", settings.concurrency))
        self.window = Window(self.most)
        self.outage = Outage(
            model, settings, rng, tell, on_back, lambda why, error: on_end(self, why, error), all_down_since
        )
        self.lost: LMError | None = None
        self.in_flight = self.denied = 0
        now = time.monotonic()
        self.closed_until = now
        self._unanswered = 0  # failures since the last answer
        self._requests = Rate(settings.requests_per_minute, now)
        self._tokens = Rate(settings.tokens_per_minute, now)
        self._excess_in = self._excess_out = 1.0

    @property
    def has_room(self) -> bool:
        """Whether a request could be sent there, were it only for the number in flight."""
        limit = 1 if self.careful else self.window.limit
        return self.lost is None and not self.outage.looking and self.in_flight < limit

    def wait(self, item: Item, now: float) -> float:
        """Seconds until this request may leave: for a Retry-After, for the rates; 0 for now."""
        tokens = item.most_in + item.job.request.max_tokens
        return max(self.closed_until - now, self._requests.wait(1, now), self._tokens.wait(tokens, now))

    def worst_case(self, item: Item) -> tuple[int, float | None]:
        """Tokens and dollars that an attempt may cost at most; None for an unknown price."""
        most_in = math.ceil(item.most_in * self._excess_in)
        most_out = math.ceil(item.job.request.max_tokens * self._excess_out)
        price = self.model.price
        return most_in + most_out, None if price is None else price.usd(most_in, most_out)

    def leaves(self, item: Item, now: float) -> Ticket:
        """A request is on its way; the ticket comes back with what became of it."""
        self.in_flight += 1
        self._requests.take(1)
        self._tokens.take(item.most_in + item.job.request.max_tokens)
        return self.window.sent(self.in_flight, now)

    def answered(self, item: Item, ticket: Ticket, completion: Completion, now: float) -> None:
        """An answer came: the server is well, unless it has gone since the request left."""
        tokens_in, tokens_out = completion.tokens_in, completion.tokens_out
        limit = item.job.request.max_tokens
        ticket.window.answered(ticket, tokens_out, now)
        self._tokens.give_back(item.most_in + limit - tokens_in - tokens_out)
        self._excess_in = max(self._excess_in, tokens_in / item.most_in)
        self._excess_out = max(self._excess_out, tokens_out / limit)
        if self.outage.answered(ticket.at):
            self.careful, self.denied, self._unanswered = False, 0, 0

    @property
    def answers(self) -> bool:
        """Whether it answers at all at the moment, though not everybody."""
        return self._unanswered < UNANSWERED

    def failed(self, ticket: Ticket, error: LMError, now: float) -> None:
        """An attempt failed. After a Retry-After nothing is sent there before its time."""
        self._unanswered += 1
        if isinstance(error, RateLimited) and error.retry_after:
            self.closed_until = max(self.closed_until, now + error.retry_after)
        overload = isinstance(error, ServerError) and error.status in OVERLOAD_STATUS
        if overload or isinstance(error, RateLimited | TimedOut):
            ticket.window.refused(ticket, now)
        else:
            ticket.window.failed(ticket, now)

    def go_down(self, error: LMError) -> None:
        """The server is gone: look until it is back, then try with one request. Its window starts afresh."""
        self.careful = True
        self.window = Window(self.most)
        self.outage.begin(error)


class Lanes:
    """All lanes of a session: one for a single endpoint, one for each member of a pool."""

    def __init__(
        self,
        model: LM,
        settings: Settings,
        rng: random.Random,
        tell: OnEvent,
        *,
        careful: bool,
        on_back: Callable[[], None],
        stop: Callable[[Stopped, LMError], None],
    ) -> None:
        self._tell, self._stop = tell, stop
        self._lanes = [
            Lane(
                *(member.model, member.weight, settings, rng, tell),
                careful=careful,
                on_back=on_back,
                on_end=self.end,
                all_down_since=self._all_down_since,
            )
            for member in members(model)
        ]

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes)

    def find(self, item: Item) -> tuple[Lane | None, float]:
        """Where this request may go now, fewest in flight for its weight first; else seconds to wait."""
        lanes = [lane for lane in self._lanes if lane.has_room]
        if len(lanes) > 1:  # where it was sent last comes last: it failed there
            lanes.sort(key=lambda lane: (lane is item.last, lane.in_flight / lane.weight))
        item.most_in = item.most_in or at_most(item.job.request.messages)
        now, soonest = time.monotonic(), math.inf
        for lane in lanes:
            seconds = lane.wait(item, now)
            if seconds <= 0:
                return lane, 0.0
            soonest = min(soonest, seconds)
        return None, soonest

    def closed_seconds(self) -> float:
        """How long every lane is closed by a Retry-After; 0 where one is not."""
        now = time.monotonic()
        return max(0.0, min((lane.closed_until - now for lane in self._lanes if not lane.lost), default=0.0))

    def denied(self, lane: Lane, error: LMError) -> bool:
        """The key or the model is refused there, which ends a lane after some times; are there others?"""
        lane.denied += 1
        others = self._others(lane)
        if lane.denied >= DENIED_IN_A_ROW:
            self.end(lane, "denied", error)
        return others

    def end(self, lane: Lane, reason: Stopped, error: LMError) -> None:
        """Send nothing more there; the session stops where there is nothing else, or waited long enough."""
        if reason == "unreachable" or not self._others(lane):
            self._stop(reason, error)
        elif lane.lost is None:
            lane.lost = error
            self._tell(Event("down", f"{error}. Nothing is sent there any more"))

    def rest(self) -> None:
        """Look after no server any more."""
        for lane in self._lanes:
            lane.outage.end()

    def _others(self, lane: Lane) -> bool:
        return any(other.lost is None for other in self._lanes if other is not lane)

    def _all_down_since(self) -> float | None:
        since = [lane.outage.since for lane in self._lanes if lane.lost is None]
        return None if None in since else max((at for at in since if at is not None), default=None)
