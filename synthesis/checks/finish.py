"""Is the text whole: did the model end it, is anything there?"""

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import counted, spelled

ENDS = frozenset(".!?…。！？；”’\"'»）)]】》」』*_`")
LEAST = 12
LEAST_OF = {"sentence": 4, "qa": 4}


class Finish:
    """Fails an empty text, one of fewer than 12 words, one cut at the token limit, one withheld, one that
    stops inside a sentence. A Chinese character counts as a word.

    A single sentence and a question with its answer need 4 words, and a short answer no full stop.
    """

    name = "finish"

    def check(self, written: Written) -> Check:
        """Whether the text is whole."""
        text, kind = written.text.strip(), written.draft.kind
        if not text:
            return failed(self.name, "empty")
        if written.finish == "length":
            return failed(self.name, f"cut at the token limit: … {text[-40:]!r}")
        if written.finish == "content_filter":
            return failed(self.name, "withheld by the model's content filter")
        least = LEAST_OF.get(kind, LEAST)
        if len(spelled(written.text)) < least and (count := counted(written.text, least)) < least:
            return failed(self.name, f"only {count} words: {text!r}")
        if text[-1] not in ENDS and not (kind == "qa" and len(text.splitlines()[-1].split()) < LEAST):
            return failed(self.name, f"stops inside a sentence: … {text[-40:]!r}")
        return passed(self.name)
