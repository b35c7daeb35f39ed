"""The local adapter. Plumbing only: the small model's texts are poor."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from lm.base import BadRequest, Request, ServerError, chat
from lm.llama import CannotRun
from lm.local import Local, LocalSpec
from lm.names import connect
from lm.pins import find
from lm.tokens import estimate

T = TypeVar("T")
SMALL = "smollm2-135m"


@pytest.fixture(scope="session")
def small(small_model: Path) -> Path:
    """The small model's file, and a runtime for it."""
    pytest.importorskip("xllamacpp", reason="xllamacpp is not installed: pip install 'entigraph[local]'")
    return small_model


def with_model(path: Path, use: Callable[[Local], Awaitable[T]], context_tokens: int = 2048) -> T:
    """What `use` gives for a model that is closed again, whatever happens."""

    async def run() -> T:
        model = Local(path, context_tokens=context_tokens)
        try:
            return await use(model)
        finally:
            await model.aclose()

    return asyncio.run(run())


def ask(model: Local, words: str, **more: object) -> Request:
    return Request(chat(words), model.name, **{"max_tokens": 12, "temperature": 0.0, **more})  # type: ignore[arg-type]


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.1)
    return true()


# ---- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("local", LocalSpec("qwen2.5-coder-1.5b")),
        ("local:smollm2-135m", LocalSpec("smollm2-135m")),
        ("local:smollm2-135m?threads=2&context=4096&slots=3", LocalSpec("smollm2-135m", 2, 4096, 3)),
        ("local?threads=2", LocalSpec("qwen2.5-coder-1.5b", 2)),
        ("a folder/local.gguf", LocalSpec("a folder/local.gguf")),
        ("local:/tmp/x.gguf", LocalSpec("/tmp/x.gguf")),
    ],
)
def test_a_name_says_which_model_and_how_to_run_it(text: str, spec: LocalSpec) -> None:
    assert LocalSpec.parse(text) == spec


def test_threads_in_the_name_go_before_threads_given() -> None:
    assert LocalSpec.parse("local", threads=3).threads == 3
    assert LocalSpec.parse("local?threads=2", threads=3).threads == 2


@pytest.mark.parametrize(
    "text", ["local?thread=2", "local?threads=many", "local?threads=-1", "local?threads="]
)
def test_an_unknown_option_is_answered_with_the_known_ones(text: str) -> None:
    with pytest.raises(ValueError, match="threads=N, context=TOKENS and slots=N"):
        LocalSpec.parse(text)


def test_a_useless_number_is_refused_before_anything_runs() -> None:
    with pytest.raises(ValueError, match="threads of a local model is at least 1, not 0"):
        Local(Path("x.gguf"), threads=0)
    with pytest.raises(ValueError, match="context_tokens of a local model is at least 256, not 10"):
        LocalSpec.parse("local?context=10")


def test_a_model_that_was_not_pulled_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"\(1,117 MB\) with 'entigraph models pull qwen2\.5-coder-1\.5b'"):
        connect("local", models_folder=tmp_path)


def test_a_pipeline_is_no_language_model(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="en_core_web_sm is no language model"):
        Local.open("local:en_core_web_sm", cache_folder=tmp_path)


def test_two_files_of_one_name_are_two_models(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "m.gguf" for folder in "ab"]
    for number, path in enumerate(paths):
        path.parent.mkdir()
        path.write_bytes(b"GGUF" + bytes([number]))
    names = {Local(path).name for path in paths}
    assert len(names) == 2
    assert all(name.startswith("local:m-") for name in names)


# ---- files that are no model ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (None, "there is no model file"),
        (b"", "not a GGUF file: it begins with b''"),
        (b"<!DOCTYPE html>", "not a GGUF file: it begins with b'<!DO'"),
    ],
)
def test_a_file_that_is_no_model_is_refused_without_a_start(
    content: bytes | None, match: str, tmp_path: Path
) -> None:
    pytest.importorskip("xllamacpp")
    path = tmp_path / "x.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CannotRun, match=match):
        with_model(path, lambda model: model.check())


