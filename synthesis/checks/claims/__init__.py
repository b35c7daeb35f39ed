"""Is every claim of a text entailed by its context? By signs without a model (`signs`), and by a judge's doubt (`judge`)."""

from synthesis.checks.claims.reading import (
    NAME,
    Claim,
    Outcome,
    Verdict,
    claims_of,
    read,
    requests,
    summed,
    verdicts,
)

__all__ = [
    "NAME",
    "Claim",
    "Outcome",
    "Verdict",
    "claims_of",
    "read",
    "requests",
    "summed",
    "verdicts",
]
