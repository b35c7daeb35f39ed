"""What goes into a session and what comes out: jobs, answers, events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from lm.base import Completion, LMError, Request

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


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth telling the user while it happens."""

    kind: Literal["retry", "down", "back", "limit", "stop"]
    message: str


Follow = Callable[[Answer], Iterable[Job]]
OnEvent = Callable[[Event], None]
