import pytest

from kg.specs import options_of
from sampling import (
    SAMPLERS,
    CoverSampler,
    EdgeSampler,
    PathSampler,
    TriangleSampler,
    WalkSampler,
    goes_on,
    sampler,
)


def test_options_stand_behind_colons_and_one_alone_means_yes() -> None:
    assert sampler("edges:weighted") == EdgeSampler(weighted=True)
    assert sampler("edges:weighted=no:replacement=yes") == EdgeSampler(replacement=True)
    assert sampler("walks:length=6:p=0.5:backtrack=off") == WalkSampler(length=6, p=0.5, backtrack=False)
    assert sampler("cover:unit=entities:times=2:items=edges") == CoverSampler("entities", 2, "edges")
    assert sampler("paths:hops=3") == PathSampler(3)
    assert sampler("triangles", weighted=True) == sampler("triangles:weighted") == TriangleSampler(True)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", r"no sampler ''\. Known: "),
        ("edgse:weighted", r"no sampler 'edgse'\. Known: edges"),
        ("edges:weigthed", r"the sampler 'edges' has no option 'weigthed'\. Known: weighted, replacement"),
        ("edges:", "the sampler 'edges' has no option ''"),
        ("entities:times=2", "the sampler 'entities' has no options, saw 'times=2'"),
        ("edges:weighted=maybe", "'weighted' of the sampler 'edges' is yes or no, saw 'maybe'"),
        ("walks:length=long", "'length' of the sampler 'walks' is a whole number, saw 'long'"),
        ("walks:length=2.5", "is a whole number, saw '2.5'"),
        ("walks:p=x", "'p' of the sampler 'walks' is a number, saw 'x'"),
        ("walks:p=nan", "p of a walk must be from"),
        ("walks:length", "'length' of the sampler 'walks' wants a value: write walks:length="),
        ("walks:length=2:length=3", "'length' of the sampler 'walks' is given twice"),
        ("cover:unit=relation", "'unit' of the sampler 'cover' is one of relations, .* saw 'relation'"),
        ("cover:covered=1", "the sampler 'cover' has no option 'covered'"),
    ],
)
def test_what_is_wrong_with_a_spec_is_said(spec: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sampler(spec)


def test_every_option_of_every_sampler_can_be_written_with_its_default_value() -> None:
    for name, kind in SAMPLERS.items():
        made = kind()
        for option in options_of(kind):
            value = getattr(made, option)
            if value is not None:
                text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
                assert sampler(f"{name}:{option}={text}") == made


def test_samplers_that_choose_by_what_is_covered_say_so() -> None:
    assert goes_on("cover:times=2")
    assert not goes_on("edges:weighted")
    with pytest.raises(ValueError, match="no sampler 'nosuch'"):
        goes_on("nosuch")
