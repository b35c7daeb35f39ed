"""What is sent to a language model, what comes back, and the one method an adapter must have."""

import base64
import hashlib
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, Protocol, runtime_checkable

from lm.fastjson import quoted

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "content_filter", "other"]
TokenCallback = Callable[[str], None]

_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


class LMError(Exception):
    """Something about a language model went wrong.

    LMError
    ├── ModelNotFound        no such model there; the message lists those that are
    ├── AccessDenied         the key is missing or wrong
    ├── Unreachable          nothing answers at that address (also: it answers HTML)
    ├── BadRequest           the endpoint will never take this request (too long, wrong schema)
    ├── BudgetError          a limit forbids the next request (lm.budget)
    ├── JournalError         the journal cannot be opened, read or written (lm.journal)
    └── TransientError       worth another attempt
        ├── RateLimited      429; carries `retry_after` in seconds where the server said so
        ├── ServerError      500, 502, 503, 504
        ├── TimedOut         no answer within the time limit
        └── Malformed        an answer cut short, not JSON, or without the promised fields
    """


class ModelNotFound(LMError):
    """The endpoint is there, the model is not."""


class AccessDenied(LMError):
    """401 or 403: the key is missing, wrong, or not allowed to use this model."""


class Unreachable(LMError):
    """No language model answers at that address.

    `left` is False where the request never left this machine, so that nobody can have charged for it.
    """

    def __init__(self, message: str, left: bool = False) -> None:
        super().__init__(message)
        self.left = left


class BadRequest(LMError):
    """The endpoint refuses this request for good: sending it again cannot help."""


class TransientError(LMError):
    """The same request may succeed when it is sent again."""


