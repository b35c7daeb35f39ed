"""A server of the studio: a port, the guard, the application; started, opened in a browser, ended cleanly."""

import asyncio
import errno
import gc
import logging
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import uvicorn
from starlette.types import ASGIApp, Message

from entigraph.config import log_file
from entigraph.web.app import STATIC, create_app
from entigraph.web.desk import Desk
from entigraph.web.guard import Door, Guard

PORT = 8321
ENDING_SECONDS = 3
"""So long may answers under way take when the server ends."""
TABS = ("browse", "coverage", "texts", "runs")


class _Uvicorn(uvicorn.Server):
    """Tells the desk first that all ends, so that streams end by themselves."""

    desk: Desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C or SIGTERM."""
        self.desk.stopping.set()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What is still connected then, without a request, is let go: it came as the port was closing."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


class Server:
    """The studio of one desk at a port that is taken when this is made. Raises ValueError where it cannot be.

    `port` 0 takes any that is free, `at` is where the page is opened, as its address has it ("#/browse?top=30"),
    `static` the folder of the built page. The desk is the caller's to close.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        host: str = "127.0.0.1",
        port: int = PORT,
        at: str = "",
        static: Path = STATIC,
    ) -> None:
        self.desk = desk
        self._place = place_in_page(at)
        self._socket = bound(host, port)
        self.door = Door.make(host, self._socket.getsockname()[1])
        self._app = create_app(desk, static=static)
        config = uvicorn.Config(
            Guard(self._app, self.door),
            access_log=False,
            log_config=None,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=ENDING_SECONDS,
            ws="none",
        )
        self._server = _Uvicorn(config)
        self._server.desk = desk
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """What to open in a browser on this machine."""
        return self.door.url + self._place

    def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM, which end it without an error."""
        # Routes are put together when the first path is looked for; in two threads at once that fails now and then.
        asyncio.run(_ask(self._app, "GET", "/api/nothing"))
        self.desk.warm_up(then=self._ready)
        try:
            with _logged(), suppress(KeyboardInterrupt):  # which uvicorn raises again once all is ended
                self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def _ready(self) -> None:
        """Ask once for what a page asks first."""
        for method, path in (("GET", "/api/corpus"), ("POST", "/api/view"), ("GET", "/api/search")):
            asyncio.run(_ask(self._app, method, path))
        if self._thread is None:
            # What is loaded by now stays: to look through it for garbage would take a tenth of a second each time.
            gc.freeze()

    def start(self) -> None:
        """Serve in a thread, until `stop`; beside a notebook, or in a test."""
        self._thread = threading.Thread(target=self.run, name="studio", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.01)

    def stop(self) -> None:
        """End what `start` began; answers under way have three seconds."""
        self.desk.stopping.set()
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()

    def open_browser(self) -> None:
        """Show the page, from a thread: some browsers keep the one that opens them."""
        threading.Thread(target=webbrowser.open, args=(self.url,), daemon=True).start()


def place_in_page(at: str) -> str:
    """What comes after the address of the server to open the page at a place. ValueError for what is none.

    >>> place_in_page("/browse?top=30"), place_in_page("")
    ('#/browse?top=30', '')
    """
    place = "#" + at.partition("#")[2] if "#" in at else f"#{at}" if at else ""
    if place and place.removeprefix("#/").partition("?")[0] not in TABS:
        raise ValueError(
            f"{at[:200]!r} is no place in the page: wanted is what follows '#' in its address, such as "
            "'#/browse?top=30'; it begins with " + ", ".join(f"'#/{tab}'" for tab in TABS)
        )
    return quote(place, safe="#/?&=%+.-_~:@!$'()*,;")


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises ValueError saying what to try where it cannot."""
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise ValueError(
            f"cannot serve at {host!r}: this machine knows no such address. Try --host 127.0.0.1"
        ) from None
    made = socket.socket(family[0], socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(family[4])
        made.listen(128)
    except OSError as error:
        made.close()
        raise ValueError(f"cannot serve at {host}:{port}: {_why(error, port)}") from None
    return made


def _why(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"something else serves at port {port}, perhaps another 'entigraph serve'. Try --port {port + 1}, or "
            "--port 0 for any that is free"
        )
    if error.errno == errno.EACCES:
        return f"port {port} is for the system. Try --port {PORT}"
    return f"{error.strerror}. Try --host 127.0.0.1"


async def _ask(app: ASGIApp, method: str, path: str) -> None:
    """One request with an empty JSON object, without a network; what is answered is not looked at."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Message) -> None:
        pass

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "scheme": "http",
        "client": None,
        "server": None,
    }
    await app(scope, receive, send)


@contextmanager
def _logged() -> Iterator[None]:
    """Faults of ours go to the log of the program in full; streams that are cut off at the end are none."""
    logger, path = logging.getLogger("uvicorn.error"), log_file()
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8", errors="replace", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d entigraph serve: %(message)s"))
    handler.addFilter(lambda record: "graceful shutdown" not in record.getMessage())
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
        handler.close()


__all__ = ["PORT", "Server", "bound"]
