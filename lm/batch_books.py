"""What the journal is told of batches: reserved before they are sent, settled line by line."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from lm.base import Completion, LMError, Request
from lm.batch_api import BatchLM
from lm.batch_files import BatchFiles
from lm.budget import Budget, BudgetError
from lm.jobs import Event, OnEvent
from lm.journal import Call, Journal
from lm.session import Spent
from lm.tokens import at_most

State = Literal["planned", "uploaded", "created", "done"]


class Sent:
    """A batch under way: its files, and what the other side calls the file and the batch."""

    def __init__(self, files: BatchFiles, file: str = "", batch: str = "") -> None:
        self.files, self.file, self.batch = files, file, batch
        self.since = time.monotonic()
        self._said = ""

    def tell(self, said: str, on_event: OnEvent) -> None:
        """How far it is, where that is news."""
        if said != self._said:
            on_event(Event("batch", f"batch {self.batch}: {said}"))
            self._said = said


class Books:
    """The journal and the budget, for the batches of one model."""

    def __init__(self, model: BatchLM, journal: Journal, budget: Budget, call: Call) -> None:
        self._model, self._journal, self._budget, self._call = model, journal, budget, call
        self._tokens_in = self._tokens_out = self._unpriced = 0
        self._usd = 0.0

    @property
    def spent(self) -> Spent:
        """What the answers so far have cost."""
        return Spent(self._tokens_in, self._tokens_out, None if self._unpriced else self._usd)

    def note(self, sent: Sent, state: State) -> None:
        """Write down how far a batch is."""
        event = {"event": "batch", "key": "", "id": sent.files.token, "at": round(time.time(), 3)}
        who = {"run": self._call.run, "purpose": self._call.purpose, "model": self._model.name}
        self._journal.append({**event, **who, "state": state, "file": sent.file, "batch": sent.batch})
        if self._journal.fsync != "none":
            self._journal.sync()

    def open_batches(self, folder: Path) -> list[Sent]:
        """The batches of this model that an earlier call has left; files of none are removed."""
        batches = self._journal.batches
        for path in folder.iterdir():
            if path.stem not in batches and path.name != "lock":
                path.unlink()
        return [
            Sent(BatchFiles(folder, token), event["file"], event["batch"])
            for token, event in batches.items()
            if event["model"] == self._model.name
        ]

    def reserve(self, sent: Sent, requests: Sequence[tuple[str, Request]]) -> tuple[int, BudgetError | None]:
        """Reserve the worst case of each request; how many the limits allow, and what forbids the next."""
        run, price = self._journal.ledger.run(self._call.run), self._model.price
        for count, (key, request) in enumerate(requests):
            if self.waits(sent, key):
                continue
            most_in = at_most(request.messages)
            tokens = most_in + request.max_tokens
            usd = None if price is None else price.usd(most_in, request.max_tokens)
            try:
                self._journal.reserve(
                    key,
                    self._model.name,
                    tokens=tokens,
                    usd=usd,
                    call=self._call,
                    allow=partial(self._budget.allow, run=run, tokens=tokens, usd=usd),
                    attempt=sent.files.attempt(key),
                )
            except BudgetError as error:
                return count, error
        return len(requests), None

    def waits(self, sent: Sent, key: str) -> bool:
        """Whether something is reserved for this request, and nothing has come of it."""
        return sent.files.attempt(key) in self._journal.ledger.unsettled

    def answered(self, sent: Sent, key: str, request: Request, completion: Completion) -> None:
        """An answer came."""
        self._journal.answered(request, key, sent.files.attempt(key), completion, self._call)
        self._tokens_in += completion.tokens_in
        self._tokens_out += completion.tokens_out
        self._usd += completion.cost_usd or 0.0
        self._unpriced += completion.cost_usd is None

    def failed(self, sent: Sent, key: str, error: LMError, *, left: bool) -> None:
        """No answer will come."""
        if self.waits(sent, key):
            self._journal.failed(key, sent.files.attempt(key), error, self._call, left=left)
