"""How fast the checks are, and what a million remembered texts weigh.

    python benchmarks/checks.py [--texts 1000] [--words 300] [--repeats 10]
    python benchmarks/checks.py --near 1000000 [--words 300]

The first runs every check of "all" on texts of 300 words (500 characters in Chinese), each with a context of
about 370 words, as a run does: what passes is remembered. A context is a stretch of the example corpus in
which names and rare words are replaced by invented ones, so that no two are alike; its text has the same
clauses in another order, some of them dropped, and in every fifth one number in figures. Printed: texts a second of CPU time of one thread, in the best of the repeats, and with the best time of each
text over the repeats, which is what a core would do that nobody else disturbs; each check's share; the share that was accepted; and how long an event loop in a second thread
waits beside the checks, for each millisecond that it meant to sleep.

The second remembers so many texts, put together from 200,000 fragments of ten words, one in a hundred a changed
copy of an earlier text, and prints texts a second of CPU time (looked up and remembered), the memory that this
took, and how many of the copies were found, by their true Jaccard similarity in tenths.

JSON on stdout, talk on stderr.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import psutil

from kg.model import Check, Entity, Subgraph
from synthesis.base import Draft, Item, Parameters
from synthesis.checks import Checker, NearDuplicates, Written, checkers, judged, remember
from synthesis.checks.base import remembers
from synthesis.context import Context
from synthesis.prompting import load

ROOT = Path(__file__).resolve().parent.parent
SYLLABLES = [c + v + e for c in "bdfgklmnprstvw" for v in "aeiou" for e in ("", "n", "r", "s", "l")]
HAN_POOL = [chr(code) for code in range(0x4E00, 0x9F00)]
NUMERALS = "零一二三四五六七八九十百千万两廿卅〇年月日"
FIGURES = {
    "twelve": "12",
    "fourteen": "14",
    "nineteen": "19",
    "十二": "12",
    "四十": "40",
    "六十": "60",
    "九十": "90",
}
IN_WORDS = re.compile(
    rf"\b(?:twelve|fourteen|nineteen)\b|(?<![{NUMERALS}])(?:十二|四十|六十|九十)(?![{NUMERALS}])"
)
CONTEXT_WORDS = 370
FRAGMENTS, FRAGMENT = 200_000, 10
BASES = 500


def invented(rng: random.Random) -> str:
    """A word of two or three syllables."""
    return "".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3))))


LEXICON = sorted({invented(random.Random(number)) for number in range(20_000)})


def disguised(text: str, rng: random.Random) -> str:
    """The text with its names and rare words replaced, each by the same one throughout."""
    renamed: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if len(word) < 5 and not word[0].isupper():
            return word
        if word.lower() in KEPT:
            return word
        if word not in renamed:
            new = LEXICON[int(len(LEXICON) * rng.random() ** 2)]
            renamed[word] = new.capitalize() if word[0].isupper() else new
        return renamed[word]

    return re.sub(r"[A-Za-z]{4,}", other, text)


def disguised_han(text: str, rng: random.Random) -> str:
    kept = {c for c, _ in Counter(text).most_common(60)} | set(NUMERALS)
    renamed: dict[str, str | int | None] = {
        c: rng.choice(HAN_POOL) for c in sorted(set(text) - kept) if "\u4e00" <= c <= "\u9fff"
    }
    return text.translate(str.maketrans(renamed))


def material(language: str) -> list[str]:
    folder = ROOT / "examples" / ("mianxi" if language == "zh" else "wendlow")
    texts = [path.read_text("utf-8").split("---", 2)[2] for path in sorted(folder.glob("*.md"))]
    return [re.sub(r"(?m)^#.*$|\*+", "", text) for text in texts]


NUMBER_LIKE = re.compile(
    r"\b(?:\w+teen|\w+ty|hundred|thousand|pounds?|shillings?|grains?|acres?|miles?|yards?|years?|months?|"
    r"january|february|april|june|july|august|september|october|november|december|\w+day)\b"
)
KEPT = {
    word
    for text in material("en")
    for word, times in Counter(re.findall(r"[a-z]+", text.lower())).items()
    if NUMBER_LIKE.fullmatch(word) or (times > 3 and len(word) < 8)
}


def texts_of(language: str, count: int, words: int, seed: int = 1) -> Iterator[Written]:
    """So many drafts with their contexts and prompts."""
    rng = random.Random(seed)
    sources = material(language)
    for number in range(count):
        source = rng.choice(sources)
        if language == "zh":
            run = "".join(source.split())
            at = rng.randrange(max(1, len(run) - 700))
            context = disguised_han(run[at : at + 700], rng)
            clauses = re.split("(?<=[，。；：！？])", context)
            size, joint = words * 5 // 3, ""
        else:
            whole = source.split()
            at = rng.randrange(max(1, len(whole) - CONTEXT_WORDS))
            context = disguised(" ".join(whole[at : at + CONTEXT_WORDS]), rng)
            clauses = re.split(r"(?<=[,.;:?!]) ", context)
            size, joint = words, " "
        rng.shuffle(clauses)
        chosen: list[str] = []
        length = 0
        for clause in clauses:
            length += len(clause) if language == "zh" else clause.count(" ") + 1
            if length > size:
                break
            chosen.append(clause)
        said = joint.join(chosen).rstrip(",;:，；：") + ("。" if language == "zh" else ".")
        if number % 5 == 0:
            said = IN_WORDS.sub(lambda found: FIGURES[found[0]], said, count=1)
        yield written(said, context, language, number)


def written(text: str, context: str, language: str, number: int) -> Written:
    names = re.findall(r"(?<=[a-z] )[A-Z][a-z]{3,}", text)[:2] or re.findall("[\u4e00-\u9fff]{3}", text)[:2]
    entities = tuple(Entity.make(name, "person") for name in dict.fromkeys(names))
    subgraph = Subgraph.make([entity.id for entity in entities])
    item = Item(subgraph, entities, (), "relate", "1", Parameters("bench"), language, number)
    values = {
        "context": context,
        "entities": "\n".join(names),
        "names": ", ".join(names),
        "title": "The Book",
        "language": language,
        "words": "300",
    }
    prompt = load("relate", language).fill(values, variant=number)[-1].content
    return Written(
        Draft("A title", text), item, Context(text=context, headings='"The Book".'), "stop", prompt
    )


class Timed:
    """A check, with its CPU seconds counted by its name."""

    def __init__(self, inner: Checker, spent: dict[str, float]) -> None:
        self.name = inner.name
        self._inner, self._spent = inner, spent
        if remembers(inner):
            self.remember = inner.remember

    def check(self, written: Written) -> Check:
        started = time.thread_time()
        outcome = self._inner.check(written)
        self._spent[self.name] += time.thread_time() - started
        return outcome


def speed(language: str, count: int, words: int, repeats: int) -> dict[str, Any]:
    """Texts a second of CPU time, and what each check takes of it."""
    least = np.full(count, np.inf)
    passes = []
    for _ in range(repeats):
        checks, failed = checkers(["all"]), Counter[str]()
        accepted, seconds, length = 0, np.zeros(count), 0
        for number, draft in enumerate(texts_of(language, count, words)):
            started = time.thread_time()
            reasons = [outcome.name for outcome in judged(checks, draft) if outcome.outcome == "failed"]
            if not reasons:
                remember(checks, str(number), draft.text)
            seconds[number] = time.thread_time() - started
            accepted += not reasons
            failed.update(reasons)
            length += len(draft.text) if language == "zh" else draft.text.count(" ") + 1
        least = np.minimum(least, seconds)
        passes.append(count / seconds.sum())
    spent: dict[str, float] = defaultdict(float)
    timed = [Timed(checker, spent) for checker in checkers(["all"])]
    for number, draft in enumerate(texts_of(language, count, words)):
        if all(outcome.outcome != "failed" for outcome in judged(timed, draft)):
            remember(timed, str(number), draft.text)
    return {
        "language": language,
        "texts": count,
        "length": round(length / count),
        "texts_per_cpu_second": round(max(passes)),
        "of_each_text_the_best": round(count / least.sum()),
        "accepted": round(accepted / count, 3),
        "failed": dict(failed),
        "share": {name: round(seconds / sum(spent.values()), 3) for name, seconds in spent.items()},
    }


def beside(words: int, seconds: float = 5.0) -> dict[str, float]:
    """How late a loop in another thread wakes, in milliseconds, while the checks run and while nothing does."""
    drafts = list(texts_of("en", 500, words))
    late: list[float] = []
    stop = threading.Event()

    async def ticking() -> None:
        while not stop.is_set():
            started = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append((time.perf_counter() - started - 0.001) * 1e3)

    figures: dict[str, float] = {}
    for name in ("alone", "beside"):
        late.clear()
        stop.clear()
        thread = threading.Thread(target=lambda: asyncio.run(ticking()))
        thread.start()
        ends, checks = time.perf_counter() + seconds, checkers(["all"])
        if name == "alone":
            time.sleep(seconds)
        while time.perf_counter() < ends:
            for draft in drafts:
                judged(checks, draft)
        stop.set()
        thread.join()
        figures |= {
            f"{name}_p50_ms": round(float(np.median(late)), 2),
            f"{name}_p99_ms": round(float(np.quantile(late, 0.99)), 2),
        }
    return figures


def near(count: int, words: int) -> dict[str, Any]:
    """What it takes to hold so many texts."""
    rng = np.random.default_rng(1)
    pool = np.array([f"{invented(random.Random(number))}{number % 97}" for number in range(50_000)])
    weights = np.cumsum(1 / np.arange(1, len(pool) + 1))
    drawn = np.searchsorted(weights / weights[-1], rng.random((FRAGMENTS, FRAGMENT)))
    fragments = [" ".join(row) for row in pool[drawn].tolist()]
    check = NearDuplicates()
    process = psutil.Process()
    before = process.memory_info().rss
    bases: list[str] = []
    found, planted, false = Counter[str](), Counter[str](), 0
    spent, reported = 0.0, time.monotonic()
    for number in range(count):
        copied = number % 100 == 99
        if copied:
            base = bases[number // 100 % len(bases)]
            text = changed(base, rng, pool)
            agree = band(base, text)
        else:
            text = " ".join(fragments[at] for at in rng.integers(0, FRAGMENTS, words // FRAGMENT).tolist())
            if len(bases) < BASES or number % 100 == 50:
                bases = [*bases, text][-BASES:]
        started = time.thread_time()
        nearest = check.nearest(text)
        if nearest is None or copied:
            check.remember(f"{number:032x}", text)
        spent += time.thread_time() - started
        if copied:
            planted[agree] += 1
            found[agree] += nearest is not None
        else:
            false += nearest is not None
        if time.monotonic() - reported > 20:
            reported = time.monotonic()
            print(f"{number + 1:,} texts, {(number + 1) / spent:,.0f} a CPU second", file=sys.stderr)
    resident = process.memory_info().rss
    return {
        "remembered": len(check),
        "texts_per_cpu_second": round(count / spent),
        "memory_mb": round((resident - before) / 1e6),
        "resident_mb": round(resident / 1e6),
        "found_by_jaccard": {key: f"{found[key]} of {planted[key]}" for key in sorted(planted)},
        "found_of_the_others": false,
    }


def changed(base: str, rng: np.random.Generator, pool: np.ndarray[Any, Any]) -> str:
    """A copy with up to a tenth of its words replaced."""
    said = base.split()
    for place in rng.choice(len(said), rng.integers(1, len(said) // 10), replace=False):
        said[place] = str(pool[rng.integers(len(pool))])
    return " ".join(said)


def band(first: str, second: str) -> str:
    """The true similarity of two texts, by tenths."""
    one, two = (
        set(zip(text.split(), text.split()[1:], text.split()[2:], strict=False)) for text in (first, second)
    )
    return f"{int(10 * len(one & two) / len(one | two)) / 10:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--words", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--near", type=int, default=0, metavar="N", help="hold N texts instead")
    options = parser.parse_args()
    if options.near:
        print(json.dumps(near(options.near, options.words), indent=2))
        return
    rows = [speed(language, options.texts, options.words, options.repeats) for language in ("en", "zh")]
    print(json.dumps({"checks": rows, "loop": beside(options.words)}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
