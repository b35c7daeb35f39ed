"""Numbers that a true sentence says in another form or has worked out, and those beside them that are wrong."""

import pytest

from synthesis.checks.numbers import unexplained

CLOCK = "The new one was installed at 15:02. Payments returned to normal six minutes later."
SHIFTS = "Bakers begin at 3 a.m. and finish at 11; shop staff work from 6.30 until 2.30."
OPEN = "The museum is open from 8 a.m. until 9 p.m."
LOG = "Log of the station, January 1963. The lowest reading came on the 8th at 4 a.m."
CLIMB = "By 20 May four camps had been stocked. On the 23rd an avalanche swept one away."
TRIAL = "Between March 2014 and October 2016, 642 patients were enrolled."
VISIT = "The inspection took place on 14 and 15 March 2017."
BEAMS = "Radiocarbon dates fall between AD 640 and 690."
READING = "The share rose from 58 to 79 per cent."
GATE = "Average attendance rose from 5,200 to 6,900, the first profit in nine years."
FEVER = "His temperature fell from 39.4 to 37.6 overnight."
PRICE = "It cost £385,000; the Fund gave £200,000, the Friends £60,000, and the rest came from Stokes."
VOTE = "48 per cent voted for it and 40 per cent against, and the others abstained."
YOKES = "The yoke carries two pads. Each green has nine yokes."
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

