"""What a model says of a passage, tied to the places in the passage where it stands.

A name that the passage does not hold is left out and counted, and so is a relation whose two ends
do not stand within three sentences of each other.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.extract.english_cues import FUNCTION_WORDS
from kg.extract.matching import Match, Names
from kg.extract.sightings import Sightings, Statement
from kg.model import Chunk, normal_name
from kg.sentences import sentences

UNTYPED = "other"
_WINDOW = 3


def ground(answer: Mapping[str, Any], sightings: Sightings, chunk: Chunk) -> Counter[str]:
    """Note what the answer says of a chunk as far as the text bears it out.

    Counts "entities", "relations", "ungrounded entities" and "ungrounded relations".
    """
    listed = {_plain(entity["name"]): entity for entity in reversed(answer.get("entities", ()))}
    spelled: dict[str, str] = {}
    for owner, entity in listed.items():
        for name in (owner, *map(_plain, entity.get("aliases", ()))):
            if name and owner:
                spelled.setdefault(name, owner)
    ends = _ends(answer, spelled)
    names = spelled | {end: end for end in ends}
    text = sightings.document.text
    matches = list(Names(names).find(text, chunk.start, chunk.end))
    keys = _note_entities(matches, listed, sightings, chunk)
    counts = Counter({"entities": len(keys), "ungrounded entities": len(listed.keys() - keys.keys())})
    spans = sentences(text, chunk.start, chunk.end, chunk.language)
    for relation in answer.get("relations", ()):
        source, target = (names.get(_plain(relation[end]), "") for end in ("source", "target"))
        place = _stating(matches, spans, source, target)
        if place is None or keys[source] == keys[target]:
            counts["ungrounded relations"] += 1
            continue
        label = " ".join(relation["label"].split()) or "related to"
        description = relation.get("description", "").strip()
        statement = Statement(keys[source], label, keys[target], chunk.id, *place, description=description)
        counts["relations"] += sightings.state(statement)
    return counts


def _plain(name: str) -> str:
    """The normal form without article and quotation marks; "" for a pronoun and the like.

    >>> _plain("The  Tide Clock"), _plain("《夜听簿》"), _plain("She")
    ('tide clock', '夜听簿', '')
    """
    form = normal_name(name).strip("《》“”‘’\"'「」 ")
    form = re.sub(r"^(?:the|an?) ", "", form)
    return "" if form in FUNCTION_WORDS else form


def _ends(answer: Mapping[str, Any], spelled: Mapping[str, str]) -> set[str]:
    """Names that only relations mention: models forget to list them."""
    found = {
        _plain(relation[end]) for relation in answer.get("relations", ()) for end in ("source", "target")
    }
    return {name for name in found if len(name) > 1 and name not in spelled}


def _note_entities(
    matches: Sequence[Match], listed: Mapping[str, Mapping[str, Any]], sightings: Sightings, chunk: Chunk
) -> dict[str, str]:
    """The keys in `sightings` of the names that were found, each under the spelling the text has."""
    text = sightings.document.text
    written: dict[str, Counter[str]] = {}
    for match in matches:
        written.setdefault(match.value, Counter())[" ".join(text[match.start : match.end].split())] += 1
    keys: dict[str, str] = {}
    for owner, spellings in written.items():
        entity = listed.get(owner, {})
        same = {spelling: count for spelling, count in spellings.items() if _plain(spelling) == owner}
        name = max(same or spellings, key=lambda spelling: ((same or spellings)[spelling], spelling))
        kind = " ".join(str(entity.get("type", "")).casefold().split()) or UNTYPED
        description = str(entity.get("description", "")).strip()
        keys[owner] = sightings.name(name, kind, weight=spellings.total(), description=description)
    for match in matches:
        sightings.mention(keys[match.value], chunk, match.start, match.end)
    return keys


def _stating(
    matches: Sequence[Match], spans: Sequence[tuple[int, int]], source: str, target: str
) -> tuple[int, int] | None:
    """The sentence, or up to three in a row, that names both; None where there is none."""
    if not source or not target or source == target:
        return None
    named = [
        {match.value for match in matches if start <= match.start and match.end <= end}
        for start, end in spans
    ]
    for size, i in _windows(len(spans)):
        if {source, target} <= set().union(*named[i : i + size]):
            return spans[i][0], spans[i + size - 1][1]
    return None


def _windows(count: int) -> Iterator[tuple[int, int]]:
    for size in range(1, _WINDOW + 1):
        for i in range(count - size + 1):
            yield size, i
