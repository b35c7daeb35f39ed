"""English words that tell what kind of thing a name is, and words that make no term.

Types are told by context, never by the parser's label alone: invented names are labelled wrongly.
"""

from functools import cache
from importlib.resources import files

PERSON, PLACE, ORGANISATION = "person", "place", "organisation"
WORK, EVENT, OBJECT, CONCEPT = "work", "event", "object", "concept"

# Written before a person's name.
TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir dame lord lady madam madame monsieur father mother sister brother "
    "saint reverend rev captain capt colonel col major general lieutenant lt sergeant corporal admiral commander "
    "commodore inspector constable detective judge justice president senator governor mayor chancellor minister "
    "king queen prince princess duke duchess earl count countess baron baroness emperor empress pope bishop "
    "archbishop cardinal abbot abbess prior rabbi imam sheikh master mistress maestro uncle aunt granny old young "
    "superintendent warden alderman councillor councilor provost deacon canon vicar squire sheriff marshal "
    "ambassador secretary chairman chairwoman chair foreman overseer bailiff reeve beadle headmaster nurse widow "
    "skipper bosun engineer".split()
)

# Last word of a name: what the name is of.
HEADS: dict[str, str] = {}
for _type, _words in {
    ORGANISATION: "guild company society council committee board court ministry department office bureau college university "
    "school academy institute institution church parish union league party army navy regiment brigade club association "
    "federation commission agency corporation trust foundation bank press order brotherhood sisterhood fellowship "
    "congregation consortium cooperative partnership syndicate senate parliament congress assembly tribunal chamber "
    "authority service team band orchestra choir theatre cabinet laboratory laboratories lab hospital works sons "
    "daughters brothers sisters co inc ltd gmbh corps squadron troupe firm group network alliance coalition "
    "conservatory observatory museum library archive archives gallery registry exchange cartel clan tribe dynasty "
    "railway railways airline association associations tavern inn hotel chapter lodge crew wardens trustees governors directorate secretariat",
    PLACE: "street road lane avenue alley way square place court row terrace river stream brook beck creek lake loch pond "
    "tarn mere pool sea ocean bay gulf strait sound channel harbour harbor haven port quay wharf dock docks pier jetty "
    "cove point head cape ness peninsula island isle islands isles islet rock rocks reef shoal sands bank banks marsh "
    "marshes fen fens moor moors heath hill hills mount mountain mountains peak ridge cliff cliffs valley vale dale glen "
    "hollow gorge pass gap wood woods forest grove park garden gardens field fields meadow meadows farm grange manor hall "
    "house castle tower towers keep fort fortress palace abbey priory cathedral chapel temple mosque synagogue shrine "
    "bridge ford ferry crossing gate gates wall walls mill mills mine mines quarry foundry forge yard station "
    "airport city town village hamlet borough ward district quarter county shire province region state kingdom empire "
    "republic duchy land lands coast shore beach plain plains desert steppe canal lock weir dam reservoir spring springs "
    "falls lighthouse cottage barn cellar stairs steps market arcade plaza boulevard highway route flats estuary firth "
    "fjord delta basin plateau crater sector zone planet green common fold arms croft wharves",
    WORK: "annals proceedings transactions memoirs letters essays book chronicle ledger treatise gazette herald times journal manual handbook act charter treaty code almanac "
    "register atlas map psalter hymnal song ballad symphony sonata opera poem codex scroll papers letters diary report "
    "law laws catalogue catalog review bulletin magazine newspaper dictionary encyclopedia encyclopaedia bible gospel statute "
    "ordinance bill constitution decree rule rules agreement accord protocol convention petition inventory deed guide",
    EVENT: "battle siege war wars festival fair feast flood floods fire strike massacre conference summit revolt rebellion "
    "revolution uprising mutiny riot riots plague famine drought storm gale earthquake expedition crusade campaign "
    "inquiry trial election referendum games olympics cup championship tournament race regatta parade procession "
    "ceremony coronation jubilee centenary exhibition crisis depression winter frost award prize day night week "
    "year age era period dispute quarrel wreck disaster",
}.items():
    for _word in _words.split():
        HEADS.setdefault(_word, _type)

# Common nouns for people: in apposition, as a copula's complement, or just before a name.
PEOPLE = frozenset(
    "man woman boy girl child son daughter wife husband widow widower father mother brother sister uncle aunt nephew "
    "niece cousin grandson granddaughter grandfather grandmother heir friend rival neighbour neighbor apprentice pupil "
    "student teacher master mistress keeper clerk founder captain merchant smith blacksmith farmer miller baker builder "
    "mason carpenter joiner cooper weaver potter sailor fisherman pilot skipper engineer inventor scientist chemist "
    "physicist botanist historian poet writer author painter artist musician composer singer actor editor printer "
    "publisher journalist lawyer judge notary doctor surgeon physician nurse midwife priest monk nun bishop abbot mayor "
    "governor minister president king queen prince princess duke duchess lord lady officer soldier general admiral "
    "colonel sergeant constable warden steward treasurer secretary chairman chair librarian archivist curator surveyor "
    "inspector foreman manager director owner heiress partner colleague assistant porter servant housekeeper cook "
    "gardener shepherd hunter guide spy thief murderer prisoner witness nobleman peasant widower twin ancestor scholar "
    "philosopher astronomer mathematician architect sculptor dancer athlete player coach senator diplomat envoy "
    "messenger traveller explorer settler colonist native villager tinker tailor cobbler draper grocer butcher brewer "
    "innkeeper landlord landlady tenant beadle bailiff reeve alderman councillor magistrate sheriff lecturer professor "
    "researcher technician operator programmer designer developer analyst chairwoman foreigner orphan clockmaker "
    "bellfounder founder glassblower goldsmith silversmith lamplighter watchmaker shipwright boatbuilder".split()
)

