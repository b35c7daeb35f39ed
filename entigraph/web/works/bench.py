"""What the routes of texts, coverage and runs share beside the desk: the list of texts, the journal, the works."""

import threading
import time
from typing import Annotated

from fastapi import Depends, Request

from entigraph.text_lists import Text, texts_of
from entigraph.web.answers.coverage import Reckoning
from entigraph.web.desk import Desk
from entigraph.web.kept import Kept
from entigraph.web.works.news import News
from entigraph.web.works.work import Works
from entigraph.workplace import journal_at
from lm.base import Completion
from lm.base import Request as Prompt
from lm.journal import Journal

DEAR_SECONDS = 0.5
"""A list of texts that takes longer to make is made anew only so often that it takes a fifth of the time."""


class Texts:
    """Every text of a corpus, the newest first, with its number by id."""

    def __init__(self, texts: list[Text]) -> None:
        self.all = texts
        self.by_id = {text.id: text for text in texts}


class Bench:
    """One for each desk; it ends with it. May be used from several threads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.news = News(lambda: desk.store.generation, desk.stopping)
        self.works = Works(self.news.tell)
        self.reckoning = Reckoning(desk)
        self._texts: Kept[Texts] = Kept()
        self._made, self._cost, self._fresh = 0.0, 0.0, False
        self._journal: Journal | None = None
        self._opening = threading.Lock()
        desk.at_close(self._end)

    def texts(self) -> Texts:
        """The texts of this generation; where listing them takes long, of one a few seconds ago."""
        graph = self.desk.graph()
        last = self._texts.last
        recent = time.monotonic() - self._made < 5 * self._cost
        if last is not None and self._cost > DEAR_SECONDS and recent and not self._fresh:
            return last
        return self._texts.get(graph.generation, self._list)

    def changed(self) -> None:
        """A text was changed here: the next list is made anew, however long that takes."""
        self._fresh = True

    def asked(self, call: str) -> tuple[Prompt | None, Completion | None]:
        """The request and the answer of a call; None where the journal does not have it."""
        with self._opening:
            if self._journal is None:
                self._journal = journal_at(self.desk.store)
            journal = self._journal
        if journal is None or not call:
            return None, None
        if call not in journal:
            journal.refresh()
        return journal.request(call), journal.answer(call)

    def _list(self) -> Texts:
        began = time.monotonic()
        self._fresh = False
        found = Texts(texts_of(self.desk.store, self.desk.graph()))
        self._made = time.monotonic()
        self._cost = self._made - began
        return found

    def _end(self) -> None:
        self.works.end()
        if self._journal is not None:
            self._journal.close()


async def bench_of(request: Request) -> Bench:
    """The bench of the application that was asked, made by the first request; async, so no two at once."""
    state = request.app.state
    if not hasattr(state, "bench"):
        state.bench = Bench(state.desk)
    bench: Bench = state.bench
    return bench


AtBench = Annotated[Bench, Depends(bench_of)]
"""The type of a route's argument that is the bench."""
