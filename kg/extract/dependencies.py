"""Relations in a dependency parse: what a sentence says of two names, with the verb as label.

Subject and object; subject and the noun after a preposition; passives with "by"; appositions and
copulas ("X, the keeper of Y", "X is the keeper of Y"); possessives; conjunctions share out over
subjects and objects; relative clauses speak of the noun they hang on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.parses import Parse, head_of

_SUBJECTS = ("nsubj", "nsubjpass")
_OBJECTS = ("dobj", "attr", "dative", "oprd")
_PREPOSITIONS = ("prep", "agent", "dative")


@dataclass(frozen=True, slots=True)
class Named:
    """The tokens `first` to `last - 1` name `key`."""

    first: int
    last: int
    key: str


class Sentence:
    """One parsed sentence and the names in it."""

    def __init__(self, parse: Parse, first: int, last: int, named: Sequence[Named]) -> None:
        self.parse, self.first, self.last = parse, first, last
        self.at = {head_of(parse, name.first, name.last): name.key for name in named}
        self.inside = {i: name.key for name in named for i in range(name.first, name.last)}
        self.children: dict[int, list[int]] = {}
        for i in range(first, last):
            head = parse.heads[i]
            if head != i:
                self.children.setdefault(head, []).append(i)

    def below(self, token: int, *deps: str) -> list[int]:
        """Tokens that hang on `token` under one of these labels."""
        return [child for child in self.children.get(token, ()) if self.parse.deps[child] in deps]

    def joined(self, token: int) -> list[int]:
        """The token and those joined to it by "and", "or" and commas."""
        found, ahead = [token], [token]
        while ahead:
            for child in self.below(ahead.pop(), "conj"):
                found.append(child)
                ahead.append(child)
        return found

    def keys(self, token: int) -> list[str]:
        """The names that stand at a noun: its own, or those it belongs to ("the clapper of Great Agnes")."""
        found: list[str] = []
        for one in self.joined(token):
            if one in self.at:
                found.append(self.at[one])
                continue
            inner = self.below(one, "poss", "compound", "appos", "nmod")
            inner += [
                noun
                for prep in self.below(one, "prep")
                if self.parse.lower[prep] == "of"
                for noun in self.below(prep, "pobj")
            ]
            for noun in inner:
                found.extend(self.at[each] for each in self.joined(noun) if each in self.at)
        return found

    def subjects(self, verb: int) -> tuple[list[int], bool]:
        """The subjects of a verb, its own or its governor's, and whether they suffer the action."""
        parse, passive = self.parse, bool(self.below(verb, "nsubjpass", "auxpass"))
        for _ in range(6):
            own = self.below(verb, *_SUBJECTS)
            if own:
                if parse.deps[verb] == "relcl" and parse.tags[own[0]] in ("WDT", "WP", "IN"):
                    return [parse.heads[verb]], passive
                return own, passive
            dep, head = parse.deps[verb], parse.heads[verb]
            if dep in ("acl", "relcl"):
                return [head], passive or parse.tags[verb] == "VBN"
            if (
                self.below(verb, "expl")
                or dep not in ("conj", "xcomp", "advcl", "dep", "ccomp")
                or head == verb
            ):
                break
            verb = head
        return [], passive


def relations(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    """What the sentence states: (source, label, target), directed; a pair may come more than once."""
    if len(set(sentence.at.values())) < 2:
        return
    parse = sentence.parse
    for i in range(sentence.first, sentence.last):
        if parse.pos[i] in ("VERB", "AUX") and i in sentence.children:
            yield from _of_verb(sentence, i)
        elif i in sentence.at:
            yield from _of_noun(sentence, i)


def _of_verb(sentence: Sentence, verb: int) -> Iterator[tuple[str, str, str]]:
    parse = sentence.parse
    subjects, passive = sentence.subjects(verb)
    sources = list(dict.fromkeys(key for token in subjects for key in sentence.keys(token)))
    label = _label(sentence, verb, passive)
    objects = [
        (key, label)
        for token in sentence.below(verb, *_OBJECTS)
        if parse.pos[token] != "ADP"
        for key in sentence.keys(token)
    ]
    for token in sentence.below(verb, "dobj", "attr", "oprd"):
        if token in sentence.at:
            continue
        for preposition in sentence.below(token, "prep"):
            where = f"{label} {parse.lemmas[token]} {parse.lower[preposition]}"
            objects += [
                (key, where) for noun in sentence.below(preposition, "pobj") for key in sentence.keys(noun)
            ]
    agents: list[str] = []
    for preposition, where in _prepositions(sentence, verb, label):
        keys = [key for noun in sentence.below(preposition, "pobj") for key in sentence.keys(noun)]
        if parse.deps[preposition] == "agent" or (passive and parse.lower[preposition] == "by"):
            agents += keys
        else:
            objects += [(key, where) for key in keys]
    for agent in agents:
        yield from ((agent, parse.lemmas[verb], source) for source in sources)
    for source in sources:
        yield from ((source, where, key) for key, where in objects)
    if not subjects and len(objects) > 1:
        first, _ = objects[0]
        yield from ((first, where, key) for key, where in objects[1:])


def _prepositions(sentence: Sentence, token: int, label: str, depth: int = 0) -> Iterator[tuple[int, str]]:
    """The prepositions under a token with the label they make; "out of" counts as one."""
    for preposition in sentence.below(token, *_PREPOSITIONS):
        where = f"{label} {sentence.parse.lower[preposition]}"
        yield preposition, where
        if depth < 2:
            yield from _prepositions(sentence, preposition, where, depth + 1)


def _label(sentence: Sentence, verb: int, passive: bool) -> str:
    """The verb as a label: "build", "not agree", "set up"; of a passive the participle: "cast"."""
    parse = sentence.parse
    word = parse.lower[verb] if passive and parse.tags[verb] == "VBN" else parse.lemmas[verb]
    word = "is" if word == "be" else word
    particles = [parse.lower[child] for child in sentence.below(verb, "prt")]
    denied = ["not"] if sentence.below(verb, "neg") else []
    return " ".join([*denied, word, *particles])


def _of_noun(sentence: Sentence, noun: int) -> Iterator[tuple[str, str, str]]:
    parse, own = sentence.parse, sentence.at[noun]
    for other in sentence.below(noun, "appos"):
        if other in sentence.at:
            if parse.words[noun][0].isupper() or parse.words[other][0].isupper():
                yield own, "is", sentence.at[other]
        else:
            for preposition in sentence.below(other, "prep"):
                label = f"{parse.lemmas[other]} {parse.lower[preposition]}"
                for target in sentence.below(preposition, "pobj"):
                    yield from ((own, label, key) for key in sentence.keys(target))
            for owner in sentence.below(other, "poss"):
                yield from ((own, f"{parse.lemmas[other]} of", key) for key in sentence.keys(owner))
    for owner in sentence.below(noun, "poss"):
        role = [
            parse.lemmas[child] for child in sentence.below(noun, "compound") if child not in sentence.inside
        ]
        for key in sentence.keys(owner):
            yield (own, f"{role[-1]} of", key) if role else (key, "has", own)
    for preposition in sentence.below(noun, "prep"):
        for target in sentence.below(preposition, "pobj"):
            yield from ((own, parse.lower[preposition], key) for key in sentence.keys(target))
