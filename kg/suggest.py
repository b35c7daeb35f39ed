"""What to say when a name is not among those that exist: the known ones, nearest first."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names, the most similar to `name` first; equally similar ones in alphabetical order.

    >>> nearest("edgse", ["triples", "entities", "edges"])[0]
    'edges'
    """
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(b=name.casefold()[:200], autojunk=False)
    scored = []
    for candidate in known:
        matcher.set_seq1(candidate.casefold()[:200])
        scored.append((-matcher.ratio(), candidate))
    return [candidate for _, candidate in sorted(scored)]


def unknown(kind: str, name: str, known: Iterable[str], *, limit: int = 20) -> str:
    """The message for a name that does not exist: what was seen, and what exists, nearest first.

    >>> unknown("sampler", "edgse", ["entities", "edges"])
    "there is no sampler 'edgse'. Known: edges, entities"
    """
    shown = name if len(name) <= 80 else name[:77] + "..."
    names = nearest(name, known)
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return f"there is no {kind} {shown!r}. Known: {', '.join(names[:limit]) or 'none'}{more}"
