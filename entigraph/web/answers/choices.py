"""What the dialogs of the page offer: strategies, samplers and models, and why one cannot be used as it is."""

import inspect
from collections.abc import Callable
from importlib.util import find_spec

from entigraph.config import Value, key_for, models_folder
from entigraph.web.shapes.generation import Choice, Choices
from entigraph.web.works.orders import models_used
from entigraph.workplace import settings_for
from kg.store import Store
from lm.models import list_models
from lm.names import adapter_of, host_of
from lm.openai import HOSTED
from sampling import SAMPLERS
from synthesis.strategies import STRATEGIES

TARGETED = "wants --targets, which 'entigraph generate' takes"


def choices_of(store: Store) -> Choices:
    """Everything that can be chosen, and what is where nobody chooses."""
    settings = settings_for(store)
    return Choices(
        strategies=[Choice(name=name, what=_what(kind)) for name, kind in STRATEGIES.items()],
        samplers=[
            Choice(name=name, what=_what(kind), problem=TARGETED if name == "targeted" else "")
            for name, kind in SAMPLERS.items()
        ],
        models=_models(store, settings),
        model=settings["model"].value,
        max_tokens=int(settings["max_tokens"].value),
        temperature=float(settings["temperature"].value),
    )


def _models(store: Store, settings: dict[str, Value]) -> list[Choice]:
    """The model of the settings, those of earlier runs, the local ones, and the one that only says back."""
    own = settings["model"].value
    found = {own: "the model of the settings"}
    found |= {name: "used in this corpus before" for name in models_used(store) if name not in found}
    problems: dict[str, str] = {}
    for model in list_models(cache_folder=models_folder(settings["models"].value)):
        if model.file.lower().endswith(".gguf"):
            name = f"local:{model.name}"
            found.setdefault(name, f"{model.title}, on this machine")
            if not model.present:
                problems[name] = f"not here; fetch it with 'entigraph models pull {model.name}'"
    found.setdefault("echo", "says back what it is asked about: to try things out, free")
    return [
        Choice(name=name, what=what, problem=problems.get(name) or _problem(name))
        for name, what in found.items()
    ]


def _problem(name: str) -> str:
    """Why a model could not even be asked, as far as that is known without asking it."""
    try:
        kind = adapter_of(name)
    except ValueError as error:
        return str(error)
    if kind == "local" and find_spec("xllamacpp") is None:
        return "needs the extra 'local': pip install 'entigraph[local]'"
    if kind == "openai":
        rest = name.partition(":")[2]
        host = host_of(rest if "://" in rest else HOSTED)
        if key_for(host) is None:
            return f"there is no key for {host}; 'entigraph config' says where it belongs"
    return ""


def _what(kind: Callable[..., object]) -> str:
    """The first sentence of its docstring."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
