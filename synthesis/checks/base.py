"""What a check is: it looks at one written text and says passed, failed or unchecked, and why."""

from dataclasses import dataclass
from typing import Protocol

from kg.model import Check
from lm.base import FinishReason
from synthesis.base import Draft, Item
from synthesis.context import Context


@dataclass(frozen=True, slots=True)
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


class Checker(Protocol):
    """One check. It may remember texts it has seen (near-duplicates); it never calls a model."""

    name: str

    def check(self, written: Written) -> Check:
        """What it says of this text; `reason` quotes the words it rests on."""
        ...


def passed(name: str) -> Check:
    """The check found nothing wrong."""
    return Check(name, "passed")


def failed(name: str, reason: str) -> Check:
    """The check found this."""
    return Check(name, "failed", reason)


def unchecked(name: str, reason: str) -> Check:
    """The check could not run, and why. Never read as passed."""
    return Check(name, "unchecked", reason)
