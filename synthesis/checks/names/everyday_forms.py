"""What a common word, a title, a calendar or an abbreviation tells of a name in another form."""

# Every line: names of which one may stand for another.
NICKNAMES = """
abigail abby gail / abraham abe / agnes aggie nessie / albert al bert bertie / alexander alex alec sandy sasha xander
alexandra alex sandra / alfred alf alfie fred / alice ali / amelia amy millie / andrew andy drew / angela angie
ann anne anna annie nan nancy / anthony antony tony / antonio tony / archibald archie / arthur art artie / augustus gus
barbara barb babs / barnabas barney / bartholomew bart / beatrice bea trixie / benjamin ben benny / bernard bernie
bridget biddy / caroline carrie caro / catherine katherine kathryn kate katie kathy cathy kitty kit / cecilia cissie
charles charlie chuck / charlotte lottie charlie / christine christina chris tina chrissie / christopher chris kit
clarence clarrie / constance connie / cornelius con neil / daniel dan danny / david dave davy / deborah debbie deb
dominic dom nick / donald don / dorothy dot dotty dolly / edith edie / edmund ed ned ted / edward ed eddie ned ted teddy
edwin ed eddie / eleanor nell nellie ellie nora / elizabeth eliza liz lizzie beth betty betsy bess bessie lisa elsie libby
ellen nell nellie / emily em / emma em / ernest ernie / eugene gene / evelyn evie / florence flo florrie / frances fran
fanny frankie / francis frank / franklin frank / frederick fred freddie / gabriel gabe / geoffrey jeffrey geoff jeff
george georgie / gerald gerry jerry / gilbert gil bert / gregory greg / gwendolen gwen / harold harry hal / harriet hattie
helen nell / henry harry hal hank / herbert herb bert bertie / hugh hughie / ignatius iggy / isaac ike / isabel isabella
bella / jacob jake / james jim jimmy jamie / jane jenny janey / janet jan / jean jeannie / jennifer jen jenny
jeremiah jerry / jessica jess / jonathan jon / john jack johnny jock / joseph joe joey / josephine jo josie
joshua josh / judith judy / julia julie / katharine kate katie kathy kitty / kenneth ken / lawrence laurence larry laurie
leonard len lenny leo / leopold leo / lewis lew / louis lou / louise lou / lucy lou / luke luca / madeleine maddy
margaret maggie meg peg peggy madge rita greta daisy / maria marie mary molly polly may / martha mattie patty
martin marty / matilda tilly maud / matthew matt / maurice mo / maximilian max / michael mike mick mickey / mildred millie
nathaniel nathan nat / nicholas nick nicky / oliver ollie / olivia livvy / pamela pam / patricia pat patty tricia
patrick pat paddy / penelope penny / percival percy / peter pete / philip phil pip / priscilla cilla / rachel rae
raymond ray / rebecca becky / reginald reg reggie / richard dick rick ricky richie dickie / robert bob bobby rob robbie bert
roderick rod / roger rog / ronald ron ronnie / rosamund ros / rosemary rose rosie / rose rosie / rudolf rudy / rupert bert
samuel sam sammy / samantha sam / sarah sally sadie / sebastian seb / sidney sid / simon si / sophia sophie / stanley stan
stephen steven steve / stewart stuart stu / susan susannah sue susie / sylvester sly / terence terry / thaddeus tad
theodore ted teddy theo / theresa tess tessa terry / thomas tom tommy / timothy tim / tobias toby / ursula ursie
valentine val / victor vic / victoria vicky / vincent vince vinnie / virginia ginny / walter walt wally / wilfred wilf
wilhelmina mina minnie / william will willie bill billy liam / winifred win winnie / zachary zach
"""
# Given names that end like the name of a calling, besides those above.
GIVEN = frozenset(
    "alexander arthur christopher clement esther grant heather hector herman hunter irving jasper kelly kent lester molly "
    "norman oliver oscar otto peter polly roger roman spencer sterling trevor truman tyler vincent walter wilfred winifred "
    "alfred ned ted sally emily billy lily milly molly felicity charity verity bryant brent trent laurent casper caspar "
    "gunter gunther werner rainer dieter javier xavier homer luther elmer wilmer victor igor viktor hedwig ferdinand".split()
)

