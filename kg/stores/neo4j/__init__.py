"""A corpus in Neo4j."""

from kg.stores.neo4j.store import Neo4jStore

__all__ = ["Neo4jStore"]
