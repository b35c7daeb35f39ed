"""What a check is: it looks at one written text and says passed, failed or unchecked, and why."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Protocol, TypeGuard

from kg.model import Check
from lm.base import FinishReason
from synthesis.base import Draft, Item
from synthesis.context import Context


@dataclass(frozen=True)  # without slots: what is put together is kept for all checks
class Written:
    """A draft with all that it is held against. `prompt` is the last message that was sent."""

    draft: Draft
    item: Item
    context: Context
    finish: FinishReason
    prompt: str

    @property
    def text(self) -> str:
        """The words of the draft."""
        return self.draft.text

    @cached_property
    def known(self) -> str:
        """All that the text may rest on: its context and headings, the names and aliases of the entities, and
        the names of others that it was given as wrong answers."""
        names = (form for entity in self.item.entities for form in (entity.name, *entity.aliases))
        return "\n".join((self.context.text, self.context.headings, *names, *self.item.distractors))

    @property
    def invented(self) -> bool:
        """Whether it is a story without a source: its names and numbers are its own."""
        return self.draft.kind == "story" and not self.context.passages

    @cached_property
    def asking(self) -> str:
        """The prompt without its context."""
        return "\n".join(self.prompt.split(self.context.text)) if self.context.text else self.prompt

    @property
    def shown(self) -> str:
        """All that the model was shown, once: what the text may rest on, and the rest of the prompt."""
        return f"{self.known}\n{self.asking}"


class Unjudged(Exception):
    """A check that asks a model was stopped by a limit; `why` is one of `lm.jobs.Stopped`. Later it can go on."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Checker(Protocol):
    """One check. It never calls a model, but for those that `synthesis.checks.OPTIONAL` says need one."""

    name: str

    def check(self, written: Written) -> Check:
        """What it says of this text; `reason` quotes the words it rests on."""
        ...


class Remembering(Checker, Protocol):
    """A check that holds a text against the accepted ones of the corpus, which it is told by `remember`.

    It looks only at texts that passed the other checks: a rejected one makes nothing a duplicate.
    """

    def remember(self, id: str, text: str) -> None:
        """Hold later texts against this one."""
        ...


def remembers(checker: Checker) -> TypeGuard[Remembering]:
    """Whether a check is to be told of accepted texts."""
    return hasattr(checker, "remember")


@cache
def passed(name: str) -> Check:
    """The check found nothing wrong."""
    return Check(name, "passed")


def failed(name: str, reason: str) -> Check:
    """The check found this."""
    return Check(name, "failed", reason)


def unchecked(name: str, reason: str) -> Check:
    """The check could not run, and why. Never read as passed."""
    return Check(name, "unchecked", reason)
