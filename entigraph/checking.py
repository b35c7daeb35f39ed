"""The checks on texts from anywhere, each beside the context it should rest on: `entigraph check`."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from entigraph.config import Value, local_folder
from entigraph.findings import Finding, Tally
from entigraph.text_rows import Row, count_rows, read_rows
from entigraph.workplace import budget_of, connect, prices_place
from kg.model import Check, Entity, Subgraph, content_id
from lm.base import LM, Completion, Request
from lm.door import close
from lm.interrupts import CtrlC
from lm.jobs import Answer, Job, OnEvent
from lm.journal import Journal
from lm.names import adapter_of
from lm.session import Session
from lm.tokens import of_messages
from synthesis.base import Draft, Item, Parameters
from synthesis.checks import Checker, Written, checkers, judged, remember
from synthesis.checks import claims as claims_
from synthesis.checks.claims import Verdict
from synthesis.context import Context

CLAIMS = claims_.NAME
SUPPORTING = ("numbers", "names")
"""Checks without a model that ask whether the context supports a text."""
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Options:
    """How texts are checked. `model` judges their claims; None is nobody, then only the rules run."""

    model: str | None = None
    checks: tuple[str, ...] = ("all",)
    concurrency: int = 8
    timeout_seconds: float = 300.0
    budget_usd: float | None = None
    budget_tokens: int | None = None
    max_texts: int | None = None
    deadline_seconds: float | None = None

    @property
    def limited(self) -> bool:
        """Whether anything bounds what this may cost."""
        return any(one is not None for one in (self.budget_usd, self.budget_tokens, self.max_texts))

    @property
    def wants_claims(self) -> bool:
        """Whether claims are looked at."""
        return CLAIMS in self.checks or "all" in self.checks


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a judge would be asked: `calls` of them new, `reused` answered before; the first few requests."""

    texts: int
    calls: int
    reused: int
    tokens_in: int
    usd: float | None
    requests: tuple[Request, ...]


def _without_claims(checks: Sequence[str]) -> list[Checker]:
    try:
        return checkers([name for name in checks if name != CLAIMS])
    except ValueError as error:
        raise ValueError(f"{error}, {CLAIMS}") from None


def checked(path: Path, options: Options) -> int:
    """How many rows the file holds, all of it read. Raises ValueError for what cannot be, before any work."""
    _without_claims(options.checks)
    if options.model is not None:
        adapter_of(options.model)
        if not options.wants_claims:
            raise ValueError(
                f"a model judges claims, and --checks {','.join(options.checks)} leaves them out; add {CLAIMS!r}"
            )
    return count_rows(path)


def check_file(
    path: Path,
    options: Options,
    settings: dict[str, Value],
    on_finding: Callable[[Finding, Tally], object],
    *,
    journal: Path | None = None,
    on_event: OnEvent | None = None,
) -> Tally:
    """Check every row of a file; what became of each goes to `on_finding` in their order.

    The judge's answers are kept in the folder `journal`, by default one of this user's, and are asked for once.
    Raises ValueError for a remote model without a limit, LMError where the model cannot be used at all.
    """
    tally = Tally()

    def found(findings: Iterable[Finding]) -> None:
        for finding in findings:
            tally.add(finding)
            on_finding(finding, tally)

    if options.model is None:
        found(check(read_rows(path), options.checks))
        return tally
    lm = connect(options.model, settings)
    try:
        if lm.remote and not options.limited:
            raise ValueError(
                f"{lm.name} is a remote model and nothing limits this: {_in_words(estimated(path, lm, journal))}; "
                "give --max-texts, --budget-usd or --budget-tokens"
            )
        with (
            Journal.open(journal or journal_folder()) as kept,
            Session(
                lm,
                journal=kept,
                budget=budget_of(options, settings),
                concurrency=options.concurrency,
                timeout_seconds=options.timeout_seconds,
                purpose="judge",
                run=f"check-{content_id('check', lm.name, str(path.absolute()))[:12]}",
                on_event=on_event,
                prices_file=str(prices_place(settings)),
            ) as session,
            CtrlC(session.interrupt),
        ):
            found(check(read_rows(path), options.checks, session=session, max_texts=options.max_texts))
            spent = session.spent
            tally.tokens_in, tally.tokens_out, tally.usd = spent.tokens_in, spent.tokens_out, spent.usd
            tally.stopped = session.stopped
            tally.problem = str(session.problem or "")
    finally:
        close(lm)
    if tally.stopped is None and options.max_texts is not None and tally.texts > options.max_texts:
        tally.stopped = "limit"
    return tally


def check(
    rows: Iterable[Row],
    checks: Sequence[str] = ("all",),
    *,
    session: Session | None = None,
    max_texts: int | None = None,
) -> Iterator[Finding]:
    """One finding a row, in their order, as they come.

    With a `session` its model judges the claims of the first `max_texts` rows; rows that a stop left unasked are
    found by the rules alone. `checks` are names of `synthesis.checks.CHECKS`, "claims", "all" or "none".
    """
    made = _without_claims(checks)
    wants_claims = CLAIMS in checks or "all" in checks
    if session is None or not wants_claims:
        for row in rows:
            yield _finding(row, made, wants_claims)
        return
    source, waiting = iter(rows), deque[_Asked]()
    for answer in session.answers(_jobs(source, waiting, session, max_texts)):
        _take(answer)
        while waiting and not waiting[0].left:
            asked = waiting.popleft()
            yield _finding(asked.row, made, True, asked.completions)
    for asked in waiting:
        yield _finding(asked.row, made, True, asked.completions)
    for row in source:  # a limit or a stop came before them
        yield _finding(row, made, True)


