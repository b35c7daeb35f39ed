"""Every setting and where its value came from: defaults < user file < corpus < environment < flags.

The only module that reads environment variables. Keys of hosts are not settings: they are looked up
by host, from `[keys]` in the user file or from `ENTIGRAPH_KEY_<HOST>` (`OPENAI_API_KEY` for
`openai:` models), go to that host and nowhere else, and are never shown.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.suggest import nearest, unknown


class ConfigError(ValueError):
    """A setting or the file it stands in is wrong."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default as text, what it does, and the type of its value."""

    default: str
    about: str
    type: type = str
    one_of: tuple[str, ...] = ()
    least: float = 0
    most: float = float("inf")


SETTINGS: dict[str, Setting] = {
    "model": Setting("local", "the language model where --model is not given"),
    "extractor": Setting("auto", "what reads the documents: auto, spacy, jieba, dictionary, llm"),
    "language": Setting("auto", "language of the documents; auto tells it for each"),
    "text_language": Setting("auto", "language of the texts; auto is that of the documents"),
    "chunk_tokens": Setting("400", "largest chunk, in tokens", int, least=1),
    "context": Setting("evidence", "what a text rests on: evidence, chunks or document"),
    "context_tokens": Setting("500", "largest context, in tokens", int),
    "max_tokens": Setting("360", "longest answer, in tokens", int, least=32),
    "temperature": Setting("0.8", "sampling temperature of the model", float, most=2),
    "top_p": Setting("0.9", "share of the probability that sampling chooses from", float, most=1),
    "concurrency": Setting("8", "requests in flight at once", int, least=1),
    "requests_per_minute": Setting("", "most requests a minute; empty: no limit", float),
    "tokens_per_minute": Setting("", "most tokens a minute, in and out; empty: no limit", float),
    "timeout_seconds": Setting("300", "longest wait for one answer", float),
    "fsync": Setting(
        "interval",
        "what a power cut may cost of the journal: each (nothing), interval (a second), none (left to the system)",
        one_of=("each", "interval", "none"),
    ),
    "max_usd_total": Setting("", "what all commands on a corpus may spend together; empty: no limit", float),
    "prices": Setting("", "file of prices per million tokens; empty: prices.toml beside the user file"),
    "models": Setting("", "folder of local models; empty: the user's cache folder"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a setting and where it came from."""

    value: str
    origin: str


def user_file() -> Path:
    """The user's configuration file; `ENTIGRAPH_CONFIG` names another."""
    named = os.environ.get("ENTIGRAPH_CONFIG")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_config_dir("entigraph")) / "config.toml"


def models_folder(configured: str = "") -> Path:
    """Where local models are kept."""
    named = configured or os.environ.get("ENTIGRAPH_MODELS", "")
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("entigraph")) / "models"


def neo4j_home() -> Path:
    """The folder of our own development server: databases, settings, password, log."""
    named = os.environ.get("ENTIGRAPH_NEO4J_HOME")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("entigraph")).absolute() / "neo4j"