# A body, and the words of a context that speak of one.
BODIES = {
    "company": "firm business ltd limited inc incorporated plc gmbh corporation corp enterprise co bros manufacturer",
    "firm": "company business ltd inc plc gmbh corporation co",
    "corporation": "company corp inc firm",
    "council": "councillor councillors councilman borough",
    "court": "judge judges tribunal justice magistrate magistrates jury",
    "college": "university school",
    "university": "college faculty professor univ campus",
    "school": "headmaster headmistress pupils academy schoolhouse",
    "institute": "institution institut laboratory",
    "institution": "institute university college museum",
    "museum": "gallery curator",
    "gallery": "museum",
    "library": "librarian librarians",
    "club": "fc afc cc rfc",
    "church": "parish chapel cathedral abbey vicar rector nave",
    "parish": "church vicar rector",
    "parliament": "commons lords mp mps",
    "government": "ministry minister cabinet ministers",
    "ministry": "minister department",
    "department": "dept ministry faculty",
    "committee": "commission board",
    "commission": "commissioner commissioners committee",
    "board": "directors trustees governors committee",
    "trust": "trustees foundation",
    "foundation": "trust fund",
    "association": "union federation society league",
    "society": "association guild fellows",
    "union": "association federation",
    "guild": "guildhall company livery",
    "army": "soldiers regiment troops military",
    "navy": "naval fleet hms",
    "police": "constable policeman inspector sergeant officers",
    "bank": "banker bankers banking",
    "hospital": "infirmary ward wards clinic",
    "hotel": "inn hotelier",
    "inn": "tavern pub innkeeper",
    "railway": "rail railroad trains line",
    "cup": "tournament final trophy",
    "league": "division season",
    "bishop": "diocese bishopric archbishop",
    "mayor": "mayoralty mayoress",
    "crown": "king queen royal",
    "state": "government national",
}
OURS = frozenset(["our", "ours", "your", "yours"])
"""A body that speaks, or is spoken to, in a context need not be called by its name there."""

# What may stand beside a name though the context has the name alone.
BESIDE = frozenset(
    "river lake mount mountain mountains sea ocean island islands isle isles city state county province republic kingdom duchy "
    "strait bay peninsula desert "
    # titles and callings, as those of PLAIN
    "abbess abbot admiral alderman ambassador archbishop archdeacon architect auntie aunt brigadier brother canon cardinal "
    "chair chairman chairwoman chancellor chaplain chief coach commander commissioner commodore congressman constable "
    "corporal councillor councilman cousin curate curator dame deacon dean detective director driver earl elder engineer "
    "farmer father friar goalkeeper governor grandfather grandmother granny harbourmaster headmaster headmistress inspector "
    "investigator justice keeper keepers lecturer librarian magistrate manager marquess marquis marshal master matron midfielder "
    "minister mistress monsignor mother nurse officer parson pastor pilot preacher premier prefect prior prioress private "
    "provost rabbi rector secretary senator sheriff sister skipper squire striker superintendent surgeon surveyor "
    "treasurer tsar uncle viscount warden widow".split()
)

# What numbers a thing, before its number.
LABELS = frozenset(
    "act annex appendix article book box case chapter class clause day exhibit figure floor gate grade group item level line lot "
    "number page paragraph part phase plate platform point question room route rule section series stage step table unit "
    "version volume ward week".split()
)
SPELLINGS = (("our", "or"), ("tre", "ter"), ("is", "iz"), ("ogue", "og"), ("grey", "gray"), ("mac", "mc"))

