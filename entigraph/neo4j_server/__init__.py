"""A real Neo4j Community on this machine, for development: started, stopped, looked at, emptied."""

from entigraph.neo4j_server.administering import admin
from entigraph.neo4j_server.emptying import Wipe, wipe
from entigraph.neo4j_server.layout import ServerError
from entigraph.neo4j_server.running import Server, follow, logs, start, status, stop

__all__ = ["Server", "ServerError", "Wipe", "admin", "follow", "logs", "start", "status", "stop", "wipe"]
