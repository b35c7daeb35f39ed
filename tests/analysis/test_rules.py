"""Every selection rule, link rule and tie rule: exact rates equal an enumeration of all draws."""

from collections import defaultdict, deque
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from analysis import Digraph, erdos_renyi, rate_histogram
from analysis.rules import LINK_RULES, SELECTION_RULES, LinkRule, Selection, selection
from analysis.searches import TIE_RULES

KITE = Digraph.of_edges(6, [0, 0, 1, 2, 3, 3, 5], [1, 2, 3, 3, 4, 5, 0])
GRAPHS = {
    "kite": KITE,  # two shortest paths from 0 to all behind 3
    "two ways back": KITE.symmetrised(),
    "apart": Digraph.of_edges(7, [0, 1, 2, 4], [1, 2, 3, 5]),
    "random": erdos_renyi(12, 1.7, np.random.default_rng(4)),
    "dense": erdos_renyi(10, 4.0, np.random.default_rng(5)),
    "grid": Digraph.of_edges(
        9, [0, 1, 3, 4, 6, 7, 0, 1, 2, 3, 4, 5], [1, 2, 4, 5, 7, 8, 3, 4, 5, 6, 7, 8], undirected=True
    ),
    "one vertex": Digraph.of_edges(1, [], []),
    "no edge": Digraph.of_edges(4, [], []),
}


def neighbours(graph: Digraph) -> list[list[int]]:
    return [graph.indices[graph.indptr[v] : graph.indptr[v + 1]].tolist() for v in range(graph.vertices)]


def paths(graph: Digraph, x: int, tie_rule: str) -> dict[int, list[list[int]]]:
    """All paths a draw from x may take, by where they lead: written anew, without the code under test."""
    steps, found, queue = neighbours(graph), {x: [[x]]}, deque([x])
    while queue:
        v = queue.popleft()
        for w in steps[v]:
            longer = [[*path, w] for path in found[v]]
            if w not in found:
                found[w] = longer
                queue.append(w)
            elif tie_rule == "uniform" and len(found[w][0]) == len(longer[0]):
                found[w].extend(longer)
    return found


def enumerated(
    graph: Digraph, tie_rule: str, chosen: Selection, rule: LinkRule
) -> dict[tuple[int, int], float]:
    """The rate of every link: its chance summed over all pairs and all their paths, times K."""
    rates: dict[tuple[int, int], float] = defaultdict(float)
    for x in range(graph.vertices):
        chances = chosen.chances(x)
        for y, ways in paths(graph, x, tie_rule).items():
            for path in ways if y != x else []:
                for link in set(rule.links(path)):
                    rates[link] += chances[y] * graph.pairs / len(ways)
    return {link: rate for link, rate in rates.items() if rate > 0}


def weighted(name: str, graph: Digraph) -> Selection:
    """The selection rule with weights of the shape that it says it takes, some of them 0."""
    dimensions = SELECTION_RULES[name].dimensions
    if not dimensions:
        return selection(name, graph)
    rng = np.random.default_rng(11)
    shape = (graph.vertices,) * dimensions
    weights = rng.exponential(size=shape) * (rng.random(shape) > 1 / 3)
    weights.flat[:2] = 0.5, 1.5
    return selection(name, graph, weights)


def both(rates: list[float]) -> tuple[list[float], list[float]]:
    """The distinct rates, ascending, and how many links have each."""
    distinct: list[float] = []
    counts: list[float] = []
    for rate in sorted(rates):
        if distinct and rate < distinct[-1] * (1 + 1e-9):
            counts[-1] += 1
        else:
            distinct.append(rate)
            counts.append(1.0)
    return distinct, counts


