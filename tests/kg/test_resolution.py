"""Which candidates are one thing: the labelled pairs, each rule with its reason, and what stays apart."""

import importlib.util
import random
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Candidate
from kg.resolution import RULES, AliasError, Aliases, Group, Statements, read_aliases, resolve
from kg.resolution.kinds import contradict, kind_of

PAIRS = Path(__file__).resolve().parents[1] / "data" / "resolution"


@pytest.fixture(scope="module")
def judge(root: Path) -> ModuleType:
    """benchmarks/resolution.py: what it prints is what is tested here."""
    spec = importlib.util.spec_from_file_location(
        "resolution_benchmark", root / "benchmarks" / "resolution.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def together(*named: tuple[str, str], document: str = "d", aliases: Aliases | None = None) -> list[set[str]]:
    """Names in groups, of candidates of one document."""
    return grouped([Candidate.make(document, name, type_) for name, type_ in named], aliases=aliases)


def grouped(candidates: list[Candidate], *, aliases: Aliases | None = None) -> list[set[str]]:
    names = {one.id: one.name for one in candidates}
    groups = resolve(candidates, aliases=aliases)
    return sorted(({names[member.candidate] for member in group.members} for group in groups), key=sorted)


def reason(a: str, b: str, type_: str) -> str:
    """Why a and b, of one document, are one; "" if they are not."""
    groups = resolve([Candidate.make("d", name, type_) for name in (a, b)])
    if len(groups) > 1:
        return ""
    return next((m.reason for m in groups[0].members if m.reason != "same name"), "same name")


# ---- labelled pairs --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("half", ["dev", "heldout"])
def test_labelled_pairs_reach_the_floors(judge: ModuleType, half: str, language: str) -> None:
    pairs = judge.read_pairs(PAIRS / f"{half}.jsonl")
    score = judge.judge(pairs)["by_language"][language]
    assert score["precision"] >= 0.95
    assert score["recall"] >= 0.80


def test_labelled_pairs_are_many_and_balanced(judge: ModuleType) -> None:
    halves = [judge.read_pairs(PAIRS / f"{half}.jsonl") for half in ("dev", "heldout")]
    for pairs in halves:
        assert len(pairs) >= 80
        assert 0.4 <= sum(pair["same"] for pair in pairs) / len(pairs) <= 0.6
    assert sum(pair["lang"] == "zh" for pairs in halves for pair in pairs) >= 50
    seen = [{(pair["a"], pair["b"]) for pair in pairs} for pairs in halves]
    assert not seen[0] & seen[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [("not json", "not JSON"), ('{"a": "x"}', "wanted the fields"), ("[]", "wanted the fields")],
)
def test_a_wrong_file_of_pairs_is_refused_with_its_line(
    judge: ModuleType, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "pairs.jsonl").write_text(f"\n{text}\n", "utf-8")
    with pytest.raises(SystemExit, match=f"line 2: {said}"):
        judge.read_pairs(tmp_path / "pairs.jsonl")


def test_a_score_without_pairs_has_no_precision(judge: ModuleType) -> None:
    assert judge.score([]) == {"pairs": 0, "precision": None, "recall": None, "wrong": 0}


# ---- rules and their reasons -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "type_", "why"),
    [
        ("Tide Office", "tide office", "organisation", "same name"),
        ("tide tables", "tide table", "object", "plural of 'tide table'"),
        ("World Health Organization", "WHO", "organisation", "acronym of 'World Health Organization'"),
        ("Dr Smith", "Jane Smith", "person", "title and surname of 'Jane Smith'"),
        ("Smith", "Jane Smith", "person", "surname of 'Jane Smith'"),
        ("Dr Jane Smith", "Jane Smith", "person", "title of 'Jane Smith'"),
        ("Hartley, John", "John Hartley", "person", "order of the name 'John Hartley'"),
        ("J. R. Hartley", "John Robert Hartley", "person", "initials of 'John Robert Hartley'"),
        ("Becky Thorne", "Rebecca Thorne", "person", "short first name of 'Rebecca Thorne'"),
        ("Marlowe Gear Ltd", "Marlowe Gear", "organisation", "legal form left out of 'Marlowe Gear Ltd'"),
        ("tideclock", "tide clock", "object", "spacing of 'tide clock'"),
        ("Tam River", "River Tam", "place", "other order of 'River Tam'"),
        ("Harbour Board", "Tam Harbour Board", "organisation", "end of 'Tam Harbour Board'"),
        ("Toliver Prakash", "Tolliver Prakash", "person", "fuzzy 0.94"),
        ("王师傅", "王大明", "person", "surname and title of '王大明'"),
        ("北大", "北京大学", "organisation", "short for '北京大学'"),
        ("钟表行会", "青坪钟表行会", "organisation", "end of '青坪钟表行会'"),
    ],
)
def test_every_merge_has_its_reason(a: str, b: str, type_: str, why: str) -> None:
    assert reason(a, b, type_) == why