WORKED_OUT = [
    # units and how they are shortened
    ("They took {} daily.", "40 mg", "50 mg", "They took 40 milligrams daily."),
    ("They took {} daily.", "0.04 g", "0.05 g", "They took 40 milligrams daily."),
    ("It covers {}.", "12 ha", "13 ha", "It covers twelve hectares."),
    ("The tank holds {}.", "2,000 l", "2,500 l", "The tank holds two thousand litres."),
    ("It was {} away.", "3 mi", "4 mi", "It was three miles away."),
    ("It drew {}.", "2.5 MW", "25 MW", "It drew 2,500 kilowatts."),
    ("A wait of {}", "45 mins", "35 mins", "A wait of three quarters of an hour."),
    ("There were {} people.", "3.5m", "4.5m", "There were 3.5 million people."),
    ("There were {} people.", "half a million", "half a billion", "There were 500,000 people."),
    ("There were {} people.", "a quarter of a million", "half a million", "There were 250,000 people."),
    ("There were {} people.", "1.5 million", "1.6 million", "There were one and a half million people."),
    ("长{}。", "三千米", "四千米", "长三公里。"),
    ("响了{}。", "两个半小时", "三个半小时", "响了一百五十分钟。"),
    ("等了{}。", "两年半", "三年半", "等了三十个月。"),
    ("{}各报一次。", "每二十四小时", "每二十六小时", "It is reported every day."),
    ("They meet every {}.", "two weeks", "four weeks", "They meet every fortnight."),
    ("{} were open.", "One in five", "One in six", "20 per cent were open."),
    # times of the day
    ("By {} all was well.", "15:08", "15:09", CLOCK),
    ("A baker works {}.", "eight hours", "nine hours", SHIFTS),
    ("It is open {} a day.", "thirteen hours", "twelve hours", OPEN),
    (
        "They climbed {}.",
        "nine hours",
        "eight hours",
        "They left at two in the morning and arrived at eleven.",
    ),
    ("他工作{}。", "九个小时", "十个小时", "他早上八点上班，下午五点下班。"),
    # days whose month stands elsewhere
    ("It was coldest on {}.", "8 January 1963", "9 January 1963", LOG),
    ("The avalanche came on {}.", "23 May", "24 May", CLIMB),
    ("They came on {}.", "14 March", "13 March", VISIT),
    ("It ended on {}.", "2 June", "2 April", "On 28 May it rained; it stopped on the 2nd."),
    ("They came on {}.", "May 5", "May 6", "They came on May 3, 4 and 5."),
    ("雪崩在{}。", "五月二十三日", "五月二十四日", "到五月二十日一切就绪。二十三日发生了雪崩。"),
    ("检查在{}。", "3月15日", "3月16日", "3月14日和15日检查。"),
    # what lies between two dates
    ("They joined over {}.", "roughly two and a half years", "roughly four years", TRIAL),
    ("They came on {}.", "two consecutive days", "four consecutive days", VISIT),
    ("It lasted {}.", "six weeks", "eight weeks", "It ran from 2 June to 14 July."),
    ("It took {}.", "ten months", "fourteen months", "It began in March 2014. It ended in January 2015."),
    ("They were away for {}.", "five days", "six days", "They left on Monday and came back on Friday."),
    ("{}到达。", "五周后", "七周后", "4月27日出发，6月1日到达。"),
    ("It fell on {}.", "25 December", "24 December", "It fell on Christmas Day."),
    ("在{}开门。", "十月一日", "十月三日", "国庆节开门。"),
    # years before the thousandth
    ("It is of the {}.", "seventh century", "eighth century", BEAMS),
    ("It is of the {}.", "640s", "650s", BEAMS),
    ("It lasted {}.", "fifty years", "sixty years", BEAMS),
    ("He lived in the {}.", "fourth century BC", "third century BC", "He died in 340 BC."),
    ("在公元{}。", "七世纪", "八世纪", "公元640年建成。"),
    # rises and falls
    ("It climbed by {}.", "21 percentage points", "23 percentage points", READING),
    ("It climbed by {}.", "21 points", "23 points", READING),
    ("Attendance grew by {}.", "1,700", "1,800", GATE),
    ("It fell by {}.", "nearly two degrees", "nearly three degrees", FEVER),
    ("It warmed by {}.", "twelve degrees", "ten degrees", "It rose from -5 to 7 degrees."),
    ("In the season {}", "2006/2007", "2007/2008", "In the season 2006–07."),
    ("比例上升了{}。", "21个百分点", "23个百分点", "比例由58%升至79%。"),
    ("体温降了{}。", "将近两度", "将近三度", "体温从39.4度降到37.6度。"),
    # what is left of several parts
    ("Stokes supplied {}.", "£125,000", "£135,000", PRICE),
    ("{} abstained.", "Twelve per cent", "Fourteen per cent", VOTE),
    (
        "他出了{}。",
        "十二万五千元",
        "十三万五千元",
        "价三十八万五千元，会里出二十万元，友人出六万元，其余他出。",
    ),
    ("She paid half of it, {}.", "20 pounds", "25 pounds", "She paid part of the 40 pounds."),
    # shares that are nearly those of the context
    ("{} of them came.", "About a third", "About a quarter", "34 per cent of them came."),
    ("{} of them came.", "Barely a fifth", "Barely a third", "19 per cent of them came."),
    # counted on from a round place
    ("It came three minutes after the {}.", "ninetieth", "eightieth", "It came in the ninety-third minute."),
    ("It came {} after the ninetieth.", "four minutes", "five minutes", "It came in the 94th minute."),
    ("It was in its {} year.", "tenth", "twelfth", "After nine years it fell."),
    # so many of each
    ("Every green has {} pads.", "eighteen", "twenty", YOKES),
    (
        "Each school got {} books.",
        "120",
        "130",
        "Each class got thirty books. Every school has four classes.",
    ),
    ("每村有{}口井。", "十八", "二十", "每村有九个社，每社有两口井。"),
    # so much in another time
    ("The rent is {} a year.", "60 pounds", "70 pounds", "The rent is five pounds a month."),
    ("They walked {} a day.", "10 km", "12 km", "They walked 50 km in five days."),
    ("Ten tickets cost {}.", "30 pounds", "33 pounds", "A ticket costs three pounds."),
    ("They meet {} a year.", "52 times", "50 times", "They meet weekly."),
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


@pytest.mark.parametrize(("sentence", "right", "wrong", "passage"), WORKED_OUT)
def test_what_is_worked_out_passes_and_what_is_worked_out_wrongly_does_not(
    sentence: str, right: str, wrong: str, passage: str
) -> None:
    assert unexplained(sentence.format(right), passage) == []
    assert unexplained(sentence.format(wrong), passage)


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        # one of several numbers is another, though the others would make it
        (
            "Of eleven lisps two went to the moth, four to the edge and 9 to the beard.",
            "Of the eleven lisps four are due to the edge, two to the moth and five to the beard.",
        ),
        # by how much a year is more than a number of things says nothing
        ("It was 1,833 pounds more.", "In 1838 they paid 5 pounds."),
        # so many more than the same things
        ("They found more than 45 beads.", "They found 41 beads and a purse of 60."),
        # a month is not told from a day that is no date
        ("On 4 May he left.", "In May, before the fourth round, he left."),
        ("They found 60 beads.", "They found more than 45 beads."),  # no rule
        ("Farmers are advised not to plant it at 3,000 metres.", FIELDS),  # another order of magnitude
        ("A lamb of five is sold here.", FARES),  # of something else
        ("She won her appeal in 1982.", CHEESE),  # counted the other way
        ("The enemy struck on 10 April.", PATROL),
        ("It went on for twelve months.", "It went on for the first years."),  # more than one
        ("She won her appeal in 1976.", CHEESE),
    ],
)
def test_what_only_looks_worked_out_does_not_pass(text: str, passage: str) -> None:
    assert unexplained(text, passage)
