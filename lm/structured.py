"""Structured answers: is a schema bounded, and what data does an answer hold after all?

Models wrap JSON in prose and fences, leave trailing commas, and are cut at their token limit in the
middle of an item. `parse` keeps every item that is whole and fits the schema, and says so where nothing
does. It knows the part of JSON Schema our prompts use: type, properties, required, items, enum, const,
anyOf, minItems, maxItems, minLength, maxLength, minimum, maximum.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from lm.base import Malformed

_DEPTH = 40
_LITERALS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_BARE = re.compile(r"[^\s,\]}:\"]+")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def require_bounds(schema: Mapping[str, Any], path: str = "answer") -> None:
    """Raise ValueError unless every array and string of the schema has an upper bound.

    An unbounded one lets a small model write until its limit cuts it.
    """
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        require_bounds(choice, path)
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    free = "enum" not in schema and "const" not in schema
    if "string" in kinds and free and "maxLength" not in schema:
        raise ValueError(f"the schema leaves {path} without a maxLength: give it one")
    if "array" in kinds:
        if "maxItems" not in schema:
            raise ValueError(f"the schema leaves {path} without a maxItems: give it one")
        require_bounds(schema.get("items", {}), f"{path}[]")
    for name, inner in schema.get("properties", {}).items():
        require_bounds(inner, f"{path}.{name}")


def parse(text: str, schema: Mapping[str, Any]) -> Any:
    """The data in an answer, as the schema wants it; whole items of a cut answer are kept.

    Items that do not fit are left out of their array, unknown fields out of their object, and what is
    too long is shortened to its bound. Raises `Malformed`, which shows what was seen.

    >>> parse('Sure: {"names": ["Sel", "Or', {"type": "object", "required": ["names"], "properties":
    ...     {"names": {"type": "array", "maxItems": 9, "items": {"type": "string", "maxLength": 50}}}})
    {'names': ['Sel']}
    """
    reason = ""
    bare = schema.get("type") not in ("object", "array")
    for start in _starts(text, bare):
        try:
            data = _exact(text, start)
        except ValueError:
            data = _Reader(text, start).value(0)
        try:
            return _fit(data, schema, "answer")
        except ValueError as error:
            reason = reason or str(error)
    raise Malformed(f"the answer {reason or 'holds no JSON'}: {text[:160]!r}")


def _starts(text: str, bare: bool) -> list[int]:
    """Places where the answer may begin: the first brace or bracket, then later braces (after prose)."""
    places = [match.start() for match in re.finditer(r"[{\[]", text)]
    outer = places[:1] + [place for place in places[1:4] if text[place] == "{"]
    return outer or ([0] if bare and text.strip() else [])


def _exact(text: str, start: int) -> Any:
    try:
        data, _ = json.JSONDecoder().raw_decode(text, start)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return data


class _Cut(Exception):
    """The text ended inside a value."""


_NOTHING = object()


class _Reader:
    """A JSON reader that forgives: it returns what was whole when the text ended or made no sense."""

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at

    def value(self, depth: int) -> Any:
        """The value at this place; `_NOTHING` where none is whole."""
        self._space()
        if self.at >= len(self.text) or depth > _DEPTH:
            self.at = len(self.text)
            return _NOTHING
        mark = self.text[self.at]
        if mark == "{":
            return self._object(depth)
        if mark == "[":
            return self._array(depth)
        if mark in "\"'“":
            return self._string("”" if mark == "“" else mark)
        found = _BARE.match(self.text, self.at)
        if found is None:
            return _NOTHING
        self.at = found.end()
        return self._bare(found.group()) if self.at < len(self.text) else _NOTHING

    def _bare(self, word: str) -> Any:
        if word in _LITERALS:
            return _LITERALS[word]
        try:
            return int(word)
        except ValueError:
            try:
                return float(word)
            except ValueError:
                return word

    def _array(self, depth: int) -> list[Any]:
        self.at += 1
        items: list[Any] = []
        while not self._closes("]"):
            before = self.at
            item = self.value(depth + 1)
            if item is not _NOTHING:
                items.append(item)
            if self.at == before:
                self.at += 1
        return items

    def _object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        while not self._closes("}"):
            before = self.at
            key = self.value(depth + 1)
            self._space()
            if self.text[self.at : self.at + 1] in (":", "："):
                self.at += 1
                item = self.value(depth + 1)
                if item is not _NOTHING and isinstance(key, str | int):
                    found.setdefault(str(key), item)
            if self.at == before:
                self.at += 1
        return found

    def _closes(self, mark: str) -> bool:
        """Skip commas; whether the container ends here (also: the text does, or an outer one does)."""
        while True:
            self._space()
            here = self.text[self.at : self.at + 1]
            if here in (",", "，") and here:
                self.at += 1
                continue
            if here == mark:
                self.at += 1
                return True
            return not here or here in "]}"

    def _string(self, quote: str) -> Any:
        out: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            if letter == quote:
                return "".join(out)
            if letter == "\\" and self.at < len(self.text):
                letter = self._escape()
            out.append(letter)
        return _NOTHING

    def _escape(self) -> str:
        mark = self.text[self.at]
        self.at += 1
        if mark == "u":
            digits = self.text[self.at : self.at + 4]
            if re.fullmatch(r"[0-9a-fA-F]{4}", digits):
                self.at += 4
                return chr(int(digits, 16))
        return _ESCAPES.get(mark, mark)

    def _space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1


def _fit(data: Any, schema: Mapping[str, Any], path: str) -> Any:
    """The data within the schema. Raises ValueError that names the place where it cannot be."""
    if data is _NOTHING:
        raise ValueError(f"has no whole {path}")
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    if choices:
        return _first_fit(data, choices, path)
    if "enum" in schema and data not in schema["enum"]:
        raise ValueError(f"has {data!r} as {path}, which is none of {schema['enum']!r}")
    if "const" in schema and data != schema["const"]:
        raise ValueError(f"has {data!r} as {path}, not {schema['const']!r}")
    kinds = schema.get("type")
    if kinds is not None:
        names = [kinds] if isinstance(kinds, str) else list(kinds)
        wrong_bool = isinstance(data, bool) and "boolean" not in names
        if wrong_bool or not isinstance(data, tuple(t for name in names for t in _TYPES[name])):
            raise ValueError(f"has {_short(data)} as {path}, which should be {' or '.join(names)}")
    if isinstance(data, dict):
        return _fit_object(data, schema, path)
    if isinstance(data, list):
        return _fit_array(data, schema, path)
    if isinstance(data, str):
        if len(data) < schema.get("minLength", 0):
            raise ValueError(f"has {_short(data)} as {path}, which is too short")
        return data[: schema.get("maxLength", len(data))]
    if isinstance(data, int | float) and not isinstance(data, bool):
        low, high = schema.get("minimum", data), schema.get("maximum", data)
        if not low <= data <= high:
            raise ValueError(f"has {data!r} as {path}, outside {low!r} to {high!r}")
    return data


def _first_fit(data: Any, choices: list[Mapping[str, Any]], path: str) -> Any:
    reasons = []
    for choice in choices:
        try:
            return _fit(data, choice, path)
        except ValueError as error:
            reasons.append(str(error))
    raise ValueError(reasons[0])


def _fit_object(data: dict[str, Any], schema: Mapping[str, Any], path: str) -> dict[str, Any]:
    properties = schema.get("properties")
    if properties is None:
        return data
    required = schema.get("required", ())
    found = {}
    for name, inner in properties.items():
        if name in data:
            try:
                found[name] = _fit(data[name], inner, f"{path}.{name}")
            except ValueError:
                if name in required:
                    raise
        elif name in required:
            raise ValueError(f"lacks {path}.{name}")
    return found


def _fit_array(data: list[Any], schema: Mapping[str, Any], path: str) -> list[Any]:
    found, reason = [], ""
    for item in data:
        try:
            found.append(_fit(item, schema.get("items", {}), f"{path}[]"))
        except ValueError as error:
            reason = reason or str(error)
    if len(found) < schema.get("minItems", 0) or (data and not found):
        raise ValueError(reason or f"has too few items in {path}")
    return found[: schema.get("maxItems", len(found))]


def _short(data: Any) -> str:
    shown = repr(data)
    return shown if len(shown) <= 60 else shown[:57] + "..."
