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
from lm.jobs import Answer, Event, Job, Piece
from lm.journal import Call, Journal, JournalError
from lm.names import ADAPTERS, FORMS, connect
from lm.prices import Prices

if TYPE_CHECKING:
    from lm.batch import Batches
    from lm.batch_api import batch_of
    from lm.door import close
    from lm.pool import Member, Pool
    from lm.session import Session, Spent

__all__ = [
    "ADAPTERS",
    "FORMS",
    "FREE",
    "LM",
    "AccessDenied",
    "Answer",
    "BadRequest",
    "Batches",
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
    "Member",
    "Message",
    "ModelNotFound",
    "Piece",
    "Pool",
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
    "batch_of",
    "chat",
    "close",
    "connect",
]

_LATER = {
    "Batches": "lm.batch",
    "Member": "lm.pool",
    "Pool": "lm.pool",
    "Session": "lm.session",
    "Spent": "lm.session",
    "batch_of": "lm.batch_api",
    "close": "lm.door",
}


def __getattr__(name: str) -> Any:
    """What needs asyncio is imported when it is first used: a help text must not wait for it."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'lm' has no attribute {name!r}")
