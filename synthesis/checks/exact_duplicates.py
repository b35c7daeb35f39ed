"""Is the text one that was written before, to the letter?"""

from functools import lru_cache
from hashlib import blake2b

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import KEPT, folded


class ExactDuplicates:
    """Fails a text whose words are those of an accepted text of the corpus; case and white space do not count.

    A text is remembered by 16 bytes of its hash (BLAKE2b): two different ones of 1e9 share it by chance with a
    probability below 1e-20.
    """

    name = "exact_duplicate"

    def __init__(self) -> None:
        self._ids: dict[bytes, str] = {}

    def check(self, written: Written) -> Check:
        """Whether an earlier text has the same words."""
        earlier = self._ids.get(_mark(written.text))
        return failed(self.name, f"the same words as the text {earlier}") if earlier else passed(self.name)

    def remember(self, id: str, text: str) -> None:
        """Hold later texts against this one; of several with the same words the first is named."""
        self._ids.setdefault(_mark(text), id)


@lru_cache(maxsize=KEPT)
def _mark(text: str) -> bytes:
    return blake2b(folded(text).encode("utf-8", "surrogatepass"), digest_size=16).digest()
