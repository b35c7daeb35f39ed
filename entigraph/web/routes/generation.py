"""Writing texts: choices, what an order would send and cost, and the runs. As 'entigraph generate' and 'runs'."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from entigraph.config import Value
from entigraph.generation import Job, NeedsLimit, prepare
from entigraph.run_folders import options_in, writer_of
from entigraph.text_lists import Text
from entigraph.web.answers.choices import choices_of
from entigraph.web.answers.runs import row_of_run, row_of_work, rows_of_runs
from entigraph.web.answers.texts import rows_of
from entigraph.web.desk import AtDesk
from entigraph.web.refusals import Busy
from entigraph.web.shapes.generation import Choices, Order, Preview, Prompt, Resume, RunDetails, RunRow
from entigraph.web.shapes.texts import PromptMessage
from entigraph.web.works.bench import AtBench, Bench
from entigraph.web.works.orders import command_of, options_of
from entigraph.workplace import prices_of, settings_for
from lm.door import close
from lm.tokens import of_messages
from synthesis.estimate import Estimate

router = APIRouter(tags=["generation"])
RunName = Annotated[str, Path(pattern=r"^[\w-]{1,200}$")]
PROMPTS, NEWEST, REASONS = 3, 20, 30


@router.get("/choices")
def choices(desk: AtDesk) -> Choices:
    """Strategies, samplers and models to choose from."""
    return choices_of(desk.store)


@router.post("/generate/preview")
def preview(desk: AtDesk, order: Order) -> Preview:
    """What an order would send and cost, with the first prompts word for word. Nothing is sent."""
    with options_of(desk, order) as (options, settings):
        job = prepare(desk.store, options, settings)
        try:
            found, price = job.estimate(), job.price(settings)
            seconds = job.seconds(found, settings)
            prompts = [
                Prompt(
                    title=title,
                    messages=[PromptMessage(role=one.role, content=one.content) for one in request.messages],
                    tokens_in=of_messages(request.messages),
                )
                for title, request in job.prompts(PROMPTS)
            ]
            remarks = _remarks(job, found)
            if price is None:
                remarks.append(
                    f"the price of {options.model} is not known: write it into {prices_of(settings).path}"
                )
            return Preview(
                run=job.options.run,
                calls=found.calls,
                reused=found.reused,
                tokens_in=found.tokens_in,
                tokens_out=found.tokens_out,
                tokens_out_low=found.tokens_out_low,
                tokens_out_high=found.tokens_out_high,
                usd=None if price is None else price.usd(found.tokens_in, found.tokens_out),
                usd_high=None if price is None else price.usd(found.tokens_in_high, found.tokens_out_high),
                seconds=None if seconds is None else round(seconds, 1),
                prompts=prompts,
                remarks=remarks,
                needs_limit=job.lm.remote and not job.options.limited,
                command=command_of(desk, job.options),
            )
        finally:
            close(job.lm)


@router.post("/generate")
def generate(bench: AtBench, order: Order) -> RunRow:
    """Begin to write what is ordered. A remote model without any limit is refused with the estimate."""
    bench.desk.refuse_if_read_only()
    with options_of(bench.desk, order) as (options, settings):
        return _begun(bench, prepare(bench.desk.store, options, settings), settings)


@router.get("/runs")
def runs(bench: AtBench) -> list[RunRow]:
    """Every run with its numbers, those that changed last first; at most 200."""
    return rows_of_runs(bench)


@router.get("/runs/{run}")
def run(bench: AtBench, run: RunName) -> RunDetails:
    """A run, the newest of its texts, and an example of each reason for which texts were rejected."""
    row = row_of_run(bench, run)
    texts = [text for text in bench.texts().all if text.run == run]
    examples: dict[str, Text] = {}
    only_rejected: dict[str, bool] = {}
    for text in texts:
        only_rejected[text.item] = only_rejected.get(text.item, True) and text.status == "rejected"
        if text.status == "rejected":
            for reason in text.reasons:
                examples.setdefault(reason, text)
    chosen = dict(sorted(examples.items())[:REASONS])
    rows = {one.id: one for one in rows_of(bench, chosen.values())}
    return RunDetails(
        row=row,
        rejected=sum(only_rejected.values()),
        texts=rows_of(bench, texts[:NEWEST]),
        examples={reason: rows[text.id] for reason, text in chosen.items() if text.id in rows},
    )


@router.post("/runs/{run}/stop")
def stop(bench: AtBench, run: RunName) -> RunRow:
    """Stop a run as Ctrl-C does: nothing more is sent, what is in flight may come in."""
    bench.desk.refuse_if_read_only()
    row = row_of_run(bench, run)
    work = bench.works.of(run)
    if work is not None and work.alive:
        bench.works.stop(work)
        return row_of_work(bench, work)
    if row.state == "elsewhere":
        raise Busy(f"this server does not carry out the run {run!r}: {row.stopped} does; stop it there")
    raise Busy(f"the run {run!r} is not under way: it is {row.state}")


@router.post("/runs/{run}/resume")
def resume(bench: AtBench, run: RunName, limits: Resume | None = None) -> RunRow:
    """Go on with a run, within these limits, else within those that it was started with."""
    bench.desk.refuse_if_read_only()
    row_of_run(bench, run)
    folder = bench.desk.store.folder / "runs" / run
    given: dict[str, Any] = limits.model_dump(exclude_none=True) if limits else {}
    pilot = given.pop("pilot", True)
    if given.keys() - {"retry_rejected"}:
        given = dict.fromkeys(("budget_usd", "budget_tokens", "max_texts", "deadline_seconds")) | given
    if not pilot:
        given["pilot"] = False
    settings, options = settings_for(bench.desk.store), options_in(folder, **given)
    return _begun(bench, prepare(bench.desk.store, options, settings), settings)


def _begun(bench: Bench, job: Job, settings: dict[str, Value]) -> RunRow:
    """Carry out a prepared job; where that is refused, the model is given back."""
    if (writer := writer_of(bench.desk.store.folder / "runs" / job.options.run)) is not None:
        work = bench.works.of(job.options.run)
        if work is None or not work.alive:
            close(job.lm)
            raise Busy(f"{writer} carries out the run {job.options.run!r}; wait for it, or stop it there")
    try:
        return row_of_work(bench, bench.works.start(job, settings))
    except NeedsLimit as needs:
        found = needs.estimate
        raise ValueError(
            f"{needs}: give a number, or a budget in dollars or tokens. Without one it would make {found.calls:,} calls "
            f"with {found.tokens_in:,} tokens in and about {found.tokens_out:,} out"
        ) from None


def _remarks(job: Job, found: Estimate) -> list[str]:
    """What one should know of these numbers, and of the samplers on this graph."""
    options, said = job.options, list[str]()
    if not (options.plan or options.entities):
        said += options.choice.remarks(job.graph)
    if found.reused:
        said.append(
            f"{found.reused:,} of {found.items:,} texts are there already and are not asked for again"
        )
    if not found.whole:
        said.append(f"the plan goes on beyond the {found.items:,} texts that were counted")
    if found.calls and found.seen:
        said.append(f"answers are taken to be as long as the {found.seen:,} that are there")
    elif found.calls:
        said.append("no answer like these is there yet: how long they will be is a guess")
    if found.made_up:
        said.append("where a request rests on an earlier answer, that answer is made up here")
    return said
