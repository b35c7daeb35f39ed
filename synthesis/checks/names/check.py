"""Do the names of the text stand in its context?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from kg.model import Check
from synthesis.checks.base import Written, failed, passed, unchecked
from synthesis.checks.names.capitals import CAPITAL, NAME, without_accents, written_out
from synthesis.checks.names.chinese_places import strange_places
from synthesis.checks.names.everyday_names import (
    ABBREVIATIONS,
    ADDRESSES,
    ENDINGS,
    PLACES,
    PLAIN,
    ROLE_ENDINGS,
    ROLES,
    SAME,
    SAYING,
    SURNAMES,
    TITLES,
)
from synthesis.checks.names.other_forms import in_other_form, is_given
from synthesis.checks.names.peoples import follows
from synthesis.checks.tokens import KEPT, fold, folded, vocabulary

HEADING = re.compile(r"^[ \t]*(?:#|\*\*[^*\n]+\*\*:?[ \t]*$).*", re.MULTILINE)
SPEAKER = re.compile("^([^:：\n]{1,40})[:：]", re.MULTILINE)
SKIPPED = frozenset(" \t\"'`([{*_>~|-\u2013\u2014\u2022\u201c\u201d\u2018\u2019")
QUOTES = frozenset("\"'\u201c\u2018")
ENDS = frozenset(".!?:;\u2026\u3002\uff01\uff1f\uff1a\uff1b\n")

MARKED = re.compile("《([^》]{1,30})》|「([^」]{1,20})」|“([^”]{1,12})”")
# Where a name with a dot begins and ends, no mark tells: the characters beside the dot stand for it.
DOTTED = re.compile("[\u4e00-\u9fff]{1,2}·[\u4e00-\u9fff]{1,2}")
ACTING = re.compile(
    "['\u2019]s\\b| (?:said|told|asked|wrote|went|left|died|lived|sold|bought|built|paid|gave|married|moved|returned)\\b"
    "| ([A-Z][^\\W_]+)"
)
SPEECH = tuple("。！？，；……")
MOST = 6  # words of a name
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.\-]{2,}")
TITLE, PLACE = re.compile("|".join(TITLES)), re.compile("|".join(PLACES))
HAN = re.compile("[\u4e00-\u9fff]")


class Names:
    """Fails a text with a name that its context does not hold: the plainest kind of invention.

    English: capitalised words inside a sentence, and a first name with another's last name ("Mina Quill" of
    Mina Arden and Tom Quill). Chinese: titles and terms in 《》「」“”, words in Latin letters, a surname before
    a title ("张先生") and well-known places; other Chinese names cannot be told from words without a model,
    so a text without any of these is unchecked. Other languages are unchecked, and stories without a source.
    A name may be said in another form than the context has (`peoples`, `other_forms`, `chinese_places`).
    The speakers of a dialogue may be called as they like.
    """

    name = "names"

    def check(self, written: Written) -> Check:
        """Whether every name has its support."""
        language, known = written.item.language, written.known
        if written.invented:
            return unchecked(self.name, "a story without a source may name whom it likes")
        if written.draft.kind == "dialogue":
            known = "\n".join((known, *SPEAKER.findall(written.text)))
        strange = unsupported(written.text, known, language)
        if strange is None:
            why = "Chinese names without marks cannot be told apart without a model"
            return unchecked(self.name, why if language == "zh" else f"no rule for names in {language!r}")
        if strange:
            return failed(self.name, "not in the passages: " + ", ".join(repr(s[:60]) for s in strange[:4]))
        return passed(self.name)


def unsupported(text: str, known: str, language: str) -> list[str] | None:
    """The names of `text` that `known` does not hold; None where no rule tells names in the language.

    >>> unsupported("Later Anna met Borg's son in Vienna.", "Anna Borg had a son.", "en")
    ['Vienna']
    >>> unsupported("张先生读过《醋经》。", "沈先生写了《听缸志略》。", "zh")
    ['醋经', '张先生']
    """
    if language == "en":
        return _english(text, known)
    return _chinese(text, known) if language == "zh" else None


def _english(text: str, known: str) -> list[str]:
    if "#" in text or "**" in text:
        text = HEADING.sub("", text)
    there = vocabulary(known)
    names = list(dict.fromkeys(NAME.findall(text)))
    strange: list[str] = []
    keys = " ".join(names).casefold()  # all at once: few names have an apostrophe, which `_key` looks for
    alone = keys.split(" ") if "'" not in keys and "\u2019" not in keys else map(_key, keys.split(" "))
    if not there.issuperset(alone):
        for found in CAPITAL.finditer(text):
            word, start, key = found[0], found.start(), _key(found[0])
            if key in there or text[start - 1 : start].isalnum() or _meant(key, word, there, known):
                continue
            if _opens(text, start) and not _acts(text, found, known):
                continue
            if not (follows(text, found, known) or in_other_form(text, found, known)):
                strange.append(word)
    for name in names:
        if " " in name and name not in known:
            strange += (f"{one} {two}" for one, two in pairwise(name.split(" ")) if _crossed(one, two, known))
    return list(dict.fromkeys(strange))


def _key(word: str) -> str:
    """The word as a vocabulary has it, of O'Brien the last part."""
    word = word.casefold()
    return word.replace("\u2019", "'").rpartition("'")[2] if "\u2019" in word or "'" in word else word


