"""What a group is called, and why each candidate is in it, in words."""

from collections import defaultdict
from collections.abc import Container, Sequence

from kg.model import normal_name
from kg.names import same_form
from kg.resolution.groups import Groups
from kg.resolution.name import singular_form
from kg.resolution.rules import RULES
from kg.resolution.spelling import similarity
from kg.resolution.vocabulary import Vocabulary

LONGEST_SHOWN = 60


def head_of(vocabulary: Vocabulary, members: Sequence[int], *, short: Container[str]) -> int:
    """The candidate whose name is the most telling: in full, spelt as most often, longest.

    `short` are forms of names that somewhere stand for a fuller one.
    """
    weights: dict[str, int] = defaultdict(int)
    for i in members:
        weights[normal_name(vocabulary.candidates[i].name)] += vocabulary.weights[i]

    def rank(i: int) -> tuple[bool, bool, bool, bool, bool, int, int, str, str]:
        one, name = vocabulary.candidates[i], vocabulary.name(i)
        parts = name.parts
        return (
            name.is_short or vocabulary.forms[i] in short or not one.name[:1].isalnum(),
            bool(name.acronym) or bool(parts and any(len(part) == 1 for part in parts.given)),
            bool(parts and parts.titles),
            singular_form(name) != name.form,
            "," in one.name,
            -weights[normal_name(one.name)],
            -len(one.name),
            one.name,
            one.id,
        )

    return min(members, key=rank)


def reason_for(vocabulary: Vocabulary, groups: Groups, candidate: int, *, head: int) -> str:
    """Why the candidate is what the head's name says: the rule that holds between the two names.

    Where none does, it came by way of other names, and the reason noted on the way is given.
    """
    one, other = vocabulary.candidates[candidate].name, vocabulary.candidates[head].name
    same = same_form(one, other)
    if same:
        return same
    if vocabulary.alias(candidate) and vocabulary.alias(candidate) is vocabulary.alias(head):
        return "alias file"
    shown = repr(other if len(other) <= LONGEST_SHOWN else other[: LONGEST_SHOWN - 1] + "…")
    a, b = vocabulary.name_of[candidate], vocabulary.name_of[head]
    for rule in RULES.values():
        keys = vocabulary.keys(rule)
        if not set(keys[a]).isdisjoint(keys[b]):
            reason = rule.test(vocabulary.names[a], vocabulary.names[b])
            if reason:
                return f"{reason} {shown}"
    close = similarity(vocabulary.names[a].words, vocabulary.names[b].words)
    if close:
        return f"fuzzy {close:.2f}"
    noted = (
        groups.reasons.get(candidate)
        or groups.reasons.get(vocabulary.bearers[a][0])
        or groups.reasons.get(head)
    )
    if noted == "same name":
        return f"same name as a short form of {shown}"
    return f"{noted or 'by other names'} {shown}"
