"""Does the text give away a question that the trained model will be asked?"""

from kg.model import Check
from synthesis.checks.base import Written, failed, passed, unchecked
from synthesis.leakage import Leakage


class Leaked:
    """Fails a text that holds the words of an evaluation question (`synthesis.leakage` says how many).

    Unchecked where no questions were given.
    """

    name = "leakage"

    def __init__(self, questions: Leakage | None = None) -> None:
        self._questions = questions

    def check(self, written: Written) -> Check:
        """Whether the text leaks no question."""
        if self._questions is None or not self._questions.questions:
            return unchecked(self.name, "no evaluation questions were given to hold it against")
        question = self._questions.found(written.text)
        return failed(self.name, f"holds the question {question[:120]!r}") if question else passed(self.name)
