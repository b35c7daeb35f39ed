"""Strategies of one step: one prompt file, one answer, one text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar

from kg.model import Subgraph, content_id
from lm.base import Request
from synthesis.base import Draft, Item, Kind, Step
from synthesis.context import Context
from synthesis.prompting import LANGUAGES, Prompt, load, prompt_language

FENCE = re.compile(r"^```[a-z]*\n(.*?)\n?```$", re.DOTALL)
HEADING = re.compile(r"^\s*(?:#{1,6}\s+[^\n]*|\*\*[^\n*]{1,120}\*\*:?)\s*\n+")
AND = {"en": " and ", "zh": "与"}
QUOTED = {"en": '" and "', "zh": "》与《"}  # between titles that stand in quotation marks together
SOURCES = {"en": "; ", "zh": "》与《"}
ABOUT = {"en": " about {}", "zh": "关于{}"}
NAMING = {"en": " Name each of them: {}.", "zh": "要写出名称：{}。"}
OFFERED = (
    *("context", "entities", "names", "subject", "about", "naming"),
    *("title", "language", "words", "slots"),
)


@dataclass(frozen=True)
class SingleStep:
    """The common part: fill `prompts/<name>.<language>.txt`, take the answer as the text.

    `called` is its name without options, `offered` the fields that its prompts may use.
    `revision` is raised by hand when this code would make another request from the same prompt. `stop`
    ends an answer: a strategy that asks for one paragraph ends with its line, where a small model would
    go on and repeat itself up to the limit. The fields of a subclass are its options; one that is called
    like a list of its prompt chooses the line.
    """

    called: ClassVar[str] = ""
    offered: ClassVar[tuple[str, ...]] = OFFERED
    revision: ClassVar[int] = 1
    least: ClassVar[int] = 0
    most: ClassVar[int] = 0
    whole_documents: ClassVar[bool] = False
    stop: ClassVar[tuple[str, ...]] = ()
    kind: ClassVar[Kind] = "text"

    def __post_init__(self) -> None:
        """Raise PromptError where a prompt uses a field that is not offered."""
        for language in LANGUAGES:
            for prompt in self.prompts_in(language):
                prompt.check(set(self.offered))

    @property
    def name(self) -> str:
        """The strategy as it is typed: `rephrase`, `rephrase:style=hard`."""
        given = [(one.name, getattr(self, one.name), one.default) for one in fields(self)]
        return ":".join((self.called, *(f"{name}={value}" for name, value, usual in given if value != usual)))

    @property
    def prompts(self) -> tuple[str, ...]:
        """Names of the prompt files of its steps."""
        return (self.called,)

    @property
    def texts(self) -> int:
        """One text an item."""
        return 1

    @property
    def distractors(self) -> int:
        """No other entities are wanted."""
        return 0

    @property
    def version(self) -> str:
        """Hash of the prompts in every language and of the revision."""
        prints = [one.fingerprint for language in sorted(LANGUAGES) for one in self.prompts_in(language)]
        return content_id("strategy", self.called, self.revision, *prints)[:12]

    def prompts_in(self, language: str) -> tuple[Prompt, ...]:
        """The prompts of its steps for texts in that language."""
        return tuple(load(name, language) for name in self.prompts)

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty where the number of entities fits, else why not."""
        count = len(subgraph.entities)
        if self.whole_documents and not count and len(subgraph.documents) == 1:
            return ""
        if count and self.least <= count <= self.most:
            return ""
        wanted = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
        alone = ", or about a document ('--sampler documents')" if self.whole_documents else ""
        return (
            f"the strategy {self.called!r} writes about {wanted} entities{alone}, this subgraph has {count}"
        )

    def title(self, item: Item, context: Context) -> str:
        """A title that names the subject and its source."""
        language = prompt_language(item.language)
        names = names_of(item, context)
        subject = listed(names, language)
        source = source_of(item, context, SOURCES[language])
        if not subject:
            return source
        if not source:
            return subject
        return f"{subject}（《{source}》）" if language == "zh" else f"{subject} ({source})"

    def next(self, item: Item, context: Context, earlier: Sequence[Step]) -> list[Request]:
        """One request, and nothing after its answer."""
        if earlier:
            return []
        (prompt,) = self.prompts_in(item.language)
        return [self.request(item, prompt, values_of(item, context))]

    def request(
        self, item: Item, prompt: Prompt, values: Mapping[str, str], *, max_tokens: int | None = None
    ) -> Request:
        """A filled prompt with the parameters of the item."""
        p = item.parameters
        chosen = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}
        return Request(
            messages=prompt.fill(values, variant=variant_of(item), chosen=chosen),
            model=p.model,
            temperature=p.temperature,
            top_p=p.top_p,
            max_tokens=p.max_tokens if max_tokens is None else min(max_tokens, p.max_tokens),
            stop=self.stop,
            sample=item.wording,
        )

    def read(self, item: Item, context: Context, earlier: Sequence[Step], step: Step) -> list[Draft]:
        """The answer without code fences or a heading of the model's own."""
        return [Draft(self.title(item, context), unwrapped(step.completion.text), self.kind)]

    def stand_in(self, request: Request) -> str:
        """Nothing comes after the answer."""
        return ""


