"""A Java that Neo4j 5 runs on, among those that are installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from entigraph.config import java_home
from entigraph.neo4j_server.layout import ServerError

FITTING = (17, 21)
PLACES = (
    "/usr/lib/jvm/*/bin/java",
    "/usr/java/*/bin/java",
    "/opt/*/bin/java",
    "/opt/homebrew/opt/openjdk*/bin/java",
    "/usr/local/opt/openjdk*/bin/java",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
)
PLACES_AT_HOME = (
    ".sdkman/candidates/java/*/bin/java",
    ".jdks/*/bin/java",
    ".jenv/versions/*/bin/java",
    ".local/share/mise/installs/java/*/bin/java",
    ".asdf/installs/java/*/bin/java",
    "Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
)
HOW = "'apt-get install openjdk-17-jre-headless' (Debian, Ubuntu) or 'brew install openjdk@21' (macOS)"


@dataclass(frozen=True, slots=True)
class Java:
    """An installed Java: its program, its major version, its home."""

    program: Path
    major: int
    home: Path

    def __str__(self) -> str:
        return f"Java {self.major} ({self.program})"


def find_java(named: str | None = None) -> Java:
    """The first installed Java that fits; only `named` where one is named. Raises ServerError.

    One that does not fit is passed over, also if it is the first on the PATH.
    """
    if named:
        program = Path(shutil.which(named) or named).expanduser()
        java = examined(program / "bin" / "java" if program.is_dir() else program)
        if java is None:
            raise ServerError(f"cannot use {named!r} as Java: it does not run as one. {_wanted()}")
        if java.major not in FITTING:
            raise ServerError(f"Neo4j 5 does not run on {java}. {_wanted()}")
        return java
    seen = []
    for java in installed():
        if java.major in FITTING:
            return java
        seen.append(str(java))
    raise ServerError(
        f"no Java here that Neo4j 5 runs on: {', '.join(seen) or 'none was found'}. {_wanted()}"
    )


def installed() -> Iterator[Java]:
    """Every Java found: JAVA_HOME, the PATH, then where systems and version tools put them."""
    done = set[Path]()
    for program in _programs():
        real = program.resolve()
        if real not in done and os.access(real, os.X_OK):
            done.add(real)
            if java := examined(program):
                yield java


def examined(program: Path) -> Java | None:
    """The Java that this program says it is, None where it does not say."""
    command = [str(program), "-XshowSettings:properties", "-version"]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=30, check=False, text=True, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stderr + done.stdout
    version = re.search(r'version "(?:1\.)?(\d+)', said)
    if done.returncode or version is None:
        return None
    home = re.search(r"java\.home = (.+)", said)
    return Java(program, int(version[1]), Path(home[1].strip()) if home else program.resolve().parent.parent)


def _programs() -> Iterable[Path]:
    if named := java_home():
        yield Path(named) / "bin" / "java"
    for folder in os.get_exec_path():
        yield Path(folder) / "java"
    for pattern in PLACES:
        yield from sorted(Path("/").glob(pattern[1:]))
    for pattern in PLACES_AT_HOME:
        yield from sorted(Path.home().glob(pattern))


def _wanted() -> str:
    versions = " or ".join(map(str, FITTING))
    return f"Install Java {versions}: {HOW}; --java names one that is not found by itself"
