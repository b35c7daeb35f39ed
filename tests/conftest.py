"""What every test may ask for: the sample corpus, real data, models, a browser; skipped with a reason."""

import os
import secrets
import shutil
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import platformdirs
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
REQUIRED = {name.strip() for name in os.environ.get("ENTIGRAPH_REQUIRE", "").split(",") if name.strip()}


def pytest_configure() -> None:
    """Ctrl-C is one here and in what tests start, also where a shell runs the tests in its background."""
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    ):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def missing(what: str, reason: str) -> None:
    """Skip for a missing thing; where ENTIGRAPH_REQUIRE names it, a skip is a failure."""
    if what in REQUIRED:
        pytest.fail(f"ENTIGRAPH_REQUIRE names {what}: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets; they are not part of the project."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the real data sets are not here (../shared/data); they are not part of the project")
    return folder


def cache_folder() -> Path:
    home = os.environ.get("ENTIGRAPH_MODELS")
    return Path(home) if home else Path(platformdirs.user_cache_dir("entigraph")) / "models"


def pinned_file(name: str, what: str) -> Path:
    """The file of a pinned model in the user's cache; nothing is downloaded by a test."""
    from lm.models import list_models

    row = next(row for row in list_models(cache_folder=cache_folder()) if row.name == name)
    if not row.present:
        missing(what, f"{name} is not here; fetch it with 'entigraph models pull {name}'")
    return cache_folder() / row.file


def browser() -> Path:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        missing("chromium", "no Chromium here; install it with 'apt-get install chromium'")
    return Path(str(found))


def studio_page() -> Path:
    """The page of the studio as `make studio` builds it, newer than its source."""
    page, source = ROOT / "entigraph" / "web" / "static" / "index.html", ROOT / "studio" / "src"
    if not page.is_file():
        missing("studio", "the page is not built; type 'make studio'")
    if page.stat().st_mtime < max(one.stat().st_mtime for one in source.rglob("*") if one.is_file()):
        missing("studio", "the page is older than its source; type 'make studio'")
    return page


def spacy_pipeline() -> Path:
    if find_spec("spacy") is None:
        missing("local-model", "spaCy is not installed; pip install 'entigraph[spacy]'")
    return pinned_file("en_core_web_sm", "local-model")


@cache
def neo4j_server() -> str:
    """The address of a Neo4j that tests may write to, with user and password in it.

    ENTIGRAPH_TEST_NEO4J names one; else it is our own development server. Tests never start that one.
    """
    if find_spec("neo4j") is None:
        missing("neo4j", "the driver is not installed; pip install 'entigraph[neo4j]'")
    if named := os.environ.get("ENTIGRAPH_TEST_NEO4J"):
        return named
    from entigraph import neo4j_server
    from entigraph.config import neo4j_home

    server = neo4j_server.status(neo4j_home())
    if not server.answering:
        missing("neo4j", "no Neo4j server runs here; start one with 'entigraph neo4j start'")
    password = Path(server.password_file).read_text("utf-8").strip()
    return server.address.replace("://", f"://{server.user}:{quote(password, safe='')}@")


NEEDS: dict[str, Callable[[], object]] = {
    "chromium": browser,
    "local_model": lambda: pinned_file("qwen2.5-coder-1.5b", "local-model"),
    "neo4j": neo4j_server,
    "pipeline": spacy_pipeline,
    "studio": studio_page,
}


EXTRAS = {
    "communities": ("graspologic_native",),
    "fast": ("numba",),
    "formats": ("docx", "lxml", "pypdf"),
    "local": ("xllamacpp",),
    "neo4j": ("neo4j",),
    "plot": ("matplotlib", "plotly"),
    "show": ("jinja2", "pyvis"),
    "spacy": ("spacy",),
    "studio": ("fastapi", "uvicorn"),
}


def absent_extra(error: BaseException) -> str | None:
    """The extra whose absence an error speaks of; None where all its modules are installed."""
    seen: BaseException | None = error
    while seen is not None:
        for extra, names in EXTRAS.items():
            lacks = isinstance(seen, ModuleNotFoundError) and (seen.name or "").partition(".")[0] in names
            if (lacks or f"entigraph[{extra}]" in str(seen)) and not all(map(find_spec, names)):
                return extra
        seen = seen.__cause__ or seen.__context__
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In an install without extras, what needs one is skipped; where all are installed this does nothing."""
    report = yield
    extra = absent_extra(call.excinfo.value) if call.excinfo and report.failed else None
    if extra:
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: needs the extra {extra!r}")
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, need in NEEDS.items():
        if item.get_closest_marker(mark):
            need()


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Where pinned models are kept; the same folder `entigraph models pull` writes to."""
    return cache_folder()


@pytest.fixture(scope="session")
def local_model() -> Path:
    """The default local model: it writes usable texts, slowly."""
    return pinned_file("qwen2.5-coder-1.5b", "local-model")


@pytest.fixture(scope="session")
def small_model() -> Path:
    """The smallest pinned model: poor texts, to try the plumbing."""
    return pinned_file("smollm2-135m", "local-model")


@pytest.fixture(scope="session")
def pipeline() -> Path:
    """The pinned spaCy pipeline, a folder."""
    return spacy_pipeline()


@pytest.fixture(scope="session")
def chromium() -> Path:
    return browser()


@pytest.fixture(scope="session")
def neo4j_url() -> str:
    """A real Neo4j server: bolt://user:password@host:port, without a corpus."""
    return neo4j_server()


@pytest.fixture(scope="session")
def _wiper(neo4j_url: str) -> Iterator[Callable[[str], None]]:
    """Removes the corpus of an address; at the end those that tests left behind."""
    import neo4j

    from kg.stores.neo4j.address import parse
    from kg.stores.neo4j.wiping import corpora, wipe

    at = parse(neo4j_url)
    with neo4j.GraphDatabase.driver(at.server, auth=(at.user, at.password)) as driver:

        def remove(place: str) -> None:
            wipe(driver, at.database, parse(place).corpus)

        yield remove
        for corpus in corpora(driver, at.database):
            if corpus.startswith("test-") and not alive(corpus.split("-")[1]):
                wipe(driver, at.database, corpus)


def alive(pid: str) -> bool:
    """Whether another test session of this number still runs: its corpora are its own to wipe."""
    if not pid.isdigit() or int(pid) in (0, os.getpid()):
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


@pytest.fixture
def neo4j_place(neo4j_url: str, _wiper: Callable[[str], None]) -> Iterator[Callable[[], str]]:
    """`neo4j_place()`: the address of a corpus that is not there yet; wiped when the test ends."""
    made: list[str] = []

    def place() -> str:
        made.append(f"{neo4j_url}#test-{os.getpid()}-{secrets.token_hex(4)}")
        return made[-1]

    yield place
    for one in made:
        _wiper(one)
