"""What a dry run prints: calls, tokens, price and time beforehand, and the first prompts."""

from typing import TYPE_CHECKING, Any

from entigraph.cli.terminal import data, duration, out, talk
from entigraph.workplace import prices_of

if TYPE_CHECKING:
    from entigraph.config import Value
    from entigraph.generation import Job
    from synthesis.estimate import Estimate


def estimate_words(found: "Estimate") -> str:
    """An estimate in one line."""
    return (
        f"{'' if found.whole else 'more than '}{found.calls:,} calls ({found.reused:,} of {found.items:,} texts are there already), "
        f"{found.tokens_in:,} tokens in{_within(found.tokens_in_low, found.tokens_in_high)}, "
        f"about {found.tokens_out:,} out{_within(found.tokens_out_low, found.tokens_out_high)}, at most {found.tokens_out_most:,}"
    )


def _within(low: int, high: int) -> str:
    return "" if low == high else f" ({low:,} to {high:,})"


def estimate_data(job: "Job", found: "Estimate", settings: "dict[str, Value]") -> dict[str, Any]:
    """What `--dry-run --json` prints."""
    seconds, price = job.seconds(found, settings), job.price(settings)

    def usd(tokens_in: int, tokens_out: int) -> float | None:
        return None if price is None else price.usd(tokens_in, tokens_out)

    return {
        "run": job.options.run,
        "planned": found.items,
        "counted": found.whole,
        "reused": found.reused,
        "calls": found.calls,
        "texts": found.texts,
        "tokens_in": found.tokens_in,
        "tokens_in_low": found.tokens_in_low,
        "tokens_in_high": found.tokens_in_high,
        "tokens_out": found.tokens_out,
        "tokens_out_low": found.tokens_out_low,
        "tokens_out_high": found.tokens_out_high,
        "tokens_out_most": found.tokens_out_most,
        "answers_seen": found.seen,
        "usd": usd(found.tokens_in, found.tokens_out),
        "usd_low": usd(found.tokens_in_low, found.tokens_out_low),
        "usd_high": usd(found.tokens_in_high, found.tokens_out_high),
        "usd_most": usd(found.tokens_in_high, found.tokens_out_most),
        "seconds": seconds and round(seconds, 1),
        "requests": [request.to_dict() for request in found.requests],
    }


def show_estimate(job: "Job", settings: "dict[str, Value]", *, json: bool) -> None:
    """Numbers, price, time, and the first prompts exactly as they would be sent."""
    found = job.estimate()
    counted = estimate_data(job, found, settings)
    if json:
        return data(counted)
    out(estimate_words(found))
    out(_why(found))
    if counted["usd"] is None:
        out(f"price of {job.options.model} unknown: write it into {prices_of(settings).path}")
    else:
        out(
            f"price: about ${counted['usd']:.4f} (${counted['usd_low']:.4f} to ${counted['usd_high']:.4f}), "
            f"at most ${counted['usd_most']:.4f}"
        )
    if job.options.batch:
        out("time: by the batch, within a day for each step of a strategy and the pilot")
    elif counted["seconds"] is None:
        out("time unknown: this model has answered nothing here yet, and no rate is set")
    else:
        out(f"time: about {duration(counted['seconds'])} with {job.options.concurrency} requests in flight")
    for number, request in enumerate(found.requests, 1):
        out(
            f"\n===== request {number} of {found.calls}: {request.model}, temperature {request.temperature}, at most {request.max_tokens} tokens ====="
        )
        for message in request.messages:
            out(f"[{message.role}]\n{message.content}")
    if found.made_up:
        talk("where a request rests on an earlier answer, that answer is made up here")
    talk("dry run: nothing was sent")


def _why(found: "Estimate") -> str:
    """Where the figures come from."""
    if found.seen:
        return f"answers are taken to be as long as the {found.seen:,} that are there; the bounds hold 95 times in 100"
    return "no answer like these is there yet: half of the length asked for is the low bound, a full answer the high one"