# Words with a capital that say when, and the years or days of a context that say it.
REIGNS = {
    "victorian": (1837, 1901),
    "edwardian": (1901, 1914),
    "georgian": (1714, 1837),
    "regency": (1795, 1837),
    "elizabethan": (1558, 1603),
    "jacobean": (1603, 1625),
    "stuart": (1603, 1714),
    "tudor": (1485, 1603),
    "napoleonic": (1799, 1815),
    "renaissance": (1350, 1620),
    "weimar": (1918, 1933),
    "interwar": (1918, 1939),
}
WARS = {
    "first world war": (1914, 1918),
    "world war i": (1914, 1918),
    "world war one": (1914, 1918),
    "great war": (1914, 1918),
    "second world war": (1939, 1945),
    "world war ii": (1939, 1945),
    "world war two": (1939, 1945),
    "cold war": (1947, 1991),
}
DAYS = {
    "boxing day": "26 december",
    "christmas day": "25 december",
    "christmas eve": "24 december",
    "new year": "1 january",
    "new year's day": "1 january",
    "new year's eve": "31 december",
    "halloween": "31 october",
    "valentine's day": "14 february",
    "twelfth night": "5 january",
    "epiphany": "6 january",
    "lady day": "25 march",
    "may day": "1 may",
    "midsummer day": "24 june",
    "michaelmas": "29 september",
    "martinmas": "11 november",
    "armistice day": "11 november",
    "candlemas": "2 february",
    "lammas": "1 august",
    "bastille day": "14 july",
}

# Abbreviations and other words, and what of a context any of them may stand for.
STANDS_FOR = {
    "agm": "annual meeting/general meeting",
    "st": "street/saint",
    "fc": "football club",
    "ne": "north-east/northeast",
    "nw": "north-west/northwest",
    "se": "south-east/southeast",
    "sw": "south-west/southwest",
    "fr": "father",
    "br": "brother",
    "sr": "sister/senior",
    "sgt": "sergeant",
    "cpl": "corporal",
    "cdr": "commander",
    "pres": "president",
    "gov": "governor",
    "sen": "senator",
    "esq": "mr",
    "mum": "mother/mummy/mama/mam",
    "mother": "mum/mummy/mama/mam",
    "dad": "father/daddy/papa",
    "father": "dad/daddy/papa",
    "grandmother": "granny/grandma/gran/nana",
    "granny": "grandmother/grandma/gran/nana",
    "grandma": "grandmother/granny/gran/nana",
    "grandfather": "grandpa/grandad",
    "grandpa": "grandfather/grandad",
    "majesty": "king/queen",
    "highness": "prince/princess/duke",
    "royal": "king/queen/prince/princess/majesty",
    "christian": "church/christ/bishop/priest/gospel/christianity",
    "christianity": "church/christ/bishop/priest/gospel/christian",
    "catholic": "pope/cardinal/vatican",
    "anglican": "church of england/vicar/rector",
    "jewish": "jew/jews/rabbi/synagogue",
    "muslim": "islam/islamic/mosque/imam",
    "islamic": "islam/muslim/mosque/imam",
    "olympic": "olympics",
    "atlantic": "transatlantic",
    "ceo": "chief executive",
    "gp": "general practitioner/doctor",
    "mp": "member of parliament",
    "mps": "members of parliament",
    "mep": "european parliament",
    "tv": "television",
    "phd": "doctoral/doctorate/thesis",
    "hq": "headquarters",
    "pm": "prime minister",
    "wwi": "first world war",
    "wwii": "second world war",
    "un": "united nations",
    "eu": "european union",
    "it": "computer/computers/software",
    "ai": "artificial intelligence",
    "dna": "genetic/genome/genes",
    "celsius": "degree/degrees/°c",
    "fahrenheit": "degree/degrees/°f",
}
TWO_LETTERS = frozenset("un eu uk us pm fc".split())
"""Of initials of two letters those that everybody knows; others stand for anything."""
