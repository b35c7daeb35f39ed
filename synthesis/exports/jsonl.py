"""Formats of JSON lines: prose for continued pretraining, and three ways of writing down a chat."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from synthesis.exports.lines import Line
from synthesis.turns import Turn, turns_of

Row = dict[str, Any]  # Any: what a trainer wants to find in a line


def prose(line: Line) -> str:
    """A text as a model reads it: the title on a line of its own, then the words, of whatever kind they are.

    Questions and talk keep their title too: "Who winds it?" means nothing without saying where.
    """
    return f"{line.title}\n\n{line.text}" if line.title.strip() else line.text


def turns(line: Line) -> tuple[Turn, ...]:
    """A text as a chat."""
    return turns_of(line.kind, line.title, line.text, line.language)


def exchange(line: Line) -> tuple[Turn, Turn]:
    """A text as one request and one answer; a longer talk is told whole, as the answer to a question about it."""
    said = turns(line)
    if len(said) != 2:
        said = turns_of("text", line.title, line.text, line.language)
    asked, answered = said
    return asked, answered


def cpt(line: Line) -> Row:
    """{"text"}"""
    return {"text": prose(line)}


def chat(line: Line) -> Row:
    """{"messages": [{"role", "content"}]}, the roles being user and assistant."""
    return {"messages": [{"role": turn.role, "content": turn.text} for turn in turns(line)]}


def alpaca(line: Line) -> Row:
    """{"instruction", "input", "output"}, the input always empty."""
    asked, answered = exchange(line)
    return {"instruction": asked.text, "input": "", "output": answered.text}


def sharegpt(line: Line) -> Row:
    """{"conversations": [{"from", "value"}]}, the sides being human and gpt."""
    sides = {"user": "human", "assistant": "gpt"}
    return {"conversations": [{"from": sides[turn.role], "value": turn.text} for turn in turns(line)]}


def written(row: Callable[[Line], Row]) -> Callable[[Iterable[Line], Path], None]:
    """What writes a file of such rows: UTF-8, an object on each line, lines ended by LF alone."""

    def write(lines: Iterable[Line], path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(json.dumps(row(line), ensure_ascii=False) + "\n")

    return write
