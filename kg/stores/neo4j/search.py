"""Entities found by name: exact, then prefix, then inside, then the same by alias.

The first characters of the name, in the form in which names are compared, are in a range index: what
begins with a text comes from there in the order wanted, the name itself first. What only holds it is
found through the text index of `search`: name and aliases in that form, each between two line ends.
Entities whose names are too long for that index have them in `keys` and are looked at one by one.
"""

from kg.model import Entity
from kg.stores.names import search_key
from kg.stores.neo4j.encoding import HEAD
from kg.stores.neo4j.reads import Reader
from kg.stores.neo4j.rows import COLUMNS, MAKE

_WHOLE = "coalesce(n.search, n.keys)"
_BEGINS = (
    "MATCH (n:EgEntity) WHERE n.corpus = $corpus AND n.head STARTS WITH $head AND n.hidden IS NULL "
    f"WITH n, {_WHOLE} AS whole WHERE whole STARTS WITH $start "
    "WITH n, split(whole, '\n')[1] AS key ORDER BY n.head, key, n.id LIMIT $limit "
    f"RETURN key, n.id, {COLUMNS[Entity]}"
)
# The aliases in `search` are sorted, so the first that fits is the least.
_HOLDS = (
    "CALL () { MATCH (n:EgEntity) WHERE n.corpus = $corpus AND n.search CONTAINS $head RETURN n "
    "UNION ALL MATCH (n:EgEntity) WHERE n.corpus = $corpus AND n.long = true RETURN n } "
    f"WITH n, {_WHOLE} AS whole WHERE n.hidden IS NULL AND NOT whole STARTS WITH $start "
    "WITH n, split(whole, '\\n') AS keys "
    "WITH n, keys[1] AS name, [key IN keys[2..-1] WHERE key CONTAINS $text] AS aliases "
    "WITH n, name, aliases, CASE WHEN name CONTAINS $text THEN 0 WHEN $text IN aliases THEN 1 "
    "WHEN any(key IN aliases WHERE key STARTS WITH $text) THEN 2 WHEN aliases <> [] THEN 3 END AS rank "
    "WHERE rank IS NOT NULL "
    "WITH n, rank, CASE rank WHEN 0 THEN name WHEN 1 THEN $text "
    "WHEN 2 THEN head([key IN aliases WHERE key STARTS WITH $text]) ELSE head(aliases) END AS key "
    f"ORDER BY rank, key, n.id LIMIT $limit RETURN rank, key, n.id, {COLUMNS[Entity]}"
)


def search(session: Reader, corpus: str, text: str, limit: int) -> list[Entity]:
    """Entities found, best first; within one rank by name in code points, then by id."""
    wanted = search_key(text)
    if not wanted or limit <= 0:
        return []
    # A long text is looked up by its first characters and compared whole.
    values = {"corpus": corpus, "text": wanted, "head": wanted[:HEAD], "start": "\n" + wanted}
    begins = session.run(_BEGINS, values, limit=limit).values()
    begins.sort(key=lambda row: row[:2])
    found: list[Entity] = [MAKE[Entity](row[2:]) for row in begins]
    if len(found) < limit:
        holds = session.run(_HOLDS, values, limit=limit - len(found)).values()
        # The server compares texts by UTF-16 units.
        holds.sort(key=lambda row: row[:3])
        found += [MAKE[Entity](row[3:]) for row in holds]
    return found
