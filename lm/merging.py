"""Two journals into one: what was paid for in a copy of a corpus is not paid for again in the other."""

from typing import TYPE_CHECKING

from lm.base import Completion, Request
from lm.compaction import unsettled
from lm.ledger import Call

if TYPE_CHECKING:
    from lm.journal import Journal


def take_over(journal: "Journal", other: "Journal") -> int:
    """Append to `journal` what `other` has and it has not; how many answers those were.

    An answer comes with its cost. An attempt without one comes at its worst case, as it stands there. What
    is known here is not counted again, so that taking over twice is taking over once, and a journal and a
    copy of it have nothing to give each other. Raises `JournalError`.
    """
    missing = unsettled(other.path)
    missing -= {event["id"] for event in journal.events() if event.get("id") in missing}
    taken = 0
    for event in other.events():
        attempt = event.get("id", "")
        if event["event"] == "answered":
            if event["key"] in journal:
                continue
            request = Request.from_dict(event["request"])
            completion = Completion.from_dict(event["completion"])
            call = Call(event["run"], event["purpose"])
            if attempt not in journal.ledger.unsettled:
                tokens = completion.tokens_in + completion.tokens_out
                usd = completion.cost_usd
                attempt = journal.reserve(event["key"], request.model, tokens=tokens, usd=usd, call=call)
            journal.answered(request, event["key"], attempt, completion, call)
            taken += 1
        elif attempt in missing or (event["event"] == "failed" and attempt in journal.ledger.unsettled):
            journal.append(event)
    return taken
