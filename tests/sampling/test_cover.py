"""`cover` covers, with few items: against brute force, an exact solver and networkx."""

from collections import Counter
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from itertools import chain, combinations

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

import sampling.greedy
import sampling.listing
from kg.graph import Graph
from kg.model import Subgraph
from sampling import Coverage, CoverSampler, Sampler, sampler, useful
from sampling.cover import Pool
from sampling.greedy import fewest, greedy_cover, rarity_order

Make = Callable[..., Graph]
needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed (extra 'fast')")
UNITS_COVERED = ("entities", "relations", "triangles")
ITEMS = ("edges", "triangles", "both")
ALL = [(unit, items) for unit in UNITS_COVERED for items in ITEMS if (unit, items) != ("triangles", "edges")]
every_kind = pytest.mark.parametrize(("unit", "items"), ALL)


def random_graph(make: Make, seed: int, n: int = 30, p: float = 0.2) -> Graph:
    ours = nx.gnp_random_graph(n, p, seed=seed)
    return make([(f"v{a}", f"v{b}") for a, b in ours.edges], entities=["alone"])


def plan(chosen: Sampler, graph: Graph, seed: int = 0) -> list[Subgraph]:
    return list(chosen.sample(graph, np.random.default_rng(seed)))


def counted(graph: Graph, items: Iterable[Subgraph]) -> Coverage:
    coverage = Coverage(graph)
    for item in items:
        coverage.add(item)
    return coverage


def in_how_many(graph: Graph, unit: str, items: str) -> Counter[tuple[int, ...]]:
    """In how many items of the kind each thing is, by listing them."""
    kinds: list[Sampler] = []
    if items != "triangles" and unit != "triangles":
        kinds.append(sampler("edges"))
    if items != "edges":
        kinds.append(sampler("triangles"))
    if items == "both" and unit == "entities":
        alone = [
            Subgraph.make((graph.entity_id(row),)) for row in np.flatnonzero(graph.degrees == 0).tolist()
        ]
    else:
        alone = []
    whole = chain(alone, *(plan(kind, graph) for kind in kinds))
    found: Counter[tuple[int, ...]] = Counter()
    for item in whole:
        found.update(Coverage(graph).things(item)[unit])  # type: ignore[index]
    return found


@every_kind
@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_everything_is_covered_as_often_as_asked_or_as_it_can_be(
    make: Make, unit: str, items: str, times: int, seed: int
) -> None:
    graph = random_graph(make, seed)
    chosen = plan(CoverSampler(unit=unit, times=times, items=items), graph, seed)  # type: ignore[arg-type]
    assert len(set(chosen)) == len(chosen)
    counts = counted(graph, chosen).counts_by_row(unit)  # type: ignore[arg-type]
    for thing, most in in_how_many(graph, unit, items).items():
        assert counts.get(thing, 0) >= min(times, most)


@pytest.mark.parametrize("unit", UNITS_COVERED)
def test_what_is_covered_is_known_by_its_ids_where_the_graph_has_grown_since(
    make: Make, ids: Callable[[str], str], unit: str
) -> None:
    names = [f"e{i}" for i in range(8)]
    pairs = list(combinations(names[2:], 2))
    before = make(pairs, entities=names[2:])
    covered = Coverage(before)
    for item in plan(CoverSampler(unit=unit), before, 0):  # type: ignore[arg-type]
        covered.add(item)
    grown = make([*pairs, (names[0], names[1]), (names[0], names[2]), (names[1], names[2])], entities=names)
    assert not np.array_equal(grown.entity_ids[: len(before)], before.entity_ids)
    items = plan(CoverSampler(unit=unit, covered=covered), grown, 0)  # type: ignore[arg-type]
    fresh = {grown.entity_row(ids(name)) for name in names[:2]}
    assert items
    assert all(fresh & {grown.entity_row(id) for id in item.entities} for item in items)


