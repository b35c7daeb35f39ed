"""Extractors: what reads entities and relations out of documents."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from kg.extract.base import ExtractError, Extractor
from kg.suggest import unknown

__all__ = ["EXTRACTORS", "ExtractError", "Extractor", "extractor"]


def _lazy(module: str, name: str) -> Callable[..., Extractor]:
    """Builds `kg.extract.MODULE.NAME` on the first call: extractors bring heavy imports."""

    def build(**options: Any) -> Extractor:
        return cast(Extractor, getattr(import_module(f"kg.extract.{module}"), name)(**options))

    return build


EXTRACTORS: dict[str, Callable[..., Extractor]] = {
    "auto": _lazy("auto", "AutoExtractor"),
    "dictionary": _lazy("dictionary", "DictionaryExtractor"),
    "jieba": _lazy("jieba", "JiebaExtractor"),
    "llm": _lazy("llm", "LLMExtractor"),
    "spacy": _lazy("spacy", "SpacyExtractor"),
}


def extractor(name: str, **options: Any) -> Extractor:
    """The extractor of this name, built with its own options; a ValueError lists the known ones."""
    if name not in EXTRACTORS:
        raise ValueError(unknown("extractor", name, EXTRACTORS))
    return EXTRACTORS[name](**options)
