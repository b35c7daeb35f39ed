"""Every command, option and dictionary entry has its page or help, and what the pages say exists."""

import ast
import doctest
import importlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from analysis import METHODS, TIE_RULES
from entigraph.cli import app
from entigraph.config import SETTINGS
from kg.extract import EXTRACTORS
from kg.stores import STORES
from lm.names import ADAPTERS
from sampling import SAMPLERS
from synthesis.checks import CHECKS
from synthesis.context import CONTEXTS
from synthesis.exports import FORMATS
from synthesis.strategies import STRATEGIES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CODE = ("lm", "kg", "sampling", "synthesis", "analysis", "entigraph")
PAGES_OF: dict[str, Mapping[str, object]] = {
    "samplers": SAMPLERS,
    "strategies": STRATEGIES,
    "stores": STORES,
    "extractors": EXTRACTORS,
    "adapters": ADAPTERS,
}
NAMED_ON: dict[str, Mapping[str, object] | tuple[str, ...]] = {
    "checks.md": CHECKS,
    "exports.md": FORMATS,
    "cli/generate.md": CONTEXTS,
    "cli/simulate.md": (*METHODS, *TIE_RULES),
    "cli/config.md": SETTINGS,
}
GLOBAL = {"--debug", "--version", "--help", "-h"}


@cache
def commands() -> dict[str, Any]:
    """Every command that does something, by its words: "build", "runs show". Any: typer's own click."""
    top = typer.main.get_command(app)

    def walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
        if hasattr(command, "commands"):
            for name, inner in command.commands.items():
                yield from walk(f"{words} {name}".strip(), inner)
        else:
            yield words, command

    return dict(walk("", top))


def options(command: Any) -> set[str]:
    """Every option word of a command, `--no-…` forms and short ones too."""
    return {
        word
        for parameter in command.params
        if parameter.param_type_name == "option"
        for word in (*parameter.opts, *parameter.secondary_opts)
    }


def page_of(words: str) -> Path:
    return DOCS / "cli" / f"{words.split()[0]}.md"


@cache
def pages() -> tuple[Path, ...]:
    """Everything that people read."""
    return (
        *sorted(ROOT.glob("*.md")),
        *sorted(DOCS.rglob("*.md")),
        *sorted((ROOT / "examples").rglob("README.md")),
    )


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("words", commands())
def test_a_command_says_what_it_does_and_what_its_options_mean(words: str) -> None:
    command = commands()[words]
    assert command.help
    silent = [p.name for p in command.params if not getattr(p, "help", None)]
    assert silent == []


@pytest.mark.parametrize("words", commands())
def test_a_command_has_a_page_that_names_each_option(words: str) -> None:
    text = page_of(words).read_text("utf-8")
    assert f"entigraph {words}" in text
    missing = [word for word in options(commands()[words]) - GLOBAL if not names_option(text, word)]
    assert missing == []


def names_option(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


@pytest.mark.parametrize("name", sorted({words.split()[0] for words in commands()}))
def test_a_page_of_a_command_shows_an_example_and_its_exit_codes(name: str) -> None:
    text = page_of(name).read_text("utf-8")
    assert f"$ entigraph {name}" in text
    assert "Exit" in text


def test_no_page_is_left_of_a_command_that_is_gone() -> None:
    pages_there = {path.stem for path in (DOCS / "cli").glob("*.md")}
    assert pages_there == {words.split()[0] for words in commands()}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in PAGES_OF.items() for name in names]
)
def test_an_entry_of_a_dictionary_has_a_page(kind: str, name: str) -> None:
    entries = PAGES_OF[kind]
    # One entry under several names has one page, which names them all.
    same = [other for other in entries if entries[other] is entries[name]]
    found = [page for other in same if (page := DOCS / kind / f"{other}.md").is_file()]
    assert found, f"write {place(DOCS / kind / f'{name}.md')}"
    text = found[0].read_text("utf-8")
    assert text.startswith("# ")
    assert len(same) == 1 or names_option(text, name)


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, names in NAMED_ON.items() for name in names]
)
def test_a_short_entry_is_named_on_the_page_of_its_kind(page: str, name: str) -> None:
    assert f"`{name}`" in (DOCS / page).read_text("utf-8")


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set[Path](), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [target for target, _ in links(page) if target.suffix == ".md" and target.is_file()]
    assert sorted(place(page) for page in set(DOCS.rglob("*.md")) - reached) == []


def test_links_between_pages_lead_somewhere() -> None:
    dead = [
        f"{place(page)}: {written}"
        for page in pages()
        for target, written in links(page)
        if not target.exists()
    ]
    assert dead == []