@pytest.mark.parametrize("unit", UNITS_COVERED)
def test_on_every_graph_of_up_to_five_entities_each_item_was_of_use_when_it_came(
    make: Make, unit: str
) -> None:
    names = [f"e{i}" for i in range(5)]
    possible = list(combinations(names, 2))
    for choice in range(1 << len(possible)):
        chosen = [pair for i, pair in enumerate(possible) if choice >> i & 1]
        graph = make(chosen, entities=names)
        items = plan(CoverSampler(unit=unit), graph, choice)  # type: ignore[arg-type]
        assert list(useful(items, Coverage(graph), unit)) == items  # type: ignore[arg-type]
        coverage = counted(graph, items)
        assert coverage.covered(unit) == coverage.total(unit)  # type: ignore[arg-type]


@every_kind
@pytest.mark.parametrize("times", [1, 2])
def test_it_stays_near_the_optimum_of_an_exact_solver(
    make: Make, unit: str, items: str, times: int, record_property: Callable[[str, object], None]
) -> None:
    gaps, ours, best = [], 0, 0
    for seed in range(6):
        graph = random_graph(make, seed, n=14, p=0.35)
        pool = Pool.of(graph, CoverSampler(unit=unit, times=times, items=items))  # type: ignore[arg-type]
        if not len(pool.units):
            continue
        order = rarity_order(pool.units, pool.sizes, len(pool.need), np.random.default_rng(seed))
        greedy = len(greedy_cover(pool.units, order, pool.need))
        exact = optimum(pool)
        assert greedy >= exact
        gaps.append(greedy / exact)
        ours, best = ours + greedy, best + exact
    record_property("gap", f"{ours / best:.3f}")
    print(f"{unit} {times} times by {items}: {ours} items, {best} at best, {ours / best:.3f} of it")
    assert max(gaps) <= 1.25
    assert ours / best <= 1.07


def optimum(pool: Pool) -> int:
    matrix, need = table(pool)
    found = milp(
        np.ones(len(pool.units)),
        constraints=LinearConstraint(matrix, need, np.inf),
        integrality=np.ones(len(pool.units), dtype=np.int64),
        bounds=Bounds(0, 1),
    )
    assert found.status == 0
    return round(found.fun)


