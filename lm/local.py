"""A GGUF model on this machine: nothing to pay, nothing leaves, one request at a time."""

import asyncio
import hashlib
import json
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from lm import tokens
from lm.base import (
    FREE,
    BadRequest,
    Completion,
    LMError,
    Malformed,
    Price,
    Request,
    ServerError,
    TokenCallback,
)
from lm.endpoint import Endpoint
from lm.llama import CannotRun, Llama, check_file, check_runtime
from lm.models import default_model, path_of
from lm.pins import find, pinned

TIMEOUT_SECONDS = 600.0
LEAST_SECONDS = 120.0
SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LocalSpec:
    """What "local", "local:NAME?threads=2" or "some/file.gguf" means.

    `context_tokens` bounds prompt and answer together. `slots` requests run side by side, which on a
    CPU gains nothing and costs memory.
    """

    name: str
    threads: int = 1
    context_tokens: int = 8192
    slots: int = 1

    def __post_init__(self) -> None:
        for what, least in (("threads", 1), ("context_tokens", 256), ("slots", 1)):
            if getattr(self, what) < least:
                raise ValueError(f"{what} of a local model is at least {least}, not {getattr(self, what)}")

    @classmethod
    def parse(cls, text: str, *, threads: int = 1) -> "LocalSpec":
        """The model that `--model` names. An unknown option is answered with the known ones.

        `threads` holds where the text says none.

        >>> LocalSpec.parse("local:smollm2-135m?threads=2&context=4096")
        LocalSpec(name='smollm2-135m', threads=2, context_tokens=4096, slots=1)
        >>> LocalSpec.parse("models/mine.gguf").name
        'models/mine.gguf'
        """
        head, _, query = text.partition("?")
        name = head.removeprefix("local").removeprefix(":") if head.split(":")[0] == "local" else head
        known = {"threads": "threads", "context": "context_tokens", "slots": "slots"}
        options = {"threads": threads}
        for key, value in parse_qsl(query, keep_blank_values=True):
            if key not in known or not (value.isascii() and value.isdigit()):
                raise ValueError(
                    f"{text!r}: {key}={value} is not an option of a local model; they are threads=N, "
                    "context=TOKENS and slots=N"
                )
            options[known[key]] = int(value)
        return cls(name or default_model(), **options)


