"""The server in a Docker container, where Docker answers. Its databases lie in a volume of Docker's."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator

from entigraph.neo4j_server.jars import VERSION
from entigraph.neo4j_server.layout import HOST, USER, Layout, ServerError, settings, write_secret

IMAGE = f"neo4j:{VERSION}-community"
PULL_SECONDS = 1800


def container_name(layout: Layout) -> str:
    """The container's name, one for each folder."""
    return f"entigraph-neo4j-{hashlib.sha256(str(layout.home).encode()).hexdigest()[:8]}"


def check_docker() -> None:
    """Raises ServerError where Docker is not installed or its daemon does not answer."""
    if shutil.which("docker") is None:
        raise ServerError("there is no 'docker' on the PATH")
    try:
        done = _docker("info", seconds=20)
    except ServerError as error:
        raise ServerError(f"the Docker daemon does not answer ({error})") from None
    if done.returncode:
        raise ServerError("the Docker daemon does not answer ('docker info' says why)")


def run_container(layout: Layout, bolt_port: int, http_port: int, heap: str, password: str) -> str:
    """The name of the container that was started. Raises ServerError."""
    name = container_name(layout)
    _docker("rm", "--force", name)
    own = ("server.bolt.advertised_address", "server.http.advertised_address")
    wanted = settings(layout, bolt_port, http_port, heap)
    variables = {
        "NEO4J_" + key.replace("_", "__").replace(".", "_"): value
        for key, value in wanted.items()
        if key in own or key.startswith(("server.memory", "dbms.", "db."))
    }
    variables["NEO4J_AUTH"] = f"{USER}/{password}"
    secret = layout.home / "container.env"
    write_secret(secret, "".join(f"{key}={value}\n" for key, value in variables.items()))
    try:
        done = _docker(
            *("run", "--detach", "--name", name, "--env-file", str(secret)),
            *("--publish", f"{HOST}:{bolt_port}:7687", "--publish", f"{HOST}:{http_port}:7474"),
            *("--volume", f"{name}:/data", IMAGE),
            seconds=PULL_SECONDS,
        )
    finally:
        secret.unlink()
    if done.returncode:
        lines = tuple(line for line in done.stderr.splitlines() if line.strip())
        why = lines[-1] if lines else f"exit code {done.returncode}"
        raise ServerError(f"Docker cannot run {IMAGE}: {why}", lines[-20:])
    return name


def container_runs(name: str) -> bool:
    """Whether a container of that name runs."""
    done = _docker("inspect", "--format", "{{.State.Running}}", name)
    return done.returncode == 0 and done.stdout.strip() == "true"


def stop_container(name: str, seconds: int) -> None:
    """Ask the container to end; Docker kills it after that time."""
    _docker("stop", "--time", str(seconds), name, seconds=seconds + 30)


def container_log(name: str, lines: int) -> list[str]:
    """The last lines of what the container said."""
    done = _docker("logs", "--tail", str(lines), name)
    return (done.stdout + done.stderr).splitlines()


def follow_container(name: str) -> Iterator[str]:
    """Each line the container says from now on."""
    command = ["docker", "logs", "--follow", "--tail", "0", name]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        try:
            for line in process.stdout or ():
                yield line.rstrip("\n")
        finally:
            process.terminate()


def _docker(*words: str, seconds: int = 60) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            ["docker", *words], capture_output=True, text=True, errors="replace", timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise ServerError(f"'docker {words[0]}' gave no answer within {seconds} s") from None
    except OSError as error:
        raise ServerError(f"cannot run 'docker': {error.strerror}") from None