def table(pool: Pool) -> tuple[csr_matrix, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    of, place = np.nonzero(pool.units >= 0)
    matrix = csr_matrix(
        (np.ones(len(of)), (pool.units[of, place], of)), shape=(len(pool.need), len(pool.units))
    )
    return matrix, np.minimum(pool.need, np.asarray(matrix.sum(axis=1)).ravel().astype(np.int64))


@pytest.mark.parametrize("unit", ["entities", "relations"])
@pytest.mark.parametrize("seed", range(3))
def test_the_lower_bound_is_below_the_optimum_of_the_linear_program_and_near_it(
    make: Make, unit: str, seed: int
) -> None:
    graph = random_graph(make, seed, n=40, p=0.25)
    pool = Pool.of(graph, CoverSampler(unit=unit))  # type: ignore[arg-type]
    matrix, need = table(pool)
    exact = linprog(np.ones(len(pool.units)), A_ub=-matrix.toarray(), b_ub=-need.astype(float)).fun
    assert exact is not None
    bound = fewest(pool.units, need)
    assert 0.96 * exact <= bound <= exact + 1e-6


def test_no_choice_of_items_is_smaller_than_the_lower_bound_says(make: Make) -> None:
    for seed in range(20):
        graph = random_graph(make, seed, n=7, p=0.6)
        cover = CoverSampler(unit="relations")
        pool = Pool.of(graph, cover)
        assert cover.at_least(graph) <= optimum(pool) <= len(plan(cover, graph))


def test_a_complete_graph_of_a_steiner_system_needs_a_third_of_its_edges_at_least(make: Make) -> None:
    for n in (7, 9):  # n = 1 or 3 mod 6: triples that meet each pair once exist
        graph = make(list(combinations([f"v{i}" for i in range(n)], 2)))
        assert CoverSampler().at_least(graph) == n * (n - 1) // 6


@needs_numba
@every_kind
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("seed", range(5))
def test_compiled_and_not_the_plan_is_the_same(
    make: Make, monkeypatch: pytest.MonkeyPatch, unit: str, items: str, times: int, seed: int
) -> None:
    graph = random_graph(make, seed, n=60)
    cover = CoverSampler(unit=unit, times=times, items=items)  # type: ignore[arg-type]
    compiled = plan(cover, graph, seed)
    for module in (sampling.listing, sampling.greedy):
        monkeypatch.setattr(module, "kernels", lambda name: (None, "not used in this test"))
    assert plan(cover, graph, seed) == compiled


def test_fewer_items_than_a_random_order_that_skips_what_is_useless(make: Make) -> None:
    graph = random_graph(make, 3, n=200, p=0.08)
    for unit, most in (("entities", 0.65), ("relations", 0.85)):
        ours = len(plan(CoverSampler(unit=unit), graph))  # type: ignore[arg-type]
        whole = [*plan(sampler("edges"), graph), *plan(sampler("triangles"), graph)]
        order = np.random.default_rng(0).permutation(len(whole))
        taken = useful((whole[i] for i in order), Coverage(graph), unit)  # type: ignore[arg-type]
        assert ours <= most * len(list(taken))


def test_what_gains_most_comes_first(make: Make) -> None:
    graph = random_graph(make, 1)
    coverage, gains = Coverage(graph), []
    for item in plan(CoverSampler(unit="entities"), graph):
        before = coverage.covered("entities")
        coverage.add(item)
        gains.append(coverage.covered("entities") - before)
    assert gains == sorted(gains, reverse=True)


def test_where_a_smaller_item_gains_as_much_it_is_taken(make: Make) -> None:
    graph = make([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d", "e"), ("c", "e")])
    covered = counted(
        graph, [item for item in plan(sampler("edges"), graph) if _names(graph, item) != {"a", "b"}]
    )
    (item,) = plan(CoverSampler(covered=covered), graph)
    assert _names(graph, item) == {"a", "b"}


def _names(graph: Graph, item: Subgraph) -> set[str]:
    return {graph.names[graph.entity_row(id)] for id in item.entities}


@every_kind
def test_what_is_covered_already_is_not_covered_again(make: Make, unit: str, items: str) -> None:
    graph = random_graph(make, 2)
    cover = CoverSampler(unit=unit, items=items)  # type: ignore[arg-type]
    whole = plan(cover, graph)
    covered = counted(graph, whole[: len(whole) // 2])
    left = plan(CoverSampler(unit=unit, items=items, covered=covered), graph, seed=1)  # type: ignore[arg-type]
    assert list(useful(left, counted(graph, whole[: len(whole) // 2]), unit)) == left  # type: ignore[arg-type]
    assert plan(CoverSampler(unit=unit, items=items, covered=counted(graph, whole)), graph) == []  # type: ignore[arg-type]


def test_relations_of_an_entity_to_itself_are_covered_too(make: Make) -> None:
    graph = make([("a", "a"), ("b", "b"), ("b", "c")])
    items = plan(CoverSampler(), graph)
    assert [_names(graph, item) for item in items] == [{"b", "c"}, {"a"}]
    coverage = counted(graph, items)
    assert coverage.covered("relations") == coverage.total("relations") == 3
    both = counted(graph, [item for item in items if "b" in _names(graph, item)])
    assert [_names(graph, item) for item in plan(CoverSampler(covered=both), graph)] == [{"a"}]


def test_relabelled_the_plan_covers_with_about_as_many_items(make: Make) -> None:
    ours = nx.gnp_random_graph(60, 0.15, seed=5)
    rng = np.random.default_rng(0)
    sizes = []
    for _ in range(5):
        place = rng.permutation(60)
        graph = make([(f"v{place[a]}", f"v{place[b]}") for a, b in ours.edges])
        sizes.append(len(plan(CoverSampler(), graph)))
    assert max(sizes) <= 1.06 * min(sizes)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"unit": "pairs"}, "cover takes the unit entities, relations, triangles, saw 'pairs'"),
        ({"items": "cliques"}, "cover takes the items edges, triangles, both, saw 'cliques'"),
        ({"times": 0}, "times must be 1 or more, saw 0"),
        ({"unit": "triangles", "items": "edges"}, "no edge covers a triangle"),
    ],
)
def test_wrong_options_are_refused_when_the_sampler_is_made(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        CoverSampler(**options)  # type: ignore[arg-type]
