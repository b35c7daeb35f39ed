"""A name taken apart once, for all the rules: its form, words, kind, and its parts if it is a person's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.names import LONGEST_NAME, form, long_words, singular
from kg.resolution.chinese import ChinesePerson, chinese_person
from kg.resolution.english import Person, looks_personal, person
from kg.resolution.english_words import LEGAL, STOPWORDS
from kg.scripts import is_chinese, plain

CAPITALS = re.compile(r"[A-Z](?:\.?[A-Za-z0-9&/-]){1,9}\.?")


@dataclass(frozen=True, slots=True)
class Name:
    """What the rules look at. `words` is empty for a Chinese name, `parts` is None but for persons.

    `acronym` holds its letters, folded, if it is written as one ("W.H.O.", "DoE").
    """

    written: str
    kind: str
    form: str
    words: tuple[str, ...]
    chinese: bool
    parts: Person | None
    chinese_parts: ChinesePerson | None
    acronym: str = ""

    @property
    def personal(self) -> bool:
        """Whether it may be a person's name."""
        return self.parts is not None or self.chinese_parts is not None

    @property
    def numbers(self) -> frozenset[str]:
        """Numbers in it, in digits."""
        if self.chinese:
            return frozenset(re.findall(r"\d+", self.form))
        return frozenset(word.removesuffix("th") for word in self.words if word[0].isdigit())

    @property
    def is_short(self) -> bool:
        """Whether it names a person by less than first name and surname."""
        if self.parts is not None:
            return not (self.parts.given and self.parts.surname)
        if self.chinese_parts is not None:
            return not (self.chinese_parts.given and self.chinese_parts.surname)
        return False


@lru_cache(maxsize=400_000)
def analyse(written: str, kind: str) -> Name:
    """The name taken apart; a name without a clear type is taken for a person's where it looks like one."""
    chinese = is_chinese(written)
    if len(written) > LONGEST_NAME:
        return Name(written, kind, form(written), (), chinese, None, None)
    parts = None
    chinese_parts = None
    if chinese:
        if kind in ("person", ""):
            chinese_parts = chinese_person(written)
    elif kind == "person" or (kind in ("", "organisation") and looks_personal(written)):
        parts = person(written)
    found = () if chinese else long_words(written)
    return Name(written, kind, form(written), found, chinese, parts, chinese_parts, _acronym(written))


def _acronym(written: str) -> str:
    text = re.sub(r"^(?:the|The|THE)\s+", "", written.strip())
    text = re.sub(r"['\u2019]s?$", "", text)
    if not CAPITALS.fullmatch(text):
        return ""
    capitals = sum(c.isupper() for c in text)
    letters = sum(c.isalpha() for c in text)
    return "".join(c for c in plain(text) if c.isalpha()) if capitals >= 2 and capitals * 2 >= letters else ""


def without_legal_form(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without "Limited", "& Co" and the like at the end."""
    end = len(words)
    while end > 1 and (words[end - 1] in LEGAL or (words[end - 1] == "and" and end < len(words))):
        end -= 1
    return words[:end]


def initials(name: Name) -> Iterator[str]:
    """First letters of its words: all of them, without "of" and the like, without its legal form."""
    seen = set()
    for found in (name.words, without_legal_form(name.words)):
        for chosen in (found, tuple(word for word in found if word not in STOPWORDS)):
            letters = "".join(word[0] for word in chosen)
            if len(chosen) > 1 and letters.isalpha() and letters not in seen:
                seen.add(letters)
                yield letters


def singular_form(name: Name) -> str:
    """The form with every word in the singular; a person's name is left as it is (Woods is not Wood)."""
    if name.chinese or name.personal or name.kind == "person" or not name.words:
        return name.form
    return " ".join(singular(word) for word in name.words)
