"""Hosted models through the `openai` client, on its aiohttp transport where that is installed.

The client's low-level `post` is used, without its typed models: that is twice as fast (DESIGN section 7).
Its own retries and redirects are off: `lm.loop` retries, and a key follows nobody.
"""

import importlib.util
from typing import TYPE_CHECKING, Any

from lm import wire
from lm.base import LMError, Malformed, ModelNotFound, Price, TimedOut, TokenCallback, Unreachable
from lm.endpoint import Endpoint

if TYPE_CHECKING:
    from openai import AsyncOpenAI

HOSTED = "https://api.openai.com/v1"
INSTALL = "pip install 'entigraph[openai]'"


class OpenAI(Endpoint):
    """The hosted model `model` at `url`: OpenAI's own, Azure's "…/openai/v1", or another that speaks it.

    The client's environment variables for keys and addresses are not used: both come from the caller.
    """

    def __init__(
        self,
        model: str,
        *,
        url: str = HOSTED,
        key: str | None = None,
        price: Price | None = None,
        timeout_seconds: float | None = None,
    ) -> None:
        if importlib.util.find_spec("openai") is None:
            raise LMError(f"'openai:…' models need the openai client, which is not installed. Try: {INSTALL}")
        name = f"openai:{model}" if url == HOSTED else f"openai:{url.rstrip('/')}#{model}"
        form = wire.Form(limit="max_completion_tokens")
        super().__init__(
            url, model, key=key, price=price, timeout_seconds=timeout_seconds, name=name, form=form
        )
        self._client: AsyncOpenAI | None = None

    @property
    def remote(self) -> bool:
        """True: asking leaves this machine."""
        return True

    async def check(self) -> None:
        """As of any endpoint; but Azure lists its models, not your deployments, so any name passes there."""
        try:
            await super().check()
        except ModelNotFound:
            if ".azure.com" not in self.url:
                raise

    async def aclose(self) -> None:
        """Close the client's connections. They open again when it is asked again."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()
        await super().aclose()  # the Batch endpoint goes without the client

    def _opened(self) -> "AsyncOpenAI":
        if self._client is None:
            from openai import AsyncOpenAI, DefaultAioHttpClient, DefaultAsyncHttpxClient

            try:
                transport: Any = DefaultAioHttpClient(follow_redirects=False)
            except RuntimeError:  # the aiohttp transport is an extra of the client's
                transport = DefaultAsyncHttpxClient(follow_redirects=False)
            self._client = AsyncOpenAI(
                api_key=self._key or "none",
                base_url=self.url,
                max_retries=0,
                timeout=self._timeout_seconds or 600.0,
                http_client=transport,
            )
        return self._client

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None
    ) -> tuple[int, str, bytes, str | None]:
        import openai

        client = self._opened()
        try:
            if method == "GET":
                text = await client.get(path, cast_to=str)
            else:
                text = await client.post(path, cast_to=str, body=body)
        except openai.APIStatusError as error:
            headers = error.response.headers
            kind = headers.get("content-type", "").lower()
            return error.status_code, kind, error.response.content, headers.get("retry-after")
        except openai.APIError as error:
            raise self.explained(error) from error
        kind = "text/html" if text.lstrip()[:1] == "<" else "application/json"
        return 200, kind, text.encode("utf-8", "surrogatepass"), None

    async def _stream(self, body: dict[str, Any], on_token: TokenCallback) -> wire.Answer:
        import openai

        reader = wire.StreamReader(self.name, on_token)
        try:
            async with await self._opened().chat.completions.create(**body) as stream:
                async for chunk in stream:
                    reader.take_event(chunk.to_dict())
        except openai.APIStatusError as error:
            data = error.response.content
            if error.status_code == 404:
                raise await self._missing(data) from error
            headers = error.response.headers
            kind = headers.get("content-type", "").lower()
            wire.raise_for(error.status_code, kind, data, self.name, headers.get("retry-after"))
        except openai.APIError as error:
            raise self.explained(error) from error
        return reader.finish()

    def explained(self, error: Exception) -> Exception:
        """What an error of the client means, in our words."""
        import aiohttp

        cause: BaseException | None = error
        while cause is not None:  # the transport blurs what happened; the first cause still tells
            if isinstance(cause, aiohttp.ClientError):
                return super().explained(cause)
            if type(cause).__name__ in ("ConnectError", "ConnectTimeout") and cause.__cause__ is None:
                return Unreachable(f"cannot reach a language model at {self.url} ({cause}). Is it right?")
            last, cause = cause, cause.__cause__
        if "Timeout" in type(error).__name__:
            return TimedOut(f"no answer from {self.name!r} within {self._timeout_seconds or 600} s")
        return Malformed(f"{self.name} gave no answer that can be read ({last!r})")
