"""The Batch endpoint, as OpenAI has it and others speak it: a file goes up, a batch is made of it, files come down.

    POST /files (purpose "batch")   POST /batches   GET /batches/ID   GET /files/ID/content

Each line of the input is one chat completion with our key as its `custom_id`; a line of the output or of the
error file names the same key. Nothing here keeps anything: `lm.batch` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from lm import fastjson, wire
from lm.base import BadRequest, Completion, LMError, Malformed, ModelNotFound, Price, Request, ServerError
from lm.endpoint import Endpoint
from lm.prices import Prices

if TYPE_CHECKING:
    import aiohttp

MOST_REQUESTS, MOST_BYTES = 50_000, 200_000_000  # in one file
WINDOW = "24h"
CHAT = "/v1/chat/completions"
_LISTED, _PAGES = 100, 20


@dataclass(frozen=True, slots=True)
class BatchState:
    """What the other side says about a batch. `problem` is why it failed, in one line."""

    id: str
    status: str
    files: tuple[str, ...] = ()
    total: int = 0
    done: int = 0
    problem: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that came back: the body of an answer, or the error in its place.

    `ran` is False where the request was refused or never begun, so that nobody can have charged for it.
    """

    key: str
    body: bytes = b""
    error: LMError | None = None
    ran: bool = True


class BatchLM(Protocol):
    """A model that is asked by the file. `name` is that of the model asked one by one: answers are the same."""

    @property
    def name(self) -> str: ...

    @property
    def price(self) -> Price | None: ...

    def line(self, key: str, request: Request) -> bytes:
        """One request as a line of the input file, its newline included."""
        ...

    async def upload(self, path: Path) -> str:
        """Send a file; its id there."""
        ...

    async def create(self, file: str, token: str) -> BatchState:
        """Make a batch of a file that was sent. `token` is our own name for it."""
        ...

    async def find(self, file: str, token: str) -> BatchState | None:
        """The batch that was made of a file, where it was; for when its answer was lost."""
        ...

    async def state(self, batch: str) -> BatchState:
        """How far a batch is."""
        ...

    async def download(self, file: str, to: Path) -> None:
        """Fetch a file of results."""
        ...

    def read(self, line: bytes) -> Line:
        """A line of the results. Raises `Malformed`."""
        ...

    def completion(self, body: bytes, request: Request, seconds: float) -> Completion:
        """The completion in the body of an answer. Raises a subclass of `LMError`."""
        ...

    def adapt(self, request: Request, refused: LMError) -> bool:
        """After a refusal: whether a request will be worded differently from now on."""
        ...

    async def check(self) -> None:
        """Raise now what would fail every request."""
        ...

    async def aclose(self) -> None:
        """Give back the connections."""
        ...


