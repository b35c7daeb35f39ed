"""What `entigraph neo4j` finds on a machine and says about it, without any server started."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from entigraph import config, neo4j_server
from entigraph.neo4j_server import ServerError
from entigraph.neo4j_server.jars import POM, VERSION, installed_jars, maven_jars
from entigraph.neo4j_server.java import Java, find_java
from entigraph.neo4j_server.launching import WAYS, find_way
from entigraph.neo4j_server.layout import Layout, State

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

JAVA_SAYS = """Property settings:
    java.home = {home}
    java.version = {version}.0.1
openjdk version "{version}.0.1" 2026-04-21 LTS
OpenJDK Runtime Environment (build {version}.0.1+8-LTS)
"""


def script(path: Path, text: str) -> Path:
    """A program that is not the one it is called after."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def java_at(home: Path, version: int) -> Path:
    """A java that says its version as real ones do, and does nothing else."""
    said = JAVA_SAYS.format(home=home, version=version)
    return script(home / "bin" / "java", f"cat >&2 <<'END'\n{said}END")


def jars_at(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"jar")
    return folder


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Java, Maven, Neo4j and Docker; its one folder of programs."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "cat", "mkdir", "env"):
        (programs / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("entigraph.neo4j_server.java.PLACES", (str(tmp_path / "jvm" / "*" / "bin" / "java"),))
    return programs


@pytest.fixture
def java(tmp_path: Path) -> Java:
    return Java(tmp_path / "bin" / "java", 17, tmp_path)


def silent(_: str) -> None:
    pass


# ---- Java ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [17, 21])
def test_a_java_that_fits_is_found_on_the_path(bare: Path, tmp_path: Path, version: int) -> None:
    program = java_at(tmp_path / "jdk", version)
    (bare / "java").symlink_to(program)
    assert find_java() == Java(bare / "java", version, tmp_path / "jdk")


def test_a_java_that_does_not_fit_is_passed_over(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java_at(tmp_path / "named", 25)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "named"))
    (bare / "java").symlink_to(java_at(tmp_path / "first", 8))
    script(tmp_path / "jvm" / "a-broken" / "bin" / "java", "exit 1")
    java_at(tmp_path / "jvm" / "b-fits", 21)
    assert find_java().home == tmp_path / "jvm" / "b-fits"


def test_a_java_of_a_version_tool_is_found(bare: Path, tmp_path: Path) -> None:
    java_at(tmp_path / ".sdkman" / "candidates" / "java" / "17.0.9-tem", 17)
    assert find_java().major == 17


def test_no_fitting_java_names_those_seen_and_how_to_install_one(bare: Path, tmp_path: Path) -> None:
    program = java_at(tmp_path / "jvm" / "temurin-25", 25)
    with pytest.raises(ServerError) as error:
        find_java()
    assert str(error.value) == (
        f"no Java here that Neo4j 5 runs on: Java 25 ({program}). Install Java 17 or 21: 'apt-get install "
        "openjdk-17-jre-headless' (Debian, Ubuntu) or 'brew install openjdk@21' (macOS); --java names one that "
        "is not found by itself"
    )


def test_a_java_that_is_named_is_used_or_refused_never_replaced(bare: Path, tmp_path: Path) -> None:
    java_at(tmp_path / "jvm" / "fits", 17)
    with pytest.raises(ServerError, match=r"does not run on Java 25 .*Install Java 17 or 21"):
        find_java(str(java_at(tmp_path / "new", 25)))
    with pytest.raises(ServerError, match="does not run as one"):
        find_java(str(tmp_path / "nowhere"))
    assert find_java(str(java_at(tmp_path / "other", 21).parent.parent)).major == 21


def test_the_old_way_to_number_versions_is_understood(bare: Path, tmp_path: Path) -> None:
    script(tmp_path / "jvm" / "old" / "bin" / "java", """echo 'java version "1.8.0_392"' >&2""")
    with pytest.raises(ServerError, match=r"Java 8 \("):
        find_java()


# ---- jars ----------------------------------------------------------------------------------------


def test_every_version_in_the_pom_is_pinned_and_no_host_is_named() -> None:
    versions = re.findall(r"<version>(.*?)</version>", POM)
    assert [version for version in versions if not re.fullmatch(r"\d+(\.\d+)*", version)] == []
    assert "//" not in POM.replace("http://maven.apache.org/POM/4.0.0", "")