def test_a_pinned_file_that_is_cut_short_says_how_many_bytes_are_missing(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    path = tmp_path / find(SMALL).file
    path.write_bytes(b"GGUF")
    with pytest.raises(CannotRun, match=rf"holds 4 bytes where 98362432 are pinned.*pull {SMALL}"):
        with_model(path, lambda model: model.check())


def test_another_file_that_is_cut_short_tells_the_server_s_last_words(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    with small.open("rb") as file:
        path.write_bytes(file.read(20_000_000))
    with pytest.raises(CannotRun, match=r"did not start: .*failed to load model"):
        with_model(path, lambda model: model.complete(ask(model, "Hello.")))


def test_a_missing_libgomp_is_answered_with_the_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "libgomp.so.1: cannot open shared object file: No such file or directory"
    (tmp_path / "xllamacpp.py").write_text(f"raise ImportError({said!r})")
    path = tmp_path / "x.gguf"
    path.write_bytes(b"GGUF")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # for the child, which meets this module first
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(CannotRun, match="apt-get install libgomp1"):
        with_model(path, lambda model: model.complete(ask(model, "Hello.")))


def test_a_missing_runtime_is_answered_with_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lm.llama.importlib.util.find_spec", lambda name: None)
    with pytest.raises(CannotRun, match=r"pip install 'entigraph\[local\]'"):
        with_model(Path("x.gguf"), lambda model: model.check())


# ---- a running server ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_answer_comes_whole_and_in_pieces_and_nothing_runs_before_or_after(small: Path) -> None:
    async def use(model: Local) -> None:
        assert model.pid is None
        assert model.count_tokens("hello world, once more") == estimate("hello world, once more")
        whole = await model.complete(ask(model, "Say: the tide is out."))
        pid = model.pid
        assert pid is not None
        assert whole.text
        assert whole.tokens_in > 5
        assert 0 < whole.tokens_out <= 12
        assert whole.cost_usd == 0.0
        assert whole.model == model.name
        pieces: list[str] = []
        again = await model.complete(ask(model, "Say: the tide is out."), pieces.append)
        assert again.text == whole.text == "".join(pieces)
        assert len(pieces) > 1
        assert model.count_tokens("hello world") == 2
        assert (await model.complete(ask(model, "After a stream."))).text
        await model.aclose()
        await model.aclose()
        assert not psutil.pid_exists(pid)
        assert (await model.complete(ask(model, "Say: the tide is out."))).text == whole.text

    with_model(small, use)


@pytest.mark.slow
def test_a_schema_and_a_stop_word_are_followed(small: Path) -> None:
    async def use(model: Local) -> None:
        import json

        schema = {
            "type": "object",
            "properties": {
                "colour": {"type": "string", "enum": ["red", "blue"]},
                "count": {"type": "integer", "minimum": 0, "maximum": 9},
            },
            "required": ["colour", "count"],
            "additionalProperties": False,
        }
        said = await model.complete(ask(model, "A colour and a count.", schema=schema, max_tokens=60))
        found = json.loads(said.text)
        assert found["colour"] in ("red", "blue")
        assert found["count"] in range(10)
        free = await model.complete(ask(model, "Count: one, two, three, four", max_tokens=30))
        word = free.text.split()[3]
        cut = await model.complete(ask(model, "Count: one, two, three, four", max_tokens=30, stop=(word,)))
        assert cut.finish == "stop"
        assert word not in cut.text

    with_model(small, use)


def test_an_overlong_prompt_is_refused_with_the_numbers(small: Path) -> None:
    async def use(model: Local) -> None:
        with pytest.raises(BadRequest, match=r"\d{4} tokens.*512 tokens.*context=16384"):
            await model.complete(ask(model, "word " * 3000))

    with_model(small, use, context_tokens=512)


@pytest.mark.slow
def test_requests_at_once_are_answered_one_after_another(small: Path) -> None:
    async def use(model: Local) -> None:
        said = await asyncio.gather(*(model.complete(ask(model, f"Number {n}.")) for n in range(4)))
        assert all(one.text for one in said)
        assert len({one.text for one in said}) > 1

    with_model(small, use)


@pytest.mark.slow
def test_a_server_that_is_killed_is_started_again(small: Path) -> None:
    async def use(model: Local) -> None:
        await model.complete(ask(model, "Hello."))
        assert model.pid is not None
        writing = asyncio.create_task(
            model.complete(ask(model, "Write a long story.", max_tokens=1500, temperature=1.0))
        )
        await asyncio.sleep(0.5)
        os.kill(model.pid, signal.SIGKILL)
        with pytest.raises(ServerError, match="ended while it wrote"):
            await writing
        assert (await model.complete(ask(model, "Hello."))).text

    with_model(small, use)


@pytest.mark.slow
def test_a_request_given_up_leaves_the_server_free_for_the_next(small: Path) -> None:
    async def use(model: Local) -> None:
        await model.complete(ask(model, "Hello."))
        writing = asyncio.create_task(model.complete(ask(model, "A long story.", max_tokens=1500)))
        await asyncio.sleep(0.3)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        async with asyncio.timeout(60):
            assert (await model.complete(ask(model, "Hello."))).text

    with_model(small, use)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGKILL", "exit", "another child holds the pipe"])
def test_no_server_is_left_when_its_parent_is_gone(how: str, small: Path) -> None:
    code = f"""
import asyncio, os, sys, time
from pathlib import Path
from lm.base import Request, chat
from lm.local import Local
model = Local(Path({str(small)!r}), context_tokens=512)
asyncio.run(model.complete(Request(chat("Hello."), model.name, max_tokens=4)))
if {how!r}.startswith("another") and os.fork() == 0:
    os.close(1)
    time.sleep(20)
    os._exit(0)
print(model.pid, flush=True)
if {how!r} != "exit":
    time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    if how == "exit":
        parent.wait(timeout=30)
    else:
        assert psutil.pid_exists(pid)
        parent.kill()
    parent.communicate()
    assert wait_until(lambda: not psutil.pid_exists(pid), seconds=15)
