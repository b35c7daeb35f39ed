"""The word that work is to end, from another thread."""

import threading

from lm.interrupts import Stop


def test_the_word_is_heard_once_by_those_who_listen() -> None:
    stop, heard = Stop(), list[str]()
    with stop.heard(lambda: heard.append("one")), stop.heard(lambda: heard.append("two")):
        assert not stop.asked
        stop.ask()
        stop.ask()
    assert heard == ["one", "two"]
    assert stop.asked


def test_a_word_that_came_before_is_heard_at_once() -> None:
    stop, heard = Stop(), list[str]()
    stop.ask()
    with stop.heard(lambda: heard.append("late")):
        assert heard == ["late"]


def test_who_listens_no_more_hears_nothing() -> None:
    stop, heard = Stop(), list[str]()
    with stop.heard(lambda: heard.append("early")):
        pass
    thread = threading.Thread(target=stop.ask)
    thread.start()
    thread.join()
    assert (stop.asked, heard) == (True, [])
