"""What `generate` is asked for: options with their checks, and the name of the run they make."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from entigraph.choosing import Choice
from entigraph.config import Value
from kg.model import content_id
from kg.suggest import unknown
from lm.names import adapter_of
from sampling.target_files import located
from synthesis.base import Strategy
from synthesis.checks import Checker, checkers
from synthesis.checks.leaked import Leaked
from synthesis.leakage import Leakage, questions_in
from synthesis.prompting import LANGUAGES
from synthesis.strategies import strategy

RECIPES = ("entigraph",)


@dataclass(frozen=True, slots=True)
class Options:
    """What is to be generated. `n` is the number of subgraphs of the plan in all, not an increment.

    `batch`: ask by the batch; False: one by one even where batches of this model are under way.
    """

    model: str
    samplers: tuple[str, ...] = ("edges",)
    uncovered: bool = False
    afresh: bool = False
    targets: str | None = None
    strategies: tuple[str, ...] = ()
    strategies_folder: str | None = None
    n: int | None = None
    entities: tuple[str, ...] = ()
    plan: str | None = None
    recipe: str | None = None
    wordings: int = 1
    context: str = "evidence"
    context_tokens: int = 500
    text_language: str = "auto"
    temperature: float = 0.8
    top_p: float = 0.9
    max_tokens: int = 360
    checks: tuple[str, ...] = ("all",)
    questions: str | None = None
    judge_model: str | None = None
    pilot: bool = True
    seed: int = 0
    refresh: bool = False
    retry_rejected: int = 0
    batch: bool | None = None
    concurrency: int = 8
    timeout_seconds: float = 300.0
    budget_usd: float | None = None
    budget_tokens: int | None = None
    max_texts: int | None = None
    deadline_seconds: float | None = None

    @staticmethod
    def of(settings: dict[str, Value], **chosen: Any) -> "Options":
        """Options with what the settings say, and what was chosen for this command."""
        return Options(
            model=settings["model"].value,
            context=settings["context"].value,
            context_tokens=int(settings["context_tokens"].value),
            text_language=settings["text_language"].value,
            temperature=float(settings["temperature"].value),
            top_p=float(settings["top_p"].value),
            max_tokens=int(settings["max_tokens"].value),
            concurrency=int(settings["concurrency"].value),
            timeout_seconds=float(settings["timeout_seconds"].value),
            **chosen,
        )

    @property
    def run(self) -> str:
        """Name of the run: options that make the same texts, however many, have the same run."""
        limits = {
            *("n", "pilot", "refresh", "retry_rejected", "batch", "concurrency", "timeout_seconds"),
            *("budget_usd", "budget_tokens", "max_texts", "deadline_seconds"),
        }
        kept = {name: value for name, value in asdict(self).items() if name not in limits}
        later = ("uncovered", "afresh", "targets", "strategies_folder", "questions", "judge_model")
        for name in later:  # runs from before these options keep their names
            if not kept[name]:
                del kept[name]
        what = self.recipe or (
            "plan"
            if self.plan
            else "entities"
            if self.entities
            else "-".join(spec.partition(":")[0] for spec in self.samplers)
        )
        return f"{what}-{content_id(json.dumps(kept, sort_keys=True))[:8]}"

    @property
    def choice(self) -> Choice:
        """The samplers and where they start from. Raises ValueError for what no sampler is."""
        return Choice(self.samplers, self.seed, self.uncovered, self.afresh, bool(self.recipe), self.targets)

    @property
    def limited(self) -> bool:
        """Whether anything bounds what this may cost; a deadline alone does not."""
        bounds = (self.n, self.budget_usd, self.budget_tokens, self.max_texts)
        return any(bound is not None for bound in bounds) or bool(self.entities or self.plan)


def checked(options: Options) -> Options:
    """The options with a recipe filled in. Raises ValueError for what cannot be, before any work."""
    if options.recipe is not None:
        if options.recipe not in RECIPES:
            raise ValueError(unknown("recipe", options.recipe, RECIPES))
        fixed: dict[str, tuple[str, ...]] = {
            "samplers": ("documents", "pairs", "triples"),
            "strategies": ("summarize", "relate"),
        }
        given = {"samplers": options.samplers, "strategies": options.strategies}
        if given not in (fixed, {"samplers": ("edges",), "strategies": ()}):
            raise ValueError("--recipe says how to sample and to write; give it, or --sampler and --strategy")
        options = replace(
            options,
            samplers=fixed["samplers"],
            strategies=fixed["strategies"],
            context="document",
            context_tokens=max(options.context_tokens, 6000),
            temperature=1.0,
            top_p=1.0,
        )
    if options.plan:  # `runs resume` may be typed in another folder
        options = replace(options, plan=str(Path(options.plan).absolute()))
    if options.targets:
        options = replace(options, targets=located(options.targets))
    choice = options.choice
    ends = (options.n, options.max_texts, options.plan, options.entities or None)
    if choice.endless and all(end is None for end in ends):
        raise ValueError(
            f"the sampler {'+'.join(options.samplers)!r} never ends; say how many with -n or --max-texts"
        )
    if options.strategies_folder:
        options = replace(options, strategies_folder=str(Path(options.strategies_folder).absolute()))
    strategies_of(options)
    if not options.checks:
        raise ValueError("--checks names no check; say 'none' to have none")
    if options.text_language not in ("auto", *LANGUAGES):
        raise ValueError(unknown("text language", options.text_language, ["auto", *LANGUAGES]))
    if options.questions:
        options = replace(options, questions=str(Path(options.questions).absolute()))
    checks_of(options)
    for name in filter(None, (options.model, options.judge_model)):
        adapter_of(name)
    for name, least in (
        ("n", 1),
        ("wordings", 1),
        ("max_tokens", 32),
        ("concurrency", 1),
        ("max_texts", 1),
        ("retry_rejected", 0),
    ):
        value = getattr(options, name)
        if value is not None and value < least:
            raise ValueError(f"{name.replace('_', '-')} must be {least} or more, seen {value}")
    if not 0 <= options.temperature <= 2:
        raise ValueError(f"temperature must be between 0 and 2, seen {options.temperature}")
    if not 0 < options.top_p <= 1:
        raise ValueError(f"top-p must be above 0 and at most 1, seen {options.top_p}")
    if options.plan and options.entities:
        raise ValueError("--plan and --entity both name what to write about; give one of them")
    return options


def strategies_of(options: Options) -> list[Strategy]:
    """The strategies asked for, else those that write about one, two and three entities."""
    folder = Path(options.strategies_folder) if options.strategies_folder else None
    names = options.strategies or ("describe", "relate")
    if len(set(names)) < len(names):
        raise ValueError(
            f"a strategy is named twice in {','.join(names)!r}; '--wordings' writes more than once"
        )
    return [strategy(name, folder) for name in names]


def checks_of(options: Options) -> list[Checker]:
    """The checks asked for; the texts are held against the questions of `questions` where it is given."""
    given: list[Checker] = []
    if options.questions:
        given.append(Leaked(Leakage.of(questions_in(Path(options.questions)))))
    return checkers(options.checks, given)
