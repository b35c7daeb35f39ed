"""Strategies of one step: one prompt file, one answer, one text."""

import re
from collections.abc import Sequence

from kg.model import Subgraph, content_id
from lm.base import Completion, Request
from synthesis.base import Draft, Item
from synthesis.context import Context
from synthesis.prompting import LANGUAGES, load, prompt_language

FENCE = re.compile(r"^```[a-z]*\n(.*?)\n?```$", re.DOTALL)
HEADING = re.compile(r"^\s*(?:#{1,6}\s+[^\n]*|\*\*[^\n*]{1,120}\*\*:?)\s*\n+")
AND = {"en": " and ", "zh": "与"}
QUOTED = {"en": '" and "', "zh": "》与《"}  # between titles that stand in quotation marks together
SOURCES = {"en": "; ", "zh": "》与《"}


class SingleStep:
    """The common part: fill `prompts/<name>.<language>.txt`, take the answer as the text.

    `revision` is raised by hand when this code would make another request from the same prompt. `stop`
    ends an answer: a strategy that asks for one paragraph ends with its line, where a small model would
    go on and repeat itself up to the limit.
    """

    name = ""
    revision = 1
    least = 0
    most = 0
    stop: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Hash of the prompts in every language and of the revision."""
        prints = [load(self.name, language).fingerprint for language in sorted(LANGUAGES)]
        return content_id("strategy", self.name, self.revision, *prints)[:12]

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty where the number of entities fits, else why not."""
        count = len(subgraph.entities)
        if self.least <= count <= self.most:
            return ""
        wanted = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
        return f"the strategy {self.name!r} writes about {wanted} entities, this subgraph has {count}"

    def title(self, item: Item, context: Context) -> str:
        """A title that names the subject and its source."""
        language = prompt_language(item.language)
        names = names_of(item, context)
        subject = AND[language].join(names) if len(names) < 3 else listed(names, language)
        source = source_of(item, context, SOURCES[language])
        if not subject:
            return source
        if not source:
            return subject
        return f"{subject}（《{source}》）" if language == "zh" else f"{subject} ({source})"

    def next(self, item: Item, context: Context, earlier: Sequence[Completion]) -> list[Request]:
        """One request, and nothing after its answer."""
        if earlier:
            return []
        language = prompt_language(item.language)
        names = names_of(item, context)
        values = {
            "context": context.text,
            "entities": "\n".join(f"- {name}" for name in names),
            "names": AND[language].join(names) if len(names) < 3 else listed(names, language),
            "title": source_of(item, context, QUOTED[language]),
            "language": LANGUAGES.get(item.language, item.language),
            "words": str(words_for(item.parameters.max_tokens)),
        }
        p = item.parameters
        return [
            Request(
                messages=load(self.name, item.language).fill(values, variant=variant_of(item)),
                model=p.model,
                temperature=p.temperature,
                top_p=p.top_p,
                max_tokens=p.max_tokens,
                stop=self.stop,
                sample=item.wording,
            )
        ]

    def read(self, item: Item, context: Context, completion: Completion) -> list[Draft]:
        """The answer without code fences or a heading of the model's own."""
        return [Draft(self.title(item, context), unwrapped(completion.text))]


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
    """Which opening an item gets: by its subgraph, and the next one for the next wording."""
    return int(item.subgraph.key[:8], 16) + item.wording


def listed(names: Sequence[str], language: str) -> str:
    """ "a, b and c" in the words of the language."""
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
