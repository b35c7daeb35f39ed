"""The application: all routes over one desk, the built page, and every error in words."""

from collections.abc import Sequence
from html import escape
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from entigraph import __version__
from entigraph.web import routes
from entigraph.web.desk import Desk
from entigraph.web.refusals import Refused
from entigraph.web.shapes.base import Problem
from kg.model import GraphError
from kg.store import CorpusLocked, CorpusNotFound, StoreError
from lm.base import AccessDenied, LMError, Unreachable

STATIC = Path(__file__).with_name("static")
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (CorpusNotFound, 410),
    (CorpusLocked, 409),
    (StoreError, 503),
    (GraphError, 400),
    (AccessDenied, 502),
    (Unreachable, 502),
    (LMError, 502),
    (ValueError, 400),
    (OSError, 503),
    (MemoryError, 503),
)
"""The HTTP status of an error: the first line that fits."""
FAULTS = {
    400: "What was asked for cannot be done",
    403: "The server only shows, or the page that asks is not its own",
    404: "This corpus has no such part",
    410: "The corpus was deleted, or another lies in its place",
    422: "The request does not have the shape that is wanted",
}
"""What each status means here: Python's own words for them differ from one version to the next."""
NOT_BUILT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not built</title></head><body>
<h1>The page of the studio is not built</h1>
<p>The server runs; its page is made with npm (Node 20 or newer). In the clone, type</p><pre>make studio</pre>
<p>and load this page again. The routes are there already: <a href="/api/docs">/api/docs</a>.</p></body></html>
"""


def create_app(desk: Desk, *, static: Path = STATIC) -> FastAPI:
    """The application over this desk, without the guard; `static` is the folder of the built page."""
    app = FastAPI(
        title="entigraph studio",
        version=__version__,
        description="What the page of the studio asks. Every route does what a command of entigraph does.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses={code: {"model": Problem, "description": words} for code, words in FAULTS.items()},
    )
    app.state.desk = desk
    for module in iter_modules(routes.__path__):
        app.include_router(import_module(f"entigraph.web.routes.{module.name}").router, prefix="/api")
    for kind in (Refused, GraphError, LMError, ValueError, OSError, MemoryError, Exception):
        app.add_exception_handler(kind, _said)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_api_route("/api/docs", _docs(app), include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/api/{path:path}", _no_route, include_in_schema=False)
    app.mount("/", _Pages(directory=static, check_dir=False))
    return app


class _Pages(StaticFiles):
    """The built page: its files, and the page itself under every other path, which is a view of it."""

    async def check_config(self) -> None:
        """Nothing to check: where nothing was built, that is said."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; the page for a path that names none; what to type where nothing was built."""
        try:
            return await super().get_response("index.html" if path in (".", "") else path, scope)
        except HTTPException as error:
            if error.status_code != 404 or "." in path.rpartition("/")[2].removeprefix("."):
                raise
        try:
            return await super().get_response("index.html", scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
        return HTMLResponse(NOT_BUILT, status_code=503)


def status_of(error: Exception) -> int:
    """The HTTP status that says what kind of error it is; 500 for a fault of ours."""
    if isinstance(error, Refused):
        return error.status
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


async def _said(request: Request, error: Exception) -> Response:
    """The error in its own words; of a fault of ours no more than where to look."""
    status = status_of(error)
    if status == 500:
        return _problem(
            500, "this is a fault of the program; the details are in the log of 'entigraph serve'"
        )
    if isinstance(error, OSError) and not isinstance(error, Refused):
        return _problem(status, f"{error.strerror or type(error).__name__}. Try again, or look at the disk")
    if isinstance(error, MemoryError):
        return _problem(
            status, "the memory of this machine does not suffice for that; ask for a smaller part"
        )
    return _problem(status, " ".join(str(error).split()) or type(error).__name__)


async def _invalid(request: Request, error: Exception) -> Response:
    """What is wrong with a request, each fault by its place."""
    assert isinstance(error, RequestValidationError)
    return _problem(422, "; ".join(_fault(one) for one in error.errors()[:5]))


def _fault(fault: dict[str, Any]) -> str:
    """One fault in words, with what was seen, cut: it may be long."""
    place = ".".join(str(part) for part in fault.get("loc", ()))
    seen = repr(fault.get("input"))
    return f"{place}: {fault.get('msg', 'wrong')}, seen {seen[:100]}{'…' if len(seen) > 100 else ''}"


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail if request.url.path.startswith("/api") else f"{error.detail}: there is no such page"
    return JSONResponse({"detail": detail}, error.status_code, headers=error.headers)


def _problem(status: int, detail: str) -> JSONResponse:
    return JSONResponse(Problem(detail=detail.encode("utf-8", "replace").decode()).model_dump(), status)


async def _no_route(path: str) -> Response:
    return _problem(404, f"there is no route /api/{path[:200]}. Those there are: /api/docs")


def _docs(app: FastAPI) -> Any:
    async def docs() -> HTMLResponse:
        """All routes on a plain page that loads nothing."""
        rows = [
            f"<li><code>{method.upper()} {escape(path)}</code> {escape(_about(what))}</li>"
            for path, methods in app.openapi()["paths"].items()
            for method, what in methods.items()
        ]
        return HTMLResponse(_page(rows))

    return docs


def _about(what: dict[str, Any]) -> str:
    asked = [one["name"] for one in what.get("parameters", ()) if one["in"] == "query"]
    words = what.get("description") or what.get("summary") or ""
    return " ".join(words.split()) + (f" ({', '.join(asked)})" if asked else "")


def _page(rows: Sequence[str]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Routes of the studio</title></head><body>'
        "<h1>Routes of the studio</h1><p>Types of all of them, as OpenAPI: "
        f'<a href="/api/openapi.json">/api/openapi.json</a></p><ul>{"".join(rows)}</ul></body></html>'
    )