@pytest.mark.parametrize(
    ("a", "b", "type_"),
    [
        ("Lock 3", "Lock 4", "place"),
        ("Ledger of 1871", "Ledger of 1872", "work"),
        ("Upper Mill", "Lower Mill", "place"),
        ("John Marsh", "Joan Marsh", "person"),
        ("John Marsh", "John Marsh's son", "person"),
        ("Pell the Elder", "Pell the Younger", "person"),
        ("Mr Crane", "Mrs Crane", "person"),
        ("Brackwater", "Blackwater", "place"),
        ("modern", "modem", "object"),
        ("Robert Vane", "Roberta Vane", "person"),
        ("王大明", "王小明", "person"),
        ("王师傅", "李师傅", "person"),
        ("周太太", "周秉文", "person"),
        ("吉林省", "吉林市", "place"),
    ],
)
def test_what_is_alike_but_another_thing_stays_apart(a: str, b: str, type_: str) -> None:
    assert reason(a, b, type_) == ""


def test_one_name_of_two_types_is_two_things() -> None:
    assert len(together(("Marsh", "person"), ("Marsh", "place"))) == 2
    assert len(together(("Ford", "person"), ("Ford", "organisation"))) == 2


def test_an_unknown_type_agrees_with_any() -> None:
    assert len(together(("Marsh Lane", "place"), ("Marsh Lane", "other"))) == 1


def test_a_person_taken_for_an_organisation_is_one_thing() -> None:
    assert len(together(("Tamsin Orrell", "PERSON"), ("Tamsin Orrell", "ORG"))) == 1


def test_a_surname_belongs_to_the_full_name_of_its_own_document() -> None:
    candidates = [
        Candidate.make("one", "John Marsh", "person"),
        Candidate.make("one", "Marsh", "person"),
        Candidate.make("two", "Mary Marsh", "person"),
        Candidate.make("two", "Marsh", "person"),
        Candidate.make("three", "Marsh", "person"),
    ]
    assert grouped(candidates) == [{"John Marsh", "Marsh"}, {"Marsh"}, {"Marsh", "Mary Marsh"}]


def test_a_surname_that_two_persons_of_a_document_share_is_left_alone() -> None:
    assert together(("John Marsh", "person"), ("Mary Marsh", "person"), ("Marsh", "person")) == [
        {"John Marsh"},
        {"Marsh"},
        {"Mary Marsh"},
    ]


def test_an_initial_that_fits_two_persons_is_left_alone() -> None:
    assert {"J. Smith"} in together(
        ("John Smith", "person"), ("James Smith", "person"), ("J. Smith", "person")
    )


def test_an_acronym_is_resolved_in_another_document_if_only_one_name_fits() -> None:
    long_name = Candidate.make("one", "Guild of Tidal Clockmakers", "organisation")
    acronym = Candidate.make("two", "GTC", "organisation")
    assert len(grouped([long_name, acronym])) == 1
    other = Candidate.make("three", "Great Tam Company", "organisation")
    assert {"GTC"} in grouped([long_name, acronym, other])


def test_a_chain_of_misspellings_does_not_glue_its_ends_together() -> None:
    chain = ["Vesperholms Lock", "Vesperholmsa Lock", "Vesperhoolmsa Lock", "Vesperhoolmsaa Lock"]
    for group in together(*((name, "place") for name in chain)):
        assert not {chain[0], chain[-1]} <= group


