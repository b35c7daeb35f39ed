"""Well-known places of Chinese texts in their other forms."""

from synthesis.checks.names.everyday_names import PLACES

# The place, then what says it or lies in it: old names, what its short form is part of, cities of it.
FORMS = {
    place: tuple(forms.split())
    for place, _, forms in (
        line.partition(" ")
        for line in """
北京 北平 京城 京师 燕京 赴京 进京 来京 返京 离京 京沪 京津 京汉
上海 沪 申城 申江 沪上 浦东 外滩 徐家汇 十里洋场
天津 津门 津沽 京津 津浦
重庆 渝 陪都
广州 羊城 穗 番禺
杭州 沪杭 苏杭 杭城 杭人 钱塘 赴杭 来杭
苏州 姑苏 苏杭 吴县
南京 金陵 江宁 建康
武汉 武昌 汉口 汉阳
成都 蓉 锦城 锦官城
西安 长安 西京
福州 榕城 三山
厦门 鹭岛 鼓浪屿
济南 泉城
沈阳 奉天 盛京
哈尔滨 冰城
昆明 春城 滇池
贵阳 筑城
宁波 甬 明州
温州 瓯
绍兴 会稽 山阴
扬州 广陵 维扬
镇江 京口 润州
香港 港岛 九龙 港商 港人 粤港 省港 赴港 来港
澳门 濠江 港澳
台湾 臺灣 台北 高雄 台中 台南 宝岛 赴台 来台
河北 冀 直隶 保定 石家庄
山西 晋商 晋中 晋南 三晋 太原 大同
辽宁 沈阳 大连 奉天
吉林 长春
黑龙江 哈尔滨 齐齐哈尔
江苏 南京 苏州 扬州 镇江 无锡 常州 南通 徐州 苏北 苏南 江宁
浙江 浙 杭州 宁波 温州 绍兴 嘉兴 湖州 金华 舟山
安徽 皖 合肥 徽州 安庆 芜湖 徽商
福建 闽 福州 厦门 泉州 漳州
江西 赣 南昌 九江 景德镇
山东 齐鲁 鲁南 鲁西 鲁菜 济南 青岛 烟台 曲阜
河南 豫 郑州 开封 洛阳
湖北 鄂 武汉 武昌 汉口 宜昌
湖南 湘 长沙 岳阳 衡阳
广东 粤 广州 深圳 佛山 潮州 汕头
广西 桂林 南宁 两广 桂系
海南 琼 海口
四川 川军 入川 出川 川菜 巴蜀 蜀 成都 重庆
贵州 黔 贵阳 遵义
云南 滇 昆明 大理 丽江
陕西 陕 西安 延安
甘肃 陇 兰州 敦煌
青海 西宁
西藏 拉萨 藏族 藏人 入藏 进藏
新疆 乌鲁木齐 迪化 喀什 伊犁
内蒙古 呼和浩特 包头
宁夏 银川
日本 东京 京都 大阪 横滨 神户 长崎 东洋 日商 日人 日军 日方 日籍 日货 日侨 赴日 旅日 留日 东瀛
英国 伦敦 牛津 剑桥 爱丁堡 苏格兰 英格兰 英伦 不列颠 英吉利 英商 英人 英军 英方 英籍 英侨 英制 留英 赴英 旅英
美国 纽约 华盛顿 芝加哥 旧金山 波士顿 美利坚 加州 加利福尼亚 美商 美人 美军 美方 美籍 美侨 留美 赴美 旅美
法国 巴黎 里昂 马赛 法兰西 法商 法军 法方 法籍 法侨 留法 赴法 旅法
德国 柏林 汉堡 慕尼黑 莱比锡 德意志 德商 德军 德方 德籍 德侨 留德 赴德 旅德
俄国 俄罗斯 苏联 苏俄 沙俄 帝俄 俄商 俄军 俄人 白俄 留俄 莫斯科 彼得堡
俄罗斯 俄国 苏联 苏俄 沙俄 帝俄 俄商 俄军 俄人 白俄 留俄 莫斯科 彼得堡
意大利 罗马 威尼斯 米兰 佛罗伦萨 都灵 那不勒斯 意商 意籍 旅意
西班牙 马德里 巴塞罗那
荷兰 阿姆斯特丹 鹿特丹 荷商 荷籍
印度 加尔各答 孟买 德里 印商 印侨
韩国 首尔 汉城 釜山
朝鲜 平壤 高丽 汉城
越南 河内 西贡 安南
罗马 古罗马
长江 扬子江 大江
""".strip().splitlines()
    )
}


def strange_places(text: str, known: str) -> list[str]:
    """The well-known places of a Chinese text that the context says in no form.

    >>> strange_places("他从上海去了英国，又去了法国。", "他由沪赴英。")
    ['法国']
    """
    return [
        place
        for place in PLACES
        if place in text and place not in known and not any(form in known for form in FORMS.get(place, ()))
    ]
