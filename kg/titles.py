"""What a corpus is called where a title is wanted."""

from pathlib import Path


def title_of(location: str) -> str:
    """The name of the corpus at that place: of its folder without .kg, or what stands after the # of an address.

    >>> title_of("data/handbook.kg"), title_of("bolt://host:7687#notes")
    ('handbook', 'notes')
    """
    if "://" in location:
        name = location.partition("#")[2]
    else:
        name = Path(location).resolve().name.removesuffix(".kg")
    return "".join(c for c in name if c.isprintable()).strip()[:200] or "corpus"
