"""How well an extractor reads one document, judged against a key made by hand.

    python benchmarks/extraction.py DOCUMENT KEY [RELATIONS] --extractor NAME

KEY is JSON: {"entities": [{"name", "type", "aliases", "importance"}], "junk": [strings]}. RELATIONS
is JSON lines: source, label, target, start, end (code points of the stating sentence in the stored
text). Printed, as JSON: recall by importance, the share of returned entities that are in the key,
those that are junk, those typed right, and the share of relations whose two ends are linked with
evidence that overlaps the sentence; direction and label need not match.

Returned entities are those left after resolution (`--candidates`: before). A name equals another
when they differ only in case, articles, possessives, plurals and spaces.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.chunks import chunk
from kg.extract import EXTRACTORS, extractor
from kg.model import Candidate, Document, normal_name
from kg.names import ARTICLES, singular
from kg.reading import read
from kg.resolution import Statements, resolve
from kg.resolution.kinds import kind_of
from kg.store import Reading

IMPORTANCES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Returned:
    """One entity as an extractor (and resolution) hands it on."""

    names: frozenset[str]
    type: str
    candidates: frozenset[str]


def form(name: str) -> str:
    """The form under which names are equal here.

    >>> form("The Harbour-Master's bells"), form("《夜听簿》")
    ("harbour-master bell", "夜听簿")
    """
    words = normal_name(name).strip("《》\"'\u201c\u201d\u2018\u2019").replace("\u2019", "'").split()
    words = [word.removesuffix("'s").rstrip("'") for word in words if word not in ARTICLES or len(words) == 1]
    return " ".join(singular(word) for word in words if word)


def forms(names: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(form, names)))


def same_type(type: str, wanted: str) -> bool:
    """Whether two types are of one kind; a key's "other" is any thing that is no person, place or house."""
    kind, other = kind_of(type), kind_of(wanted)
    return type.casefold() == wanted.casefold() or (
        kind == other if other else kind in ("", "object", "concept")
    )


def resolved(document: Document, reading: Reading) -> list[Returned]:
    """The candidates of a document brought together by the rules of `kg.resolution`."""
    candidates = {one.id: one for one in reading.candidates}
    statements = Statements()
    statements.add(document.text, reading.mentions, names={one.id: one.name for one in reading.candidates})
    counts = Counter(mention.candidate for mention in reading.mentions)
    groups = resolve(reading.candidates, statements=statements, mentions=counts)
    return [returned([candidates[member.candidate] for member in group.members], counts) for group in groups]


def returned(group: Sequence[Candidate], mentions: Mapping[str, int]) -> Returned:
    """Some candidates as one entity, of the type that most of their mentions have."""
    types: Counter[str] = Counter()
    for one in group:
        types[one.type] += mentions.get(one.id, 1)
    names = forms(name for one in group for name in (one.name, *one.surfaces))
    return Returned(
        names, min(types, key=lambda kind: (-types[kind], kind)), frozenset(one.id for one in group)
    )


def judge(
    reading: Reading, entities: Sequence[Returned], key: Any, relations: Sequence[Any], text: str
) -> dict[str, Any]:
    """The figures for one document."""
    wanted = [(forms((entry["name"], *entry["aliases"])), entry) for entry in key["entities"]]
    junk = forms(key["junk"])
    recall = {}
    for importance in IMPORTANCES:
        of = [names for names, entry in wanted if entry["importance"] == importance]
        found = sum(any(names & one.names for one in entities) for names in of)
        recall[str(importance)] = {"found": found, "of": len(of), "share": share(found, len(of))}
    matched = [(one, next((entry for names, entry in wanted if names & one.names), None)) for one in entities]
    in_key = [(one, entry) for one, entry in matched if entry is not None]
    rubbish = sum(entry is None and bool(one.names & junk) for one, entry in matched)
    typed = sum(
        any(same_type(one.type, other["type"]) for names, other in wanted if names & one.names)
        for one, _ in in_key
    )
    named = {entry["name"]: names for names, entry in wanted}
    linked = sum(is_linked(relation, named, reading, entities) for relation in relations)
    misspelt = sum(text[mention.start : mention.end] != mention.surface for mention in reading.mentions)
    return {
        "returned": len(entities),
        "recall": recall,
        "in_key": {"found": len(in_key), "share": share(len(in_key), len(entities))},
        "junk": {"found": rubbish, "share": share(rubbish, len(entities))},
        "typed_right": {"found": typed, "of": len(in_key), "share": share(typed, len(in_key))},
        "relations_linked": {"found": linked, "of": len(relations), "share": share(linked, len(relations))},
        "mentions": len(reading.mentions),
        "evidence": len(reading.evidence),
        "misspelt_mentions": misspelt,
    }


