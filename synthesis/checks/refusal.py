"""Does the model refuse, or talk to its user about the task, instead of writing the text?"""

import re
from collections.abc import Iterator

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import folded, spelled

LONGEST = 300
WRITTEN = (
    r"(?:text|paragraph|summary|passage|description|answer|response|version|rewrite|rewriting|rephrasing|paraphrase|"
    r"explanation|overview|article|essay|story|dialogue|conversation|translation|draft|continuation)s?\b"
)
LISTED = r"(?:question|example|list|account|lesson|pair|item)s?\b[^.!?\n]{0,60}:"
CANNOT = (
    r"(?:can(?:no|')?t|can not|am (?:not able|unable)(?: to)?|won't|will not|do not|don't|must decline to)"
)
UNABLE = r"(?:i'm|i am) (?:unable|not able) to"
HELP = (
    r"(?:help|assist|fulfil+|comply|provide|write|generate|create|produce|continue|answer|complete|discuss|respond|"
    r"engage|access|browse|do that|summari[sz]e|rewrite|rephrase|have (?:enough|access|any|the))\b"
)
TASK = r"(?=[^.!?]*\b(?:request|prompt|task|instruction|content|text|document|context|information|question|that|this)\b)"
A_MODEL = r"(?:just |only |merely )?an? (?:artificial intelligence|ai|(?:large )?language model|virtual assistant)\b"
SHOWN = r"(?:text|document|passage|context|excerpt|information)\b"
HAN_WRITTEN = "(?:段落?|文章|文字|概述|总结|摘要|描述|介绍|内容|回答|版本|改写|短文|故事|对话)"

# What a text begins with where a model speaks instead of writing.
OPENINGS = (
    rf"(?:(?:i'm|i am|we're|we are)(?: \w+)? (?:sorry|afraid)|(?:i|we) apologi[sz]e|my apologies|sorry|unfortunately)"
    rf"[ ,.!:;-]+(?:but |that )?(?:(?:i|we) {CANNOT}|{UNABLE})(?: \w+){{0,2}}? {HELP}",
    rf"i {CANNOT} {HELP}{TASK}",
    rf"{UNABLE} {HELP}",
    r"(?:sure|certainly|absolutely|of course|okay|ok|great|no problem|understood|got it)(?: thing)?"
    r"(?:!|[,.:-]? ?(?:here(?:'s| is| are)|i can|i'd|i will|i'll|let me|below|let's|this is (?:the|a|your))\b)",
    rf"(?:here|below)(?:'s| is| are|,? you(?:'ll| will) find)\b[^.!?\n:]{{0,60}}?\b(?:{WRITTEN}|{LISTED})",
    rf"(?:this is|the following is) (?:an?|the|your|my)\b[^.!?\n:]{{0,40}}\b{WRITTEN}[^.!?\n]{{0,80}}:",
    r"as (?:you )?requested[,:]? (?:here|this|below|i)\b",
    r"based on (?:your|the (?:given|provided)) ",
    r"(?:please|could you(?: please)?) (?:provide|share) (?:\w+ ){0,3}(?:text|document|passage|context|details|information|content)\b",
    rf"i(?:'d| would|'ll) be (?:happy|glad) to {HELP}",
    r"(?:非常|很)?(?:抱歉|对不起)[,，。!！ ]*(?:但|但是|不过)?(?:我|作为|本模型)[^。！？\n]{0,12}(?:无法|不能|没有办法|没法|不可以|不便)",
    "我(?:无法|不能)(?:完成|提供|生成|回答|满足|协助|帮助|撰写|写出|继续|访问)",
    "(?:好的|好|当然|当然可以|没问题|可以的|明白了?|收到)[,，!！。:： ]+(?:以下|下面|这是|这里|我(?:将|会|来|可以|已经)|根据[您你]|请看|为您)",
    "(?:好的|当然可以|没问题|明白了)[!！]",
    rf"(?:以下|下面|这)[是为](?:一|关于|对|根据|我|您|你|按|所|用|本|改写|生成|针对)[^。！？\n]{{0,40}}?{HAN_WRITTEN}[^。！？\n]{{0,24}}[:：]",
    "请(?:您)?提供(?:更多|具体|相关|原文|文本|文档|内容|信息)",
)
OPENING = re.compile(rf"[^\w\"'「『]*(?:{'|'.join(OPENINGS)})")

