"""What a corpus looks like in Neo4j: our labels, their constraints and indexes.

Every node of ours has `corpus` (the name of its corpus) and `id`, and the two together are unique, so
several corpora and other people's data share a database. Of a name only the head is in a range
index: 100 kB would break it.

    (:EgChunk|EgCandidate)-[:IN]->(:EgDocument)
    (:EgMention)-[:OF]->(:EgCandidate)          (:EgMention)-[:IN]->(:EgChunk)
    (:EgEvidence)-[:FROM|TO]->(:EgCandidate)    (:EgEvidence)-[:IN]->(:EgChunk)
    (:EgCandidate)-[:IS {reason, by}]->(:EgEntity)
    (:EgEntity)-[:REL {corpus, id, label, weight, description, given}]->(:EgEntity)
    (:EgText)-[:COVERS]->(:EgEntity)            (:EgText)-[:RESTS_ON]->(:EgChunk)

`gone` marks a chunk that a text still cites and a candidate that a user's word still names though
their document changed; `hidden` an entity that only such a word keeps. (:EgRedirect {id, to}) says
which entity took the place of one that vanished; (:EgCorpus {name}) keeps id, generation and settings,
(:EgCommit) says when a commit is being written (see `commits`).
"""

from collections.abc import Mapping

VERSION = 1

# The newest first, so that whatever names others goes before them.
LABELS = (
    "EgText",
    "EgEvidence",
    "EgMention",
    "EgCandidate",
    "EgChunk",
    "EgDocument",
    "EgEntity",
    "EgRedirect",
    "EgCommit",
)
CORPUS = "EgCorpus"
COMMIT = "EgCommit"
COMMIT_ID = "commit"
RELATION = "REL"
RELATION_CONSTRAINT = "eg_rel_id"
CREATE_CONSTRAINT = "CREATE CONSTRAINT {name} IF NOT EXISTS {what}"

CONSTRAINTS: Mapping[str, str] = {
    "eg_corpus_name": f"FOR (n:{CORPUS}) REQUIRE n.name IS UNIQUE",
    **{
        f"eg_{label[2:].lower()}_id": f"FOR (n:{label}) REQUIRE (n.corpus, n.id) IS UNIQUE"
        for label in LABELS
    },
    RELATION_CONSTRAINT: f"FOR ()-[r:{RELATION}]-() REQUIRE (r.corpus, r.id) IS UNIQUE",
}
INDEXES: Mapping[str, str] = {
    # What `search` reads: how names begin; names and aliases in their normal form, each between two line ends;
    # which are too long for that.
    "eg_entity_head": "CREATE RANGE INDEX {name} IF NOT EXISTS FOR (n:EgEntity) ON (n.corpus, n.head)",
    "eg_entity_long": "CREATE RANGE INDEX {name} IF NOT EXISTS FOR (n:EgEntity) ON (n.corpus, n.long)",
    "eg_entity_search": "CREATE TEXT INDEX {name} IF NOT EXISTS FOR (n:EgEntity) ON (n.search)",
    # What texts are about, and which of them name too much for that; which were written for an item.
    "eg_text_names": "CREATE TEXT INDEX {name} IF NOT EXISTS FOR (n:EgText) ON (n.about)",
    "eg_text_long": "CREATE RANGE INDEX {name} IF NOT EXISTS FOR (n:EgText) ON (n.corpus, n.long)",
    "eg_text_head": "CREATE RANGE INDEX {name} IF NOT EXISTS FOR (n:EgText) ON (n.corpus, n.head)",
    # For people: CALL db.index.fulltext.queryNodes('eg_names', 'tide clock')
    "eg_names": "CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:EgEntity) ON EACH [n.name, n.aliases, n.description] "
    "OPTIONS {{indexConfig: {{`fulltext.analyzer`: 'cjk'}}}}",
}

CREATE_RELATION_CONSTRAINT = CREATE_CONSTRAINT.format(
    name=RELATION_CONSTRAINT, what=CONSTRAINTS[RELATION_CONSTRAINT]
)
# Those of names: dear to keep up to date row by row.
ENTITY_INDEXES: Mapping[str, str] = {
    name: text.format(name=name) for name, text in INDEXES.items() if "EgEntity" in text
}


def statements() -> list[str]:
    """What makes constraints and indexes where they are missing, one statement each."""
    constraints = [CREATE_CONSTRAINT.format(name=name, what=what) for name, what in CONSTRAINTS.items()]
    return [*constraints, *(text.format(name=name) for name, text in INDEXES.items())]
