"""Claims held against their context: what is cut, what speaks against one, what is unchecked."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import faithfulness
from synthesis.checks import claims
from synthesis.checks.claims import claims_of, read, requests
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.judge import DOUBT_STATE, DOUBTS, QUESTIONS
from synthesis.checks.claims.scale import Scale, scales
from synthesis.checks.claims.signs import SIGNS, signs
from synthesis.checks.claims.words import stem, words_of
from tests.synthesis.claimed import PASSAGE, TRUE, ZH

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data" / "faithfulness"

# ---- cutting -----------------------------------------------------------------------------------------


def test_a_claim_that_points_back_is_shown_with_the_sentence_before_it() -> None:
    found = claims_of("Judith Prowse built Hasty. She sold it. The bell rang.")
    assert [claim.text for claim in found] == ["Judith Prowse built Hasty.", "She sold it.", "The bell rang."]
    assert [claim.shown for claim in found][1:] == [
        "Judith Prowse built Hasty. She sold it.",
        "The bell rang.",
    ]


def test_a_chinese_claim_that_points_back_is_shown_with_the_sentence_before_it() -> None:
    assert [claim.shown for claim in claims_of("顾守拙办了公所。他从不说话。")][
        1
    ] == "顾守拙办了公所。 他从不说话。"


def test_headings_questions_rules_and_scraps_claim_nothing() -> None:
    assert claims_of("# Hasty the balance\n\nWho built it?\n\n---\n\nNo.\n\n谁造的？") == []


@pytest.mark.parametrize(
    "text", ["", " \n", "\ud800", "<script>alert(1)</script>", "{braces} {0}", "字" * 3000]
)
@pytest.mark.parametrize("language", ["en", "zh", "ar", "und"])
def test_hostile_texts_and_contexts_get_an_outcome(text: str, language: str) -> None:
    for one, other in ((text, PASSAGE), (TRUE, text)):
        check = read(one, other, language)
        assert check.name == claims.NAME
        assert check.outcome in ("passed", "failed", "unchecked")
        claimed = len(claims_of(one, language))
        assert len(requests(one, other, language, "judge")) == claimed * len(QUESTIONS)


# ---- words, evidence, signs --------------------------------------------------------------------------


def test_words_are_compared_by_stems_and_chinese_by_pairs_without_function_words() -> None:
    assert stem("Balances") == stem("balance")
    assert set(words_of("静耳堂的墙", "zh").content) == {"静耳", "耳堂"}
    assert words_of("He never sold it.", "en").denies
    assert not words_of("He sold it.", "en").denies


def test_a_name_that_begins_a_sentence_is_known_from_elsewhere() -> None:
    evidence = Evidence(PASSAGE, "en")
    assert words_of("Hasty was sold.", "en", evidence.proper).names == ((stem("Hasty"),),)
    assert words_of("Balances were sold.", "en", evidence.proper).names == ()


def test_a_claim_is_held_against_the_sentence_it_is_nearest_to() -> None:
    evidence = Evidence(PASSAGE, "en")
    near = evidence.near(
        words_of("Brackenhead College bought Hasty from the Company.", "en", evidence.proper)
    )
    assert evidence.sentences[near.best].startswith("The Company sold Hasty")


@pytest.mark.parametrize(
    ("sign", "claim", "word"),
    [
        ("strange_number", "Tobias Lunt built Old Patience in 1848.", "1848"),
        ("far_number", "The Company sold Hasty to Brackenhead College for nineteen pounds in 1838.", "1838"),
        ("strange_name", "Old Patience was built for the Company by Ferdinand Loach.", "Loach"),
        ("far_name", "The Company sold Hasty to the College of Tobias Lunt.", "Lunt"),
        ("unknown", "The balance was hidden beneath a haystack during the flood.", "haystack"),
    ],
)
def test_a_sign_rests_on_the_words_that_are_wrong(sign: str, claim: str, word: str) -> None:
    found = signs(claim, Evidence(PASSAGE, "en"))
    assert found.values[sign] > 0
    assert any(word in one for one in found.words[sign]), found.words


def test_nothing_speaks_against_a_true_claim() -> None:
    found = signs(TRUE, Evidence(PASSAGE, "en"))
    assert {name: value for name, value in found.values.items() if value} == {}


def test_denying_what_the_passage_says_is_a_sign() -> None:
    evidence = Evidence(PASSAGE, "en")
    assert signs("Lemuel Hask regretted it.", evidence).values["denial"] > 0
    assert signs("Lemuel Hask never regretted it.", evidence).values["denial"] == 0


def test_years_between_two_years_or_two_ages_are_reckoned() -> None:
    evidence = Evidence(
        f"{PASSAGE} Dorcas Amblesby went barefoot at fifteen and was sworn at twenty-four.", "en"
    )
    for said, strange in (("Hasty was built 14", 0), ("Hasty was built 13", 1), ("She was sworn nine", 0)):
        assert signs(f"{said} years after that.", evidence).values["strange_number"] == strange, said


def test_a_chinese_name_in_anothers_place_is_found_and_a_given_one_that_is_strange() -> None:
    evidence = Evidence(ZH, "zh")
    assert "莫老七" in signs("醋坊每开一缸，要付给莫老七耳钱十二文。", evidence).words["far_name"]
    strange = signs("醋坊每开一缸，要付给陆瑞卿耳钱十二文。", evidence, ["陆瑞卿", "顾守拙"])
    assert strange.words["strange_name"] == ("陆瑞卿",)


# ---- the scale ---------------------------------------------------------------------------------------


def test_a_scale_is_logistic_and_takes_what_is_not_given_as_zero() -> None:
    scale = Scale(-1.0, {"unknown": 2.0, "denial": 1.0}, 0.6)
    assert scale.false({}) == pytest.approx(1 / (1 + math.e))
    assert scale.false({"unknown": 0.5}) == pytest.approx(0.5)


def test_a_text_of_one_claim_is_judged_by_the_threshold() -> None:
    scale = Scale(-1.0, {}, 0.6, 0.4)
    for false in (0.0, 0.59, 0.6, 0.61, 1.0):
        assert (scale.against(false) >= scale.limit) is (false >= 0.6)


def test_what_the_claims_of_a_text_say_against_it_adds_up() -> None:
    scale = Scale(-1.0, {}, 0.6, 0.5)

    def fails(*claims: float) -> bool:
        return sum(map(scale.against, claims)) >= scale.limit

    assert fails(0.55, 0.55, 0.55, 0.55)  # none alone
    assert not fails(0.65, 0.2, 0.2, 0.2)  # a little doubt beside much that is well supported
    assert fails(0.95, 0.2, 0.2, 0.2)
    assert not fails(*[0.5] * 100)  # what says nothing says nothing, however often
    assert scale.against(0.5) == pytest.approx(0.0)


def test_the_scales_in_the_package_are_of_these_signs() -> None:
    ways = ("state", "judge", "word")
    assert set(scales()) == {"rule", *ways, *(f"{way}_alone" for way in ways)}
    assert set(scales()["rule"].weights) < set(SIGNS)
    assert all(weight > 0 for weight in scales()["rule"].weights.values())
    assert set(scales()["judge"].weights) - set(DOUBTS) < set(SIGNS)
    assert set(scales()["judge"].weights) | set(scales()["rule"].weights) == {*SIGNS, *DOUBTS}
    assert set(scales()["word_alone"].weights) == set(DOUBTS)
    assert set(scales()["state"].weights) == {*SIGNS, DOUBT_STATE}
    assert all(0 < scale.threshold < 1 and 0.3 < scale.share < 0.7 for scale in scales().values())


def test_the_scales_in_the_package_were_fitted_on_these_files_and_not_on_what_is_held_out() -> None:
    room = ROOT / "synthesis" / "checks" / "claims"
    fitted = [
        *json.loads((room / "scale.json").read_text("utf-8"))["scales"].values(),
        *json.loads((room / "probe.json").read_text("utf-8"))["probes"].values(),
    ]
    for one in fitted:
        assert one["fitted_on"]
        thresholds = one.get("threshold_from", {})
        assert thresholds.keys().isdisjoint(one["fitted_on"])
        for file, sha256 in {**one["fitted_on"], **thresholds}.items():
            assert "heldout" not in file
            assert sha256 == faithfulness.digest(faithfulness.read(ROOT / file))


@pytest.mark.parametrize("name", ["state", "state_alone", "judge", "judge_alone", "word", "word_alone"])
def test_more_doubt_never_makes_a_claim_likelier_true(name: str) -> None:
    scale = scales()[name]
    doubts = (*DOUBTS, DOUBT_STATE)
    likely = [scale.false(dict.fromkeys(doubts, doubt)) for doubt in (-8.0, -1.0, 0.0, 1.0, 8.0)]
    assert likely == sorted(likely)
    assert likely[0] < scale.threshold < likely[-1]


# ---- without a judge ---------------------------------------------------------------------------------


def test_without_a_judge_a_wrong_text_fails_with_the_claim_and_the_words() -> None:
    check = read(f"{TRUE} In 1848 Ferdinand Loach repaired it.", PASSAGE, "en")
    assert check.outcome == "failed"
    assert "In 1848 Ferdinand Loach repaired it." in check.reason
    assert "Loach" in check.reason
    assert TRUE not in check.reason


def test_without_a_judge_a_reworded_text_is_unchecked_never_passed() -> None:
    check = read(TRUE, PASSAGE, "en")
    assert (check.outcome, "judge" in check.reason) == ("unchecked", True)


@pytest.mark.parametrize(
    "taken_out",
    ["Old Patience for the Company in 1838.", "Nobody liked the bell.", "It. He did not regret it."],
)
def test_a_piece_of_a_sentence_is_no_quotation(taken_out: str) -> None:
    assert read(taken_out, PASSAGE, "en").outcome != "passed"


def test_a_sentence_that_points_back_is_a_quotation_only_with_what_it_points_to() -> None:
    bell = "The bell of the church rang every morning."
    assert read(f"{bell} Nobody liked it.", PASSAGE, "en").outcome == "passed"
    there = f"{PASSAGE} It was loud."
    assert read("The Company kept two balances. It was loud.", there, "en").outcome == "unchecked"


@pytest.mark.parametrize(
    "quoted",
    ["The Company kept two balances.", "“The Company kept two balances!”", "the company kept  two balances"],
)
def test_without_a_judge_what_stands_there_word_for_word_passes(quoted: str) -> None:
    assert read(quoted, PASSAGE, "en").outcome == "passed"


def test_a_language_without_rules_is_unchecked() -> None:
    check = read("Die Waage wurde 1848 verkauft.", "Die Waage blieb im Haus.", "de")
    assert check.outcome == "unchecked"
    assert "'de'" in check.reason


def test_the_rules_are_silent_about_a_text_in_another_language_than_its_context() -> None:
    assert read("听缸公所的墙很厚，里面填的是沙子。", PASSAGE, "zh").outcome == "unchecked"


def test_a_text_without_a_claim_is_unchecked() -> None:
    assert read("Why?", PASSAGE, "en").reason == "the text claims nothing"


@pytest.mark.slow
def test_what_is_asked_and_said_is_the_same_in_every_run(tmp_path: Path) -> None:
    """Sets of words come in another order in every run; what is asked is the key of an answer that was paid for."""
    script = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from synthesis.checks.claims import requests, verdicts\n"
        "for one in json.loads(Path(sys.argv[1]).read_text('utf-8')):\n"
        "    args = one['sentence'], one['context'], one['language']\n"
        "    print([asked.key for asked in requests(*args, 'judge')], verdicts(*args))\n"
    )
    rows = labelled("reworded")
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    runs = [
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "rows.json")],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert len(runs[0].splitlines()) == len(rows)
    assert runs[1:] == runs[:1] * 2


# ---- the labelled sentences --------------------------------------------------------------------------


HELD_OUT = ("heldout", "half_heldout", "fresh_heldout", "final_heldout")
SEEN = ("development", "validation", "reworded", "half_seen", "free", "fresh_seen")
EVEN = (*SEEN, "calibration", *HELD_OUT)
"""Of these every second sentence is true, more or less; of `plain` and `plain_more` two in three are, all English."""
SETS = (*EVEN, "plain", "plain_more")


def labelled(half: str) -> list[dict[str, str]]:
    """The lines of a set; one without a context has that of the line before."""
    rows: list[dict[str, str]] = []
    for line in (DATA / f"{half}.jsonl").read_text("utf-8").splitlines():
        before = rows[-1]["context"] if rows else ""
        rows.append({"context": before, **json.loads(line)})
    return rows


@pytest.mark.parametrize("half", EVEN)
def test_a_half_is_large_balanced_and_in_both_languages(half: str) -> None:
    rows = labelled(half)
    assert len(rows) >= 120
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["sentence"] for row in rows}) == len(rows)
    supported = sum(row["label"] == "supported" for row in rows) / len(rows)
    assert 0.4 <= supported <= 0.5
    assert sum(row["language"] == "zh" for row in rows) >= 40


@pytest.mark.parametrize("held", [*HELD_OUT, "calibration"])
def test_no_sentence_that_is_held_out_is_in_another_set(held: str) -> None:
    out = {row["sentence"] for row in labelled(held)}
    others = [half for half in SETS if half != held]
    assert out.isdisjoint(row["sentence"] for half in others for row in labelled(half))


@pytest.mark.parametrize("held", ["half_heldout", "fresh_heldout", "final_heldout"])
def test_a_half_that_is_held_out_has_no_context_that_a_scale_was_fitted_on(held: str) -> None:
    out = {row["context"] for row in labelled(held)}
    assert out.isdisjoint(row["context"] for half in SETS if "heldout" not in half for row in labelled(half))


@pytest.mark.parametrize("half", SETS)
def test_a_context_is_a_heading_and_a_passage(half: str) -> None:
    for context in {row["context"] for row in labelled(half)}:
        heading, _, passage = context.partition("\n\n")
        assert 8 <= len(heading) < 120
        assert heading.count("\n") <= 2
        assert len(passage) > 150


@pytest.mark.parametrize("half", SETS)
def test_no_labelled_sentence_is_copied_from_its_context(half: str) -> None:
    copied = [row["id"] for row in labelled(half) if row["sentence"].rstrip(".。") in row["context"]]
    assert copied == []
