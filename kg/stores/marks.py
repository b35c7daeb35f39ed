"""The mark of a corpus that is half a copy: nothing but the copy itself opens it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

COPYING = "copying"
"""The setting under which the mark is kept."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a corpus is half a copy of: its place, its id, and the generation that is being copied."""

    source: str
    corpus_id: str
    generation: int

    @staticmethod
    def of(settings: Mapping[str, str]) -> "Mark | None":
        """The mark in these settings, None where there is none: the corpus is whole."""
        text = settings.get(COPYING)
        return None if not text else Mark(*json.loads(text))

    @property
    def text(self) -> str:
        """The mark as it stands in the setting."""
        return json.dumps([self.source, self.corpus_id, self.generation])
