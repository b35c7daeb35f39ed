"""Single units, days and years that are counted on from others, round spans of years, instances of a bound."""

import pytest

from synthesis.checks.numbers import unexplained

CHEESE = (
    "It was first made in 1871. Reuben took it to the show in 1889 and won a medal; the following year the lord ordered "
    "forty wheels. For eleven years none was sold. She began again in 1951. In 1978 the county asked for milk of another "
    "kind; she won her appeal two years later. Today a third is sent abroad."
)
PATROL = (
    "On 3 April they took over the trenches. On the night of 5 April a prisoner of nineteen was brought in. The colonel "
    "learned that an attack was planned for the 9th. He asked for guns. It came one day earlier than he had said."
)
THEFT = "In 1996 thieves broke in. They took nine books. The best was a herbal of 1568. In June it was offered for sale."
FARES = "A fare costs 64 francs. Children under six travel free and people aged 65 or over pay half. Dogs need a ticket."
FIELDS = "It yielded 47 tonnes. The breeder advises against planting it above 250 metres."
DROUGHT = "There are four stages. At Stage 2, when the lake is below 50 per cent, hosepipes are banned."

RIGHT_AND_WRONG = [
    # a single unit
    (
        "For the first {} it was kept in.",
        "two weeks",
        "three weeks",
        "It was kept in for the first fortnight.",
    ),
    ("It lasted {}.", "seven days", "eight days", "It lasted the whole week."),
    ("They stayed for the last {}.", "sixty minutes", "fifty minutes", "They stayed for the last hour."),
    ("It took {}.", "ten years", "twelve years", "It took the entire decade."),
    ("头{}不得外出。", "七天", "九天", "首周不得外出。"),
    # years counted on
    ("In {} forty wheels were ordered.", "1890", "1892", CHEESE),
    ("In {} Tenbury ordered forty wheels.", "1890", "1892", CHEESE),
    ("She won her appeal in {}.", "1980", "1982", CHEESE),
    ("She had won by the early {}.", "1980s", "1990s", CHEESE),
    ("It closed in {}.", "1913", "1915", "It opened in 1903. It was liked. A decade later it closed."),
    ("It closed in {}.", "1905", "1909", "It opened in 1903. It was liked. Eighteen months later it closed."),
    (
        "It closed in {}.",
        "1908",
        "1909",
        "It opened in 1903. He died three years later; two years on, it closed.",
    ),
    ("It was planned in {}.", "1900", "1902", "It opened in 1903. It had been planned three years before."),
    ("{}关闭。", "一九〇六年", "一九〇八年", "一九〇三年开业。生意很好。三年之后关闭。"),
    ("{}关闭。", "1904年", "1906年", "1903年开业。生意很好。翌年关闭。"),
    ("It ended in {}.", "June", "August", "It began in May. It was cold. It ended the following month."),
    ("It ended in {}.", "March 1904", "March 1906", "It began in March 1903. It ended a year later."),
    ("He came back in {}.", "1850", "1853", "He left in 1840. His wife wept. After a decade he came back."),
    ("He died in {}.", "1843", "1846", "He left in 1840. His wife wept. He lived for three years."),
    ("他死于{}。", "1925年", "1927年", "他1922年当选。工作辛苦。又过了三年，他死了。"),
    # days counted on
    (
        "She arrived on {}.",
        "Tuesday",
        "Wednesday",
        "He came on Monday. He was tired. She arrived a day later.",
    ),
    ("The enemy struck on {}.", "8 April", "7 April", PATROL),
    (
        "It ended on {}.",
        "6 May 1874",
        "8 May 1874",
        "It began on 5 May 1874. It rained. It ended the next day.",
    ),
    (
        "It ended on {}.",
        "12 May",
        "14 May",
        "It began on 5 May. It rained. Much was lost. A week later it ended.",
    ),
    ("{}结束。", "五月七日", "五月九日", "五月五日开始。天下雨。两天后结束。"),
    # round spans of years
    ("The herbal, {} old, was taken.", "more than four hundred years", "more than five hundred years", THEFT),
    ("The herbal, {} old, was taken.", "nearly 430 years", "nearly 420 years", THEFT),
    # ages that are not reached
    ("The prisoner, {}, was brought in.", "not yet twenty", "not yet forty", PATROL),
    ("The prisoner, {}, was brought in.", "almost twenty", "almost forty", PATROL),
    ("The prisoner was {}.", "under twenty", "under eighteen", PATROL),
    ("The prisoner was {}.", "approaching twenty", "approaching forty", PATROL),
    ("他还{}。", "未满二十岁", "未满四十岁", "他十九岁。"),
    # instances of a bound
    ("A child of {} travels without paying.", "five", "seven", FARES),
    ("A person of {} pays half the fare.", "seventy", "sixty", FARES),
    ("Farmers whose land lies at {} are advised not to plant it.", "300 metres", "200 metres", FIELDS),
    ("With the lake at {} a hosepipe may not be used.", "45 per cent", "55 per cent", DROUGHT),
    ("{}的儿童可免票。", "五岁", "七岁", "六岁以下儿童免票。"),
    ("A group of {} must book.", "twelve", "eight", "Groups of more than ten must book."),
    ("An order of {} would be sent free.", "£60", "£40", "Orders above £50 are sent free."),
    ("A pupil of {} can join.", "nine", "seven", "Pupils aged eight to twelve can join."),
    ("载重{}的卡车不得过桥。", "十吨", "六吨", "超过八吨的卡车禁止过桥。"),
    ("A parcel of {} may be sent.", "4 kg", "6 kg", "Parcels that are lighter than 5 kg may be sent."),
]


@pytest.mark.parametrize(("sentence", "right", "wrong", "passage"), RIGHT_AND_WRONG)
def test_what_is_counted_on_or_lies_within_a_bound_passes_and_what_does_not_fails(
    sentence: str, right: str, wrong: str, passage: str
) -> None:
    assert unexplained(sentence.format(right), passage) == []
    assert unexplained(sentence.format(wrong), passage)


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("They found 60 beads.", "They found more than 45 beads."),  # no rule
        ("Farmers are advised not to plant it at 3,000 metres.", FIELDS),  # another order of magnitude
        ("A lamb of five is sold here.", FARES),  # of something else
        ("She won her appeal in 1982.", CHEESE),  # counted the other way
        ("The enemy struck on 10 April.", PATROL),
        ("It went on for twelve months.", "It went on for the first years."),  # more than one
    ],
)
def test_what_only_looks_so_fails(text: str, passage: str) -> None:
    assert unexplained(text, passage)