def neo4j_cache() -> Path:
    """Where the jars of Neo4j are kept once they were fetched."""
    named = os.environ.get("ENTIGRAPH_NEO4J_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_cache_dir("entigraph")).absolute() / "neo4j"


def java_home() -> str:
    """The Java that the user named; empty where none is."""
    return os.environ.get("JAVA_HOME", "")


def child_environment(**more: str) -> dict[str, str]:
    """The environment for a program we start: ours, without what would change a Neo4j, and `more`."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")} | more


def log_file() -> Path:
    """Where every command writes what it did and, in full, what went wrong."""
    named = os.environ.get("ENTIGRAPH_LOG")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_log_dir("entigraph")) / "entigraph.log"


def local_folder() -> Path:
    """Where journals and runs of corpora lie that are kept in a database; `ENTIGRAPH_LOCAL` names another."""
    named = os.environ.get("ENTIGRAPH_LOCAL")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("entigraph")).absolute() / "corpora"


def prices_file(configured: str = "") -> Path | None:
    """The user's price file where there is one."""
    path = Path(configured).expanduser() if configured else user_file().with_name("prices.toml")
    if configured and not path.is_file():
        raise ConfigError(
            f"the price file {str(path)!r} is not there; write it or remove the setting 'prices'"
        )
    return path if path.is_file() else None


@cache
def _user(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the configuration {str(path)!r}: {error}") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the configuration {str(path)!r} is not TOML: {error}") from None


def resolve(
    corpus: Mapping[str, str] | None = None, flags: Mapping[str, object | None] | None = None
) -> dict[str, Value]:
    """Every setting with its origin. Raises ConfigError for unknown names and values of the wrong type."""
    path = user_file()
    user = {name: value for name, value in _user(path).items() if name not in ("keys", "neo4j")}
    found = {name: Value(setting.default, "default") for name, setting in SETTINGS.items()}
    layers: list[tuple[str, Mapping[str, object | None]]] = [
        (str(path), user),
        ("corpus", {k: v for k, v in (corpus or {}).items() if k in SETTINGS}),
        ("environment", {name: os.environ.get(f"ENTIGRAPH_{name.upper()}") for name in SETTINGS}),
        ("flag", flags or {}),
    ]
    for origin, values in layers:
        for name, value in values.items():
            if value is None or value == "":
                continue
            found[name] = Value(checked(name, str(value), origin), origin)
    return found


def checked(name: str, value: str, origin: str) -> str:
    """The value, if the setting exists and the value fits it. Raises ConfigError."""
    if name not in SETTINGS:
        raise ConfigError(f"{unknown('setting', name, SETTINGS)} (seen in {origin})")
    setting = SETTINGS[name]
    if setting.one_of and value not in setting.one_of:
        raise ConfigError(
            f"the setting {name!r} is one of {', '.join(nearest(value, setting.one_of))}, seen {value!r} in {origin}"
        )
    kind = setting.type
    try:
        number = kind(value)
    except ValueError:
        raise ConfigError(
            f"the setting {name!r} wants a {kind.__name__}, seen {value!r} in {origin}"
        ) from None
    if kind is not str and not setting.least <= number <= setting.most:
        bounds = f"{setting.least:g} or more" + (f", at most {setting.most:g}" if setting.most < 1e9 else "")
        raise ConfigError(f"the setting {name!r} is {bounds}, seen {value!r} in {origin}")
    return value


def key_for(host: str) -> str | None:
    """The key of a host, None where there is none. Never the key of another host."""
    keys = _user(user_file()).get("keys", {})
    if isinstance(keys, Mapping) and host in keys:
        return str(keys[host])
    variable = "ENTIGRAPH_KEY_" + re.sub(r"[^A-Za-z0-9]", "_", host).upper()
    return os.environ.get(variable) or (
        os.environ.get("OPENAI_API_KEY") if host == "api.openai.com" else None
    )


def neo4j_login(host_port: str) -> tuple[str, str] | None:
    """User and password for the Neo4j at `host:port`, None where none are known.

    The environment (NEO4J_USERNAME or NEO4J_USER, NEO4J_PASSWORD), then the table `[neo4j]` of the user
    file (user, password), then the password file of our own development server if that is meant. Where
    NEO4J_URI, or `uri` in the table, names a server, its password goes to that one only.
    """
    from entigraph.neo4j_server.layout import BOLT_PORT, HOST, USER, Layout

    wanted = _host_port(host_port)
    env = os.environ
    table = _user(user_file()).get("neo4j", {})
    if not isinstance(table, Mapping):
        raise ConfigError(f"'neo4j' in {str(user_file())!r} must be a table: [neo4j] with user and password")
    sources = (
        (env.get("NEO4J_URI"), env.get("NEO4J_USERNAME") or env.get("NEO4J_USER"), env.get("NEO4J_PASSWORD")),
        (table.get("uri"), table.get("user"), table.get("password")),
    )
    for uri, user, password in sources:
        if password and (not uri or _host_port(str(uri)) == wanted):
            return str(user or USER), str(password)
    layout = Layout(neo4j_home())
    state = layout.state()
    port = state.bolt_port if state else BOLT_PORT
    password = layout.password() if wanted == f"{HOST}:{port}" else None
    return (USER, password) if password else None


def _host_port(address: str) -> str:
    """`host:port` of an address, in one spelling.

    >>> _host_port("neo4j+s://User:secret@LocalHost/neo4j")
    '127.0.0.1:7687'
    """
    rest = address.rpartition("://")[2].partition("/")[0].partition("#")[0].rpartition("@")[2].casefold()
    host, port = rest, ""
    if found := re.fullmatch(r"(.*[^:]|\[.*\]):(\d+)", rest):
        host, port = found[1], found[2]
    return f"{'127.0.0.1' if host in ('localhost', '127.0.0.1') else host}:{port or '7687'}"
