"""What is looked at before a text counts: checks by name, in the order in which they run."""

from collections.abc import Callable, Iterable, Sequence

from kg.model import Check
from kg.suggest import unknown
from synthesis.checks.base import Checker, Written, remembers
from synthesis.checks.copying import Copying
from synthesis.checks.exact_duplicates import ExactDuplicates
from synthesis.checks.finish import Finish
from synthesis.checks.form import Form
from synthesis.checks.language import Language
from synthesis.checks.leaked import Leaked
from synthesis.checks.named import Named
from synthesis.checks.names import Names
from synthesis.checks.near_duplicates import NearDuplicates
from synthesis.checks.numbers import Numbers
from synthesis.checks.obeyed import Obeyed
from synthesis.checks.personal_data import PersonalData
from synthesis.checks.refusal import Refusal
from synthesis.checks.repetition import Repetition

CHECKS: dict[str, Callable[[], Checker]] = {
    "finish": Finish,
    "refusal": Refusal,
    "form": Form,
    "language": Language,
    "named": Named,
    "obeyed": Obeyed,
    "repetition": Repetition,
    "copying": Copying,
    "numbers": Numbers,
    "names": Names,
    "leakage": Leaked,
    "exact_duplicate": ExactDuplicates,
    "near_duplicate": NearDuplicates,
}

OPTIONAL: dict[str, Callable[[], Checker]] = {"personal_data": PersonalData}
"""Checks that "all" leaves out: they are asked for by name."""

__all__ = [
    "CHECKS",
    "OPTIONAL",
    "Checker",
    "NearDuplicates",
    "Written",
    "checkers",
    "judged",
    "remember",
]


def checkers(names: Sequence[str], given: Iterable[Checker] = ()) -> list[Checker]:
    """The checks of these names, in the order of `CHECKS`; "all" and "none" are names too.

    `given` are checks made by the caller, because they need something (questions, a model); each stands in
    for the one of its name where that is asked for. Without questions "all" leaves out `leakage`.
    Raises ValueError for a name that is none of them.
    """
    made = {checker.name: checker for checker in given}
    known = {**CHECKS, **OPTIONAL}
    for name in names:
        if name not in (*known, *made, "all", "none"):
            raise ValueError(unknown("check", name, [*known, *made, "all", "none"]))
    if "none" in names and len(names) > 1:
        raise ValueError(f"the checks {','.join(names)!r} name none and others; give one or the other")
    wanted = set(names) - {"all", "none"}
    if "all" in names:
        wanted |= CHECKS.keys() - ({"leakage"} - made.keys())
    found = [made[name] if name in made else make() for name, make in known.items() if name in wanted]
    return found + [checker for name, checker in made.items() if name in wanted and name not in known]


def judged(checkers: Iterable[Checker], written: Written) -> list[Check]:
    """What each check says of a text; those that remember texts, and last those that ask a model, are asked
    only where all before passed it.
    """
    outcomes: list[Check] = []
    sound = True
    for checker in sorted(checkers, key=_turn):
        if not sound and _turn(checker):
            break
        outcome = checker.check(written)
        sound = sound and outcome.outcome != "failed"
        outcomes.append(outcome)
    return outcomes


def _turn(checker: Checker) -> int:
    return 2 if getattr(checker, "asks_a_model", False) else int(remembers(checker))


def remember(checkers: Iterable[Checker], id: str, text: str) -> None:
    """Tell the checks that hold later texts against accepted ones of this one."""
    for checker in checkers:
        if remembers(checker):
            checker.remember(id, text)