def test_names_side_by_side_in_a_text_are_two_things() -> None:
    text = "Captain Pell and Josiah Pell drew lots."
    candidates, statements = stated(text, {"Captain Pell": "person", "Josiah Pell": "person"})
    assert len(resolve(candidates, statements=statements)) == 2
    assert len(resolve(candidates)) == 1


def test_a_text_that_says_two_names_are_one_is_believed() -> None:
    text = "The Long Case Society, also known as the Pendulum Club, met in June."
    candidates, statements = stated(
        text, {"Long Case Society": "organisation", "Pendulum Club": "organisation"}
    )
    (group,) = resolve(candidates, statements=statements)
    assert any("also known as" in member.reason for member in group.members)


def test_what_is_said_of_a_part_of_the_name_before_is_not_said_of_the_name() -> None:
    text = "An apprentice of the Company is called the barefoot."
    candidates, statements = stated(text, {"Company": "organisation", "barefoot": "person"})
    assert len(resolve(candidates, statements=statements)) == 2


def test_a_guessed_type_yields_to_the_majority() -> None:
    candidates = [
        Candidate.make(f"d{i}", "Garrow Fold", type_) for i, type_ in enumerate(["place", "place", "object"])
    ]
    documents = {one.document for one in candidates}
    assert len(resolve(candidates, guessed=documents)) == 1
    assert len(resolve(candidates)) == 2


def stated(text: str, names: dict[str, str]) -> tuple[list[Candidate], Statements]:
    from kg.model import Mention

    candidates = [Candidate.make("d", name, type_) for name, type_ in names.items()]
    statements = Statements()
    mentions = [
        Mention(one.id, "c", text.index(one.name), text.index(one.name) + len(one.name), one.name)
        for one in candidates
    ]
    statements.add(text, mentions, names={one.id: one.name for one in candidates})
    return candidates, statements


# ---- aliases -------------------------------------------------------------------------------------------


def test_aliases_are_read_from_lines_csv_and_toml(tmp_path: Path) -> None:
    files = {
        "a.txt": "# names\n王大明 = Wang Daming | 王师傅\n",
        "a.csv": "name,alias,type\n王大明,Wang Daming,\n王大明,王师傅,\n",
        "a.toml": '[[entity]]\nname = "王大明"\naliases = ["Wang Daming", "王师傅"]\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
        (entry,) = read_aliases(tmp_path / name).entries
        assert (entry.name, entry.others) == ("王大明", ("Wang Daming", "王师傅"))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "ok = fine\nno equals sign\n", "line 2"),
        ("a.txt", "a = b\nc = b\n", "line 2"),
        ("a.txt", "a = b |\n", "line 1"),
        ("a.csv", "name,alias\nonly one\n", "line 2"),
        ("a.toml", "[[entity]]\nname = 3\naliases = []\n", "line 1"),
        ("a.toml", "[[entity]\n", "not valid TOML"),
    ],
)
def test_a_wrong_aliases_file_is_refused_with_its_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(AliasError, match=said):
        read_aliases(tmp_path / name)


def test_a_missing_aliases_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(AliasError, match="cannot read the aliases file"):
        read_aliases(tmp_path / "none.txt")


