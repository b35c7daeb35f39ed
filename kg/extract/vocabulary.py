"""What a dictionary of English knows of words, as far as a pipeline brings one."""

from collections.abc import Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Base forms by part of speech; empty sets mean that there is no dictionary.

    >>> vocabulary = Vocabulary(frozenset({"steward"}), frozenset({"walk"}))
    >>> vocabulary.knows("steward"), vocabulary.only_noun("stewards"), vocabulary.only_noun("walk")
    (True, True, False)
    """

    nouns: Set[str] = frozenset()
    others: Set[str] = frozenset()

    @classmethod
    def of(cls, index: Mapping[str, Set[str]]) -> "Vocabulary":
        """From a table of base forms by "noun", "verb", "adj" and "adv"."""
        others = (index.get(part, frozenset()) for part in ("verb", "adj", "adv"))
        return cls(frozenset(index.get("noun", ())), frozenset().union(*others))

    def knows(self, word: str) -> bool:
        """Whether the word (lower case) is listed; without a dictionary every word is."""
        return not self.nouns or word in self.nouns or word in self.others

    def only_noun(self, word: str) -> bool:
        """Whether the word, or its singular in -s, can be nothing but a noun."""
        singular = word.removesuffix("s")
        return (word in self.nouns or singular in self.nouns) and not {word, singular} & self.others