class BatchEndpoint:
    """The Batch endpoint beside an endpoint of chat completions: same address, same key, same model."""

    def __init__(self, endpoint: Endpoint, price: Price | None) -> None:
        self._endpoint, self._price = endpoint, price

    @property
    def name(self) -> str:
        """As of the endpoint: the same request has the same answer, however it is asked."""
        return self._endpoint.name

    @property
    def price(self) -> Price | None:
        """The price of a batch where one is written down, else the ordinary one."""
        return self._price

    def line(self, key: str, request: Request) -> bytes:
        """A request as the protocol wants it."""
        body = wire.fields(request, self._endpoint.model, self._endpoint.form, stream=False)
        return fastjson.dumps({"custom_id": key, "method": "POST", "url": CHAT, "body": body}) + b"\n"

    async def upload(self, path: Path) -> str:
        """Send a file in parts, as a form."""
        import aiohttp

        with path.open("rb") as file, aiohttp.MultipartWriter("form-data") as form:
            purpose = form.append("batch")
            purpose.set_content_disposition("form-data", name="purpose")
            part = form.append(file, {"Content-Type": "application/jsonl"})
            part.set_content_disposition("form-data", name="file", filename=path.name)
            try:
                found = await self._ask("POST", "/files", data=form, headers=dict(form.headers))
            except ModelNotFound as error:
                raise ModelNotFound(
                    f"{self.name} has no Batch endpoint (POST /files: 404); ask it one by one"
                ) from error
        return _text(found, "id", self.name)

    async def create(self, file: str, token: str) -> BatchState:
        """Make a batch of a file; within 24 hours it is done, or expires."""
        body = {
            "input_file_id": file,
            "endpoint": CHAT,
            "completion_window": WINDOW,
            "metadata": {"entigraph": token},
        }
        return self._read_state(await self._ask("POST", "/batches", data=fastjson.dumps(body)))

    async def find(self, file: str, token: str) -> BatchState | None:
        """Look through the list of batches for one of this file, or with our token."""
        after = ""
        for _ in range(_PAGES):
            try:
                found = await self._ask("GET", f"/batches?limit={_LISTED}{after}")
            except (BadRequest, ModelNotFound):  # it keeps no list
                return None
            rows = [row for row in found.get("data") or () if isinstance(row, dict)]
            for row in rows:
                ours = (row.get("metadata") or {}).get("entigraph") == token
                if ours or row.get("input_file_id") == file:
                    return self._read_state(row)
            if not found.get("has_more") or not rows:
                return None
            after = f"&after={quote(str(rows[-1].get('id')))}"
        return None

    async def state(self, batch: str) -> BatchState:
        """Ask how far it is."""
        return self._read_state(await self._ask("GET", f"/batches/{quote(batch)}"))

    async def download(self, file: str, to: Path) -> None:
        """Fetch a file to the disk, piece by piece."""
        async with await self._send("GET", f"/files/{quote(file)}/content") as response:
            if response.status != 200:
                await self._refuse(response)
            with to.open("wb") as write:
                while piece := await self._piece(response):
                    write.write(piece)

    def read(self, line: bytes) -> Line:
        """A line is an answer with its status, or an error without one."""
        found = wire.loads(line, self.name)
        key, response, error = str(found.get("custom_id")), found.get("response"), found.get("error")
        if isinstance(response, dict) and isinstance(response.get("status_code"), int):
            body = fastjson.dumps(response.get("body"))
            try:
                wire.raise_for(response["status_code"], "application/json", body, self.name)
            except LMError as failure:
                return Line(key, error=failure, ran=response["status_code"] >= 500)
            return Line(key, body)
        if isinstance(error, dict):
            said = f"{error.get('code')}: {error.get('message')}"[:300]
            return Line(key, error=ServerError(f"{self.name} left it undone ({said})"), ran=False)
        raise Malformed(f"{self.name} sent a line with neither an answer nor an error: {line[:120]!r}")

    def completion(self, body: bytes, request: Request, seconds: float) -> Completion:
        """As of an answer that was asked for alone, at the price of a batch."""
        answer = wire.read_answer(body, self.name)
        count = self._endpoint.count_tokens
        return wire.completion(answer, request, self.name, seconds, self._price, count)

    def adapt(self, request: Request, refused: LMError) -> bool:
        """Take the next form that a refusal asks for, as the endpoint does."""
        return isinstance(refused, BadRequest) and self._endpoint.loosen(request, refused)

    async def check(self) -> None:
        """As of the endpoint."""
        await self._endpoint.check()

    async def aclose(self) -> None:
        """As of the endpoint."""
        await self._endpoint.aclose()

    # ---- the wire --------------------------------------------------------------------------------

    async def _send(self, method: str, path: str, **options: Any) -> "aiohttp.ClientResponse":
        import aiohttp

        # a file takes as long as it takes, but not a silence of five minutes
        slow = aiohttp.ClientTimeout(total=None, sock_connect=20, sock_read=300)
        pool, url = self._endpoint.connections(), self._endpoint.url + path
        try:
            return await pool.request(method, url, allow_redirects=False, timeout=slow, **options)
        except Exception as error:
            raise self._endpoint.explained(error) from error

    async def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        async with await self._send(method, path, **options) as response:
            if not 200 <= response.status < 300:
                await self._refuse(response)
            return wire.loads(await self._body(response), self.name)

    async def _piece(self, response: "aiohttp.ClientResponse") -> bytes:
        try:
            return await response.content.readany()
        except Exception as error:
            raise self._endpoint.explained(error) from error

    async def _body(self, response: "aiohttp.ClientResponse") -> bytes:
        try:
            return await response.read()
        except Exception as error:
            raise self._endpoint.explained(error) from error

    async def _refuse(self, response: "aiohttp.ClientResponse") -> None:
        data, kind = await self._body(response), response.headers.get("Content-Type", "").lower()
        wire.raise_for(response.status, kind, data, self.name, response.headers.get("Retry-After"))

    def _read_state(self, found: dict[str, Any]) -> BatchState:
        counts = found.get("request_counts") or {}
        files: Sequence[object] = (found.get("output_file_id"), found.get("error_file_id"))
        problems = (found.get("errors") or {}).get("data") or ()
        said = "; ".join(str(row.get("message")) for row in problems if isinstance(row, dict))
        return BatchState(
            id=_text(found, "id", self.name),
            status=_text(found, "status", self.name),
            files=tuple(str(file) for file in files if file),
            total=int(counts.get("total") or 0),
            done=int(counts.get("completed") or 0) + int(counts.get("failed") or 0),
            problem=" ".join(said.split())[:300],
        )


def batch_of(model: object, prices: Prices | None = None) -> BatchLM:
    """The Batch endpoint of a connected model.

    The price is that of "batch:NAME" in the prices file, else the ordinary one. Raises ValueError for a
    model without a Batch endpoint.
    """
    if not isinstance(model, Endpoint):
        name = getattr(model, "name", model)
        raise ValueError(
            f"{name!r} cannot be asked by the batch: only 'openai:NAME' and 'http://HOST/v1#NAME' have that endpoint"
        )
    special = None if prices is None else prices.of(f"batch:{model.name}")
    return BatchEndpoint(model, model.price if special is None else special)


def _text(found: dict[str, Any], field: str, name: str) -> str:
    value = found.get(field)
    if not isinstance(value, str) or not value:
        raise Malformed(
            f"{name} answered without {field!r}: {str(found)[:120]}. Does it have a Batch endpoint?"
        )
    return value
