"""Prompts are files that people can read and replace; here they are loaded and filled.

A prompt file holds a `[system]` and a `[user]` part. `{field}` stands for a value; a field that the
strategy does not offer is an error before anything is sent. Values are put in as they are: braces,
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
PART = re.compile(r"^\[(system|user)\]\s*$", re.MULTILINE)
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
    return Prompt(path.name, found.get("system", ""), found["user"])


class Prompt:
    """A prompt with fields to fill."""

    def __init__(self, name: str, system: str, user: str) -> None:
        self.name = name
        self.system = system
        self.user = user

    @property
    def fingerprint(self) -> str:
        """Hash of its words."""
        return content_id("prompt", self.system, self.user)

    @property
    def fields(self) -> set[str]:
        """Fields it uses."""
        return set(FIELD.findall(self.system)) | set(FIELD.findall(self.user))

    def fill(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages to send. Raises PromptError where the prompt uses a field that is not given."""
        unknown = sorted(self.fields - set(values))
        if unknown:
            raise PromptError(
                f"the prompt {self.name} uses the unknown field {unknown[0]!r}; known fields: {', '.join(sorted(values))}"
            )
        user = FIELD.sub(lambda found: values[found[1]], self.user)
        system = FIELD.sub(lambda found: values[found[1]], self.system)
        head = (Message("system", system),) if system else ()
        return (*head, Message("user", user))
