"""Entities found by name: exact, then prefix, then inside, then the same by alias.

How names begin, in the form in which names are compared, is in a range index: what begins with a text
comes from there in the order wanted, the name itself first. What only holds it is found through the
text index of `search`: name and aliases in that form, each between two line ends. A text that very many
hold (that index has no shorter ones than three characters) is looked for along the names, in their order,
until there are enough. Entities whose names are too long for the text index have them in `keys` and are
looked at one by one.
"""

from typing import Any

from kg.model import Entity
from kg.stores.names import search_key
from kg.stores.neo4j.commits import Questions
from kg.stores.neo4j.encoding import HEAD
from kg.stores.neo4j.rows import COLUMNS, MAKE

MANY = 2_000  # entities that hold a text: no more are ranked if it can be helped
SHORT = 3  # characters that the text index needs

_WHOLE = "WITH n, coalesce(n.search, n.keys) AS whole"
_BY_NAME = (
    "MATCH (n:EgEntity) WHERE n.corpus = $corpus AND {} AND n.hidden IS NULL "
    f"{_WHOLE} WHERE {{}} WITH n, split(whole, '\\n')[1] AS key {{}} "
    f"ORDER BY n.corpus, n.head, key, n.id LIMIT $limit RETURN [0, key, {COLUMNS[Entity]}] AS row"
)
_BEGINS = _BY_NAME.format("n.head STARTS WITH $head", "whole STARTS WITH $start", "")
_ALONG = _BY_NAME.format(
    "n.head >= ''", "whole CONTAINS $text AND NOT whole STARTS WITH $start", "WHERE key CONTAINS $text"
)
# The aliases in `search` are sorted, so the first that fits is the least.
_HOLDS = (
    "CALL () { MATCH (n:EgEntity) WHERE n.corpus = $corpus AND n.search CONTAINS $head RETURN n "
    "UNION ALL MATCH (n:EgEntity) WHERE n.corpus = $corpus AND n.long = true RETURN n } "
    "WITH n LIMIT $most WITH collect(n) AS found "
    "UNWIND CASE WHEN size(found) = $most THEN [null] ELSE found END AS n "
    f"{_WHOLE} WHERE n IS NULL OR (n.hidden IS NULL AND NOT whole STARTS WITH $start) "
    "WITH n, split(whole, '\\n') AS keys "
    "WITH n, keys[1] AS name, [key IN keys[2..-1] WHERE key CONTAINS $text] AS aliases "
    "WITH n, name, aliases, CASE WHEN n IS NULL THEN -1 WHEN name CONTAINS $text THEN 0 WHEN $text IN aliases THEN 1 "
    "WHEN any(key IN aliases WHERE key STARTS WITH $text) THEN 2 WHEN aliases <> [] THEN 3 END AS rank "
    "WHERE rank IS NOT NULL WITH n, rank, CASE rank WHEN 0 THEN name WHEN 1 THEN $text "
    "WHEN 2 THEN head([key IN aliases WHERE key STARTS WITH $text]) WHEN 3 THEN head(aliases) END AS key "
    f"ORDER BY rank, key, n.id LIMIT $limit RETURN [rank, key, {COLUMNS[Entity]}] AS row"
)


def search(session: Questions, text: str, limit: int) -> list[Entity]:
    """Entities found, best first; within one rank by name in code points, then by id."""
    wanted = search_key(text)
    if not wanted or limit <= 0:
        return []
    # A long text is looked up by its first characters and compared whole.
    values = {"text": wanted, "head": wanted[:HEAD], "start": "\n" + wanted}
    found = _rows(session, _BEGINS, values, limit)
    room = limit - len(found)
    if room > 0:
        most = MANY + 1 if len(wanted) >= SHORT else 0
        inside = _rows(session, _HOLDS, {**values, "most": most}, room) if most else None
        if inside is None or (inside and inside[0][0] < 0):
            inside = _rows(session, _ALONG, values, room)
            if len(inside) < room:
                inside = _rows(session, _HOLDS, {**values, "most": 2**62}, room)
        found += inside
    return [MAKE[Entity](row[2:]) for row in found]


def _rows(session: Questions, statement: str, values: dict[str, Any], limit: int) -> list[list[Any]]:
    """The rows found: rank, name or alias, and the columns of the entity, whose first is its id."""
    found = session.last(statement, **values, limit=limit)
    found.sort(key=lambda row: (row[0], row[1] or "", row[2] or ""))  # the server compares UTF-16 units
    return found
