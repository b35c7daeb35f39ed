"""Words that cannot both be said of one thing: it rose or it fell, was accepted or refused, was profit or loss.

Converses are left out: who bought it of one that sold it, and the heavier of two where the other is lighter, are told
from the other's end.
"""

from collections.abc import Sequence, Set

from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.words import Token, tokens

CONTRARIES = tuple(
    tuple(frozenset(side.split(",")) for side in line.split())
    for line in (
        "rose,rises,rise,risen,rising,grew,grown,increased,increases,increase,climbed "
        "fell,falls,fall,fallen,falling,decreased,decreases,decrease,sank,sunk,dropped,shrank",
        "accepted,accepts,accept,agreed,agrees,approved,approves "
        "refused,refuses,refuse,rejected,rejects,reject,declined,declines",
        "supported,supports,support,favoured,favours,favored,favors,welcomed opposed,opposes,oppose,resisted",
        "praised,praises,praise,commended criticised,criticises,criticized,criticizes,condemned,attacked",
        "allowed,allows,allow,permitted,permits,permit forbade,forbids,forbid,forbidden,banned,bans,prohibited,prohibits",
        "profit,profits,surplus loss,losses,deficit",
        "highest,greatest,largest,biggest lowest,least,smallest",
        "oldest,eldest youngest",
        "best worst",
        "confirmed,confirms,proved,proves denied,denies,disproved,disproves,refuted",
        "voluntary compulsory,obligatory",
        "permanent,permanently temporary,temporarily",
        "public,publicly secret,secretly",
    )
)
KIND_OF = {
    word: kind for kind, sides in enumerate(CONTRARIES) for word in sorted(frozenset[str]().union(*sides))
}
TURNED = frozenset(
    "not no never none nobody nothing neither nor without cannot hardly instead unable unless until if whether than but "
    "although though fail fails failed stop stops stopped".split()
)
"""Words that turn a sense round, or compare; beside them nothing is called contrary."""
BESIDE = 4
"""So many words on either side of both are looked through for one that they share, and for one that turns them."""


def contraries(claim: str, evidence: Evidence, near: Near) -> list[str]:
    """English words whose contrary the best sentence has beside a word that stands beside them, too.

    None where the context has the word, or another that says the same, anywhere; where a word beside either turns its
    sense round; or where the claim has both.
    """
    said = tokens(claim, evidence.proper)
    mine = {token.lower for token in said if token.lower in KIND_OF}
    if not mine or not near.stating:
        return []
    there = tokens(evidence.sentences[near.best], evidence.proper)
    found = []
    for word in sorted(mine):
        sides = CONTRARIES[KIND_OF[word]]
        same, others = sides if word in sides[0] else sides[::-1]
        if not _has(there, others) or _has(said, others):
            continue
        known = any(_has(tokens(sentence, evidence.proper), same) for sentence in evidence.sentences)
        if not known and not _around(said, same).isdisjoint(_around(there, others)):
            found.append(word)
    return found


def _has(said: Sequence[Token], words: Set[str]) -> bool:
    return any(token.lower in words for token in said)


def _around(said: Sequence[Token], words: Set[str]) -> set[str]:
    """The forms of the content words beside any of these words that nothing turns round."""
    found = set[str]()
    for at, token in enumerate(said):
        beside = said[max(0, at - BESIDE) : at + BESIDE + 1] if token.lower in words else ()
        if not any(one.lower in TURNED or one.lower.endswith(("n't", "n’t")) for one in beside):
            found |= {one.form for one in beside if one.content and one.lower not in words}
    return found
