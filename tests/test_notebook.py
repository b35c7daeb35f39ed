"""The notebook runs from the first cell to the last, and the page on coverage quotes what its script prints."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
SECONDS = 600
LARGEST_PICTURE = 60_000


def needs(*names: str) -> None:
    absent = [name for name in names if find_spec(name) is None]
    if absent:
        pytest.skip(f"{', '.join(absent)} not installed; pip install 'entigraph[notebook]' nbclient")


def cells(notebook: Path) -> list[Any]:  # Any: a notebook's own json
    found = json.loads(notebook.read_text("utf-8"))["cells"]
    assert isinstance(found, list)
    return [cell for cell in found if cell["cell_type"] == "code"]


def test_the_notebook_on_coverage_is_there() -> None:
    assert "coverage" in [notebook.stem for notebook in NOTEBOOKS]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(notebook: Path) -> None:
    assert [cell["id"] for cell in cells(notebook) if cell["outputs"] or cell["execution_count"]] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of the client and the kernel, not of the notebook: see stderr below
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_the_first_cell_to_the_last(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("nbclient", "nbformat", "ipykernel", "matplotlib", "pandas")
    import nbclient
    import nbformat

    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nobody answers
    found = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    place = {"metadata": {"path": str(notebook.parent)}}
    nbclient.NotebookClient(found, timeout=SECONDS, kernel_name="python3", resources=place).execute()
    shown = [(cell.source, one) for cell in found.cells for one in cell.get("outputs", [])]
    said = [one.text for _, one in shown if one.get("name") == "stderr"]
    assert [text for text in said if "font cache" not in text] == []  # matplotlib's first run on a machine
    drawn = [source for source, one in shown if "image/png" in one.get("data", {})]
    assert drawn == [cell["source"] for cell in found.cells if "plt.subplots" in cell["source"]]
    assert drawn


@pytest.mark.slow
def test_the_page_on_coverage_quotes_what_its_script_prints(root: Path, tmp_path: Path) -> None:
    needs("matplotlib")
    script = root / "docs" / "images" / "coverage.py"
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    page = (root / "docs" / "coverage.md").read_text("utf-8")
    quoted = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert quoted == [f"{section.strip()}\n" for section in done.stdout.split("\n\n")]
    made = sorted(tmp_path.iterdir())
    assert [picture.name for picture in made] == sorted(re.findall(r"\]\(images/(coverage-.*?\.svg)\)", page))
    for picture in made:
        fresh, stored = picture.read_text("utf-8"), script.with_name(picture.name).read_text("utf-8")
        assert len(stored) < LARGEST_PICTURE
        assert words(fresh) == words(stored)
        if drawn_by(fresh) == drawn_by(stored):
            np.testing.assert_allclose(numbers(fresh), numbers(stored), atol=0.02)


def words(svg: str) -> list[str]:
    """What can be read on a picture."""
    return re.findall(r">([^<>\n]*\S[^<>\n]*)</t", svg.partition("</metadata>")[2])


def drawn_by(svg: str) -> list[str]:
    """The version of the library that drew it: another one may cut curves into other pieces."""
    return re.findall(r"Matplotlib v[\d.]+", svg)


def numbers(svg: str) -> list[float]:
    """Every coordinate, without the names of shapes, which are made from all digits of them."""
    plain = re.sub(r"[mp#][0-9a-f]{10}\b", "", svg)
    return [float(number) for number in re.findall(r"-?\d+\.\d+", plain)]
