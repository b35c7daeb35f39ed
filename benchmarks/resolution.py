"""Judge resolution on labelled pairs: `python benchmarks/resolution.py FILE [FILE...]`.

Each line of a file is a JSON object with `a a_type a_context b b_type b_context same lang`. The two
names become candidates of one document, whose text is their two sentences, and are resolved as in a
build. Printed as one JSON object: precision and recall by language and over all, and every pair that
was judged wrongly.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.model import Candidate, Chunk, Document, Mention
from kg.resolution import Statements, resolve


class Pair(TypedDict):
    """One labelled pair of names, each in a sentence."""

    a: str
    a_type: str
    a_context: str
    b: str
    b_type: str
    b_context: str
    same: bool
    lang: str


FIELDS = Pair.__required_keys__


class Score(TypedDict):
    """Precision and recall of "same", None where there is nothing to divide by."""

    pairs: int
    precision: float | None
    recall: float | None
    wrong: int


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of one file; a line that is none is an error that names it."""
    pairs: list[Pair] = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pair = json.loads(line)
        except json.JSONDecodeError as error:
            raise SystemExit(f"{path}, line {number}: not JSON ({error})") from None
        lacking = FIELDS - set(pair) if isinstance(pair, dict) else FIELDS
        if lacking:
            raise SystemExit(
                f"{path}, line {number}: wanted the fields {sorted(FIELDS)}, without {sorted(lacking)}"
            )
        pairs.append(pair)
    return pairs


def same(pair: Pair) -> tuple[bool, str]:
    """Whether the two names are resolved to one thing, and the reason given."""
    one, other = pair["a_context"], pair["b_context"]
    text = one if one == other else f"{one}\n{other}"
    document = Document.make("pair", text, title="", source="pair", language=pair["lang"])
    chunk = Chunk.make(document.id, text, 0, 0, len(text))
    a = Candidate.make(document.id, pair["a"], pair["a_type"], description=one)
    b = Candidate.make(document.id, pair["b"], pair["b_type"], description=other)
    if a.id == b.id:
        return True, "same name"
    found = Statements()
    found.add(document.text, mentions_of(text, chunk.id, (a, b)), names={a.id: a.name, b.id: b.name})
    groups = resolve([a, b], statements=found)
    reasons = [member.reason for group in groups for member in group.members if member.reason != "same name"]
    return len(groups) == 1, next(iter(reasons), "same name") if len(groups) == 1 else ""


def mentions_of(text: str, chunk: str, candidates: Iterable[Candidate]) -> list[Mention]:
    """Every place where a candidate's name stands in the text."""
    found = []
    for candidate in candidates:
        start = text.find(candidate.name)
        while start >= 0:
            end = start + len(candidate.name)
            found.append(Mention(candidate.id, chunk, start, end, candidate.name))
            start = text.find(candidate.name, end)
    return found


def score(judged: Iterable[tuple[Pair, bool]]) -> Score:
    """Precision and recall of the pairs judged to be the same."""
    both = claimed = true = pairs = wrong = 0
    for pair, said in judged:
        pairs += 1
        both += said and pair["same"]
        claimed += said
        true += pair["same"]
        wrong += said != pair["same"]
    return Score(
        pairs=pairs,
        precision=round(both / claimed, 4) if claimed else None,
        recall=round(both / true, 4) if true else None,
        wrong=wrong,
    )


def judge(pairs: Iterable[Pair]) -> dict[str, object]:
    """Scores by language and over all, and the pairs judged wrongly with the reason."""
    judged = [(pair, *same(pair)) for pair in pairs]
    languages = defaultdict(list)
    for pair, said, _ in judged:
        languages[pair["lang"]].append((pair, said))
    wrong = [
        {"a": pair["a"], "b": pair["b"], "same": pair["same"], "lang": pair["lang"], "reason": reason}
        for pair, said, reason in judged
        if said != pair["same"]
    ]
    return {
        "by_language": {language: score(found) for language, found in sorted(languages.items())},
        "all": score((pair, said) for pair, said, _ in judged),
        "wrong": wrong,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="+", type=Path, help="JSON lines of labelled pairs")
    files: list[Path] = parser.parse_args().file
    try:
        pairs = [pair for path in files for pair in read_pairs(path)]
    except OSError as error:
        raise SystemExit(f"cannot read {error.filename!r}: {error.strerror}") from None
    print(json.dumps({"files": [str(path) for path in files], **judge(pairs)}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