class Local:
    """The GGUF file at `path`, run by llama.cpp in its own process from the first request on.

    `name` goes into the journal. Threads and slots do not change what is written, so they are no part
    of it. A server that died is started again by the next request.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        threads: int = 1,
        context_tokens: int = 8192,
        slots: int = 1,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        LocalSpec(str(path), threads, context_tokens, slots)
        self.path, self.slots = path, slots
        self._name = name or _name_of(path)
        self._timeout_seconds = max(timeout_seconds, LEAST_SECONDS)
        self._llama = Llama(
            path, alias=self._name, threads=threads, context_tokens=context_tokens, slots=slots
        )
        self._endpoint: Endpoint | None = None
        self._turn = asyncio.Semaphore(slots)

    @classmethod
    def open(
        cls, text: str, *, cache_folder: Path, timeout_seconds: float = TIMEOUT_SECONDS, threads: int = 1
    ) -> "Local":
        """The model that `--model` names: a pinned one from `cache_folder`, or the path of a GGUF file.

        `threads` holds where the text says none. Nothing is started.
        """
        spec = LocalSpec.parse(text, threads=threads)
        name: str | None = None
        if spec.name.lower().endswith(".gguf") or "/" in spec.name:
            path = Path(spec.name).expanduser()
        else:
            if find(spec.name).kind != "gguf":
                raise CannotRun(f"{spec.name} is no language model. 'entigraph models list' shows which are")
            path = path_of(spec.name, cache_folder=cache_folder)
            name = f"local:{spec.name}"
        return cls(
            path,
            name=name,
            threads=spec.threads,
            context_tokens=spec.context_tokens,
            slots=spec.slots,
            timeout_seconds=timeout_seconds,
        )

    @property
    def name(self) -> str:
        """For example "local:qwen2.5-coder-1.5b"."""
        return self._name

    @property
    def remote(self) -> bool:
        """False: nothing leaves this machine."""
        return False

    @property
    def price(self) -> Price | None:
        """Nothing to pay."""
        return FREE

    @property
    def pid(self) -> int | None:
        """Process id of the server while it is running."""
        return self._llama.pid

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        """One answer; the first one waits for the model to be loaded.

        Requests beyond `slots` wait here, so that a time limit of the server's counts from its turn.
        """
        async with self._turn:
            endpoint = await self._running()
            try:
                if request.hidden_state:
                    return await self._read(endpoint, request)
                return await endpoint.complete(request, on_token)
            except BadRequest as refused:
                raise self._explained(refused) from None
            except LMError as problem:
                await asyncio.sleep(0.2)  # a killed process is not gone at once
                if self._llama.address is not None:
                    raise
                said = self._llama.last_words()
                raise ServerError(f"the server of {self._name} ended while it wrote: {said}") from problem

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`: the model's own count while its server runs, else the estimate of `lm.tokens`."""
        address = self._llama.address
        if address is None or not text:
            return tokens.estimate(text)
        body = json.dumps({"content": text}).encode("ascii")
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._llama.key}"}
        try:
            asked = urllib.request.Request(f"{address}/tokenize", body, headers)
            with _opener.open(asked, timeout=5) as answer:
                return len(json.load(answer)["tokens"])
        except (OSError, ValueError, KeyError):
            return tokens.estimate(text)

    async def check(self) -> None:
        """Raise where the runtime or the file is missing, or the file is cut. Starts nothing."""
        check_runtime()
        check_file(self.path)
        for pin in pinned():
            if pin.file == self.path.name and (size := self.path.stat().st_size) != pin.bytes:
                raise CannotRun(
                    f"{str(self.path)!r} holds {size} bytes where {pin.bytes} are pinned. "
                    f"Delete it, then 'entigraph models pull {pin.name}'"
                )

    async def aclose(self) -> None:
        """End the server. A request after this starts it again."""
        endpoint, self._endpoint = self._endpoint, None
        if endpoint is not None:
            await endpoint.aclose()
        await asyncio.to_thread(self._llama.stop)

    async def _read(self, endpoint: Endpoint, request: Request) -> Completion:
        """The hidden state of the last token of the messages in this model's own template; nothing is written."""
        began = time.perf_counter()
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        address = endpoint.url.removesuffix("/v1")
        shown = await endpoint.post(f"{address}/apply-template", {"messages": messages})
        found = await endpoint.post(f"{endpoint.url}/embeddings", {"input": shown.get("prompt")})
        try:
            state = tuple(map(float, found["data"][0]["embedding"]))
            tokens_in = int(found["usage"]["prompt_tokens"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Malformed(f"the server of {self._name} gave no hidden state") from error
        seconds = round(time.perf_counter() - began, 4)
        return Completion("", "stop", tokens_in, 0, seconds, self._name, 0.0, None, state)

    async def _running(self) -> Endpoint:
        """The endpoint of the running server."""
        address = self._llama.address
        if address is None:
            await self.check()
            address = await asyncio.to_thread(self._llama.start)
        url = f"{address}/v1"
        if self._endpoint is None or self._endpoint.url != url:
            if self._endpoint is not None:
                await self._endpoint.aclose()
            self._endpoint = Endpoint(
                url,
                self._name,
                key=self._llama.key,
                price=FREE,
                timeout_seconds=self._timeout_seconds,
                name=self._name,
            )
        return self._endpoint

    def _explained(self, refused: BadRequest) -> BadRequest:
        if "context" not in str(refused):
            return refused
        return BadRequest(
            f"{refused}. The context is {self._llama.context_tokens} tokens for prompt and answer together: "
            f"use a smaller --context, or a larger one for the model ('local:NAME?context=16384')"
        )


# Straight to the loopback, whatever proxy the user's settings name.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _name_of(path: Path) -> str:
    """ "local:STEM-HASH": two files of one name are told apart by size and samples of their bytes."""
    if not path.is_file():
        return f"local:{path.stem}"
    size = path.stat().st_size
    seen = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for start in (0, size // 2, max(size - SAMPLE_BYTES, 0)):
            file.seek(start)
            seen.update(file.read(SAMPLE_BYTES))
    return f"local:{path.stem}-{seen.hexdigest()[:8]}"
