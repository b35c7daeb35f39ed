"""Hosted models: OpenAI's own, Azure's, or those of another host that says `max_completion_tokens`.

They are asked as any endpoint is. The `openai` client would do the same at two to three times the cost.
"""

from lm import wire
from lm.base import ModelNotFound, Price
from lm.endpoint import Endpoint

HOSTED = "https://api.openai.com/v1"


class OpenAI(Endpoint):
    """The hosted model `model` at `url`: OpenAI's own, Azure's "…/openai/v1", or another that speaks it.

    The environment variables of OpenAI's tools for keys and addresses are not used: both come from the caller.
    """

    def __init__(
        self,
        model: str,
        *,
        url: str = HOSTED,
        key: str | None = None,
        price: Price | None = None,
        timeout_seconds: float | None = None,
    ) -> None:
        name = f"openai:{model}" if url == HOSTED else f"openai:{url.rstrip('/')}#{model}"
        form = wire.Form(limit="max_completion_tokens")
        super().__init__(
            url, model, key=key, price=price, timeout_seconds=timeout_seconds, name=name, form=form
        )

    @property
    def remote(self) -> bool:
        """True: asking leaves this machine."""
        return True

    async def check(self) -> None:
        """As of any endpoint; but Azure lists its models, not your deployments, so any name passes there."""
        try:
            await super().check()
        except ModelNotFound:
            if ".azure.com" not in self.url:
                raise
