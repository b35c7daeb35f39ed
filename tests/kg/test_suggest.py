from kg.suggest import nearest, unknown


def test_the_most_similar_name_comes_first() -> None:
    assert nearest("trangles", ["edges", "entities", "pairs", "triangles", "triples"])[:2] == [
        "triangles",
        "triples",
    ]


def test_the_message_says_what_was_seen_and_what_exists() -> None:
    message = unknown("strategy", "relat", ["describe", "relate"])
    assert message == "there is no strategy 'relat'. Known: relate, describe"


def test_a_very_long_name_is_shown_short() -> None:
    assert len(unknown("store", "x" * 100_000, ["sqlite"])) < 200


def test_nothing_known_is_said_plainly() -> None:
    assert unknown("store", "x", []).endswith("Known: none")
