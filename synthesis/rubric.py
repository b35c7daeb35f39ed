"""By what a text is judged: criteria with what they mean, and a scale.

    [settings]
    scale = 1-5
    [criteria]
    faithful = Everything it says follows from the passages.
    clear = A newcomer understands it at the first reading.

The words of the prompt are in `prompts/judge.LANGUAGE.txt` and `judge_pair.LANGUAGE.txt`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.model import content_id
from kg.suggest import unknown
from synthesis.base import PromptError
from synthesis.prompting import FOLDER, NAMED, parts_of

USUAL = FOLDER / "rubric.txt"
SCALE = re.compile(r"(-?\d+)\s*-\s*(-?\d+)")
WIDEST = 100
MOST_CRITERIA = 20
REASON = 300


@dataclass(frozen=True, slots=True)
class Rubric:
    """Criteria by name, in the order of the file, and the lowest and highest score."""

    name: str
    criteria: Mapping[str, str]
    low: int
    high: int

    @property
    def fingerprint(self) -> str:
        """Hash of what it asks for; the name of the file is not part of it."""
        words = [word for pair in self.criteria.items() for word in pair]
        return content_id("rubric", self.low, self.high, *words)[:12]

    @property
    def listed(self) -> str:
        """The criteria as a list for a prompt."""
        return "\n".join(f"- {name}: {words}" for name, words in self.criteria.items())

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a judgement: a whole number for each criterion, and a reason."""
        score = {"type": "integer", "minimum": self.low, "maximum": self.high}
        return _object({**dict.fromkeys(self.criteria, score), "reason": _reason()})


def pair_schema() -> dict[str, Any]:
    """The JSON Schema of a comparison: which of the two, and why."""
    return _object({"better": {"type": "string", "enum": ["1", "2", "tie"]}, "reason": _reason()})


def read_rubric(path: Path = USUAL) -> Rubric:
    """The rubric in a file. Raises PromptError that names the file: for another form, another setting, no
    criterion, one that is named twice or like the reason.
    """
    parts = parts_of(path)
    for part in parts:
        if part not in ("settings", "criteria"):
            raise PromptError(f"the rubric {path}: {unknown('part', part, ['settings', 'criteria'])}")
    low, high = _scale(parts.get("settings", ""), path)
    criteria: dict[str, str] = {}
    for line in filter(None, map(str.strip, parts.get("criteria", "").splitlines())):
        found = NAMED.fullmatch(line)
        if found is None or found[1] == "reason":
            raise PromptError(
                f"the rubric {path}: wanted lines like 'clear = It is easy to read.', saw {line[:80]!r}"
            )
        if found[1] in criteria:
            raise PromptError(f"the rubric {path} has the criterion {found[1]!r} twice")
        criteria[found[1]] = found[2]
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        raise PromptError(
            f"the rubric {path} wants 1 to {MOST_CRITERIA} criteria in a part [criteria], saw {len(criteria)}"
        )
    return Rubric(path.stem, criteria, low, high)


def _scale(settings: str, path: Path) -> tuple[int, int]:
    low, high = 1, 5
    for line in filter(None, map(str.strip, settings.splitlines())):
        name, _, value = (part.strip() for part in line.partition("="))
        if name != "scale":
            raise PromptError(f"the rubric {path}: {unknown('setting', name, ['scale'])}")
        found = SCALE.fullmatch(value)
        low, high = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 0 < high - low <= WIDEST:
            raise PromptError(f"the rubric {path}: a scale is like 1-5, from low to high, saw {value!r}")
    return low, high


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _reason() -> dict[str, Any]:
    return {"type": "string", "maxLength": REASON}