def test_an_installed_neo4j_of_version_5_is_taken(bare: Path, tmp_path: Path) -> None:
    (bare / "neo4j").symlink_to(script(tmp_path / "opt" / "bin" / "neo4j", "exit 1"))
    lib = jars_at(tmp_path / "opt" / "lib", "neo4j-kernel-api-5.20.0.jar", "neo4j-kernel-5.20.0.jar")
    jars = installed_jars()
    assert (jars.folder, jars.version) == (lib, "5.20.0")


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["neo4j-kernel-2026.10.0.jar"], "the installed Neo4j 2026.10.0 .* is not of version 5"),
        (["neo4j-kernel-4.4.40.jar"], "the installed Neo4j 4.4.40 .* is not of version 5"),
        (["neo4j-kernel-5.26.0.jar", "neo4j-enterprise-kernel-5.26.0.jar"], "is not the Community edition"),
        ([], "no jars of Neo4j lie beside"),
    ],
)
def test_another_installed_neo4j_is_left_alone_and_says_why(
    bare: Path, tmp_path: Path, names: list[str], why: str
) -> None:
    (bare / "neo4j").symlink_to(script(tmp_path / "opt" / "bin" / "neo4j", "exit 1"))
    jars_at(tmp_path / "opt" / "lib", *names)
    with pytest.raises(ServerError, match=why):
        installed_jars()


FETCHES = (
    f"mkdir lib; for name in a neo4j-server-{VERSION}; do echo jar > lib/$name.jar; done; echo x > lib/x.pom"
)


def test_jars_are_fetched_once(bare: Path, tmp_path: Path, java: Java) -> None:
    script(bare / "mvn", FETCHES)
    said: list[str] = []
    jars = maven_jars(tmp_path / "cache", java, said.append)
    assert sorted(path.name for path in jars.folder.iterdir()) == ["a.jar", f"neo4j-server-{VERSION}.jar"]
    script(bare / "mvn", "exit 1")
    assert maven_jars(tmp_path / "cache", java, said.append) == jars
    assert said == [f"fetching Neo4j {VERSION} with Maven, once: 226 jars, 140 MB"]


def test_a_jar_that_was_cut_or_lost_is_fetched_again(bare: Path, tmp_path: Path, java: Java) -> None:
    script(bare / "mvn", FETCHES)
    folder = maven_jars(tmp_path / "cache", java, silent).folder
    for damage in (lambda: (folder / "a.jar").write_bytes(b""), lambda: (folder / "a.jar").unlink()):
        damage()
        maven_jars(tmp_path / "cache", java, silent)
        assert (folder / "a.jar").read_text() == "jar\n"


def test_what_a_fetch_that_broke_off_left_is_never_used(bare: Path, tmp_path: Path, java: Java) -> None:
    script(bare / "mvn", f"{FETCHES}; kill -9 $PPID")
    code = (
        "import sys; from pathlib import Path; from entigraph.neo4j_server.jars import maven_jars\n"
        "from entigraph.neo4j_server.java import Java\n"
        "maven_jars(Path(sys.argv[1]), Java(Path('java'), 17, Path('.')), print)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "cache")], check=False)
    assert killed.returncode < 0
    left = [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()]
    assert [name.partition("-")[0] for name in left] == ["fetching"]
    script(bare / "mvn", FETCHES)
    maven_jars(tmp_path / "cache", java, silent)
    left = [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()]
    assert left == [f"{VERSION}-community"]


def test_what_maven_says_stands_in_the_message(bare: Path, tmp_path: Path, java: Java) -> None:
    script(bare / "mvn", "echo '[ERROR] Could not transfer artifact: Connection refused'; echo more; exit 1")
    with pytest.raises(ServerError) as error:
        maven_jars(tmp_path / "cache", java, silent)
    assert (
        f"Maven cannot fetch Neo4j {VERSION}: Could not transfer artifact: Connection refused. Can it"
        in str(error.value)
    )
    assert error.value.log[-1] == "more"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["lock"]


def test_a_maven_that_brings_nothing_is_an_error(bare: Path, tmp_path: Path, java: Java) -> None:
    script(bare / "mvn", "mkdir lib; echo jar > lib/other.jar")
    with pytest.raises(ServerError, match="Maven cannot fetch"):
        maven_jars(tmp_path / "cache", java, silent)


def test_a_full_disk_is_said_before_anything_is_fetched(
    bare: Path, tmp_path: Path, java: Java, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=100_000_000))
    script(bare / "mvn", "exit 1")
    with pytest.raises(ServerError, match=r"need 450 MB under .*, there are 100 MB free\. .*NEO4J_CACHE"):
        maven_jars(tmp_path / "cache", java, silent)


def test_where_nothing_is_installed_every_way_says_what_it_lacks(bare: Path, tmp_path: Path) -> None:
    java_at(tmp_path / "jvm" / "fits", 17)
    with pytest.raises(ServerError) as error:
        find_way(None, tmp_path / "cache", None, silent)
    assert str(error.value) == (
        "no way to run Neo4j here. installed: there is no 'neo4j' on the PATH. maven: there is no Maven ('mvn') to "
        "fetch Neo4j; 'apt-get install maven' installs it. docker: there is no 'docker' on the PATH"
    )


