"""What is looked at before a text counts: checks by name, in the order in which they run."""

from collections.abc import Callable, Sequence

from kg.suggest import unknown
from synthesis.checks.base import Checker, Written
from synthesis.checks.copying import Copying
from synthesis.checks.finish import Finish
from synthesis.checks.language import Language
from synthesis.checks.named import Named
from synthesis.checks.near_duplicates import NearDuplicates
from synthesis.checks.numbers import Numbers
from synthesis.checks.supported_names import SupportedNames

CHECKS: dict[str, Callable[[], Checker]] = {
    "finish": Finish,
    "language": Language,
    "named": Named,
    "numbers": Numbers,
    "names": SupportedNames,
    "copying": Copying,
    "near_duplicate": NearDuplicates,
}

__all__ = ["CHECKS", "Checker", "NearDuplicates", "Written", "checkers"]


def checkers(names: Sequence[str]) -> list[Checker]:
    """The checks of these names, in the order of `CHECKS`; "all" and "none" are names too.

    Raises ValueError for a name that is none of them.
    """
    if list(names) == ["all"]:
        names = list(CHECKS)
    if list(names) == ["none"]:
        names = []
    for name in names:
        if name not in CHECKS:
            raise ValueError(unknown("check", name, [*CHECKS, "all", "none"]))
    return [make() for name, make in CHECKS.items() if name in names]
