"""A word in another's place: the claim goes along with a sentence, but where that has one name it has another.

Both are laid side by side word by word (in Chinese, character by character) by their longest common runs. Where
a run that they share is followed or preceded by different names, one has taken the place of the other: "Hasty was
right" beside "Old Patience was right". In Chinese, where names have no mark, what has taken the place must stand
elsewhere in the context: a synonym seldom does.
"""

import re
from collections.abc import Iterable, Sequence, Set
from difflib import SequenceMatcher

from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.words import HAN_FUNCTION, Token, Words, stem, tokens

LONGEST = 8
"""Words of a stretch that may have taken another's place."""
SHARED = 3
"""Words on both sides of it that must be the same."""
LEAST, HALF = 2, 0.5
"""So many other words a claim has, and of them the best sentence has this share, where a name is another's."""
HAN_LEAST, HAN_MOST = 2, 5
CONNECTIVES = frozenset("因为 所以 因此 由于 但是 不过 虽然 如果 而且 并且 然后 于是 后来 原来 其实".split())
TITLES = ("先生", "师傅", "师父", "老师", "大人", "掌柜", "老板", "小姐", "太太")
ANEW = frozenset("and but or nor while whereas because since so as for".split())
"""After a mark these begin a clause of its own."""
FESTIVALS = frozenset(
    map(stem, "Christmas Easter Whitsun Whitsuntide Lammas Michaelmas Martinmas Candlemas".split())
)
"""Times, and names of nobody."""
POINTING = re.compile(r"\b(?:it|he|she|him|her|they|them)\b", re.IGNORECASE)
SPEAKING = re.compile("[我你您咱]")
HAN_TIME = re.compile("[年月日天早晚昨今前后春夏秋冬]|时候|时$|起初|原先|当[时初]|开始|最终|结果")
"""Times are said in many ways, and stand where a name does: they take nobody's place."""
PRONOUNS = frozenset("我你您咱俺他她它")


SAID_BY = frozenset(
    "write writes wrote written record records recorded note notes noted report reports reported say says said tell "
    "tells told remember remembers remembered describe describes described add adds added mention mentions mentioned "
    "state states stated remark remarks remarked explain explains explained admit admits admitted".split()
)
"""What the author of a text does in all of it."""
FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|we|us|our)\b")


def taken_places(claim: str, evidence: Evidence, rows: Iterable[int]) -> list[str]:
    """What in the claim stands where these sentences have something else, as it is written in the claim."""
    if evidence.language == "zh":
        found = (place for row in rows for place in _han_places(claim, evidence, evidence.sentences[row]))
    else:
        said = tokens(claim, evidence.proper)
        found = (place for row in rows for place in _places(said, evidence.sentences[row], evidence))
    return list(dict.fromkeys(found))


def other_names(words: Words, evidence: Evidence, near: Near) -> list[str]:
    """English names that the context has elsewhere, where the best sentence, which has half of the claim's other
    words and more, has a name that the claim lacks.
    """
    far = [
        name
        for name in words.names
        if evidence.content.issuperset(name)
        and near.content.isdisjoint(name)
        and not FESTIVALS.issuperset(name)
    ]
    if not far:
        return []
    best = evidence.words[near.best]
    rest = words.content.keys() - {form for name in words.names for form in name}
    held = sum(form in best.content for form in rest)
    instead = any(words.content.keys().isdisjoint(name) for name in best.names)
    # "it" and "he" may be the name
    pointing = POINTING.search(evidence.sentences[near.best]) is not None
    if len(rest) < LEAST or held < len(rest) * HALF or not instead or pointing:
        return []
    there = {form for name in best.names for form in name}
    return [
        " ".join(words.content[form] for form in name)
        for name in far
        if not _of_one_person(frozenset(name), there, evidence)
    ]