def test_a_docker_daemon_that_does_not_answer_is_no_way(bare: Path, tmp_path: Path) -> None:
    script(bare / "docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    with pytest.raises(ServerError, match="docker: the Docker daemon does not answer"):
        find_way("docker", tmp_path / "cache", None, silent)


# ---- wrong use, stale files ----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["start", "--heap", "much"], "a heap is a size such as 512m or 2g, not 'much'"),
        (["start", "--heap", "1m"], "Neo4j does not start with a heap of 1m"),
        (["start", "--bolt-port", "70000"], "a port lies between 1 and 65535, seen 70000"),
        (["start", "--bolt-port", "0"], "a port lies between 1 and 65535, seen 0"),
        (["start", "--bolt-port", "7999", "--http-port", "7999"], "a port each, seen 7999 for both"),
        (["start", "--way", "podman"], f"one of {', '.join(WAYS)}, not 'podman'"),
        (["logs", "-n", "0"], "should be greater than or equal to 1"),
        (["wipe"], "name the corpus to remove"),
        (["wipe", "bolt://127.0.0.1:1"], "give one of them"),
        (["wipe", "bolt://127.0.0.1:1#a", "--all"], "give one of them"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_made(
    entigraph: "Program", home: Path, words: list[str], said: str
) -> None:
    outcome = entigraph("neo4j", *words, env={"ENTIGRAPH_NEO4J_HOME": str(home / "server")})
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err
    assert not (home / "server").exists()


@pytest.mark.slow
def test_where_no_server_was_ever_started_each_command_says_so(entigraph: "Program", home: Path) -> None:
    env = {"ENTIGRAPH_NEO4J_HOME": str(home / "server")}
    status = entigraph("neo4j", "status", env=env)
    assert (status.code, status.out) == (3, "")
    assert status.said == ["Neo4j does not run; start it with 'entigraph neo4j start'"]
    assert entigraph("neo4j", "status", "--json", env=env).json["running"] is False
    stop = entigraph("neo4j", "stop", env=env)
    assert (stop.code, stop.said) == (0, ["Neo4j does not run; nothing to stop"])
    logs = entigraph("neo4j", "logs", env=env)
    assert (logs.code, logs.out) == (0, "")
    assert not (home / "server").exists()


def test_a_number_of_a_process_that_went_to_another_program_is_not_our_server(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "server")
    layout.home.mkdir()
    with subprocess.Popen(["sleep", "60"]) as other:
        layout.keep(State("maven", VERSION, 7687, 7474, pid=other.pid))
        assert neo4j_server.status(layout.home).running is False
        assert neo4j_server.stop(layout.home) is False
        assert other.poll() is None, "it was left alone"
        other.kill()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"way": 1}', '{"pid": "x"}'])
def test_a_damaged_note_of_what_runs_is_no_server(tmp_path: Path, text: str) -> None:
    layout = Layout(tmp_path)
    layout.state_file.write_text(text)
    assert neo4j_server.status(tmp_path).running is False


@contextmanager
def listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.slow
def test_a_port_of_another_program_is_said_to_be_taken(entigraph: "Program", home: Path) -> None:
    with listener() as port:
        words = ("neo4j", "start", "--http-port", port, "--bolt-port", unused_port())
        outcome = entigraph(*words, env={"ENTIGRAPH_NEO4J_HOME": str(home / "server")})
    assert outcome.code == 1
    assert outcome.said == [
        f"entigraph: cannot start Neo4j: port {port} of 127.0.0.1 is taken by another program. "
        "Stop that, or choose a free port with --http-port"
    ]


def unused_port() -> int:
    with listener() as port:
        return port


def test_a_folder_that_cannot_be_made_is_said(entigraph: "Program", home: Path) -> None:
    (home / "file").write_text("no folder")
    outcome = entigraph("neo4j", "start", env={"ENTIGRAPH_NEO4J_HOME": str(home / "file" / "server")})
    assert outcome.code == 1
    assert "cannot keep a Neo4j server in" in outcome.err
    assert "ENTIGRAPH_NEO4J_HOME names another folder" in outcome.err


def test_a_lost_password_is_said_and_not_replaced(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "server")
    layout.make()
    first = layout.make_password()
    assert (layout.make_password(), len(first) >= 24) == (first, True)
    (layout.data / "databases" / "system").mkdir(parents=True)
    layout.password_file.unlink()
    with pytest.raises(
        ServerError, match=r"their password file .* is gone\. Write the password into it again"
    ):
        layout.make_password()


# ---- which password goes where -------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user file of somebody who has set nothing yet, and whose server lies in `server`."""
    for name in ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_USER", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / f"{os.urandom(4).hex()}.toml"
    monkeypatch.setenv("ENTIGRAPH_CONFIG", str(path))
    monkeypatch.setenv("ENTIGRAPH_NEO4J_HOME", str(tmp_path / "server"))
    return path


def own_server(settings: Path, port: int) -> None:
    layout = Layout(settings.parent / "server")
    layout.home.mkdir()
    layout.password_file.write_text("of our server\n")
    layout.keep(State("maven", VERSION, port, port + 1))


def test_nobody_is_known_where_nothing_is_set(settings: Path) -> None:
    assert config.neo4j_login("127.0.0.1:7687") is None


def test_our_own_server_has_its_password_and_no_other_server_gets_it(settings: Path) -> None:
    own_server(settings, 7701)
    assert config.neo4j_login("127.0.0.1:7701") == ("neo4j", "of our server")
    assert config.neo4j_login("LOCALHOST:7701") == ("neo4j", "of our server")
    assert [config.neo4j_login(other) for other in ("127.0.0.1:7687", "db.example.org:7701")] == [None, None]


def test_the_environment_comes_before_the_user_file_and_that_before_our_own_server(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server(settings, 7687)
    settings.write_text('[neo4j]\nuser = "ines"\npassword = "of the file"\n')
    assert config.neo4j_login("127.0.0.1:7687") == ("ines", "of the file")
    monkeypatch.setenv("NEO4J_PASSWORD", "of the environment")
    monkeypatch.setenv("NEO4J_USER", "orla")
    assert config.neo4j_login("127.0.0.1:7687") == ("orla", "of the environment")
    monkeypatch.setenv("NEO4J_USERNAME", "bram")
    assert config.neo4j_login("127.0.0.1:7687") == ("bram", "of the environment")


def test_a_password_that_belongs_to_an_address_goes_to_that_one_only(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server(settings, 7701)
    settings.write_text('[neo4j]\nuri = "neo4j+s://b.example.org"\nuser = "ines"\npassword = "of b"\n')
    monkeypatch.setenv("NEO4J_URI", "bolt://a.example.org:7688/neo4j")
    monkeypatch.setenv("NEO4J_PASSWORD", "of a")
    logins = [
        config.neo4j_login(host) for host in ("a.example.org:7688", "b.example.org:7687", "localhost:7701")
    ]
    assert logins == [("neo4j", "of a"), ("ines", "of b"), ("neo4j", "of our server")]
    assert config.neo4j_login("a.example.org:7687") is None


def test_the_table_of_neo4j_is_no_unknown_setting_and_is_not_shown(
    entigraph: "Program", env: dict[str, str]
) -> None:
    Path(env["ENTIGRAPH_CONFIG"]).write_text('[neo4j]\nuser = "ines"\npassword = "hidden-word"\n')
    outcome = entigraph("config", "--json")
    assert outcome.code == 0
    assert "hidden-word" not in outcome.out + outcome.err
    assert "neo4j" not in json.loads(outcome.out)


# ---- Docker, as far as it can be tried without a daemon ------------------------------------------


DOCKER = """echo "$@" >> {log}
case "$1" in
run) cat "$(echo "$*" | sed 's/.*--env-file \\([^ ]*\\).*/\\1/')" > {secret}; {run} ;;
inspect) echo false ;;
logs) echo "ERROR the image does not fit this machine" >&2 ;;
esac"""


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("echo no such image >&2; exit 125", f"Docker cannot run neo4j:{VERSION}-community: no such image"),
        (
            "echo id",
            "its process ended after 0 s: the image does not fit this machine. Its log: 'docker logs",
        ),
    ],
)
def test_a_container_that_does_not_come_up_is_said_with_the_reason(
    bare: Path, tmp_path: Path, run: str, said: str
) -> None:
    (bare / "sed").symlink_to(str(shutil.which("sed", path=os.defpath)))
    log, secret, home = tmp_path / "log", tmp_path / "secret", tmp_path / "server"
    script(bare / "docker", DOCKER.format(log=log, secret=secret, run=run))
    bolt, http = unused_port(), unused_port()
    with pytest.raises(ServerError) as error:
        neo4j_server.start(home, tmp_path / "cache", way="docker", bolt_port=bolt, http_port=http)
    assert said in str(error.value)
    password = (home / "password").read_text().strip()
    variables = secret.read_text().splitlines()
    assert {
        f"NEO4J_AUTH=neo4j/{password}",
        "NEO4J_dbms_usage__report_enabled=false",
        f"NEO4J_server_bolt_advertised__address=127.0.0.1:{bolt}",
    } <= set(variables)
    words = log.read_text()
    assert f"--publish 127.0.0.1:{bolt}:7687" in words
    assert password not in words + str(error.value)
    assert not (home / "container.env").exists()
    assert neo4j_server.status(home).running is False
