"""What one text costs: tokens in and out, and how much of what is asked for comes to count.

Seen where the corpus has texts of the kind, assumed and said so where it has none.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.histograms import Floats
from kg.model import Record
from kg.store import Store
from lm.base import Price
from sampling import Coverage, Unit
from sampling.accounting import resolved

ASSUMED_TOKENS_IN, ASSUMED_TOKENS_OUT = 700.0, 140.0
ASSUMED_SPREAD = 0.25
FEWEST = 5
NONE_YET = "no text like these is there yet: all are expected to pass the checks"
PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one text asked for. `share` of what it was asked to cover comes to count, 0 to 1.

    `answers` is how many were seen, 0 where `share` is an assumption. `spread` is the standard error of
    the tokens, as a part of them. `says` states where each figure comes from.
    """

    tokens_in: float = ASSUMED_TOKENS_IN
    tokens_out: float = ASSUMED_TOKENS_OUT
    spread: float = ASSUMED_SPREAD
    share: float = 1.0
    answers: int = 0
    price: Price | None = None
    says: tuple[str, ...] = ()

    @property
    def tokens(self) -> float:
        """Tokens in and out of one text."""
        return self.tokens_in + self.tokens_out

    def usd(self, texts: float) -> float | None:
        """Dollars for so many texts; None where the price of the model is not known."""
        if self.price is None:
            return None
        return texts * (self.tokens_in * self.price.input + self.tokens_out * self.price.output) / 1e6

    def asked(self, counted: float) -> float:
        """How many texts must be asked for so that so many count; infinity where none ever did."""
        if not counted:
            return 0.0
        return counted / self.share if self.share else math.inf

    def drawn(self, rng: np.random.Generator, size: int) -> tuple[Floats, Floats]:
        """Shares and factors on the tokens, as uncertain as so few answers leave them."""
        shares = np.ones(size)
        if self.answers:
            good = self.share * self.answers
            shares = rng.beta(good + PRIOR, self.answers - good + PRIOR, size=size)
        return shares, np.maximum(rng.normal(1.0, self.spread, size=size), 0.1)


def cost_of(
    store: Store | None,
    *,
    unit: Unit,
    entities: int,
    sampler: str = "",
    strategies: Sequence[str] = (),
    model: str = "",
    price: Price | None = None,
    assumed: Cost | None = None,
) -> Cost:
    """What a text about so many entities costs, by the answers of a corpus.

    Of the answers, those of the same model and strategies count; among them those of the same sampler, else
    those about as many entities, if there are at least five. With fewer, `assumed` stands in.
    """
    assumed = replace(
        assumed or Cost(says=(_assumption(ASSUMED_TOKENS_IN, ASSUMED_TOKENS_OUT),)), price=price
    )
    if store is None:
        return replace(assumed, says=(*assumed.says, NONE_YET))
    records = [
        record
        for record in store.read(Record)
        if record.author == "model"
        and (not model or _same_model(record.model, model))
        and (not strategies or record.strategy in strategies)
    ]
    near = [record for record in records if sampler and record.sampler == sampler]
    if len(near) < FEWEST:
        near = [record for record in records if len(record.subgraph.entities) == entities]
    if len(near) < FEWEST:
        few = (
            f"too few texts like these are there to go by ({len(near)}): all are expected to pass the checks"
        )
        return replace(assumed, says=(*assumed.says, few if near else NONE_YET))
    tokens = np.array([record.tokens_in + record.tokens_out for record in near], dtype=np.float64)
    mean = float(tokens.mean())
    if not mean:
        found = replace(assumed, answers=len(near))
    else:
        found = Cost(
            tokens_in=float(np.mean([record.tokens_in for record in near])),
            tokens_out=float(np.mean([record.tokens_out for record in near])),
            spread=float(tokens.std(ddof=1) / math.sqrt(len(tokens)) / mean),
            answers=len(near),
            price=price,
            says=(f"{mean:,.0f} tokens a text: the mean of {len(near):,} answers",),
        )
    share = counted_share(store, near, unit)
    good = sum(record.counts for record in near)
    said = (
        f"{share:.0%} of the {unit} that texts were asked about came to count; {good:,} of {len(near):,} texts "
        "were accepted"
    )
    return replace(found, share=share, says=(*found.says, said))


def counted_share(store: Store, records: Sequence[Record], unit: Unit) -> float:
    """What the accepted texts cover of the unit, as a share of what all that were asked for would, 0 to 1.

    Below the share of accepted texts where some leave out an entity. Without anything of the unit, it is
    that share.
    """
    counter = Coverage(store.graph())
    resolution, redirects = resolved(store, counter, records)
    wanted = covered = 0
    for record in records:
        planned = len(counter.things(record.subgraph)[unit])
        wanted += planned
        if record.counts:
            covered += min(planned, len(counter.things_of_record(record, resolution, redirects)[unit]))
    if wanted:
        return covered / wanted
    return sum(record.counts for record in records) / len(records) if records else 1.0


def assumed_cost(tokens_in: float, tokens_out: float, texts: int, *, exact_in: bool) -> Cost:
    """An assumption made of a dry run: prompts as they would be sent, answers as long as asked for."""
    each_in, each_out = tokens_in / max(1, texts), tokens_out / max(1, texts)
    how = "counted in the prompts of a dry run" if exact_in else "assumed"
    return Cost(
        each_in,
        each_out,
        says=(f"{each_in:,.0f} tokens in ({how}) and {each_out:,.0f} out (assumed) a text",),
    )


def _assumption(tokens_in: float, tokens_out: float) -> str:
    return (
        f"{tokens_in:,.0f} tokens in and {tokens_out:,.0f} out a text are assumed: there is no text to tell"
    )


def _same_model(name: str, wanted: str) -> bool:
    """Whether an answer came from that model: a server may add a version to the name it was asked by."""
    return name == wanted or wanted.rpartition("#")[2] == name or wanted.rpartition(":")[2] == name


def sampled_entities(items: Iterable[int]) -> int:
    """The commonest number of entities among some items; 0 for none."""
    counted = np.bincount(np.fromiter(items, dtype=np.int64))
    return int(counted.argmax()) if len(counted) else 0
