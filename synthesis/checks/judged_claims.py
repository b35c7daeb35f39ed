"""The claims of a text, held against its context by a judge model while a run goes on."""

from kg.model import Check
from lm.base import Completion
from lm.jobs import Job
from lm.session import Session
from synthesis.checks import claims
from synthesis.checks.base import Unjudged, Written


class JudgedClaims:
    """Asks the model of a session about every claim of a text, all at once; see `synthesis.checks.claims`.

    It pays for what it asks, so it looks only at texts that passed every other check. Raises Unjudged where the
    session's limits do not allow to ask. A story without a source claims nothing.
    """

    name = claims.NAME
    asks_a_model = True

    def __init__(self, session: Session) -> None:
        self._session = session

    def check(self, written: Written) -> Check:
        """Whether every claim is entailed."""
        if written.invented:
            return Check(self.name, "unchecked", "a story without a source claims nothing")
        context = "\n".join(filter(None, (written.context.text, written.context.headings)))
        language = written.item.language
        wanted = claims.requests(written.text, context, language, self._session.model.name)
        heard: list[Completion | None] = [None] * len(wanted)
        for answer in self._session.answers(Job(request, place) for place, request in enumerate(wanted)):
            assert isinstance(answer.job.tag, int)
            heard[answer.job.tag] = answer.completion
        if self._session.stopped and None in heard:
            raise Unjudged(self._session.stopped)
        names = [form for entity in written.item.entities for form in (entity.name, *entity.aliases)]
        return claims.read(written.text, context, language, heard, names)
