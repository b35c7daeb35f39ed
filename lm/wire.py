"""The chat completion protocol as bytes: what is sent, how answers and errors are read.

Shared by the adapters that speak it (`lm.endpoint`, `lm.openai`); nothing here opens a connection.
"""

import email.utils
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from lm import fastjson
from lm.base import (
    AccessDenied,
    BadRequest,
    Completion,
    FinishReason,
    LMError,
    Malformed,
    ModelNotFound,
    Price,
    RateLimited,
    Request,
    ServerError,
    TimedOut,
    TokenCallback,
    Unreachable,
)
from lm.tokens import of_messages

_FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "stop_sequence": "stop",
    "end_turn": "stop",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How an endpoint wants things said, as far as it has been seen; it starts with the strictest."""

    structured: Literal["json_schema", "json_object", "plain"] = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    usage: bool = True
    logprobs: bool = True
    stream: bool = True

    def looser(self, request: Request, refusal: str, *, streamed: bool = False) -> "Form | None":
        """The form to try after a refusal; None where another form cannot help."""
        said = refusal.lower()
        if self.limit == "max_tokens" and "max_completion_tokens" in said:
            return replace(self, limit="max_completion_tokens")
        if self.limit == "max_completion_tokens" and "max_completion_tokens" in said:
            return replace(self, limit="max_tokens")
        if self.usage and "stream_options" in said:
            return replace(self, usage=False)
        if self.stream and streamed and "stream" in said:
            return replace(self, stream=False)
        if self.logprobs and request.top_logprobs and "logprobs" in said:
            return replace(self, logprobs=False)
        if request.schema is None or not any(word in said for word in ("response_format", "schema", "json")):
            return None
        if self.structured == "json_schema":
            return replace(self, structured="json_object")
        return replace(self, structured="plain") if self.structured == "json_object" else None


FIRST = Form()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says, before it becomes a `Completion`. Tokens are None where not reported."""

    text: str
    finish: FinishReason
    tokens_in: int | None
    tokens_out: int | None
    first_token: Mapping[str, float] | None = None


