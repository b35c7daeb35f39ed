"""What every command promises: settings, help, a log without secrets, and a stdout that is data only."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.entigraph.promised import (
    ECHO,
    SAMPLE,
    promises,
)

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer


@pytest.mark.slow
def test_settings_say_where_they_come_from_and_flags_stand_above_all(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    def temperature(*words: str, env: dict[str, str] | None = None) -> tuple[float, str]:
        found = entigraph("config", corpus, "--json", *words, env=env).json["temperature"]
        return float(found["value"]), found["origin"]

    assert temperature() == (0.8, "default")
    (home / "config.toml").write_text("temperature = 0.1\n")
    assert temperature() == (0.1, str(home / "config.toml"))
    assert temperature("--set", "temperature=0.2") == (0.2, "corpus")
    above = {"ENTIGRAPH_TEMPERATURE": "0.3"}
    assert temperature(env=above) == (0.3, "environment")
    words = ("generate", corpus, *ECHO, "-n", 1, "--dry-run", "--json", "--temperature", "0.4")
    assert entigraph(*words, env=above).json["requests"][0]["temperature"] == 0.4
    assert temperature("--set", "temperature=") == (0.1, str(home / "config.toml"))


def test_pinned_models_are_listed_with_their_licence(entigraph: "Program") -> None:
    rows = entigraph("models", "list", "--json").rows
    assert {"qwen2.5-coder-1.5b", "smollm2-135m", "en_core_web_sm"} <= {row["name"] for row in rows}
    assert all(row["licence"] and not row["present"] for row in rows)


def test_the_version_is_said(entigraph: "Program") -> None:
    from entigraph import __version__

    assert entigraph("--version").out == f"entigraph {__version__}\n"


@pytest.mark.slow
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    from entigraph.cli import app

    def commands(words: list[str], command: object) -> "list[list[str]]":
        inner = getattr(command, "commands", {})
        return [words] + [found for name in inner for found in commands([*words, name], inner[name])]

    every = commands([], typer.main.get_command(app))
    assert ["entities", "merge"] in every
    assert len(every) > 20
    for words in every:
        with pytest.raises(SystemExit) as ended:
            app([*words, "-h"], prog_name="entigraph")
        said = capsys.readouterr()
        assert ended.value.code == 0
        assert not said.err
        assert said.out.startswith(f"Usage: entigraph {' '.join(words)}".rstrip())


def test_help_is_quick_because_it_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom entigraph.cli import main\ntry:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\nprint(*sorted(sys.modules), file=sys.stderr)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "numpy",
        "scipy",
        "pandas",
        "networkx",
        "pyarrow",
        "aiohttp",
        "spacy",
        "jieba",
        "sqlite3",
        "rich",
    }
    assert not heavy & set(loaded.stderr.split())


@pytest.mark.slow
def test_every_command_leaves_a_line_in_the_log_and_no_secret(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    server.key = "sk-right"
    host = f"127_0_0_1_{server.port}"
    words = ("generate", corpus, "--model", server.name, "-n", 1, "--checks", "none")
    assert entigraph(*words, env={f"ENTIGRAPH_KEY_{host}": "sk-right"}).code == 0
    denied = entigraph(*words, env={f"ENTIGRAPH_KEY_{host}": "sk-wrong"})
    assert denied.code == 1
    log = (home / "entigraph.log").read_text("utf-8")
    assert "exit 0" in log
    assert f"exit {denied.code}" in log
    assert "entigraph generate" in log
    everything = log + denied.out + denied.err
    everything += (home / corpus / "journal" / "calls.jsonl").read_text("utf-8")
    assert "sk-" not in everything


@pytest.mark.slow
def test_a_reader_that_goes_away_ends_the_command_quietly(
    home: Path, program: list[str], env: dict[str, str]
) -> None:
    (home / "g.csv").write_text("source,target\n" + "".join(f"{n},{n + 1}\n" for n in range(3_000)))
    words = [*program, "sample", "g.csv", "--json"]  # more than a pipe holds
    with subprocess.Popen(
        words, cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert promises(SAMPLE, json.loads(process.stdout.readline()))
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (0, "")


@pytest.mark.slow
def test_work_goes_on_when_nobody_reads_its_talk(
    entigraph: "Program", corpus: str, home: Path, program: list[str], env: dict[str, str]
) -> None:
    words = [*program, "generate", corpus, "--model", "echo:delay=0.3", "--checks", "copying", "-n", "4"]
    process = subprocess.Popen(words, cwd=home, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stderr is not None
    process.stderr.close()
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"")
    assert entigraph("stats", corpus, "--json").json["rejected"] == 4


@pytest.mark.slow
def test_stdout_is_data_only_and_the_talk_goes_to_stderr(entigraph: "Program", corpus: str) -> None:
    done = entigraph("generate", corpus, *ECHO, "-n", 2)
    assert done.out == ""
    assert "2 planned: 2 accepted" in done.err
    assert entigraph("sample", corpus, "-n", 2, "--report", "--json").rows != []
