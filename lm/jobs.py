"""What goes into a session and what comes out: jobs and settings, answers and events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from lm.base import Completion, LMError, Request

PieceState = Literal["more", "whole", "lost"]
Stopped = Literal["budget", "deadline", "interrupt", "unreachable", "denied"]


@dataclass(frozen=True, slots=True)
class Job:
    """A request to be answered; `tag` is the caller's own and comes back untouched."""

    request: Request
    tag: object = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a job: a completion, or the error that ended it.

    `reused` is True where nothing was sent for it: it was answered before, or the same question was in
    flight for another job. `attempts` counts what was sent in this session.
    """

    job: Job
    completion: Completion | None
    error: LMError | None
    reused: bool
    attempts: int


class Left:
    """Delivered within a session, instead of an answer, for a job that a stop left undone."""


@dataclass(slots=True, eq=False)
class Item:
    """A job on its way, within a session. `deliver` hands over its answer; `twins` wait for the same question's.

    `failures` and `limited` count its failed attempts and its 429s, `last` is where it was sent last.
    """

    job: Job
    key: str
    deliver: Callable[[Answer | Left], None]
    attempts: int = 0
    failures: int = 0
    limited: int = 0
    most_in: int = 0
    last: object = None
    twins: list["Item"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth telling the user while it happens."""

    kind: Literal["retry", "down", "back", "limit", "stop", "batch"]
    message: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer, while the model writes it.

    `state` is "more" where `text` goes on with what came before, "whole" where nothing more comes, and "lost"
    where the attempt failed: what came of it is to be forgotten. `call` is the key of the request.
    """

    job: Job
    call: str
    text: str
    state: PieceState


@dataclass(frozen=True, slots=True)
class Settings:
    """How hard to knock. Seconds are per attempt; `give_up_seconds` bounds the wait for a dead server.

    `concurrency` is the most in flight at all endpoints together, the rates are for each of them.
    """

    concurrency: int = 8
    retries: int = 5
    timeout_seconds: float = 120.0
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    backoff_seconds: float = 0.5
    longest_backoff_seconds: float = 30.0
    give_up_seconds: float = 600.0
    grace_seconds: float = 10.0


Follow = Callable[[Answer], Iterable[Job]]
OnEvent = Callable[[Event], None]
OnPiece = Callable[[Piece], None]