def _meant(key: str, word: str, there: frozenset[str], known: str) -> bool:
    """Whether a capitalised word that is not in the context is a form of one that is, or no name at all."""
    if len(key) == 1 or key in PLAIN or SAME.get(key) in there or f"{key}s" in there:
        return True
    if any(key.endswith(ending) and key.removesuffix(ending) in there for ending in ENDINGS):
        return True
    if key.endswith("ies") and f"{key[:-3]}y" in there:
        return True
    if word.isupper() and key.removesuffix("s") in _initials(known):
        return True
    plain = without_accents(key)
    if plain != key or not known.isascii():
        return not _plain_vocabulary(known).isdisjoint((plain, written_out(key)))
    return False


def _opens(text: str, at: int) -> bool:
    """Whether a word stands where any word would have a capital: at the head of a sentence, line or speech."""
    quoted = False
    at -= 1
    while at >= 0 and text[at] in SKIPPED:
        quoted |= text[at] in QUOTES
        at -= 1
    if at < 0 or (quoted and (text[at] == "," or text[: at + 1].endswith(SAYING))):
        return True
    if text[at] not in ENDS:
        return False
    if text[at] != ".":
        return True
    start = at
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    last = text[start:at]
    return not (last.casefold() in ABBREVIATIONS or (len(last) == 1 and last.isupper()))


def _acts(text: str, found: re.Match[str], known: str) -> bool:
    """Whether a word at the head of a sentence is a name all the same: it owns, does what people do, or
    stands before the last name of somebody."""
    acting = ACTING.match(text, found.end())
    if not acting or found[0].casefold() in ROLES:
        return False
    if not acting[1]:
        return True
    title = found[0].endswith(ROLE_ENDINGS) and not is_given(found[0].casefold())  # "Bellfounder Arden"
    return not title and acting[1] in _full_names(known).lasts


@dataclass(frozen=True, slots=True)
class FullNames:
    """The names of several words in a context: with which words they begin and end, and which go together."""

    firsts: frozenset[str]
    lasts: frozenset[str]
    together: frozenset[tuple[str, str]]


@lru_cache(maxsize=KEPT)
def _full_names(known: str) -> FullNames:
    names = [name.split(" ")[:MOST] for name in set(NAME.findall(known)) if " " in name]
    names = [name[name[0].casefold() in PLAIN :] for name in names]
    names = [name for name in names if len(name) > 1]
    return FullNames(
        firsts=frozenset(name[0] for name in names),
        lasts=frozenset(name[-1] for name in names if name[0].casefold() not in ADDRESSES),
        together=frozenset(pair for name in names for pair in combinations(name, 2)),
    )


@lru_cache(maxsize=KEPT)
def _initials(known: str) -> frozenset[str]:
    """The initials of two to six words of every name: "abw" for "Amalgamated Bleachers of Wendlow"."""
    runs = re.findall(r"[A-Z][\w'\u2019]+(?: (?:of |the |and |for )*[A-Z][\w'\u2019]+)+", known)
    initials = ("".join(word[0] for word in run.split() if word[0].isupper()).casefold() for run in runs)
    return frozenset(
        one[start:end]
        for one in initials
        for start in range(len(one))
        for end in range(start + 2, min(len(one), start + MOST) + 1)
    )


def _crossed(first: str, last: str, known: str) -> bool:
    """Whether the context has this first word and this last word in names, but only in two different ones."""
    if f"{first} {last}" in known or first.casefold() in ADDRESSES or first.casefold() in PLAIN:
        return False
    names = _full_names(known)
    return first in names.firsts and last in names.lasts and (first, last) not in names.together


@lru_cache(maxsize=KEPT)
def _plain_vocabulary(known: str) -> frozenset[str]:
    return frozenset(form(word) for word in vocabulary(known) for form in (without_accents, written_out))


def _chinese(text: str, known: str) -> list[str] | None:
    marked = [
        term for groups in MARKED.findall(text) for term in groups if term and not term.endswith(SPEECH)
    ]
    marked += DOTTED.findall(text) if "·" in text else []
    marked += LATIN.findall(text)
    there = folded(known).replace(" ", "")
    strange = [term for term in marked if fold(term).replace(" ", "").rstrip("，。.") not in there]
    strange += _titled(text, known) if any(map(text.__contains__, TITLES)) else []
    if PLACE.search(text):
        strange += strange_places(text, known)
    if not marked and not strange:
        return None
    return list(dict.fromkeys(strange))


def _titled(text: str, known: str) -> Iterator[str]:
    """A surname before a title, where no one of that surname is known."""
    for title in TITLE.finditer(text):
        for length in (3, 2, 1):
            at = title.start() - length
            if at >= 0 and text[at] in SURNAMES and HAN.match(text, at):
                if text[at] not in known:
                    yield text[at : title.end()]
                break
