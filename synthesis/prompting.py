"""Prompts are files that people can read and replace; here they are loaded and filled.

A prompt file holds a `[system]`, a `[user]` and an `[openings]` part; only `[user]` must be there.
`{field}` stands for a value; a field that the strategy does not offer is an error before anything is
sent. `{opening}` is one of the lines of `[openings]`, another one for another subgraph or wording: a
text that must begin with given words does not begin by copying (measured with the small local model). Values are put in as they are: braces,
Cypher or `{field}` inside a name or a document are never looked at again.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kg.model import content_id
from lm.base import Message
from synthesis.base import PromptError

FOLDER = Path(__file__).parent / "prompts"
FIELD = re.compile(r"\{([a-z_]+)\}")
PART = re.compile(r"^\[(system|user|openings)\]\s*$", re.MULTILINE)
LANGUAGES = {"en": "English", "zh": "Chinese"}


def prompt_language(language: str) -> str:
    """The language of the prompt file used for texts in `language`: English where there is no other."""
    return language if language in LANGUAGES else "en"


@cache
def load(name: str, language: str, folder: Path = FOLDER) -> "Prompt":
    """The prompt `name.language.txt`. Raises PromptError where it is missing or lacks a part."""
    path = folder / f"{name}.{prompt_language(language)}.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"no prompt at {path} ({error.strerror}); a strategy needs {path.name}") from None
    parts = PART.split(text)
    found = {parts[i]: parts[i + 1].strip() for i in range(1, len(parts) - 1, 2)}
    if "user" not in found:
        raise PromptError(f"the prompt {path} has no [user] part; parts seen: {sorted(found) or 'none'}")
    openings = tuple(line.strip() for line in found.get("openings", "").splitlines() if line.strip())
    return Prompt(path.name, found.get("system", ""), found["user"], openings)


class Prompt:
    """A prompt with fields to fill."""

    def __init__(self, name: str, system: str, user: str, openings: tuple[str, ...] = ()) -> None:
        self.name = name
        self.system = system
        self.user = user
        self.openings = openings

    @property
    def fingerprint(self) -> str:
        """Hash of its words."""
        return content_id("prompt", self.system, self.user, *self.openings)

    @property
    def fields(self) -> set[str]:
        """Fields it uses."""
        found = {field for text in (self.system, self.user, *self.openings) for field in FIELD.findall(text)}
        return found - {"opening"} if self.openings else found

    def fill(self, values: Mapping[str, str], *, variant: int = 0) -> tuple[Message, ...]:
        """The messages to send; `variant` chooses the opening.

        Raises PromptError where the prompt uses a field that is not given.
        """
        unknown = sorted(self.fields - set(values))
        if unknown:
            raise PromptError(
                f"the prompt {self.name} uses the unknown field {unknown[0]!r}; known fields: {', '.join(sorted(values))}"
            )
        if self.openings:
            opening = self.openings[variant % len(self.openings)]
            values = {**values, "opening": FIELD.sub(lambda found: values[found[1]], opening)}
        user = FIELD.sub(lambda found: values[found[1]], self.user)
        system = FIELD.sub(lambda found: values[found[1]], self.system)
        head = (Message("system", system),) if system else ()
        return (*head, Message("user", user))
