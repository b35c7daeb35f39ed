"""The language of a text, told from its script and its commonest words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.languages import COMMON_WORDS, SCRIPTS, UNDETERMINED, language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The tide clock was built by a woman from the valley."),
        ("de", "Der Uhrmacher wohnt mit seiner Tochter in einem alten Haus und ist nicht reich."),
        ("fr", "Le vieil horloger habite dans la vallée avec sa fille et ne sort pas."),
        ("es", "El viejo relojero vive en el valle con su hija y no sale de la casa."),
        ("it", "Il vecchio orologiaio vive nella valle con la figlia e non esce di casa."),
        ("pt", "O velho relojoeiro vive no vale com a sua filha e não sai de casa."),
        ("nl", "De oude klokkenmaker woont met zijn dochter in het dal en gaat niet uit."),
        ("zh", "潮钟由奥拉·芬奇看守。"),
        ("zh", "老鐘錶匠住在山谷裡。"),
        ("ja", "古い時計職人は谷に住んでいます。"),
        ("ko", "늙은 시계공은 골짜기에 산다."),
        ("ru", "Старый часовщик живёт в долине, это мы знаем."),
        ("uk", "Старий годинникар живе в долині, він її любить."),
        ("el", "Ο παλιός ωρολογοποιός ζει στην κοιλάδα."),
        ("he", "השען הזקן גר בעמק."),
        ("ar", "يعيش صانع الساعات القديم في الوادي."),
        ("fa", "ساعت‌ساز پیر در دره زندگی می‌کند و چند گربه دارد."),
        ("hi", "बूढ़ा घड़ीसाज़ घाटी में रहता है।"),
        ("th", "ช่างทำนาฬิกาเก่าอาศัยอยู่ในหุบเขา"),
    ],
)
def test_a_language_is_told(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", " \n", "1234 + 5", "Saltmere", "Orla Finch 1911", "?!…", "\ud800"])
def test_what_does_not_tell_is_undetermined(text: str) -> None:
    assert language_of(text) == UNDETERMINED


def test_chinese_with_latin_names_in_it_is_chinese() -> None:
    assert language_of("LLM2LLM 用 GPT-3.5 和 SFT 训练学生模型 Llama-2-7B") == "zh"


def test_english_with_a_few_chinese_names_in_it_is_english() -> None:
    assert (
        language_of("The guild of Qingping (青坪) kept the clock of the harbour for a hundred years.") == "en"
    )


def test_a_long_text_is_judged_by_parts_of_it_at_once() -> None:
    text = "The clock of the harbour stopped. " * 1_000_000
    began = time.perf_counter()
    assert language_of(text) == "en"
    assert time.perf_counter() - began < 0.1


@given(st.text())
def test_any_text_has_a_known_language_or_none(text: str) -> None:
    assert language_of(text) in {*COMMON_WORDS, *SCRIPTS, "uk", "fa", UNDETERMINED}
