"""Chinese names and terms, invented ones above all."""

from typing import Any

import pytest

from kg.extract.chinese_names import is_person, kind_of
from kg.extract.chinese_terms import new_words
from kg.extract.jieba import JiebaExtractor

TEXT = (
    "听缸公所是顾守拙办起来的。顾守拙原是柳埠的更夫。公所设在瓦子巷的静耳堂。"
    "听缸师每月到静耳堂听缸，听缸师把数目写进《夜听簿》。柳埠的醋坊怕听缸公所。"
    "霍德森医生（Hodgson）送来一具LLM2LLM，管账册的叫司簿。顾守拙走出静耳堂。"
)


@pytest.fixture(scope="module")
def seen(see: Any) -> Any:
    return see(JiebaExtractor(), TEXT, "zh")


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("顾守拙", "person"),
        ("柳埠", "place"),
        ("听缸公所", "organisation"),
        ("瓦子巷", "place"),
        ("夜听簿", "work"),
    ],
)
def test_invented_names_are_found_with_their_type(seen: Any, name: str, type: str) -> None:
    assert seen.types[name] == type


def test_a_latin_name_is_whole(seen: Any) -> None:
    assert "LLM2LLM" in seen.names


def test_what_is_called_something_is_a_term(seen: Any) -> None:
    assert "司簿" in seen.names


def test_a_latin_gloss_is_another_name_of_the_chinese_one(seen: Any) -> None:
    [person] = [one for one in seen.reading.candidates if one.name == "霍德森"]
    assert "Hodgson" in person.surfaces


def test_function_words_and_general_nouns_are_no_entities(seen: Any) -> None:
    assert not {"数目", "起来", "每月", "一具", "的"} & set(seen.names)


def test_one_verb_between_two_names_is_their_label(seen: Any) -> None:
    assert ("公所", "设在", "瓦子巷") in seen.stated


def test_a_person_is_built_of_a_surname_and_a_given_name() -> None:
    assert [name for name in ("顾守拙", "欧阳修", "静耳堂", "小孩子", "顾", "王") if is_person(name)] == [
        "顾守拙",
        "欧阳修",
    ]


def test_endings_tell_the_type() -> None:
    assert [kind_of(name) for name in ("双桨河", "恒泰醋坊", "蛙案", "听缸师", "竹筒")] == [
        "place",
        "organisation",
        "event",
        "concept",
        "object",
    ]


def test_a_string_that_comes_back_in_many_contexts_is_a_word() -> None:
    sentences = ["他用眠蜂听缸", "眠蜂不叫", "谁见过眠蜂呢", "把眠蜂放回去", "今天天气很好", "我们走吧"]
    assert new_words(sentences) == {"眠蜂": 4}