# What no text says of itself, wherever it stands; each by words of which it needs one, in Chinese by how it begins.
SPOKEN = (
    (
        "ai artificial language",
        r"as an? (?:artificial intelligence|ai|(?:large )?language model)\b(?! \w+(?:er|or|ist)\b)",
    ),
    ("ai artificial language virtual", rf"i'm {A_MODEL}"),
    ("ai artificial language virtual", rf"i am {A_MODEL}"),
    (
        "training cutoff programming content",
        r"my (?:training data|knowledge cutoff|programming|content polic(?:y|ies))\b",
    ),
    ("hope", r"i hope th(?:is|at) (?:helps|meets your|is (?:helpful|what you))\b"),
    (
        "know",
        r"let me know if (?:you(?:'d| would) like|you (?:need|have|want)|there(?:'s| is))"
        r"(?: me to (?:revise|adjust|expand|rewrite|change|add|continue|modify|make)"
        r"| any (?:further|other|more|additional|changes|revisions|questions)| (?:further|additional|more) (?:help|assistance|information|details))",
    ),
    ("free", r"feel free to (?:ask|let me know|reach out)\b"),
    ("anything", r"is there anything else (?:i can|you)\b"),
    ("user", r"the user's (?:prompt|instructions?|request)\b"),
    ("count", r"word count: ?\d"),
    ("provided", rf"the provided {SHOWN}"),
    ("given", rf"the given {SHOWN}"),
    ("above", rf"the above {SHOWN}"),
)
HAN_SPOKEN = {
    "作为": "作为(?:一[个名款位])?(?:人工智能|ai(?![a-z])|大?语言模型|智能助手|虚拟助手)",
    "我是": "我是(?:一?[个名款位])?(?:人工智能|ai(?![a-z])|大?语言模型|智能助手|虚拟助手)",
    "我只是": "我只是(?:一?[个名款位])?(?:人工智能|ai(?![a-z])|大?语言模型|智能助手|虚拟助手)",
    "希望": "希望(?:这|以上|本)[^。！？\n]{0,12}(?:帮助|满意|符合[您你]|满足[您你])",
    "如": "如(?:果|需)?[您你]?(?:还)?(?:有|需要)?[^。！？\n]{0,16}(?:请|欢迎)(?:随时)?(?:告诉我|告知我|联系我|向我|提问|问我)",
    "字数": r"字数[:：约] ?\d",
    "您": "您(?:提供|给出|要求)的(?:文本|文档|内容|信息|文章|段落|资料)",
    "根据": "根据[您你]的(?:要求|请求|指示)",
}
SPEAKING = [(frozenset(needed.split()), re.compile(pattern)) for needed, pattern in SPOKEN]
HAN_SPEAKING = [(sign, re.compile(pattern)) for sign, pattern in HAN_SPOKEN.items()]


class Refusal:
    """Fails an answer that refuses, speaks of itself as a model, or hands its text over ("Here is a paragraph…").

    An apology or an offer counts at the beginning of a text and outside quotation marks only: people in a
    story may be sorry. What the context says itself ("as an AI" in a paper about such models) is let pass.
    """

    name = "refusal"

    def check(self, written: Written) -> Check:
        """Whether the model wrote, instead of talking about writing."""
        text = folded(written.text)
        opening = OPENING.match(text[:LONGEST])
        if opening and opening[0] not in folded(written.known):
            return failed(self.name, f"talks to its user: {opening[0].strip()[:120]!r}")
        for pattern in _likely(text, spelled(written.text)):
            for spoken in pattern.finditer(text):
                if not _quoted(text, spoken.start()) and spoken[0] not in folded(written.known):
                    return failed(self.name, f"speaks as a model: {spoken[0]!r}")
        return passed(self.name)


def _likely(text: str, there: frozenset[str]) -> Iterator[re.Pattern[str]]:
    """Those patterns that a folded text of these words can hold."""
    for needed, pattern in SPEAKING:
        if not needed.isdisjoint(there):
            yield pattern
    if not text.isascii():
        for sign, pattern in HAN_SPEAKING:
            if sign in text:
                yield pattern


def _quoted(text: str, at: int) -> bool:
    """Whether a place lies inside quotation marks."""
    return text.count('"', 0, at) % 2 == 1 or text.rfind("「", 0, at) > text.rfind("」", 0, at)
