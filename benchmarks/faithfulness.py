"""How many false claims are caught, and how many true ones fall with them: `benchmarks/faithfulness.py FILE...`.

Each line of a FILE is a JSON object with `context`, `sentence` and `label` (supported, contradicted or
unsupported); `language`, `kind` and `id` may be there, and `text`, the name of the text that a sentence is of. A line
without `context` has that of the line before. Every sentence goes through `entigraph.checking.check`, as
`entigraph check` sends it. Recall is the share of the false sentences that are called not supported, precision
the share of those called so that are false, each with its Wilson interval (95 %). Exit 1 where a number of
issue 7 is missed: recall 0.35 at precision 0.90 without a model, 0.75 at 0.85 with the local one.

    python benchmarks/faithfulness.py tests/data/faithfulness/heldout.jsonl
    python benchmarks/faithfulness.py FILE --rule-only

The scales were fitted by `benchmarks/faithfulness_fit.py`, which is never given a set that is held out.
"""

import argparse
import hashlib
import json
import math
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lm
from entigraph.checking import check, questions
from entigraph.config import models_folder
from entigraph.findings import Finding
from entigraph.text_rows import Row
from lm.base import Completion
from synthesis.checks.claims import scale as claims_scale
from synthesis.checks.claims.probe import probed

CHECKS = ("claims", "numbers", "names")
LABELS = ("supported", "contradicted", "unsupported")
WANTED = {"rule": (0.35, 0.90), "judge": (0.75, 0.85)}
"""Least recall and precision of issue 7."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled sentence."""

    row: Row
    label: str
    kind: str
    text: str | None = None

    @property
    def false(self) -> bool:
        """Whether the context does not entail it."""
        return self.label != "supported"


def digest(labelled: Sequence[Labelled]) -> str:
    """SHA-256 of what a set says, however its file writes it."""
    said = [(one.row.context, one.row.text, one.label) for one in labelled]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def read(path: Path) -> list[Labelled]:
    """The sentences of a file. A line that is none ends the program with its number."""
    found: list[Labelled] = []
    context: str | None = None
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one: dict[str, Any] = json.loads(line)
            label, context = one["label"], one.get("context", context)
            if context is None:
                raise KeyError("context")
            row = Row(number, one["sentence"], context, one.get("id"), one.get("language"))
        except (ValueError, TypeError, KeyError) as error:
            raise SystemExit(
                f"{path}, line {number}: wanted context, sentence and label ({error!r})"
            ) from None
        if label not in LABELS:
            raise SystemExit(f"{path}, line {number}: a label is one of {', '.join(LABELS)}, not {label!r}")
        found.append(Labelled(row, label, one.get("kind", label), one.get("text")))
    if not found:
        raise SystemExit(f"{path} holds no sentence")
    return found


# ---- measuring ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """How often "not supported" was said of false sentences and of true ones."""

    caught: int
    false: int
    alarms: int
    true: int

    @property
    def recall(self) -> float:
        """Share of the false ones that were caught."""
        return self.caught / self.false if self.false else math.nan

    @property
    def precision(self) -> float:
        """Share of those called not supported that are false."""
        said = self.caught + self.alarms
        return self.caught / said if said else math.nan

    def __str__(self) -> str:
        parts = []
        if self.false:
            parts.append(f"recall {_share(self.caught, self.false)}")
        if self.caught + self.alarms:
            parts.append(f"precision {_share(self.caught, self.caught + self.alarms)}")
        parts.append(f"{self.alarms} false alarms in {self.true} true ones")
        return ", ".join(parts)


def score(labelled: Iterable[Labelled], said: Iterable[bool | None]) -> Score:
    """Counts for these sentences and what was said of them (`supported`)."""
    pairs = [(one.false, supported is False) for one, supported in zip(labelled, said, strict=True)]
    return Score(
        sum(false and caught for false, caught in pairs),
        sum(false for false, _ in pairs),
        sum(caught and not false for false, caught in pairs),
        sum(not false for false, _ in pairs),
    )


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, squared = hits / of, z * z / of
    centre = (share + squared / 2) / (1 + squared)
    half = z * math.sqrt(share * (1 - share) / of + squared / of / 4) / (1 + squared)
    return max(0.0, centre - half), min(1.0, centre + half)


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits / of:.2f} ({hits} of {of}; {low:.2f} to {high:.2f})"


