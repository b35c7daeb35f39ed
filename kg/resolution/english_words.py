"""Lists of English words that resolution rests on: titles, first names, opposites, kin."""

from kg.names import word_set


def _table(*lines: str) -> dict[str, str]:
    return {word: line.split()[0] for line in lines for word in line.split()}


MALE_TITLES = word_set("mr mister sir lord king prince duke count baron earl father brother uncle squire "
    "monsieur herr fr bro senor don signor tsar emperor")  # fmt: skip
FEMALE_TITLES = word_set("mrs miss ms madam madame lady queen princess duchess countess baroness dame mother "
    "sister aunt frau fraulein senora senorita dona signora mademoiselle empress widow")  # fmt: skip
RANKS = word_set("captain capt colonel col general gen major maj lieutenant lt sergeant sgt corporal cpl adm cmdr cpt pvt "
    "private admiral commodore commander commandant ensign constable inspector superintendent detective insp supt "
    "sheriff bishop archbishop cardinal pope rabbi imam reverend rev vicar deacon abbot friar")  # fmt: skip
OTHER_TITLES = word_set("dr doctor prof professor judge justice senator governor president chancellor minister "
    "ambassador secretary mayor alderman councillor councilor master dean provost warden engineer architect "
    "saint st nurse chief director chairman chairwoman chairperson keeper pilot mx hon rt rep sen gov pres amb honourable honorable "
    "comrade citizen coach chef goodman goodwife representative congressman congresswoman")  # fmt: skip
TITLES = MALE_TITLES | FEMALE_TITLES | RANKS | OTHER_TITLES
WITH_FIRST_NAME = word_set("sir dame king queen prince princess saint st pope lord lady father mother brother "
    "sister aunt uncle master emperor empress tsar")  # fmt: skip
"""Titles that stand before a first name alone: "Sir Osric", "Sister Agnes"."""
SAME_TITLE = _table(
    "doctor dr", "professor prof", "captain capt", "colonel col", "general gen", "major maj",
    "lieutenant lt", "sergeant sgt", "corporal cpl", "reverend rev", "mister mr", "saint st", "father fr", "brother bro", "inspector insp", "superintendent supt", "constable pc",
    "honourable honorable hon", "representative rep", "senator sen", "governor gov", "president pres", "admiral adm", "commander cmdr", "councillor councilor",
)  # fmt: skip
PARTICLES = word_set("van von de der den del della di da du la le los las el al bin ibn ten ter zu zur af av "
    "dos das san")  # fmt: skip
SUFFIXES = _table(
    "junior jr younger", "senior sr elder", "2 ii", "3 iii", "4 iv", "5 v", "6 vi", "7 vii", "8 viii"
)
LETTERS_AFTER = word_set("phd md esq esquire obe mbe cbe frs frcs bsc msc ma ba dphil qc kc jp mp rn")

NICKNAMES: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "william will bill billy willie liam", "robert rob bob bobby robbie bert", "richard rick dick rich ricky",
        "john jack johnny jon", "jonathan jon jonny", "james jim jimmy jamie", "joseph joe joey", "charles charlie chuck",
        "thomas tom tommy", "edward ed eddie ted ned teddy", "edmund ed ned", "henry harry hal hank", "george georgie",
        "michael mike mick mickey", "david dave davy", "daniel dan danny", "samuel sam sammy",
        "benjamin ben benny", "alexander alex sandy alec xander", "andrew andy drew", "anthony tony",
        "christopher chris kit", "peter pete", "stephen steve steven stevie", "philip phil phillip",
        "nicholas nick nicky", "matthew matt", "patrick pat paddy", "francis frank", "frederick fred freddy freddie",
        "gregory greg", "lawrence larry laurie laurence", "leonard len lenny leo", "ronald ron ronnie", "donald don donnie",
        "kenneth ken kenny", "gerald gerry jerry", "raymond ray", "albert al bert bertie", "alfred alf fred alfie",
        "arthur art artie", "walter walt wally", "herbert herb bert", "theodore ted theo teddy", "timothy tim",
        "nathaniel nathan nat nate", "nathan nat nate", "zachary zach zack", "joshua josh", "jacob jake", "isaac ike",
        "elizabeth liz lizzie beth betty eliza bess libby elsie lisbeth", "margaret maggie meg peggy madge greta rita",
        "katherine kate katie kathy kitty catherine cathy katharine kathleen", "mary molly polly mae",
        "rebecca becky becca", "susan sue susie suzy", "susanna susan sue susie", "deborah deb debbie",
        "barbara barb babs", "patricia pat patty tricia", "jennifer jen jenny", "jessica jess jessie",
        "dorothy dot dolly dottie", "eleanor nell ellie nora lenore", "helen nell nellie", "ellen nell nellie",
        "victoria vicky tori", "alexandra alex sandra sasha", "samantha sam", "abigail abby gail", "ann annie nan nancy",
        "anna annie", "anne annie nan", "martha patty mattie", "matilda tilly mattie", "harriet hattie", "frances fanny fran",
        "virginia ginny", "theresa terry tess tessa teresa", "penelope penny", "philippa pippa", "josephine jo josie",
        "caroline carrie", "charlotte lottie charlie", "christina tina chris", "judith judy", "gertrude trudy gertie",
        "millicent millie", "winifred winnie", "florence flo flossie", "lucy lou", "louisa lou", "augustus gus", "angus gus",
        "bartholomew bart", "cornelius neil", "ebenezer eben", "ezekiel zeke", "jeremiah jerry jem", "jeremy jerry jem",
        "obadiah obie", "solomon sol", "tobias toby", "vincent vince", "wilfred wilf", "maximilian max", "sebastian seb",
    )
)  # fmt: skip
MALE = word_set("john william robert richard james joseph charles thomas edward henry george michael david daniel "
    "samuel benjamin alexander andrew anthony christopher peter stephen philip nicholas matthew patrick francis frederick "
    "gregory lawrence leonard ronald donald kenneth gerald raymond albert alfred arthur walter herbert theodore timothy "
    "nathaniel jacob isaac mark paul simon luke hugh harold ernest edgar edwin oliver oscar martin victor ralph roger "
    "stanley adam aaron brian bruce carl dennis douglas eric frank gary jack jason jeffrey justin keith kevin larry "
    "louis neil noah owen oswald percy rupert ryan scott sean sidney silas elias ezra gideon jonas emil jonah tobias vincent wilfred bill bob tom "
    "jim joe ned ted harry fred")  # fmt: skip
