"""A model that says back what it was asked about: deterministic, free, without a network.

For tests and for trying a pipeline out. It reads the last user message for the blocks our prompts are made
of (a line that begins with "###", then its text), picks the sentences of the passages that name the asked
entities, and joins them. Its texts are copies: nothing should be trained on them.
"""

import asyncio
import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lm import tokens
from lm.base import FREE, BadRequest, Completion, FinishReason, Price, Request, ServerError, TokenCallback

_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?](?=\s|$)|[。！？]|(?=\n|$))[\"'”’」』)]*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NAME = re.compile(r"(?:[A-Z][\w'’-]+(?: (?=[A-Z]))?)+|[\u4e00-\u9fff]{2,4}")
_ENTITIES = ("entities", "entity", "实体", "實體")
_TASK = ("task", "任务", "任務")
_JUDGED = (
    (re.compile(r"[A-Z]\w+: (.*)\n\n[A-Z]\w+: (.*)\n\n.*\byes or no\.\s*$", re.DOTALL), ("Yes", "No")),
    (re.compile("原.：(.*)\n\n[^：\n]+：(.*?)[”\n].*“是”或“否”。\\s*$", re.DOTALL), ("是", "否")),
)
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_]+")
_WORDS_WANTED = 120


class Echo:
    """The echo model. `delay` is in seconds an answer, `fail` the share of attempts that fail."""

    def __init__(self, delay: float = 0.0, fail: float = 0.0) -> None:
        if delay < 0 or not 0 <= fail <= 1:
            raise ValueError(f"echo wants delay >= 0 and fail from 0 to 1, not {delay!r} and {fail!r}")
        self._delay, self._fail = delay, fail
        self._attempts: dict[str, int] = {}

    @property
    def name(self) -> str:
        """Always "echo": delay and failures change when an answer comes, not what it says."""
        return "echo"

    @property
    def remote(self) -> bool:
        """False: nothing leaves this machine."""
        return False

    @property
    def price(self) -> Price:
        """Free."""
        return FREE

    def count_tokens(self, text: str) -> int:
        """The estimate of `lm.tokens`."""
        return tokens.estimate(text)

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        """Sentences of the prompt that name its entities; a small valid instance where a schema is given.

        Asked whether a claim is true, yes or no, it compares words: the probability of yes is the share of the
        claim's words that stand in the passages.
        """
        if request.hidden_state:
            raise BadRequest("echo has no hidden states; a local model has")
        await asyncio.sleep(self._delay)
        if self._fail:
            self._fail_sometimes(request.key)
        prompt = request.messages[-1].content if request.messages else ""
        judged = _judged(prompt)
        first: dict[str, float] | None = None
        if request.schema is None:
            text = judged[0] if judged else _speak(_blocks(prompt))
            if request.top_logprobs:
                first = judged[1] if judged else {next(iter(text.split()), ""): 0.0}
        else:
            text = json.dumps(_instance(request.schema, _names(prompt)), ensure_ascii=False)
        text, finish = _within(text, request.max_tokens)
        if on_token is not None:
            for piece in re.findall(r"\S+\s*|\s+", text):
                on_token(piece)
        tokens_in, tokens_out = tokens.of_messages(request.messages), tokens.estimate(text)
        return Completion(text, finish, tokens_in, tokens_out, self._delay, self.name, 0.0, first)

    async def check(self) -> None:
        """Nothing can be wrong."""

    async def aclose(self) -> None:
        """Nothing to give back."""

    def _fail_sometimes(self, key: str) -> None:
        attempt = self._attempts.get(key, 0)
        self._attempts[key] = attempt + 1
        draw = hashlib.blake2b(f"{key}:{attempt}".encode(), digest_size=4).digest()
        if int.from_bytes(draw, "big") / 2**32 < self._fail:
            raise ServerError("echo fails, as it was asked to")


def _blocks(prompt: str) -> tuple[str, list[str]]:
    """The passages of a prompt and the names it asks about."""
    passages: list[str] = []
    names: list[str] = []
    into: list[str] | None = None
    for line in prompt.splitlines():
        if line.startswith("###"):
            title = line.strip("#").strip().casefold()
            if "entit" in title or "实体" in title or "實體" in title:
                into = names
            else:
                into = None if "task" in title or "任务" in title else passages
        elif into is names:
            if line.startswith(("- ", "* ")):
                names.append(line[2:].strip())
        elif into is passages and line.strip():
            passages.append(line)
    return ("\n".join(passages) if passages or names else prompt), names


def _judged(prompt: str) -> tuple[str, dict[str, float]] | None:
    """The answer to a question about a claim, with its log-probabilities; None for any other prompt."""
    for question, (yes, no) in _JUDGED:
        if found := question.match(prompt):
            known = set(_WORD.findall(found[1].casefold()))
            words = _WORD.findall(found[2].casefold())
            share = min(max(sum(word in known for word in words) / max(len(words), 1), 0.01), 0.99)
            told = {yes: math.log(share), no: math.log(1 - share)}
            ordered = sorted(told.items(), key=lambda item: -item[1])
            return ordered[0][0], dict(ordered)
    return None


def _speak(blocks: tuple[str, list[str]]) -> str:
    passages, wanted = blocks
    names = [_as_written(name, passages) for name in wanted]
    sentences = list(dict.fromkeys(s.strip() for s in _SENTENCE.findall(passages) if len(s.strip()) > 1))
    naming = [s for s in sentences if any(name in s for name in names)]
    chosen = naming[:12]
    for name in names:
        if not any(name in s for s in chosen):
            chosen += [s for s in naming if name in s][:1] or [name]
    rest = (s for s in sentences if s not in chosen)
    for sentence in rest:
        if _length(chosen) >= _WORDS_WANTED:
            break
        chosen.append(sentence)
    order = {sentence: place for place, sentence in enumerate(sentences)}
    chosen.sort(key=lambda s: order.get(s, -1))
    return _joined(_until(chosen, names))


def _until(sentences: list[str], names: list[str]) -> Iterator[str]:
    """The sentences that are needed to name everything, and then as many as a short text has."""
    missing = set(names)
    length = 0
    for sentence in sentences:
        named = {name for name in missing if name in sentence}
        if named or length < _WORDS_WANTED:
            yield sentence
            missing -= named
            length += _length([sentence])


def _length(sentences: list[str]) -> int:
    return sum(len(s.split()) + len(_CHINESE.findall(s)) // 2 for s in sentences)


def _joined(sentences: Iterator[str]) -> str:
    ended = []
    for sentence in sentences:
        chinese = bool(_CHINESE.search(sentence))
        done = sentence[-1] in ".!?。！？\"'”’」』)"
        ended.append(sentence if done else sentence + ("。" if chinese else "."))
    return "".join(s if _CHINESE.search(s) else s + " " for s in ended).strip()


def _as_written(name: str, passages: str) -> str:
    """The name without what a prompt may add behind it ("Sel (PLACE): a harbour town")."""
    for cut in (name, name.split(": ")[0], name.split("：")[0], name.split(" (")[0], name.split("（")[0]):
        if cut and cut in passages:
            return cut
    return name


def _names(prompt: str) -> list[str]:
    passages, wanted = _blocks(prompt)
    return wanted or list(dict.fromkeys(m.group().strip() for m in _NAME.finditer(passages)))


def _within(text: str, max_tokens: int) -> tuple[str, FinishReason]:
    if tokens.estimate(text) <= max_tokens:
        return text, "stop"
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens.estimate(text[:middle]) <= max_tokens:
            low = middle
        else:
            high = middle - 1
    return text[:low], "length"


def _instance(schema: Mapping[str, Any], names: list[str], place: int = 0, field: str = "") -> Any:
    """A small value that the schema allows, with names where it has room for them."""
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _instance(schema[choice][0], names, place, field)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        properties = schema.get("properties", {})
        return {key: _instance(value, names, place, key) for key, value in properties.items()}
    if kind == "array":
        count = min(schema.get("maxItems", 8), max(schema.get("minItems", 0), min(len(names), 8)))
        return [_instance(schema.get("items", {}), names, at, field) for at in range(count)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 0)
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    at = place + (field in ("target", "object", "to"))
    text = names[at % len(names)] if names else "nothing"
    if field in ("label", "relation", "predicate"):
        text = "is named with"
    elif field in ("description", "evidence", "reason"):
        text = f"{text}."
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), ".")
