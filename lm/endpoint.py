"""Any OpenAI-compatible server (vLLM, llama.cpp, Ollama, LM Studio, a gateway) over one lean HTTP path."""

import difflib
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from lm import fastjson, tokens, wire
from lm.base import (
    AccessDenied,
    BadRequest,
    Completion,
    LMError,
    Malformed,
    ModelNotFound,
    Price,
    Request,
    TimedOut,
    TokenCallback,
    Unreachable,
)

if TYPE_CHECKING:
    import aiohttp

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Endpoint:
    """The model `model` at `url` (the part before "/chat/completions", usually ending in "/v1").

    `key` is sent to the host of `url` and nowhere else: redirects are not followed. A server on this
    machine that needs no key is not `remote`.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        price: Price | None = None,
        timeout_seconds: float | None = None,
        name: str | None = None,
        form: wire.Form = wire.FIRST,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"an endpoint is http://host:port/v1 or https://…, not {url!r}")
        if parts.username or parts.password:
            raise ValueError(f"no name and password in an endpoint's address ({parts.hostname}): give a key")
        if not model:
            raise ValueError(f"which model at {url}? Write {url}#NAME")
        self.url, self.model, self.price = url.rstrip("/"), model, price
        self._name = name or f"{self.url}#{model}"
        self._key = key
        self._remote = parts.hostname not in LOOPBACK or bool(key)
        self._timeout_seconds = timeout_seconds
        self.form = form
        self._pool: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The address and the model, as `--model` names it."""
        return self._name

    @property
    def remote(self) -> bool:
        """Whether asking leaves this machine or may cost money."""
        return self._remote

    def count_tokens(self, text: str) -> int:
        """The estimate of `lm.tokens`: the endpoint's tokenizer is not here."""
        return tokens.estimate(text)

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        """One answer. A schema is sent in the strictest form the endpoint has been seen to take."""
        began = time.perf_counter()
        form = self.form
        while True:
            listener = on_token if form.stream else None
            body = wire.fields(request, self.model, form, stream=listener is not None)
            try:
                if listener is None:
                    answer = wire.read_answer(await self._post(body), self.name)
                else:
                    answer = await self._stream(body, listener)
            except BadRequest as refused:
                looser = form.looser(request, str(refused), streamed=listener is not None)
                if looser is None:
                    raise
                form = looser
                continue
            if on_token is not None and listener is None:
                on_token(answer.text)
            if listener is not None and answer.tokens_out is None and self.remote:
                form = replace(form, stream=False)  # what is paid is then settled by what the server says
            self.form = form
            return wire.completion(
                answer, request, self.name, time.perf_counter() - began, self.price, self.count_tokens
            )

    async def post(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the server of this endpoint answers at another of its addresses: a JSON object, or the error it is."""
        status, kind, data, retry_after = await self._call("POST", url, body)
        wire.raise_for(status, kind, data, self.name, retry_after)
        return wire.loads(data, self.name)

    def loosen(self, request: Request, refused: BadRequest) -> bool:
        """Word requests in the next form that a refusal asks for; False where no form can help."""
        looser = self.form.looser(request, str(refused))
        self.form = looser or self.form
        return looser is not None

    async def check(self) -> None:
        """Look at the endpoint's list of models: an answer, a right key and a known name, or an error."""
        names = await self.models()
        if names and not any(self._is_listed_as(name) for name in names):
            raise self._not_found(names)

    def _is_listed_as(self, name: str) -> bool:
        """Ollama lists "NAME:latest" and others "models/NAME" for what they know as NAME."""
        return name in (self.model, f"{self.model}:latest") or name.endswith(f"/{self.model}")

    async def models(self) -> list[str]:
        """Names of the models the endpoint lists; none where it keeps no list."""
        status, kind, data, _ = await self._call("GET", f"{self.url}/models", None)
        if status == 404 and "html" not in kind:
            return []
        wire.raise_for(status, kind, data, self.name)
        found = wire.loads(data, self.name).get("data")
        return (
            [str(row.get("id")) for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        )

    async def aclose(self) -> None:
        """Close the connections. They open again when the endpoint is asked again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    # ---- the wire --------------------------------------------------------------------------------

    def connections(self) -> "aiohttp.ClientSession":
        """The one pool of connections, opened where it is not. Its headers carry the key."""
        if self._pool is None or self._pool.closed:
            import aiohttp

            headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
            if self._key:
                headers["Authorization"] = f"Bearer {self._key}"
            self._pool = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300),
                timeout=aiohttp.ClientTimeout(total=self._timeout_seconds, sock_connect=20),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=headers,
                proxy=self._proxy(),
            )
        return self._pool

    def _proxy(self) -> str | None:
        """What HTTP_PROXY, HTTPS_PROXY and NO_PROXY say for this host; this machine is asked directly."""
        parts = urlsplit(self.url)
        if parts.hostname in LOOPBACK or proxy_bypass(parts.netloc):
            return None
        proxy = getproxies().get(parts.scheme)
        return proxy if proxy is None or "://" in proxy else f"http://{proxy}"

    async def _call(
        self, method: str, url: str, body: dict[str, Any] | None
    ) -> tuple[int, str, bytes, str | None]:
        """Status, content type, body and Retry-After of one exchange."""
        pool = self.connections()
        try:
            async with pool.request(method, url, data=_bytes(body), allow_redirects=False) as response:
                data = await response.read()
                headers = response.headers
                kind = headers.get("Content-Type", "").lower()
                return response.status, kind, data, headers.get("Retry-After")
        except Exception as error:
            raise self.explained(error) from error

    async def _post(self, body: dict[str, Any]) -> bytes:
        status, kind, data, retry_after = await self._call("POST", f"{self.url}/chat/completions", body)
        if status == 404:
            raise await self._missing(data)
        wire.raise_for(status, kind, data, self.name, retry_after)
        return data

    async def _stream(self, body: dict[str, Any], on_token: TokenCallback) -> wire.Answer:
        pool = self.connections()
        try:
            async with pool.post(
                self.url + "/chat/completions",
                data=_bytes(body),
                allow_redirects=False,
                headers={"Connection": "close"},
            ) as response:
                kind = response.headers.get("Content-Type", "").lower()
                if response.status != 200 or "event-stream" not in kind:
                    data = await response.read()
                    if response.status == 404:
                        raise await self._missing(data)
                    wire.raise_for(
                        response.status, kind, data, self.name, response.headers.get("Retry-After")
                    )
                    answer = wire.read_answer(data, self.name)
                    on_token(answer.text)
                    return answer
                reader = wire.StreamReader(self.name, on_token)
                async for line in response.content:
                    reader.take(line)
                return reader.finish()
        except LMError:
            raise
        except Exception as error:
            raise self.explained(error) from error

    def explained(self, error: Exception) -> Exception:
        """What an error of the connection means, in our words."""
        import aiohttp

        if isinstance(error, aiohttp.ClientConnectorDNSError):
            return Unreachable(
                f"cannot reach a language model at {self.url}: no host of that name is found. "
                "Is the address right, and is there a network?"
            )
        if isinstance(error, aiohttp.ClientConnectorError):
            number = error.os_error.errno
            why = os.strerror(number) if number and number > 0 else str(error.os_error)
            return Unreachable(
                f"cannot reach a language model at {self.url} ({why.lower()}). Is the server running?"
            )
        if isinstance(error, aiohttp.ConnectionTimeoutError):
            return Unreachable(f"cannot reach a language model at {self.url} (no connection within 20 s)")
        if isinstance(error, TimeoutError):
            return TimedOut(f"no answer from {self.name!r} within {self._timeout_seconds} s")
        if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
            return Unreachable(f"{self.url!r} is not an address that can be asked")
        broken = isinstance(error, RuntimeError) and "closed" in str(error)  # aiohttp says it like this, too
        if broken or isinstance(error, aiohttp.ClientError | OSError | ValueError):
            return Malformed(f"the connection to {self.url} broke before the answer was complete ({error})")
        return error

    async def _missing(self, data: bytes) -> LMError:
        """What a 404 means: no such model, or no such address."""
        try:
            names = await self.models()
        except AccessDenied as denied:
            return denied
        except LMError:
            names = []
        text = wire.error_text(data)
        if names or "model" in text.lower():
            return self._not_found(names, text)
        return Unreachable(
            f"nothing answers chats at {self.url}/chat/completions (404). Most addresses end in /v1",
            left=True,
        )

    def _not_found(self, names: list[str], said: str = "") -> ModelNotFound:
        near = difflib.get_close_matches(self.model, names, len(names), 0.0)
        listed = ", ".join(near[:20]) + (f" and {len(near) - 20} more" if len(near) > 20 else "")
        there = f"It has: {listed}" if names else f"It says: {said or 'nothing'}, and lists no models"
        return ModelNotFound(f"no model {self.model!r} at {self.url}. {there}")


def _bytes(body: dict[str, Any] | None) -> bytes | None:
    return None if body is None else fastjson.dumps(body)