def told(
    name: str, labelled: Sequence[Labelled], findings: Sequence[Finding], seconds: float, scale: str = "rule"
) -> bool:
    """Print how it went, in all and by language and kind; whether the numbers of the issue were reached."""
    said = [finding.supported for finding in findings]
    whole = score(labelled, said)
    recall, precision = WANTED[name]
    reached = whole.recall >= recall and whole.precision >= precision
    print(f"\n{name}: {whole}")
    print(f"  wanted: recall {recall:.2f} at precision {precision:.2f}: {'reached' if reached else 'MISSED'}")
    decided = sum(supported is True for supported in said)
    right = sum(supported is True and not one.false for one, supported in zip(labelled, said, strict=True))
    print(f"  called supported: {decided}, of them true {right}; {seconds:.2f} s a sentence")
    for what, key in (("language", _language), ("kind", _kind)):
        for value in sorted({key(one) for one in labelled}):
            chosen = [(one, s) for one, s in zip(labelled, said, strict=True) if key(one) == value]
            part = score([one for one, _ in chosen], [s for _, s in chosen])
            print(f"  {what} {value}: {part}")
    in_texts(labelled, findings, scale)
    return reached


def in_texts(labelled: Sequence[Labelled], findings: Sequence[Finding], way: str) -> None:
    """Print how texts fare that have these sentences: those that they are of; where they are of none, texts made of
    all true ones of a context, and the same with a false one."""
    scale = claims_scale.scales()[way]
    said = [
        max(
            (scale.against(verdict.false) for verdict in finding.claims if verdict.false is not None),
            default=0.0,
        )
        for finding in findings
    ]
    true: dict[str, list[float]] = {}
    false: dict[str, list[float]] = {}
    for one, against in zip(labelled, said, strict=True):
        (false if one.false else true).setdefault(one.text or one.row.context, []).append(against)
    if any(one.text for one in labelled):
        whole = [against for text, against in true.items() if text not in false]
        mixed = [lies + true.get(text, []) for text, lies in false.items()]
        names = "texts as they were written, all of it true", "the same, something in them false"
    else:
        whole = list(true.values())
        mixed = [[*against, lie] for context, against in true.items() for lie in false.get(context, ())]
        names = "texts of all true sentences of a context", "the same with one false sentence"
    for name, texts in zip(names, (whole, mixed), strict=True):
        if texts:
            claims = sum(map(len, texts)) / len(texts)
            rejected = sum(sum(text) >= scale.limit for text in texts)
            print(f"  {name} ({claims:.1f} claims): rejected {_share(rejected, len(texts))}")


def _language(one: Labelled) -> str:
    return one.row.spoken


def _kind(one: Labelled) -> str:
    return f"{one.kind} ({'false' if one.false else 'true'})"


# ---- the program -------------------------------------------------------------------------------------


def rule(labelled: Sequence[Labelled]) -> tuple[list[Finding], float]:
    """What is said without a model, and the seconds a sentence takes."""
    began = time.perf_counter()
    found = list(check((one.row for one in labelled), CHECKS))
    return found, (time.perf_counter() - began) / len(labelled)


def judge(labelled: Sequence[Labelled], session: lm.Session) -> tuple[list[Finding], float]:
    """What is said with a judge, and the seconds a sentence took it when it was asked."""
    found = list(check((one.row for one in labelled), CHECKS, session=session))
    seconds = sum(
        completion.latency_seconds
        for one in labelled
        for completion in completions(one, session)
        if completion is not None
    )
    return found, seconds / len(labelled)


def completions(one: Labelled, session: lm.Session) -> list[Completion | None]:
    """The judge's answers to a sentence that it was asked about."""
    return [session.journal.answer(asked.key) for asked in questions(one.row, session.model.name)]


def arguments(description: str) -> argparse.ArgumentParser:
    """What a program about labelled sentences is told: the files, and who judges them."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--model", default="local", help="the judge (local)")
    parser.add_argument("--rule-only", action="store_true", help="ask no model")
    parser.add_argument(
        "--journal", type=Path, default=None, help="where the judge's answers are kept; asked once"
    )
    return parser


@contextmanager
def judging(given: argparse.Namespace) -> Iterator[lm.Session]:
    """A session with the judge that was named, with this user's keys and models folder."""
    from entigraph.workplace import connect, settings_for

    folder = given.journal or models_folder().parent / "faithfulness-journal"
    with (
        lm.Journal.open(folder) as journal,
        lm.Session(connect(given.model, settings_for()), journal=journal, purpose="judge") as session,
    ):
        yield session


def main() -> int:
    given = arguments(__doc__ or "").parse_args()
    labelled = [one for file in given.files for one in read(file)]
    counts = ", ".join(f"{sum(one.label == label for one in labelled)} {label}" for label in LABELS)
    print(
        f"{', '.join(map(str, given.files))}: {len(labelled)} sentences ({counts}), load {os.getloadavg()[0]:.1f}"
    )
    if given.rule_only:
        return 0 if told("rule", labelled, *rule(labelled)) else 1
    with judging(given) as session:
        scale = "state" if probed(session.model.name, "en") else "judge"
        reached = [
            told("rule", labelled, *rule(labelled)),
            told("judge", labelled, *judge(labelled, session), scale),
        ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