def test_an_alias_joins_what_no_rule_could(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("王大明 = Wang Daming\n", "utf-8")
    aliases = read_aliases(tmp_path / "a.txt")
    candidates = [Candidate.make("d", "Wang Daming", "person"), Candidate.make("e", "王大明", "person")]
    (group,) = resolve(candidates, aliases=aliases)
    assert group.name == "王大明"
    assert {member.reason for member in group.members} == {"same name", "alias file"}


# ---- properties ----------------------------------------------------------------------------------------

NAMES = [
    ("John Marsh", "person"), ("J. Marsh", "person"), ("Marsh", "person"), ("Marsh", "place"), ("Mary Marsh", "person"),
    ("Mr Marsh", "person"), ("WHO", "organisation"), ("World Health Organization", "organisation"),
    ("Worlds Health Organization", "organisation"), ("Lock 3", "place"), ("Lock Three", "place"), ("Lock 4", "place"),
    ("tide clocks", "object"), ("Tide-Clock", "object"), ("tide clock", "concept"), ("the Board", "organisation"),
    ("Tam Harbour Board", "organisation"), ("Harbour Board", "organisation"), ("王大明", "person"), ("王师傅", "person"),
    ("王小明", "person"), ("北大", "organisation"), ("北京大学", "organisation"), ("", "other"), ("x" * 400, "other"),
]  # fmt: skip
candidate_lists = st.lists(
    st.builds(
        lambda named, document: Candidate.make(document, *named),
        st.sampled_from(NAMES),
        st.sampled_from("abc"),
    ),
    max_size=25,
)


def canonical(groups: list[Group]) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    return sorted(
        (group.name, group.kind, tuple(sorted((m.candidate, m.reason) for m in group.members)))
        for group in groups
    )


@settings(max_examples=60, deadline=None)
@given(candidate_lists, st.randoms(use_true_random=False))
def test_the_order_of_candidates_changes_nothing(candidates: list[Candidate], rng: random.Random) -> None:
    shuffled = list(candidates)
    rng.shuffle(shuffled)
    assert canonical(resolve(candidates)) == canonical(resolve(shuffled))


@settings(max_examples=60, deadline=None)
@given(candidate_lists)
def test_every_candidate_is_in_one_group_and_no_group_contradicts_itself(candidates: list[Candidate]) -> None:
    groups = resolve(candidates)
    placed = [member.candidate for group in groups for member in group.members]
    assert sorted(placed) == sorted({one.id for one in candidates})
    by_id = {one.id: one for one in candidates}
    for group in groups:
        members = [by_id[member.candidate] for member in group.members]
        assert not any(contradict(kind_of(a.type), kind_of(b.type)) for a in members for b in members)
        assert len({one.name for one in members} & {"John Marsh", "Mary Marsh"}) <= 1
        assert len({one.name for one in members} & {"Lock 3", "Lock 4"}) <= 1


@settings(max_examples=60, deadline=None)
@given(candidate_lists, st.data())
def test_a_users_word_stands_above_every_rule(candidates: list[Candidate], data: st.DataObject) -> None:
    ids = sorted({one.id for one in candidates})
    pins = {one: data.draw(st.sampled_from(["this", "that"])) for one in ids if data.draw(st.booleans())}
    home = {member.candidate: group for group in resolve(candidates, pins=pins) for member in group.members}
    for one, entity in pins.items():
        assert home[one].entity == entity
        assert {m.by for m in home[one].members if m.candidate == one} == {"user"}
    for entity in set(pins.values()):
        assert len({id(home[one]) for one in pins if pins[one] == entity}) == 1


def test_hostile_names_are_resolved_in_no_time() -> None:
    names = ["x" * 100_000 + str(i) for i in range(20)] + [
        "(" * 290,
        "王" * 50_000,
        "\ud800",
        "\0",
        "a's " * 70 + "son",
    ]
    start = time.perf_counter()
    assert len(together(*((name, "person") for name in names))) == len(names)
    assert time.perf_counter() - start < 5


def test_every_rule_reaches_somewhere() -> None:
    assert {rule.scope for rule in RULES.values()} == {"anywhere", "unique", "document"}


@pytest.mark.slow
def test_twenty_thousand_candidates_take_seconds_not_hours() -> None:
    rng = random.Random(1)
    syllables = "ba ke li mo nu ra se ti vo ya dor fen gar hol kes lun mar nor pel quin".split(" ")
    surnames = ["".join(rng.choices(syllables, k=3)).capitalize() for _ in range(2_000)]
    candidates = [
        Candidate.make(f"d{rng.randrange(300)}", f"{rng.choice(surnames)} {rng.choice(surnames)}", "person")
        for _ in range(20_000)
    ]
    start = time.perf_counter()
    assert sum(len(group.members) for group in resolve(candidates)) == len({one.id for one in candidates})
    assert time.perf_counter() - start < 60
