"""What a model is asked to look for: types and labels, the prompt's text, the schema of the answer.

A types file (TOML) limits and explains both:

    [types]
    instrument = "a thing that weighs, measures or rings"
    person = "a human being with a name"

    [labels]
    "built" = "made it with his own hands or had it made"

Without `[labels]` the model words them itself.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.extract.base import ExtractError

MOST_ALIASES = 3
_CHARACTERS_AN_ITEM = 60
_FEWEST_ITEMS, _MOST_ITEMS = 6, 24
_LANGUAGES = ("en", "zh")

TYPES: dict[str, dict[str, str]] = {
    "en": {
        "person": "a human being, or a being that acts like one",
        "place": "a building, street, settlement, water or region",
        "organisation": "a company, guild, school, office, family firm or other body of people",
        "object": "a thing that can be touched: an instrument, a material, an animal, a product",
        "work": "a book, letter, law, song, picture or other writing",
        "event": "something that happened or happens again: a quarrel, a feast, a war",
        "concept": "a term of a trade, an office, a unit, a method, an idea",
    },
    "zh": {
        "person": "人物",
        "place": "建筑、街道、城镇、水域、地区",
        "organisation": "商号、行会、学校、官署等团体",
        "object": "看得见摸得着的东西：器物、材料、动物、产品",
        "work": "书籍、书信、法规、歌曲等文字作品",
        "event": "发生过或反复发生的事：争执、节日、战争",
        "concept": "行话、职务、单位、方法、观念",
    },
}
_FREE_LABEL = {
    "en": 'a short verb phrase that reads from source to target, such as "repaired" or "was taught by"',
    "zh": "从 source 读到 target 的简短动词，例如“修理”“师从”",
}
_ONE_OF = {"en": "one of\n", "zh": "下列之一\n"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Types and labels by name with their explanation; none means the usual types, free labels."""

    types: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def prompt(self, name: str, language: str, *, title: str, passage: str, entities: str = "") -> str:
        """The prompt `kg/extract/prompts/NAME.LANGUAGE.txt`, filled; languages we have no prompt in get English."""
        language = language if language in _LANGUAGES else "en"
        types = self.types or TYPES[language]
        labels = _ONE_OF[language] + _listed(self.labels) if self.labels else _FREE_LABEL[language]
        parts = {"{types}": _listed(types), "{labels}": labels, "{title}": title}
        text = prompt_file(name, language)
        for mark, filling in parts.items():
            text = text.replace(mark, filling, 1)
        # last, and cut apart first: a passage may hold marks and braces of its own
        before, _, after = text.partition("{passage}")
        return before + passage + after.replace("{entities}", entities, 1)

    def schema(self, characters: int) -> dict[str, Any]:
        """The JSON schema of an answer about so many characters; every array and string is bounded.

        A small model fills the lists it is given, so a short passage gets short lists.
        """
        most = min(_MOST_ITEMS, max(_FEWEST_ITEMS, characters // _CHARACTERS_AN_ITEM))
        kind: dict[str, Any] = {"type": "string", "maxLength": 40}
        if self.types:
            kind["enum"] = sorted(self.types)
        label: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 60}
        if self.labels:
            label["enum"] = sorted(self.labels)
        name = {"type": "string", "minLength": 1, "maxLength": 100}
        sentence = {"type": "string", "maxLength": 200}
        aliases = {"type": "array", "maxItems": MOST_ALIASES, "items": name}
        entity = {"name": name, "type": kind, "aliases": aliases, "description": sentence}
        relation = {"source": name, "label": label, "target": name, "description": sentence}
        return _object(
            {
                "entities": {
                    "type": "array",
                    "maxItems": most,
                    "items": _object(entity, ("name", "type")),
                },
                "relations": {
                    "type": "array",
                    "maxItems": most,
                    "items": _object(relation, ("source", "label", "target")),
                },
            },
            ("entities",),
        )


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _listed(explained: Mapping[str, str]) -> str:
    return "\n".join(
        f"  - {name}: {meaning}" if meaning else f"  - {name}" for name, meaning in explained.items()
    )


@cache
def prompt_file(name: str, language: str) -> str:
    """The text of a prompt file, as it stands."""
    return (files("kg.extract") / "prompts" / f"{name}.{language}.txt").read_text("utf-8")


def read_types(file: Path | str | None) -> Wanted:
    """What a types file asks for; an ExtractError says what is wrong with it."""
    if file is None:
        return Wanted()
    hint = 'It is TOML: a table [types] of name = "explanation", and perhaps [labels] likewise'
    try:
        data = tomllib.loads(Path(file).read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ExtractError(f"cannot read the types file {str(file)!r} ({error}). {hint}") from error
    tables = {name: data.get(name, {}) for name in ("types", "labels")}
    for name, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(meaning, str) for meaning in table.values()):
            raise ExtractError(f"the types file {str(file)!r} has no table of texts in [{name}]. {hint}")
    unknown = sorted(data.keys() - tables.keys())
    if unknown or not any(tables.values()):
        seen = f"has {unknown[0]!r}" if unknown else "names no type and no label"
        raise ExtractError(f"the types file {str(file)!r} {seen}. {hint}")
    return Wanted(tables["types"], tables["labels"])