def values_of(item: Item, context: Context) -> dict[str, str]:
    """What a prompt may use of an item: the fields of `OFFERED`.

    Of an item that is about a whole document `names`, `about` and `naming` are empty, and `subject` is the title.
    """
    language = prompt_language(item.language)
    names, title = names_of(item, context), source_of(item, context, QUOTED[language])
    subject = listed(names, language)
    return {
        "context": context.text,
        "entities": "\n".join(f"- {name}" for name in names or [title]),
        "names": subject,
        "subject": subject or title,
        "about": ABOUT[language].format(subject) if names else "",
        "naming": NAMING[language].format(subject) if names else "",
        "title": title,
        "language": LANGUAGES.get(item.language, item.language),
        "words": str(words_for(item.parameters.max_tokens)),
        "slots": "\n".join(f"- {word} ({kind})" for kind, word in item.subgraph.slots),
    }


def source_of(item: Item, context: Context, between: str) -> str:
    """The title of the document that says most; those of all documents where several are meant."""
    return between.join(context.titles[: max(1, len(item.subgraph.documents))])


def names_of(item: Item, context: Context) -> list[str]:
    """Names of the entities asked about, each on one line, in the order in which the context names them."""

    def place(name: str) -> tuple[int, str]:
        at = context.text.find(name)
        return (at if at >= 0 else len(context.text), name)

    return sorted((" ".join(entity.name.split()) for entity in item.entities), key=place)


def variant_of(item: Item) -> int:
    """Which lines of its lists an item gets: by its subgraph, and the next ones for the next wording."""
    return int(item.subgraph.key[:8], 16) + item.wording


def listed(names: Sequence[str], language: str) -> str:
    """ "a, b and c" in the words of the language."""
    if len(names) < 3:
        return AND[language].join(names)
    if language == "zh":
        return "、".join(names[:-1]) + "和" + names[-1]
    return ", ".join(names[:-1]) + " and " + names[-1]


def words_for(max_tokens: int) -> int:
    """How many words to ask for so that an answer ends well inside `max_tokens`: a quarter of them.

    With a third, two of nine texts of the small local model ran into the limit.
    """
    return max(40, min(300, max_tokens // 4 // 10 * 10))


def unwrapped(text: str) -> str:
    """The text without a code fence around it or headings before it."""
    text = text.strip()
    fenced = FENCE.match(text)
    if fenced:
        text = fenced[1].strip()
    while (heading := HEADING.match(text)) and len(text) > heading.end():
        text = text[heading.end() :].lstrip()
    return text
