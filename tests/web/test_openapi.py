"""The types of the page are made of what the server says of itself."""

import importlib.util
from pathlib import Path

STUDIO = Path(__file__).resolve().parents[2] / "studio"


def test_the_committed_openapi_page_is_what_the_server_says() -> None:
    spec = importlib.util.spec_from_file_location("studio_openapi", STUDIO / "openapi.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    wanted = module.text()
    assert (STUDIO / "openapi.json").read_text("utf-8") == wanted, (
        "run: python studio/openapi.py && make studio"
    )
