"""Who may ask, and how much: an ASGI layer in front of the application.

A page of another site must not read or change a corpus through the browser of the person at this machine: the
Host of a request is one of ours (or a stranger's domain could be pointed at us), what changes something
comes from our own page, and whoever serves to other machines is asked for a token.
"""

import ipaddress
import json
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

Scope = MutableMapping[str, Any]  # Any: what ASGI says these are
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 1_000_000
MOST_DROPPED = 16_000_000
"""So much of a body that is too large is read and dropped: who still sends does not hear why it was refused."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "")
EVENTS = "/api/events"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}


class _TooLarge(Exception):
    """The body of a request went on beyond what is taken."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address or name.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Door:
    """Where the server was bound (`host` as it was asked for), and the token that it wants, empty for none."""

    host: str
    port: int
    token: str = ""

    @staticmethod
    def make(host: str, port: int) -> "Door":
        """With a new token where other machines can reach it."""
        return Door(host, port, "" if is_loopback(host) else secrets.token_urlsafe(24))

    @property
    def url(self) -> str:
        """What to open in a browser on this machine; with the token."""
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        if ":" in host and not host.startswith("["):
            host = f"[{host}]"
        port = "" if self.port == 80 else f":{self.port}"
        return f"http://{host}{port}/" + (f"?token={self.token}" if self.token else "")

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server."""
        name, port = _parted(host)
        if port != self.port:
            return False
        asked = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        if name in (*LOOPBACK, asked.casefold()):
            return True
        if self.host not in EVERYWHERE:
            return False
        # Served everywhere: under any address, and under the names this machine has for itself.
        return _is_address(name) or name in {
            socket.gethostname().casefold(),
            f"{socket.gethostname()}.local".casefold(),
            socket.getfqdn().casefold(),
        }


class Guard:
    """Asks of every request what this module says; adds the headers that every answer has."""

    def __init__(self, app: App, door: Door, *, most_bytes: int = MOST_BYTES) -> None:
        self.app = app
        self.door = door
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no web sockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        path = scope["path"]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {
                    **message,
                    "headers": _headers(message.get("headers", ()), path, message["status"]),
                }
            await send(message)

        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if refusal := self._stranger(scope, headers) or self._foreign(scope, headers):
            await _refuse(sending, 403, refusal)
        elif self.door.token and not self._admitted(headers):
            await self._at_the_door(scope, sending)
        elif _length(headers) > self.most_bytes:
            if headers.get(b"expect", "").lower() != "100-continue":  # who asks first has sent nothing yet
                await _drop(receive)
            await _refuse(sending, 413, self._too_large())
        else:
            await self._within_bounds(scope, receive, sending)

    # ---- where it comes from ---------------------------------------------------------------------

    def _stranger(self, scope: Scope, headers: dict[bytes, str]) -> str:
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        host = headers.get(b"host", "")
        if len(hosts) == 1 and self.door.knows(host):
            return ""
        return (
            f"this server is {self.door.url.partition('?')[0]} and was asked as {host[:200]!r}. Open it under its own "
            f"address; through a tunnel, with the same port at both ends (ssh -L {self.door.port}:127.0.0.1:"
            f"{self.door.port} HOST); under another name, start it with --host NAME"
        )

    def _foreign(self, scope: Scope, headers: dict[bytes, str]) -> str:
        """Why a request of another site is refused; a person who follows a link to the page is not one."""
        reads = scope["method"] in ("GET", "HEAD")
        told = headers.get(b"sec-fetch-site", "")
        if not told or told in ("same-origin", "none"):
            foreign = False
        else:
            foreign = not (reads and headers.get(b"sec-fetch-mode") == "navigate")
        origin = headers.get(b"origin", "")
        if origin and (not reads or scope["path"] == EVENTS):
            scheme, _, host = origin.partition("://")
            foreign = foreign or scheme not in ("http", "https") or host != headers.get(b"host")
        if not foreign:
            return ""
        return (
            f"a page of another site ({origin[:200] or 'it does not say which'}) asked this server for something. "
            f"Use the page at {self.door.url.partition('?')[0]}, or ask without a browser"
        )

    # ---- the token -------------------------------------------------------------------------------

    @property
    def _cookie(self) -> str:
        return f"entigraph-{self.door.port}"

    def _admitted(self, headers: dict[bytes, str]) -> bool:
        kind, _, shown = headers.get(b"authorization", "").partition(" ")
        if kind.casefold() == "bearer" and self._is_token(shown.strip()):
            return True
        try:
            held = SimpleCookie(headers.get(b"cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return held is not None and self._is_token(held.value)

    def _is_token(self, shown: str) -> bool:
        return secrets.compare_digest(shown.encode("utf-8", "replace"), self.door.token.encode())

    async def _at_the_door(self, scope: Scope, send: Send) -> None:
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        shown = next((value for name, value in query if name == "token"), "")
        if scope["method"] in ("GET", "HEAD") and self._is_token(shown):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            path = "/" + scope.get("raw_path", scope["path"].encode()).decode("latin-1").lstrip("/\\")
            where = path + (f"?{rest}" if rest else "")
            cookie = f"{self._cookie}={self.door.token}; HttpOnly; SameSite=Strict; Path=/"
            headers = [(b"location", where.encode("latin-1")), (b"set-cookie", cookie.encode())]
            await send({"type": "http.response.start", "status": 303, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await _refuse(
            send,
            401,
            "this server asks for its token: open the address that 'entigraph serve' printed, with ?token=... in "
            "it, or send 'Authorization: Bearer TOKEN'",
            [(b"www-authenticate", b"Bearer")],
        )

    # ---- how much --------------------------------------------------------------------------------

    async def _within_bounds(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless the body turns out larger than it may be: then whatever is answered is replaced."""
        seen, begun, more = 0, False, False

        async def counted() -> Message:
            nonlocal seen, more
            message = await receive()
            seen += len(message.get("body", b""))
            more = bool(message.get("more_body", False))
            if seen > self.most_bytes:
                raise _TooLarge
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            if seen <= self.most_bytes or begun:
                begun = True
                await send(message)

        with suppress(_TooLarge):
            await self.app(scope, counted, sending)
        if seen > self.most_bytes and not begun:
            if more:
                await _drop(receive)
            await _refuse(send, 413, self._too_large())

    def _too_large(self) -> str:
        return f"a request may have {self.most_bytes:,} bytes at most. Ask for less at once"


