"""The jars of Neo4j: those of an installed one, or fetched by Maven into the user's cache. We ship none."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from entigraph.config import child_environment
from entigraph.neo4j_server.java import Java
from entigraph.neo4j_server.layout import ServerError, check_room
from entigraph.neo4j_server.processes import waited_lock

VERSION = "5.26.30"
BROWSER_VERSION = "5.24.0"
PLUGIN_VERSION = "3.8.1"
FETCH_BYTES = 450_000_000  # the jars once in Maven's own folder and once in ours, with room to spare
FETCH_SECONDS = 1800.0

# Versions are pinned: Maven took 7 minutes to look through a range. The browser's jar is its page alone.
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>entigraph</groupId>
  <artifactId>neo4j-jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j.assembly</groupId>
      <artifactId>neo4j-community-standalone</artifactId>
      <version>{VERSION}</version>
      <type>pom</type>
    </dependency>
    <dependency>
      <groupId>org.neo4j.client</groupId>
      <artifactId>neo4j-browser</artifactId>
      <version>{BROWSER_VERSION}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
  </dependencies>
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId>
    <artifactId>maven-dependency-plugin</artifactId>
    <version>{PLUGIN_VERSION}</version>
  </plugin></plugins></build>
</project>
"""


@dataclass(frozen=True, slots=True)
class Jars:
    """A folder of jars and the version of Neo4j they are."""

    folder: Path
    version: str


def installed_jars() -> Jars:
    """The jars of the `neo4j` on the PATH, if it is a Community of version 5. Raises ServerError."""
    program = shutil.which("neo4j")
    if program is None:
        raise ServerError("there is no 'neo4j' on the PATH")
    home = Path(program).resolve().parent.parent
    for folder in (home / "lib", home / "libexec" / "lib", home / "share" / "neo4j" / "lib"):
        found = (re.fullmatch(r"neo4j-kernel-(\d.*)\.jar", jar.name) for jar in sorted(folder.glob("*.jar")))
        version = next((match[1] for match in found if match), None)
        if version is None:
            continue
        if not version.startswith("5."):
            raise ServerError(f"the installed Neo4j {version} ({program}) is not of version 5")
        if any(folder.glob("neo4j-enterprise-*.jar")):
            raise ServerError(f"the installed Neo4j {version} ({program}) is not the Community edition")
        return Jars(folder, version)
    raise ServerError(f"no jars of Neo4j lie beside {program!r}")


def maven_jars(cache: Path, java: Java, say: Callable[[str], None]) -> Jars:
    """The pinned jars in the cache; Maven fetches them the first time. Raises ServerError.

    They are fetched into a folder of their own that gets its name when it is whole; jars that were
    lost or cut since then are fetched again. One process fetches, others wait for it.
    """
    target = cache / f"{VERSION}-community"
    if is_whole(target):
        return Jars(target / "lib", VERSION)
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerError("there is no Maven ('mvn') to fetch Neo4j; 'apt-get install maven' installs it")
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError(
            f"cannot keep the jars of Neo4j in {str(cache)!r}: {error.strerror}. "
            "ENTIGRAPH_NEO4J_CACHE names another folder"
        ) from None
    with waited_lock(cache / "lock", lambda: say("another process fetches the jars; waiting for it")):
        if is_whole(target):
            return Jars(target / "lib", VERSION)
        for old in cache.glob("fetching-*"):  # of one that was killed
            shutil.rmtree(old, ignore_errors=True)
        check_room(cache, FETCH_BYTES, "the jars of Neo4j", "ENTIGRAPH_NEO4J_CACHE")
        say(f"fetching Neo4j {VERSION} with Maven, once: 226 jars, 140 MB")
        room = Path(tempfile.mkdtemp(prefix="fetching-", dir=cache))
        try:
            _fetch(maven, java, room)
            shutil.rmtree(target, ignore_errors=True)
            room.rename(target)
        finally:
            shutil.rmtree(room, ignore_errors=True)
    return Jars(target / "lib", VERSION)


def is_whole(target: Path) -> bool:
    """Whether every jar that was fetched is there with the size it had."""
    try:
        sizes = json.loads((target / "jars.json").read_text("utf-8"))
        return bool(sizes) and all((target / "lib" / name).stat().st_size == n for name, n in sizes.items())
    except (OSError, ValueError, AttributeError):
        return False


def _fetch(maven: str, java: Java, room: Path) -> None:
    (room / "pom.xml").write_text(POM, "utf-8")
    command = [maven, "-B", "-q", "-C", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
    command.append("-DincludeScope=runtime")
    try:
        done = subprocess.run(
            command,
            cwd=room,
            env=child_environment(JAVA_HOME=str(java.home)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ServerError(f"Maven did not fetch Neo4j within {FETCH_SECONDS / 60:.0f} minutes") from None
    except OSError as error:
        raise ServerError(f"cannot run {maven!r}: {error.strerror}") from None
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout.decode("utf-8", "replace")).splitlines()
    lines = tuple(line.strip() for line in said if line.strip())
    jars = sorted((room / "lib").glob("*.jar"))
    if done.returncode or not any(jar.name == f"neo4j-server-{VERSION}.jar" for jar in jars):
        why = next((line.removeprefix("[ERROR] ") for line in lines if line.startswith("[ERROR]")), "")
        why = why or (lines[-1] if lines else f"exit code {done.returncode}")
        raise ServerError(
            f"Maven cannot fetch Neo4j {VERSION}: {why[:400]}. Can it reach its repository (proxy, mirror in "
            "its settings.xml)? Jars that came are kept by Maven; start again to go on",
            lines[-20:],
        )
    for other in (room / "lib").iterdir():
        if other.suffix != ".jar":
            other.unlink()
    with suppress(OSError):
        os.sync()
    sizes = {jar.name: jar.stat().st_size for jar in jars}
    (room / "jars.json").write_text(json.dumps(sizes, indent=1) + "\n", "utf-8")