def is_linked(
    relation: Any, named: dict[str, frozenset[str]], reading: Reading, entities: Sequence[Returned]
) -> bool:
    """Whether some evidence in the sentence joins the two ends, either way round."""
    ends = [
        frozenset(
            candidate
            for one in entities
            if one.names & named.get(relation[end], forms([relation[end]]))
            for candidate in one.candidates
        )
        for end in ("source", "target")
    ]
    return any(
        row.start < relation["end"]
        and relation["start"] < row.end
        and (
            (row.source in ends[0] and row.target in ends[1])
            or (row.source in ends[1] and row.target in ends[0])
        )
        for row in reading.evidence
    )


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("document", type=Path)
    parser.add_argument("key", type=Path)
    parser.add_argument("relations", type=Path, nargs="?")
    parser.add_argument("--extractor", choices=sorted(EXTRACTORS), default="auto")
    parser.add_argument("--pipeline", help="folder of a spaCy pipeline, for spacy and auto")
    parser.add_argument("--names", help="list of names, for dictionary")
    parser.add_argument("--candidates", action="store_true", help="judge before resolution")
    parser.add_argument(
        "--missing", action="store_true", help="also list what was not found and what is not in the key"
    )
    given = parser.parse_args(arguments)
    options = {"pipeline": given.pipeline, "names": given.names}
    reader = extractor(given.extractor, **{name: value for name, value in options.items() if value})
    documents = [document for document in read(str(given.document)) if isinstance(document, Document)]
    if len(documents) != 1:
        print(f"{given.document} holds {len(documents)} readable documents; one was wanted", file=sys.stderr)
        return 1
    document = documents[0]
    key = json.loads(given.key.read_text("utf-8"))
    lines = given.relations.read_text("utf-8").splitlines() if given.relations else []
    relations = [json.loads(line) for line in lines if line.strip()]
    for _, reading in reader.read([(document, chunk(document))]):
        if not isinstance(reading, Reading):
            print(f"{given.document}: {reading}", file=sys.stderr)
            return 1
        counts = Counter(mention.candidate for mention in reading.mentions)
        apart = [returned([one], counts) for one in reading.candidates]
        entities = apart if given.candidates else resolved(document, reading)
        figures = judge(reading, entities, key, relations, document.text)
        head = {"document": str(given.document), "extractor": reader.name, "fingerprint": reader.fingerprint}
        print(
            json.dumps(
                head | figures | (missing(reading, entities, key, relations) if given.missing else {}),
                ensure_ascii=False,
                indent=1,
            )
        )
    return 0


def missing(
    reading: Reading, entities: Sequence[Returned], key: Any, relations: Sequence[Any]
) -> dict[str, Any]:
    """The items behind the figures, for tuning on a page that may be looked at."""
    wanted = [(forms((entry["name"], *entry["aliases"])), entry) for entry in key["entities"]]
    named = {entry["name"]: names for names, entry in wanted}
    known = frozenset(name for names, _ in wanted for name in names)
    return {
        "not_found": [
            f"{entry['importance']} {entry['name']}"
            for names, entry in wanted
            if not any(names & one.names for one in entities)
        ],
        "not_in_key": sorted(min(one.names) for one in entities if one.names and not one.names & known),
        "typed_wrong": [
            f"{entry['name']}: {one.type}, not {entry['type']}"
            for one in entities
            for names, entry in wanted
            if names & one.names and not same_type(one.type, entry["type"])
        ],
        "not_linked": [
            f"{relation['source']} {relation['label']} {relation['target']}"
            for relation in relations
            if not is_linked(relation, named, reading, entities)
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
