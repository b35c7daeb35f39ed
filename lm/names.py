"""What `--model` may say, and the adapter that each form stands for."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lm.base import LM
from lm.prices import Prices, load

FORMS = {
    "echo": "the echo model (echo:delay=0.2,fail=0.1 for tests)",
    "http://HOST:PORT/v1#NAME": "any OpenAI-compatible server",
    "http://A/v1#NAME,http://B/v1#NAME*2": "several endpoints of one model, here the second with twice the share",
    "openai:NAME": "a hosted model (openai:https://HOST/…#NAME for another host)",
    "local": "the default local model",
    "local:NAME": "a local model of 'entigraph models list' (local:NAME?threads=2)",
    "path/to/model.gguf": "a GGUF file",
}


_FORM = r"(?=https?://|openai:|local\b|echo\b)"
_NEXT = re.compile("," + _FORM)
_NAMED = re.compile(r"([^=,]+)=" + _FORM)
_WEIGHT = re.compile(r"\*(\d+(?:\.\d+)?)$")


@dataclass(frozen=True, slots=True)
class Options:
    """What an adapter may need besides the model's name.

    `key_for` gives the key of a host, None where there is none: each key goes to its host alone.
    `timeout_seconds` is per attempt; `models_folder` is where local models are kept.
    """

    key_for: Callable[[str], str | None]
    prices: Prices
    timeout_seconds: float | None = None
    models_folder: Path | None = None


def no_key(host: str) -> str | None:
    """No host has a key."""
    return None


def connect(
    name: str,
    *,
    key_for: Callable[[str], str | None] = no_key,
    prices: Prices | None = None,
    timeout_seconds: float | None = None,
    models_folder: Path | None = None,
) -> LM:
    """The model that `--model NAME` means. Nothing is sent or started yet.

    Raises ValueError that lists the forms, the nearest first, for a name that is none of them.

    >>> connect("echo").name
    'echo'
    """
    options = Options(key_for, prices or load(), timeout_seconds, models_folder)
    return ADAPTERS[adapter_of(name)](name, options)


def adapter_of(name: str) -> str:
    """Which entry of `ADAPTERS` a model name belongs to.

    >>> adapter_of("http://127.0.0.1:8000/v1#qwen")
    'endpoint'
    """
    kind, colon, rest = name.partition(":")
    if _NAMED.match(name) or _NEXT.search(name):
        return "pool"
    if name.startswith(("http://", "https://")):
        return "endpoint"
    if (
        name == "local"
        or name.startswith("local?")
        or (kind == "local" and rest)
        or name.partition("?")[0].lower().endswith(".gguf")
    ):
        return "local"
    if kind in ("echo", "openai") and bool(rest) == bool(colon) and (rest or kind == "echo"):
        return kind
    near = difflib.get_close_matches(name, FORMS, len(FORMS), 0.0)
    listed = "; ".join(f"{form} = {FORMS[form]}" for form in near)
    raise ValueError(f"no model is named {name[:80]!r}. A model is one of: {listed}")


def host_of(url: str) -> str:
    """The host that a key belongs to, with its port where one is written."""
    return urlsplit(url).netloc.rpartition("@")[2]


def split_address(text: str) -> tuple[str, str]:
    """Address and model of "URL#NAME"; ValueError where the model is missing."""
    url, _, model = text.partition("#")
    if not model:
        raise ValueError(f"which model at {url}? Write {url}#NAME; {url.rstrip('/')}/models may list them")
    return url, model


def _echo(name: str, options: Options) -> LM:
    from lm.echo import Echo

    known = ("delay", "fail")
    values: dict[str, float] = {}
    for part in filter(None, name.partition(":")[2].split(",")):
        key, _, value = part.partition("=")
        if key not in known:
            raise ValueError(
                f"echo has no option {key!r}; it has {', '.join(known)}: echo:delay=0.2,fail=0.1"
            )
        try:
            values[key] = float(value)
        except ValueError as error:
            raise ValueError(f"echo's {key} is a number, not {value!r}") from error
    return Echo(**values)


def _endpoint(name: str, options: Options) -> LM:
    from lm.endpoint import Endpoint

    url, model = split_address(name)
    key, price = options.key_for(host_of(url)), options.prices.of(name)
    return Endpoint(url, model, key=key, price=price, timeout_seconds=options.timeout_seconds)


def _openai(name: str, options: Options) -> LM:
    from lm.openai import HOSTED, OpenAI

    rest = name.partition(":")[2]
    url, model = split_address(rest) if "://" in rest else (HOSTED, rest)
    key, price = options.key_for(host_of(url)), options.prices.of(name)
    return OpenAI(model, url=url, key=key, price=price, timeout_seconds=options.timeout_seconds)


def _local(name: str, options: Options) -> LM:
    from lm.local import TIMEOUT_SECONDS, Local
    from lm.models import models_folder

    folder = options.models_folder or models_folder()
    return Local.open(name, cache_folder=folder, timeout_seconds=options.timeout_seconds or TIMEOUT_SECONDS)


def _pool(name: str, options: Options) -> LM:
    from lm.pool import Member, Pool

    named = _NAMED.match(name)
    members = []
    for form in _NEXT.split(name[named.end() :] if named else name):
        weight = _WEIGHT.search(form)
        one = form[: weight.start()] if weight else form
        model = ADAPTERS[adapter_of(one)](one, options)
        members.append(Member(model, float(weight[1]) if weight else 1.0))
    return Pool(named[1] if named else members[0].model.name, members)


ADAPTERS: dict[str, Callable[[str, Options], LM]] = {
    "echo": _echo,
    "endpoint": _endpoint,
    "local": _local,
    "openai": _openai,
    "pool": _pool,
}