def _of_one_person(names: Set[str], others: Set[str], evidence: Evidence) -> bool:
    """Whether a full name of the context has all of one name and a part of the other: Hugh, and Nattrass."""
    return any(names <= full and not full.isdisjoint(others) for full in evidence.full_names)


def _pronoun_for(names: Set[str], said: Sequence[Token], sentence: str, evidence: Evidence) -> bool:
    """Whether a name may be meant by "she" or "I": that of a heading, or of the author, who says all of the text."""
    if names <= evidence.author and (
        FIRST_PERSON.search(sentence) or any(token.lower in SAID_BY for token in said)
    ):
        return True
    return names <= evidence.subjects and POINTING.search(sentence) is not None


def _places(said: Sequence[Token], sentence: str, evidence: Evidence) -> Iterable[str]:
    there = tokens(sentence, evidence.proper)
    claimed, held = {token.form for token in said}, {token.form for token in there}
    steps = SequenceMatcher(
        None, [token.form for token in said], [token.form for token in there], autojunk=False
    ).get_opcodes()
    for place, (kind, start, end, first, last) in enumerate(steps):
        if kind != "replace" or end - start > LONGEST or last - first > LONGEST:
            continue
        # a name that is not in the context at all is strange, and has the place of no other
        names = {
            token.form: token.written
            for token in said[start:end]
            if token.name and token.form in evidence.content
        }
        instead = {token.form for token in there[first:last] if token.name}
        beside = [steps[at] for at in (place - 1, place + 1) if 0 <= at < len(steps)]
        runs = [
            said[at:to]
            for kind, at, to, _, _ in beside
            if kind == "equal" and _of_one_clause(said, start, end, at, to)
        ]
        shared = sum(map(len, runs)) >= SHARED and any(token.content for run in runs for token in run)
        # a name that the sentence has elsewhere has taken no place, unless both have changed places
        new = names.keys().isdisjoint(held) or instead <= claimed
        if not (names and instead and not names.keys() & instead and shared and new):
            continue
        of_one = _of_one_person(names.keys(), instead, evidence)
        if not of_one and not _pronoun_for(names.keys(), said, sentence, evidence):
            yield " ".join(names.values())


def _of_one_clause(said: Sequence[Token], start: int, end: int, first: int, last: int) -> bool:
    """Whether no clause begins between the names of a stretch and the run of words before or after it: "by Edith
    Farrant, and the ledger".
    """
    named = [at for at in range(start, end) if said[at].name]
    between = (
        range(last, named[0] + 1)
        if last <= start and named
        else range(named[-1] + 1 if named else end, first + 1)
    )
    return not any(said[at].parted and said[at].lower in ANEW for at in between)


def _han_places(claim: str, evidence: Evidence, sentence: str) -> Iterable[str]:
    said, there = ([c for c in text if c.isalnum()] for text in (claim, sentence))
    steps = SequenceMatcher(None, said, there, autojunk=False).get_opcodes()
    for place, (kind, start, end, first, last) in enumerate(steps):
        if kind != "replace" or not HAN_LEAST <= end - start <= HAN_MOST or last - first > HAN_MOST + 1:
            continue
        words, instead = "".join(said[start:end]), "".join(there[first:last])
        beside = [steps[at] for at in (place - 1, place + 1) if 0 <= at < len(steps)]
        shared = any(kind == "equal" and end - start >= HAN_LEAST for kind, start, end, _, _ in beside)
        # "I" and "you" of a letter, and "the master", may be whom the claim names; who speaks is often not said
        if words in evidence.author and SPEAKING.search(sentence):
            continue
        named = PRONOUNS.isdisjoint(instead) and not any(title in instead for title in TITLES)
        new = words not in sentence or instead in claim
        if (
            shared
            and named
            and new
            and words in evidence.text
            and words not in CONNECTIVES
            and HAN_FUNCTION.isdisjoint(words)
            and HAN_TIME.search(words) is None
            and not set(words) & set(instead)
        ):
            yield words
