"""Which candidates are one thing: rules with reasons, and what no rule may bring together."""

from kg.resolution.aliases import Alias, AliasError, Aliases, read_aliases
from kg.resolution.grouping import Group, Member, resolve
from kg.resolution.rules import RULES, Rule
from kg.resolution.spelling import FUZZY
from kg.resolution.statements import Statements

__all__ = [
    "FUZZY",
    "RULES",
    "Alias",
    "AliasError",
    "Aliases",
    "Group",
    "Member",
    "Rule",
    "Statements",
    "read_aliases",
    "resolve",
]