# What people do (lemmas): their subject is likely a person.
PERSON_VERBS = frozenset(
    "say write tell ask reply answer whisper shout think believe know remember marry die learn teach study speak want "
    "hope fear love hate smile laugh cry weep sit walk nod shake sigh wonder feel decide refuse agree argue insist "
    "retire resign inherit bequeath confess complain quarrel apprentice recall note observe remark explain invent "
    "design paint compose sign swear vow marry wed bury drown dream sleep wake eat drink listen look watch stare read "
    "hire employ persuade regret admit warn thank greet".split()
)

# A name after one of these is likely a place.
PLACE_PREPOSITIONS = frozenset(
    "in at near from to into toward towards through across around outside beyond above below".split()
)
PLACE_HEADS = frozenset(
    "town city village port island parish county district country harbour harbor river valley coast hamlet".split()
)

# Capitalised for the calendar or the page, not for a name.
CALENDAR = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun "
    "today tomorrow "
    "yesterday ad bc bce ce am pm".split()
)
PAGE_WORDS = frozenset(
    "chapter section figure fig table page vol volume part item note notes appendix annex article no number step "
    "paragraph clause example exercise question answer contents introduction preface index references bibliography "
    "abstract conclusion summary warning caution important tip see dear sincerely yours faithfully regards ps nb i ii iii iv "
    "v vi vii viii ix x xi xii ok oh ah yes no well hello goodbye alas".split()
)
FUNCTION_WORDS = frozenset(
    "a an the this that these those some any each every no neither either both all half such what which whose who whom "
    "whoever whatever whichever i you he she it we they me him her us them my your his its our their mine yours hers ours "
    "theirs myself yourself himself herself itself ourselves themselves one ones someone somebody something anyone anybody "
    "anything everyone everybody everything nobody nothing none another other others and or but nor so yet for if then "
    "else than as because since although though while whereas unless until till after before when whenever where "
    "wherever whether how however why of in on at by with without within into onto upon to from up down out off over under "
    "above below between among amongst through throughout during about against along across around behind beside besides "
    "beyond despite except inside like near outside past per plus regarding toward towards via not only also too very "
    "quite rather just even still again ever never always often sometimes usually seldom once twice now here there thus "
    "hence therefore moreover furthermore meanwhile indeed perhaps maybe is are was were be been being am has have had "
    "having do does did doing done will would shall should can could may might must let yes no please first second third "
    "fourth fifth sixth last next later earlier finally eventually soon today tomorrow yesterday many much more most few "
    "fewer less least several enough little great old new same own certain various two three four five six seven eight "
    "nine ten eleven twelve hundred thousand million dozen nor instead together apart away back afterwards nearly almost "
    "according given following including concerning using made came went nevertheless nonetheless otherwise likewise "
    "similarly initially originally recently formerly previously currently".split()
)
# Adjectives that say nothing of the kind of thing: cut from the front of a term.
PLAIN_ADJECTIVES = frozenset(
    "able actual additional amazing ancient annual another available average bad beautiful best better big bigger biggest "
    "brief bright broad busy careful cheap clean clear close cold common complete considerable constant correct current "
    "daily dark dead dear deep different difficult direct dirty double dry due early easy elder eldest empty enormous "
    "entire equal essential exact excellent extra fair false familiar famous far fast favourite favorite few fierce final "
    "fine first flat following foreign former formal fresh frequent front full further future general gentle good grand "
    "grateful great greater greatest grey half happy hard heavy high higher highest honest hot huge human ill immediate "
    "important impossible independent individual initial inner interesting joint just keen key kind large larger largest "
    "last late later latest least left less light likely little local lone long longer longest loose loud low lower lowest "
    "main major many maximum mere middle minimum minor missing modern more most much narrow national natural near nearby "
    "nearest neat necessary new newer next nice normal notable numerous obvious occasional odd official old older oldest "
    "only open opposite ordinary original other outer own particular past perfect permanent personal plain pleasant "
    "polite poor popular possible powerful precious present previous primary private proper public pure quick quiet rare "
    "ready real recent regular related relevant remarkable respective rich right rough sad safe same second secret secure "
    "separate serious several severe shallow sharp short shorter shortest similar simple single slight slow small smaller "
    "smallest smooth so-called sole solid sorry special specific standard steady still straight strange strict strong such "
    "sudden sufficient suitable sure surviving sweet tall temporary terrible thick thin third tiny tired total traditional "
    "true twin typical ugly unable unusual upper usual useful various vast very visible warm weak weekly well wet whole "
    "wide wild willing wise wonderful worn worse worst wrong yearly young younger youngest certain second-hand "
    "fourth fifth sixth seventh eighth ninth tenth broken lost written unknown "
    "subsequent overall mutual existing remaining chief everyday nightly monthly hourly".split()
)
DEFINING = frozenset(
    "call name term know dub christen nickname style title entitle label coin define".split()
)
SUBJECT_WORDS = frozenset(
    "kind sort type form piece part name set pair group number lot variety range series couple".split()
)


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `kg/extract/words/NAME.txt`; lines that begin with # are comments."""
    lines = (files("kg.extract") / "words" / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
