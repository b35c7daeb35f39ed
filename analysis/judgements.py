"""What many judgements come to: mean scores, who wins, and how far the judge agrees with itself."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.agreement import Between, bootstrapped, kappa, mean_kappa, share
from kg.model import Record
from synthesis.judge import read_back

Scores = dict[str, dict[str, list[int]]]  # criterion -> id of a text -> its votes


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Mean scores with their bounds, over all texts and by group; agreement of the votes on each criterion.

    `agreement` is the mean quadratic kappa of all pairs of votes, NaN where each text has one vote.
    """

    texts: int
    votes: int
    means: Mapping[str, Between]
    by: Mapping[str, Mapping[str, Between]]
    agreement: Mapping[str, Between]


@dataclass(frozen=True, slots=True)
class PairTable:
    """How often each group wins against the others (a tie is half), over pairs asked in both orders.

    A pair whose two orders do not name the same text is a tie. `agreement` is the kappa of the two orders,
    `first` the share of verdicts for what stood first.
    """

    pairs: int
    wins: Mapping[str, Between]
    agreement: Between
    first: Between
    flipped: int


def score_table(
    judgements: Iterable[Record], texts: Mapping[str, Record], by: str, criteria: Sequence[str], seed: int = 0
) -> ScoreTable:
    """The table of scores; `texts` are those judged, by id, `by` the field of them that makes the groups."""
    votes: Scores = {name: defaultdict(list) for name in criteria}
    for record in judgements:
        said = read_back(record)
        for name in criteria:
            if name in said and len(said["texts"]) == 1:
                votes[name][said["texts"][0]].append(int(said[name]))
    rng = np.random.default_rng(seed)
    groups: dict[str, set[str]] = defaultdict(set)
    for id in {id for of_one in votes.values() for id in of_one}:
        groups[str(getattr(texts[id], by))].add(id)
    most = max((len(given) for of_one in votes.values() for given in of_one.values()), default=0)
    return ScoreTable(
        texts=len({id for of_one in votes.values() for id in of_one}),
        votes=most,
        means={name: _mean(votes[name].values(), rng) for name in criteria},
        by={
            group: {
                name: _mean([given for id, given in sorted(votes[name].items()) if id in ids], rng)
                for name in criteria
            }
            for group, ids in sorted(groups.items())
        },
        agreement={name: _agreement(votes[name], most, rng) for name in criteria},
    )


def pair_table(
    judgements: Iterable[Record], texts: Mapping[str, Record], by: str, seed: int = 0
) -> PairTable:
    """The table of comparisons."""
    verdicts: dict[tuple[tuple[str, str], int], dict[str, str]] = defaultdict(dict)
    for record in judgements:
        said = read_back(record)
        if "better" in said and len(said["texts"]) == 2:
            first, second = said["texts"]
            verdicts[(min(first, second), max(first, second)), record.wording][first] = said["better"]
    wins: dict[str, float] = defaultdict(float)
    met: dict[str, int] = defaultdict(int)
    rows: list[tuple[float, float]] = []
    firsts = flipped = 0
    for ((one, other), _), given in sorted(verdicts.items()):
        if len(given) < 2:
            continue
        ahead, behind = _signed(given[one]), -_signed(given[other])
        rows.append((ahead, behind))
        firsts += (given[one] == "1") + (given[other] == "1")
        flipped += ahead != behind
        score = 0.5 if ahead != behind else (1 + ahead) / 2
        for id, part in ((one, score), (other, 1 - score)):
            group = str(getattr(texts[id], by))
            wins[group] += part
            met[group] += 1
    return PairTable(
        pairs=len(rows),
        wins={group: share(wins[group], met[group]) for group in sorted(met)},
        agreement=bootstrapped(rows, _kappa_of, rng=np.random.default_rng(seed)),
        first=share(firsts, 2 * len(rows)),
        flipped=flipped,
    )


def to_json(table: ScoreTable | PairTable) -> dict[str, Any]:
    """A table as plain data; NaN becomes null."""
    if isinstance(table, ScoreTable):
        return {
            "texts": table.texts,
            "votes": table.votes,
            "scores": {name: _plain(found) for name, found in table.means.items()},
            "by": {g: {name: _plain(found) for name, found in row.items()} for g, row in table.by.items()},
            "agreement": {name: _plain(found) for name, found in table.agreement.items()},
        }
    return {
        "pairs": table.pairs,
        "scores": {group: _plain(found) for group, found in table.wins.items()},
        "agreement": _plain(table.agreement),
        "first": _plain(table.first),
        "flipped": table.flipped,
    }


def _plain(found: Between) -> dict[str, float | None]:
    names = {"value": found.value, "low": found.low, "high": found.high}
    return {name: None if math.isnan(value) else round(value, 4) for name, value in names.items()}


def _mean(votes: Iterable[Sequence[int]], rng: np.random.Generator) -> Between:
    rows = [[sum(given) / len(given)] for given in votes]
    return bootstrapped(rows, lambda data: float(data.mean()), rng=rng)


def _agreement(votes: Mapping[str, Sequence[int]], most: int, rng: np.random.Generator) -> Between:
    rows = [given for _, given in sorted(votes.items()) if len(given) == most > 1]
    return bootstrapped(
        rows, lambda data: mean_kappa(data.astype(int).tolist(), weights="quadratic"), rng=rng, draws=200
    )


def _kappa_of(rows: NDArray[np.float64]) -> float:
    return kappa(rows[:, 0].astype(int).tolist(), rows[:, 1].astype(int).tolist())


def _signed(better: str) -> int:
    """1 where the first text is better, -1 where the second is, 0 for a tie."""
    return {"1": 1, "2": -1}.get(better, 0)
