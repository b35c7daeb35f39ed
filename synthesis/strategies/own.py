"""Strategies that are nothing but files of the user's: prompts with fields, no Python.

    tour.en.txt     [settings]
                    entities = 1-3
                    kind = text
                    [user]
                    ### Document
                    {context}
                    ### Task
                    Lead a visitor past {names} as "{title}" describes them, {tone}, in {words} words.
                    [tones]
                    plain = plainly
                    proud = proudly

`--strategies FOLDER --strategy tour` writes with it, `tour:tone=proud` chooses a line. Where a language has no
file of its own, the words of another are used: {language} says in which to answer.
"""

import re
from collections.abc import Callable
from dataclasses import make_dataclass
from pathlib import Path
from typing import Any, get_args

from kg.suggest import nearest, unknown
from synthesis.base import Kind, PromptError
from synthesis.prompting import LANGUAGES, Prompt, load
from synthesis.strategies.single import OFFERED, SingleStep

FILE = re.compile(rf"([a-z][a-z0-9_]*)\.({'|'.join(LANGUAGES)})\.txt")
STOPS: dict[str, tuple[str, ...]] = {"never": (), "paragraph": ("\n\n",), "line": ("\n",)}
ENTITIES = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
USUAL = {"entities": "1-8", "kind": "text", "stop": "never"}
MOST = 8


def strategies_in(folder: Path) -> dict[str, Callable[..., SingleStep]]:
    """The strategies of a folder by name, each a dataclass whose options are the lists of its prompt.

    `entities = 2` or `1-3` in [settings] says about how many it writes, 0 about a whole document;
    `kind` is what its texts are, `stop` where an answer ends: line, paragraph or never. Raises PromptError that
    names the file: for a folder without one, an unknown field or setting, a value of a wrong form.
    """
    if not folder.is_dir():
        raise PromptError(
            f"no folder {str(folder)!r} with strategies; each is a file NAME.en.txt with a [user] part"
        )
    languages: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        found = FILE.fullmatch(path.name)
        if found is None:
            raise PromptError(
                f"{path} is no strategy: wanted NAME.LANGUAGE.txt with a NAME of small letters, digits and _, "
                f"and one of the languages {', '.join(LANGUAGES)}"
            )
        languages.setdefault(found[1], []).append(found[2])
    if not languages:
        raise PromptError(f"the folder {str(folder)!r} has no strategy: wanted files like tour.en.txt")
    return {name: _made(name, folder, known) for name, known in languages.items()}


def _made(name: str, folder: Path, known: list[str]) -> Callable[..., SingleStep]:
    prompts = {language: load(name, language, folder) for language in known}
    settings = {key: value for prompt in prompts.values() for key, value in _settings(prompt, folder).items()}
    least, most = _bounds(settings["entities"], name)
    choices = sorted({field for prompt in prompts.values() for field in prompt.choices})
    for prompt in prompts.values():
        prompt.check(set(OFFERED))

    def prompts_in(self: SingleStep, language: str) -> tuple[Prompt, ...]:
        return (prompts.get(language, prompts[known[0]]),)

    namespace: dict[str, Any] = {
        "__doc__": f"The strategy of {folder / name}.",
        "called": name,
        "least": least,
        "most": most,
        "whole_documents": least == 0,
        "kind": settings["kind"],
        "stop": STOPS[settings["stop"]],
        "prompts_in": prompts_in,
    }
    fields: list[tuple[str, Any, Any]] = [(field, str | None, None) for field in choices]
    return make_dataclass(name.title(), fields, bases=(SingleStep,), namespace=namespace, frozen=True)


def _settings(prompt: Prompt, folder: Path) -> dict[str, str]:
    found = dict(USUAL)
    for line in filter(None, map(str.strip, prompt.settings.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        where = f"the prompt {folder / prompt.name}, part [settings]"
        if not equals:
            raise PromptError(f"{where}: wanted lines like 'entities = 2-4', saw {line!r}")
        if name not in USUAL:
            raise PromptError(f"{where}: {unknown('setting', name, USUAL)}")
        allowed = {"kind": get_args(Kind), "stop": tuple(STOPS)}.get(name)
        if allowed is not None and value not in allowed:
            raise PromptError(
                f"{where}: {name!r} is one of {', '.join(nearest(value, allowed))}, saw {value!r}"
            )
        found[name] = value
    return found


def _bounds(text: str, name: str) -> tuple[int, int]:
    found = ENTITIES.fullmatch(text)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not least <= most <= MOST:
        raise PromptError(
            f"the strategy {name!r} wants 'entities = 2' or '1-3' in its [settings], with at most {MOST}, saw {text!r}"
        )
    return least, most
