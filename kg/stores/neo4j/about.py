"""Which texts name an entity, a document or a chunk.

Not asked of a full-text index: within a transaction, while others commit, that was seen to leave out a text.
"""

import re
from collections.abc import Iterable, Iterator

import neo4j

from kg.stores.neo4j.commits import Questions

_TOKEN = re.compile("[cde][0-9a-f]{32}")
PORTION = 1_000  # names asked about at once
_NAMING = (
    "UNWIND $tokens AS token MATCH (t:EgText) WHERE t.corpus = $corpus AND t.about CONTAINS token "
    "RETURN t.id AS id, t.about AS names UNION "
    "MATCH (t:EgText) WHERE t.corpus = $corpus AND t.long = true RETURN t.id AS id, t.names AS names"
)


def texts_naming(
    session: neo4j.Session | neo4j.Transaction | Questions, corpus: str, letter: str, ids: Iterable[str]
) -> Iterator[tuple[str, set[str]]]:
    """Texts that name one of the ids of one kind ("d" documents, "c" chunks, "e" entities), and which they name.

    A text may come more than once, with other ids.
    """
    tokens = sorted({token for token in map(letter.__add__, ids) if _TOKEN.fullmatch(token)})
    for start in range(0, len(tokens), PORTION):
        wanted = set(tokens[start : start + PORTION])
        for id, names in session.run(_NAMING, corpus=corpus, tokens=sorted(wanted)):
            if named := wanted.intersection(names.split()):
                yield id, {token[1:] for token in named}
