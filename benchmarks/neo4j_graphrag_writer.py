"""The writer of neo4j-graphrag-python, timed: run by benchmarks/neo4j_store.py in an environment that has it.

Reads JSON lines from stdin: first the server, then one line a write, {"rows": FILE, "batch": N}. Answers
each with a JSON line. Only the writer's own `run` is timed, not the making of its nodes.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import neo4j
from neo4j_graphrag.components.kg_writer import Neo4jWriter  # type: ignore[import-not-found]
from neo4j_graphrag.components.types import (  # type: ignore[import-not-found]
    Neo4jGraph,
    Neo4jNode,
    Neo4jRelationship,
)


def main() -> None:
    hello = json.loads(sys.stdin.readline())
    with neo4j.GraphDatabase.driver(hello["address"], auth=tuple(hello["login"])) as driver:
        driver.verify_connectivity()
        print("{}", flush=True)
        for line in sys.stdin:
            job = json.loads(line)
            rows = json.loads(Path(job["rows"]).read_text("utf-8"))
            graph = Neo4jGraph(
                nodes=[Neo4jNode(id=id, label=label, properties=kept) for id, label, kept in rows["nodes"]],
                relationships=[
                    Neo4jRelationship(start_node_id=source, end_node_id=target, type=label, properties=kept)
                    for source, label, target, kept in rows["relations"]
                ],
            )
            writer = Neo4jWriter(driver, batch_size=job["batch"])
            start = time.perf_counter()
            said = asyncio.run(writer.run(graph))
            seconds = time.perf_counter() - start
            if said.status != "SUCCESS":
                raise RuntimeError(f"the peer could not write: {said.metadata}")
            print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
