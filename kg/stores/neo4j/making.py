"""Making a corpus in a database: our constraints and indexes, and the corpus's own row."""

import secrets

from kg.stores.neo4j.access import Access
from kg.stores.neo4j.schema import CONSTRAINTS, CORPUS, INDEXES, VERSION, statements

# An index that a constraint left behind when the server was killed has its name and no owner.
_HAVE = (
    "SHOW INDEXES YIELD name, owningConstraint WHERE name IN $indexes OR owningConstraint IN $constraints "
    "RETURN count(*)"
)
_MAKE = (
    f"MERGE (c:{CORPUS} {{name: $corpus}}) ON CREATE SET c.id = $id, c.version = {VERSION}, c.generation = 0, "
    "c.graph = '', c.settings = '{}', c.unfinished = []"
)


def make(access: Access) -> None:
    """Make the corpus of this address and the rules of the database; nothing is changed where all is there."""
    prepare(access)
    with access.trouble("make a corpus in"), access.session() as session:
        id = secrets.token_hex(16)
        access.again(lambda: session.run(_MAKE, corpus=access.address.corpus, id=id).consume())


def prepare(access: Access) -> None:
    """Make the constraints and indexes that are missing, e.g. after a large load that was killed."""
    with access.trouble("prepare"), access.session() as session:
        names = {"indexes": list(INDEXES), "constraints": list(CONSTRAINTS)}
        if session.run(_HAVE, names).single(strict=True)[0] == len(CONSTRAINTS) + len(INDEXES):
            return
        for statement in statements():
            access.rule(session, statement)
        session.run("CALL db.awaitIndexes(300)").consume()