def questions(row: Row, model: str) -> list[Request]:
    """What a judge is asked about a row."""
    return claims_.requests(row.text, row.context, row.spoken, model)


def estimated(path: Path, lm: LM, journal: Path | None = None, max_texts: int | None = None) -> Estimate:
    """What checking a file with a judge would send; nothing is sent."""
    folder = journal or journal_folder()
    known = Journal.open(folder, read_only=True) if (folder / "calls.jsonl").is_file() else None
    seen = set[str]()
    first: list[Request] = []
    texts = reused = tokens_in = 0
    try:
        for row in read_rows(path):
            if max_texts is not None and texts >= max_texts:
                break
            texts += 1
            for request in questions(row, lm.name):
                if request.key in seen:
                    continue
                seen.add(request.key)
                if known is not None and request.key in known:
                    reused += 1
                    continue
                tokens_in += of_messages(request.messages)
                first += [request] if len(first) < SHOWN else []
    finally:
        if known is not None:
            known.close()
    calls = len(seen) - reused
    usd = None if lm.price is None else lm.price.usd(tokens_in, calls)
    return Estimate(texts, calls, reused, tokens_in, usd, tuple(first))


def journal_folder() -> Path:
    """Where the answers of judges are kept for texts that belong to no corpus."""
    return local_folder() / "checks"


def _in_words(found: Estimate) -> str:
    return f"{found.calls:,} calls, about {found.tokens_in:,} tokens in"


@dataclass(slots=True, eq=False)
class _Asked:
    """A row whose claims are with the judge: its answers so far, and how many are to come."""

    row: Row
    completions: list[Completion | None]
    left: int


def _jobs(
    source: Iterator[Row], waiting: deque[_Asked], session: Session, max_texts: int | None
) -> Iterator[Job]:
    drawn = 0
    while (max_texts is None or drawn < max_texts) and not session.stopped:
        row = next(source, None)
        if row is None:
            return
        drawn += 1
        asked = questions(row, session.model.name)
        pending = _Asked(row, [None] * len(asked), len(asked))
        waiting.append(pending)
        yield from (Job(request, (pending, place)) for place, request in enumerate(asked))


def _take(answer: Answer) -> None:
    assert isinstance(answer.job.tag, tuple)
    pending, place = answer.job.tag
    pending.completions[place] = answer.completion
    pending.left -= 1


def _finding(
    row: Row,
    made: Sequence[Checker],
    wants_claims: bool,
    completions: Sequence[Completion | None] | None = None,
) -> Finding:
    written = _written(row)
    able = [checker for checker in made if not _lacks(checker.name, row)]
    outcomes = judged(able, written)
    if not any(outcome.outcome == "failed" for outcome in outcomes):
        remember(able, f"line {row.line}", row.text)
    outcomes += [Check(one.name, "unchecked", why) for one in made if (why := _lacks(one.name, row))]
    verdicts: list[Verdict] = []
    if wants_claims:
        verdicts = claims_.verdicts(row.text, row.context, row.spoken, completions, row.entities)
        outcomes.append(claims_.summed(verdicts))
    supported, reasons = _supported(outcomes, verdicts, wants_claims)
    unanswered = sum(completion is None for completion in completions or ())
    return Finding(row, supported, reasons, tuple(outcomes), tuple(verdicts), unanswered)


def _supported(
    outcomes: Sequence[Check], verdicts: Sequence[Verdict], wants_claims: bool
) -> tuple[bool | None, tuple[str, ...]]:
    """Whether a row is supported, and the words that speak against it, or why it cannot be said.

    A strange number or name decides, but where a judge passes every claim all the same: then nobody knows.
    """
    wrong = [verdict for verdict in verdicts if verdict.outcome == "failed"]
    strange = [one for one in outcomes if one.name in SUPPORTING and one.outcome == "failed"]
    passed = wants_claims and outcomes[-1].outcome == "passed"
    reasons = [f"{verdict.claim!r}: {verdict.reason}" for verdict in wrong]
    reasons += [f"{one.name}: {one.reason}" for one in strange]
    if wrong or (strange and not passed):
        return False, tuple(reasons)
    if strange or not wants_claims:
        return None, tuple(reasons)
    return (True, ()) if passed else (None, (outcomes[-1].reason,))


def _lacks(check: str, row: Row) -> str:
    """What a check needs that the row does not give; empty where nothing."""
    if check == "named" and not row.entities:
        return "no entities were given"
    if check == "language" and row.language is None:
        return "no language was given"
    return ""


def _written(row: Row) -> Written:
    """The row as the checks of generated texts see it: its context is all that a model was shown."""
    entities = tuple(Entity.make(name, "other") for name in dict.fromkeys(row.entities))
    subgraph = Subgraph.make([entity.id for entity in entities])
    item = Item(subgraph, entities, (), CLAIMS, "1", Parameters(""), row.spoken)
    return Written(Draft("", row.text), item, Context(text=row.context), "stop", row.context)