@pytest.mark.parametrize("kernel", ["scipy", "auto"])
@pytest.mark.parametrize("tie_rule", sorted(TIE_RULES))
@pytest.mark.parametrize("link", sorted(name for name, rule in LINK_RULES.items() if rule.is_exact))
@pytest.mark.parametrize("name", sorted(SELECTION_RULES))
@pytest.mark.parametrize("shape", sorted(GRAPHS))
def test_exact_rates_are_those_of_an_enumeration(
    shape: str, name: str, link: str, tie_rule: str, kernel: str
) -> None:
    graph = GRAPHS[shape]
    if graph.vertices < 2 and name != "uniform":
        return  # no pair to weigh; refused, as tested below
    chosen = weighted(name, graph)
    rates = enumerated(graph, tie_rule, chosen, LINK_RULES[link])
    found = rate_histogram(graph, tie_rule=tie_rule, selection_rule=chosen, link_rule=link, kernel=kernel)
    source_links = set(zip(graph.tails.tolist(), graph.indices.tolist(), strict=True))
    growing, known = both([rate for pair, rate in rates.items() if pair not in source_links])
    assert found.rates == pytest.approx(growing, rel=1e-8)
    assert found.counts.tolist() == known
    growing, known = both([rate for pair, rate in rates.items() if pair in source_links])
    assert found.source_rates == pytest.approx(growing, rel=1e-8)
    assert found.source_counts.tolist() == known
    assert (found.selection_rule, found.link_rule, found.tie_rule) == (name, link, tie_rule)


@pytest.mark.parametrize("name", sorted(SELECTION_RULES))
def test_chances_sum_to_one_and_draws_follow_them(name: str) -> None:
    chosen = weighted(name, GRAPHS["kite"])
    chances = np.array([chosen.chances(x) for x in range(6)])
    assert chances.sum() == pytest.approx(1.0, rel=1e-12)
    assert chances.diagonal().tolist() == [0.0] * 6
    xs, ys = chosen.draw(np.random.default_rng(2), 60_000)
    seen = np.zeros((6, 6))
    np.add.at(seen, (xs, ys), 1)
    assert seen[chances == 0].sum() == 0
    likely = chances > 0
    assert chisquare(seen[likely], 60_000 * chances[likely]).pvalue > 1e-3


@pytest.mark.parametrize("name", sorted(LINK_RULES))
def test_a_link_rule_teaches_the_asked_pair_and_never_a_loop(name: str) -> None:
    for path in ([3, 1], [3, 1, 4], [0, 1, 2, 3, 4]):
        links = list(LINK_RULES[name].links(path))
        assert (path[0], path[-1]) in links
        assert all(a != b and path.index(a) < path.index(b) for a, b in links)
        assert len(set(links)) == len(links)


@pytest.mark.parametrize("tie_rule", sorted(TIE_RULES))
def test_paths_drawn_are_shortest_and_as_likely_as_the_tie_rule_says(tie_rule: str) -> None:
    graph, rng = GRAPHS["grid"], np.random.default_rng(0)
    found = next(TIE_RULES[tie_rule](graph, [0]))
    end = found.vertices.tolist().index(8)
    drawn = [tuple(found.path_to(end, rng)) for _ in range(600)]
    allowed = [tuple(path) for path in paths(graph, 0, tie_rule)[8]]
    assert set(drawn) == set(allowed)
    assert len(allowed) == {"fifo": 1, "uniform": 6}[tie_rule]
    if len(allowed) > 1:
        assert chisquare([drawn.count(path) for path in allowed]).pvalue > 1e-3


@settings(deadline=None, max_examples=60)
@given(
    st.integers(2, 9).flatmap(
        lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=30).map(
            lambda edges: Digraph.of_edges(n, [a for a, _ in edges], [b for _, b in edges])
        )
    ),
    st.sampled_from(sorted(TIE_RULES)),
    st.sampled_from(sorted(name for name, rule in LINK_RULES.items() if rule.is_exact)),
)
def test_expected_links_a_draw_are_the_mean_over_all_pairs(graph: Digraph, tie_rule: str, link: str) -> None:
    # whatever the tie rule: shortest paths to y are equally long, and teach equally many links
    found = rate_histogram(graph, tie_rule=tie_rule, link_rule=link)
    total = float(found.rates @ found.counts + found.source_rates @ found.source_counts)
    expected = sum(
        len(list(LINK_RULES[link].links(ways[0])))
        for x in range(graph.vertices)
        for y, ways in paths(graph, x, tie_rule).items()
        if y != x
    )
    assert total == pytest.approx(expected, rel=1e-9)


def test_a_clique_teaches_at_least_what_a_star_does_and_a_star_what_a_pair_does() -> None:
    graph = erdos_renyi(40, 2.0, np.random.default_rng(1))
    t = [10.0, 300.0, 3_000.0]
    curves = {name: rate_histogram(graph, link_rule=name).curve(t) for name in LINK_RULES}
    assert (curves["pair"] < curves["star"]).all()
    assert (curves["star"] < curves["clique"]).all()
    ends = {rate_histogram(graph, link_rule=name).plateau for name in LINK_RULES}
    assert len(ends) == 1


