"""Samplers and strategies by name with options, as people type them: `walks:length=6:p=0.5`, `edges:weighted`."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kg.suggest import nearest, unknown

YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


def options_of(kind: Callable[..., object]) -> dict[str, Any]:
    """The options of a dataclass that can be written as text, and the type of each."""
    if not is_dataclass(kind):
        return {}
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind) if _written(hints[one.name])}


def read_spec(text: str, known: Mapping[str, Callable[..., object]], what: str) -> tuple[str, dict[str, Any]]:
    """The name and the options of `name:option=value:option`; an option alone means yes.

    `what` is what the known things are called ("sampler"). Raises ValueError for a name or an option that
    does not exist, and for a value that is not of its kind.

    >>> from sampling import SAMPLERS
    >>> read_spec("walks:length=6:backtrack=no", SAMPLERS, "sampler")
    ('walks', {'length': 6, 'backtrack': False})
    """
    name, *given = text.split(":")
    if name not in known:
        raise ValueError(unknown(what, name, known))
    options, found = options_of(known[name]), {}
    for one in given:
        option, is_set, value = one.partition("=")
        if option not in options:
            if not options:
                raise ValueError(f"the {what} {name!r} has no options, saw {one!r}")
            names = ", ".join(nearest(option, options))
            raise ValueError(f"the {what} {name!r} has no option {option!r}. Known: {names}")
        if option in found:
            raise ValueError(f"the option {option!r} of the {what} {name!r} is given twice in {text!r}")
        found[option] = _value(what, name, option, value if is_set else None, options[option])
    return name, found


def _value(what: str, name: str, option: str, text: str | None, kind: Any) -> Any:
    wanted = f"{option!r} of the {what} {name!r}"
    if kind is bool:
        if text is None or text.lower() in YES:
            return True
        if text.lower() in NO:
            return False
        raise ValueError(f"{wanted} is yes or no, saw {text!r}")
    if not text:
        raise ValueError(f"{wanted} wants a value: write {name}:{option}=…")
    if get_origin(kind) is Literal:
        if text not in get_args(kind):
            raise ValueError(f"{wanted} is one of {', '.join(nearest(text, get_args(kind)))}, saw {text!r}")
        return text
    for number, word in ((int, "a whole number"), (float, "a number")):
        if kind is number:
            try:
                return number(text)
            except ValueError:
                raise ValueError(f"{wanted} is {word}, saw {text!r}") from None
    return text


def _written(kind: Any) -> bool:
    """Whether a value of this type can be written as text."""
    if get_origin(kind) in (Union, UnionType):
        return set(get_args(kind)) == {str, NoneType}
    return kind in (bool, int, float, str) or get_origin(kind) is Literal
