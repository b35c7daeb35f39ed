"""Capitalised words that are no invention, and the marks by which an unmarked Chinese name is known."""

PLAIN = frozenset(
    # words that begin a sentence or are written in capitals for emphasis
    "a about above according across actually additionally after afterwards again against ah all almost alone along already "
    "also although always am among amid an and another any anyone anything are around as aside at away back based be because "
    "become becomes becoming before behind being below beneath beside besides between beyond both but by can cannot can't "
    "certainly clearly come concerning consequently considering could dear despite did do does doing don't down due during "
    "each earlier early either else elsewhere enough even eventually ever every everybody everyone everything exactly except "
    "far few finally first five following for formerly four from further furthermore given gone had half hardly has have having he hello "
    "hence her here hers herself him himself his how however i if imagine in indeed inside instead interestingly into is isn't it its itself "
    "just knowing known last late later lastly least less lest let like likewise little long many may maybe me meanwhile might mine more "
    "moreover most mostly much must my myself near nearby nearly neither never nevertheless next no nobody none nonetheless nor not "
    "note nothing notably now of off often oh old on once one ones only onto or originally other others otherwise ought our ours out outside over "
    "overall own part perhaps please poor prior quite rather really recently regarding same second seen several shall she should similarly "
    "since six small so some somebody someone something sometimes soon still strangely such suddenly surely ten than thank that the "
    "their theirs them themselves then there thereafter therefore these they third this those though three through throughout thus "
    "till to today together tomorrow too toward towards two under unlike until unless up upon us usually very was we well were "
    "what whatever when whenever where whereas wherever whether which while who whoever whom whose why will with within "
    "without would yes yesterday yet you young your yours "
    # the head of a question, an answer or a turn
    "answer answers question questions example option options note summary explanation fact facts false true teacher student "
    "narrator q "
    # forms of address and titles
    "mr mrs ms miss messrs sir madam lady lord dr mister professor prof doctor captain capt colonel col general gen major "
    "lieutenant lt sergeant reverend revd rev vicar bishop pope saint king queen prince princess emperor duke duchess count "
    "baron president mayor judge hon "
    # everybody's words
    "god lord bible christmas easter english latin european western eastern internet ok "
    "january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday jan feb apr jun jul aug sept sep oct nov dec".split()
)

SAME = {
    "st": "saint",
    "mt": "mount",
    "co": "company",
    "dept": "department",
    "univ": "university",
    "ave": "avenue",
    "rd": "road",
    "ft": "fort",
    "ltd": "limited",
    "inc": "incorporated",
    "corp": "corporation",
    "bros": "brothers",
    "assoc": "association",
    "inst": "institute",
    "soc": "society",
    "jr": "junior",
    "sr": "senior",
    "sq": "square",
    "ln": "lane",
    "govt": "government",
    "intl": "international",
    "natl": "national",
}
SAME |= {long: short for short, long in SAME.items()}
ABBREVIATIONS = frozenset(
    "mr mrs ms dr st no nos prof capt col gen lt rev revd messrs jr sr vol fig mt hon vs cf".split()
)
ADDRESSES = frozenset("mr mrs ms miss sir madam lady lord dr mister old young poor".split())
SAYING = (
    " said",
    " says",
    " read",
    " reads",
    " wrote",
    " writes",
    " asked",
    " answered",
    " replied",
    " words",
    " that",
)
ROLES = frozenset(
    "aunt uncle father mother brother sister son king queen prince princess judge widow granny grandma grandpa cousin child "
    "clerk monk priest nurse cook smith guard pilot today tomorrow nature life death time everyone".split()
)
ROLE_ENDINGS = tuple("er or man men woman ist ant ent ess ing ed ly ism ity ness tion".split())
ENDINGS = ("ese", "ian", "ish", "ite", "ers", "an", "er", "es", "n", "s")

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱郭林罗郑梁谢宋唐许韩冯邓曹彭肖董袁潘蒋蔡杜苏魏吕丁沈姚卢姜崔谭陆汪范廖贾夏傅邹孟"
    "熊秦邱尹薛闫侯陶黎贺顾郝龚邵钱严戴莫孔汤"
)
TITLES = (
    "先生 女士 小姐 太太 夫人 教授 博士 医生 大夫 老师 师傅 老板 掌柜 县长 镇长 村长 市长 校长 院长 局长 主任 经理 "
    "将军 牧师 神父 同志"
).split()
PLACES = tuple(
    "北京 上海 天津 重庆 广州 深圳 杭州 苏州 南京 武汉 成都 西安 长沙 福州 厦门 济南 青岛 沈阳 哈尔滨 昆明 贵阳 南昌 郑州 太原 "
    "兰州 合肥 宁波 温州 绍兴 扬州 镇江 香港 澳门 台湾 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 广西 海南 四川 贵州 云南 陕西 甘肃 青海 西藏 新疆 内蒙古 宁夏 日本 英国 美国 法国 德国 俄国 俄罗斯 意大利 西班牙 荷兰 "
    "印度 韩国 朝鲜 越南 伦敦 巴黎 纽约 东京 柏林 莫斯科 罗马 维也纳 长江 黄河".split()
)