class RateLimited(TransientError):
    """429. `retry_after` is in seconds, None where the server did not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServerError(TransientError):
    """The server failed (5xx). `status` tells a broken gateway (502, 503, 504) from a broken request."""

    def __init__(self, message: str, status: int = 500) -> None:
        super().__init__(message)
        self.status = status


class TimedOut(TransientError):
    """No answer within the time limit."""


class Malformed(TransientError):
    """An answer that is cut, no JSON, or lacks what the protocol promises."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that determines an answer, and nothing else.

    `sample` tells apart several answers wanted to the same words. `schema` is a JSON Schema that
    the answer must follow (a structured answer), None for free text. `top_logprobs` (0 to 20) asks for
    so many alternatives of the first token with their log-probabilities. With `hidden_state` nothing is written: what
    is wanted is the model's last hidden state after the messages, which few adapters can give.
    """

    messages: tuple[Message, ...]
    model: str
    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int = 1024
    stop: tuple[str, ...] = ()
    sample: int = 0
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    top_logprobs: int = 0
    hidden_state: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The request as plain JSON data; `Request.from_dict` reads it back.

        `top_logprobs` and `hidden_state` are left out where not asked for: keys written down before they existed
        stay true.
        """
        more = {"top_logprobs": self.top_logprobs} if self.top_logprobs else {}
        if self.hidden_state:
            more["hidden_state"] = True
        return {
            "messages": [{"role": m.role, "content": m.content} for m in self.messages],
            "model": self.model,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_tokens": self.max_tokens,
            "stop": list(self.stop),
            "sample": self.sample,
            "schema": None if self.schema is None else dict(self.schema),
            **more,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Request":
        """The request that `to_dict` wrote."""
        return cls(
            messages=tuple(Message(m["role"], m["content"]) for m in data["messages"]),
            model=data["model"],
            temperature=data["temperature"],
            top_p=data["top_p"],
            max_tokens=data["max_tokens"],
            stop=tuple(data["stop"]),
            sample=data["sample"],
            schema=data["schema"],
            top_logprobs=data.get("top_logprobs", 0),
            hidden_state=data.get("hidden_state", False),
        )

    @property
    def key(self) -> str:
        """Hash (32 hex digits) of everything above: two requests with one key have one answer."""
        messages = ",".join(
            f'{{"content":{quoted(m.content)},"role":{quoted(m.role)}}}' for m in self.messages
        )
        if self.schema is None:
            before, after = _frame(
                f"{self.temperature} {self.top_p}",
                *(self.model, self.temperature, self.top_p, self.max_tokens, tuple(self.stop), self.sample),
                *(None, self.top_logprobs, self.hidden_state),
            )
        else:
            before, after = _around_messages(self)
        text = f'{before}"messages":[{messages}]{after}'
        return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()


def _around_messages(request: Request) -> tuple[str, str]:
    """What stands before and after the messages in the canonical JSON of a request."""
    # no name before it in the order of the alphabet holds a text
    before, _, after = _canonical(request.to_dict() | {"messages": []}).partition('"messages":[]')
    return before, after


@lru_cache(maxsize=256, typed=True)
def _frame(written: str, *parameters: Any) -> tuple[str, str]:
    """That of a request with these parameters: the requests of a run differ in little but their messages.

    `written` tells apart numbers that are equal and not written alike, as 0.0 and -0.0.
    """
    return _around_messages(Request((), *parameters))


@dataclass(frozen=True, slots=True)
class Completion:
    """Everything received. Tokens are those reported by the server, else counted by the adapter.

    `cost_usd` is None where no price is known for the model: never read it as free.
    `finish` is "length" for an answer cut at `max_tokens`. `first_token` holds the alternatives of the first
    token with their natural-log probabilities; None where none were asked for or the server gives none.
    `hidden_state` is that of the last token, of length 1, in half precision once it was written down.
    """

    text: str
    finish: FinishReason
    tokens_in: int
    tokens_out: int
    latency_seconds: float
    model: str
    cost_usd: float | None = None
    first_token: Mapping[str, float] | None = field(default=None, hash=False)
    hidden_state: tuple[float, ...] | None = field(default=None, hash=False)

    def to_dict(self) -> dict[str, Any]:
        """The completion as plain JSON data; `Completion.from_dict` reads it back."""
        more: dict[str, Any] = {} if self.first_token is None else {"first_token": dict(self.first_token)}
        if self.hidden_state is not None:
            more["hidden_state"] = packed(self.hidden_state)
        return {
            "text": self.text,
            "finish": self.finish,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "latency_seconds": self.latency_seconds,
            "model": self.model,
            "cost_usd": self.cost_usd,
            **more,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Completion":
        """The completion that `to_dict` wrote."""
        return cls(
            text=data["text"],
            finish=data["finish"],
            tokens_in=data["tokens_in"],
            tokens_out=data["tokens_out"],
            latency_seconds=data["latency_seconds"],
            model=data["model"],
            cost_usd=data["cost_usd"],
            first_token=data.get("first_token"),
            hidden_state=unpacked(data["hidden_state"]) if "hidden_state" in data else None,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in dollars per million tokens."""

    input: float
    output: float

    def usd(self, tokens_in: int, tokens_out: int) -> float:
        """Dollars for so many tokens in and out.

        >>> Price(input=2.0, output=8.0).usd(500_000, 250_000)
        3.0
        """
        return (tokens_in * self.input + tokens_out * self.output) / 1_000_000


FREE = Price(0.0, 0.0)


@runtime_checkable
class LM(Protocol):
    """A language model behind one method. It sends once: retries, limits and payment are `lm.loop`'s.

    `name` is what goes into `Request.model` and the journal, for example
    "http://127.0.0.1:8000/v1#qwen" or "local:qwen2.5-coder-1.5b". `remote` is True where sending
    leaves this machine or may cost money: such a model is never used without a limit. `price` is
    None where nobody knows it: never read that as free.
    """

    @property
    def name(self) -> str: ...

    @property
    def remote(self) -> bool: ...

    @property
    def price(self) -> Price | None: ...

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        """One answer to one request, streamed to `on_token` piece by piece where it is given.

        Raises a subclass of `LMError`; a `TransientError` where another attempt may help.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` for this model, or the stated estimate of `lm.tokens`."""
        ...

    async def check(self) -> None:
        """Raise now what would fail every request: no server, wrong key, unknown model."""
        ...

    async def aclose(self) -> None:
        """Give back connections and processes. Called twice it does nothing the second time.

        A model that is used again afterwards opens them again: one model serves several sessions.
        """
        ...


def packed(values: Sequence[float]) -> str:
    """Numbers as text: half precision (about three digits), little-endian, base64.

    >>> unpacked(packed([0.5, -0.25]))
    (0.5, -0.25)
    """
    return base64.b64encode(struct.pack(f"<{len(values)}e", *values)).decode("ascii")


def unpacked(text: str) -> tuple[float, ...]:
    """What `packed` wrote."""
    data = base64.b64decode(text)
    return struct.unpack(f"<{len(data) // 2}e", data)


def chat(user: str, system: str | None = None) -> tuple[Message, ...]:
    """The messages of a one-turn conversation.

    >>> chat("Hello.")
    (Message(role='user', content='Hello.'),)
    """
    turns: Sequence[Message] = (Message("user", user),)
    return (*((Message("system", system),) if system else ()), *turns)
