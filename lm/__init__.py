"""Language models and paying for them: one way to ask, one journal, one ledger."""

from typing import TYPE_CHECKING, Any

from lm.base import (
    FREE,
    LM,
    AccessDenied,
    BadRequest,
    Completion,
    LMError,
    Malformed,
    Message,
    ModelNotFound,
    Price,
    RateLimited,
    Request,
    ServerError,
    TimedOut,
    TransientError,
    Unreachable,
    chat,
)
from lm.budget import Budget, BudgetError
from lm.jobs import Answer, Event, Job
from lm.journal import Call, Journal, JournalError
from lm.names import ADAPTERS, FORMS, connect
from lm.prices import Prices

if TYPE_CHECKING:
    from lm.door import close
    from lm.session import Session, Spent

__all__ = [
    "ADAPTERS",
    "FORMS",
    "FREE",
    "LM",
    "AccessDenied",
    "Answer",
    "BadRequest",
    "Budget",
    "BudgetError",
    "Call",
    "Completion",
    "Event",
    "Job",
    "Journal",
    "JournalError",
    "LMError",
    "Malformed",
    "Message",
    "ModelNotFound",
    "Price",
    "Prices",
    "RateLimited",
    "Request",
    "ServerError",
    "Session",
    "Spent",
    "TimedOut",
    "TransientError",
    "Unreachable",
    "chat",
    "close",
    "connect",
]

_LATER = {"Session": "lm.session", "Spent": "lm.session", "close": "lm.door"}


def __getattr__(name: str) -> Any:
    """What needs asyncio is imported when it is first used: a help text must not wait for it."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'lm' has no attribute {name!r}")
