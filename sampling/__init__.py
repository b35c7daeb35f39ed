"""Which parts of a graph to write about, and how much of it a set of texts covers."""

import _entigraph_home

_entigraph_home.check("sampling", "kg", "lm")

from collections.abc import Callable
from typing import Any

from kg.suggest import unknown
from sampling.accounting import UNITS, Coverage, Unit, coverage_of_records
from sampling.base import Sampler
from sampling.combine import exclude, interleave, take
from sampling.documents import DocumentSampler
from sampling.edges import EdgeSampler
from sampling.entities import EntitySampler
from sampling.listing import Triangles, triangle_count
from sampling.pairs import PairSampler
from sampling.triangles import TriangleSampler
from sampling.triples import TripleSampler

SAMPLERS: dict[str, Callable[..., Sampler]] = {
    "documents": DocumentSampler,
    "edges": EdgeSampler,
    "entities": EntitySampler,
    "pairs": PairSampler,
    "triangles": TriangleSampler,
    "triples": TripleSampler,
}


def sampler(name: str, **options: Any) -> Sampler:
    """The sampler of that name, made with these options, e.g. `sampler("edges", weighted=True)`.

    Raises ValueError for a name that is not in `SAMPLERS` or an option that sampler does not have.
    """
    if name not in SAMPLERS:
        raise ValueError(unknown("sampler", name, SAMPLERS))
    try:
        return SAMPLERS[name](**options)
    except TypeError as error:
        raise ValueError(f"the sampler {name!r} does not take these options: {error}") from None


__all__ = [
    "SAMPLERS",
    "UNITS",
    "Coverage",
    "DocumentSampler",
    "EdgeSampler",
    "EntitySampler",
    "PairSampler",
    "Sampler",
    "TriangleSampler",
    "Triangles",
    "TripleSampler",
    "Unit",
    "coverage_of_records",
    "exclude",
    "interleave",
    "sampler",
    "take",
    "triangle_count",
]
