"""Which way imports point, where third-party names stay, and what a module may look like."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions, version
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lm", "kg", "sampling", "synthesis", "analysis", "entigraph")
HOME = "_entigraph_home"
MAY_IMPORT = {
    "lm": set[str](),
    "kg": {"lm"},
    "sampling": {"kg", "lm"},
    "synthesis": {"kg", "lm"},
    "analysis": {"kg", "lm", "sampling", "synthesis"},
    "entigraph": {"kg", "lm", "sampling", "synthesis", "analysis"},
}
CORNERS = {
    "aiohttp": ("lm",),
    "docx": ("kg/formats",),
    "fastapi": ("entigraph/web",),
    "graspologic_native": ("sampling/communities",),
    "jieba": ("kg/extract",),
    "lxml": ("kg/formats",),
    "matplotlib": ("analysis/plot",),
    "neo4j": ("kg/stores/neo4j", "entigraph/neo4j_server"),
    "orjson": ("lm/fastjson",),
    "plotly": ("analysis/plot",),
    "pydantic": ("entigraph/web",),
    "pypdf": ("kg/formats",),
    "pyvis": ("kg/page",),
    "ray": ("entigraph/cluster",),
    "rich": ("entigraph",),
    "spacy": ("kg/extract",),
    "starlette": ("entigraph/web",),
    "typer": ("entigraph",),
    "uvicorn": ("entigraph/web",),
    "xllamacpp": ("lm",),
}
HEAVY = (
    *(
        "aiohttp",
        "asyncio",
        "fastapi",
        "graspologic_native",
        "jieba",
        "lxml",
        "matplotlib",
        "networkx",
        "numba",
        "orjson",
        "pandas",
    ),
    *(
        "pyarrow",
        "pydantic",
        "pyvis",
        "rapidfuzz",
        "rich",
        "scipy.optimize",
        "scipy.stats",
        "spacy",
        "sqlite3",
        "starlette",
        "typer",
        "uvicorn",
    ),
)
NOT_A_NAME = {
    *("util", "utils", "helper", "helpers", "common", "core", "misc", "manager", "managers"),
    *("experimental", "legacy", "v2", "new", "old", "base2"),
}
LONGEST_MODULE = 350


@dataclass(frozen=True)
class Module:
    """One of our modules, parsed."""

    path: Path
    name: str
    tree: ast.Module
    text: str

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]


@cache
def modules() -> tuple[Module, ...]:
    return tuple(
        Module(path, name_of(path), ast.parse(path.read_text("utf-8"), str(path)), path.read_text("utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    )


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def packages() -> list[Module]:
    return [module for module in modules() if module.path.name == "__init__.py"]


def imported(module: Module) -> Iterator[tuple[str, int]]:
    """Every module named by an import, wherever it stands, and by `import_module("…")`; with its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{module.place}:{node.lineno}: write the full name, not a relative import"
            )
            yield str(node.module), node.lineno
        elif isinstance(node, ast.Call) and node.args and called(node) in ("import_module", "library"):
            first = node.args[0]
            if isinstance(first, ast.JoinedStr):
                first = first.values[0]
            if isinstance(first, ast.Constant):
                yield str(first.value), node.lineno


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_imports_point_down_only() -> None:
    wrong = [
        f"{module.place}:{line}: {module.package} must not import {name}"
        for module in modules()
        for name, line in imported(module)
        if (top := name.partition(".")[0]) in PACKAGES
        and top != module.package
        and top not in MAY_IMPORT[module.package]
    ]
    assert wrong == []


def test_our_code_imports_nothing_of_tests_and_benchmarks() -> None:
    wrong = [
        f"{module.place}:{line}: {name}"
        for module in modules()
        for name, line in imported(module)
        if name.partition(".")[0] in ("tests", "benchmarks", "notebooks", "examples")
    ]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(CORNERS))
def test_a_third_party_name_stays_in_its_corner(name: str) -> None:
    wrong = [
        f"{module.place}:{line}"
        for module in modules()
        for seen, line in imported(module)
        if seen.partition(".")[0] == name and not module.place.startswith(CORNERS[name])
    ]
    assert wrong == [], f"{name} belongs to {' and '.join(CORNERS[name])}"


def test_every_third_party_package_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    declared = {re.split(r"[\[><=~! ]", one)[0].lower() for one in wanted}
    homes = {
        "docx": ["python-docx"],
        "graspologic_native": ["graspologic-native"],
        **packages_distributions(),
    }
    undeclared = {
        f"{module.place}:{line}: {name}"
        for module in modules()
        for name, line in imported(module)
        if (top := name.partition(".")[0]) not in (*PACKAGES, HOME)
        and top not in sys.stdlib_module_names
        and not ({home.lower() for home in homes.get(top, [top])} & declared)
    }
    assert undeclared == set()


