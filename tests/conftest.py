"""What every test may ask for: the sample corpus, real data, models, a browser; skipped with a reason."""

import os
import shutil
from pathlib import Path

import platformdirs
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
REQUIRED = {name.strip() for name in os.environ.get("ENTIGRAPH_REQUIRE", "").split(",") if name.strip()}


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


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Where pinned models are kept; the same folder `entigraph models pull` writes to."""
    home = os.environ.get("ENTIGRAPH_MODELS")
    return Path(home) if home else Path(platformdirs.user_cache_dir("entigraph")) / "models"


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        missing("chromium", "no Chromium here; install it with 'apt-get install chromium'")
    return Path(str(found))
