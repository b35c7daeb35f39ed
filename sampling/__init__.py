"""Which parts of a graph to write about, and how much of it a set of texts covers."""

import _entigraph_home

_entigraph_home.check("sampling", "kg", "lm")

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from kg.specs import read_spec
from sampling.accounting import UNITS, Coverage, Unit, coverage_of_records
from sampling.balanced import BalancedSampler
from sampling.base import Sampler, SamplingError
from sampling.combine import exclude, interleave, take, useful, within
from sampling.communities import CommunitySampler
from sampling.cover import CoverSampler
from sampling.cross_document import CrossDocumentSampler
from sampling.documents import DocumentSampler
from sampling.edges import EdgeSampler
from sampling.entities import EntitySampler
from sampling.listing import Triangles, triangle_count
from sampling.neighbourhoods import NeighbourhoodSampler
from sampling.pairs import PairSampler
from sampling.paths import PathSampler
from sampling.plan_files import check_plan, plan_lines, read_plan, write_plan
from sampling.slots import SlotSampler
from sampling.target_files import targets_of
from sampling.targeted import TargetedSampler
from sampling.targets import Targets
from sampling.triangles import TriangleSampler
from sampling.triples import TripleSampler
from sampling.walks import WalkSampler

SAMPLERS: dict[str, Callable[..., Sampler]] = {
    "balanced": BalancedSampler,
    "communities": CommunitySampler,
    "cover": CoverSampler,
    "cross_document": CrossDocumentSampler,
    "documents": DocumentSampler,
    "edges": EdgeSampler,
    "entities": EntitySampler,
    "neighbourhoods": NeighbourhoodSampler,
    "pairs": PairSampler,
    "paths": PathSampler,
    "slots": SlotSampler,
    "targeted": TargetedSampler,
    "triangles": TriangleSampler,
    "triples": TripleSampler,
    "walks": WalkSampler,
}


def sampler(spec: str, **options: Any) -> Sampler:
    """The sampler of that name, made with these options; those that are text may stand in the name.

    `sampler("edges", weighted=True)` is `sampler("edges:weighted")`. Raises ValueError for a name that is
    not in `SAMPLERS`, an option that sampler does not have, or a value that is not of its kind.
    """
    name, written = read_spec(spec, SAMPLERS, "sampler")
    try:
        return SAMPLERS[name](**written, **options)
    except TypeError as error:
        raise ValueError(f"the sampler {name!r} does not take these options: {error}") from None


def goes_on(spec: str) -> bool:
    """Whether that sampler has a field `covered`: chooses by what is covered already."""
    kind = SAMPLERS[read_spec(spec, SAMPLERS, "sampler")[0]]
    return is_dataclass(kind) and any(field.name == "covered" for field in fields(kind))


__all__ = [
    "SAMPLERS",
    "UNITS",
    "BalancedSampler",
    "CommunitySampler",
    "CoverSampler",
    "Coverage",
    "CrossDocumentSampler",
    "DocumentSampler",
    "EdgeSampler",
    "EntitySampler",
    "NeighbourhoodSampler",
    "PairSampler",
    "PathSampler",
    "Sampler",
    "SamplingError",
    "SlotSampler",
    "TargetedSampler",
    "Targets",
    "TriangleSampler",
    "Triangles",
    "TripleSampler",
    "Unit",
    "WalkSampler",
    "check_plan",
    "coverage_of_records",
    "exclude",
    "goes_on",
    "interleave",
    "plan_lines",
    "read_plan",
    "sampler",
    "take",
    "targets_of",
    "triangle_count",
    "useful",
    "within",
    "write_plan",
]
