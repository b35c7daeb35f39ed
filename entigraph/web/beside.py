"""The studio beside a notebook: served in a thread of this process, opened in the browser."""

import atexit
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Self

from entigraph.web.desk import Desk
from entigraph.web.serving import Server
from kg.store import Store


class Studio:
    """A studio that is served until `stop`, the end of a `with` block, or the end of the process."""

    def __init__(self, server: Server) -> None:
        self._server = server
        atexit.register(self.stop)

    @property
    def url(self) -> str:
        """What to open in a browser on this machine."""
        return self._server.url

    def stop(self) -> None:
        """End it and give the corpus back. Called twice it does nothing the second time."""
        self._server.stop()
        self._server.desk.close()
        atexit.unregister(self.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"the studio of {self._server.desk.location} at {self.url}"

    def _repr_html_(self) -> str:
        """A link, for a notebook."""
        address = escape(self.url, quote=True)
        return f'The studio of {escape(self._server.desk.location)}: <a href="{address}" target="_blank">{address}</a>'


def studio(
    corpus: Store | Path | str, *, open: bool = True, port: int = 0, at: str = "", read_only: bool = False
) -> Studio:
    """Serve the studio of a corpus and, with `open`, show it in the browser; `port` 0 takes any that is free.

    `at` is where the page opens, as its address has it: "#/browse?top=30". An opened corpus is opened once more by its place. Raises CorpusNotFound where there is none, ValueError where
    the port is in use.
    """
    desk = Desk(str(corpus if isinstance(corpus, str | Path) else corpus.location), read_only=read_only)
    try:
        server = Server(desk, port=port, at=at)
    except BaseException:
        desk.close()
        raise
    server.start()
    if open:
        server.open_browser()
    return Studio(server)