@pytest.mark.parametrize("package", packages(), ids=lambda module: module.name)
def test_no_module_is_named_like_what_its_package_offers(package: Module) -> None:
    beside = {path.stem for path in package.path.parent.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert beside & set(offered(package)) == set()


@pytest.mark.parametrize("package", packages(), ids=lambda module: module.name)
def test_all_is_alphabetical(package: Module) -> None:
    names = offered(package)
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


@pytest.mark.parametrize("package", packages(), ids=lambda module: module.name)
def test_all_names_exactly_what_is_there(package: Module) -> None:
    there = importlib.import_module(package.name)
    assert [name for name in offered(package) if not hasattr(there, name)] == []
    used = {node.id for node in ast.walk(package.tree) if isinstance(node, ast.Name)}
    imports_only_for_itself = {
        name for name in public(package) if name in used and not is_defined(package, name)
    }
    assert set(public(package)) - imports_only_for_itself - set(offered(package)) == set()
    assert set(offered(package)) - set(public(package)) == set()


def is_defined(package: Module, name: str) -> bool:
    """Whether an `__init__` defines the name itself, rather than importing it."""
    return name in public(package, imports=False)


def offered(package: Module) -> list[str]:
    for node in package.tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def public(package: Module, *, imports: bool = True) -> Iterator[str]:
    """What an `__init__` defines or takes from its own package, also for type checkers only."""
    for node in statements(package.tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [] if node.decorator_list else [node.name]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif (
            imports and isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package.name}.")
        ):
            names = [alias.asname or alias.name for alias in node.names]
        else:
            names = []
        beside = (
            {path.stem for path in package.path.parent.iterdir()}
            if package.name == "entigraph.cli"
            else set()
        )
        yield from (
            name for name in names if name not in beside and (name[0] != "_" or name == "__version__")
        )


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):
            yield from statements(node.body)
        else:
            yield node


@pytest.mark.parametrize("package", packages(), ids=lambda module: module.name)
def test_a_package_is_marked_as_typed_and_says_what_it_is(package: Module) -> None:
    assert ast.get_docstring(package.tree)
    assert (ROOT / package.package / "py.typed").is_file()


def test_modules_are_named_by_an_idea() -> None:
    wrong = [module.place for module in modules() if set(module.path.stem.split("_")) & NOT_A_NAME]
    assert wrong == []


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {module.place: module.text.count("\n") for module in modules()}
    assert {place: lines for place, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_only_the_command_line_prints() -> None:
    wrong = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and not module.place.startswith("entigraph/cli/")
    ]
    assert wrong == []


def test_environment_variables_are_read_in_one_place() -> None:
    wrong = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "os"
            and node.attr in ("environ", "environb", "getenv")
        )
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and "environ" in str(ast.dump(node)))
        if module.place != "entigraph/config.py"
    ]
    assert wrong == []


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = f"""
import sys, kg, sampling, synthesis, analysis
print(" ".join(name for name in {HEAVY!r} if name in sys.modules))
"""
    assert run(code) == ""


def test_the_help_text_needs_no_library() -> None:
    code = """
import contextlib, io, sys
from entigraph.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(["--help"])
print(" ".join(name for name in ("numpy", "scipy", "rich", "pandas", "asyncio", "sqlite3") if name in sys.modules))
"""
    assert run(code) == ""


def test_the_version_stands_in_one_place() -> None:
    from entigraph import __version__

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["dynamic"] == ["version"]
    assert version("entigraph") == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("package", [package for package in PACKAGES if package != "lm"])
def test_a_package_checks_that_what_it_needs_is_ours(package: str, tmp_path: Path) -> None:
    for needed in sorted(MAY_IMPORT[package]):
        stranger = tmp_path / f"beside-{needed}" / needed
        stranger.mkdir(parents=True)
        (stranger / "__init__.py").write_text("")
        code = f"""
import sys
sys.path[:0] = [{str(stranger.parent)!r}, {str(ROOT)!r}]
try:
    import {package}
except ImportError as error:
    print(error)
"""
        said = run(code)
        assert said.startswith(f"{package} needs the package {needed!r}") or f"{needed!r}" in said
        assert str(stranger) in said


def run(code: str) -> str:
    """What a new interpreter prints."""
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