def fields(request: Request, model: str, form: Form, *, stream: bool) -> dict[str, Any]:
    """The fields of the body of a request. Raises BadRequest for a hidden state: the protocol has none."""
    if request.hidden_state:
        raise BadRequest(f"{model} gives no hidden states through this protocol; a local model does")
    messages = [{"role": m.role, "content": _sendable(m.content)} for m in request.messages]
    body: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "temperature": request.temperature,
        "top_p": request.top_p,
        form.limit: request.max_tokens,
    }
    if request.stop:
        body["stop"] = list(request.stop)
    if request.top_logprobs and form.logprobs:
        body["logprobs"], body["top_logprobs"] = True, request.top_logprobs
    if stream:
        body["stream"] = True
        if form.usage:
            body["stream_options"] = {"include_usage": True}
    if request.schema is not None:
        if form.structured == "json_schema":
            schema = {"name": "answer", "schema": request.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        else:
            wanted = json.dumps(request.schema, ensure_ascii=False)
            said = (
                f"{request.messages[-1].content}\n\nAnswer with JSON alone. It follows this schema:\n{wanted}"
            )
            messages[-1] = {**messages[-1], "content": said}
            if form.structured == "json_object":
                body["response_format"] = {"type": "json_object"}
    return body


def loads(data: bytes, name: str) -> dict[str, Any]:
    """The JSON object in an answer. Raises `Malformed`."""
    try:
        found = fastjson.loads(data)
    except ValueError as error:
        raise Malformed(f"{name} answered something that is not JSON: {_shown(data)}") from error
    if not isinstance(found, dict):
        raise Malformed(f"{name} answered JSON without the promised fields: {_shown(data)}")
    return found


def read_answer(data: bytes, name: str) -> Answer:
    """The answer in a complete body. Raises `Malformed`, or what an error inside a 200 stands for."""
    found = loads(data, name)
    if found.get("error"):
        raise_for(_status_of(found["error"]), "application/json", data, name)
    try:
        choice = found["choices"][0]
        content = choice["message"].get("content")
        finish = choice.get("finish_reason")
        first = _first_token(choice)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise Malformed(f"{name} answered JSON without a message: {_shown(data)}") from error
    return Answer(_text(content), _FINISH.get(str(finish), "other"), *_usage(found), first)


def completion(
    answer: Answer,
    request: Request,
    name: str,
    seconds: float,
    price: Price | None,
    count: Callable[[str], int],
) -> Completion:
    """The completion for an answer; tokens that were not reported are counted."""
    tokens_in = of_messages(request.messages) if answer.tokens_in is None else answer.tokens_in
    tokens_out = count(answer.text) if answer.tokens_out is None else answer.tokens_out
    usd = None if price is None else price.usd(tokens_in, tokens_out)
    first = answer.first_token if request.top_logprobs else None
    return Completion(answer.text, answer.finish, tokens_in, tokens_out, round(seconds, 4), name, usd, first)


class StreamReader:
    """Server-sent events put together into one answer; every piece of text goes to `on_token`."""

    def __init__(self, name: str, on_token: TokenCallback) -> None:
        self._name, self._on_token = name, on_token
        self._pieces: list[str] = []
        self._finish: object = None
        self._done = False
        self._first: Mapping[str, float] | None = None
        self._usage: tuple[int | None, int | None] = (None, None)

    def take(self, line: bytes) -> None:
        """One line of the stream."""
        if not line.startswith(b"data:"):
            return
        data = line[5:].strip()
        if not data or data == b"[DONE]":
            self._done = self._done or bool(data)
            return
        self.take_event(loads(data, self._name))

    def take_event(self, found: dict[str, Any]) -> None:
        """One event, already read."""
        if found.get("error"):
            said = json.dumps(found).encode("ascii")
            raise_for(_status_of(found["error"]), "application/json", said, self._name)
        if found.get("usage"):
            self._usage = _usage(found)
        for choice in found.get("choices") or ():
            piece = _text((choice.get("delta") or {}).get("content"))
            if piece:
                self._pieces.append(piece)
                self._on_token(piece)
            self._finish = choice.get("finish_reason") or self._finish
            self._first = self._first or _first_token(choice)

    def finish(self) -> Answer:
        """The whole answer. Raises `Malformed` if the stream ended before the model did."""
        text = "".join(self._pieces)
        if self._finish is None and not self._done:
            raise Malformed(f"the answer of {self._name} was cut after {len(text)} characters")
        return Answer(text, _FINISH.get(str(self._finish), "other"), *self._usage, self._first)


def raise_for(status: int, kind: str, data: bytes, name: str, retry_after: str | None = None) -> None:
    """Raise what a status and a content type stand for; nothing for a success that may be an answer."""
    if 200 <= status < 300 and "html" not in kind:
        return
    said = error_text(data)
    error: LMError
    if status in (401, 403):
        error = AccessDenied(f"{name} refuses the key ({status}). Is it the one for this host?")
    elif status == 429:
        wait = seconds_until(retry_after)
        error = RateLimited(f"{name} is asked too often (429)", wait)
    elif status in (408, 425):
        error = TimedOut(f"{name} gave up waiting ({status})")
    elif status >= 500:
        error = ServerError(f"{name} failed ({status}): {said}", status)
    elif "html" in kind:
        error = Unreachable(
            f"{name} answers with a web page (HTML, status {status}), not as a language model. "
            "Most addresses end in /v1",
            left=True,
        )
    elif 300 <= status < 400:
        error = Unreachable(
            f"{name} sends us elsewhere ({status}); a key never follows. Give the address", True
        )
    elif status == 404:
        error = ModelNotFound(f"{name} is not there (404): {said}")
    else:
        error = BadRequest(f"{name} refuses the request ({status}): {said}")
    raise error


def seconds_until(retry_after: str | None) -> float | None:
    """Seconds that a Retry-After header asks to wait: it holds a number or a date.

    >>> seconds_until("3")
    3.0
    >>> seconds_until("soon") is None
    True
    """
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def error_text(data: bytes) -> str:
    """What an error body says, in one line of at most 300 characters."""
    try:
        found = json.loads(data)
        error = found.get("error", found) if isinstance(found, dict) else found
        said = error.get("message", error) if isinstance(error, dict) else error
        text = said if isinstance(said, str) else json.dumps(said)
    except ValueError:
        text = data.decode("utf-8", "replace")
    return " ".join(text.split())[:300]


def _sendable(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8, and servers refuse or break on them."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _status_of(error: object) -> int:
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 300 <= code < 600 else 500


def _usage(found: dict[str, Any]) -> tuple[int | None, int | None]:
    usage = found.get("usage")
    if not isinstance(usage, dict):
        return None, None
    numbers = (usage.get("prompt_tokens"), usage.get("completion_tokens"))
    read = [n if isinstance(n, int) and n >= 0 else None for n in numbers]
    return read[0], read[1]


def _first_token(choice: Mapping[str, Any]) -> dict[str, float] | None:
    """Alternatives of the first token with their log-probabilities, the likeliest first; None where not told."""
    told = choice.get("logprobs")
    tokens = told.get("content") if isinstance(told, dict) else None
    first = tokens[0] if isinstance(tokens, list) and tokens else None
    if not isinstance(first, dict):
        return None
    others = first.get("top_logprobs")
    found: dict[str, float] = {}
    for one in (first, *(others if isinstance(others, list) else ())):
        token, log = (one.get("token"), one.get("logprob")) if isinstance(one, dict) else (None, None)
        if isinstance(token, str) and isinstance(log, int | float) and math.isfinite(log):
            found[token] = max(min(float(log), 0.0), found.get(token, -math.inf))
    return dict(sorted(found.items(), key=lambda item: -item[1])) or None


def _text(content: object) -> str:
    if isinstance(content, list):  # some servers answer in parts
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _shown(data: bytes) -> str:
    return repr(data[:120].decode("utf-8", "replace"))