FEMALE = word_set("mary elizabeth margaret katherine catherine rebecca susan deborah barbara patricia jennifer jessica "
    "dorothy eleanor helen ellen victoria alexandra samantha abigail ann anna anne martha matilda harriet frances "
    "virginia theresa penelope philippa josephine caroline charlotte christina judith gertrude millicent winifred "
    "florence lucy louisa jane joan alice emma emily sarah clara edith ethel grace hannah ida irene julia karen laura "
    "linda lydia maria marion mabel maud miriam nancy nora olive olivia rachel rose ruth sophia sylvia ursula vera "
    "violet agnes amelia beatrice bertha betty cecilia constance daisy diana eva flora georgina gloria hilda ingrid "
    "isabel ivy janet jean kate lily maggie molly phoebe rosalind roberta paula phyllis daniella danielle")  # fmt: skip

OPPOSITES: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "north south east west northern southern eastern western northeast northwest southeast southwest "
        "northeastern northwestern southeastern southwestern central middle",
        "upper lower middle", "inner outer inside outside", "old new", "older newer", "elder younger", "elder young",
        "great little big small greater lesser large minor major", "left right", "high low", "higher lower", "long short",
        "first last", "front back rear", "early late", "earlier later", "primary secondary tertiary", "internal external",
        "import export", "imports exports", "male female", "boys girls", "men women", "king queen", "prince princess",
        "his her", "day night", "morning evening afternoon", "summer winter spring autumn fall", "red green blue black "
        "white yellow brown grey gray golden silver purple orange pink", "gold silver bronze copper iron", "dry wet",
        "hot cold", "light dark heavy", "maternal paternal", "public private", "positive negative", "active passive",
        "static dynamic", "linear nonlinear", "open closed", "input output", "ascending descending", "above below over under",
        "january february march april may june july august september october november december",
        "monday tuesday wednesday thursday friday saturday sunday", "lord lady", "brother sister", "father mother",
        "son daughter", "uncle aunt", "husband wife", "senior junior", "before after", "macro micro", "inter intra",
        "hyper hypo", "ancient modern", "urban rural", "vice deputy assistant", "plus minus", "odd even", "deep shallow",
        "fast slow", "hard soft", "solar lunar", "land sea", "inland coastal", "national local regional international",
    )
)  # fmt: skip
PREFIX_PAIRS = ("hyper hypo", "inter intra", "macro micro", "pre post", "endo exo", "over under", "up down",
    "in out", "im ex", "mono poly", "homo hetero", "intro extro", "ante anti", "sub super")  # fmt: skip
QUALIFIERS = frozenset(word for group in OPPOSITES for word in group) | word_set("deputy assistant vice former "
    "acting under sub junior senior chief head royal national second third honorary interim ex anti pre post "
    "non neo proto pseudo associate joint provisional temporary special general grand imperial women womens "
    "ladies mens youth childrens boys girls free reformed")  # fmt: skip
"""Words that make another thing of what follows: the Deputy Keeper is not the Keeper."""
KIN = ("brother|sister|father|mother|son|daughter|wife|husband|widow|widower|uncle|aunt|cousin|nephew|niece|"
    "grandfather|grandmother|grandson|granddaughter|grandchild|twin|stepson|stepdaughter|stepmother|stepfather|"
    "parents?|child|children|heir|rival|enemy|friend|colleague|partner|assistant|apprentice|pupil|student|"
    "successor|predecessor|neighbou?r|master|servant|namesake|fianc[eé]e?|guardian|ward")  # fmt: skip
STOPWORDS = word_set("of the for and in on at to de la le du des der die das und et y a an by with from")
LEGAL = word_set(
    "limited incorporated company corporation plc llc llp gmbh ag sa bv nv pty oy ab as spa srl kg"
)
SETTLEMENTS = word_set("town village hamlet township parish port")
FEATURES = word_set("river lake mount loch isle cape point bay fort hill creek lough")
"""Kinds of landscape that stand before or after their name: River Tam, Tam River."""
HEADS = word_set(
    "guild board council society committee commission ministry department bureau institute academy club company "
    "association union league federation foundation trust university college senate assembly parliament authority "
    "agency congress corporation consortium brotherhood order party court museum observatory laboratory hospital church "
    "bank library gallery theater school chapel abbey factory foundry works fund exchange press station"
)
"""Kinds of organisation by which one is called for short: the Guild."""
BUILDINGS = word_set(
    "exchange station market hall bridge church chapel abbey cathedral hospital museum tower lighthouse observatory "
    "library theater school college university hotel inn mill works foundry factory docks dock quay gallery prison"
)
"""Kinds of building that one calls without the town: Corn Exchange."""
COMMERCIAL = LEGAL | word_set(
    "group holdings industries partners systems technologies motors airlines airways enterprises international brothers "
    "sons bank insurance press records foods pharmaceuticals shipping lines"
)
"""Last words of a firm that is called by its first one for short: Halberd, of Halberd Insurance Group."""
