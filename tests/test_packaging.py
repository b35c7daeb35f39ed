"""From source archive to wheel to an install without extras in an empty folder: what a user gets."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lm", "kg", "sampling", "synthesis", "analysis", "entigraph")
PAGE = "entigraph/web/static/index.html"
MOST_DISTRIBUTIONS = 34
DATA = (
    *("lm/models.toml", "lm/prices.toml", "lm/py.typed", "kg/py.typed", "kg/page.html"),
    *("synthesis/prompts/relate.en.txt", "synthesis/prompts/relate.zh.txt", "_entigraph_home.py"),
    *("sampling/words/en.json", "sampling/words/zh.json"),
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("uv", path=Path(sys.executable).parent) is None, reason="needs uv beside Python"
    ),
]


def run(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would: no settings of this session, no path to this checkout."""
    home = {
        name: os.environ[name]
        for name in os.environ
        if not name.startswith(("PYTHON", "ENTIGRAPH", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=home, capture_output=True, text=True, check=False
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@dataclass(frozen=True)
class Built:
    """The two archives, and the tree that they were made from."""

    tree: Path
    sdist: Path
    wheel: Path

    def in_wheel(self) -> set[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Archives of a copy of the tree that has a built page in the folder that git ignores."""
    tree = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    files = (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CITATION.cff",
        ".gitignore",
        "_entigraph_home.py",
    )
    for name in files:
        shutil.copy(ROOT / name, tree / name)
    (tree / PAGE).parent.mkdir(parents=True, exist_ok=True)
    (tree / PAGE).write_text("<!doctype html>")
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, tree, cwd=tree)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return Built(tree, sdist, wheel)


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel and what the core install brings, and an empty folder."""

    bin: Path
    folder: Path

    def python(
        self, code: str, cwd: Path | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return run(self.bin / "python", "-c", code, cwd=cwd or self.folder, check=check)

    def entigraph(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return run(self.bin / "entigraph", *words, cwd=self.folder, check=False)


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    environment = tmp_path_factory.mktemp("venv")
    folder = tmp_path_factory.mktemp("empty")
    uv = Path(sys.executable).with_name("uv")
    python = environment / "bin" / "python"
    run(uv, "venv", "-q", "--clear", "--python", sys.executable, environment, cwd=folder)
    core = ("--require-hashes", "-r", ROOT / "requirements" / "core.txt")
    run(uv, "pip", "install", "-q", "--python", python, *core, cwd=folder)
    run(uv, "pip", "install", "-q", "--python", python, "--no-deps", built.wheel, cwd=folder)
    return Installed(environment / "bin", folder)


@pytest.fixture(scope="module")
def corpus(installed: Installed) -> Path:
    """A corpus built without any extra."""
    (installed.folder / "clock.txt").write_text(
        "Orla Finch keeps the tide clock. Bram Keel built the tide clock."
    )
    (installed.folder / "names.txt").write_text("Orla Finch\nBram Keel\ntide clock\n")
    words = (
        "build",
        "clock.txt",
        "-o",
        "clock.kg",
        "--extractor",
        "dictionary",
        "--names",
        "names.txt",
        "--json",
    )
    done = installed.entigraph(*words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["entities"] == 3
    return installed.folder / "clock.kg"


def test_the_wheel_holds_every_file_of_the_packages_and_the_built_page(built: Built) -> None:
    there = {
        path.relative_to(built.tree).as_posix()
        for name in PACKAGES
        for path in (built.tree / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert PAGE in there
    assert there - built.in_wheel() == set()


def test_the_wheel_holds_nothing_else(built: Built) -> None:
    tops = {name.partition("/")[0] for name in built.in_wheel()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {*PACKAGES, "_entigraph_home.py"}


def test_the_wheel_holds_prompts_pins_and_prices(built: Built) -> None:
    assert set(DATA) - built.in_wheel() == set()


def test_the_source_archive_can_be_read_by_people(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CITATION.cff",
        "pyproject.toml",
        "kg/model.py",
    } - names == set()
    assert not any(name.startswith(("tests/", "examples/", "docs/")) for name in names)


def test_the_core_install_is_small(installed: Installed) -> None:
    code = "import importlib.metadata as m; print(len({d.name.lower() for d in m.distributions()}))"
    assert int(installed.python(code).stdout) <= MOST_DISTRIBUTIONS


def test_the_packages_import_from_another_folder(installed: Installed) -> None:
    code = "import kg, sampling, synthesis, analysis, lm, entigraph; print(kg.__file__)"
    place = Path(installed.python(code).stdout.strip())
    assert place.is_relative_to(installed.bin.parent)


def test_the_program_answers(installed: Installed) -> None:
    assert "Commands:" in installed.entigraph("--help").stdout
    assert installed.entigraph("--version").stdout.startswith("entigraph ")


def test_without_extras_texts_can_be_written_and_exported(installed: Installed, corpus: Path) -> None:
    words = (
        "generate",
        corpus,
        "--sampler",
        "pairs",
        "--model",
        "echo",
        "-n",
        "2",
        "--checks",
        "none",
        "--json",
    )
    done = installed.entigraph(*words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["done"] == 2
    assert installed.entigraph("export", corpus, "-o", "texts.jsonl").returncode == 0
    assert len((installed.folder / "texts.jsonl").read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("show", ("show", "clock.kg")),
        ("spacy", ("build", "clock.txt", "-o", "other.kg", "--extractor", "spacy")),
        (
            "formats",
            ("build", "paper.pdf", "-o", "other.kg", "--extractor", "dictionary", "--names", "names.txt"),
        ),
        ("local", ("generate", "clock.kg", "--model", "tiny.gguf", "-n", "1")),
    ],
)
def test_what_needs_an_extra_says_how_to_install_it(
    installed: Installed, corpus: Path, extra: str, words: Sequence[str]
) -> None:
    (installed.folder / "paper.pdf").write_bytes(b"%PDF-1.7\n")
    (installed.folder / "tiny.gguf").write_bytes(b"GGUF")
    done = installed.entigraph(*words)
    assert done.returncode in (1, 2)
    assert f"pip install 'entigraph[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_strangers_folder_of_our_name_is_named_in_the_error(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "__init__.py").write_text("")
    done = installed.python("import sampling", cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "sampling needs the package 'kg'" in done.stderr
    assert str(tmp_path) in done.stderr
