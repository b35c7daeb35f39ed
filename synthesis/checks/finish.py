"""Is the text whole: did the model end it, is anything there?"""

import re

from kg.model import Check
from synthesis.checks.base import Written, failed, passed

ENDS = re.compile("[.!?…。！？；”’\"'»）)\\]】》」』*_`]\\s*$")


TOKEN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_]+")
LEAST = 12


class Finish:
    """Fails an empty text, one of fewer than 12 words, one cut at the token limit, one withheld, one that
    stops inside a sentence. A Chinese character counts as a word.
    """

    name = "finish"

    def check(self, written: Written) -> Check:
        """Whether the text is whole."""
        text = written.text.strip()
        if not text:
            return failed(self.name, "empty")
        if written.finish == "length":
            return failed(self.name, f"cut at the token limit: … {text[-40:]!r}")
        if written.finish == "content_filter":
            return failed(self.name, "withheld by the model's content filter")
        if (words := len(TOKEN.findall(text))) < LEAST:
            return failed(self.name, f"only {words} words: {text!r}")
        if not ENDS.search(text):
            return failed(self.name, f"stops inside a sentence: … {text[-40:]!r}")
        return passed(self.name)