def _headers(own: Any, path: str, status: int) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with ours; what is kept by the browser is said by the path, unless the answer says."""
    found = [(name.lower(), value) for name, value in own]
    there = {name for name, _ in found}
    more = dict(HEADERS)
    if path.startswith("/assets/") and status == 200:
        more[b"cache-control"] = b"public, max-age=31536000, immutable"
    else:
        more[b"cache-control"] = b"no-store" if path.startswith("/api") else b"no-cache"
    return [*found, *((name, value) for name, value in more.items() if name not in there)]


def _length(headers: dict[bytes, str]) -> int:
    told = headers.get(b"content-length", "0")
    return int(told) if told.isdecimal() else 0


async def _drop(receive: Receive) -> None:
    """Read the rest of a body, up to `MOST_DROPPED` bytes, and keep none of it."""
    seen, more = 0, True
    while more and seen < MOST_DROPPED:
        message = await receive()
        seen += len(message.get("body", b""))
        more = bool(message.get("more_body", False))


def _parted(host: str) -> tuple[str, int]:
    """Name and port of a Host header; port 80 where none is said, -1 where it is not a number."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host.casefold(), 80
    return name.casefold(), int(port) if port.isascii() and port.isdecimal() and len(port) < 6 else -1


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


async def _refuse(
    send: Send, status: int, detail: str, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    body = json.dumps({"detail": detail}, ensure_ascii=False).encode("utf-8", "replace")
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
