from itertools import count

import pytest

from kg.model import Subgraph
from sampling import exclude, interleave, take

A, B, C, D = (Subgraph.make((letter * 32,)) for letter in "abcd")


def test_taking_stops_at_n_even_of_an_endless_plan() -> None:
    endless = (Subgraph.make((f"{i:032x}",)) for i in count())
    assert len(list(take(endless, 5))) == 5


def test_taking_more_than_there_are_gives_what_there_is() -> None:
    assert list(take([A, B], 9)) == [A, B]


def test_taking_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        take([A], -1)


def test_interleaving_takes_turns_until_every_plan_is_used_up() -> None:
    assert list(interleave([A, B, C], [], [D])) == [A, D, B, C]


def test_excluding_leaves_out_what_was_written() -> None:
    assert list(exclude([A, B, C], {B.key})) == [A, C]
