"""What is left to do after `neo4j-admin database import` has loaded a corpus.

The importer of the Community edition makes no constraint and no index, and a list without elements is
no property to it. A loaded corpus says that this is unfinished; who opens it first makes it good.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from kg.stores.neo4j.access import Access
from kg.stores.neo4j.schema import CORPUS, statements

STEP = "load"
"""Name of the unfinished step of a corpus that was loaded."""
LISTS: Mapping[str, Sequence[str]] = {
    "EgCandidate": ("surfaces",),
    "EgEntity": ("aliases",),
    "EgText": ("documents", "chunks", "left_out"),
}
"""Properties that are lists of texts."""
_BLANK = f"MATCH (c:{CORPUS} {{name: $corpus}}) RETURN c.blank"
_DONE = f"MATCH (c:{CORPUS} {{name: $corpus}}) SET c.unfinished = [] REMOVE c.blank"


def blank_key(label: str, column: str) -> str:
    """Under which key EgCorpus.blank keeps the ids of nodes whose list is one empty text."""
    return f"{label}.{column}"


def finish(access: Access) -> None:
    """Make lists, constraints and indexes; done again after an interruption, it goes on."""
    corpus = access.address.corpus
    with access.trouble("finish loading"), access.session() as session:
        blank = json.loads(session.run(_BLANK, corpus=corpus).single(strict=True)[0] or "{}")
        for statement in _lists():
            session.run(statement, corpus=corpus, blank=blank).consume()
        for statement in statements():
            access.rule(session, statement)
        session.run("CALL db.awaitIndexes(3600)").consume()
        session.run(_DONE, corpus=corpus).consume()


def _lists() -> Iterator[str]:
    for label, columns in LISTS.items():
        for column in columns:
            yield (
                f"MATCH (n:{label}) WHERE n.corpus = $corpus AND n.{column} IS NULL "
                f"CALL {{ WITH n SET n.{column} = "
                f"CASE WHEN n.id IN coalesce($blank['{blank_key(label, column)}'], []) THEN [''] ELSE [] END }} "
                "IN TRANSACTIONS OF 10000 ROWS"
            )
