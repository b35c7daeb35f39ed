"""Writing texts: what can be chosen, what would be sent, what is under way and what became of it."""

from typing import Annotated, Literal

from pydantic import Field

from entigraph.web.shapes.base import Id, Shape
from entigraph.web.shapes.texts import PromptMessage, TextRow


class Choice(Shape):
    """A strategy, a sampler or a model that can be chosen. `problem` says why it cannot be used as it is."""

    name: str
    what: str
    problem: str = ""


class Choices(Shape):
    """What the dialogs offer, and what is chosen where nobody says otherwise."""

    strategies: list[Choice]
    samplers: list[Choice]
    models: list[Choice]
    model: str
    max_tokens: int
    temperature: float


class Order(Shape):
    """What is to be written: about `subgraphs`, each a list of entities (one, a pair, a triangle, a path), with all
    relations among them; or, without any, about what `sampler` chooses of the whole graph.

    `uncovered` leaves out what accepted texts cover. The limits are those of `entigraph generate`.
    """

    subgraphs: Annotated[
        list[Annotated[list[Id], Field(min_length=1, max_length=50)]], Field(max_length=2_000)
    ] = []
    sampler: Annotated[str, Field(max_length=200)] = "edges"
    uncovered: bool = False
    strategy: Annotated[str, Field(max_length=200)] = ""
    model: Annotated[str, Field(max_length=500)] = ""
    n: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    wordings: Annotated[int, Field(ge=1, le=100)] = 1
    text_language: Annotated[str, Field(max_length=20)] = "auto"
    max_tokens: Annotated[int, Field(ge=32, le=32_000)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    budget_usd: Annotated[float, Field(ge=0)] | None = None
    budget_tokens: Annotated[int, Field(ge=0)] | None = None
    retry_rejected: Annotated[int, Field(ge=0, le=5)] = 0
    refresh: bool = False
    seed: Annotated[int, Field(ge=0)] = 0


class Prompt(Shape):
    """One exact request that would be sent, and what it is about."""

    title: str
    messages: list[PromptMessage]
    tokens_in: int


class Preview(Shape):
    """What an order would send and cost, before anything is sent. Dollars are None where no price is known."""

    run: str
    calls: int
    reused: int
    tokens_in: int
    tokens_out: int
    tokens_out_low: int
    tokens_out_high: int
    usd: float | None
    usd_high: float | None
    seconds: float | None
    prompts: list[Prompt]
    remarks: list[str]
    needs_limit: bool
    command: str


class Resume(Shape):
    """The limits within which a run goes on; without any of them those that it was started with.

    `pilot` False goes on where fewer than half of the first 20 answers passed; `retry_rejected` asks again up to so
    many times for a rejected text.
    """

    budget_usd: Annotated[float, Field(ge=0)] | None = None
    budget_tokens: Annotated[int, Field(ge=0)] | None = None
    max_texts: Annotated[int, Field(ge=1)] | None = None
    pilot: bool = True
    retry_rejected: Annotated[int, Field(ge=0, le=20)] | None = None


class RunRow(Shape):
    """A run with its numbers. `state` is "running" where this server carries it out now, "elsewhere" where another
    process does; `error` says why one failed. `changed` is when that was last written down, in seconds since 1970;
    `tries` how often a rejected text is asked for again. `command` goes on with it."""

    run: str
    state: Literal["running", "stopping", "finished", "stopped", "failed", "elsewhere"]
    model: str
    strategies: list[str]
    planned: int
    done: int
    rejected: dict[str, int]
    failed: int
    reused: int
    left: int
    tokens_in: int
    tokens_out: int
    usd: float | None
    seconds: float
    per_minute: float | None
    stopped: str
    errors: list[str]
    error: str
    changed: float
    tries: int
    command: str


class RunDetails(Shape):
    """A run, the newest of its texts, and an example of each reason for which texts were rejected. `rejected` is of how
    many things every text that was asked for was rejected, in all calls of the run."""

    row: RunRow
    rejected: int
    texts: list[TextRow]
    examples: dict[str, TextRow]


class Unfinished(Shape):
    """An answer that the model is writing. `whole` where all of it is there and is being checked."""

    call: str
    title: str
    text: str
    whole: bool


class RunEvent(Shape):
    """What the event stream says of a run: its numbers, what is being written, and the text that came, if one did."""

    kind: Literal["run", "text", "generation"]
    row: RunRow | None = None
    writing: list[Unfinished] = []
    text: TextRow | None = None
    generation: int | None = None
