"""Prompts are files that people can read and replace; here they are loaded and filled.

    [settings]      of a strategy that is nothing but a file (synthesis.strategies.own)
    [system]        what the model is told first
    [user]          what it is asked; this part must be there
    [openings]      any other part is a list of lines to choose from: {opening} is one of these, another one
                    for another subgraph or wording

`{field}` stands for a value; a field that the strategy does not offer is an error before anything is sent.
A line of a list may have a name to be called by, `easy = in short sentences`. Values are put in as they are:
braces, Cypher or `{field}` inside a name or a document are never looked at again. A text that must begin with
given words does not begin by copying (measured with the small local model): that is what openings are for.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kg.model import content_id
from kg.suggest import nearest
from lm.base import Message
from synthesis.base import PromptError

FOLDER = Path(__file__).parent / "prompts"
FIELD = re.compile(r"\{([a-z_]+)\}")
LIKE_FIELD = re.compile(r"\{\s*(?:[\w.!:<>^\[\]-]*\s*\}|[a-z_]+\s*$)", re.MULTILINE)
PART = re.compile(r"^\[([a-z_]+)\]\s*$", re.MULTILINE)
NAMED = re.compile(r"([a-z][a-z_-]*) = (.+)")
LANGUAGES = {"en": "English", "zh": "Chinese"}
WHOLE = ("settings", "system", "user")


def prompt_language(language: str) -> str:
    """The language of the prompt file used for texts in `language`: English where there is no other."""
    return language if language in LANGUAGES else "en"


@cache
def load(name: str, language: str, folder: Path = FOLDER) -> "Prompt":
    """The prompt `name.language.txt`. Raises PromptError where it is missing or lacks a part."""
    path = folder / f"{name}.{prompt_language(language)}.txt"
    found = parts_of(path)
    if not found.get("user"):
        raise PromptError(f"the prompt {path} has no [user] part; parts seen: {sorted(found) or 'none'}")
    lists = {part: _lines(words) for part, words in found.items() if part not in WHOLE}
    return Prompt(path.name, found.get("system", ""), found["user"], lists, found.get("settings", ""))


def parts_of(path: Path) -> dict[str, str]:
    """The words of a file by its parts `[name]`. Raises PromptError: no such file, not UTF-8, a part twice."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PromptError(f"cannot read the prompt {path}: {why}") from None
    parts = PART.split(text.replace("\ufeff", "", 1))
    if parts[0].strip():
        raise PromptError(
            f"the prompt {path} has words before its first part: {parts[0].strip()[:60]!r}; put them into [user]"
        )
    found: dict[str, str] = {}
    for part, words in zip(parts[1::2], parts[2::2], strict=True):
        if part in found:
            raise PromptError(f"the prompt {path} has two parts [{part}]; join them")
        found[part] = words.strip()
    return found


class Prompt:
    """A prompt with fields to fill. `lists` has the lines to choose from by part ("openings")."""

    def __init__(
        self,
        name: str,
        system: str,
        user: str,
        lists: Mapping[str, tuple[str, ...]] | None = None,
        settings: str = "",
    ) -> None:
        self.name, self.system, self.user, self.settings = name, system, user, settings
        self.lists = dict(lists or {})
        for part, lines in self.lists.items():
            if not lines:
                raise PromptError(
                    f"the part [{part}] of the prompt {name} has no line; write one or leave it out"
                )

    @property
    def fingerprint(self) -> str:
        """Hash of its words."""
        more = [
            word for part in sorted(self.lists) if part != "openings" for word in (part, *self.lists[part])
        ]
        return content_id("prompt", self.system, self.user, *self.lists.get("openings", ()), *more)

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The lines to choose from, by the field that stands for one of them."""
        return {_field(part): lines for part, lines in self.lists.items()}

    @property
    def fields(self) -> set[str]:
        """Fields whose values must be given."""
        asked = set(FIELD.findall(f"{self.system}\n{self.user}")) - set(self.choices)
        return asked.union(*(FIELD.findall(line) for lines in self.lists.values() for line in lines))

    def check(self, offered: set[str]) -> None:
        """Raise PromptError where it uses a field that is not offered, or what only looks like one."""
        for words in (self.system, self.user, *(line for lines in self.lists.values() for line in lines)):
            for found in LIKE_FIELD.finditer(words):
                if not FIELD.fullmatch(found[0]):
                    raise PromptError(
                        f"the prompt {self.name} has {found[0]!r}, which is no field; fields are written "
                        f"{{names}}, and known are: {', '.join(sorted({*offered, *self.choices}))}"
                    )
        for field in sorted(self.fields - offered):
            known = nearest(field, sorted({*offered, *self.choices}))
            raise PromptError(
                f"the prompt {self.name} uses the unknown field {field!r}; known fields: {', '.join(known)}"
            )

    def choice(self, field: str, variant: int, chosen: str | None, values: Mapping[str, str]) -> str:
        """The line that stands for a field, filled: the one of that name, else by number; words that were chosen
        and are no name of a line stay as they are.
        """
        lines = self.choices[field]
        if chosen is None:
            line = lines[variant % len(lines)]
        elif chosen in map(_name, lines):
            line = next(line for line in lines if _name(line) == chosen)
        else:
            return chosen
        return FIELD.sub(lambda found: values[found[1]], _words(line))

    def fill(
        self, values: Mapping[str, str], *, variant: int = 0, chosen: Mapping[str, str] | None = None
    ) -> tuple[Message, ...]:
        """The messages to send; `variant` chooses among lines, `chosen` names the line of a field.

        Raises PromptError where the prompt uses a field that is not given.
        """
        self.check(set(values))
        filled = dict(values)
        for place, field in enumerate(sorted(self.choices)):
            # each list turns at a pace of its own, so that lines of two lists do not always come together
            pace = variant + place * (variant // 5)
            filled[field] = self.choice(field, pace, (chosen or {}).get(field), values)
        user = FIELD.sub(lambda found: filled[found[1]], self.user)
        system = FIELD.sub(lambda found: filled[found[1]], self.system)
        head = (Message("system", system),) if system else ()
        return (*head, Message("user", user))


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in words.splitlines() if line.strip())


def _field(part: str) -> str:
    """The field that stands for a line of a part.

    >>> _field("openings"), _field("audience")
    ('opening', 'audience')
    """
    return part.removesuffix("s")


def _name(line: str) -> str | None:
    found = NAMED.fullmatch(line)
    return found[1] if found else None


def _words(line: str) -> str:
    found = NAMED.fullmatch(line)
    return found[2] if found else line