def links(page: Path) -> Iterator[tuple[Path, str]]:
    for written in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in written and not written.startswith("mailto:"):
            yield (page.parent / written).resolve(), written


def shell_lines() -> list[tuple[str, str]]:
    """Commands of ours that a page shows, in a block of code or between backticks."""
    found = []
    for page in pages():
        inside = False
        for line in page.read_text("utf-8").splitlines():
            inside ^= line.startswith("```")
            shown = re.match(r"(?:\$ )?((?:entigraph|make) \S.*)", line.strip())
            if shown and (inside or line.startswith("    ")):
                found.append((place(page), shown.group(1)))
            else:
                written = re.findall(r"`((?:entigraph|make) [^`]+)`", line)
                found += [(place(page), command) for command in written]
    return found


@pytest.mark.parametrize(
    ("page", "line"), [(p, line) for p, line in shell_lines() if line.startswith("entigraph ")]
)
def test_a_command_that_a_page_shows_exists(page: str, line: str) -> None:
    words = shlex.split(line.split(" | ")[0].split(" > ")[0], comments=True)[1:]
    names = [word for word in words if not word.startswith("-")]
    command = next(
        (commands()[key] for key in (" ".join(names[:2]), names[0] if names else "") if key in commands()),
        None,
    )
    given = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    if command is None:
        group = any(key.startswith(f"{names[0]} ") for key in commands()) if names else True
        assert group, f"{page}: there is no command {line!r}"
        assert given <= GLOBAL or not names
    else:
        assert given - options(command) - GLOBAL == set(), f"{page}: {line}"


def test_a_make_target_that_a_page_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = {(page, line.split()[1]) for page, line in shell_lines() if line.startswith("make ")}
    assert {
        (page, target) for page, target in shown if re.fullmatch("[a-z-]+", target) and target not in targets
    } == set()


def test_an_extra_that_is_named_anywhere_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    sources = [*pages(), *(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))]
    unknown = {
        f"{place(path)}: {name}"
        for path in sources
        for names in re.findall(r"entigraph\[([a-z0-9,-]+)\]", path.read_text("utf-8"))
        for name in names.split(",")
        if name not in extras
    }
    assert unknown == set()


@pytest.mark.slow
def test_a_message_of_the_program_names_no_command_that_is_not_there() -> None:
    known = {words.split()[0] for words in commands()} | set(commands())
    unknown = {
        f"{place(path)}:{node.lineno}: entigraph {words}"
        for folder in CODE
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for words in re.findall(r"['`]entigraph ([a-z][a-z0-9]+(?: [a-z]+)?)", node.value)
        if words not in known and words.split()[0] not in known
    }
    assert unknown == set()


def python_table() -> list[tuple[str, str]]:
    """The rows of docs/python.md: command and the calls beside it."""
    text = (DOCS / "python.md").read_text("utf-8")
    return re.findall(r"^\| `entigraph ([a-z0-9 ]+)` \| (.+?) \|", text, re.MULTILINE)


def test_every_command_stands_beside_a_python_call() -> None:
    assert sorted(words for words, _ in python_table()) == sorted(commands())


@pytest.mark.parametrize(("words", "calls"), python_table())
def test_a_python_call_beside_a_command_exists(words: str, calls: str) -> None:
    names = re.findall(r"`([a-z]+(?:\.[A-Za-z_][A-Za-z_0-9]*)+)", calls)
    assert names, f"no call beside entigraph {words}"
    for name in names:
        assert callable(found(name)) or isinstance(found(name), property), name


@pytest.mark.slow
def test_the_python_page_runs_as_it_stands(tmp_path: Path) -> None:
    shown = dict(
        re.findall(r"```(python|text)\n(.*?)```", (DOCS / "python.md").read_text("utf-8"), re.DOTALL)
    )
    command = [sys.executable, "-c", shown["python"]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == shown["text"]


@pytest.mark.slow
@pytest.mark.pipeline
def test_the_shell_lines_of_the_readme_run(tmp_path: Path) -> None:
    shown = re.findall(r"```(sh|python)\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for language, code in shown:
        command = ["bash", "-euc", code] if language == "sh" else [sys.executable, "-c", code]
        environment = os.environ | {"PATH": path}
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr


def found(name: str) -> Any:
    """What a dotted name means: a module's longest part, then attributes."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            value = getattr(value, part)
        return value
    raise AssertionError(f"there is no {name}")


def with_examples() -> list[str]:
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        if ">>> " in path.read_text("utf-8")
    ]


@pytest.mark.parametrize("name", with_examples())
def test_the_examples_in_a_module_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert result.failed == 0


def test_contributing_stays_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) < 120
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 120