def test_the_rates_of_the_asked_pair_alone_are_one() -> None:
    found = rate_histogram(KITE, link_rule="pair")
    assert (found.rates.tolist(), found.counts.sum()) == ([1.0], found.reachable_pairs - KITE.edges)


def test_random_ties_share_what_fifo_gives_to_one() -> None:
    # 0 -> {1, 2} -> 3 -> 4: half of the draws of 3 and of 4 pass each of 1 and 2
    found = rate_histogram(Digraph.of_edges(5, [0, 0, 1, 2, 3], [1, 2, 3, 3, 4]), tie_rule="uniform")
    assert dict(zip(found.source_rates, found.source_counts, strict=True)) == {1.0: 1, 2.0: 4}
    assert dict(zip(found.rates, found.counts, strict=True)) == {1.0: 3, 2.0: 1}


@pytest.mark.parametrize("kernel", ["scipy", "auto"])
def test_more_ways_than_a_float_can_count_do_no_harm(kernel: str) -> None:
    # 1,100 diamonds in a row: 2^1100 shortest paths from end to end
    count = 1_100
    tips = 3 * np.arange(count)
    tails = np.concatenate((tips, tips, tips + 1, tips + 2))
    heads = np.concatenate((tips + 1, tips + 2, tips + 3, tips + 3))
    graph = Digraph.of_edges(3 * count + 1, tails, heads)
    found = rate_histogram(graph, sources=[0], tie_rule="uniform", kernel=kernel)
    # at the end of each diamond hangs all that follows, itself included; at each of its sides half of that
    # and the side itself. The sides of the first diamond are source links
    after = 3.0 * np.arange(count) + 1
    rates = np.concatenate((after, 1 + after[:-1] / 2, 1 + after[:-1] / 2))
    expected, counts = both(rates.tolist())
    assert found.rates == pytest.approx(expected, rel=1e-9)
    assert found.counts / graph.vertices == pytest.approx(counts, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "weights", "message"),
    [
        ("unifrom", None, r"no selection rule 'unifrom'\. Known: uniform"),
        ("uniform", [1, 2, 3, 4, 5, 6], "takes no weights"),
        ("vertices", None, "needs weights of shape"),
        ("vertices", [1, 2], r"wants weights of shape \(6,\), saw \(2,\)"),
        ("vertices", [1, 0, 0, 0, 0, 0], "two vertices of positive weight"),
        ("vertices", [1, 1, 1, 1, 1, -1], r"not negative, saw -1\.0"),
        ("vertices", [1, 1, 1, 1, 1, float("nan")], "finite and not negative, saw nan"),
        ("pairs", np.eye(6), "needs a pair x != y"),
        ("pairs", -np.ones((6, 6)), "not negative"),
    ],
)
def test_weights_that_do_not_fit_are_refused(name: str, weights: list[float] | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        selection(name, KITE, weights)


def test_a_rule_without_rates_is_sent_to_the_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LINK_RULES, "both ways", LinkRule(lambda path: iter([(path[-1], path[0])])))
    with pytest.raises(ValueError, match="no exact rates: simulate it, with 'stepwise'"):
        rate_histogram(KITE, link_rule="both ways")


def test_a_rule_that_adds_up_over_sources_cannot_sample_them() -> None:
    with pytest.raises(ValueError, match="they cannot be sampled"):
        rate_histogram(KITE, link_rule="clique", sources=[1, 2])
    with pytest.raises(ValueError, match=r"at most V=3000, saw V=3001"):
        rate_histogram(Digraph.of_edges(3_001, [0], [1]), link_rule="clique")


def test_exact_fractions_on_a_graph_worked_out_by_hand() -> None:
    # 0 -> 1 -> 2 -> 3, clique: the link (1, 3) is taught by (0, 3) and (1, 3); (0, 2) by (0, 2) and (0, 3)
    found = rate_histogram(Digraph.of_edges(4, [0, 1, 2], [1, 2, 3]), link_rule="clique")
    assert dict(zip(found.rates, found.counts, strict=True)) == {1.0: 1, 2.0: 2}
    expected = (3 + (1 - Fraction(11, 12) ** 7) + 2 * (1 - Fraction(10, 12) ** 7)) / 12
    assert float(found.curve(7)) == pytest.approx(float(expected), rel=1e-14)
